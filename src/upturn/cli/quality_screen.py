"""The data-quality report on the screen."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from upturn.records.quality import QualityReport
from upturn.render.terminal import frame_table

#: Rows of a table that a screen has room for.
MOST = 15
SHOWN = ("By list", "By check", "By team", "By worker")


def quality_tables(report: QualityReport) -> list[RenderableType]:
    """The tables, the longest cut short with a word about what is left out."""
    parts: list[RenderableType] = [_head(report)]
    for title, frame in report.tables().items():
        if title not in SHOWN or frame.is_empty():
            continue
        parts.append(frame_table(frame.head(MOST), title))
        if frame.height > MOST:
            parts.append(Text(f"... and {frame.height - MOST} more; --out DIR writes them all\n"))
    return parts


def _head(report: QualityReport) -> Text:
    book = report.casebook
    rows = sum(count.rows_in for count in book.counts)
    accepted = sum(count.accepted for count in book.counts)
    return Text(
        f"{book.source_name}, as at {book.as_at:%d/%m/%Y}, SHA-256 {book.sha256[:12]}\n"
        f"{rows:,} rows in = {accepted:,} accepted + {rows - accepted:,} quarantined\n"
    )
