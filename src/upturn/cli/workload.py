"""``upturn workload``: who holds what, and how load bears on delay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.closing import close, needs_out, page_and_workbook
from upturn.cli.extract import RECORDS, Reading, reads_extract
from upturn.cli.options import AsJson, Pages, Source, file_option
from upturn.cli.screen import progress

EXAMPLES = """
[bold]Examples[/bold]

  upturn workload annex_a.xlsx --workforce workforce.csv --out workload

  upturn workload ssd_folder --workforce workforce.xlsx --weights ours.yaml --out workload

  upturn workload annex_a.xlsx --weights plain --json
"""


@reads_extract(*RECORDS)
def workload(
    source: Source,
    workforce: Annotated[
        Path | None,
        file_option(
            "--workforce",
            "Posts, who held them, and absences (CSV or a workbook), a row a spell: post, worker, "
            "team, role, hours, start, end, agency, newly_qualified, kind.",
        ),
    ] = None,
    weights: Annotated[
        str | None,
        file_option(
            "--weights",
            "Your own way to weigh a caseload (YAML), or one that comes with Upturn: hundred-points, "
            "four-to-ten or plain. Without it, hundred-points.",
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
    out: Pages = None,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Say who holds what, how that changed, and how load bears on delay.

    Caseloads plain and weighed with their spread, never an average alone; changes of worker, waits for a
    worker, days when nobody held a child, posts and vacancies. How load bears on delay is an association.
    """
    import upturn

    if names and not json:  # the screen names nobody either
        needs_out("--names", out=out)
    with progress(quiet=json) as tell:
        found = upturn.caseloads(
            source,
            workforce=workforce,
            weights=weights,
            names=names,
            out=out,
            **reading,
            progress=tell,
        )
    from upturn.render.workload_outputs import workload_record
    from upturn.render.workload_terminal import workload_text

    close(
        found,
        json=json,
        record=lambda held: workload_record(held, names=names),
        screen=workload_text,
        written=page_and_workbook(out, "workload"),
    )
