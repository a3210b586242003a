"""What ``upturn national`` says of all authorities together: what followed, who got out, and the report."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.options import (
    PANEL,
    AsJson,
    Authority,
    PanelFile,
    file_option,
    folder_option,
    option,
    parse_date,
)
from upturn.cli.screen import progress

EFFECTS_EXAMPLES = """
[bold]Examples[/bold]

  upturn national effects

  upturn national effects referrals

  upturn national effects agency --after "requires improvement"
"""
RECOVERIES_EXAMPLES = """
[bold]Examples[/bold]

  upturn national recoveries

  upturn national recoveries --json
"""
ALIKE_EXAMPLES = """
[bold]Examples[/bold]

  upturn national alike Liverpool

  upturn national alike Liverpool --most 10
"""
REPORT_EXAMPLES = """
[bold]Examples[/bold]

  upturn national report --out field

  upturn national report --out field --as-at 2026-06-29

  upturn national report --out field --library reports.db
"""


class After(StrEnum):
    """The kinds of judgement that the studies start from."""

    INADEQUATE = "inadequate"
    REQUIRES_IMPROVEMENT = "requires improvement"
    GOOD = "good"


def effects(
    measure: Annotated[
        str, typer.Argument(metavar="MEASURE", help="A figure of the panel: vacancy, agency ...")
    ] = "vacancy",
    after: Annotated[
        After, typer.Option("--after", help="The judgement to look after.")
    ] = After.INADEQUATE,
    panel: PanelFile = PANEL,
    json: AsJson = False,
) -> None:
    """Say what happened to a figure after authorities were judged.

    From the last census before publication, beside other authorities; the censuses before it are shown too.
    It describes. No cause is identified, and nothing is predicted.
    """
    import upturn

    found = upturn.national.effects(measure, after=after.value, panel=panel)
    from upturn.render.national_outputs import effects_record
    from upturn.render.national_terminal import effects_tables

    close(found, json=json, record=effects_record, screen=effects_tables)


def recoveries(panel: PanelFile = PANEL, json: AsJson = False) -> None:
    """List every past recovery from inadequate, and what moved first."""
    import upturn
    from upturn.render.national_terminal import recoveries_table

    close(upturn.national.recoveries(panel=panel), json=json, screen=recoveries_table)


def alike(
    authority: Authority,
    panel: PanelFile = PANEL,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, max=50, help="How many to show.")
    ] = 5,
    json: AsJson = False,
) -> None:
    """Show authorities that were where this one is and got out, and what moved first."""
    import upturn

    found = upturn.national.alike(authority, panel=panel, most=most)
    from upturn.render.national_terminal import alike_tables

    close(found, json=json, screen=alike_tables)


def report(
    out: Annotated[Path, folder_option("the report and its files", optional=False)],
    panel: PanelFile = PANEL,
    as_at: Annotated[
        date | None,
        option(
            "--as-at",
            "DATE",
            "Until when authorities are watched. Without it, the panel's latest judgement.",
            parser=parse_date,
        ),
    ] = None,
    library: Annotated[
        Path | None,
        file_option(
            "--library",
            "A library of reports, made by upturn report corpus, for what they ask for.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Write the state of the field: a report in which every figure can be traced.

    Writes national_report.html, national_report.docx, national_report.xlsx, national_report.json and
    national_trace.csv.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.national.report(
            out=out, panel=panel, as_at=as_at, library=library, progress=tell
        )
    from upturn.render.field import field_record

    close(
        found,
        json=json,
        record=field_record,
        screen=lambda told: f"{len(told.facts)} facts, {told.trace.height:,} lines behind them.",
        written=f"Open {out / 'national_report.html'} in a browser.",
        word="national_report.docx",
    )
