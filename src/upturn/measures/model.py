"""A measure and its value: what is counted, of what, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from upturn.rulebooks.model import Coverage, best_of

Good = Literal["high", "low", "neither"]
Unit = Literal["percent", "count", "rate", "working days", "weeks", "months", "children", "days"]
Form = Literal["rows", "clocks", "episodes", "overdue", "workload"]
GOOD: tuple[Good, ...] = ("high", "low", "neither")
UNITS: tuple[Unit, ...] = (
    "percent", "count", "rate", "working days", "weeks", "months", "children", "days",
)  # fmt: skip
FORMS: tuple[Form, ...] = ("rows", "clocks", "episodes", "overdue", "workload")
#: What a measure of the form ``workload`` may be; `upturn.workload.figures` works them out.
FIGURES = (
    "caseload-middle", "caseload-p90", "caseload-most", "caseload-average", "caseload-over", "workers-three",
    "workers-three-cla", "allocation-wait", "nobody-days", "nobody-over", "vacancy-rate", "agency-rate",
    "turnover", "sickness-rate",
)  # fmt: skip
#: Units in which a value is the middle one of many lengths of time.
LENGTHS = ("working days", "weeks", "months")


@dataclass(frozen=True)
class Condition:
    """Something a row either is, or is not, or cannot be told to be.

    ``field`` is a field of the casebook, ``op`` one of `upturn.measures.conditions.OPERATORS` and ``value``
    what it is held against. ``any_of`` holds conditions of which one is enough; then the rest is empty.
    """

    field: str = ""
    op: str = ""
    value: object = None
    any_of: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Rows of one table of the casebook.

    ``where`` says which; ``window`` names the date that must fall in the window, or ``open`` the two dates
    between which a row is open on the as-at date. ``per_child`` counts children, each once, by how many
    such rows they have: at least that many.
    """

    table: str
    where: tuple[Condition, ...] = ()
    window: str = ""
    open: tuple[str, str] | None = None
    per_child: int = 0


@dataclass(frozen=True)
class Length:
    """The time from one date of a row to another (``to`` empty: to the as-at date), with its bands.

    ``bands`` are upper ends, each band taking in its own end; ``more_than``, ``at_least`` and
    ``at_most`` turn lengths into a share.
    ``none`` names what it means when the first date is blank, such as "no visit recorded".
    """

    start: str
    to: str
    unit: str
    bands: tuple[tuple[str, float | None], ...] = ()
    more_than: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    none: str = ""

    @property
    def bounded(self) -> bool:
        """Whether a length can be in or out of bounds."""
        return not (self.more_than is self.at_least is self.at_most is None)


@dataclass(frozen=True)
class Clocks:
    """Clocks of rules, by the date that must fall in the window (``open``: as they stand)."""

    rules: tuple[str, ...]
    window: str = ""
    of: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One entry of the catalogue.

    ``inside`` are the conditions of the numerator, by source (``""``: any source without its own).
    ``published`` is the name of the same figure in `upturn.measures.benchmark`. ``good`` says which way is
    better. ``coverage`` says how far each source suffices. ``figure`` (one of `FIGURES`) and ``over`` are for
    the form ``workload``, which rests on who held which child.
    """

    id: str
    name: str
    group: str
    definition: str
    source: str
    good: Good
    unit: Unit
    form: Form
    coverage: tuple[tuple[str, Coverage], ...] = ()
    rows: Rows | None = None
    inside: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    length: Length | None = None
    clocks: Clocks | None = None
    published: str = ""
    key: bool = False  # shown first on a scorecard
    series: bool = True  # false where the latest points would always differ
    figure: str = ""
    over: int = 0

    def covered_by(self, source: str) -> Coverage:
        """How far a source suffices; in full when the catalogue says nothing of it."""
        return best_of(self.coverage, source, Coverage("full", ""))


#: The rows behind a value, whatever the measure is made of.
MEMBERS: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "team": pl.String(),
    "source": pl.String(),  # "List 4 row 22"
    "day": pl.Date(),  # the date it was placed by; null for what stands open
    "counts": pl.Boolean(),  # in the numerator, out of it, or (null) cannot tell
    "amount": pl.Float64(),  # a length of time, or days overdue, where the measure has one
}


@dataclass(frozen=True)
class Value:
    """What a measure comes to, with everything behind it.

    ``value`` is in the measure's unit (a percentage, a count, a median), or None when it cannot be told,
    and then ``why`` says so. ``n`` of ``of`` were counted; ``missing`` more cannot be told and are in
    neither. ``excluded`` says what was left out of it all, by reason. ``bands`` counts lengths of time.
    ``members`` has the columns of `MEMBERS`.
    """

    measure: Measure
    as_at: date
    window: tuple[date, date]
    value: float | None
    n: int
    of: int
    interval: tuple[float, float] | None
    missing: int
    members: pl.DataFrame
    excluded: Mapping[str, int] = field(default_factory=dict)
    bands: tuple[tuple[str, int], ...] = ()
    why: str = ""

    @property
    def children_in(self) -> pl.DataFrame:
        """The rows in the numerator: as many as ``n``."""
        return self.members.filter("counts")

    @property
    def children_out(self) -> pl.DataFrame:
        """The rows in the denominator and not in the numerator: as many as ``of - n``."""
        return self.members.filter(~pl.col("counts"))

    @property
    def cannot_tell(self) -> pl.DataFrame:
        """The rows of which it cannot be told: ``missing``, and those with no start of the length."""
        return self.members.filter(pl.col("counts").is_null())
