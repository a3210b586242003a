"""The state of the field: what the published figures and judgements of all authorities show, fact by fact.

Every fact has a number, a sentence, and the rows of the published files it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from upturn.published.national.effects import Effects, effects_of
from upturn.published.national.facts import Fact, Notes
from upturn.published.national.judgements import Arrival, spells
from upturn.published.national.model import Figure, grades
from upturn.published.national.panel import Panel
from upturn.published.national.recovery import moves, recoveries, what_moved
from upturn.published.national.reports import report_facts
from upturn.published.national.survival import middle, time_in
from upturn.published.national.wording import after_words
from upturn.records.sheets import SourceError

#: The figures whose change after a judgement the report gives, where the panel has them.
FOLLOWED = ("vacancy", "agency", "turnover", "caseload", "sickness", "referrals", "re-referrals",
            "s47-children-rate", "cpp-rate", "assessments-45", "icpc-15")  # fmt: skip
AFTER: tuple[Arrival, ...] = ("inadequate", "requires improvement", "good")
#: The figures whose course in England the report gives.
ENGLAND = (
    "referrals",
    "s47-children-rate",
    "cpp-rate",
    "assessments-45",
    "vacancy",
    "agency",
    "turnover",
    "caseload",
)
#: What to read first: keys of facts, or the first fact of a part.
FIRST = ("judgements", "vacancy inadequate", "vacancy requires improvement", "agency inadequate",
         "referrals inadequate",
         "turnover inadequate", "assessments-45 inadequate", "time", "reports")  # fmt: skip


@dataclass(frozen=True)
class Field:
    """Everything the report says, worked out. ``trace`` has the columns of `facts.TRACE`."""

    as_at: date
    facts: tuple[Fact, ...]
    trace: pl.DataFrame
    latest: pl.DataFrame  # grade, authorities
    by_year: pl.DataFrame  # year, one column for each grade
    england: (
        pl.DataFrame
    )  # figure, year, england, lower, middle, upper (quartiles of authorities), known
    effects: Mapping[tuple[str, Arrival], Effects]
    curve: pl.DataFrame
    median: tuple[float | None, float | None, float | None]
    moved: pl.DataFrame
    recovered: pl.DataFrame
    sources: pl.DataFrame

    def in_short(self) -> list[Fact]:
        """The few facts to read first, in the order of `FIRST`."""
        by_key = {fact.key or fact.part: fact for fact in reversed(self.facts)}
        return [by_key[key] for key in FIRST if key in by_key]

    def of(self, part: str) -> list[Fact]:
        """The facts of one part of the report."""
        return [fact for fact in self.facts if fact.part == part]


def state_of_the_field(
    panel: Panel,
    *,
    as_at: date | None = None,
    library: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Field:
    """The report's facts, figures and trace. ``as_at`` is until when authorities are watched; without it, the
    day of the latest judgement. ``library`` is one of reports, for what they ask for.

    Raises SourceError for a panel without judgements, for a day that its judgements do not reach, and for a
    file that is no library.
    """
    until = as_at or panel.as_at()
    if until is None:
        raise SourceError("the panel holds no judgement; import a list of Ofsted's judgements")
    _within_reach(until, panel)
    tell = progress or (lambda _: None)
    notes = Notes(panel)
    latest, by_year = _judgements(panel, notes, until)
    england = _england(panel, notes)
    found: dict[tuple[str, Arrival], Effects] = {}
    for measure in [one.id for one in panel.measures() if one.id in FOLLOWED]:
        tell(f"What followed a judgement: {measure}")
        for after in AFTER:
            try:
                whole = after == "inadequate"
                found[measure, after] = effects_of(panel, measure, after=after, every_way=whole)
            except SourceError:
                continue
            _after(found[measure, after], notes)
    curve, median = _time(panel, notes, until)
    tell("What moved before authorities got out")
    moved = _moved(panel, notes, until)
    if library is not None:
        report_facts(library, notes)
    return Field(
        as_at=until, facts=tuple(notes.facts), trace=pl.concat(notes.rows), latest=latest,
        by_year=by_year, england=england, effects=found, curve=curve, median=median, moved=moved,
        recovered=recoveries(panel), sources=panel.sources,
    )  # fmt: skip


def _judgement_rows(judged: pl.DataFrame) -> pl.DataFrame:
    return judged.select("area", pl.lit("overall judgement").alias("what"), when="date", value="overall",
                         source="source", row="row")  # fmt: skip


_GRADED = {"requires improvement": "requiring improvement"}


def _within_reach(until: date, panel: Panel) -> None:
    """Before the first judgement nobody is watched; long after the last, silence is not a judgement."""
    first, last = panel.judged["date"].min(), panel.as_at()
    if not isinstance(first, date) or last is None:
        return
    if not first <= until <= last + timedelta(365):
        raise SourceError(
            f"authorities cannot be watched until {until}: the panel's judgements run from {first} to {last}"
        )


def _judgements(panel: Panel, notes: Notes, until: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    judged = panel.judged.filter(pl.col("date") <= until)
    last = judged.sort("date").unique("la_code", keep="last").sort("area")
    counted = last.group_by("overall").len()
    found = {str(g): int(n) for g, n in counted.iter_rows()}
    latest = pl.DataFrame(
        [(grade, found.get(grade, 0)) for grade in grades()],
        schema=["grade", "authorities"], orient="row",
    )  # fmt: skip
    said = ", ".join(f"{n} {_GRADED.get(grade, grade)}" for grade, n in latest.iter_rows())
    notes.add("judgements", f"Of {last.height} authorities, by their latest overall judgement: {said}.",
              _judgement_rows(last))  # fmt: skip
    by_year = (
        judged.with_columns(year=pl.col("date").dt.year())
        .pivot("overall", index="year", values="la_code", aggregate_function="len")
        .sort("year")
    )
    blank = [pl.lit(0).alias(g) for g in grades() if g not in by_year.columns]
    by_year = by_year.with_columns(*blank).fill_null(0).select("year", *grades())
    return latest, by_year


def _england(panel: Panel, notes: Notes) -> pl.DataFrame:
    parts = []
    for figure in [one for one in panel.measures() if one.id in ENGLAND]:
        rows = (
            panel.values.filter(measure=figure.id, area_type="England")
            .drop_nulls("value")
            .sort("year")
        )
        spread = (
            panel.series(figure.id)
            .group_by("year")
            .agg(lower=pl.col("value").quantile(0.25), middle=pl.col("value").median(),
                 upper=pl.col("value").quantile(0.75), known=pl.len().cast(pl.Int64))
        )  # fmt: skip
        own = rows.select("year", england="value").unique("year", keep="last")
        parts.append(spread.join(own, on="year", how="left").select(
            pl.lit(figure.id).alias("figure"), "year", "england", "lower", "middle", "upper", "known",
        ))  # fmt: skip
        if rows.height > 1:
            first, last = rows.row(0, named=True), rows.row(-1, named=True)
            notes.add("england", _course(figure, first, last), rows.select(
                "area", pl.lit(figure.name).alias("what"), "value", "source", "row",
                when="year"))  # fmt: skip
    return pl.concat(parts).sort("figure", "year") if parts else pl.DataFrame()


def _course(figure: Figure, first: Mapping[str, float], last: Mapping[str, float]) -> str:
    digits = 0 if figure.unit == "count" else 1
    unit = " %" if figure.unit == "percent" else ""
    return (
        f"{figure.name}, England: {first['value']:,.{digits}f}{unit} in {first['year']}, "
        f"{last['value']:,.{digits}f}{unit} in {last['year']}."
    )


def _after(found: Effects, notes: Notes) -> None:
    first = found.table.filter(horizon=1)
    if first.is_empty():
        return
    words = after_words(found, first.row(0, named=True))
    rows = found.rows.filter(horizon=1)
    name = pl.lit(found.figure.name).alias("what")
    cells = [
        rows.select("area", name, when="base_year", value="base_value", source="base_source", row="base_row"),
        rows.select("area", name, when="year", value="value", source="source", row="row"),
        rows.select("area", pl.lit(f"judgement: {found.after}").alias("what"), when="date",
                    value=pl.lit(found.after), source="judged_source", row="judged_row"),
    ]  # fmt: skip
    text = [pl.col(c).cast(pl.String) for c in ("when", "value")]
    key = f"{found.figure.id} {found.after}"
    notes.add("after", words, pl.concat([cell.with_columns(text) for cell in cells]), key)


def _time(
    panel: Panel, notes: Notes, until: date
) -> tuple[pl.DataFrame, tuple[float | None, float | None, float | None]]:
    every = spells(panel.judged).filter(pl.col("began") < until)
    if every.is_empty():
        return pl.DataFrame(), (None, None, None)
    curve = time_in(every, as_at=until)
    median = middle(curve)
    out = every.filter(pl.col("left") <= until).height
    half, low, high = (None if m is None else round(m) for m in median)
    said = f"half had left within {half} months" if half else "fewer than half have left"
    if half and low and high:
        said += f" (95 % interval {low} to {high})"
    words = (
        f"Of {every.height} times that an authority became inadequate, {out} have ended; {said}."
    )
    rows = every.select("area", pl.lit("became inadequate").alias("what"), "source", "row", when="began",
                        value=pl.col("left").cast(pl.String).fill_null("still inadequate"))  # fmt: skip
    notes.add("time", words, rows)
    return curve, median


def _moved(panel: Panel, notes: Notes, until: date) -> pl.DataFrame:
    table = what_moved(panel, as_at=until)
    out = spells(panel.judged).with_columns(until=pl.lit(None, dtype=pl.Date))
    rows = moves(panel, out)
    names = {one.id: one for one in panel.measures()}
    groups = table["group"].unique(maintain_order=True).to_list()
    for driver in table["driver"].unique(maintain_order=True):
        part = table.filter(driver=driver)
        shares = "; ".join(
            f"{r['moved']} of {r['of']} that {_group(r['group'])}"
            for r in part.to_dicts()
            if r["of"]
        )
        if not shares or len(groups) < 2:
            continue
        behind = rows.filter(driver=driver).select(
            "area",
            pl.lit(names[driver].name).alias("what"),
            "value",
            "source",
            "row",
            when="census",
        )
        notes.add(
            "recovery",
            f"{names[driver].name} improved clearly within two censuses in {shares}.",
            behind,
        )
    return table


def _group(name: str) -> str:
    return f"were {name}" if name.startswith("judged") else name
