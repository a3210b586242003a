"""Section 47 enquiries and their conferences, month by month, as the department and the twin count them."""

from __future__ import annotations

import polars as pl

from upturn.twin import spans
from upturn.twin.counted import Counted
from upturn.twin.series import BINS

#: Working days from the strategy discussion within which a conference is held (Working Together).
CONFERENCE_DAYS = 15
#: A strategy discussion within so many working days of a referral is about that referral.
EARLY_DAYS = 20
#: Where fewer enquiries than this share end before the conference is held, their end is not the day on which
#: it was called. Assumed.
USUALLY = 0.5
CONFERENCE_SERIES = (
    "conferences_held",
    "conferences_late",
    "conference_days",
    "conference_waiting",
)


def enquiries(c: Counted) -> None:
    """Section 47 enquiries, and the first conference of each with its working days."""
    rows = c.rows("s47_enquiry", "s47e_s47_start_date")
    if rows is None:
        c.untold("the source holds no section 47 enquiries", "section47_started")
        c.untold("the source holds no section 47 enquiries", *CONFERENCE_SERIES)
        return
    c.count("section47_started", spans.days_of(rows["s47e_s47_start_date"]))
    _strategies(c, rows)
    held = c.rows("initial_cp_conference", "icpc_icpc_date")
    if held is None:
        c.untold("the source holds no conferences", *CONFERENCE_SERIES)
        return
    first = held.group_by(_id="icpc_s47_enquiry_id").agg(_held=pl.col("icpc_icpc_date").min())
    both = rows.join(first, left_on="s47e_s47_enquiry_id", right_on="_id", how="inner")
    both = both.filter(pl.col("_held") <= c.book.as_at, pl.col("s47e_s47_start_date").is_not_null())
    if both.is_empty():
        c.untold("no conference can be joined to its enquiry", *CONFERENCE_SERIES)
        return
    starts = spans.days_of(both["s47e_s47_start_date"])
    ends = spans.days_of(both["_held"])
    took = spans.working_days_from(starts, ends)
    c.count("conferences_held", ends[took >= 0])
    c.count("conferences_late", ends[took > CONFERENCE_DAYS])
    c.series["conference_days"] = spans.sum_in(
        ends[took >= 0], took[took >= 0].astype(float), c.months
    )
    c.histograms["conference"] = spans.histogram_in(ends, took, c.months, bins=BINS)
    _called(c, rows.join(first, left_on="s47e_s47_enquiry_id", right_on="_id", how="left"))


def _called(c: Counted, rows: pl.DataFrame) -> None:
    """Children for whom a conference is called and not held: from the enquiry's end to the conference."""
    blank = {"s47e_s47_end_date", "s47e_icpc_not_required"} & c.book.absent_fields
    if blank or rows["s47e_s47_end_date"].drop_nulls().is_empty():
        c.untold("the source does not say when an enquiry ended", "conference_waiting")
        return
    both = rows.drop_nulls(["_held", "s47e_s47_end_date"])
    before = both.filter(pl.col("s47e_s47_end_date") < pl.col("_held")).height
    if before < USUALLY * both.height:
        c.untold("the source ends an enquiry with its conference", "conference_waiting")
        return
    needed = pl.col("_held").is_not_null() | ~pl.col("s47e_icpc_not_required").fill_null(True)
    called = rows.filter(needed).drop_nulls("s47e_s47_end_date")
    c.open(
        "conference_waiting",
        spans.days_of(called["s47e_s47_end_date"]),
        spans.days_of(called["_held"]),
    )


def _strategies(c: Counted, rows: pl.DataFrame) -> None:
    """How long strategy discussions soon after a referral took to come about."""
    referred = c.book.table("cin_episodes").select(
        s47e_referral_id="cine_referral_id", _referred="cine_referral_date"
    )
    both = rows.join(referred.unique("s47e_referral_id"), on="s47e_referral_id", how="inner")
    both = both.drop_nulls(["s47e_s47_start_date", "_referred"])
    starts = spans.days_of(both["s47e_s47_start_date"])
    took = spans.working_days_from(spans.days_of(both["_referred"]), starts)
    early = (took >= 0) & (took <= EARLY_DAYS)
    if not early.any():
        c.untold("no enquiry can be joined to its referral", "strategies_early", "strategy_days")
        return
    c.count("strategies_early", starts[early])
    c.series["strategy_days"] = spans.sum_in(starts[early], took[early].astype(float), c.months)
