"""``upturn scorecard``: every measure beside its target, its comparators and its past."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.closing import close, needs_out, page_and_workbook
from upturn.cli.extract import CLOCKS, Reading, reads_extract
from upturn.cli.options import AsJson, Pages, Source, file_option, option
from upturn.cli.screen import progress

EXAMPLES = """
[bold]Examples[/bold]

  upturn scorecard annex_a.xlsx --out results

  upturn scorecard annex_a.xlsx --targets targets.csv --comments comments.csv --out results

  upturn scorecard annex_a.xlsx --by age --by ethnicity --publish --out for-the-website

  upturn scorecard annex_a.xlsx --workforce workforce.csv --out results

  upturn scorecard annex_a.xlsx --benchmark benchmark.csv --la Darlington --out results
"""


@reads_extract(*CLOCKS)
def scorecard(
    source: Source,
    out: Pages = None,
    targets: Annotated[
        Path | None,
        file_option(
            "--targets",
            "Your targets (CSV or YAML): measure, target, tolerance.",
        ),
    ] = None,
    comments: Annotated[
        Path | None,
        file_option(
            "--comments",
            "Your remarks (CSV or YAML): measure, date, comment, by.",
        ),
    ] = None,
    steps: Annotated[
        Path | None,
        file_option(
            "--steps",
            "Step changes you state (CSV or YAML): measure, date, reason. "
            "The limits of a chart are worked out anew from each.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        option(
            "--by",
            "GROUP",
            "Break every measure down by age, sex, ethnicity, disability or team. May be repeated.",
            autocompletion=lambda: ["age", "sex", "ethnicity", "disability", "team"],
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
        file_option(
            "--benchmark",
            "Published figures of every authority, from `upturn benchmark import`. Needs --la.",
        ),
    ] = None,
    la: Annotated[
        str | None,
        option(
            "--la",
            "NAME",
            "The authority to find in the benchmark file, by name or three-figure code.",
        ),
    ] = None,
    workforce: Annotated[
        Path | None,
        file_option(
            "--workforce",
            "Posts and who held them (CSV or workbook, as for `upturn workload`), for vacancies, "
            "agency workers, turnover and sickness.",
        ),
    ] = None,
    population: Annotated[
        int | None,
        option(
            "--population",
            "N",
            "Children aged 0 to 17 in the area, for rates. "
            "Without it, the benchmark file's estimate if there is one.",
            min=1,
            max=20_000_000,
        ),
    ] = None,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Show every measure beside its target, England and its own past.

    Each value says how many of how many, with an interval; on the page it opens to the children in it
    and out of it. With --out, writes scorecard.html, scorecard.xlsx, scorecard.csv,
    scorecard_children.csv and scorecard.json; with --publish as well, published.csv and published.xlsx
    instead, which name no child.
    """
    import upturn

    if publish:
        needs_out("--publish", out=out)
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
            **reading,
            progress=tell,
        )
    from upturn.render.scorecard_outputs import scorecard_record
    from upturn.render.scorecard_terminal import scorecard_table

    written = page_and_workbook(out, "scorecard")
    if out is not None and publish:
        written = f"{out / 'published.xlsx'} and {out / 'published.csv'} name no child."
    close(card, json=json, record=scorecard_record, screen=scorecard_table, written=written)
