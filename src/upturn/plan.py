"""Improvement plans of the public face: a plan's file read, checked and drawn again.

The command line's ``upturn plan`` has the same verbs. `upturn.report.plan` drafts one from a report.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.improvement.model import Plan

__all__ = ["show"]


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
