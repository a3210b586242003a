"""Published reports and national figures: read, compare, learn."""
