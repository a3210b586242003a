"""The figures of the panel and the facts about areas, read from their YAML files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from upturn.measures.benchmark.figures import Column

HERE = Path(__file__).parent
#: The day a census belongs to: month and day.
CENSUS = {"march": (3, 31), "september": (9, 30)}
#: What the families of files are called in outputs.
FAMILIES = {
    "dfe": "the department's tables",
    "long": "the interactive tool's long file",
    "england": "totals and tables of England alone",
}


@dataclass(frozen=True)
class Figure:
    """One figure of the panel; ``dfe`` and ``long`` say where the families of files hold it."""

    id: str
    name: str
    short: str  # in a list of what moved
    unit: str  # percent, count, rate (per 10,000 children), cases, days (working days)
    scale: str  # level, or log: a change of log is a change in proportion
    good: str  # low, high, neither
    census: str  # march, september
    driver: bool
    prefer: str
    dfe: Column | None
    long: str
    topic: str = ""
    table: str = ""  # of the department's: C1, workforce, population
    main: bool = True  # one of those that are drawn and studied
    note: str = ""
    total: tuple[str, str] = ("", "")  # its row and its column in the totals for England
    wide: Column | None = None  # where a table of England's years has it

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


_SAID = (
    "id",
    "name",
    "short",
    "unit",
    "scale",
    "good",
    "census",
    "driver",
    "prefer",
    "topic",
    "table",
)


@lru_cache(maxsize=1)
def figures() -> Mapping[str, Figure]:
    """The figures of the panel by id, the main ones first.

    >>> figures()["referrals"].scale, figures()["from-police"].name
    ('log', 'Referrals from the police')
    """
    held = _held("tables.yaml")
    every = [
        *(_main(one) for one in _held("figures.yaml")["figures"]),
        *(_other(one) for one in held["figures"]),
        *(part for split in held["splits"] for part in _parts(split)),
    ]
    return {one.id: one for one in every}


def _main(one: dict[str, Any]) -> Figure:
    said = {k: one[k] for k in _SAID}
    dfe = _column(one["id"], one.get("dfe"))
    return Figure(**said, dfe=dfe, long=one.get("long", ""), total=_total(one), wide=_wide(one))


def _other(one: dict[str, Any]) -> Figure:
    """A figure of `tables.yaml`: for looking at, and no driver."""
    id_, needs = one["id"], one["needs"]
    return Figure(
        id=id_, name=one["name"], short=one["name"], unit=one["unit"],
        scale="log" if one["unit"] == "count" else "level", good="neither", census=one["census"],
        driver=False, prefer=one.get("prefer", "dfe"), dfe=_column(id_, one) if needs else None,
        long=one.get("long", ""), topic=one["topic"], table=one["table"], main=False,
        total=_total(one), wide=_wide(one),
    )  # fmt: skip


def _parts(split: dict[str, Any]) -> Iterator[Figure]:
    """The parts of a split, each its share; as the table gives it, or worked out."""
    for one in split["parts"]:
        name = split["name"].format(part=one["part"])
        given = split.get("given", "")
        needs = {"needs": [one["column"] + given]}
        places = {"of" if given else "share_of": split["share_of"]}
        wide = {"needs": [one.get("wide", "")], "share_of": split.get("wide_of", "")}
        yield Figure(
            id=one["id"], name=name, short=name, unit="percent", scale="level", good="neither",
            census="march", driver=False, prefer="dfe", dfe=_column(one["id"], needs | places),
            long="", topic=split["topic"], table=split["table"], main=False,
            note=split.get("note", ""), wide=_column(one["id"], wide) if "wide" in one else None,
        )  # fmt: skip


def _total(one: dict[str, Any]) -> tuple[str, str]:
    total = one.get("total")
    return (total["row"], total["column"]) if total else ("", "")


def _wide(one: dict[str, Any]) -> Column | None:
    return Column(one["id"], tuple(one["wide"])) if "wide" in one else None


def topics() -> tuple[str, ...]:
    """What the figures are about, in their order.

    >>> topics()[:2]
    ('workforce', 'referrals')
    """
    return tuple(dict.fromkeys(one.topic for one in figures().values()))


@lru_cache(maxsize=1)
def no_figures() -> tuple[tuple[frozenset[str], str], ...]:
    """Files that go with published figures and hold none: their columns, and what they are."""
    return tuple(
        (frozenset(one["columns"]), one["what"]) for one in _held("tables.yaml")["without_figures"]
    )


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
