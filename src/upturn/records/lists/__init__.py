"""Rows of text on their way into the casebook, the same for every source: understood, checked, filed.

A reader gives each kind of record as `rows.Rows`: its cells as found, and where each stood. What
follows (dates, codes, quarantine, tables) knows nothing of the file it came from.
"""
