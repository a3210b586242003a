"""Periods as a child in need, and when the child was seen."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.allocation import held
from upturn.synthetic.days import NEVER, Days, dates
from upturn.synthetic.draw import Rng, Streams, chance, mostly, one_of
from upturn.synthetic.episodes import NO_ACTION, NOT_IN_NEED
from upturn.synthetic.figures import figure
from upturn.synthetic.front_door import REFERRAL_ID
from upturn.synthetic.people import YEAR
from upturn.synthetic.repeat import repeated
from upturn.synthetic.staff import Staff


def periods(streams: Streams, rows: pl.DataFrame, staff: Staff, *, as_at: int) -> pl.DataFrame:
    """Every period as a child in need: from a referral acted on until it closed. Day numbers."""
    frame = rows.filter((pl.col("outcome") != NO_ACTION) & (pl.col("referred") <= as_at))
    frame = frame.with_columns(
        REFERRAL_ID,
        period_id=pl.format("N{}-{}", "episode", "child_id"),
        now=pl.col("closed").clip(upper_bound=as_at),
    )
    families = frame.group_by("episode", maintain_order=True).agg(pl.col("kind").first())
    rng = streams.of("primary need")
    need = one_of(rng, families.height, figure("need.primary_need"))
    kind = families["kind"].to_numpy()
    need = np.select([kind == 1, kind == 2, kind == 3], ["N2", "N8", "N1"], need)
    families = families.with_columns(need=pl.Series(need)).drop("kind")
    frame = frame.join(families, on="episode", maintain_order="left").with_columns(
        reason=_reason(streams, frame)
    )
    return held(frame, "now", staff, late=streams.of("handover need"))


def _reason(streams: Streams, frame: pl.DataFrame) -> pl.Series:
    """Why each period closed; shared by the family but for adoption and turning 18."""
    rng = streams.of("closure reasons")
    top = int(frame["episode"].max() or 0) + 1  # type: ignore[arg-type]
    usual = one_of(rng, top, figure("need.closure"))[frame["episode"]]
    early_help = chance(rng, top, 0.2)[frame["episode"]]
    age = (frame["closed"] - frame["born"]).to_numpy() / YEAR
    not_in_need = (frame["outcome"] == NOT_IN_NEED).to_numpy()
    adopted = (frame["adopted"] < NEVER).to_numpy()
    reason = np.select(
        [adopted, age > 17.97, not_in_need & early_help, not_in_need],
        ["RC1", "RC7", "RC9", "RC8"],
        usual,
    )
    return pl.Series(reason)


def period_table(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """The periods as a table of truth."""
    frame = dates(found, "referred", "closed", as_at=as_at)
    return frame.select(
        "period_id",
        "referral_id",
        "child_id",
        started="referred",
        ended="closed",
        primary_need="need",
        reason=pl.when(pl.col("closed").is_not_null()).then("reason"),
        team="team",
        worker="worker",
    )


def usual_gaps(rng: Rng, n: int) -> Days:
    """Working days before each of n visits to children in need, from the one before or the start."""
    return mostly(rng, n, figure("need.visits_on_time"), (12, 20), (21, 34))


def visits(streams: Streams, found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Every child in need visit, about every four weeks; none while on a plan or in care."""
    rng = streams.of("need visits")

    def gap(which: Days, _: Days) -> Days:
        return usual_gaps(rng, len(which))

    frame = repeated(
        found, start="started", end="closed", gaps=gap, shortest=12, working=True, as_at=as_at
    )
    on_plan = (pl.col("day") >= pl.col("plan_start")) & (pl.col("day") <= pl.col("plan_end"))
    return frame.filter(~on_plan & (pl.col("day") < pl.col("care_start")))
