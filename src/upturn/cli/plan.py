"""``upturn plan``: an improvement plan's file shown, rated, measured again and drawn."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upturn.cli.closing import close, page_and_workbook
from upturn.cli.extract import Reading, reads_extract
from upturn.cli.groups import group
from upturn.cli.options import AsJson, Source, folder_option, option, parse_date
from upturn.cli.screen import progress

if TYPE_CHECKING:
    from rich.console import RenderableType

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
        folder_option("the plan as page, Word, Excel, JSON and YAML"),
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
    from upturn.render.plan_terminal import plan_tables

    close(plan, json=json, screen=plan_tables, written=page_to_fill_in(out), word="plan.docx")


@app.command("rate", epilog=RATE_EXAMPLES)
def rate(
    file: PlanFile,
    action: Annotated[
        str,
        typer.Argument(metavar="ACTION", help="An action's id, such as A1.", show_default=False),
    ],
    on: Annotated[
        date,
        option(
            "--on",
            "DATE",
            "The day of the rating: 2026-09-30 or 30/09/2026.",
            parser=parse_date,
        ),
    ],
    done: Annotated[
        str | None,
        option("--done", "WORD", "Was it carried out? not started, under way, done or stopped."),
    ] = None,
    difference: Annotated[
        str | None,
        option(
            "--difference",
            "WORD",
            "Did it change anything for children? too early to tell, cannot tell, none, some or clear.",
        ),
    ] = None,
    by: Annotated[str, option("--by", "WHO", "A role or a board.")] = "",
    why: Annotated[str, option("--why", "TEXT", "Why.")] = "",
    evidence: Annotated[
        list[str] | None,
        option(
            "--evidence",
            "WHAT=WHERE",
            "What the rating rests on, and where it is kept if that is known. May be repeated.",
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
    close(plan, json=json, screen=lambda rated: _rated(rated, action), written=_write_next(file))


def _rated(plan: Plan, action: str) -> list[RenderableType]:
    from upturn.improvement.summary import done_without_difference

    found = plan.action(action)
    said: list[RenderableType] = [
        f"{found.id}: {found.done_now}; difference: {found.difference_now}."
    ]
    if action in done_without_difference(plan):
        said.append("Done, and no difference: ask whether the cause was another one.")
    return said


def _write_next(file: Path) -> str:
    return f"Next: upturn plan write {file}"


@app.command("measure", epilog=MEASURE_EXAMPLES)
@reads_extract("as_at", "mapping")
def measure(
    file: PlanFile,
    source: Source,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Work out a plan's measures anew from an extract, and add them with their date.

    Earlier readings stay, and the same extract given again changes nothing. The plan's file is written whole
    or not at all.
    """
    import upturn

    with progress(quiet=json) as tell:
        taken = upturn.plan.measure(file, source, **reading, progress=tell)
    from upturn.render.plan_terminal import measures_table, taken_words

    close(
        taken.plan,
        json=json,
        screen=lambda plan: [measures_table(plan), *taken_words(taken, file.name)],
        written=_write_next(file),
    )


@app.command("write", epilog=WRITE_EXAMPLES)
def write(
    file: PlanFile,
    out: Annotated[
        Path | None,
        option("--out", "DIR", "Folder to write into. Without it, the folder of the plan's file."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Draw a plan again as page, Word, Excel and JSON, beside its file.

    The file itself is left as it is.
    """
    import upturn

    with progress(quiet=json) as tell:
        plan = upturn.plan.write(file, out=out, progress=tell)
    folder = file.resolve().parent if out is None else out
    close(
        plan,
        json=json,
        screen=lambda _: (),
        written=page_and_workbook(folder, "plan"),
        word="plan.docx",
    )


def page_to_fill_in(out: Path | None) -> str:
    """Where a plan's page is, and what is to be filled in; empty when nothing was written.

    >>> page_to_fill_in(None)
    ''
    """
    if out is None:
        return ""
    return (
        f"Open {out / 'plan.html'} in a browser; fill in {out / 'plan.yaml'} or the Word document."
    )
