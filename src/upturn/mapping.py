"""The spellings of the public face: which mappings there are, and what one of them says.

The command line's ``upturn mapping`` has the same verbs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["list", "show"]


def list(*, mapping: str | Path | None = None) -> pl.DataFrame:
    """Every mapping: its name, how many meanings it has, and how many spellings and patterns lead to them.

    ``mapping`` is a file of your own spellings, counted under ``yours``.

    Raises `SourceError` for a file that cannot be used.

    >>> list().columns
    ['mapping', 'meanings', 'spellings', 'patterns', 'yours']
    """
    import polars as pl

    from upturn.records.mapping import load_mappings, show_mapping

    own = None if mapping is None else Path(mapping)
    rows = []
    for name in load_mappings(own):
        shown = show_mapping(name, own)
        kinds = shown["kind"]
        rows.append(
            {
                "mapping": name,
                "meanings": shown["code"].drop_nulls().n_unique(),
                "spellings": int((kinds == "spelling").sum()),
                "patterns": int((kinds == "pattern").sum()),
                "yours": int((kinds == "yours").sum()),
            }
        )
    return pl.DataFrame(rows)


def show(name: str, *, mapping: str | Path | None = None) -> pl.DataFrame:
    """Everything one mapping says, in the order in which it is tried.

    ``mapping`` is a file of your own spellings, which come first. Columns: ``code`` (null: read as
    empty), ``words``, ``kind`` (yours, spelling, pattern, blank), ``spelling``, ``unless``, ``round``,
    ``because``, ``origin``.

    Raises `SourceError` for a name that is not a mapping and for a file that cannot be used.

    >>> show("gender")["words"][0]
    'Male'
    """
    from upturn.records.mapping import show_mapping

    return show_mapping(name, None if mapping is None else Path(mapping))
