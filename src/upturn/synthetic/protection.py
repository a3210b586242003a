"""Section 47 enquiries, conferences, child protection plans, and the visits and meetings of a plan."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.allocation import held
from upturn.synthetic.days import NEVER, Days, dates
from upturn.synthetic.draw import Streams, chance, mostly, one_of
from upturn.synthetic.figures import figure
from upturn.synthetic.front_door import REFERRAL_ID
from upturn.synthetic.people import YEAR
from upturn.synthetic.repeat import repeated
from upturn.synthetic.staff import Staff

_PLACE = ("kind", "outcome", "authorised", "care_start", "closed", "assess", "after", "care_post")
_KEY = ("episode", "child", "child_id", "born")


def enquiries(rows: pl.DataFrame, staff: Staff, *, as_at: int) -> pl.DataFrame:
    """Every section 47 enquiry with its conference, as day numbers."""
    both = pl.concat(
        rows.filter(pl.col(start) <= as_at).select(
            *_KEY,
            *_PLACE,
            s47=pl.col(start),
            ended=pl.col(end),
            conference=pl.col(held_on),
            plan_start="plan_start",
        )
        for start, end, held_on in (
            ("s47", "s47_end", "conference"),
            ("later_s47", "later_s47_end", "later_conference"),
        )
    ).sort("s47", "episode", "child")
    over = pl.col("ended") <= as_at
    both = both.with_columns(
        REFERRAL_ID,
        enquiry_id=pl.format("Q{}-{}-{}", "episode", "child_id", "s47"),
        needed=pl.when(pl.col("conference") < NEVER).then(True).when(over).then(False),
        to_plan=pl.when(pl.col("conference") <= as_at).then(
            pl.col("plan_start") == pl.col("conference")
        ),
        now=pl.col("ended").clip(upper_bound=as_at),
    )
    return held(both, "now", staff)


def enquiry_table(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """The enquiries as a table of truth. What is not yet decided is null."""
    return dates(found, "s47", "ended", as_at=as_at).select(
        "enquiry_id",
        "referral_id",
        "child_id",
        started="s47",
        ended="ended",
        conference_needed=pl.when(pl.col("ended").is_not_null()).then("needed"),
        team="team",
        worker="worker",
    )


def conferences(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Initial conferences held, and those booked (every other family that waits has a booking)."""
    booked = (pl.col("conference") > as_at) & (pl.col("episode") % 2 == 0)
    frame = found.filter(
        (pl.col("conference") <= as_at) | (booked & (pl.col("conference") < NEVER))
    )
    frame = frame.with_columns(booked_for=pl.when(booked).then("conference").otherwise(NEVER))
    frame = dates(frame, "booked_for", as_at=as_at + 100)
    return dates(frame, "conference", as_at=as_at).select(
        pl.col("enquiry_id").str.replace("Q", "I").alias("conference_id"),
        "enquiry_id",
        "child_id",
        held="conference",
        booked_for="booked_for",
        plan="to_plan",
    )


def plans(
    streams: Streams, rows: pl.DataFrame, staff: Staff, *, first: int, as_at: int
) -> pl.DataFrame:
    """Every child protection plan as day numbers, with category and earlier plans."""
    frame = rows.filter((pl.col("plan_start") <= as_at) & (pl.col("plan_start") > first))
    frame = frame.sort("plan_start", "episode", "child")
    families = frame.select("episode").unique(maintain_order=True)
    rng = streams.of("categories")
    category = one_of(rng, families.height, figure("plans.category"))
    changed = chance(rng, families.height, 0.07)
    latest = np.where(changed, one_of(rng, families.height, figure("plans.category")), category)
    police = chance(rng, families.height, 0.06)
    families = families.with_columns(
        category=pl.Series(category), latest=pl.Series(latest), police=pl.Series(police)
    )
    frame = frame.join(families, on="episode", maintain_order="left").with_columns(
        REFERRAL_ID,
        plan_id=pl.format("P{}-{}", "episode", "child_id"),
        now=pl.col("plan_end").clip(upper_bound=as_at),
    )
    frame = _earlier_plans(streams, frame)
    return held(frame, "now", staff, late=streams.of("handover plans"))


def _earlier_plans(streams: Streams, frame: pl.DataFrame) -> pl.DataFrame:
    """Number of earlier plans: those simulated, and some from before, to the published share."""
    frame = frame.with_columns(simulated=pl.col("plan_start").rank("ordinal").over("child") - 1)
    age = (pl.col("plan_start") - pl.col("born")) / YEAR
    families = frame.group_by("episode", maintain_order=True).agg(
        simulated=pl.col("simulated").max(), n=pl.len(), old=(age > 0.8).sum()
    )
    total, repeat = frame.height, int((frame["simulated"] > 0).sum())
    missing = figure("plans.second_or_later") * total - repeat
    can = frame.filter((age > 0.8) & (pl.col("simulated") == 0)).height
    rng = streams.of("earlier plans")
    before = chance(rng, families.height, min(0.9, max(0.0, missing / max(1, can))))
    number = np.where(before, 1 + (rng.random(families.height) < 0.25), 0)
    frame = frame.join(
        families.select("episode", before=pl.Series(number)), on="episode", maintain_order="left"
    )
    earlier = (
        pl.when(pl.col("simulated") > 0)
        .then("simulated")
        .when(age > 0.8)
        .then("before")
        .otherwise(0)
    )
    return frame.with_columns(previous=earlier.cast(pl.Int64))


def plan_table(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """The plans as a table of truth."""
    return dates(found, "plan_start", "plan_end", as_at=as_at).select(
        "plan_id",
        "referral_id",
        "child_id",
        started="plan_start",
        ended="plan_end",
        category="category",
        latest_category="latest",
        previous_plans="previous",
        police_protection="police",
        team="team",
        worker="worker",
    )


def visits(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Every statutory visit of every plan, with whether the child was seen alone."""
    rng = streams.of("plan visits")

    def gap(which: Days, _: Days) -> Days:
        return mostly(rng, len(which), figure("plans.visits_on_time"), (5, 10), (11, 18))

    frame = repeated(
        found, start="plan_start", end="plan_end", gaps=gap, shortest=5, working=True, as_at=as_at
    )
    age = (frame["day"] - frame["born"]).to_numpy() / YEAR
    alone = chance(rng, frame.height, np.where(age >= 4, figure("plans.seen_alone"), 0.75))
    return frame.with_columns(alone=pl.Series(alone))


def reviews(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Every review conference: within three months, then six; the last one ends the plan."""
    rng = streams.of("plan reviews")
    n = found["episode"].n_unique()
    # Some of those late would be so after the plan has ended: a few more must be late to give the rate.
    late = chance(rng, n, 1.15 * (1 - figure("plans.reviews_on_time")))

    def gap(which: Days, nth: Days) -> Days:
        first = np.where(
            late[which], rng.integers(95, 118, len(which)), rng.integers(70, 90, len(which))
        )
        return np.where(nth == 0, first, rng.integers(145, 181, len(which)))

    frame = repeated(
        found,
        start="plan_start",
        end="plan_end",
        gaps=gap,
        shortest=145,
        working=False,
        as_at=as_at,
    )
    near = (pl.col("plan_end") - pl.col("day")).is_between(0, 10) & (pl.col("plan_end") <= as_at)
    last = found.filter(pl.col("plan_end") <= as_at).with_columns(
        nth=pl.lit(99, pl.Int64), day=pl.col("plan_end")
    )
    return pl.concat([frame.filter(~near), last.select(frame.columns)]).sort("plan_id", "day")


def core_groups(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Core groups: the first within ten working days, then every four to six weeks (assumed)."""
    rng = streams.of("core groups")

    def gap(which: Days, nth: Days) -> Days:
        return np.where(nth == 0, rng.integers(5, 11, len(which)), rng.integers(19, 31, len(which)))

    return repeated(
        found, start="plan_start", end="plan_end", gaps=gap, shortest=19, working=True, as_at=as_at
    )
