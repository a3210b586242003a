"""Published counts turned into rates for each 10,000 children, with the population they go by.

The department divides the year to 31 March by the estimate of the middle of the year before: 621,880
referrals in the year to March 2024 over 12,059,476 children in mid-2023 is its 515.7.
"""

from __future__ import annotations

import polars as pl

#: What a count is called until it has been divided by a population.
COUNT = "#count"
_AREA = ["area_type", "area", "la_code", "year"]


def with_rates(frame: pl.DataFrame) -> pl.DataFrame:
    """The figures with each count as a rate, and each rate with its population in ``of``.

    A count whose population was not imported goes: it cannot be compared. A suppressed count stays as a
    suppressed rate.
    """
    people = (
        frame.filter(pl.col("measure") == "population", pl.col("value").is_not_null())
        .select(*_AREA, _people="value")
        .with_columns(year=pl.col("year") + 1)
        .unique(_AREA, keep="last")
    )
    joined = frame.join(people, on=_AREA, how="left", nulls_equal=True, maintain_order="left")
    count, rate = pl.col("measure").str.ends_with(COUNT), pl.col("measure").str.ends_with("-rate")
    divided = (pl.col("value") * 10_000 / pl.col("_people")).round(1)
    return (
        joined.filter(~count | pl.col("_people").is_not_null())
        .with_columns(
            value=pl.when(count).then(divided).otherwise("value"),
            of=pl.when(count | rate).then("_people").otherwise("of"),
            measure=pl.col("measure").str.strip_suffix(COUNT),
        )
        .select(frame.columns)
    )
