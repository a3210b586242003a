"""The files of a workload, written together: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import polars as pl

from upturn.render import excel
from upturn.render import workload_words as words
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.summary import casebook_provenance, to_json
from upturn.render.tables import add_sheet
from upturn.render.workload import workload_html
from upturn.workload.delay.model import ASSOCIATION, Delay
from upturn.workload.result import Workload
from upturn.workload.tables import covers

#: The files that `write_workload` writes.
OUTPUTS = (
    "workload.html",
    "workload.xlsx",
    "workload_teams.csv",
    "workload_workers.csv",
    "workload_children.csv",
    "workload.json",
)


def write_workload(
    found: Workload, out: Path, *, names: bool = False, progress: Callable[[str], None] | None = None
) -> list[Path]:  # fmt: skip
    """Write the page, the workbook, three CSV files and the JSON. Returns the paths.

    Workers are named in the workbook, the CSV files and the JSON only with ``names``, and never on the page.
    Raises `OutputError` when ``out`` cannot be written; nothing half-written remains then.
    """
    paths: list[Path] = []
    if progress:
        progress("Writing the workload")
    with delivered(out, paths) as staged:
        (staged / "workload.html").write_bytes(workload_html(found).encode())
        _write_workbook(found, staged / "workload.xlsx", names=names)
        (staged / "workload_teams.csv").write_bytes(csv_bytes(found.teams))
        (staged / "workload_workers.csv").write_bytes(csv_bytes(words.named(found, names=names)))
        children = children_table(found, names=names)
        (staged / "workload_children.csv").write_bytes(csv_bytes(children))
        record = workload_record(found, names=names)
        (staged / "workload.json").write_text(to_json(record), "utf-8", newline="\n")
    return paths


def children_table(found: Workload, *, names: bool) -> pl.DataFrame:
    """Every child held at the extract or open without a worker, with what is known of who held it."""
    now = found.allocations.filter(covers(found.as_at) & pl.col("worker").is_not_null())
    rows = now.select("child_id", "team", "worker", since="start").unique(
        ["child_id", "worker"], maintain_order=True
    )
    gone = found.with_leavers.select("child_id", "worker", left=pl.lit(True))
    rows = rows.join(gone, on=["child_id", "worker"], how="left", maintain_order="left")
    nobody = found.nobody.select("child_id", "team")
    rows = pl.concat([rows, nobody], how="diagonal").with_columns(
        held=pl.when(pl.col("left").fill_null(False)).then(pl.lit("by somebody who has left"))
        .when(pl.col("worker").is_null()).then(pl.lit("by nobody named")).otherwise(pl.lit("yes"))
    )  # fmt: skip
    changed = found.changes.select("child_id", workers_in_12_months="workers", changes="changes")
    unheld = found.unheld.select("child_id", days_nobody="days", longest_nobody="longest")
    rows = rows.join(changed, on="child_id", how="left", maintain_order="left")
    rows = rows.join(unheld, on="child_id", how="left", maintain_order="left").drop("left")
    return rows.sort("team", "child_id") if names else rows.drop("worker").sort("team", "child_id")


def workload_record(found: Workload, *, names: bool = False) -> dict[str, object]:
    """The workload as one JSON object: what it rests on, every table, every model."""
    return {
        **casebook_provenance(found.casebook),
        "workforce": _file(found),
        "scheme": asdict(found.scheme),
        "told": {"tested": found.told, "because": found.because},
        "children": found.children,
        "load": found.load,
        "teams": found.teams,
        "workers": words.named(found, names=names),
        "months": found.months,
        "posts": found.posts,
        "team_posts": found.team_posts,
        "post_months": found.post_months,
        "nobody": found.nobody,
        "children_held": children_table(found, names=names),
        "waits": found.waits,
        "delays": [_delay(d) for d in found.delays],
        "warning": ASSOCIATION,
        "notes": list(found.notes),
    }  # fmt: skip


def _file(found: Workload) -> dict[str, object] | None:
    file = found.workforce
    if file is None:
        return None
    return {
        "name": file.source_name,
        "sha256": file.sha256,
        "rows_in": file.rows_in,
        "quarantined": file.quarantined,
    }


def _delay(delay: Delay) -> dict[str, object]:
    return {
        "outcome": asdict(delay.outcome),
        "sentence": delay.sentence,
        "clear": delay.clear,
        "because": delay.because,
        "cases": delay.cases,
        "done": delay.done,
        "late_entries": delay.late_entries,
        "statement": delay.statement,
        "coefficients": delay.coefficients,
        "fifths": delay.fifths,
        "warnings": list(delay.warnings),
    }


def _write_workbook(found: Workload, path: Path, *, names: bool) -> None:
    with excel.workbook(path, as_at=found.as_at) as book:
        for name, title, table in _sheets(found, names=names):
            add_sheet(book, name, title, table)


def _sheets(found: Workload, *, names: bool) -> list[tuple[str, str, pl.DataFrame]]:
    """The sheets that have something in them: name, title, table."""
    models = [
        d.coefficients.with_columns(outcome=pl.lit(d.outcome.name)).select("outcome", pl.exclude("outcome"))
        for d in found.delays
    ]  # fmt: skip
    refused = found.workforce.quarantine if found.workforce else pl.DataFrame()
    sheets = [
        ("Summary", "Workload", _summary(found)),
        ("Teams", "Children for each worker, by team", found.teams),
        ("Workers", "Children each worker holds", words.named(found, names=names)),
        ("Children", "Who holds each child", children_table(found, names=names)),
        ("Nobody", "Open children without a named worker", found.nobody),
        ("Waits", "Working days from referral to a named worker", found.waits),
        ("Months", "Children for each worker, by month", found.months),
        ("Posts", "Full-time equivalents by month", found.post_months),
        ("Load and delay", ASSOCIATION[:80], pl.concat(models) if models else pl.DataFrame()),
        (
            "Workforce faults",
            "Rows and cells of the workforce file not used",
            _open(refused, names),
        ),
    ]
    return [sheet for sheet in sheets if sheet[2].height]


def _open(refused: pl.DataFrame, names: bool) -> pl.DataFrame:
    """The quarantine of the workforce file; without names, without the cells that may hold one."""
    if names or not refused.height:
        return refused
    return refused.select("level", "check", "source_sheet", "source_row", "column", "what_to_do")


def _summary(found: Workload) -> pl.DataFrame:
    """What the page says, a line each."""
    lines = [(tile.name, f"{tile.big} ({tile.of})") for tile in words.tiles(found)]
    lines += [("over the last twelve months", line) for line in words.history_words(found)]
    lines += [("posts", line) for line in words.posts_words(found)]
    lines += [("load and delay", delay.sentence) for delay in found.delays]
    lines += [("read with care", ASSOCIATION)]
    lines += [("how a caseload is weighed", line) for line in words.scheme_words(found)]
    lines += [("note", line) for line in found.notes]
    return pl.DataFrame(lines, schema=["what", "says"], orient="row")
