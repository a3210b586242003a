"""Families and their children, and which child has which part of the family's episode."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.arrivals import ALONE, LONG_CARE
from upturn.synthetic.days import NEVER, Days, on_or_before
from upturn.synthetic.draw import Rng, Streams, chance, from_bands, one_of
from upturn.synthetic.episodes import TAKEN, Episodes
from upturn.synthetic.figures import figure

YEAR = 365.25
#: A young person is referred up to this age, so that an assessment can end before the 18th birthday.
OLDEST = 17.55


def children_of(streams: Streams, e: Episodes) -> pl.DataFrame:
    """Every child of every family: ids, date of birth (a day number), sex, ethnicity and so on."""
    first = (
        np.concatenate([[True], e.family[1:] != e.family[:-1]]) if len(e) else np.array([], bool)
    )
    family, kind, met = e.family[first], e.kind[first], e.referred[first]
    which, age = _ages(streams.of("ages"), kind)
    born = met[which] - np.round(age * YEAR).astype(np.int64)
    return _described(streams, family[which], kind[which], born)


def unknown_children(streams: Streams, n: int, *, day: Days, first_family: int) -> pl.DataFrame:
    """Children of families never referred: one a family, of any age on the day given."""
    rng = streams.of(f"unknown children {first_family}")
    age = np.minimum(from_bands(rng, n, _age_bands()) + rng.random(n), 17.9)
    born = day - np.round(age * YEAR).astype(np.int64)
    family = first_family + np.arange(n, dtype=np.int64)
    return _described(streams, family, np.zeros(n, dtype=np.int64), born)


def _age_bands() -> list[list[float]]:
    bands: list[list[float]] = figure("people.age_bands")
    return bands


def _ages(rng: Rng, kind: Days) -> tuple[Days, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Which family each child belongs to, and its age at the family's first referral."""
    n = len(kind)
    shares = np.array(figure("people.children_in_family"))
    size = np.where(kind == ALONE, 1, 1 + rng.choice(len(shares), n, p=shares / shares.sum()))
    base = np.where(kind == ALONE, 15.0, from_bands(rng, n, _age_bands())) + rng.random(n)
    base = np.where(kind == LONG_CARE, base * 0.6, base)
    unborn = chance(rng, n, figure("people.unborn")) & (kind == 0)
    size = np.where(unborn, 1, size)
    base = np.where(unborn, -rng.random(n) * 0.33, base)
    which = np.repeat(np.arange(n), size)
    nth = np.arange(len(which)) - (np.cumsum(size) - size)[which]
    away = nth * (1.1 + rng.random(len(which)) * 2.2)
    younger = base[which] - away
    age = np.where(younger >= 0, younger, base[which] + away)
    age = np.where(nth == 0, base[which], age)
    keep = age < OLDEST
    return which[keep], age[keep]


def _described(streams: Streams, family: Days, kind: Days, born: Days) -> pl.DataFrame:
    n = len(family)
    rng = streams.of(f"people {n} {int(family[0]) if n else 0}")
    sex = np.where(chance(rng, n, figure("people.boys")), "M", "F")
    sex = np.where(chance(rng, n, figure("people.sex_not_stated")), "U", sex)
    shared = one_of(rng, n, figure("people.ethnicity"))
    first = np.concatenate([[0], np.flatnonzero(np.diff(family)) + 1]) if n else np.array([], int)
    lead = first[np.searchsorted(first, np.arange(n), side="right") - 1] if n else first
    own = chance(rng, n, 0.06)
    disabled = chance(rng, n, np.where(kind == 1, 0.85, figure("people.disability")))
    return pl.DataFrame(
        {
            "family": family,
            "born": born,
            "sex": sex,
            "ethnicity": np.where(own, shared, shared[lead]) if n else shared,
            "disability": disabled,
            "uasc": kind == ALONE,
        }
    )


def numbered(streams: Streams, children: pl.DataFrame) -> pl.DataFrame:
    """The same with a row number ``child`` and an identifier ``child_id`` of seven figures, never twice."""
    n = children.height
    some = np.unique(streams.of("identifiers").integers(1_000_000, 10_000_000, 2 * n + 50))
    ids = streams.of("order of identifiers").permutation(some)[:n]
    return children.with_row_index("child").with_columns(
        pl.col("child").cast(pl.Int64), child_id=pl.Series(ids).cast(pl.String)
    )


def child_episodes(streams: Streams, e: Episodes, children: pl.DataFrame) -> pl.DataFrame:
    """Each child's part of each episode: the family's days, cut at the child's 18th birthday.

    One row per child and episode, with the columns of `Episodes`, ``episode`` (its number), and
    ``in_care`` for children who came into care. Closed means closed for this child.
    """
    frame = pl.DataFrame({name: getattr(e, name) for name in e.__dataclass_fields__})
    joined = (
        frame.with_row_index("episode")
        .with_columns(pl.col("episode").cast(pl.Int64))
        .join(children.select("family", "child", "child_id", "born"), on="family")
        .filter((pl.col("referred") - pl.col("born")) / YEAR < OLDEST)
        .sort("episode", "child")
    )
    rng = streams.of("who comes into care")
    takes = chance(rng, joined.height, TAKEN) | (joined["kind"] == ALONE).to_numpy()
    return _cut_at_18(_into_care(joined, takes))


def _into_care(
    frame: pl.DataFrame, takes: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> pl.DataFrame:
    """Settle who comes into care; nobody does before birth."""
    came = (pl.col("care_start") < NEVER) & pl.Series(takes)
    start = pl.max_horizontal("care_start", pl.col("born") + 1)
    frame = frame.with_columns(in_care=came).with_columns(
        care_start=pl.when("in_care").then(start).otherwise(NEVER),
        care_end=pl.when("in_care").then(pl.max_horizontal("care_end", start + 8)).otherwise(NEVER),
    )
    # A case stays open until its assessment is signed off, also when the child goes home before that.
    signed = pl.when(pl.col("authorised") < NEVER).then("authorised").otherwise(0)
    over = pl.max_horizontal("care_end", signed)
    return frame.with_columns(closed=pl.when("in_care").then(over).otherwise("closed"))


def _cut_at_18(frame: pl.DataFrame) -> pl.DataFrame:
    born = frame["born"].to_numpy()
    last = on_or_before(born + np.floor(18 * YEAR).astype(np.int64) - 1)
    frame = frame.with_columns(last=pl.Series(last))
    ends = ("closed", "plan_end", "care_end", "s47_end", "later_s47_end")
    frame = frame.with_columns(
        pl.when(pl.col(c) < NEVER).then(pl.min_horizontal(c, "last")).otherwise(NEVER).alias(c)
        for c in ends
    ).with_columns(
        closed=pl.min_horizontal("closed", "last"),
        care_end=pl.when("in_care").then(pl.min_horizontal("care_end", "last")).otherwise(NEVER),
        plan_end=pl.when(pl.col("plan_start") < NEVER)
        .then(pl.min_horizontal("plan_end", "last"))
        .otherwise(NEVER),
    )
    return _drop_after_18(frame)


def _drop_after_18(frame: pl.DataFrame) -> pl.DataFrame:
    """What would begin on the last day before 18, or later, does not."""
    pairs = (
        ("later_s47", ("later_s47_end",)),
        ("later_conference", ()),
        ("plan_start", ("plan_end",)),
        ("care_start", ("care_end",)),
    )
    for start, others in pairs:
        gone = pl.col(start) >= pl.col("last") - 10
        frame = frame.with_columns(
            pl.when(gone).then(NEVER).otherwise(c).alias(c) for c in (*others, start)
        )
    return frame.with_columns(in_care=pl.col("care_start") < NEVER).drop("last")
