"""How many children were open to the service: what counts as open in each kind of source."""

from __future__ import annotations

import polars as pl

from upturn.twin import spans
from upturn.twin.counted import Counted
from upturn.twin.holding import elsewhere

#: Where a child's time with the service is recorded: child, start, end.
_PERIODS = {
    "cin_episodes": ("cine_person_id", "cine_referral_date", "cine_close_date"),
    "cin_plans": ("cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "cp_plans": ("cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
}
#: Sources in which a plan is a plan: from referral to closure has to be read from the referral. In the others
#: the table of children in need holds the whole period.
_BY_REFERRAL = ("ssd",)


def open_children(c: Counted) -> None:
    """How many children stood open each month."""
    periods = open_periods(c)
    if periods is None:
        c.untold("the source holds no cin plans", "open_children")
        return
    c.open(
        "open_children",
        spans.days_of(periods["start"]),
        spans.days_of(periods["end"]),
    )


def open_periods(c: Counted) -> pl.DataFrame | None:
    """Periods in which a child had a referral or plan that runs, each child once, those in care left out.

    Columns ``child, start, end`` (blank: it runs on); None when the source does not tell them.
    """
    names = tuple(_PERIODS) if c.book.source in _BY_REFERRAL else ("cin_plans",)
    parts = [part for name in names if (part := _part(c, name)) is not None]
    if not parts:
        return None
    periods = pl.concat(parts)
    if c.book.source in _BY_REFERRAL:
        return _outside_care(c, _joined(periods))
    # The list of children in need holds those looked after, too, and not since when.
    return periods.filter(~pl.col("child").is_in(elsewhere(c.book).implode()))


def _part(c: Counted, name: str) -> pl.DataFrame | None:
    child, start, end = _PERIODS[name]
    rows = c.rows(name, start, end)
    if rows is None:
        return None
    if name == "cin_episodes":
        rows = rows.filter(~pl.col("cine_referral_nfa").fill_null(False))
    return rows.select(child=child, start=start, end=end).drop_nulls("start")


def _joined(periods: pl.DataFrame) -> pl.DataFrame:
    """Periods of one child that touch or overlap, as one."""
    far = pl.col("end").fill_null(pl.date(9999, 1, 1))
    rows = periods.with_columns(_far=far).sort("child", "start", "_far")
    reached = pl.col("_far").cum_max().shift(1).over("child")
    new = (reached.is_null() | (pl.col("start") > reached)).fill_null(True)
    rows = rows.with_columns(_nth=new.cum_sum())
    return rows.group_by("_nth", maintain_order=True).agg(
        child=pl.col("child").first(), start=pl.col("start").min(),
        end=pl.when(pl.col("end").null_count() == 0).then(pl.col("end").max()),
    ).drop("_nth")  # fmt: skip


def _outside_care(c: Counted, periods: pl.DataFrame) -> pl.DataFrame:
    """The periods up to the day a child came into care; none that began while she was there."""
    left = pl.col("clae_cla_episode_ceased_date")
    care = c.book.table("cla_episodes").drop_nulls("clae_entered_care_date").group_by(
        child="clae_person_id", _in="clae_entered_care_date"
    ).agg(_out=pl.when(left.null_count() == 0).then(left.max())).sort("_in")  # fmt: skip
    if care.is_empty():
        return periods
    rows = periods.sort("start").join_asof(
        care, left_on="start", right_on="_in", by="child", strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    there = pl.col("_in").is_not_null() & (
        pl.col("_out").is_null() | (pl.col("_out") > pl.col("start"))
    )
    rows = rows.filter(~there.fill_null(False)).drop("_in", "_out")
    rows = rows.join_asof(
        care.select("child", "_in"), left_on="start", right_on="_in", by="child",
        strategy="forward", check_sortedness=False,
    )  # fmt: skip
    return rows.with_columns(end=pl.min_horizontal("end", "_in")).drop("_in")
