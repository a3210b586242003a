"""The options that several commands share, and how their text becomes values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

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


def complete_rules(incomplete: str) -> Iterable[tuple[str, str]]:
    """Rule ids that begin as typed, each with its name, for the shell to offer."""
    from upturn import rules

    names = {rule.id: rule.name for rule in rules.list()}
    return [(id_, name) for id_, name in names.items() if id_.startswith(incomplete)]


def complete_editions(incomplete: str) -> Iterable[str]:
    """Editions that begin as typed, and ``all``, for the shell to offer."""
    from upturn import rules

    editions = {rule.edition: None for rule in rules.list(edition="all")}
    return [name for name in ("all", *editions) if name.startswith(incomplete)]


def complete_mappings(incomplete: str) -> Iterable[str]:
    """Mapping names that begin as typed, for the shell to offer."""
    from upturn import mapping

    return [name for name in mapping.list()["mapping"] if name.startswith(incomplete)]


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
    typer.Option(
        "--overlay",
        metavar="FILE",
        help="A file of local rules on top of the national ones. May be repeated.",
        show_default=False,
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="A file of your own spellings and what they mean.",
        show_default=False,
    ),
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
