"""The report reader against 48 published reports: hits and misses of every cell, exact text, and speed.

``python benchmarks/report_reader.py [--peers]`` writes ``benchmarks/results/report_reader.md``. The reports
and the list of judgements are not part of the project; they are read from ``shared/data`` beside it. Half of
the reports were read while the reader was written; the others were kept unseen until it was finished, and the
page says how each half does. ``--peers`` times pypdf and pdfminer.six on the same files too.
"""

from __future__ import annotations

import argparse
import csv
import io
import platform
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pypdf
import pypdfium2

from upturn.published.report.model import AREAS, Report
from upturn.published.report.read import read_report

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
RESULT = ROOT / "benchmarks" / "results" / "report_reader.md"
ABOUT = """# Reading published reports

Python {python}, pypdfium2 {pdfium}. Grades, frameworks, authority codes and dates are held against a list of
judgements compiled apart from the reader; what is asked for, against a count and a text by pypdf. A cell is
one area of one report that has a grade, or to which the reader gave one.

Half of the reports were read while the rules were written, the other half kept unseen until they were
finished: every other report of each framework by date, chosen before any was opened.

When the unseen half was first read, all 117 grades, 24 frameworks, 24 authorities and 48 days of fieldwork
were right. Of the 188 things asked for, 171 were found (91 %), and in one report 16
paragraphs were taken for things asked for; all in 2 of the 24 reports, of 2014 and 2015, and without a word
of warning. Rules were then mended (a chapter's short name can part a list into subjects; a numbered summary
begins the numbers; one heading was longer than thought) and a list with nothing under its heading, or without
marks, is now noted. So the table of that half below is no longer of reports that nobody had seen. A list of
irregularities of a larger set of reports, which may have held these, was known from the start.

The one date that differs is not a misreading: the report prints 13 May 2015, and was filed on 18 May.
Reports of the newer framework print no day of publication, and the reader says not found.

The count and the text made apart from the reader share its idea of where a list begins and ends. Exact words
means that the letters of each thing asked for stand in order on its page, or run over to the next.

The goals were 99.5 % of cells right over both frameworks and none wrong in silence, dates and authority
100 %, 98 % of what is asked for found with exact text, and 300 pages a second for one core."""
_MONTH = r"(January|February|March|April|May|June|July|August|September|October|November|December)"
_MONTHS = _MONTH.strip("()").split("|")
#: Where a list of actions begins and ends, for the count that is made apart from the reader.
_BEGINS = re.compile(
    r"^\s*(What needs to improve\??|Recommendations|Priority and immediate actions?"
    r"|Areas for improvement)\s*$",
    re.I,
)
_ENDS = re.compile(
    r"^\s*(The experiences and progress of|Summary for children|Information about|Inspection findings"
    r"|Inspection judgement|Key strengths|The local authority.s strengths|The impact of leaders|Main findings"
    r"|Executive summary|The local authority has the following)",
    re.I,
)
_ITEM = re.compile(r"^\s*(?:[\u25a0\u25aa\u25fc\u2022\uf06e\uf0a7\uf0b7]|\d{1,3}\.)\s*\S?")


@dataclass
class Tally:
    """Right, wrong, said to be not found or in dispute, and what the misses are."""

    right: int = 0
    wrong: int = 0
    silent: int = 0
    unread: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        return self.right + self.wrong + self.unread

    def add(self, want: object, got: object, where: str, *, said: bool) -> None:
        """Count one cell; ``said`` is whether the reader owned that it had not found it."""
        if got == want:
            self.right += 1
            return
        self.misses.append(f"{where}: {want or 'nothing'} read as {got or 'not found'}")
        if said:
            self.unread += 1
        else:
            self.wrong += 1


def halves(index: Sequence[dict[str, str]]) -> tuple[list[str], list[str]]:
    """The files developed on and those kept unseen: every other one of each framework, by date.

    The split was made on names and dates alone, before any report was opened.
    """
    of = {
        framework: sorted(
            (row for row in index if row["framework"] == framework),
            key=lambda row: (row["published"], row["file"]),
        )
        for framework in ("SIF", "ILACS")
    }
    names = {framework: [row["file"] for row in rows] for framework, rows in of.items()}
    seen = names["SIF"][::2] + names["ILACS"][1::2]
    return seen, names["SIF"][1::2] + names["ILACS"][::2]


def truth() -> dict[tuple[str, str], dict[str, str]]:
    """The list of judgements by authority and day of publication."""
    text = (DATA / "ofsted_judgements_2013_2026.csv").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return {(row["la"].replace(" ", "-"), row["published"]): row for row in rows}


def key_of(file: str) -> tuple[str, str]:
    name, _, day = file.removesuffix(".pdf").rpartition("_")
    return name, day


def printed_span(raw: str) -> tuple[date, date]:
    """First and last day of a printed line of dates, read apart from the reader: a line, two ends."""
    numbers = re.findall(r"\b(\d{1,2})\b(?!\d)", raw)
    months = [_MONTHS.index(found) + 1 for found in re.findall(_MONTH, raw)]
    years = [int(found) for found in re.findall(r"\b(20\d\d)\b", raw)]
    first_year = years[0] - (len(years) == 1 and months[0] > months[-1])
    return date(first_year, months[0], int(numbers[0])), date(
        years[-1], months[-1], int(numbers[-1])
    )


def score(files: Sequence[str], rows: dict[tuple[str, str], dict[str, str]]) -> dict[str, Tally]:
    """Every cell of every report of ``files``."""
    tallies: dict[str, Tally] = {}

    def cell(name: str) -> Tally:
        return tallies.setdefault(name, Tally())

    for file in files:
        report, row = read_report(DATA / "reports" / file, statements=False), rows[key_of(file)]
        for area in AREAS:
            judged = next(j for j in report.judgements if j.area == area)
            if area == "lscb" and not row["lscb"]:
                continue  # the list has no grade of most boards: nothing to hold it against
            if not row[area] and judged.grade is None:
                continue  # nothing to read, and nothing read
            where = f"{file} {area}"
            cell(area).add(row[area] or None, judged.grade, where, said=judged.state != "found")
        begin, end = printed_span(row["dates_raw"])
        for name, want, fact in (
            ("framework", row["framework"], report.framework),
            ("authority (code)", row["la_code"], report.authority_code),
            ("first day of fieldwork", begin, report.fieldwork_start),
            ("last day of fieldwork", end, report.fieldwork_end),
        ):
            cell(name).add(want, fact.value, f"{file} {name}", said=fact.state != "found")
        if printed := re.search(r"Report published", _page_text(file, 0)):
            del printed
            want = date.fromisoformat(key_of(file)[1])
            fact = report.published
            cell("published, where printed").add(
                want, fact.value, f"{file} published", said=fact.state != "found"
            )
    return tallies


def actions(files: Sequence[str]) -> tuple[Tally, Tally]:
    """What is asked for, against a count and a text made apart from the reader, by pypdf."""
    found, exact = Tally(), Tally()
    for file in files:
        report = read_report(DATA / "reports" / file, statements=False)
        counted = sum(1 for _ in _items(file))
        read = len(report.recommendations)
        found.right += min(counted, read)
        found.unread += max(0, counted - read)
        found.wrong += max(0, read - counted)
        if counted != read:
            found.misses.append(f"{file}: {counted} counted, {read} read")
        pages = [_letters(_page_text(file, n)) for n in range(report.pages)]
        for action in report.recommendations:
            exact.add(
                True,
                _is_there(action.text, action.page, pages),
                f"{file}: {action.text[:60]}",
                said=False,
            )
    return found, exact


_TEXTS: dict[str, list[str]] = {}


def _page_text(file: str, number: int) -> str:
    if file not in _TEXTS:
        pages = pypdf.PdfReader(DATA / "reports" / file).pages
        _TEXTS[file] = [page.extract_text() for page in pages]
    return _TEXTS[file][number]


def _items(file: str) -> Iterator[str]:
    """Bulleted or numbered lines between a list's heading and the heading after it, by pypdf's text."""
    _page_text(file, 0)
    inside, numbered = False, False
    for line in "\n".join(_TEXTS[file]).splitlines():
        if _BEGINS.match(line):
            inside, numbered = True, False
        elif inside and _ENDS.match(line):
            inside = False
        elif inside and _ITEM.match(line):
            digit = line.strip()[0].isdigit()
            numbered = numbered or digit
            if digit or not numbered:
                yield line


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _is_there(text: str, page: int, pages: Sequence[str]) -> bool:
    """Whether the letters of ``text`` stand on its page in order, or run from its foot to the next's head."""
    want = _letters(text)
    if want in pages[page - 1]:
        return True
    if page >= len(pages):
        return False
    # Footers and running heads stand between the two halves: each half has to be there.
    return any(
        want[:cut] in pages[page - 1] and want[cut:] in pages[page] for cut in range(len(want) + 1)
    )


def speeds(files: Sequence[str], *, peers: bool) -> list[tuple[str, float, int]]:
    """CPU seconds of one process, the least of the runs, and pages. Slow peers read every fourth report."""
    few = files[::4]
    runs: list[tuple[str, Callable[[], object], int, Sequence[str]]] = [
        (
            "Upturn: facts, grades, paragraphs, actions, since",
            lambda: _ours(files, False),
            3,
            files,
        ),
        ("Upturn: the same with strengths and concerns", lambda: _ours(few, True), 8, few),
        (f"pypdfium2 {version('pypdfium2')}, text only", lambda: _pdfium(_bytes(files)), 3, files),
    ]
    if peers:
        runs += [
            (f"pypdf {version('pypdf')}, text only", lambda: _pypdf(_bytes(few)), 1, few),
            (
                f"pdfminer.six {version('pdfminer.six')}, text only",
                lambda: _miner(_bytes(few)),
                1,
                few,
            ),
        ]
    pages = {file: len(_TEXTS[file]) for file in files}
    return [
        (name, min(_timed(run) for _ in range(times)), sum(pages[file] for file in read))
        for name, run, times, read in runs
    ]


def _bytes(files: Sequence[str]) -> list[bytes]:
    return [(DATA / "reports" / file).read_bytes() for file in files]


def _timed(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return time.process_time() - begin


def _ours(files: Sequence[str], statements: bool) -> list[Report]:
    return [read_report(DATA / "reports" / file, statements=statements) for file in files]


def _pdfium(files: Sequence[bytes]) -> None:
    for raw in files:
        document = pypdfium2.PdfDocument(raw)
        for page in document:
            page.get_textpage().get_text_range()
        document.close()


def _pypdf(files: Sequence[bytes]) -> None:
    for raw in files:
        for page in pypdf.PdfReader(io.BytesIO(raw)).pages:
            page.extract_text()


def _miner(files: Sequence[bytes]) -> None:
    from pdfminer.high_level import extract_text

    for raw in files:
        extract_text(io.BytesIO(raw))


def page(
    results: dict[str, tuple[dict[str, Tally], Tally, Tally, int]],
    timed: Sequence[tuple[str, float, int]],
) -> str:
    """The page of results."""
    lines = [
        *ABOUT.format(python=platform.python_version(), pdfium=version("pypdfium2")).splitlines(),
        "",
    ]
    for name, (tallies, found, exact, count) in results.items():
        lines += [
            f"## {name}",
            "",
            f"{count} reports.",
            "",
            "| cell | right | of | said to be not found | wrong |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]
        graded = Tally()
        for area in AREAS:
            if area in tallies:
                tally = tallies[area]
                graded.right, graded.wrong = graded.right + tally.right, graded.wrong + tally.wrong
                graded.unread += tally.unread
        rows = {
            **tallies,
            "**all grades**": graded,
            "actions found": found,
            "actions in their exact words": exact,
        }
        for cell_, tally in rows.items():
            lines.append(
                f"| {cell_} | {tally.right} | {tally.all} | {tally.unread} | {tally.wrong} |"
            )
        misses = [m for t in (*tallies.values(), found, exact) for m in t.misses]
        lines += ["", "Misses: " + ("none." if not misses else ""), *(f"- {m}" for m in misses), ""]
    lines += [
        "## Speed",
        "",
        "CPU seconds of one process, the least of its runs, on a machine shared with other work.",
        "Slow peers, and strengths and concerns, were timed on every fourth report.",
        "",
        "| | seconds | pages a second |",
        "| --- | ---: | ---: |",
    ]
    lines += [
        f"| {name} | {seconds:.2f} | {pages / seconds:,.0f} |" for name, seconds, pages in timed
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--half", choices=["developed", "unseen", "both"], default="both")
    given = parser.parse_args()
    index = list(csv.DictReader((DATA / "reports" / "index.csv").open(encoding="utf-8-sig")))
    seen, unseen = halves(index)
    rows = truth()
    results = {}
    for name, files in (("Developed on", seen), ("Kept unseen at first (after mending)", unseen)):
        if given.half == "both" or (given.half == "developed") == (files is seen):
            results[name] = (score(files, rows), *actions(files), len(files))
    timed = speeds([*seen, *unseen], peers=given.peers) if given.half == "both" else []
    text = page(results, timed)
    if given.half == "both":
        RESULT.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
