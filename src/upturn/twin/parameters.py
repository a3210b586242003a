"""What the twin is told about a service: the catalogue of parameters and one service's values.

The catalogue is ``parameters.yaml``. A `Department` holds one value for each parameter, with a tag
that says where it came from: *extract*, *published*, *yours* or *assumed*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from upturn.rulebooks.entry import did_you_mean
from upturn.rulebooks.located import RulebookError, read_yaml

SCALES = ("log", "logit", "linear")
TAGS = ("extract", "published", "yours", "assumed")
READINGS = ("read", "infer", "fixed")
SURE = ("high", "fair", "low")
#: What can change how long children wait: the players of "why is it happening".
DRIVERS = (
    "demand", "case mix", "posts", "vacancies", "agency", "leavers and sickness", "touch time", "thresholds",
    "allocation", "partners", "conference capacity", "supervision",
)  # fmt: skip
#: Not a driver: what the user says things cost.
COST = "cost"


@dataclass(frozen=True)
class Parameter:
    """One thing the twin is told. ``low`` to ``high`` is where a fit looks, evenly on ``scale``."""

    name: str
    driver: str
    unit: str
    default: float
    low: float
    high: float
    scale: str
    tag: str
    source: str
    sure: str
    meaning: str
    reading: str

    @property
    def bounds(self) -> tuple[float, float]:
        """What the twin can be given at all: shares lie in 0 to 1, need anywhere, the rest from 0."""
        if self.unit == "share":
            return 0.0, 1.0
        if self.unit == "need" and self.low < 0:
            return -6.0, 6.0
        return _LEAST.get(self.name, 0.0), _MOST.get(self.name, 1e9)


#: Values the model needs to be at least, or at most, this: it would divide by nothing otherwise.
_LEAST = {
    "siblings_mean": 1.0, "posts": 0.5, "caseload_cap": 1.0, "teams": 1.0, "pressure_reach": 0.05,
    "visit_gap_days": 1.0, "cin_days": 1.0, "cp_days": 1.0, "hours_a_week": 0.5, "supervision_weeks": 0.5,
    "other_work_weight": 0.001, "vacancy_fill_days": 0.5, "sickness_days": 0.1, "agency_stay_days": 1.0,
    "need_spread": 0.001, "conference_slots_a_week": 0.05, "review_slots_a_week": 0.05,
}  # fmt: skip
_MOST = {
    "allocation_rule": 2.0, "teams": 200.0, "posts": 2000.0, "siblings_mean": 10.0, "leave_days": 200.0,
    "contacts_a_month": 20_000.0, "shock_contacts": 50.0, "patience_days": 500.0, "on_cost": 5.0,
    "leaving_load": 20.0, "sickness_load": 20.0, "conference_notice_days": 100.0,
    "hours_assessment_spread": 5.0, "vacancy_fill_spread": 5.0, "rework": 10.0, "need_spread": 6.0,
}  # fmt: skip


@dataclass(frozen=True)
class Department:
    """One service: a value, a tag and a source for each parameter, in the catalogue's order."""

    values: tuple[float, ...]
    tags: tuple[str, ...]
    sources: tuple[str, ...]

    def value(self, name: str) -> float:
        """The value of one parameter.

        >>> department().value("posts")
        60.0
        """
        return self.values[_place(name)]

    def tag(self, name: str) -> str:
        """Where the value came from."""
        return self.tags[_place(name)]

    def changed(self, *, tag: str = "yours", source: str = "given", **changes: float) -> Department:
        """The same service with other values, which carry ``tag`` and ``source``.

        Raises RulebookError for a name that is not a parameter or a value out of its bounds.

        >>> department().changed(posts=66).tag("posts")
        'yours'
        """
        return self._with(changes, tag, source)

    def _with(self, changes: Mapping[str, float], tag: str, source: str) -> Department:
        faults = [fault for name, value in changes.items() for fault in _faults(name, value)]
        if tag not in TAGS:
            faults.append(f"a tag is one of {', '.join(TAGS)}; {tag!r} is not")
        if faults:
            raise RulebookError(faults)
        values, tags, sources = list(self.values), list(self.tags), list(self.sources)
        for name, value in changes.items():
            place = _place(name)
            values[place], tags[place], sources[place] = float(value), tag, source
        return replace(self, values=tuple(values), tags=tuple(tags), sources=tuple(sources))


@cache
def parameters() -> Mapping[str, Parameter]:
    """Every parameter by name, in the order of the columns of a scenario.

    >>> parameters()["posts"].driver
    'posts'
    """
    text = resources.files(__package__).joinpath("parameters.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return MappingProxyType({name: _parameter(name, entry) for name, entry in entries.items()})


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    numbers = ("default", "low", "high")
    values: dict[str, Any] = {k: float(v) if k in numbers else v for k, v in entry.items()}
    return Parameter(name=name, **values)


#: Name -> column of a scenario.
PARAMETERS: Mapping[str, int] = MappingProxyType({name: n for n, name in enumerate(parameters())})


def department(**changes: float) -> Department:
    """The example service, with some values changed; those are tagged *yours*.

    Sized as 60 case-holding posts at England's published rates. Raises RulebookError for a name that
    is not a parameter or a value out of its bounds.

    >>> department(posts=50).value("posts"), department().tag("no_further_action")
    (50.0, 'published')
    """
    entries = parameters().values()
    example = Department(
        tuple(p.default for p in entries),
        tuple(p.tag for p in entries),
        tuple(p.source for p in entries),
    )
    return example._with(changes, "yours", "given")


def read_department(path: Path | str) -> Department:
    """A service from a YAML file: ``parameter: value`` or ``parameter: {value, tag, source}``.

    What the file leaves out is the example's. Raises RulebookError with the file and line of each fault.
    """
    doc = read_yaml(Path(path))
    if not doc.faults and not isinstance(doc.data, dict):
        doc.fault((), "should be a list of parameters, each with its value")
    if doc.faults:
        raise RulebookError(doc.faults)
    made = department()
    for name, entry in doc.data.items():
        given = entry if isinstance(entry, dict) else {"value": entry}
        faults = _entry_faults(str(name), given)
        for fault in faults:
            doc.fault((name,), fault)
        if not faults:
            tag, source = given.get("tag", "yours"), str(given.get("source", doc.name))
            made = made._with({name: given["value"]}, tag, source)
    if doc.faults:
        raise RulebookError(doc.faults)
    return made


def write_department(dept: Department, path: Path | str) -> Path:
    """Write a service as a YAML file that `read_department` reads back to the same values."""
    lines = ["# A service as the twin knows it. Change a value and its tag to 'yours'."]
    for p, value, tag, source in zip(
        parameters().values(), dept.values, dept.tags, dept.sources, strict=True
    ):
        quoted = source.replace("'", "''")
        lines += [f"# {p.meaning} ({p.unit})"]
        lines += [f"{p.name}: {{value: {value!r}, tag: {tag}, source: '{quoted}'}}"]
    target = Path(path)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def _place(name: str) -> int:
    if name not in PARAMETERS:
        raise RulebookError([_unknown(name)])
    return PARAMETERS[name]


def _unknown(name: str) -> str:
    return f"{name!r} is not a parameter of the twin{did_you_mean(name, list(PARAMETERS))}"


def _faults(name: str, value: object) -> list[str]:
    if name not in PARAMETERS:
        return [_unknown(name)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [f"{name}: {value!r} is not a number"]
    low, high = parameters()[name].bounds
    if not low <= value <= high:
        return [f"{name}: {value:g} is out of bounds; it can be {low:g} to {high:g}"]
    return []


def _entry_faults(name: str, given: Mapping[str, Any]) -> list[str]:
    extra = sorted(set(given) - {"value", "tag", "source"})
    if extra:
        return [f"{name}: {extra[0]!r} is not known here; it has value, tag and source"]
    if "value" not in given:
        return [f"{name}: has no value"]
    if given.get("tag", "yours") not in TAGS:
        return [f"{name}: a tag is one of {', '.join(TAGS)}; {given['tag']!r} is not"]
    return _faults(name, given["value"])
