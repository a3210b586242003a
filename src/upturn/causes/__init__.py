"""Why: how load bears on delay, and the twin's account of what drove a change."""
