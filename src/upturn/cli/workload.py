"""``upturn workload``: who holds what, and how load bears on delay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.options import AsAt, AsJson, MappingFile, Sheets, Source, parse_sheets
from upturn.cli.screen import progress, show, show_json

EXAMPLES = """
[bold]Examples[/bold]

  upturn workload annex_a.xlsx --workforce workforce.csv --out workload

  upturn workload ssd_folder --workforce workforce.xlsx --weights ours.yaml --out workload

  upturn workload annex_a.xlsx --weights plain --json
"""


def workload(
    source: Source,
    workforce: Annotated[
        Path | None,
        typer.Option(
            "--workforce",
            metavar="FILE",
            help="Posts, who held them, and absences (CSV or a workbook), a row a spell: post, worker, "
            "team, role, hours, start, end, agency, newly_qualified, kind.",
            show_default=False,
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights",
            metavar="FILE",
            help="Your own way to weigh a caseload (YAML), or one that comes with Upturn: hundred-points, "
            "four-to-ten or plain. Without it, hundred-points.",
            show_default=False,
        ),
    ] = None,
    names: Annotated[
        bool,
        typer.Option(
            "--names",
            help="Name the workers in the workbook, the CSV files and the JSON: for those who can lighten "
            "their load. The page never names them.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the page, the workbook, the CSV files and the JSON. "
            "Without it, nothing is written.",
            show_default=False,
        ),
    ] = None,
    as_at: AsAt = None,
    mapping: MappingFile = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """Say who holds what, how that changed, and how load bears on delay.

    Caseloads plain and weighed with their spread, never an average alone; changes of worker, waits for a
    worker, days when nobody held a child, posts and vacancies. How load bears on delay is an association.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.caseloads(
            source,
            workforce=workforce,
            weights=weights,
            names=names,
            as_at=as_at,
            mapping=mapping,
            sheets=parse_sheets(sheet or ()),
            out=out,
            progress=tell,
        )
    if json:
        from upturn.render.workload_outputs import workload_record

        show_json(workload_record(found, names=names))
        return
    from upturn.render.workload_terminal import workload_text

    show(workload_text(found))
    if out is not None:
        show(f"Open {out / 'workload.html'} in a browser; the workbook is {out / 'workload.xlsx'}.")
