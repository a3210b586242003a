"""Families before court, and whether a review conference was quorate: what only the dataset holds.

How many go to pre-proceedings and how long that takes is assumed: no figure of England is published.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from upturn.synthetic.draw import Rng, Streams
from upturn.synthetic.faults.planter import Planter

Tables = dict[str, pl.DataFrame]
DRIFT, NO_QUORUM = "pre-proceedings-drift", "reviews-not-quorate"
#: The share of protection plans of some length after which a letter before proceedings is sent.
LETTERS = 0.45
#: Days from the plan to the decision, and from the decision to the end of it.
DECIDED, LASTED, DRIFTED = (90, 160), (55, 111), (180, 330)
#: The share that lasts longer all the same, and the share of conferences without a quorum.
LONGER, NOT_QUORATE = 0.06, 0.03
PLANTED = 0.7

PRE_PROCEEDINGS: dict[str, pl.DataType] = {
    "pre_proceedings_id": pl.String(),
    "child_id": pl.String(),
    "family": pl.String(),
    "team": pl.String(),
    "decided": pl.Date(),
    "letter": pl.Date(),
    "met": pl.Date(),
    "ended": pl.Date(),
    "issued": pl.Boolean(),
}


def before_court(p: Planter, streams: Streams, tables: Tables, *, as_at: date) -> Tables:
    """The table of pre-proceedings, and the review conferences with whether they were quorate."""
    return tables | {
        "pre_proceedings": _pre_proceedings(p, streams.of("pre-proceedings"), tables, as_at=as_at),
        "cp_reviews": _with_quorum(p, streams.of("quorum"), tables["cp_reviews"]),
    }


def _pre_proceedings(p: Planter, rng: Rng, tables: Tables, *, as_at: date) -> pl.DataFrame:
    plans = tables["cp_plans"].sort("started", "team", "plan_id")
    rows, drift = [], p.rng(DRIFT) if p.wants(DRIFT) else None
    for n, (_, family) in enumerate(plans.group_by("started", "team", maintain_order=True)):
        goes, decided = rng.random() < LETTERS, int(rng.integers(*DECIDED))
        lasts = int(rng.integers(*(DRIFTED if rng.random() < LONGER else LASTED)))
        if not goes:
            continue
        if drift is not None and drift.random() < PLANTED:
            lasts = int(drift.integers(*DRIFTED))
        rows += _family(family, f"F{n}", decided, lasts, as_at)
    found = pl.DataFrame(rows, schema=PRE_PROCEEDINGS, orient="row")
    found = _numbered(found, tables["care_periods"])
    if drift is not None:
        late = (pl.col("ended").fill_null(as_at) - pl.col("letter")).dt.total_days() >= DRIFTED[0]
        ids = found.filter(late)["child_id"]
        p.record(DRIFT, ids, source_list="pre_proceedings", expected=None, detail="before court")
    return found


def _family(
    plans: pl.DataFrame, family: str, decided: int, lasts: int, as_at: date
) -> list[tuple[object, ...]]:
    """A row for each child of a family whose plan was still open when the letter was decided on."""
    rows: list[tuple[object, ...]] = []
    for child, team, started, ended in plans.select(
        "child_id", "team", "started", "ended"
    ).iter_rows():
        day = started + timedelta(days=decided)
        if day > as_at or (ended is not None and ended < day):
            continue
        letter, met = day + timedelta(days=7), day + timedelta(days=21)
        over = letter + timedelta(days=lasts)
        dates = [d if d <= as_at else None for d in (letter, met, over)]
        rows.append((None, child, family, team, day, *dates, None))
    return rows


def _numbered(found: pl.DataFrame, care: pl.DataFrame) -> pl.DataFrame:
    """With numbers, and whether it came to proceedings: a child who then came into care."""
    came = care.group_by("child_id").agg(_care=pl.col("started").max())
    found = found.sort("decided", "child_id").join(
        came, on="child_id", how="left", maintain_order="left"
    )
    issued = (pl.col("_care") >= pl.col("decided")).fill_null(False)
    number = pl.format("PLO{}", pl.int_range(1, pl.len() + 1))
    return found.with_columns(
        pre_proceedings_id=number, issued=pl.when(pl.col("ended").is_not_null()).then(issued)
    ).drop("_care")


def _with_quorum(p: Planter, rng: Rng, reviews: pl.DataFrame) -> pl.DataFrame:
    share = pl.Series(rng.random(reviews.height))
    quorate = share >= NOT_QUORATE
    if p.wants(NO_QUORUM):
        quorate = quorate & pl.Series(p.rng(NO_QUORUM).random(reviews.height) >= PLANTED / 2)
        ids = reviews.filter(~quorate)["child_id"]
        p.record(NO_QUORUM, ids, source_list="cp_reviews", expected=None, detail="no quorum")
    return reviews.with_columns(quorate=quorate)
