"""The sampling frame: every unit that could be drawn, and why some could not.

The frame is the whole population. A unit that is left out (audited lately, restricted, the auditor's own
case) stays in it with the reason, so that what a sample can speak for is never in doubt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import polars as pl
import yaml

from upturn.journeys.result import Check
from upturn.measures.words import day_words
from upturn.records.casebook import Casebook

#: What a unit may be grouped by.
STRATA = ("team", "worker", "age", "length", "month")
_AGES = ((1, "under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"), (200, "16 and over"))
_LENGTHS = ((91, "under 3 months"), (182, "3 to 6 months"), (365, "6 to 12 months"),
            (730, "1 to 2 years"), (100_000, "over 2 years"))  # fmt: skip
#: Said of a record that only named people may see: its row of the frame names nobody.
RESTRICTED = "restricted record"
#: Days after which a case may be audited again.
AGAIN_AFTER = 183
#: Clocks that make a unit likelier to be drawn when a sample is weighted by risk.
_RISK = {"overdue": 3.0, "met late": 1.0, "cannot tell": 0.5}


@dataclass(frozen=True)
class Population:
    """What a sample is drawn from; see ``populations.yaml``."""

    id: str
    name: str
    table: str
    child: str
    start: str
    ends: tuple[str, ...]
    episode: str
    only: str | None = None


@cache
def populations() -> Mapping[str, Population]:
    """Every population by its id.

    >>> populations()["child-protection-plans"].table
    'cp_plans'
    """
    text = resources.files(__package__).joinpath("populations.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    return {
        name: Population(**{"id": name, **entry, "ends": tuple(entry["ends"])})
        for name, entry in entries.items()
    }


def frame_of(
    check: Check,
    population: Population,
    *,
    excluded: Mapping[str, str] | None = None,
    not_workers: Sequence[str] = (),
) -> pl.DataFrame:
    """The frame: ``unit, child_id, team, worker, age, length, month, risk, left_out``, one row a unit.

    ``unit`` names the row of the extract; ``excluded`` maps a child to why it is left out; units of
    ``not_workers`` are the auditors' own. ``risk`` is 1 and more for each clock of the child's episode
    that is overdue, was met late or cannot be told: signals of the organisation's work, not of a family.
    Sorted by unit, so that the order of the extract's rows is the frame's only order.
    """  # fmt: skip
    rows = _units(check.casebook, population)
    rows = rows.join(_risk(check, population), on="child_id", how="left", maintain_order="left")
    why = pl.col("child_id").replace_strict(
        dict(excluded or {}), default=None, return_dtype=pl.String
    )
    own = pl.when(pl.col("worker").is_in(list(not_workers))).then(pl.lit("the auditor's own case"))
    return _withheld(
        rows.with_columns(
            risk=1.0 + pl.col("risk").fill_null(0.0), left_out=pl.coalesce(why, own)
        ).select("unit", "child_id", *STRATA, "risk", "left_out")
    )


def exclusions(
    *,
    named: Mapping[str, str],
    restricted: Iterable[str],
    audited: Mapping[str, date],
    as_at: date,
    within: int = AGAIN_AFTER,
) -> dict[str, str]:
    """Why each child is left out: named by the user, restricted, or audited ``within`` days of ``as_at``.

    A restriction goes before every other reason.

    >>> day = date(2026, 9, 30)
    >>> exclusions(named={}, restricted=["b"], audited={"a": day, "b": day}, as_at=day)
    {'a': 'audited 30 Sep 2026', 'b': 'restricted record'}
    """
    lately = {
        child: f"audited {day_words(day)}"
        for child, day in audited.items()
        if 0 <= (as_at - day).days <= within
    }
    return {**lately, **named, **dict.fromkeys(restricted, RESTRICTED)}


def _withheld(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with restricted records counted and nothing of them said."""
    hidden = pl.col("left_out").fill_null("") == RESTRICTED
    number = hidden.cum_sum()
    blank = {name: pl.lit(None, dtype=frame.schema[name]) for name in ("child_id", *STRATA)}
    return frame.with_columns(
        unit=pl.when(hidden).then(pl.format("restricted record {}", number)).otherwise("unit"),
        risk=pl.when(hidden).then(1.0).otherwise("risk"),
        **{
            name: pl.when(~hidden).then(pl.col(name)).otherwise(null)
            for name, null in blank.items()
        },
    )


def _units(casebook: Casebook, population: Population) -> pl.DataFrame:
    table = casebook.table(population.table)
    if population.only:
        table = table.filter(pl.col(population.only).fill_null(False))
    for end in population.ends:
        aside = pl.col("set_aside").list.contains(end)
        ended = pl.col(end).is_not_null() & (pl.col(end) <= casebook.as_at)
        table = table.filter(~ended & ~aside)
    born = casebook.table("person").select(child_id="pers_person_id", _born="pers_dob")
    as_at = pl.lit(casebook.as_at)
    rows = table.with_columns(child_id=pl.col(population.child)).join(
        born, on="child_id", how="left", maintain_order="left"
    )
    years = (as_at - pl.col("_born")).dt.total_days() / 365.25
    days = (as_at - pl.col(population.start)).dt.total_days()
    return rows.select(
        "child_id",
        "team",
        "worker",
        unit=pl.format("{} row {}", "source_list", "source_row"),
        age=_banded(years, _AGES),
        length=_banded(days, _LENGTHS),
        month=pl.col(population.start).dt.strftime("%Y-%m").fill_null("no date"),
    ).sort("unit", "child_id")


def _banded(value: pl.Expr, bands: Sequence[tuple[int, str]]) -> pl.Expr:
    band: pl.Expr = pl.lit(bands[-1][1])
    for below, name in reversed(bands[:-1]):
        band = pl.when(value < below).then(pl.lit(name)).otherwise(band)
    return pl.when(value.is_null()).then(pl.lit("not known")).otherwise(band)


def _risk(check: Check, population: Population) -> pl.DataFrame:
    weight = pl.col("state").replace_strict(_RISK, default=0.0, return_dtype=pl.Float64)
    mine = check.clocks.filter(pl.col("episode") == population.episode)
    return mine.group_by("child_id").agg(risk=weight.sum())


def frame_hash(frame: pl.DataFrame) -> str:
    """The SHA-256 of the frame as CSV: two samples with one hash were drawn from one population.

    >>> frame_hash(pl.DataFrame({"unit": ["a"]}))[:12]
    '45e2ae08b592'
    """
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()
