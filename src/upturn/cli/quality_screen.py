"""The data-quality report on the screen."""

from __future__ import annotations

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from upturn.records.lists.checks import CHECKS
from upturn.records.quality import QualityReport
from upturn.render.terminal import frame_table, plain

#: Rows of a table that a screen has room for.
MOST = 15
TO_DO = {id_: check.what_to_do for id_, check in CHECKS.items()}


def quality_on_screen(report: QualityReport) -> list[RenderableType]:
    """The tables that say where the faults are; the long ones cut short, with a word about the rest."""
    spelled = report.casebook.spellings.filter(pl.col("how").is_in(["not understood", "ambiguous"]))
    tables = {
        "By source": report.by_source.drop("sha256"),
        "Where the sources disagree": report.disagreements.drop("table"),
        "What to mend": _to_mend(report.by_check),
        "Spellings not understood": spelled.select(
            "source_list", "column", "spelling", "count", "because"
        ),
        "By list": report.by_list,
        "Columns with something set aside": report.by_column.filter(pl.col("set_aside") > 0),
        "By team": report.by_team,
        "By worker": report.by_worker,
    }
    parts: list[RenderableType] = [_head(report)]
    for title, frame in tables.items():
        if frame.height:
            parts.append(frame_table(frame.head(MOST), title))
        if frame.height > MOST:
            parts.append(Text(f"... and {frame.height - MOST} more; --out DIR writes them all\n"))
    return parts


def _to_mend(by_check: pl.DataFrame) -> pl.DataFrame:
    return by_check.select(
        "count",
        "level",
        pl.format("{}, {}", "source_list", pl.col("column").fill_null("whole row")).alias("where"),
        pl.col("name").alias("fault"),
        pl.col("check").replace_strict(TO_DO, default=None).alias("what to do"),
    )


def _head(report: QualityReport) -> Text:
    book = report.casebook
    rows = sum(count.rows_in for count in book.counts)
    accepted = sum(count.accepted for count in book.counts)
    return Text(
        f"{plain(book.source_name)}, as at {plain(book.as_at)} ({plain(book.as_at_reason)})\n"
        f"SHA-256 {book.sha256}\n"
        f"{rows:,} rows in = {accepted:,} accepted + {rows - accepted:,} quarantined\n"
    )
