"""``upturn scorecard``: every measure beside its target, its comparators and its past."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.options import (
    AsAt,
    AsJson,
    Council,
    MappingFile,
    Overlays,
    Sheets,
    Source,
    parse_sheets,
)
from upturn.cli.screen import progress, show, show_json

EXAMPLES = """
[bold]Examples[/bold]

  upturn scorecard annex_a.xlsx --out results

  upturn scorecard annex_a.xlsx --targets targets.csv --comments comments.csv --out results

  upturn scorecard annex_a.xlsx --by age --by ethnicity --publish --out for-the-website

  upturn scorecard annex_a.xlsx --workforce workforce.csv --out results

  upturn scorecard annex_a.xlsx --benchmark benchmark.csv --la Darlington --out results
"""


def scorecard(
    source: Source,
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
    targets: Annotated[
        Path | None,
        typer.Option(
            "--targets",
            metavar="FILE",
            help="Your targets (CSV or YAML): measure, target, tolerance.",
            show_default=False,
        ),
    ] = None,
    comments: Annotated[
        Path | None,
        typer.Option(
            "--comments",
            metavar="FILE",
            help="Your remarks (CSV or YAML): measure, date, comment, by.",
            show_default=False,
        ),
    ] = None,
    steps: Annotated[
        Path | None,
        typer.Option(
            "--steps",
            metavar="FILE",
            help="Step changes you state (CSV or YAML): measure, date, reason. "
            "The limits of a chart are worked out anew from each.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="GROUP",
            help="Break every measure down by age, sex, ethnicity, disability or team. May be repeated.",
            autocompletion=lambda: ["age", "sex", "ethnicity", "disability", "team"],
            show_default=False,
        ),
    ] = None,
    publish: Annotated[
        bool,
        typer.Option(
            "--publish",
            help="Write only what may be published: no child, small numbers suppressed.",
        ),
    ] = False,
    benchmark: Annotated[
        Path | None,
        typer.Option(
            "--benchmark",
            metavar="FILE",
            help="Published figures of every authority, from `upturn benchmark import`. Needs --la.",
            show_default=False,
        ),
    ] = None,
    la: Annotated[
        str | None,
        typer.Option(
            "--la",
            metavar="NAME",
            help="The authority to find in the benchmark file, by name or three-figure code.",
            show_default=False,
        ),
    ] = None,
    workforce: Annotated[
        Path | None,
        typer.Option(
            "--workforce",
            metavar="FILE",
            help="Posts and who held them (CSV or workbook, as for `upturn workload`), for vacancies, "
            "agency workers, turnover and sickness.",
            show_default=False,
        ),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option(
            "--population",
            metavar="N",
            min=1,
            max=20_000_000,
            help="Children aged 0 to 17 in the area, for rates. "
            "Without it, the benchmark file's estimate if there is one.",
            show_default=False,
        ),
    ] = None,
    as_at: AsAt = None,
    overlay: Overlays = None,
    mapping: MappingFile = None,
    council: Council = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """Show every measure beside its target, England and its own past.

    Each value says how many of how many, with an interval; on the page it opens to the children in it
    and out of it. With --out, writes scorecard.html, scorecard.xlsx, scorecard.csv,
    scorecard_children.csv and scorecard.json; with --publish as well, published.csv and published.xlsx
    instead, which name no child.
    """
    import upturn

    if publish and out is None:
        raise typer.BadParameter("say where to write it, with --out", param_hint="--publish")
    with progress(quiet=json) as tell:
        card = upturn.scorecard(
            source,
            out=out,
            targets=targets,
            comments=comments,
            steps=steps,
            by=by or (),
            publish=publish,
            benchmark=benchmark,
            la=la,
            workforce=workforce,
            population=population,
            as_at=as_at,
            overlays=overlay or (),
            mapping=mapping,
            council=council,
            sheets=parse_sheets(sheet or ()),
            progress=tell,
        )
    if json:
        from upturn.render.scorecard_outputs import scorecard_record

        show_json(scorecard_record(card))
        return
    from upturn.render.scorecard_terminal import scorecard_table

    show(scorecard_table(card))
    if out is not None and publish:
        show(f"{out / 'published.xlsx'} and {out / 'published.csv'} name no child.")
    elif out is not None:
        show(
            f"Open {out / 'scorecard.html'} in a browser; the workbook is {out / 'scorecard.xlsx'}."
        )
