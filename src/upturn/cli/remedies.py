"""``upturn remedies`` and ``upturn remedy``: what would turn it round, and which options there are."""

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
    from upturn.remedies.advice import Advice

app = group("The remedies there are: list them, show one, write an example cost file.")

EXAMPLES = """
[bold]Examples[/bold]

  upturn remedies ssd_folder --budget 1500000 --goal "assessments in time >= 90% within 9 months" --costs costs.yaml --out remedies

  upturn remedies ssd_folder --budget 600000 --goal "children a worker <= 16 within 12 months" --costs costs.yaml --workforce workforce.csv --fit twin/twin_fit.json --out remedies

  upturn remedies --example-costs costs.yaml
"""  # noqa: E501
LIST_EXAMPLES = """
[bold]Examples[/bold]

  upturn remedy list

  upturn remedy list --driver posts
"""
SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn remedy show permanent-posts
"""


def _example_costs(file: Path | None) -> None:
    """Write the example cost file and stop."""
    if file is None:
        return
    import upturn

    show(f"{upturn.remedy.example_costs(file)}: an example; put your own figures in.")
    raise typer.Exit


def remedies(
    source: Source,
    budget: Annotated[
        float,
        typer.Option(
            "--budget",
            metavar="POUNDS",
            min=0,
            max=1e12,
            help="The most that may be set aside, over --months.",
            show_default=False,
        ),
    ],
    goal: Annotated[
        str,
        typer.Option(
            "--goal",
            metavar="WORDS",
            help='What is wanted by when: "assessments in time >= 90% within 9 months". A wrong goal lists '
            "the forms.",
            show_default=False,
        ),
    ],
    costs: Annotated[
        Path,
        typer.Option(
            "--costs",
            metavar="FILE",
            help="Your prices (YAML or CSV). There is no default for money.",
            show_default=False,
        ),
    ],
    months: Annotated[
        int | None,
        typer.Option(
            "--months",
            metavar="N",
            help="Months that the budget is for. Without it, the whole years that hold the goal's deadline.",
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
    example_costs: Annotated[
        Path | None,
        typer.Option(
            "--example-costs",
            metavar="FILE",
            is_eager=True,
            callback=_example_costs,
            help="Write an example cost file, and stop.",
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
    """Search for the mix of remedies that meets a goal most surely within a budget.

    Every mix is tried on the twin of the service with the same chance. The answer gives the best few with
    cost, delay and risk, what doing nothing does, what stops the spiral, and which assumption would change
    the advice. It is no promise, and says what is assumed.
    """
    import upturn

    with bar(quiet=json) as tell:
        found = upturn.advise(
            source,
            budget=budget,
            goal=goal,
            costs=costs,
            months=months,
            workforce=workforce,
            fit=fit,
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
        from upturn.render.remedies_outputs import remedies_record

        show_json(remedies_record(found))
        return
    _show(found, out)


def _show(found: Advice, out: Path | None) -> None:
    from upturn.render.remedies_outputs import word_missing
    from upturn.render.remedies_terminal import advice_text

    show(advice_text(found))
    if out is not None:
        show(f"Open {out / 'remedies.html'} in a browser; the workbook is {out / 'remedies.xlsx'}.")
        if word_missing():
            show(word_missing())


@app.command("list", epilog=LIST_EXAMPLES)
def list_(
    driver: Annotated[
        str | None,
        typer.Option(
            "--driver",
            metavar="NAME",
            help="Only remedies that move this driver: posts, demand, thresholds ...",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the remedies: what each moves, how soon it begins, how good the evidence is."""
    import upturn

    found = upturn.remedy.list(driver=driver)
    if json:
        show_json(found)
        return
    from upturn.render.remedies_terminal import remedies_table

    show(remedies_table(found))


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    remedy: Annotated[str, typer.Argument(metavar="ID", help="Id of a remedy.")],
    json: AsJson = False,
) -> None:
    """Show one remedy: what it is, what it moves and by how much, what may go wrong, what to watch."""
    import upturn

    found = upturn.remedy.show(remedy)
    if json:
        show_json(found)
        return
    from upturn.render.remedies_terminal import remedy_text

    show(remedy_text(found))
