"""Options as data, and the search for the best mix of them under a budget."""
