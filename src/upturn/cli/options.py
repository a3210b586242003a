"""The options that several commands share, and how their text becomes values.

A new command takes its options from here: the aliases at the end where its help is the same, `file_option`
and `folder_option` where only the sentence is its own. What says how an extract is read is given to a command
all together (`upturn.cli.extract`), and how a command ends is in `upturn.cli.closing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

#: Seeds are whole numbers from 0 to this: what every generator used here can hold.
SEED_MOST = 2**31 - 1

_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_UK = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})")


def parse_date(text: str) -> date:
    """A date written 2026-09-30 or, in UK order, 30/09/2026.

    Raises `typer.BadParameter` for anything else, and for a day that no month has.

    >>> parse_date("30/9/2026") == parse_date("2026-09-30")
    True
    """
    found = _ISO.fullmatch(text.strip()) or _UK.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a date; write 2026-09-30 or 30/09/2026")
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date: {error}") from None


def check_seed(seed: int) -> int:
    """The seed, as it is. Raises `typer.BadParameter` for one that a generator cannot hold.

    >>> check_seed(7)
    7
    """
    if not 0 <= seed <= SEED_MOST:
        raise typer.BadParameter(f"{seed} is not a whole number from 0 to {SEED_MOST}")
    return seed


def parse_sheets(given: Sequence[str]) -> dict[int, str]:
    """Which sheet holds which list: ``4=New assessments`` says that it is list 4.

    Raises `typer.BadParameter` for a text without a list number from 1 to 11, and for a list named twice.

    >>> parse_sheets(["4=New assessments", "list 7 = CP"])
    {4: 'New assessments', 7: 'CP'}
    """
    sheets: dict[int, str] = {}
    for text in given:
        found = re.fullmatch(r"\s*(?:list)?\s*(\d{1,2})\s*=\s*(.+?)\s*", text, re.IGNORECASE)
        if found is None or not 1 <= int(found[1]) <= 11:
            raise typer.BadParameter(
                f'{text!r} does not name a list and a sheet; write --sheet 4="Sheet name"'
            )
        if int(found[1]) in sheets:
            raise typer.BadParameter(f"list {int(found[1])} is given two sheets; give it one")
        sheets[int(found[1])] = found[2]
    return sheets


def option(name: str, metavar: str, help_: str, **more: Any) -> Any:
    """An option whose default says nothing to the reader of the help, so that it is not shown."""
    return typer.Option(name, metavar=metavar, help=help_, show_default=False, **more)


def file_option(name: str, help_: str, **more: Any) -> Any:
    """An option that names a file; without it there is none."""
    return option(name, "FILE", help_, **more)


def folder_option(holds: str, *, optional: bool = True) -> Any:
    """``--out``: the folder for what a command writes, which ``holds`` lists.

    ``optional`` says that nothing is written without it.
    """
    without = ". Without it, nothing is written." if optional else "."
    return option("--out", "DIR", f"Folder for {holds}{without}")


def seed_option(help_: str) -> Any:
    """``--seed``; ``help_`` says what is the same for the same number."""
    return typer.Option("--seed", metavar="N", callback=check_seed, help=help_)


def id_argument(help_: str, **more: Any) -> Any:
    """The one thing of a list to show."""
    return typer.Argument(metavar="ID", help=help_, **more)


def source_option(help_: str) -> Any:
    """``--source`` of the lists: only what one source of records can tell."""
    return option("--source", "annex_a|cin_census|ssd", help_)


Source = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="Annex A (.xlsx, .xlsm, .xls, .ods or a folder of CSV files), a census in XML, or the Standard "
        "Safeguarding Dataset: a folder of CSV or Parquet files, or the address of a database. Several, "
        "or several extracts over time, are read as one longer casebook.",
        show_default=False,
    ),
]
AsAt = Annotated[
    date | None,
    typer.Option(
        "--as-at",
        parser=parse_date,
        metavar="DATE",
        help="Date to read the clocks on: 2026-09-30 or 30/09/2026. "
        "Without it, the extract's own latest date.",
        show_default=False,
    ),
]
Overlays = Annotated[
    list[Path] | None,
    file_option("--overlay", "A file of local rules on top of the national ones. May be repeated."),
]
MappingFile = Annotated[
    Path | None,
    file_option("--mapping", "A file of your own spellings and what they mean."),
]
Council = Annotated[
    str | None,
    typer.Option(
        "--council",
        metavar="NAME",
        help="The authority the extract is of, for rules that only some authorities have.",
        show_default=False,
    ),
]
Sheets = Annotated[
    list[str] | None,
    typer.Option(
        "--sheet",
        metavar='N="NAME"',
        help='Which sheet is list N, when Upturn cannot tell: 4="New assessments". May be repeated.',
        show_default=False,
    ),
]
DueWithin = Annotated[
    int,
    typer.Option(
        "--due-within",
        metavar="DAYS",
        min=0,
        max=250,
        help="Working days ahead that count as due soon.",
    ),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print the result as JSON and nothing else.", show_default=False),
]
#: The panel of published figures that commands read and write where none is named.
PANEL = Path("national.db")
PanelFile = Annotated[
    Path,
    typer.Option("--panel", metavar="FILE", help="The panel that `upturn national import` made."),
]
Authority = Annotated[
    str,
    typer.Argument(
        metavar="AUTHORITY", help="An authority's name or three-figure code.", show_default=False
    ),
]
SourceName = Literal["annex_a", "cin_census", "ssd"]
Reports = Annotated[
    Path | None,
    folder_option("the page, the Word document, the workbook, the CSV files and the JSON"),
]
Pages = Annotated[Path | None, folder_option("the page, the workbook, the CSV files and the JSON")]
WorkforceFile = Annotated[
    Path | None,
    file_option(
        "--workforce",
        "Posts, workers, start, end, agency, newly qualified, leave and sickness (CSV or Excel).",
    ),
]
FitFile = Annotated[
    Path | None,
    file_option(
        "--fit",
        "A fit (twin_fit.json) or a department (YAML). Without it, a quick fit is made on the way.",
    ),
]
Seed = Annotated[int, seed_option("The same seed gives the same answer.")]
