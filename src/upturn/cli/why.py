"""``upturn why``: why is it happening?"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from upturn.cli.closing import close, page_and_workbook
from upturn.cli.completing import complete_outcomes
from upturn.cli.extract import CLOCKS, Reading, reads_extract
from upturn.cli.options import AsJson, FitFile, Reports, Seed, Source, WorkforceFile, option
from upturn.cli.screen import progress

EXAMPLES = """
[bold]Examples[/bold]

  upturn why ssd_folder --workforce workforce.csv --from 2024/25 --to 2025/26 --out why

  upturn why ssd_folder --outcome conference-lateness --from 2025Q1..2025Q2 --to 2025Q3..2025Q4 --out why

  upturn why annex_a.xlsx --against england --fit twin/twin_fit.json --out why
"""
_PERIODS = "2025-04..2025-09, 2025Q1, 2025 or 2024/25"


@reads_extract(*CLOCKS)
def why(
    source: Source,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="NAME",
            help="What changed: assessment-lateness, conference-lateness, visit-lateness, "
            "child-days-overdue, unallocated, caseload, open-children; a wrong name lists them all.",
            autocompletion=complete_outcomes,
        ),
    ] = "assessment-lateness",
    from_period: Annotated[
        str | None,
        option(
            "--from",
            "PERIOD",
            f"The earlier months: {_PERIODS}. Without it, the same months a year before --to, or those just "
            "before it.",
        ),
    ] = None,
    to_period: Annotated[
        str | None,
        option(
            "--to",
            "PERIOD",
            "The later months, written the same way. Without it, the latest that are held: a year where two "
            "are held, or half of what is held.",
        ),
    ] = None,
    against: Annotated[
        Literal["england"] | None,
        option(
            "--against",
            "england",
            "Hold the service against the published figures for England and not against its own past.",
        ),
    ] = None,
    workforce: WorkforceFile = None,
    fit: FitFile = None,
    spiral: Annotated[
        bool,
        typer.Option(
            "--spiral/--no-spiral",
            help="Say whether the service recovers by itself; it takes longer.",
        ),
    ] = True,
    out: Reports = None,
    seed: Seed = 1,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Say why an outcome changed: how much each driver brought, and what the records show beside it.

    The twin of the service is given one period's drivers and then the other's, in every order; each
    driver's share comes with an interval. No cause is named that cannot be told from chance. The twin and
    the records stand side by side, and where they disagree it says so.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.why(
            source,
            outcome=outcome,
            from_period=from_period,
            to_period=to_period,
            against=against,
            workforce=workforce,
            fit=fit,
            spiral=spiral,
            out=out,
            seed=seed,
            **reading,
            progress=tell,
        )
    from upturn.render.why_outputs import why_record
    from upturn.render.why_terminal import why_text

    close(
        found,
        json=json,
        record=why_record,
        screen=why_text,
        written=page_and_workbook(out, "why"),
        word="why.docx",
    )
