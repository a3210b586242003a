"""``upturn why``: why is it happening?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from upturn.cli.options import (
    AsAt,
    AsJson,
    Council,
    MappingFile,
    Overlays,
    Sheets,
    Source,
    check_seed,
    parse_sheets,
)
from upturn.cli.screen import progress, show, show_json

if TYPE_CHECKING:
    from upturn.causes.model import Why

EXAMPLES = """
[bold]Examples[/bold]

  upturn why ssd_folder --workforce workforce.csv --from 2024/25 --to 2025/26 --out why

  upturn why ssd_folder --outcome conference-lateness --from 2025Q1..2025Q2 --to 2025Q3..2025Q4 --out why

  upturn why annex_a.xlsx --against england --fit twin/twin_fit.json --out why
"""
_PERIODS = "2025-04..2025-09, 2025Q1, 2025 or 2024/25"


def why(
    source: Source,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="NAME",
            help="What changed: assessment-lateness, conference-lateness, visit-lateness, "
            "child-days-overdue, unallocated, caseload, open-children; a wrong name lists them all.",
        ),
    ] = "assessment-lateness",
    from_period: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="PERIOD",
            help=f"The earlier months: {_PERIODS}. Without it, as many as --to has, just before it.",
            show_default=False,
        ),
    ] = None,
    to_period: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="PERIOD",
            help="The later months, written the same way. Without it, the latest half of those held.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        Literal["england"] | None,
        typer.Option(
            "--against",
            metavar="england",
            help="Hold the service against the published figures for England and not against its own past.",
            show_default=False,
        ),
    ] = None,
    workforce: Annotated[
        Path | None,
        typer.Option(
            "--workforce",
            metavar="FILE",
            help="Posts, workers, start, end, agency, newly qualified, leave and sickness (CSV or Excel).",
            show_default=False,
        ),
    ] = None,
    fit: Annotated[
        Path | None,
        typer.Option(
            "--fit",
            metavar="FILE",
            help="A fit (twin_fit.json) or a department (YAML). Without it, a quick fit is made on the way.",
            show_default=False,
        ),
    ] = None,
    spiral: Annotated[
        bool,
        typer.Option(
            "--spiral/--no-spiral",
            help="Say whether the service recovers by itself; it takes longer.",
        ),
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the page, the Word document, the workbook, the CSV files and the JSON. "
            "Without it, nothing is written.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            "--seed", metavar="N", callback=check_seed, help="The same seed gives the same answer."
        ),
    ] = 1,
    as_at: AsAt = None,
    overlay: Overlays = None,
    mapping: MappingFile = None,
    council: Council = None,
    sheet: Sheets = None,
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
            as_at=as_at,
            overlays=overlay or (),
            mapping=mapping,
            council=council,
            sheets=parse_sheets(sheet or ()),
            progress=tell,
        )
    if json:
        from upturn.render.why_outputs import why_record

        show_json(why_record(found))
        return
    _show(found, out)


def _show(found: Why, out: Path | None) -> None:
    from upturn.render.why_outputs import word_missing
    from upturn.render.why_terminal import why_text

    show(why_text(found))
    if out is not None:
        show(f"Open {out / 'why.html'} in a browser; the workbook is {out / 'why.xlsx'}.")
        if word_missing():
            show(word_missing())
