"""The national panel on the real published files: our figures beside those found before.

Writes benchmarks/results/national_panel.md. The files are not part of this project; give their folder, or
have them beside it. Run: python benchmarks/national_panel.py [FOLDER]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import upturn
from upturn.published.national.effects import NOT_IDENTIFIED, Effects, effects_of
from upturn.published.national.field import AFTER
from upturn.published.national.judgements import ARRIVALS, Arrival, arrivals, spells
from upturn.published.national.model import figures
from upturn.published.national.panel import Panel, panel_at
from upturn.published.national.survival import middle, time_in

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "benchmarks" / "results" / "national_panel.md"
TABLES = ("c1", "c2", "c4", "csww", "d1", "d3", "d6", "ons")
OTHERS = (
    "la_cin_cp_2016_2025_long.csv",
    "neighbours/sn_model_2025_wide.csv",
    "ofsted_judgements_2013_2026.csv",
)
#: Change at the first census after with its error, and at the three that follow, as found before.
BEFORE = {
    "vacancy": ("+7.3 (1.8)", "+7.6 (2.3)", "+7.2 (2.1)", "+5.2 (2.8)"),
    "agency": ("+6.6 (1.9)", "+5.8 (2.1)", "+4.7 (2.4)", "+2.5 (3.2)"),
    "referrals": ("+0.13 (0.03)", "+0.10 (0.05)", "+0.05", "+0.03"),
    "s47-children-rate": ("+32 (7)", "+43 (14)", "+19 (15)", "+13"),
    "cpp-rate": ("+7.8 (2.2)", "+9.9 (4.0)", "+5.0", "+5.6"),
    "re-referrals": ("+0.9 (0.6)", "+2.3 (0.8)", "+2.0 (0.8)", "+1.4"),
    "caseload": ("+0.8 (0.5)", "+0.1", "-1.2 (0.7)", "-1.0 (0.6)"),
    "turnover": ("+0.5 (1.7)", "+0.3 (1.4)", "-1.9", "-0.2"),
    "sickness": ("0.0 (0.3)", "+0.3", "-0.3", "-0.2"),
    "assessments-45": ("-1.9 (1.8)", "-0.8", "+0.7", "+1.4"),
    "icpc-15": ("+1.1 (1.7)", "+1.1", "+3.2", "+2.7"),
}  # fmt: skip


def main(folder: Path) -> None:
    """Import, reckon and write the table."""
    with TemporaryDirectory() as temporary:
        into = Path(temporary) / "national.db"
        files = [f for name in TABLES for f in sorted((folder / "dfe").glob(f"{name}_*.csv"))]
        imported, _ = timed(
            lambda: upturn.national.import_files([*files, *(folder / o for o in OTHERS)], into=into)
        )
        panel = panel_at(into)
        reported, _ = timed(
            lambda: upturn.national.report(out=Path(temporary) / "field", panel=into)
        )
        found = {measure: effects_of(panel, measure) for measure in BEFORE}
        OUT.write_text("\n".join(page(panel, found, imported, reported)) + "\n", "utf-8")


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    result = job()
    return perf_counter() - began, result


WAYS = ("vacancy", "agency", "referrals", "turnover")


def digits(measure: str) -> int:
    return 2 if figures()[measure].scale == "log" else 1


def with_error(measure: str, row: dict[str, Any]) -> str:
    d = digits(measure)
    return f"{row['mean']:+.{d}f} ({row['se']:.{d}f}), n {row['events']}"


def with_interval(measure: str, row: dict[str, Any]) -> str:
    d = digits(measure)
    return f"{row['mean']:+.{d}f} ({row['low']:+.{d}f} to {row['high']:+.{d}f})"


def page(panel: Panel, found: dict[str, Effects], imported: float, reported: float) -> list[str]:
    events = arrivals(panel.judged, "inadequate")
    lines = [
        "# What followed a judgement, on the published files",
        "",
        f"The department's and Ofsted's files of 2013 to 2026 ({panel.sources.height} files). Imported in",
        f"{imported:.1f} seconds; the whole report, with its Word document, in {reported:.1f}.",
        "",
        "## Ours beside those found before",
        "",
        f"Authorities {ARRIVALS['inadequate']}: {events.height} judgements, {events['date'].min()} to",
        f"{events['date'].max()}. Change from the last census before publication, net of the year's median",
        "authority. Mean (standard error). Referrals are natural logarithms. *Before* is a description made",
        "earlier from the same files by the same method.",
        "",
        "| figure | | first after | second | third | fourth |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for measure, before in BEFORE.items():
        ours = {r["horizon"]: r for r in found[measure].table.to_dicts()}
        cells = [with_error(measure, ours[h]) for h in (1, 2, 3, 4)]
        lines.append(f"| {figures()[measure].name} | ours | {' | '.join(cells)} |")
        lines.append(f"| | before | {' | '.join(before)} |")
    return [*lines, *notes(panel), *leads(found), *other_ways(found), *survival(panel)]


def notes(panel: Panel) -> list[str]:
    said = [
        "",
        "They agree to the last digit for the workforce, referrals and re-referrals. Section 47, plans,",
        "assessments and conferences differ by 0.3 at most (section 47: 0.9, at the fourth): the earlier",
        "median took in the regions and England, rows of the same long file. With that median these",
        "agree to the last digit too; a test holds all of them to it.",
        "",
        "After other judgements, at the first census after:",
        "",
        "| figure | requires improvement: ours | before | good or outstanding: ours | before |",
        "| --- | --- | --- | --- | --- |",
    ]
    given = {"vacancy": ("-0.3 (0.9)", "-0.4 (0.4)"), "agency": ("-0.3 (0.8)", "-1.2 (0.4)"),
             "referrals": ("+0.02 (0.03)", "+0.01 (0.01)"), "turnover": ("+0.5", "-1.2 (0.8)")}  # fmt: skip
    for measure, (ri, good) in given.items():
        cells = [with_error(measure, first_after(panel, measure, a)) for a in AFTER[1:]]
        said.append(f"| {figures()[measure].name} | {cells[0]} | {ri} | {cells[1]} | {good} |")
    return said


def first_after(panel: Panel, measure: str, after: Arrival) -> dict[str, Any]:
    table = effects_of(panel, measure, after=after, every_way=False).table
    return table.filter(horizon=1).row(0, named=True)


def leads(found: dict[str, Effects]) -> list[str]:
    said = [
        "",
        "## Before the judgement",
        "",
        "Net of the median, against the last census before publication; 95 % intervals. Where",
        "an interval leaves nought out, the authority was changing before it was judged.",
        "",
        "| figure | three before | two before | one before |",
        "| --- | --- | --- | --- |",
    ]
    for measure, one in found.items():
        rows = {r["horizon"]: r for r in one.table.to_dicts()}
        cells = [with_interval(measure, rows[h]) for h in (-3, -2, -1)]
        said.append(f"| {one.figure.name} | {' | '.join(cells)} |")
    return said


def other_ways(found: dict[str, Effects]) -> list[str]:
    names = " | ".join(found[measure].figure.name for measure in WAYS)
    said = ["", "## Other ways of reckoning, at the first census after", ""]
    said += [f"| way | {names} |", "| --- |" + " --- |" * len(WAYS)]
    tables = {measure: found[measure].ways.to_dicts() for measure in WAYS}
    for n, row in enumerate(tables[WAYS[0]]):
        cells = [
            f"{with_interval(measure, tables[measure][n])}, n {tables[measure][n]['events']}"
            for measure in WAYS
        ]
        said.append(f"| {row['variant']} | {' | '.join(cells)} |")
    return [
        *said,
        "",
        "The rise of agency staff is no more than what the year before would have led to. Of that of",
        "vacancies most is left, though its interval then touches nought; of that of referrals, nearly all.",
    ]


def survival(panel: Panel) -> list[str]:
    every = spells(panel.judged)
    until = panel.as_at()
    assert until is not None
    half, low, high = middle(time_in(every, as_at=until))
    return [
        "",
        "## How long inadequate lasts",
        "",
        f"{every.height} stretches, watched until {until}; {every['left'].count()} ended. Half had left by",
        f"{half:.0f} months ({low:.0f} to {high:.0f}). It can end only at an inspection, so it is partly the",
        "pace of inspection.",
        "",
        "## What is not identified",
        "",
        *(f"- {words}" for words in NOT_IDENTIFIED),
    ]


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not place.exists():
        raise SystemExit(f"no published files in {place.name}: give their folder")
    main(place)
