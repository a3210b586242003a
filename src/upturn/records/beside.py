"""A folder that holds an Annex A workbook beside CSV files: two sources, of which one has to be named."""

from __future__ import annotations

from pathlib import Path

from upturn.records.annex_a.identify import identify
from upturn.records.sheets import SourceError
from upturn.records.sources import TEXT_SUFFIXES, open_source

#: How a workbook is named; what Excel keeps beside an open one begins with ``~$``.
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".ods")
_TABLES = (*TEXT_SUFFIXES, ".parquet", ".pq")


def refuse_two_sources(folder: Path) -> None:
    """Raise SourceError when ``folder`` holds a workbook with lists of Annex A beside CSV files.

    Read as a folder, the workbook would be left out; read as a workbook, the files would. Nobody can tell
    which was meant, so both are named. A workbook without any list (notes, a table of our own) is no second
    source, and one that cannot be read is left to the reader of the folder. Does nothing for a file.

    >>> refuse_two_sources(Path("annex_a.xlsx"))
    """
    try:
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:  # the reader of the folder says so
        return
    named = [e for e in entries if e.is_file() and not e.name.startswith((".", "~$"))]
    files = [e for e in named if e.suffix.lower() in _TABLES]
    books = [e for e in named if e.suffix.lower() in WORKBOOKS]
    if not files or not books:
        return
    extracts = [book for book in books if _holds_a_list(book)]
    if not extracts:
        return
    more = "" if len(files) < 4 else f" and {len(files) - 3} more"
    raise SourceError(
        f"The folder {folder.name} holds two sources: the Annex A workbook {_listed(extracts)} and the files "
        f"{_listed(files)}{more}. Give the workbook itself ({folder / extracts[0].name}), or a folder with "
        "the files alone"
    )


def _listed(entries: list[Path]) -> str:
    return ", ".join(entry.name for entry in entries[:3])


def _holds_a_list(book: Path) -> bool:
    try:
        return any(identify(sheet) is not None for sheet in open_source(book).sheets)
    except SourceError:
        return False
