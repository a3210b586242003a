"""Tests about families before court."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from upturn.findings.cases import as_cases, empty_cases, lately, said_day, table_rows, together
from upturn.findings.model import Cases
from upturn.journeys.result import Check

DECIDED, LETTER = "prep_pre_pro_decision_date", "prep_pre_pro_letter_date"
ENDED = "prep_agree_stepdown_issue_date"


def pre_proceedings(check: Check, test: Mapping[str, Any]) -> Cases:
    """Children in pre-proceedings, and those for whom it lasted longer than ``weeks``, or lasts longer now.

    Counted from the letter, or where there is none from the decision. Asked are those that ended in the
    twelve months before the extract, and those still open that began so many weeks ago: of the others it
    cannot be told yet. A child whose start or end was set aside cannot be told either.
    """
    rows = table_rows(check.casebook, "pre_proceedings").with_columns(
        began=pl.coalesce(LETTER, DECIDED), until=pl.col(ENDED).fill_null(check.as_at)
    )
    rows = rows.filter(pl.col("began").is_not_null())
    if rows.is_empty():
        return Cases(empty_cases(), missing="the extract holds no pre-proceedings with a date")
    days = (pl.col("until") - pl.col("began")).dt.total_days()
    long = days > 7 * test["weeks"]
    open_ = pl.col(ENDED).is_null()
    rows = rows.filter((open_ & long) | (~open_ & lately(ENDED, check.as_at)))
    sure = pl.col("set_aside").list.set_intersection([DECIDED, LETTER, ENDED]).list.len() == 0
    judged = rows.filter(sure)
    still = pl.when(open_).then(pl.lit("and still open")).otherwise(pl.lit("and then ended"))
    cases = as_cases(
        judged,
        hit=long,
        day=pl.lit(None, dtype=pl.Date),
        reason=pl.format(
            "In pre-proceedings since {}, {} weeks, {}", said_day("began"), days // 7, still
        ),
        cluster=together(pl.col("prep_plo_family_id"), pl.col("began")),
    )
    return Cases(cases, untold=rows.height - judged.height)
