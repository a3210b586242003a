"""A folder that holds an Annex A workbook beside CSV files: two sources, of which one has to be named."""

from __future__ import annotations

from pathlib import Path

from upturn.records.annex_a.identify import identify
from upturn.records.own_outputs import is_own_output
from upturn.records.sheets import SourceError
from upturn.records.sources import TEXT_SUFFIXES, open_source
from upturn.records.ssd.folder import is_ssd

#: How a workbook is named; what Excel keeps beside an open one begins with ``~$``.
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".ods")
_TABLES = (*TEXT_SUFFIXES, ".parquet", ".pq")


def one_source(folder: Path) -> tuple[Path, str]:
    """What to read of ``folder``, and what to say of the rest: the folder itself and nothing, mostly.

    A workbook with lists of Annex A is read where all the tables beside it are Upturn's own answers or a
    workforce file. Beside other tables it raises SourceError: read as a folder, the workbook would be left
    out; read as a workbook, the files would, and nobody can tell which was meant, so both are named. A
    workbook without any list (notes, a table of our own) is no second source, and one that cannot be read is
    left to the reader of the folder. Where the folder holds nothing but such answers and one folder of the
    Standard Safeguarding Dataset, that is read. A file is itself.

    >>> one_source(Path("annex_a.xlsx"))[0].name
    'annex_a.xlsx'
    """
    try:
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:  # the reader of the folder says so
        return folder, ""
    named = [e for e in entries if e.is_file() and not e.name.startswith((".", "~$"))]
    files = [e for e in named if e.suffix.lower() in _TABLES]
    books = [e for e in named if e.suffix.lower() in WORKBOOKS]
    others = [file for file in files if not is_own_output(file)]
    inner = [e for e in entries if e.is_dir() and is_ssd(e)]
    extracts = [book for book in books if _holds_a_list(book)] if files or inner else []
    if not extracts and not others and len(inner) == 1 and not is_ssd(folder):
        return inner[0], f"Of the folder {folder.name}, its folder {inner[0].name} was read."
    if not files or not extracts:
        return folder, ""
    if others or len(extracts) > 1:
        raise SourceError(_two_sources(folder, extracts, others))
    return extracts[0], (
        f"Of the folder {folder.name}, {extracts[0].name} was read; "
        f"left out, as answers of Upturn or a workforce file: {_listed(files)}."
    )


def _two_sources(folder: Path, extracts: list[Path], files: list[Path]) -> str:
    give = f"Give the workbook itself ({folder / extracts[0].name})"
    if not files:
        return (
            f"The folder {folder.name} holds several Annex A workbooks: {_listed(extracts)}. {give}"
        )
    return (
        f"The folder {folder.name} holds two sources: the Annex A workbook {_listed(extracts)} and the files "
        f"{_listed(files)}. {give}, or a folder with the files alone"
    )


def _listed(entries: list[Path]) -> str:
    more = "" if len(entries) < 4 else f" and {len(entries) - 3} more"
    return ", ".join(entry.name for entry in entries[:3]) + more


def _holds_a_list(book: Path) -> bool:
    try:
        return any(identify(sheet) is not None for sheet in open_source(book).sheets)
    except SourceError:
        return False
