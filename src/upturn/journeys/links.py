"""Which earlier step a later one came of, when the source has no number that joins them.

Annex A joins its lists by nothing but the child. A later step (an assessment, a plan) is linked to an
earlier one (a referral, a conference) by child and date, and says how sure the link is.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl


def link(
    earlier: pl.DataFrame, later: pl.DataFrame, *, within_days: int | None = None
) -> pl.DataFrame:
    """Each row of ``later`` with every row of ``earlier`` it may have come of.

    ``earlier`` has ``child_id, own_id, day`` and ``said`` (how to name it); ``later`` has ``child_id, day``
    and whatever else is wanted, and may have ``number``: the ``own_id`` it came of, where the source says.
    A number that names nothing in ``earlier`` links to nothing. Without a number, a candidate is on or before
    the later step's day (and no more than ``within_days`` before it), with no other later step of the child
    since it. The result adds ``own_id`` (null when there is no candidate), ``candidates`` (how many) and
    ``between`` (all of them named).

    >>> from datetime import date
    >>> referrals = pl.DataFrame({"child_id": ["a", "a"], "own_id": ["r1", "r2"],
    ...     "day": [date(2026, 6, 1), date(2026, 8, 3)], "said": ["1 Jun", "3 Aug"]})
    >>> assessments = pl.DataFrame({"child_id": ["a"], "day": [date(2026, 8, 4)]})
    >>> link(referrals, assessments).select("own_id", "candidates", "between").rows()
    [('r1', 2, '1 Jun or 3 Aug'), ('r2', 2, '1 Jun or 3 Aug')]
    >>> numbered = assessments.with_columns(number=pl.lit("r1"))
    >>> link(referrals, numbered).select("own_id", "candidates", "between").rows()
    [('r1', 1, '1 Jun')]
    """
    if "number" not in later.columns:
        return _by_date(earlier, later, within_days)
    said = earlier.select("own_id", "said").unique("own_id", keep="first", maintain_order=True)
    has = pl.col("number").is_not_null()
    numbered = later.filter(has).join(
        said.rename({"said": "between"}), left_on="number", right_on="own_id", how="left",
        maintain_order="left",
    )  # fmt: skip
    known = pl.col("between").is_not_null()
    numbered = numbered.with_columns(
        own_id=pl.when(known).then("number"), candidates=pl.when(known).then(1).cast(pl.Int64)
    )
    dated = _by_date(earlier, later.filter(~has), within_days)
    return pl.concat([dated, numbered.select(dated.columns)])


def _by_date(earlier: pl.DataFrame, later: pl.DataFrame, within_days: int | None) -> pl.DataFrame:
    days = later.select("child_id", "day").unique().drop_nulls().sort("child_id", "day")
    days = days.with_columns(_before=pl.col("day").shift(1).over("child_id"))
    pairs = days.join(earlier.rename({"day": "_earlier"}), on="child_id").filter(
        pl.col("_earlier") <= pl.col("day"),
        pl.col("_before").is_null() | (pl.col("_earlier") > pl.col("_before")),
    )
    if within_days is not None:
        pairs = pairs.filter(pl.col("_earlier") >= pl.col("day") - timedelta(days=within_days))
    both = ["child_id", "day"]
    pairs = pairs.sort("_earlier", "own_id").with_columns(
        candidates=pl.len().over(both).cast(pl.Int64),
        between=pl.col("said").str.join(" or ").over(both),
    )
    return later.join(
        pairs.select(*both, "own_id", "candidates", "between"),
        on=both,
        how="left",
        maintain_order="left_right",
    )


def named(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Earlier steps as `link` wants them, each named by its date and place."""
    said = pl.format("{} ({})", pl.col(field).dt.strftime("%-d %b %Y"), "source")
    return rows.filter(pl.col(field).is_not_null()).select(
        "child_id", "own_id", day=field, said=said
    )
