"""How far the answer depends on choices: who is compared, over what years, and which authorities are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from upturn.published.national.change import HORIZONS, changes, net, on_scale, study
from upturn.published.national.model import areas
from upturn.published.national.panel import Panel, figure_of

#: Years in which counting and working changed with the pandemic.
PANDEMIC = (2020, 2021)


def variants(
    panel: Panel,
    measure: str,
    events: pl.DataFrame,
    estimates: Mapping[str, pl.DataFrame],
    *,
    seed: int = 1,
) -> pl.DataFrame:
    """The change at the first census after, one row for each way of reckoning it.

    ``estimates`` are tables by horizon reckoned elsewhere, by name. Columns: variant, events, mean, se, low,
    high. The first row is the way everything else is reckoned.
    """
    rows = [_row(name, make(panel, measure, events), seed) for name, make in _WAYS]
    for name, table in estimates.items():
        first = table.filter(horizon=1)
        if first.height:
            rows.append((name, *first.select("authorities", "effect", "se", "low", "high").row(0)))
    columns = ["variant", "events", "mean", "se", "low", "high"]
    return pl.DataFrame(rows, schema=columns, orient="row")


Way = Callable[[Panel, str, pl.DataFrame], pl.DataFrame]


def _row(name: str, changed: pl.DataFrame, seed: int) -> tuple[object, ...]:
    found = study(changed.filter(horizon=1), seed=seed)
    if found.is_empty():
        return (name, 0, None, None, None, None)
    return (name, *found.select("events", "mean", "se", "low", "high").row(0))


def _as_it_is(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    return changes(panel, measure, events, horizons=(1,))


def _without_awkward(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    kept = events.filter(~pl.col("la_code").is_in(list(areas().awkward())))
    return changes(panel, measure, kept, horizons=(1,))


def _once_each(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    once = events.sort("date").unique("la_code", keep="first", maintain_order=True)
    return changes(panel, measure, once, horizons=(1,))


def _whole_window(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    """Only events seen at the last two censuses before and the first three after."""
    window = [h for h in HORIZONS if -1 <= h <= 3]
    found = changes(panel, measure, events, horizons=window)
    whole = pl.len().over("la_code", "date") == len(window)
    return found.filter(whole)


def _not_pandemic(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    found = changes(panel, measure, events, horizons=(1,))
    return found.filter(~pl.col("year").is_in(PANDEMIC), ~pl.col("base_year").is_in(PANDEMIC))


def _near(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    """Net of the median of the authority's own statistical neighbours instead of England's."""
    figure = figure_of(measure)
    series = on_scale(figure, panel.series(measure))
    beside = (
        panel.near.select("la_code", "neighbour")
        .join(series.select(neighbour="la_code", year="year", other="x"), on="neighbour")
        .group_by("la_code", "year")
        .agg(middle=pl.col("other").median())
    )
    netted = series.join(beside, on=["la_code", "year"]).with_columns(
        net=pl.col("x") - pl.col("middle")
    )
    return changes(panel, measure, events, horizons=(1,), netted=netted)


def _never_middle(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    """Net of the median of authorities that never had such an event."""
    figure = figure_of(measure)
    series = on_scale(figure, panel.series(measure))
    never = series.filter(~pl.col("la_code").is_in(events["la_code"].implode()))
    middle = never.group_by("year").agg(middle=pl.col("x").median())
    netted = series.join(middle, on="year").with_columns(net=pl.col("x") - pl.col("middle"))
    return changes(panel, measure, events, horizons=(1,), netted=netted)


def _flat_before(panel: Panel, measure: str, events: pl.DataFrame) -> pl.DataFrame:
    """Less the change over the year before: what a straight line from before would have given anyway."""
    found = changes(panel, measure, events, horizons=(-1, 1))
    key = ["la_code", "date"]
    before = found.filter(horizon=-1).select(*key, earlier="change")
    after = found.filter(horizon=1).join(before, on=key)
    return after.with_columns(change=pl.col("change") + pl.col("earlier"))


_WAYS: tuple[tuple[str, Way], ...] = (
    ("As in the tables: net of the median authority of England", _as_it_is),
    ("Net of the median authority among those never judged so", _never_middle),
    ("Net of the median of statistical neighbours", _near),
    ("Each authority's first such judgement only", _once_each),
    ("Without authorities whose boundary moved, joint returns or faulty figures", _without_awkward),
    ("Only judgements seen at every census from two before to three after", _whole_window),
    ("Without the censuses of 2020 and 2021", _not_pandemic),
    ("Less the change of the year before, as if that would have gone on", _flat_before),
)


def net_of_median(panel: Panel, measure: str) -> pl.DataFrame:
    """The series that all of this rests on, net of the year's median authority."""
    return net(figure_of(measure), panel.series(measure))
