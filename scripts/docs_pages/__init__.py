"""One module per kind of page that is written from the program."""
