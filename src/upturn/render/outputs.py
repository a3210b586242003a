"""The files of a check, written together: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from upturn.journeys.result import Check
from upturn.render.cells import csv_bytes
from upturn.render.delivery import OutputError, delivered
from upturn.render.due import write_due
from upturn.render.report import report_html
from upturn.render.summary import summary, to_json
from upturn.render.tables import write_table
from upturn.render.view import worst_first

__all__ = ["CLOCK_COLUMNS", "OUTPUTS", "OutputError", "write_check", "write_table"]

#: The files that `write_check` writes.
OUTPUTS = (
    "report.html", "due.xlsx", "clocks.csv", "quarantine.csv", "disagreements.csv", "summary.json"
)  # fmt: skip
#: The columns of ``clocks.csv``, in order.
CLOCK_COLUMNS = (
    "child_id", "episode_id", "rule", "source_rows", "started_on", "due_on", "met_on", "state",
    "working_days", "team", "worker", "reason",
)  # fmt: skip
_CLOCK_ORDER = ("child_id", "episode_id", "rule", "started_on", "due_on", "source_rows")


def write_check(
    check: Check, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the files of `OUTPUTS`: the report, the workbook, three CSV files and the summary.

    ``disagreements.csv`` says where several sources differ; of one source it has no rows.
    They are built beside ``out`` and moved in when all are complete; files of earlier runs are replaced,
    others left alone. ``progress`` is told, in words, what is being written. Returns the paths.

    Raises `OutputError`, with one clear line, when ``out`` cannot be written (no permission, disk full, a
    file in the way). Nothing half-written remains then, and earlier outputs are as they were.

    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> from upturn.journeys.result import CLOCKS, COVERAGE, EVENTS
    >>> from upturn.records.casebook import Casebook
    >>> from upturn.records.quarantine import nothing
    >>> book = Casebook("annex_a", "empty.xlsx", "0" * 64, date(2026, 9, 30), "given", {}, (), nothing(),
    ...                 pl.DataFrame())
    >>> none = [pl.DataFrame(schema=schema) for schema in (CLOCKS, EVENTS, COVERAGE)]
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_check(Check(book, *none, {}, (), 10), Path(folder) / "out")]
    ['clocks.csv', 'disagreements.csv', 'due.xlsx', 'quarantine.csv', 'report.html', 'summary.json']
    """
    tell = progress or (lambda _: None)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        clocks = worst_first(check)
        tell("Writing the report")
        (staged / "report.html").write_bytes(report_html(check, clocks).encode())
        tell("Writing the workbook for team managers")
        write_due(check, clocks, staged / "due.xlsx")
        tell("Writing the lists and the summary")
        (staged / "clocks.csv").write_bytes(csv_bytes(clocks_table(check.clocks)))
        (staged / "quarantine.csv").write_bytes(csv_bytes(check.casebook.quarantine))
        (staged / "disagreements.csv").write_bytes(csv_bytes(check.casebook.disagreements))
        (staged / "summary.json").write_text(to_json(summary(check)), "utf-8", newline="\n")
    return paths


def clocks_table(clocks: pl.DataFrame) -> pl.DataFrame:
    """The clocks as ``clocks.csv`` has them: its columns, by child, episode and rule.

    >>> from upturn.journeys.result import CLOCKS
    >>> tuple(clocks_table(pl.DataFrame(schema=CLOCKS)).columns) == CLOCK_COLUMNS
    True
    """
    ordered = clocks.sort(_CLOCK_ORDER, nulls_last=True, maintain_order=True)
    return ordered.select(CLOCK_COLUMNS)
