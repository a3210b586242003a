"""``upturn check`` and ``upturn child``: the main job, for everybody and for one child."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.extract import CLOCKS, Reading, reads_extract
from upturn.cli.options import AsJson, Source, folder_option
from upturn.cli.screen import progress

if TYPE_CHECKING:
    from upturn.journeys.result import Check

Out = Annotated[
    Path | None, folder_option("the report, the workbook, the CSV files and the summary")
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
#: What ``check`` and ``child`` are told: the clocks have a say in what is due soon.
DUE = ("as_at", "due_within", *CLOCKS[1:])
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


@reads_extract(*DUE)
def check(
    source: Source,
    out: Out = None,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Say who is due or overdue what, under which rule, and why.

    Reads an extract, or several as one longer casebook, runs every clock on every child, prints a
    summary, and with --out writes report.html, due.xlsx, clocks.csv, quarantine.csv and summary.json; of
    several sources, disagreements.csv too.
    """
    import upturn

    with progress(quiet=json) as tell:
        result = upturn.check(source, out=out, **reading, progress=tell)
    show_check(result, out=out, json=json)


@reads_extract(*DUE)
def child(
    child_id: ChildId,
    source: SourceOrSet,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """One child's timeline and clocks, with the reason for each.

    SOURCE may be left out when the environment variable UPTURN_SOURCE names it.
    """
    import upturn
    from upturn.render.summary import child_record
    from upturn.render.terminal import child_panel

    with progress(quiet=json) as tell:
        result = upturn.child(child_id, _as_set(source), **reading, progress=tell)
    close(
        result,
        json=json,
        record=lambda theirs: child_record(theirs, child_id),
        screen=lambda theirs: [child_panel(theirs, child_id), _rulebooks(theirs)],
    )


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
    from upturn.render.summary import summary
    from upturn.render.terminal import summary_table

    written = ""
    if out is not None:
        written = f"Open {out / 'report.html'} in a browser; {out / 'due.xlsx'} is ready to send."
    close(result, json=json, record=summary, screen=summary_table, written=written)
