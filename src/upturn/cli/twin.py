"""``upturn twin``: make a twin of a service, and simulate what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.groups import group
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
from upturn.cli.screen import bar, show, show_json

if TYPE_CHECKING:
    from upturn.twin.fitted import Fitted
    from upturn.twin.projection import Projection

app = group("A simulated service like yours: fit it to an extract, run it into the future.")

FIT_EXAMPLES = """
[bold]Examples[/bold]

  upturn twin fit annex_a.xlsx --out twin

  upturn twin fit annex_a.xlsx --workforce workforce.csv --out twin

  upturn twin fit ssd_folder --period 2024/25 --period 2025/26 --out twin
"""
RUN_EXAMPLES = """
[bold]Examples[/bold]

  upturn twin run --years 3 --reps 500 --out future

  upturn twin run twin/twin_fit.json --scenario eight-posts.yaml --out future

  upturn twin run twin/twin_fit.json --open-work annex_a.xlsx --out future

  upturn twin run department.yaml --scenario judgement.yaml --on processes --out future

  upturn twin run twin/twin_fit.json --reps 50 --extract simulated
"""
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder for the page, the workbook, the CSV files and the JSON. Without it, nothing is written.",
        show_default=False,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed", metavar="N", callback=check_seed, help="The same seed gives the same result."
    ),
]


@app.command(epilog=FIT_EXAMPLES)
def fit(
    source: Source,
    workforce: Annotated[
        Path | None,
        typer.Option(
            "--workforce",
            metavar="FILE",
            help="Posts, workers, start, end, agency, newly qualified, leave and sickness (CSV or Excel).",
            show_default=False,
        ),
    ] = None,
    period: Annotated[
        list[str] | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="Months to fit: 2025-04..2025-09, 2025Q1, 2024/25. Repeat it, in order, for several. "
            "Without it, the latest twelve months that are held.",
            show_default=False,
        ),
    ] = None,
    department: Annotated[
        Path | None,
        typer.Option(
            "--department",
            metavar="FILE",
            help="Values of your own; those tagged 'yours' are taken as they stand.",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    simulations: Annotated[
        int,
        typer.Option(
            "--simulations",
            metavar="N",
            min=100,
            help="Simulated services in each of five rounds and each period.",
        ),
    ] = 500,
    seed: Seed = 1,
    as_at: AsAt = None,
    overlay: Overlays = None,
    mapping: MappingFile = None,
    council: Council = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """Make a twin of your service from its extract, and say what the extract cannot tell.

    Reads arrivals, conversions, posts and the rest straight from the records, with intervals; infers by
    simulation what only shows in flows and durations; marks every value with where it comes from.
    """
    import upturn

    with bar(quiet=json) as tell:
        found = upturn.twins.fit(
            source,
            workforce=workforce,
            periods=period or (),
            department=department,
            out=out,
            simulations=simulations,
            seed=seed,
            as_at=as_at,
            overlays=overlay or (),
            mapping=mapping,
            council=council,
            sheets=parse_sheets(sheet or ()),
            progress=tell,
        )
    if json:
        from upturn.render.twin_outputs import fit_record

        show_json(fit_record(found))
    else:
        _show_fit(found, out)


def _show_fit(found: Fitted, out: Path | None) -> None:
    from upturn.render.twin_terminal import fit_table, notes_text

    show(fit_table(found), notes_text(found))
    if out is not None:
        show(f"Open {out / 'twin_fit.html'} in a browser; simulate with: "
             f"upturn twin run {out / 'twin_fit.json'}")  # fmt: skip


@app.command(epilog=RUN_EXAMPLES)
def run(
    service: Annotated[
        str | None,
        typer.Argument(
            metavar="[SERVICE]",
            help="A fit (twin_fit.json), a department's file (.yaml), or an extract, which is fitted first. "
            "Without it, the example service.",
            show_default=False,
        ),
    ] = None,
    years: Annotated[
        int, typer.Option("--years", metavar="N", min=1, max=8, help="Years to simulate.")
    ] = 3,
    reps: Annotated[
        int, typer.Option("--reps", metavar="N", min=2, help="Replications of each scenario.")
    ] = 500,
    scenario: Annotated[
        list[Path] | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help="A file of changes to hold against doing nothing. May be repeated.",
            show_default=False,
        ),
    ] = None,
    open_work: Annotated[
        list[Path] | None,
        typer.Option(
            "--open-work",
            metavar="SOURCE",
            help="The extract whose open work every run starts from. An extract given as SERVICE is its own; "
            "repeat it for several that are read together.",
            show_default=False,
        ),
    ] = None,
    usual_state: Annotated[
        bool,
        typer.Option(
            "--usual-state",
            help="Start from the state that the service would settle in, not from today's open work.",
        ),
    ] = False,
    workforce: Annotated[
        Path | None,
        typer.Option(
            "--workforce",
            metavar="FILE",
            help="Posts and who fills them, beside an extract (CSV or Excel).",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    on: Annotated[
        str,
        typer.Option(
            "--on", metavar="WHERE", help="Where to run: threads, processes or dask://HOST:PORT."
        ),
    ] = "threads",
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="MONTH",
            help="First month, such as 2026-10. Without it, the month after the extract.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 1,
    extract: Annotated[
        Path | None,
        typer.Option(
            "--extract",
            metavar="DIR",
            help="Folder for the first replication of each scenario as an extract, simulated and marked so, "
            "for check, scorecard, findings and workload.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Simulate what becomes of a service, doing nothing and under each scenario.

    With an extract it starts from today's open work. The same children arrive in every scenario, so that a
    difference is the scenario's. Ctrl-C stops it: what
    has been run until then is shown and written, and how many replications that is.
    """
    import upturn

    with bar(quiet=json) as tell:
        found = upturn.twins.run(
            service,
            years=years,
            reps=reps,
            scenarios=scenario or (),
            open_work=open_work or None,
            usual_state=usual_state,
            workforce=workforce,
            out=out,
            on=on,
            start=start,
            seed=seed,
            extract=extract,
            progress=tell,
        )
    if json:
        from upturn.render.twin_outputs import run_record

        show_json(run_record(found))
    else:
        _show_run(found, out)
        if extract is not None:
            _show_extracts(found, extract)


def _show_extracts(found: Projection, extract: Path) -> None:
    from upturn.render.simulated_outputs import folder_name

    first = extract / folder_name(found.scenarios[0].name, seed=found.seed)
    real = (
        "no child in them is real"
        if found.opening is None
        else "keep them as you keep the extract that they start from"
    )
    show(
        f"Simulated extracts, one for each scenario ({len(found.scenarios)}), are in {extract}; {real}. "
        f"Read the first with: upturn check {first}"
    )


def _show_run(found: Projection, out: Path | None) -> None:
    from upturn.render.twin_terminal import run_table, stopped_text

    show(run_table(found))
    if found.interrupted:
        show(stopped_text(found))
    if out is not None:
        show(f"Open {out / 'twin_run.html'} in a browser.")
