"""What both pages of the twin say of values: in words, with interval, tag and source."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from upturn.render.twin_draw import figure, span_bar
from upturn.twin.fitted import Reading
from upturn.twin.parameters import COST, Department, Parameter, parameters
from upturn.twin.unknowns import prior_of

#: Said on every page: what a twin is and is not.
CAUTION = (
    "This is a simulation of a service like yours, not a forecast of it. Chance, and what is not known of "
    "your service, are in the bands; what the model leaves out is not."
)
BANNER = "Whole-service figures: no child and no worker is named."
#: Each tag in words.
TAGS = {
    "extract": "from your extract",
    "published": "from published figures",
    "yours": "yours",
    "assumed": "assumed",
}


def name_of(parameter: str) -> str:
    """A parameter's name as words.

    >>> name_of("hours_section47")
    'Hours section 47'
    """
    return parameter.replace("section47", "section 47").replace("_", " ").capitalize()


def value_of(value: float, p: Parameter) -> str:
    """A value in a parameter's unit; a cost that was not given is said to be so."""
    if p.driver == COST and value == 0:
        return "not given"
    return figure(value, "share" if p.unit == "share" else "")


def groups_of_department(dept: Department) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every value of a service by driver, for the page's table."""
    rows = [
        _row(p, value, tag, source)
        for p, value, tag, source in zip(
            parameters().values(), dept.values, dept.tags, dept.sources, strict=True
        )
    ]
    return _grouped(rows)


def groups_of_readings(readings: Sequence[Reading]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every reading of one period by driver, with its interval and what is left of its range."""
    rows = []
    for r in readings:
        p = parameters()[r.parameter]
        row = _row(p, r.value, r.tag, r.source)
        row["words"] = r.words
        row["interval"] = _interval(r, p)
        row["bar"] = _bar(r, p)
        rows.append(row)
    return _grouped(rows)


def _row(p: Parameter, value: float, tag: str, source: str) -> dict[str, Any]:
    return {
        "driver": p.driver,
        "name": name_of(p.name),
        "meaning": p.meaning,
        "unit": "" if p.unit == "share" else p.unit,
        "value": value_of(value, p),
        "tag": tag,
        "source": source,
        "words": "",
        "interval": "",
        "bar": "",
    }


def _grouped(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """By driver, in the order in which drivers first come."""
    order = list(dict.fromkeys(row["driver"] for row in rows))
    rows = sorted(rows, key=lambda row: order.index(row["driver"]))
    return [(driver, list(some)) for driver, some in groupby(rows, key=lambda row: row["driver"])]


def _interval(r: Reading, p: Parameter) -> str:
    if r.how == "default":
        return "not fitted"
    if r.high - r.low < 1e-9:
        return "as it stands"
    return f"{value_of(r.low, p)} to {value_of(r.high, p)}"


def _bar(r: Reading, p: Parameter) -> object:
    """What is left of the catalogue's range; nothing to draw for what was not looked for."""
    if r.how == "default" or r.how == "given":
        return ""
    low, high = min(p.low, r.low), max(p.high, r.high)
    prior = prior_of([(p.name, low, high, p.scale)])
    ends = prior.places(np.array([[r.low], [r.high]]))[:, 0]
    says = f"{value_of(r.low, p)} to {value_of(r.high, p)}, of {value_of(low, p)} to {value_of(high, p)}"
    return span_bar(float(ends[0]), float(ends[1]), says)


def tag_counts(tags: Sequence[str]) -> str:
    """How many values have each tag, in a sentence.

    >>> tag_counts(["extract", "assumed", "assumed"])
    'Of 3 values 1 is from your extract and 2 are assumed.'
    """
    parts = []
    for tag, words in TAGS.items():
        n = sum(one == tag for one in tags)
        if n:
            parts.append(f"{n} {'is' if n == 1 else 'are'} {words}")
    listed = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"Of {len(tags)} values {listed}."
