"""The workforce of a made-up council as the file a council would send: a row for each spell."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from upturn.synthetic.annex_a.write import save
from upturn.synthetic.days import Days, dates
from upturn.synthetic.draw import Rng, Streams, chance, from_bands
from upturn.synthetic.figures import figure
from upturn.synthetic.staff import Staff

if TYPE_CHECKING:
    from upturn.synthetic.council import Council

_YEAR = 365
_FULL_TIME = 37.0
_PART_TIME = (18.5, 22.2, 29.6)
_COLUMNS = (
    "post_id", "worker", "team", "role", "hours", "start", "end", "agency", "newly_qualified", "kind",
)  # fmt: skip


def workforce(streams: Streams, staff: Staff, *, first: int, as_at: int) -> pl.DataFrame:
    """Every spell of every post (vacant ones too) and every long leave and sickness, as a table of truth.

    ``end`` is the day from which the spell no longer holds, null while it does. A newly qualified worker's
    first year is a spell of its own.
    """
    rng = streams.of("workforce")
    people = staff.workers.filter(pl.col("started_on") <= as_at)
    n = people.height
    fewer = chance(rng, n, figure("workforce.part_time"))
    part = np.where(fewer, rng.choice(_PART_TIME, n), _FULL_TIME)
    new = ~people["agency"] & (people["started_on"] >= first)
    starter = pl.Series(chance(rng, n, figure("workforce.newly_qualified"))) & new
    in_post = people.select(
        "post", "worker", "agency", hours=pl.Series(part), newly_qualified=starter,
        start="started_on", end="left_on", kind=pl.lit("in post"),
    )  # fmt: skip
    vacant, away = _vacant(staff, in_post, first, as_at), _away(rng, in_post, first, as_at)
    rows = pl.concat([_first_years(in_post), vacant, *away], how="diagonal_relaxed")
    rows = rows.filter(pl.col("start") <= as_at)
    rows = rows.sort("post", "start", "kind", maintain_order=True)
    return _named(dates(rows, "start", "end", as_at=as_at), staff)


def _named(rows: pl.DataFrame, staff: Staff) -> pl.DataFrame:
    team = staff.teams["team"].gather(staff.post_team[rows["post"].to_numpy()])
    adviser = pl.col("team").str.starts_with("Leaving")
    return rows.with_columns(
        team=team, post_id=pl.format("P{}", (pl.col("post") + 1).cast(pl.String).str.zfill(4))
    ).select(
        *(c if c != "role" else _role(adviser) for c in _COLUMNS)
    )  # fmt: skip


def _role(adviser: pl.Expr) -> pl.Expr:
    said = pl.when(adviser).then(pl.lit("Personal Adviser")).otherwise(pl.lit("Social Worker"))
    return said.alias("role")


def _first_years(in_post: pl.DataFrame) -> pl.DataFrame:
    """The spells, those of the newly qualified cut after the first year."""
    turn = pl.min_horizontal(pl.col("start") + _YEAR, "end")
    early = in_post.with_columns(end=pl.when("newly_qualified").then(turn).otherwise("end"))
    later = in_post.filter("newly_qualified").with_columns(
        start=turn, newly_qualified=pl.lit(False)
    )
    return pl.concat([early, later.filter(pl.col("end") > pl.col("start"))])


def _vacant(staff: Staff, in_post: pl.DataFrame, first: int, as_at: int) -> pl.DataFrame:
    """The stretches between ``first`` and the extract in which nobody held a post."""
    ends = pl.DataFrame({"post": np.arange(len(staff.post_team))}).with_columns(
        start=pl.lit(as_at + 1, dtype=pl.Int64), end=pl.lit(as_at + 1, dtype=pl.Int64)
    )
    spans = pl.concat([in_post.select("post", "start", "end"), ends]).sort("post", "start", "end")
    before = pl.col("end").shift(1).over("post").fill_null(first)
    gaps = spans.with_columns(before=before).filter(pl.col("start") > pl.col("before"))
    return gaps.select(
        "post", start="before", end="start", hours=pl.lit(_FULL_TIME), kind=pl.lit("in post")
    )


def _away(rng: Rng, in_post: pl.DataFrame, first: int, as_at: int) -> list[pl.DataFrame]:
    """Long leave and sickness of permanent workers; none longer than they stayed."""
    there = in_post.filter(~pl.col("agency"))
    sick = figure("workforce.sick_spell_days")
    usual = sum((a + b) / 2 * w for a, b, w in sick) / sum(w for *_, w in sick)
    kinds = (
        ("leave", figure("workforce.leave_a_year"), figure("workforce.leave_days")),
        ("sickness", figure("workforce.sickness") * _YEAR / usual, sick),
    )
    return [_spells_away(rng, there, first, as_at, *kind) for kind in kinds]


def _spells_away(
    rng: Rng, there: pl.DataFrame, first: int, as_at: int, kind: str, a_year: float,
    days: list[list[float]],
) -> pl.DataFrame:  # fmt: skip
    start = np.maximum(there["start"].to_numpy(), first)
    end = np.minimum(there["end"].to_numpy(), as_at + 1)
    stay = np.maximum(end - start, 0)
    which: Days = np.repeat(np.arange(len(start)), rng.poisson(stay * a_year / _YEAR))
    begun = start[which] + np.floor(rng.random(len(which)) * stay[which]).astype(np.int64)
    until = begun + from_bands(rng, len(which), days)
    return there[which].select("post", "worker", "agency").with_columns(
        start=pl.Series(begun), end=pl.Series(np.minimum(until, there["end"].to_numpy()[which])),
        kind=pl.lit(kind),
    )  # fmt: skip


def write_workforce(council: Council, path: Path) -> None:
    """Write the council's workforce file (CSV), whole or not at all; the same council, the same bytes.

    Raises OSError when ``path`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from upturn.synthetic import make_council
    >>> with TemporaryDirectory() as folder:
    ...     write_workforce(make_council(faults=[]), Path(folder) / "workforce.csv")
    ...     (Path(folder) / "workforce.csv").read_text().partition(",")[0]
    'post_id'
    """
    yes_no = [
        pl.when(c).then(pl.lit("Y")).when(~pl.col(c)).then(pl.lit("N")).alias(c)
        for c in ("agency", "newly_qualified")
    ]
    buffer = io.BytesIO()
    council.workforce.with_columns(yes_no).write_csv(buffer)
    save(buffer.getvalue(), Path(path))
