"""``upturn sample``: samples that can be defended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.completing import complete_populations
from upturn.cli.extract import Reading, reads_extract
from upturn.cli.groups import group
from upturn.cli.options import AsJson, Source, file_option, folder_option, option, seed_option
from upturn.cli.screen import progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from upturn.inspection.estimate import Estimate
    from upturn.inspection.sampling import Sample

app = group("Draw a sample that can be defended, and say what it shows of the population.")

POPULATIONS_EXAMPLES = """
[bold]Examples[/bold]

  upturn sample populations
"""
DRAW_EXAMPLES = """
[bold]Examples[/bold]

  upturn sample draw annex_a.xlsx --population child-protection-plans --size 12 --out sample

  upturn sample draw annex_a.xlsx --population referrals --kind stratified --by team --out sample

  upturn sample draw annex_a.xlsx --population children-in-care --kind risk --exclude audited.csv
"""
ESTIMATE_EXAMPLES = """
[bold]Examples[/bold]

  upturn sample estimate sample/sample.xlsx
"""


@app.command(epilog=POPULATIONS_EXAMPLES)
def populations(json: AsJson = False) -> None:
    """List what a sample can be drawn from."""
    import upturn
    from upturn.render.terminal import frame_table

    found = upturn.sample.populations()
    close(found, json=json, screen=lambda table: frame_table(table, "Populations"))


@app.command(epilog=DRAW_EXAMPLES)
@reads_extract("as_at", "mapping")
def draw(
    source: Source,
    population: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="What to draw from.", autocompletion=complete_populations
        ),
    ],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="random, stratified, risk or tracking.")
    ] = "random",
    size: Annotated[
        int | None,
        option("--size", "N", "How many to draw.", min=1),
    ] = None,
    precision: Annotated[
        float,
        typer.Option(
            metavar="P", help="Without a size: draw enough to estimate a share to within this."
        ),
    ] = 0.1,
    by: Annotated[
        list[str] | None,
        option("--by", "STRATUM", "team, worker, age, length or month. May be repeated."),
    ] = None,
    exclude: Annotated[
        Path | None,
        file_option(
            "--exclude",
            "CSV or workbook of children to leave out: child_id and, if you like, reason.",
        ),
    ] = None,
    restricted: Annotated[
        Path | None,
        file_option(
            "--restricted",
            "CSV or workbook of children (child_id) whose records only named people may see: "
            "left out, counted, and named nowhere.",
        ),
    ] = None,
    audited: Annotated[
        Path | None,
        file_option("--audited", "CSV or workbook of audits already done: child_id and date."),
    ] = None,
    audited_within: Annotated[
        int,
        typer.Option(
            metavar="DAYS",
            min=0,
            help="Leave out children audited in so many days to the as-at date.",
        ),
    ] = 183,
    not_worker: Annotated[
        list[str] | None,
        option(
            "--not-worker",
            "NAME",
            "A worker whose cases are not drawn: the auditor's own. May be repeated.",
        ),
    ] = None,
    seed: Annotated[int, seed_option("Same seed and extract, same children.")] = 1,
    *,
    reading: Reading,
    out: Annotated[
        Path | None,
        folder_option("sample.csv, sample.xlsx, frame.csv and sample.json", optional=False),
    ] = None,
    json: AsJson = False,
) -> None:
    """Draw a sample: random, stratified, weighted by risk, or for tracking whole journeys.

    The list has an empty column, found, for the auditors' yes or no.
    """
    import upturn

    with progress(quiet=json) as tell:
        sample = upturn.sample.draw(
            source,
            population=population,
            kind=kind,
            size=size,
            precision=precision,
            by=by or (),
            exclude=exclude,
            restricted=restricted,
            audited=audited,
            audited_within=audited_within,
            not_workers=not_worker or (),
            seed=seed,
            out=out,
            **reading,
            progress=tell,
        )
    close(
        sample,
        json=json,
        record=_record,
        screen=_drawn,
        written="" if out is None else f"Fill in the column found in {out / 'sample.xlsx'}.",
    )


def _record(sample: Sample) -> dict[str, object]:
    from upturn.inspection.results import audit_list

    return {**sample.record, "drawn": audit_list(sample).drop("found")}


def _drawn(sample: Sample) -> list[RenderableType]:
    import polars as pl

    from upturn.inspection.results import audit_list
    from upturn.render.terminal import frame_table

    shown = ["order", "child_id", "team", "worker", "age", "length", "stratum", "chance"]
    return [
        frame_table(
            audit_list(sample).select(shown).with_columns(pl.col("chance").round(4)),
            f"{sample.drawn.height} of {sample.eligible} drawn",
        ),
        f"Seed {sample.seed}; {sample.left_out} left out; frame SHA-256 {sample.frame_sha256}.",
    ]


@app.command(epilog=ESTIMATE_EXAMPLES)
def estimate(
    audited: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="sample.csv or sample.xlsx with found filled in."),
    ],
    json: AsJson = False,
) -> None:
    """Say what a filled-in sample shows of the population, with a 95 per cent interval."""
    import upturn

    close(upturn.sample.estimate(audited), json=json, screen=_told)


def _told(found: Estimate) -> list[RenderableType]:
    told: list[RenderableType] = [
        f"{found.n} of {found.audited} audited: {100 * found.share:.0f} % of the {found.population:,} in the "
        f"population, between {100 * found.low:.0f} % and {100 * found.high:.0f} % (95 per cent interval)."
    ]
    if found.not_audited:
        told.append(f"{found.not_audited} drawn and not audited: taken to be like the others.")
    return told
