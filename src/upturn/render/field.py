"""The state of the field: one report for a committee or a journalist, as a page and as a Word document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from upturn.published.national.change import HORIZONS
from upturn.published.national.effects import NOT_IDENTIFIED, change_unit, signed
from upturn.published.national.field import AFTER, Field
from upturn.published.national.judgements import ARRIVALS
from upturn.published.national.model import Figure, figures, grades
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.drawing import Drawing, svg
from upturn.render.national import page, source_rows
from upturn.render.national_draw import after_judgement, counts_by_year, number, still_inadequate
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets
from upturn.render.word_extra import left_out
from upturn.render.words import day

#: The files that `write_field` writes.
FIELD_OUTPUTS = ("national_report.html", "national_report.docx", "national_report.xlsx", "national_trace.csv",
                 "national_report.json")  # fmt: skip
DRAWN = ("vacancy", "agency", "turnover", "caseload", "referrals", "s47-children-rate")
#: The figures for which other ways of reckoning are shown.
WAYS = ("vacancy", "agency", "referrals")
TITLE = "The state of the field"
PARTS = ("judgements", "england", "after", "time", "recovery", "reports")
TOLD_BY_RULES = (
    "Whether a thing asked for names a cause is told by rules of words, which err. The page of benchmarks "
    "says how often they are right on sentences that they were not made on."
)


def write_field(
    found: Field, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the report, its workbook, its trace and its JSON into ``out``; all of them or none. The paths.

    The Word document is left out when its writers are not installed (`word_missing` says so). Raises
    `OutputError` when ``out`` cannot be written.
    """
    if progress:
        progress("Writing the report")
    paths: list[Path] = []
    view = field_view(found)
    with delivered(out, paths) as staged:
        (staged / "national_report.html").write_bytes(_html(view).encode())
        if not word_missing():
            from upturn.render.field_word import write_word

            write_word(view, staged / "national_report.docx")
        write_sheets(_sheets(found), staged / "national_report.xlsx")
        (staged / "national_trace.csv").write_bytes(csv_bytes(found.trace))
        record = to_json(field_record(found))
        (staged / "national_report.json").write_text(record, "utf-8", newline="\n")
    return paths


def word_missing() -> str:
    """Why there will be no Word document, and what to do; empty when there will be one."""
    return left_out("national_report.docx")


def _html(view: dict[str, Any]) -> str:
    drawings = {name: svg(one) for name, one in view["drawings"].items()}
    return page("field.html.j2", **{**view, "drawings": drawings})


def field_view(found: Field) -> dict[str, Any]:
    """What the report says, in words and lines of text, for the page and the Word document alike."""
    return {
        "title": TITLE,
        "as_at": day(found.as_at),
        "facts": {part: found.of(part) for part in PARTS},
        "short": found.in_short(),
        "latest": [[g.capitalize(), str(n)] for g, n in found.latest.iter_rows()],
        "by_year": [[str(r["year"]), *(str(r[g]) for g in grades())] for r in found.by_year.to_dicts()],
        "grades": [g.capitalize() for g in grades()],
        "england": _england_rows(found),
        "drawings": drawings(found),
        "drawn": [(m, figures()[m].name) for m in DRAWN if (m, "inadequate") in found.effects],
        "horizons": [_horizon(h) for h in HORIZONS],
        "after": {after: _after_rows(found, after) for after in AFTER},
        "arrivals": ARRIVALS,
        "ways": {m: _ways(found, m) for m in WAYS if (m, "inadequate") in found.effects},
        "names": {one.id: name_with_unit(one) for one in figures().values()},
        "curve": _curve_rows(found.curve),
        "moved": _moved_rows(found),
        "recovered": _recovered_rows(found),
        "told_by_rules": TOLD_BY_RULES,
        "not_identified": NOT_IDENTIFIED,
        "files": source_rows(found.sources),
        "rows": found.trace.height,
    }  # fmt: skip


def drawings(found: Field) -> dict[str, Drawing]:
    """The report's drawings by name."""
    made = {"by_year": counts_by_year(found.by_year, grades())}
    for measure in DRAWN:
        tables = {
            after: found.effects[measure, after].table for after in AFTER if (measure, after) in found.effects
        }  # fmt: skip
        if "inadequate" in tables:
            made[measure] = after_judgement(figures()[measure], tables)
    if found.curve.height:
        made["curve"] = still_inadequate(found.curve)
    return made


def _horizon(h: int) -> str:
    return {1: "First after", -1: "One before the last"}.get(h, f"{h:+d}")


def _england_rows(found: Field) -> list[list[str]]:
    """The first, the middle and the latest two years of each figure: enough to see its course."""
    rows = []
    for (name,), part in found.england.group_by("figure", maintain_order=True):
        figure = figures()[str(name)]
        told = part.sort("year").to_dicts()
        for r in (told[0], *told[-2:]) if len(told) > 3 else told:
            digits = [number(figure, r[c]) for c in ("england", "lower", "middle", "upper")]
            rows.append([figure.name, str(r["year"]), *digits, str(r["known"])])
    return rows


def _after_rows(found: Field, after: str) -> list[list[str]]:
    """One line for each figure: the mean and its interval at each census."""
    rows = []
    for (_, kind), one in found.effects.items():
        if kind != after:
            continue
        cells = {r["horizon"]: r for r in one.table.to_dicts()}
        said = [_estimate(one.figure.id, cells.get(h)) for h in HORIZONS]
        first = cells.get(1)
        name = name_with_unit(one.figure)
        rows.append([name, *said, str(first["events"]) if first else ""])
    return rows


def name_with_unit(figure: Figure) -> str:
    """A figure's name with the unit of its changes, unless its name says it.

    >>> name_with_unit(figures()["vacancy"]), name_with_unit(figures()["cpp-rate"])
    ('Vacancy rate of social workers (points)', 'Child protection plans per 10,000')
    """
    unit = change_unit(figure)
    return figure.name if unit in figure.name else f"{figure.name} ({unit})"


def _estimate(measure: str, row: dict[str, Any] | None) -> str:
    """The mean with its interval under it, or nothing."""
    if row is None:
        return "–"
    figure = figures()[measure]
    mean, low, high = (signed(figure, row[c]) for c in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})" if low else mean


def _ways(found: Field, measure: str) -> list[list[str]]:
    one = found.effects[measure, "inadequate"]
    assert one.ways is not None
    return [
        [r["variant"], str(r["events"]), _estimate(measure, r) if r["mean"] is not None else "–"]
        for r in one.ways.to_dicts()
    ]


def _curve_rows(curve: pl.DataFrame) -> list[list[str]]:
    rows = []
    for months in (12, 24, 36, 48, 60, 72):
        part = curve.filter(pl.col("time") <= months) if curve.height else curve
        if part.height:
            r = part.row(-1, named=True)
            here = curve.filter(pl.col("time") > months).height
            rows.append([f"{months // 12} years", f"{100 * r['still']:.0f} %",
                         f"{100 * r['low']:.0f} to {100 * r['high']:.0f} %", str(here)])  # fmt: skip
    return rows


def _moved_rows(found: Field) -> list[list[str]]:
    rows = []
    for (driver,), part in found.moved.group_by("driver", maintain_order=True):
        said = [f"{r['moved']} of {r['of']}" for r in part.to_dicts()]
        rows.append([figures()[str(driver)].name, *said])
    return rows


def _recovered_rows(found: Field) -> list[list[str]]:
    return [
        [r["area"], day(r["began"]), day(r["left"]), str(r["months"]), r["to"],
         short_words(r["first"]) or "none seen, or none published then"]
        for r in found.recovered.to_dicts()
    ]  # fmt: skip


def short_words(ids: str) -> str:
    """A list of drivers by id, in the words people use.

    >>> short_words("caseload, icpc-15")
    'caseloads, conferences in time'
    """
    return ", ".join(figures()[one].short for one in ids.split(", ") if one)


def order_words(order: str) -> str:
    """What moved and when, as `recovery.recoveries` gives it, in the words people use.

    >>> order_words("March 2022 icpc-15; September 2022 vacancy")
    'March 2022 conferences in time; September 2022 vacancies'
    """
    said = [one.rsplit(" ", 1) for one in order.split("; ") if one]
    return "; ".join(f"{when} {figures()[driver].short}" for when, driver in said)


def _sheets(found: Field) -> dict[str, pl.DataFrame]:
    facts = pl.DataFrame(
        [(f.id, f.words) for f in found.facts], schema=["fact", "words"], orient="row"
    )
    after = [
        one.table.select(pl.lit(measure).alias("figure"), pl.lit(kind).alias("after"), pl.all())
        for (measure, kind), one in found.effects.items()
    ]
    ways = [
        one.ways.select(pl.lit(measure).alias("figure"), pl.all())
        for (measure, _), one in found.effects.items() if one.ways is not None
    ]  # fmt: skip
    sheets = {"Facts": facts, "Judgements by year": found.by_year, "England": found.england}
    if after:
        sheets["After a judgement"] = pl.concat(after)
    if ways:
        sheets["Ways of reckoning"] = pl.concat(ways)
    sheets |= {
        "Still inadequate": found.curve,
        "What moved": found.moved,
        "Recoveries": found.recovered,
    }
    return {
        **{k: v for k, v in sheets.items() if v.width},
        "Trace": found.trace,
        "Sources": found.sources,
    }


def field_record(found: Field) -> dict[str, object]:
    """The report in one object, ready for `to_json`; the trace is a file of its own."""
    return {
        "as_at": found.as_at,
        "facts": [{"id": f.id, "part": f.part, "words": f.words} for f in found.facts],
        "judgements_by_year": found.by_year,
        "still_inadequate": found.curve,
        "what_moved": found.moved,
        "recoveries": found.recovered,
        "not_identified": NOT_IDENTIFIED,
        "sources": found.sources,
    }
