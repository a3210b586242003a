"""Other authorities' published figures, for the public face.

The command line's ``upturn benchmark import`` is `import_files` here, since Python keeps the word.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["import_files"]


def import_files(files: Sequence[str | Path], *, out: str | Path = "benchmark.csv") -> pl.DataFrame:
    """Read the Department for Education's published ``files`` into one local file, ``out``.

    Returns what was read: for each figure its latest year, how many authorities have a value, and how many
    were suppressed. Raises `SourceError` for a file that holds nothing known and `OutputError` when ``out``
    cannot be written.

    >>> import_files(["no-such-file.csv"])
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-file.csv: there is no such file
    """
    from upturn.measures.benchmark.imported import import_files as read
    from upturn.measures.benchmark.imported import overview
    from upturn.render.outputs import write_table

    frame = read([Path(file) for file in files])
    write_table(frame, Path(out))
    return overview(frame)
