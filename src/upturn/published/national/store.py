"""The local file of the panel: every version of every file that was imported, and what it held.

SQLite, so that one file holds sources, figures, neighbours, judgements and quarantine. A file imported
again with the same hash changes nothing; with another hash it is a new version beside the old.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from upturn.published.national.likely import refuse_unlikely
from upturn.published.national.model import figures
from upturn.published.national.reading import (
    ASIDE,
    FIGURE,
    JUDGEMENT,
    NEIGHBOUR,
    Read,
    read_published,
)
from upturn.records.sheets import SourceError

SOURCE: dict[str, pl.DataType] = {
    "id": pl.Int64(), "name": pl.String(), "sha256": pl.String(), "kind": pl.String(),
    "family": pl.String(), "published": pl.Date(), "rows_in": pl.Int64(), "accepted": pl.Int64(),
    "quarantined": pl.Int64(), "unread": pl.String(),
}  # fmt: skip
_TABLES = {"figures": FIGURE, "neighbours": NEIGHBOUR, "judgements": JUDGEMENT, "aside": ASIDE}
_MARK = "upturn national panel 2"


def add_files(
    files: Iterable[Path],
    into: Path,
    *,
    published: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[tuple[str, str], ...]:
    """Read ``files`` into the panel at ``into``, made if it is not there; the files not read, each with why.

    ``published`` is the day the files were published, where known. The caller sees to it that ``into`` is
    a copy, if it must appear whole or not at all. Raises SourceError when not one of them can be used, for
    a day on which none of them can have been published, and for a panel that is none.
    """
    found: list[Read] = []
    refused: list[tuple[str, str]] = []
    for path in files:
        if progress:
            progress(f"Reading {path.name}")
        try:
            found.append(read_published(path))
        except SourceError as error:
            refused.append((path.name, str(error)))
    if not found:
        raise SourceError(_all_refused(refused))
    with closing(_opened(into)) as held, held:
        if published is not None:
            refuse_unlikely(published, found, _last_days(held))
        for one in found:
            _add(held, one, published)
    return tuple(refused)


def _all_refused(refused: list[tuple[str, str]]) -> str:
    if not refused:
        return "no file was given to import"
    more = f" (and {len(refused) - 1} more, none of them known)" if len(refused) > 1 else ""
    return refused[0][1] + more


def _last_days(held: sqlite3.Connection) -> list[date]:
    """The last days that the panel's figures and judgements are of, if it has any."""
    years = held.execute("select measure, max(year) from figures group by measure").fetchall()
    days = [figures()[measure].census_day(year) for measure, year in years if measure in figures()]
    (judged,) = held.execute("select max(date) from judgements").fetchone()
    return [*days, *([date.fromisoformat(judged)] if judged else [])]


def copy_of(panel: Path, to: Path) -> None:
    """A copy of the panel to add to, when there is one. Raises SourceError for a folder."""
    if panel.is_dir():
        raise SourceError(f"{panel.name}: is a folder; name the panel's file")
    if panel.exists():
        shutil.copyfile(panel, to)


def _opened(path: Path, *, to_read: bool = False) -> sqlite3.Connection:
    if path.is_dir():
        raise SourceError(f"{path.name}: is a folder; name the panel's file")
    new = not to_read and (not path.exists() or path.stat().st_size == 0)
    held = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if to_read else 'rwc'}", uri=True
    )
    try:
        if new:
            _make(held)
        _check(held, path)
    except sqlite3.DatabaseError:
        held.close()
        raise SourceError(
            f"{path.name}: not a national panel; make one with `upturn national import`"
        ) from None
    except SourceError:
        held.close()
        raise
    return held


def _make(held: sqlite3.Connection) -> None:
    held.execute("create table about (said text)")
    held.execute("insert into about values (?)", [_MARK])
    held.execute(f"create table sources ({', '.join(SOURCE)}, primary key (id))")
    for name, columns in _TABLES.items():
        held.execute(f"create table {name} (source, {', '.join(columns)})")
    held.commit()


def _check(held: sqlite3.Connection, path: Path) -> None:
    if held.execute("select said from about").fetchone() != (_MARK,):
        raise SourceError(f"{path.name}: a panel of another version; import the files again")


def _add(held: sqlite3.Connection, one: Read, published: date | None) -> None:
    """The rows of one file, unless this very file is there."""
    if held.execute("select 1 from sources where sha256 = ?", [one.sha256]).fetchone():
        return
    (number,) = held.execute("select coalesce(max(id), 0) + 1 from sources").fetchone()
    said = published.isoformat() if published else None
    accepted = one.rows_in - one.aside.height
    row = (number, one.name, one.sha256, one.kind, one.family, said, one.rows_in, accepted,
           one.aside.height, "; ".join(one.unread))  # fmt: skip
    held.execute(f"insert into sources values ({', '.join('?' * len(row))})", row)
    for name, frame in ((one.kind, one.frame), ("aside", one.aside)):
        marks = ", ".join("?" * (frame.width + 1))
        text = frame.with_columns(pl.col(pl.Date).cast(pl.String))
        rows = ((number, *values) for values in text.iter_rows())
        held.executemany(f"insert into {name} values ({marks})", rows)


def sources_at(path: Path) -> pl.DataFrame:
    """Every version of every file in the panel, in the order they came, with the ``figures`` it has by id.

    ``unread`` are its columns, or kinds of row, that are no figure of the panel. Raises SourceError when
    there is no panel at ``path``.
    """
    sources = read_table(path, "sources")
    with closing(_opened(path, to_read=True)) as held:
        rows = held.execute("select distinct source, measure from figures").fetchall()
    order = {id_: n for n, id_ in enumerate(figures())}
    held_by: dict[int, list[str]] = {}
    for source, measure in sorted(rows, key=lambda row: order.get(row[1], 0)):
        held_by.setdefault(source, []).append(measure)
    listed = [held_by.get(id_, []) for id_ in sources["id"]]
    return sources.with_columns(pl.Series("figures", listed, dtype=pl.List(pl.String)))


def read_table(path: Path, name: str) -> pl.DataFrame:
    """A table of the panel: ``sources``, ``figures``, ``neighbours``, ``judgements`` or ``aside``."""
    if not path.exists():
        raise SourceError(
            f"{path}: there is no such panel; make one with `upturn national import FILES`"
        )
    schema: dict[str, Any] = (
        SOURCE if name == "sources" else {"source": pl.Int64(), **_TABLES[name]}
    )
    with closing(_opened(path, to_read=True)) as held:
        rows = held.execute(f"select {', '.join(schema)} from {name}").fetchall()
    text = {column: pl.String() if kind == pl.Date else kind for column, kind in schema.items()}
    frame = pl.DataFrame(rows, schema=text, orient="row")
    dates = [column for column, kind in schema.items() if kind == pl.Date]
    return frame.with_columns(pl.col(column).str.to_date() for column in dates)
