"""What happened to one figure after one kind of judgement, reckoned every way at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import polars as pl

from upturn.published.national import cohorts, staggered
from upturn.published.national.change import changes, study
from upturn.published.national.judgements import ARRIVALS, Arrival, arrivals
from upturn.published.national.model import Figure
from upturn.published.national.panel import Panel, figure_of
from upturn.published.national.sensitivity import variants
from upturn.records.sheets import SourceError

#: What these figures do not show, said with every output of them.
NOT_IDENTIFIED = (
    "No cause is identified. Inspectors do not judge by lot: an authority judged inadequate was often "
    "already in trouble, and what came after may have come anyway.",
    "Look at the censuses before the judgement. Where they are not near nought, the authority was changing "
    "before it was judged, and the comparison with others is weak.",
    "An inadequate judgement brings other things with it (a commissioner, money, new leaders, monitoring "
    "visits). The figures cannot tell one from another.",
    "Later censuses hold fewer judgements, and not the same ones: those who got out are still counted, those "
    "judged lately are not there yet.",
    "Many figures are looked at. About one in twenty would stand out by chance alone; the intervals are for "
    "one at a time.",
    "A vacancy rate rises when people leave, and also when posts are added. The census does not say which.",
)


@dataclass(frozen=True)
class Effects:
    """One figure after one kind of judgement.

    ``table`` is `change.study`; ``by_time`` Callaway and Sant'Anna, ``by_cohort`` Sun and Abraham, ``plain``
    one path for all, each by horizon, None where hardly any authority is left to compare with; ``ways`` is
    `sensitivity.variants`; ``rows`` every judgement with both cells and their places.
    """

    figure: Figure
    after: Arrival
    table: pl.DataFrame
    by_time: pl.DataFrame | None
    by_cohort: pl.DataFrame | None
    plain: pl.DataFrame | None
    ways: pl.DataFrame | None
    rows: pl.DataFrame


def effects_of(
    panel: Panel,
    measure: str,
    *,
    after: Arrival = "inadequate",
    every_way: bool = True,
    seed: int = 1,
) -> Effects:
    """What happened to ``measure`` after authorities arrived ``after`` a grade.

    Good or outstanding judgements come to nearly every authority, so only the change net of the median is
    given for them, as it is without ``every_way``. Raises SourceError for a figure or a kind of judgement
    that there is not.
    """
    if after not in ARRIVALS:
        raise SourceError(f"no kind of judgement {after!r}; there are {', '.join(ARRIVALS)}")
    events = arrivals(panel.judged, after)
    rows = changes(panel, measure, events)
    if rows.is_empty():
        raise SourceError(f"no judgement of that kind has {measure!r} both before and after it")
    table = study(rows, seed=seed)
    if after == "good" or not every_way:
        return Effects(figure_of(measure), after, table, None, None, None, None, rows)
    grid = staggered.grid(panel, measure, events)
    by_time, by_cohort = staggered.effects(grid, seed=seed), cohorts.sun_abraham(grid)
    plain = cohorts.plain(grid)
    more = {
        "Callaway and Sant'Anna: against those not yet judged so": by_time,
        "Callaway and Sant'Anna: against those never": staggered.effects(
            grid, controls="never", seed=seed
        ),
        "Sun and Abraham: authority and year effects, by cohort": by_cohort,
        "Authority and year effects, one path for all cohorts": plain,
    }
    ways = variants(panel, measure, events, more, seed=seed)
    return Effects(figure_of(measure), after, table, by_time, by_cohort, plain, ways, rows)


def estimates(found: Effects) -> pl.DataFrame:
    """Every estimate in one table: way, horizon, authorities or judgements, effect, se, low, high."""
    parts = [found.table.select(way=pl.lit("net of the median authority"), horizon="horizon",
                                behind="events", effect="mean", se="se", low="low", high="high")]  # fmt: skip
    for way, table in (
        ("Callaway and Sant'Anna", found.by_time),
        ("Sun and Abraham", found.by_cohort),
        ("one path for all cohorts", found.plain),
    ):
        if table is not None:
            parts.append(
                table.select(pl.lit(way).alias("way"), "horizon", pl.col("authorities").alias("behind"),
                             "effect", "se", "low", "high")
            )  # fmt: skip
    return pl.concat(parts, how="vertical_relaxed")


def amount(figure: Figure, value: float | None) -> str:
    """A change in words fit for its figure: points, a proportion, cases or children per 10,000.

    >>> from upturn.published.national.model import figures
    >>> amount(figures()["vacancy"], 7.26), amount(figures()["referrals"], 0.134)
    ('+7.3 points', '+14 %')
    """
    if value is None:
        return ""
    return f"{signed(figure, value)} {change_unit(figure)}".strip()


def change_unit(figure: Figure) -> str:
    """The unit a change of the figure is said in.

    >>> from upturn.published.national.model import figures
    >>> change_unit(figures()["s47-children-rate"])
    'per 10,000'
    """
    if figure.scale == "log":
        return "%"
    return {"percent": "points", "cases": "cases", "rate": "per 10,000"}.get(figure.unit, "")


def signed(figure: Figure, value: float | None) -> str:
    """A change without its unit; nought has no sign.

    >>> from upturn.published.national.model import figures
    >>> signed(figures()["vacancy"], -0.02), signed(figures()["referrals"], -0.105)
    ('0.0', '-10')
    """
    if value is None:
        return ""
    said = f"{100 * (exp(value) - 1):+.0f}" if figure.scale == "log" else f"{value:+.1f}"
    return said if float(said) else said.lstrip("+-")
