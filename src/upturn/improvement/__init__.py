"""Plans: actions with two ratings, measures, and evidence."""
