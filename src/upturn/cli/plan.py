"""``upturn plan``: an improvement plan's file shown, rated, measured again and drawn."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.groups import group
from upturn.cli.options import AsAt, AsJson, MappingFile, Source, parse_date
from upturn.cli.screen import progress, show, show_json

if TYPE_CHECKING:
    from upturn.improvement.model import Plan

app = group("Improvement plans: show one, rate its actions, measure it again, draw it.")

SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn plan show plan/plan.yaml

  upturn plan show plan/plan.yaml --out board

  upturn plan show plan/plan.yaml --json
"""
RATE_EXAMPLES = """
[bold]Examples[/bold]

  upturn plan rate plan/plan.yaml A1 --done "under way" --on 2026-03-02 --by "improvement board"

  upturn plan rate plan/plan.yaml A1 --difference none --on 2026-09-01 --why "children say the same"

  upturn plan rate plan/plan.yaml A1 --done done --on 2026-09-01 --evidence "Audit 2=audits/2.xlsx"
"""
MEASURE_EXAMPLES = """
[bold]Examples[/bold]

  upturn plan measure plan/plan.yaml annex_a.xlsx

  upturn plan measure plan/plan.yaml annex_a.xlsx --as-at 2026-09-30
"""
WRITE_EXAMPLES = """
[bold]Examples[/bold]

  upturn plan write plan/plan.yaml

  upturn plan write plan/plan.yaml --out board
"""

PlanFile = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN",
        help="A plan's file (YAML), as upturn report plan writes it.",
        show_default=False,
    ),
]


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    file: PlanFile,
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
    """Check a plan's file and show it: actions, both ratings over time, measures.

    Every fault is said with its line. Each action has two ratings that are never one: whether it was
    done, and whether it made a difference. With --out, draw it again.
    """
    import upturn

    with progress(quiet=json) as tell:
        plan = upturn.plan.show(file, out=out, progress=tell)
    if json:
        show_json(plan)
        return
    from upturn.render.plan_terminal import plan_tables

    show(plan_tables(plan))
    _say_written(out)


@app.command("rate", epilog=RATE_EXAMPLES)
def rate(
    file: PlanFile,
    action: Annotated[
        str,
        typer.Argument(metavar="ACTION", help="An action's id, such as A1.", show_default=False),
    ],
    on: Annotated[
        date,
        typer.Option(
            "--on",
            parser=parse_date,
            metavar="DATE",
            help="The day of the rating: 2026-09-30 or 30/09/2026.",
            show_default=False,
        ),
    ],
    done: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help="Was it carried out? not started, under way, done or stopped.",
            show_default=False,
        ),
    ] = None,
    difference: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help="Did it change anything for children? too early to tell, cannot tell, none, some or clear.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="WHO", help="A role or a board.", show_default=False)
    ] = "",
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why.", show_default=False)] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=WHERE",
            help="What the rating rests on, and where it is kept if that is known. May be repeated.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Add a dated rating to an action: whether it was done, made a difference, or both.

    Earlier ratings stay. The plan's file is written whole or not at all.
    """
    import upturn

    plan = upturn.plan.rate(
        file,
        action,
        on=on,
        done=done,
        difference=difference,
        by=by,
        why=why,
        evidence=evidence or (),
    )
    if json:
        show_json(plan)
        return
    found = plan.action(action)
    show(f"{found.id}: {found.done_now}; difference: {found.difference_now}.")
    if action in _to_talk_about(plan):
        show("Done, and no difference: ask whether the cause was another one.")
    show(f"Next: upturn plan write {file}")


def _to_talk_about(plan: Plan) -> tuple[str, ...]:
    from upturn.improvement.summary import done_without_difference

    return done_without_difference(plan)


@app.command("measure", epilog=MEASURE_EXAMPLES)
def measure(
    file: PlanFile,
    source: Source,
    as_at: AsAt = None,
    mapping: MappingFile = None,
    json: AsJson = False,
) -> None:
    """Work out a plan's measures anew from an extract, and add them with their date.

    Earlier readings stay, and the same extract given again changes nothing. The plan's file is written whole
    or not at all.
    """
    import upturn

    with progress(quiet=json) as tell:
        taken = upturn.plan.measure(file, source, as_at=as_at, mapping=mapping, progress=tell)
    if json:
        show_json(taken.plan)
        return
    from upturn.render.plan_terminal import measures_table, taken_words

    show(measures_table(taken.plan))
    show(*taken_words(taken, file.name))
    show(f"Next: upturn plan write {file}")


@app.command("write", epilog=WRITE_EXAMPLES)
def write(
    file: PlanFile,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder to write into. Without it, the folder of the plan's file.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Draw a plan again as page, Word, Excel and JSON, beside its file.

    The file itself is left as it is.
    """
    import upturn

    with progress(quiet=json) as tell:
        plan = upturn.plan.write(file, out=out, progress=tell)
    if json:
        show_json(plan)
        return
    from upturn.render.plan_outputs import word_missing

    folder = file.resolve().parent if out is None else out
    show(f"Open {folder / 'plan.html'} in a browser; the workbook is {folder / 'plan.xlsx'}.")
    if word_missing():
        show(word_missing())


def show_plan(plan: Plan, out: Path | None) -> None:
    """A drafted plan on the screen, and what was written."""
    from upturn.render.plan_terminal import plan_table

    show(plan_table(plan))
    _say_written(out)


def _say_written(out: Path | None) -> None:
    from upturn.render.plan_outputs import word_missing

    if out is not None:
        show(
            f"Open {out / 'plan.html'} in a browser; fill in {out / 'plan.yaml'} or the Word document."
        )
        if word_missing():
            show(word_missing())
