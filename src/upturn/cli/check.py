"""``upturn check`` and ``upturn child``: the main job, for everybody and for one child."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.options import (
    AsAt,
    AsJson,
    Council,
    DueWithin,
    MappingFile,
    Overlays,
    Sheets,
    Source,
    parse_sheets,
)
from upturn.cli.screen import progress, show, show_json

if TYPE_CHECKING:
    from upturn.journeys.result import Check

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder for the report, the workbook, the CSV files and the summary. "
        "Without it, nothing is written.",
        show_default=False,
    ),
]
ChildId = Annotated[str, typer.Argument(metavar="ID", help="The child's id as the extract has it.")]
SourceOrSet = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        envvar="UPTURN_SOURCE",
        help="Annex A, a census in XML, or the Standard Safeguarding Dataset as files or in a database. "
        "Several are read as one longer casebook.",
        show_default=False,
    ),
]
CHECK_EXAMPLES = """
[bold]Examples[/bold]

  upturn check annex_a.xlsx --out results

  upturn check annex_a.xlsx --as-at 30/09/2026 --overlay our-rules.yaml --out results

  upturn check folder-of-csvs --sheet 4="New assessments" --json

  upturn check september.xlsx march.xlsx census.xml --out results
"""
CHILD_EXAMPLES = """
[bold]Examples[/bold]

  upturn child C1042 annex_a.xlsx

  UPTURN_SOURCE=annex_a.xlsx upturn child C1042 --json
"""


def check(
    source: Source,
    out: Out = None,
    as_at: AsAt = None,
    due_within: DueWithin = 10,
    overlay: Overlays = None,
    mapping: MappingFile = None,
    council: Council = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """Say who is due or overdue what, under which rule, and why.

    Reads an extract, or several as one longer casebook, runs every clock on every child, prints a
    summary, and with --out writes report.html, due.xlsx, clocks.csv, quarantine.csv and summary.json; of
    several sources, disagreements.csv too.
    """
    import upturn

    with progress(quiet=json) as tell:
        result = upturn.check(
            source,
            as_at=as_at,
            overlays=overlay or (),
            mapping=mapping,
            council=council,
            sheets=parse_sheets(sheet or ()),
            due_within=due_within,
            out=out,
            progress=tell,
        )
    show_check(result, out=out, json=json)


def child(
    child_id: ChildId,
    source: SourceOrSet,
    as_at: AsAt = None,
    due_within: DueWithin = 10,
    overlay: Overlays = None,
    mapping: MappingFile = None,
    council: Council = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """One child's timeline and clocks, with the reason for each.

    SOURCE may be left out when the environment variable UPTURN_SOURCE names it.
    """
    import upturn
    from upturn.render.summary import child_record
    from upturn.render.terminal import child_panel

    with progress(quiet=json) as tell:
        result = upturn.child(
            child_id,
            _as_set(source),
            as_at=as_at,
            overlays=overlay or (),
            mapping=mapping,
            council=council,
            sheets=parse_sheets(sheet or ()),
            due_within=due_within,
            progress=tell,
        )
    if json:
        show_json(child_record(result, child_id))
    else:
        show(child_panel(result, child_id), _rulebooks(result))


def _as_set(given: list[str]) -> list[str]:
    """The sources; what the environment variable names is one, spaces and all, when it is there."""
    text = os.environ.get("UPTURN_SOURCE", "")
    return [text] if given == text.split() and Path(text).exists() else given


def _rulebooks(result: Check) -> str:
    used = set(result.clocks["edition"])
    named = (f"{book.id} {book.version}" for book in result.rulebooks if book.id in used)
    return f"Rulebooks: {', '.join(named) or 'none'}"


def show_check(result: Check, *, out: Path | None, json: bool) -> None:
    """Print what a check found, and where the files are if any were written."""
    if json:
        from upturn.render.summary import summary

        show_json(summary(result))
        return
    from upturn.render.terminal import summary_table

    show(summary_table(result))
    if out is not None:
        show(f"Open {out / 'report.html'} in a browser; {out / 'due.xlsx'} is ready to send.")
