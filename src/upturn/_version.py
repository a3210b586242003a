"""The version, alone in a file so that any room may state it without importing the public face."""

__version__ = "0.1.0"
