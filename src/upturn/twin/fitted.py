"""What a fit gives back: what was read, what was inferred, what cannot be told; kept in one file."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.records.sheets import SourceError

if TYPE_CHECKING:
    from upturn.twin.parameters import Department

Tag = Literal["extract", "published", "yours", "assumed"]
How = Literal["read", "inferred", "given", "default"]

#: One row a month and name: ``kind`` is "series" (as the twin counts them) or "outcome". ``value`` is null
#: where the source cannot tell, ``n`` the records it rests on.
OBSERVED: dict[str, pl.DataType] = {
    "month": pl.Date(),
    "kind": pl.String(),
    "name": pl.String(),
    "value": pl.Float64(),
    "n": pl.Int64(),
}

_VERSION = 1


@dataclass(frozen=True)
class Period:
    """A stretch of whole months that is fitted on its own; both days are in it."""

    label: str  # "A"
    start: date
    end: date


@dataclass(frozen=True)
class Reading:
    """What is known of one parameter in one period.

    ``low`` and ``high`` are the ends of a 90 % interval, in the parameter's unit. ``how``: "read" straight
    from records, "inferred" by simulation, "given" by the user, "default" of the catalogue. ``n`` is the
    number of records a read value rests on, 0 otherwise. ``known`` is False when the extract does not
    tell: then the value is the catalogue's, or the middle of the runs that fit; it is tagged as assumed or
    published, and the interval is nearly as wide as what was assumed.
    ``width`` is the posterior's width over the prior's, on the parameter's own scale: 1 tells nothing.
    """

    parameter: str
    period: int
    value: float
    low: float
    high: float
    tag: Tag
    how: How
    n: int
    known: bool
    width: float
    source: str
    words: str


@dataclass(frozen=True)
class CheckOfFit:
    """One posterior predictive check: a summary as recorded, and what the fitted twin makes of it.

    ``low``, ``middle`` and ``high`` are the 5th, 50th and 95th centile over draws and replications;
    ``share_below`` is the share of simulated values below the recorded one.
    """

    summary: str
    period: int
    unit: str
    recorded: float
    low: float
    middle: float
    high: float
    share_below: float

    @property
    def inside(self) -> bool:
        """Whether the recorded value lies in the simulated 90 % band."""
        return self.low <= self.recorded <= self.high


@dataclass(frozen=True)
class Fact:
    """Something of a service that is read and shown, and that is no parameter; 90 % interval."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    n: int


@dataclass(frozen=True)
class Fitted:
    """A twin fitted to one extract.

    ``draws`` is float64 of shape (draws, periods, parameters): joint draws of every parameter, in the order
    of ``parameters`` (the catalogue's). What was read is drawn from its interval's distribution; what the
    extract does not tell is drawn from its prior when ``known`` is False and it could be inferred, and is
    fixed otherwise. ``observed`` has the schema `OBSERVED`. ``facts`` are arrivals by weekday, season and
    trend. ``notes`` are sentences for people.
    """

    source_name: str
    sha256: str
    as_at: date
    periods: tuple[Period, ...]
    parameters: tuple[str, ...]
    draws: npt.NDArray[np.float64]
    readings: tuple[Reading, ...]
    observed: pl.DataFrame
    checks: tuple[CheckOfFit, ...]
    notes: tuple[str, ...]
    seed: int
    simulations: int
    facts: tuple[Fact, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def reading(self, parameter: str, period: int = -1) -> Reading:
        """What is known of one parameter; ``period`` counts from 0, -1 is the latest.

        Raises KeyError when there is no such parameter.
        """
        nth = period % len(self.periods)
        for one in self.readings:
            if one.parameter == parameter and one.period == nth:
                return one
        raise KeyError(f"no parameter {parameter!r} in this fit")

    def values(self, period: int = -1) -> npt.NDArray[np.float64]:
        """The middle value of every parameter in a period, in the catalogue's order."""
        nth = period % len(self.periods)
        found = {r.parameter: r.value for r in self.readings if r.period == nth}
        return np.array([found[name] for name in self.parameters])

    def department_of(self, period: int = -1) -> Department:
        """The service at the middle values of a period, each with its tag and source."""
        from upturn.twin.parameters import Department

        nth = period % len(self.periods)
        by_name = {r.parameter: r for r in self.readings if r.period == nth}
        chosen = [by_name[name] for name in self.parameters]
        return Department(
            values=tuple(r.value for r in chosen),
            tags=tuple(r.tag for r in chosen),
            sources=tuple(r.source for r in chosen),
        )

    @property
    def department(self) -> Department:
        """The service at the middle values of the latest period."""
        return self.department_of(-1)

    @property
    def unknown(self) -> tuple[Reading, ...]:
        """What could have been inferred and this extract does not tell, in the latest period."""
        last = len(self.periods) - 1
        return tuple(
            r for r in self.readings if r.period == last and r.how == "inferred" and not r.known
        )


def fitted_text(fitted: Fitted) -> str:
    """A fit as JSON text; the draws to the last bit, as little-endian float64 in base 64."""
    record = {
        "upturn_fit": _VERSION,
        "source_name": fitted.source_name,
        "sha256": fitted.sha256,
        "as_at": fitted.as_at.isoformat(),
        "seed": fitted.seed,
        "simulations": fitted.simulations,
        "settings": dict(fitted.settings),
        "periods": [
            {**asdict(p), "start": str(p.start), "end": str(p.end)} for p in fitted.periods
        ],
        "parameters": list(fitted.parameters),
        "readings": [asdict(r) for r in fitted.readings],
        "checks": [asdict(c) for c in fitted.checks],
        "facts": [asdict(f) for f in fitted.facts],
        "notes": list(fitted.notes),
        "observed": fitted.observed.with_columns(pl.col("month").cast(pl.String)).to_dicts(),
        "draws_shape": list(fitted.draws.shape),
        "draws": base64.b64encode(fitted.draws.astype("<f8").tobytes()).decode("ascii"),
    }
    return json.dumps(record, indent=1, allow_nan=False)


def load_fitted(path: str | Path) -> Fitted:
    """Read a fit back from the file that `fitted_text` was written to.

    Raises SourceError, in one line, for a file that is not there or is not a fit of this version.

    >>> load_fitted("no-such-file.json")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-file.json: there is no such file
    """
    file = Path(path)
    if not file.is_file():
        raise SourceError(f"{file}: there is no such file")
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return _fitted(record)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceError(
            f"{file.name}: not a fit that this version of `upturn twin fit` wrote; fit it again"
        ) from None


def _fitted(record: Mapping[str, Any]) -> Fitted:
    if record["upturn_fit"] != _VERSION:
        raise ValueError("version")
    raw = np.frombuffer(base64.b64decode(record["draws"]), dtype="<f8")
    rows = [{**row, "month": date.fromisoformat(row["month"])} for row in record["observed"]]
    return Fitted(
        source_name=record["source_name"],
        sha256=record["sha256"],
        as_at=date.fromisoformat(record["as_at"]),
        periods=_periods(record["periods"]),
        parameters=tuple(record["parameters"]),
        draws=raw.astype(np.float64).reshape(record["draws_shape"]),
        readings=tuple(Reading(**one) for one in record["readings"]),
        observed=pl.DataFrame(rows, schema=OBSERVED),
        checks=tuple(CheckOfFit(**one) for one in record["checks"]),
        notes=tuple(record["notes"]),
        seed=record["seed"],
        simulations=record["simulations"],
        facts=tuple(Fact(**one) for one in record["facts"]),
        settings=record["settings"],
    )


def _periods(rows: Sequence[Mapping[str, str]]) -> tuple[Period, ...]:
    return tuple(
        Period(r["label"], date.fromisoformat(r["start"]), date.fromisoformat(r["end"]))
        for r in rows
    )
