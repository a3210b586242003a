"""``upturn plan``: an improvement plan's file, checked and drawn again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.groups import group
from upturn.cli.options import AsJson
from upturn.cli.screen import progress, show, show_json

if TYPE_CHECKING:
    from upturn.improvement.model import Plan

app = group("Improvement plans: check a plan's file and draw it again.")

SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn plan show plan/plan.yaml

  upturn plan show plan/plan.yaml --out board

  upturn plan show plan/plan.yaml --json
"""


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN", help="A plan's file (YAML), as upturn report plan writes it."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the plan as page, Word, Excel, JSON and YAML. Without it, nothing is written.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a plan's file and show it; with --out, draw it again.

    Every fault is said with its line. Each action has two ratings that are never one: whether it was
    done, and whether it made a difference.
    """
    import upturn

    with progress(quiet=json) as tell:
        plan = upturn.plan.show(file, out=out, progress=tell)
    if json:
        show_json(plan)
    else:
        show_plan(plan, out)


def show_plan(plan: Plan, out: Path | None) -> None:
    """The plan on the screen, and what was written."""
    from upturn.render.plan_outputs import word_missing
    from upturn.render.plan_terminal import plan_table

    show(plan_table(plan))
    if out is not None:
        show(
            f"Open {out / 'plan.html'} in a browser; fill in {out / 'plan.yaml'} or the Word document."
        )
        if word_missing():
            show(word_missing())
