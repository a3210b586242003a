"""The re-review list: every decision to take no further action, the riskiest patterns first.

A council that is told its thresholds are too high has its closed referrals looked at again by somebody
independent. This is that list, in the order in which they should be read.
"""

from __future__ import annotations

import polars as pl

from upturn.findings.return_cases import closed_without_action
from upturn.journeys.result import Check

#: What makes a decision worth reading first, the riskiest first.
PATTERNS = (
    "came back with a section 47 enquiry",
    "referred again",
    "several contacts since",
    "under five",
    "none of these",
)
#: Contacts on so many later days are several.
SEVERAL = 2

COLUMNS: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "referred_on": pl.Date(),
    "referral_source": pl.String(),
    "pattern": pl.String(),
    "why": pl.String(),
    "age_at_referral": pl.Int64(),
    "team": pl.String(),
    "source_rows": pl.String(),
}


def rereview_list(check: Check) -> pl.DataFrame:
    """Every no-further-action decision of the extract, with the columns `COLUMNS`, in reading order.

    Within a pattern the youngest children come first, then the earliest decisions.
    """
    rows = closed_without_action(check)
    days = (pl.col("cine_referral_date") - pl.col("born")).dt.total_days()
    age = pl.when(days >= 0).then((days / 365.25).floor()).otherwise(0).cast(pl.Int64)
    rows = rows.with_columns(age_at_referral=pl.when(pl.col("born").is_not_null()).then(age))
    rank = (
        pl.when(pl.col("enquiry").is_not_null())
        .then(0)
        .when(pl.col("referred_again").is_not_null())
        .then(1)
        .when(pl.col("contacts_after") >= SEVERAL)
        .then(2)
        .when(pl.col("age_at_referral") < 5)
        .then(3)
        .otherwise(4)
    )
    return (
        rows.with_columns(_rank=rank)
        .sort(["_rank", "age_at_referral", "cine_referral_date", "child_id"], nulls_last=True)
        .with_columns(
            pattern=pl.col("_rank").replace_strict(
                dict(enumerate(PATTERNS)), return_dtype=pl.String
            ),
            referred_on="cine_referral_date",
            referral_source="cine_referral_source_code",
            why="came_back",
        )
        .select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    )
