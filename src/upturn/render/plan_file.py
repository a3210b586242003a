"""A plan's file changed in place: read, changed, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from upturn.improvement.comments import comments_in
from upturn.improvement.file import plan_yaml, read_plan
from upturn.improvement.model import Plan, PlanError
from upturn.render.delivery import delivered


def change_plan(file: Path, change: Callable[[Plan], Plan]) -> Plan:
    """The plan in ``file`` as ``change`` makes it, written there when it differs.

    Raises RulebookError for a file that is no plan, PlanError where it holds comments that would be lost
    or somebody else changed it meanwhile, whatever ``change`` raises, and OutputError when it cannot
    be written. The file is then as it was.
    """
    file = file.resolve()
    before = file.read_bytes() if file.is_file() else b""
    plan = read_plan(file)
    _refuse_comments(file.name, before)
    new = change(plan)
    if new == plan:
        return plan
    with delivered(file.parent, [], inside=True) as staged:
        (staged / file.name).write_text(plan_yaml(new), "utf-8", newline="\n")
        if file.read_bytes() != before:
            raise PlanError(f"{file.name}: somebody changed it meanwhile; nothing was written")
    return new


def _refuse_comments(name: str, before: bytes) -> None:
    lines = list(comments_in(before.decode("utf-8-sig")))
    if lines:
        raise PlanError(
            f"{name}, line {lines[0]}: a comment of your own would be lost; make it a note "
            f"({len(lines)} in the file)"
        )
