"""The figures of the panel and the facts about areas, read from their YAML files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from upturn.measures.benchmark.imported import Column

HERE = Path(__file__).parent
#: The day a census belongs to: month and day.
CENSUS = {"march": (3, 31), "september": (9, 30)}
#: What the families of files are called in outputs.
FAMILIES = {"dfe": "the department's tables", "long": "the interactive tool's long file"}


@dataclass(frozen=True)
class Figure:
    """One figure of the panel; ``dfe`` and ``long`` say where the families of files hold it."""

    id: str
    name: str
    short: str  # in a list of what moved
    unit: str  # percent, count, rate (per 10,000 children), cases
    scale: str  # level, or log: a change of log is a change in proportion
    good: str  # low, high, neither
    census: str  # march, september
    driver: bool
    prefer: str
    dfe: Column | None
    long: str

    def census_day(self, year: int) -> date:
        """The day of the census of a year.

        >>> figures()["vacancy"].census_day(2019)
        datetime.date(2019, 9, 30)
        """
        return date(year, *CENSUS[self.census])

    def census_before(self, day: date) -> int:
        """The year of the last census before ``day``; a census on that day is not before it.

        >>> figures()["vacancy"].census_before(date(2019, 10, 1))
        2019
        >>> figures()["vacancy"].census_before(date(2019, 9, 30))
        2018
        """
        return day.year if self.census_day(day.year) < day else day.year - 1


@dataclass(frozen=True)
class Areas:
    """What is known of areas: codes that ended or began, joint returns, faulty figures."""

    ended: Mapping[str, str]  # code -> because
    began: Mapping[str, str]
    joint: Mapping[str, str]  # code of one member -> because
    faults: Mapping[tuple[str, str, int], str]  # (code, census, year) -> because
    garbled: frozenset[str]  # codes whose row in the list of latest judgements is known to be wrong
    garbled_because: str

    def awkward(self) -> frozenset[str]:
        """Codes that a sensitivity test leaves out: boundaries that moved, joint returns, known faults."""
        faulty = {code for code, _, _ in self.faults}
        return frozenset({*self.ended, *self.began, *self.joint, *faulty})


def _held(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _column(id_: str, said: dict[str, Any] | None) -> Column | None:
    if said is None:
        return None
    return Column(id_, tuple(said["needs"]), said.get("share_of", ""), said.get("of", ""))


_SAID = ("id", "name", "short", "unit", "scale", "good", "census", "driver", "prefer")


@lru_cache(maxsize=1)
def figures() -> Mapping[str, Figure]:
    """The figures of the panel by id.

    >>> figures()["referrals"].scale
    'log'
    """
    return {
        one["id"]: Figure(
            **{k: one[k] for k in _SAID},
            dfe=_column(one["id"], one.get("dfe")),
            long=one.get("long", ""),
        )
        for one in _held("figures.yaml")["figures"]
    }  # fmt: skip


@lru_cache(maxsize=1)
def counted_frameworks() -> tuple[str, ...]:
    """The frameworks whose overall judgement counts; the others judged a part of the service."""
    return tuple(_held("figures.yaml")["judgements"]["counted"])


@lru_cache(maxsize=1)
def grades() -> tuple[str, ...]:
    """The grades, the best first.

    >>> grades()[-1]
    'inadequate'
    """
    return tuple(_held("figures.yaml")["grades"])


@lru_cache(maxsize=1)
def areas() -> Areas:
    """What is known of areas.

    >>> sorted(areas().ended)
    ['835', '836', '837', '909', '928']
    """
    held = _held("areas.yaml")
    return Areas(
        ended={code: one["because"] for one in held["changes"] for code in one["ended"]},
        began={code: one["because"] for one in held["changes"] for code in one["began"]},
        joint={code: one["because"] for one in held["joint"] for code in one["codes"]},
        faults={
            (one["code"], one["census"], year): one["because"]
            for one in held["faults"]
            for year in one["years"]
        },
        garbled=frozenset(held["judgement_faults"]["authorities"]),
        garbled_because=held["judgement_faults"]["because"],
    )
