"""One reader per file format; each ends in `upturn.records.sheets.Sheet`."""
