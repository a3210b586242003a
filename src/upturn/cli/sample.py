"""``upturn sample``: samples that can be defended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.groups import group
from upturn.cli.options import AsAt, AsJson, MappingFile, Source, check_seed
from upturn.cli.screen import progress, show, show_json

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


def _complete_populations(incomplete: str) -> Iterable[tuple[str, str]]:
    from upturn import sample

    known = sample.populations().select("population", "name").iter_rows()
    return [(name, words) for name, words in known if name.startswith(incomplete)]


@app.command(epilog=POPULATIONS_EXAMPLES)
def populations(json: AsJson = False) -> None:
    """List what a sample can be drawn from."""
    import upturn

    found = upturn.sample.populations()
    if json:
        show_json(found)
        return
    from upturn.render.terminal import frame_table

    show(frame_table(found, "Populations"))


@app.command(epilog=DRAW_EXAMPLES)
def draw(
    source: Source,
    population: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="What to draw from.", autocompletion=_complete_populations
        ),
    ],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="random, stratified, risk or tracking.")
    ] = "random",
    size: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="How many to draw.", show_default=False),
    ] = None,
    precision: Annotated[
        float,
        typer.Option(
            metavar="P", help="Without a size: draw enough to estimate a share to within this."
        ),
    ] = 0.1,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STRATUM",
            help="team, worker, age, length or month. May be repeated.",
            show_default=False,
        ),
    ] = None,
    exclude: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV or workbook of children to leave out: child_id and, if you like, reason.",
            show_default=False,
        ),
    ] = None,
    restricted: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV or workbook of children (child_id) whose records only named people may see: "
            "left out, counted, and named nowhere.",
            show_default=False,
        ),
    ] = None,
    audited: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV or workbook of audits already done: child_id and date.",
            show_default=False,
        ),
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
        typer.Option(
            metavar="NAME",
            help="A worker whose cases are not drawn: the auditor's own. May be repeated.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            metavar="N", callback=check_seed, help="Same seed and extract, same children."
        ),
    ] = 1,
    as_at: AsAt = None,
    mapping: MappingFile = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for sample.csv, sample.xlsx, frame.csv and sample.json.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Draw a sample: random, stratified, weighted by risk, or for tracking whole journeys.

    The list has an empty column, found, for the auditors' yes or no.
    """
    import upturn
    from upturn.inspection.results import audit_list

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
            as_at=as_at,
            mapping=mapping,
            out=out,
            progress=tell,
        )
    listed = audit_list(sample).drop("found")
    if json:
        show_json({**sample.record, "drawn": listed})
        return
    import polars as pl

    from upturn.render.terminal import frame_table

    shown = ["order", "child_id", "team", "worker", "age", "length", "stratum", "chance"]
    show(
        frame_table(
            listed.select(shown).with_columns(pl.col("chance").round(4)),
            f"{sample.drawn.height} of {sample.eligible} drawn",
        )
    )
    show(f"Seed {sample.seed}; {sample.left_out} left out; frame SHA-256 {sample.frame_sha256}.")
    if out is not None:
        show(f"Fill in the column found in {out / 'sample.xlsx'}.")


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

    found = upturn.sample.estimate(audited)
    if json:
        show_json(found)
        return
    show(
        f"{found.n} of {found.audited} audited: {100 * found.share:.0f} % of the {found.population:,} in the "
        f"population, between {100 * found.low:.0f} % and {100 * found.high:.0f} % (95 per cent interval)."
    )
    if found.not_audited:
        show(f"{found.not_audited} drawn and not audited: taken to be like the others.")
