"""Children in care: periods, placements, reviews, visits, health, missing episodes, adoption."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.allocation import held
from upturn.synthetic.days import NEVER, Days, dates, on_or_after, on_or_before
from upturn.synthetic.draw import Streams, chance, mostly, one_of
from upturn.synthetic.figures import figure
from upturn.synthetic.people import YEAR
from upturn.synthetic.repeat import repeated
from upturn.synthetic.staff import Staff

ADOPTION_STEPS = ("decided", "placement_order", "matched", "placed", "adopted", "reversed")


def adopted(streams: Streams, rows: pl.DataFrame) -> pl.DataFrame:
    """The days of the steps to adoption for some of those who came into care very young.

    The adoption order ends the period in care. A few plans for adoption are reversed.
    """
    rng, n = streams.of("adoption"), rows.height
    start = rows["care_start"].to_numpy().astype(np.int64)
    young = (start - rows["born"].to_numpy()) / YEAR < 4
    long = (rows["care_end"].to_numpy() - start > 350) & (start < NEVER)
    goes = young & long & chance(rng, n, figure("care.adoption"))
    reversed_ = goes & chance(rng, n, 0.06)
    waits = np.cumsum(
        [rng.integers(a, b, n) for a, b in ((150, 240), (25, 60), (60, 160), (14, 35), (120, 260))],
        axis=0,
    )
    days = on_or_after(np.where(goes, start, NEVER) + np.where(goes, waits, 0))
    days[2:, reversed_] = NEVER
    back = np.where(reversed_, on_or_after(start + np.where(goes, waits[2], 0)), NEVER)
    steps = dict(zip(ADOPTION_STEPS, (*days, back), strict=True))
    rows = rows.with_columns(pl.Series(name, day) for name, day in steps.items())
    order = pl.col("adopted") < NEVER
    return rows.with_columns(
        pl.when(order).then("adopted").otherwise(c).alias(c) for c in ("care_end", "closed")
    )


def periods(streams: Streams, rows: pl.DataFrame, staff: Staff, *, as_at: int) -> pl.DataFrame:
    """Every period of being looked after, as day numbers."""
    frame = rows.filter(pl.col("care_start") <= as_at).sort("care_start", "episode", "child")
    n, rng = frame.height, streams.of("care")
    frame = frame.with_columns(
        care_id=pl.format("L{}-{}", "episode", "child_id"),
        now=pl.col("care_end").clip(upper_bound=as_at),
        by_agreement=pl.Series(chance(rng, n, 0.2)) | (pl.col("kind") == 2),
        ended_how=_reason(
            frame, one_of(rng, n, {"E4A": 40, "E13": 15, "E45": 12, "E43": 8, "E8": 20, "E5": 5})
        ),
    )
    return held(frame, "now", staff, late=streams.of("handover care"))


def _reason(frame: pl.DataFrame, usual: np.ndarray[tuple[int], np.dtype[np.str_]]) -> pl.Series:
    age = (frame["care_end"] - frame["born"]).to_numpy() / YEAR
    order = (frame["adopted"] < NEVER).to_numpy()
    return pl.Series(np.select([order, age > 17.97], ["E11", "E7"], usual))


def period_table(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """The periods as a table of truth, with legal status and plan for permanence as they are now."""
    legal, since = _legal()
    frame = found.with_columns(
        legal=legal,
        legal_since=since,
        permanence=_permanence(),
        repeat=_repeat(),
        end_reason=pl.when(pl.col("care_end") <= as_at).then("ended_how"),
    )
    frame = dates(frame, "care_start", "care_end", "legal_since", as_at=as_at)
    return frame.select(
        "care_id",
        "child_id",
        started="care_start",
        ended="care_end",
        end_reason="end_reason",
        legal_status="legal",
        legal_status_since="legal_since",
        permanence_plan="permanence",
        repeat_period="repeat",
        team="team",
        worker="worker",
    )


def _legal() -> tuple[pl.Expr, pl.Expr]:
    """Legal status now, and since when: agreement, interim order, full order after eight months."""
    ordered = pl.col("placement_order") <= pl.col("now")
    full = pl.col("care_start") + 240
    status = (
        pl.when(ordered)
        .then(pl.lit("E1"))
        .when("by_agreement")
        .then(pl.lit("V2"))
        .when(full <= pl.col("now"))
        .then(pl.lit("C2"))
        .otherwise(pl.lit("C1"))
    )
    in_full = (full <= pl.col("now")) & ~pl.col("by_agreement")
    since = (
        pl.when(ordered).then("placement_order").when(in_full).then(full).otherwise("care_start")
    )
    return status, since


def _permanence() -> pl.Expr:
    age = (pl.col("now") - pl.col("born")) / YEAR
    long = pl.col("now") - pl.col("care_start") > 400
    return (
        pl.when(pl.col("decided") <= pl.col("now"))
        .then(pl.lit("adoption"))
        .when(~long)
        .then(pl.lit("home"))
        .when(age >= 16)
        .then(pl.lit("independence"))
        .when(pl.col("episode") % 7 == 0)
        .then(pl.lit("guardianship"))
        .otherwise(pl.lit("fostering"))
    )


def _repeat() -> pl.Expr:
    before = pl.col("care_end").shift(1).over("child", order_by="care_start")
    return (pl.col("care_start") - before).is_between(0, 365).fill_null(False)


def reviews(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Looked-after reviews: within 20 working days, then three months, then six."""
    rng = streams.of("care reviews")

    def gap(which: Days, nth: Days) -> Days:
        n, on_time = len(which), figure("care.reviews_on_time")
        first = mostly(rng, n, on_time, (16, 26), (32, 45))
        second = mostly(rng, n, on_time, (75, 88), (96, 120))
        later = mostly(rng, n, on_time, (150, 180), (188, 225))
        return np.select([nth == 0, nth == 1], [first, second], later)

    return repeated(
        found, start="care_start", end="care_end", gaps=gap, shortest=75, working=False, as_at=as_at
    )


def visits(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Social work visits: within a week, then about every six weeks."""
    rng = streams.of("care visits")

    def gap(which: Days, nth: Days) -> Days:
        later = mostly(rng, len(which), figure("care.visits_on_time"), (26, 41), (46, 75))
        return np.where(nth == 0, rng.integers(4, 8, len(which)), later)

    return repeated(
        found, start="care_start", end="care_end", gaps=gap, shortest=26, working=False, as_at=as_at
    )


def visits_after_moves(
    streams: Streams, placed: pl.DataFrame, visits: pl.DataFrame, *, as_at: int
) -> pl.DataFrame:
    """The visits with one in the first week of each later placement, or not long after: visits begin again.

    Those before the move go on as they were. ``placed`` are the placements of `placements`.
    """
    rng, moves = streams.of("visits after moves"), placed.filter(pl.col("nth") >= 0)
    n = moves.height
    wait = mostly(rng, n, figure("care.visits_on_time"), (4, 7), (9, 20))
    to = pl.col("day").shift(-1).over("care_id", order_by="day").fill_null(NEVER)
    day = on_or_before(moves["day"].to_numpy().astype(np.int64) + wait)
    soon = moves.with_columns(_from="day", _to=to, day=pl.Series(day))
    soon = soon.filter(
        (pl.col("day") > pl.col("_from"))
        & (pl.col("day") <= pl.min_horizontal("_to", "care_end", pl.lit(as_at)))
    )
    both = pl.concat([visits, soon.select(visits.columns)])
    both = both.sort("care_id", "day", "nth", maintain_order=True)
    return both.unique(["care_id", "day"], keep="first", maintain_order=True)


def health(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Health assessments: within 20 working days, then every six months (came under five) or year."""
    rng = streams.of("health")
    under_5 = ((found["care_start"] - found["born"]).to_numpy() / YEAR) < 5

    def gap(which: Days, nth: Days) -> Days:
        n, on_time = len(which), figure("care.health_on_time")
        young = mostly(rng, n, on_time, (150, 178), (190, 250))
        older = mostly(rng, n, on_time, (320, 360), (375, 450))
        return np.where(nth == 0, rng.integers(14, 28, n), np.where(under_5[which], young, older))

    return repeated(
        found,
        start="care_start",
        end="care_end",
        gaps=gap,
        shortest=150,
        working=False,
        as_at=as_at,
        alone=True,
    )


def dental(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Dental checks, about once a year, for children over two."""
    rng = streams.of("dental")

    def gap(which: Days, _: Days) -> Days:
        return mostly(rng, len(which), 0.85, (200, 360), (375, 600))

    frame = repeated(
        found,
        start="care_start",
        end="care_end",
        gaps=gap,
        shortest=200,
        working=False,
        as_at=as_at,
        alone=True,
    )
    return frame.filter(pl.col("day") - pl.col("born") > 2 * YEAR)


def missing(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Missing episodes of those aged 11 and over, with the offer of a return interview."""
    rng = streams.of("missing")

    def gap(which: Days, _: Days) -> Days:
        return 10 + rng.exponential(figure("care.missing_every_days"), len(which)).astype(np.int64)

    frame = repeated(
        found,
        start="care_start",
        end="care_end",
        gaps=gap,
        shortest=10,
        working=False,
        as_at=as_at,
        alone=True,
    )
    frame = frame.filter(pl.col("day") - pl.col("born") > 11 * YEAR)
    offered = chance(rng, frame.height, figure("care.interview_offered"))
    accepted = offered & chance(rng, frame.height, 0.6)
    return frame.with_columns(offered=pl.Series(offered), accepted=pl.Series(accepted))


def placements(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Placements: the first on the day care starts, then moves; with adopters from the day placed."""
    rng = streams.of("placements")

    def gap(which: Days, _: Days) -> Days:
        return 30 + rng.exponential(520, len(which)).astype(np.int64)

    moves = repeated(
        found,
        start="care_start",
        end="care_end",
        gaps=gap,
        shortest=30,
        working=True,
        as_at=as_at,
        alone=True,
    )
    moves = moves.filter((pl.col("day") < pl.col("placed")) & (pl.col("day") < pl.col("care_end")))
    first = found.with_columns(nth=pl.lit(-1, pl.Int64), day=pl.col("care_start"))
    to_adopters = found.filter(pl.col("placed") <= as_at).with_columns(
        nth=pl.lit(99, pl.Int64), day=pl.col("placed")
    )
    both = pl.concat([first.select(moves.columns), moves, to_adopters.select(moves.columns)])
    both = both.sort("care_id", "day", "nth").unique(
        ["care_id", "day"], keep="last", maintain_order=True
    )
    kind = one_of(
        rng, both.height, {"U6": 45, "U4": 14, "U1": 8, "U3": 8, "K2": 13, "P1": 6, "H5": 6}
    )
    alone = ((both["day"] - both["born"]).to_numpy() / YEAR) >= 16
    kind = np.where(~alone & (kind == "H5"), "U6", kind)
    kind = np.where((both["nth"] == 99).to_numpy(), "A3", kind)
    provider = one_of(rng, both.height, {"PR1": 50, "PR4": 40, "PR5": 10})
    own = np.isin(kind, ["P1", "A3"])
    return both.with_columns(
        kind_of=pl.Series(kind), provider=pl.Series(np.where(own, "PR0", provider))
    )
