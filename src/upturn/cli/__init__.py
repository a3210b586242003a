"""The command line: thin commands over the public face, one file per noun or verb."""
