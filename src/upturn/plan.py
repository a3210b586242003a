"""Improvement plans of the public face: a plan's file shown, rated, measured again and drawn.

The command line's ``upturn plan`` has the same verbs. `upturn.report.plan` drafts one from a report. What is
added to a plan is dated, and what stands there is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.improvement.measured import Taken
    from upturn.improvement.model import Evidence, Plan
    from upturn.records.read import Sources

__all__ = ["measure", "rate", "show", "write"]


def show(
    file: str | Path,
    *,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Read the plan in ``file`` (YAML), and with ``out`` write it there as page, Word, Excel, JSON and YAML.

    ``plan.yaml`` in ``out`` is written anew, without comments of your own: keep those as notes.
    Raises `RulebookError` with every fault and its line, and `OutputError` when ``out`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> text = "plan: {title: Ours, actions: [{id: A1, title: Visits, asked: [{basis: yours, words: x}]}]}"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "plan.yaml"
    ...     _ = file.write_text(text)
    ...     show(file).actions[0].done_now
    'not started'
    """
    from upturn.improvement.file import read_plan

    plan = read_plan(Path(file))
    if out is not None:
        from upturn.render.plan_outputs import write_plan

        write_plan(plan, Path(out), progress=progress)
    return plan


def rate(
    file: str | Path,
    action: str,
    *,
    on: date,
    done: str | None = None,
    difference: str | None = None,
    by: str = "",
    why: str = "",
    evidence: Sequence[str] = (),
) -> Plan:
    """Add a rating to ``action`` of the plan in ``file``: ``done``, made a ``difference``, or both.

    ``on`` is the day of the rating, ``by`` a role or a board, ``why`` the reason. Each of ``evidence`` is
    what it rests on, with where it is kept after a ``=`` if that is known ("Audit 2=audits/2.xlsx"). Earlier
    ratings stay. The file is written whole or not at all; the other forms by `write`.

    Raises `SourceError` for an action or a word that there is not, a day before the last rating or years
    from anything in the plan, a difference of an action that nobody has started, and a file with comments
    that would be lost; `RulebookError` for a file that is no plan; `OutputError` when it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> text = "plan: {title: Ours, actions: [{id: A1, title: Visits, asked: [{basis: yours, words: x}]}]}"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "plan.yaml"
    ...     _ = file.write_text(text)
    ...     rate(file, "A1", done="under way", on=date(2026, 3, 2)).action("A1").done_now
    'under way'
    """
    from upturn.improvement.likely import refuse_unlikely
    from upturn.improvement.model import PlanError, RatingKind
    from upturn.improvement.model import rate as rated
    from upturn.render.plan_file import change_plan

    given: list[tuple[RatingKind, str]] = []
    given += [("done", done)] if done is not None else []
    given += [("difference", difference)] if difference is not None else []
    if not given:
        raise PlanError("nothing to add: give --done, --difference or both")
    rests = [_evidence(text, on) for text in evidence]

    def both(plan: Plan) -> Plan:
        refuse_unlikely(plan, on)
        for kind, value in given:
            plan = rated(plan, action, kind, value, on=on, by=by, why=why, evidence=rests)
        return plan

    return change_plan(Path(file), both)


def _evidence(text: str, on: date) -> Evidence:
    from upturn.improvement.model import Evidence, PlanError

    what, _, where = (part.strip() for part in text.partition("="))
    if not what:
        raise PlanError(f"{text!r} names no evidence; write what it is, or WHAT=WHERE")
    return Evidence(what, on, where)


def measure(
    file: str | Path,
    source: Sources,
    *,
    as_at: date | None = None,
    mapping: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Taken:
    """Work out the measures of the plan in ``file`` anew from ``source``, the council's extract.

    Each is added as a reading with the date it is as at; earlier ones stay. ``as_at`` and ``mapping`` are
    those of `check`. A measure without a baseline takes its first reading for one when nobody has started
    the action. The same extract given again changes nothing. The file is written whole or not at all.

    Raises `SourceError` for an extract that cannot be read or is older than the plan's figures, a plan
    without a measure that can be worked out, and a file with comments that would be lost; `RulebookError`
    for a file that is no plan; `OutputError` when it cannot be written.

    >>> measure("no-such-plan.yaml", "annex_a.xlsx")
    Traceback (most recent call last):
    ...
    upturn.rulebooks.located.RulebookError: ...
    """
    from upturn.improvement.file import read_plan
    from upturn.improvement.measured import measured
    from upturn.journeys.check import run_check
    from upturn.render.plan_file import change_plan

    read_plan(Path(file))  # a faulty plan is refused before the extract is read
    spellings = None if mapping is None else Path(mapping)
    check = run_check(source, as_at=as_at, mapping=spellings, progress=progress)
    found: list[Taken] = []

    def again(plan: Plan) -> Plan:
        found.append(measured(plan, check))
        return found[-1].plan

    change_plan(Path(file), again)
    return found[-1]


def write(
    file: str | Path,
    *,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Write the plan in ``file`` as page, Word, Excel and JSON beside it, or into ``out``.

    The plan's own file is left as it is. Raises `RulebookError` with every fault and its line, and
    `OutputError` when the folder cannot be written.

    >>> write("no-such-plan.yaml")
    Traceback (most recent call last):
    ...
    upturn.rulebooks.located.RulebookError: ...
    """
    from upturn.improvement.file import read_plan
    from upturn.render.plan_outputs import write_plan

    plan = read_plan(Path(file))
    folder = Path(file).resolve().parent if out is None else Path(out)
    write_plan(plan, folder, progress=progress, drawn_only=True)
    return plan
