"""``upturn twin``: make a twin of a service, and simulate what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.extract import CLOCKS, Reading, reads_extract
from upturn.cli.groups import group
from upturn.cli.options import (
    AsJson,
    Pages,
    Source,
    WorkforceFile,
    file_option,
    option,
    seed_option,
)
from upturn.cli.screen import bar, show

if TYPE_CHECKING:
    from rich.console import RenderableType

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
Seed = Annotated[int, seed_option("The same seed gives the same result.")]


@app.command(epilog=FIT_EXAMPLES)
@reads_extract(*CLOCKS)
def fit(
    source: Source,
    workforce: WorkforceFile = None,
    period: Annotated[
        list[str] | None,
        option(
            "--period",
            "PERIOD",
            "Months to fit: 2025-04..2025-09, 2025Q1, 2024/25. Repeat it, in order, for several. "
            "Without it, the latest twelve months that are held.",
        ),
    ] = None,
    department: Annotated[
        Path | None,
        file_option(
            "--department",
            "Values of your own; those tagged 'yours' are taken as they stand.",
        ),
    ] = None,
    out: Pages = None,
    simulations: Annotated[
        int,
        typer.Option(
            "--simulations",
            metavar="N",
            min=100,
            help="Simulated services in each of thirteen rounds and each period.",
        ),
    ] = 250,
    seed: Seed = 1,
    *,
    reading: Reading,
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
            **reading,
            progress=tell,
        )
    from upturn.render.twin_outputs import fit_record
    from upturn.render.twin_terminal import fit_table, notes_text

    close(
        found,
        json=json,
        record=fit_record,
        screen=lambda made: (fit_table(made), notes_text(made)),
        written=_fit_and_next(out),
    )


def _fit_and_next(out: Path | None) -> str:
    if out is None:
        return ""
    return (
        f"Open {out / 'twin_fit.html'} in a browser; simulate with: "
        f"upturn twin run {out / 'twin_fit.json'}"
    )


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
        file_option(
            "--scenario", "A file of changes to hold against doing nothing. May be repeated."
        ),
    ] = None,
    open_work: Annotated[
        list[Path] | None,
        option(
            "--open-work",
            "SOURCE",
            "The extract whose open work every run starts from. An extract given as SERVICE is its own; "
            "repeat it for several that are read together.",
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
        file_option("--workforce", "Posts and who fills them, beside an extract (CSV or Excel)."),
    ] = None,
    out: Pages = None,
    on: Annotated[
        str,
        typer.Option(
            "--on", metavar="WHERE", help="Where to run: threads, processes or dask://HOST:PORT."
        ),
    ] = "threads",
    start: Annotated[
        str | None,
        option(
            "--start",
            "MONTH",
            "First month, such as 2026-10. Without it, the month after the extract.",
        ),
    ] = None,
    seed: Seed = 1,
    extract: Annotated[
        Path | None,
        option(
            "--extract",
            "DIR",
            "Folder for the first replication of each scenario as an extract, simulated and marked so, "
            "for check, scorecard, findings and workload.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Simulate what becomes of a service, doing nothing and under each scenario.

    With an extract it starts from today's open work. The same children arrive in every scenario, so that a
    difference is the scenario's. Ctrl-C stops it: what has been run until then is shown and written, and how
    many replications that is.
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
    from upturn.render.twin_outputs import run_record

    page = "" if out is None else f"Open {out / 'twin_run.html'} in a browser."
    close(found, json=json, record=run_record, screen=_run_text, written=page)
    if extract is not None and not json:
        _show_extracts(found, extract)


def _run_text(found: Projection) -> tuple[RenderableType, ...]:
    from upturn.render.twin_terminal import run_table, stopped_text

    stopped = (stopped_text(found),) if found.interrupted else ()
    return (run_table(found), *stopped)


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
