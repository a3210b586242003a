"""The page of a fit and the page of a simulated future: each needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from markupsafe import Markup

from upturn._version import __version__
from upturn.render.page import environment, policy_hash, static
from upturn.render.twin_draw import check_bar, fan, figure
from upturn.render.twin_start import start_table, start_words
from upturn.render.twin_values import (
    BANNER,
    CAUTION,
    TAGS,
    groups_of_department,
    groups_of_readings,
    name_of,
    tag_counts,
)
from upturn.render.twin_words import change_words, lines_of, over_words, title_of
from upturn.render.words import day
from upturn.twin.fitted import CheckOfFit, Fitted
from upturn.twin.projection import NOTHING, SHOWN, Projection
from upturn.twin.series import OUTCOMES

_PLACE = "static/twin"
_CENTILES = ("p05", "p25", "p50", "p75", "p95")


def fit_html(fitted: Fitted) -> str:
    """The page of a fit: what it can tell, every value with its tag, recorded beside simulated, arrivals."""
    return _render(
        "twin_fit.html.j2",
        subject=fitted.source_name,
        as_at=day(fitted.as_at),
        how=_how(fitted),
        notes=fitted.notes,
        periods=[_period(fitted, nth) for nth in range(len(fitted.periods))],
        facts=[
            {"name": f.name, "value": figure(f.value, f.unit), "n": f.n,
             "band": f"{figure(f.low, f.unit)} to {figure(f.high, f.unit)}"}
            for f in fitted.facts
        ],
        sha256=fitted.sha256,
    )  # fmt: skip


def run_html(projection: Projection) -> str:
    """The page of simulated futures: in words, fan charts, tables, differences and every value."""
    fitted, compared = projection.fitted, len(projection.scenarios) > 1
    readings = [] if fitted is None else _latest(fitted)
    return _render(
        "twin_run.html.j2",
        subject=fitted.source_name if fitted else "a department",
        first=f"{projection.start:%B %Y}",
        months=projection.months,
        done=projection.done,
        asked=projection.asked,
        seed=projection.seed,
        interrupted=projection.interrupted,
        scenarios=projection.scenarios,
        caution=CAUTION,
        start=start_words(projection),
        start_rows=_start_rows(projection),
        lines=lines_of(projection),
        compared=compared,
        recorded=fitted is not None,
        outcomes=[_outcome(projection, name) for name in SHOWN],
        differences=_difference_rows(projection),
        changes=[
            (one.name, change_words(change), one.source)
            for one in projection.scenarios[1:]
            for change in one.changes
        ],
        notes=fitted.notes if fitted else (),
        counts=tag_counts([r.tag for r in readings] or projection.department.tags),
        groups=groups_of_readings(readings) if fitted else groups_of_department(projection.department),
        ranges=fitted is not None,
        sha256=projection.sha256,
    )  # fmt: skip


def _render(template: str, **values: Any) -> str:
    style = static(".css") + "\n" + static(".css", _PLACE)
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    return environment().get_template(template).render(
        banner=BANNER, policy=policy, style=Markup(style), upturn=__version__, **values
    )  # fmt: skip


def _how(fitted: Fitted) -> str:
    if not fitted.simulations:
        return "read from the extract; nothing was simulated"
    return (
        f"{fitted.simulations:,} simulated services, {fitted.draws.shape[0]:,} draws kept; "
        f"seed {fitted.seed}"
    )


def _latest(fitted: Fitted) -> list[Any]:
    last = len(fitted.periods) - 1
    return [r for r in fitted.readings if r.period == last]


def _period(fitted: Fitted, nth: int) -> dict[str, Any]:
    period = fitted.periods[nth]
    readings = [r for r in fitted.readings if r.period == nth]
    checks = [c for c in fitted.checks if c.period == nth]
    inside = sum(c.inside for c in checks)
    return {
        "label": period.label,
        "says": f"{day(period.start)} to {day(period.end)}",
        "counts": tag_counts([r.tag for r in readings]),
        "groups": groups_of_readings(readings),
        "checks": [_check(c) for c in checks],
        "check_words": f"{inside} of {len(checks)} summaries as recorded lie where nine in ten of the fitted "
        "twin's own runs lie.",
    }


def _check(c: CheckOfFit) -> dict[str, Any]:
    words = [figure(v, c.unit) for v in (c.recorded, c.low, c.middle, c.high)]
    says = f"recorded {words[0]}; simulated {words[1]} to {words[3]}, middle {words[2]}"
    return {
        "summary": f"{c.summary} ({c.unit})",
        "recorded": words[0],
        "middle": words[2],
        "band": f"{words[1]} to {words[3]}",
        "inside": c.inside,
        "bar": check_bar(c.recorded, c.low, c.middle, c.high, says),
    }


def _outcome(projection: Projection, name: str) -> dict[str, Any]:
    """One outcome: a picture for each scenario over doing nothing, and all as one table."""
    outcome = OUTCOMES[name]
    fans = {one.name: _fan_rows(projection, one.name, name) for one in projection.scenarios}
    dates = projection.fans["month"].unique().sort().to_list()
    given = name != "cost" or _costs_given(projection)
    pictures = _pictures(projection, name, fans, dates) if given else []
    return {
        "id": name,
        "title": title_of(name),
        "meaning": outcome.meaning,
        "unit": outcome.unit,
        "pictures": pictures,
        "why": "No cost was given: put salary, on-cost, agency day rate and recruitment cost into the "
        "department's file." if not given else "No run had any.",
        "names": list(fans),
        "rows": [
            {"month": f"{month:%B %Y}", "cells": [_cell(rows[n], outcome.unit) for rows in fans.values()]}
            for n, month in enumerate(dates)
        ],
    }  # fmt: skip


def _start_rows(projection: Projection) -> list[dict[str, Any]]:
    """What the start rests on; nothing where it is the usual state, which one sentence says."""
    if projection.opening is None:
        return []
    rows = start_table(projection).to_dicts()
    return [{**r, "count": "" if r["count"] is None else f"{r['count']:,}", "tag": TAGS[r["tag"]]}
            for r in rows]  # fmt: skip


def _costs_given(projection: Projection) -> bool:
    return any(projection.department.value(n) > 0 for n in ("salary", "agency_day_rate"))


def _fan_rows(projection: Projection, scenario: str, outcome: str) -> list[dict[str, float | None]]:
    mine = projection.fans.filter(pl.col("scenario") == scenario, pl.col("outcome") == outcome)
    return mine.sort("month").select(_CENTILES).to_dicts()


def _pictures(
    projection: Projection,
    name: str,
    fans: Mapping[str, Sequence[Mapping[str, float | None]]],
    dates: Sequence[date],
) -> list[dict[str, Any]]:
    unit, past = OUTCOMES[name].unit, _past(projection, name)
    others: list[str | None] = [one.name for one in projection.scenarios[1:]]
    made = []
    for other in others or [None]:
        rows = fans[other] if other else None
        last = (fans[other] if other else fans[NOTHING])[-1]
        says = (
            f"{title_of(name)}, {dates[0]:%B %Y} to {dates[-1]:%B %Y}. Doing nothing ends at "
            f"{figure(fans[NOTHING][-1]['p50'], unit)} in the middle run"
        )
        if other:
            says += f"; {other} at {figure(last['p50'], unit)}"
        svg = fan(dates, fans[NOTHING], rows, unit=unit, says=says, past=past)
        if svg:
            made.append({"svg": svg, "says": says + "."})
    return made


def _past(projection: Projection, name: str) -> list[tuple[date, float]]:
    """The outcome as recorded, in the months before the first simulated one."""
    if projection.fitted is None:
        return []
    rows = projection.fitted.observed.filter(
        pl.col("kind") == "outcome", pl.col("name") == name, pl.col("value").is_not_null(),
        pl.col("month") < projection.start,
    )  # fmt: skip
    return rows.sort("month").tail(24).select("month", "value").rows()


def _cell(row: Mapping[str, float | None], unit: str) -> tuple[str, str]:
    if row["p50"] is None:
        return "cannot tell", ""
    return figure(row["p50"], unit), f"{figure(row['p05'], unit)} to {figure(row['p95'], unit)}"


def _difference_rows(projection: Projection) -> list[dict[str, str]]:
    shown = [n for n in OUTCOMES if n != "cost" or _costs_given(projection)]
    rows = projection.differences.filter(pl.col("outcome").is_in(shown))
    if rows["year"].max() == 1:  # its one year is the whole
        rows = rows.filter(pl.col("year") == 0)
    made = []
    for row in rows.iter_rows(named=True):
        unit = OUTCOMES[row["outcome"]].unit
        if row["difference"] is None:
            continue
        made.append({
            "scenario": row["scenario"], "outcome": title_of(row["outcome"]), "over": over_words(row["year"]),
            "nothing": figure(row["nothing"], unit), "value": figure(row["value"], unit),
            "difference": signed(row["difference"], unit),
            "error": "" if row["error"] is None else signed(row["error"], unit).removeprefix("+"),
            "band": signed(row["p05"], unit).removesuffix(" points") + " to " + signed(row["p95"], unit),
            "better": "" if row["better"] is None else f"{100 * row['better']:.0f} %",
        })  # fmt: skip
    return made


def signed(value: float, unit: str) -> str:
    """A difference with its sign, shares in percentage points.

    >>> signed(-0.031, "share"), signed(12.4, "children")
    ('−3.1 points', '+12.4')
    """
    sign = "−" if value < 0 else "+"
    if unit.startswith("share"):
        return f"{sign}{100 * abs(value):.1f} points"
    return sign + figure(abs(value), unit)


__all__ = ["fit_html", "name_of", "run_html", "signed"]
