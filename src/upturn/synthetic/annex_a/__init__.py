"""A made-up council's Annex A workbook: its lists, how it spells things, and the file itself."""
