"""What others' figures are: England and its spread, shipped; neighbours and regions, imported.

``england`` holds the shipped figures; ``imported`` reads the Department for Education's own files into one
local file; ``compare`` sets a council's value beside both.
"""
