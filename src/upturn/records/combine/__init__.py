"""Several casebooks as one: other sources, and extracts taken earlier.

The newest extract wins for each record; an earlier one adds what the newest no longer holds. `parts` says
what each source holds, `identity` which rows are the same record, `merge` makes one table of several,
`compare` says where they differ, and `books` puts it all together.
"""
