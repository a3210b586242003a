"""``upturn remedies`` and ``upturn remedy``: what would turn it round, and which options there are."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.closing import close, page_and_workbook
from upturn.cli.completing import complete_remedies
from upturn.cli.extract import CLOCKS, Reading, reads_extract
from upturn.cli.groups import group
from upturn.cli.options import (
    AsJson,
    FitFile,
    Reports,
    Seed,
    Source,
    WorkforceFile,
    file_option,
    id_argument,
    option,
)
from upturn.cli.screen import bar, show

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


_MONEY = re.compile(r"£?\s*([\d,]*\.?\d+)\s*(k|thousand|m|million)?", re.IGNORECASE)
_TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
_MOST = 1e12


def parse_pounds(text: str) -> float:
    """An amount of money as people write it. Raises `typer.BadParameter` for anything else.

    >>> parse_pounds("£1,500,000"), parse_pounds("1.5m"), parse_pounds("600k"), parse_pounds("0")
    (1500000.0, 1500000.0, 600000.0, 0.0)
    """
    found = _MONEY.fullmatch(text.strip())
    try:
        value = float(found[1].replace(",", "") if found else text)
    except ValueError:
        value = math.nan
    value *= _TIMES.get((found[2] or "").lower(), 1.0) if found else 1.0
    if not 0 <= value <= _MOST:
        raise typer.BadParameter(
            f"{text!r} is not an amount of money from 0; write 1500000, £1,500,000 or 1.5m"
        )
    return value


def _example_costs(file: Path | None) -> None:
    """Write the example cost file and stop."""
    if file is None:
        return
    import upturn

    show(f"{upturn.remedy.example_costs(file)}: an example; put your own figures in.")
    raise typer.Exit


@reads_extract(*CLOCKS)
def remedies(
    source: Source,
    budget: Annotated[
        float,
        option(
            "--budget",
            "POUNDS",
            "The most that may be set aside, over --months: 1500000, £1,500,000 or 1.5m.",
            parser=parse_pounds,
        ),
    ],
    goal: Annotated[
        str,
        option(
            "--goal",
            "WORDS",
            'What is wanted by when: "assessments in time >= 90% within 9 months". A wrong goal lists '
            "the forms.",
        ),
    ],
    costs: Annotated[
        Path,
        file_option(
            "--costs",
            "Your prices (YAML or CSV). There is no default for money; --example-costs writes the form.",
        ),
    ],
    months: Annotated[
        int | None,
        option(
            "--months",
            "N",
            "Months that the budget is for. Without it, the whole years that hold the goal's deadline.",
        ),
    ] = None,
    workforce: WorkforceFile = None,
    fit: FitFile = None,
    usual_state: Annotated[
        bool,
        typer.Option(
            "--usual-state",
            help="Begin in the state that the service would settle in, not with the extract's open work.",
        ),
    ] = False,
    out: Reports = None,
    example_costs: Annotated[
        Path | None,
        file_option(
            "--example-costs",
            "Write an example cost file, and stop.",
            is_eager=True,
            callback=_example_costs,
        ),
    ] = None,
    seed: Seed = 1,
    *,
    reading: Reading,
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
            usual_state=usual_state,
            out=out,
            seed=seed,
            **reading,
            progress=tell,
        )
    from upturn.render.remedies_outputs import remedies_record
    from upturn.render.remedies_terminal import advice_text

    close(
        found,
        json=json,
        record=remedies_record,
        screen=advice_text,
        written=page_and_workbook(out, "remedies"),
        word="remedies.docx",
    )


@app.command("list", epilog=LIST_EXAMPLES)
def list_(
    driver: Annotated[
        str | None,
        option(
            "--driver", "NAME", "Only remedies that move this driver: posts, demand, thresholds ..."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the remedies: what each moves, how soon it begins, how good the evidence is."""
    import upturn
    from upturn.render.remedies_terminal import remedies_table

    close(upturn.remedy.list(driver=driver), json=json, screen=remedies_table)


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    remedy: Annotated[str, id_argument("Id of a remedy.", autocompletion=complete_remedies)],
    json: AsJson = False,
) -> None:
    """Show one remedy: what it is, what it moves and by how much, what may go wrong, what to watch."""
    import upturn
    from upturn.render.remedies_terminal import remedy_text

    close(upturn.remedy.show(remedy), json=json, screen=remedy_text)
