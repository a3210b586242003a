"""Published inspection reports of the public face: read, compare, keep a library, search, plan from one.

The command line's ``upturn report`` has the same verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from upturn.improvement.model import Plan
    from upturn.published.report.compare import Comparison
    from upturn.published.report.corpus import Made
    from upturn.published.report.model import Report
    from upturn.records.read import Sources

__all__ = ["Readings", "compare", "corpus", "plan", "read", "search"]


@dataclass(frozen=True)
class Readings:
    """Reports that were read, and files that were not, each with the reason in one line."""

    reports: tuple[Report, ...]
    refused: tuple[tuple[str, str], ...]


def read(
    files: Sequence[str | Path] | str | Path,
    *,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Readings:
    """Read published inspection reports: PDF, web pages, Word documents or plain text.

    ``files`` is one or many. Every fact has its page and the words it was read from, or says that it was not
    found and where Upturn looked. A file that cannot be read is listed with the reason, and the others are
    read. With ``out``, a page, a workbook, CSV files of judgements and of what is asked for, and JSON are
    written into that folder.

    Raises `SourceError` when not one of ``files`` can be read, and `OutputError` when ``out`` cannot be
    written.

    >>> read(["no-such-report.pdf"])
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.published.report.read import read_report
    from upturn.records.sheets import SourceError

    paths = [Path(f) for f in ([files] if isinstance(files, (str, Path)) else files)]
    reports: list[Report] = []
    refused: list[tuple[str, str]] = []
    for number, path in enumerate(paths, 1):
        if progress:
            progress(f"Reading {path.name} ({number} of {len(paths)})")
        try:
            reports.append(read_report(path))
        except SourceError as error:
            refused.append((path.name, str(error)))
    if not reports:
        raise SourceError(refused[0][1] if refused else "no report was named")
    readings = Readings(tuple(reports), tuple(refused))
    if out is not None:
        from upturn.render.read_reports import write_readings

        write_readings(readings.reports, readings.refused, Path(out))
    return readings


def compare(one: str | Path, other: str | Path, *, out: str | Path | None = None) -> Comparison:
    """What an authority's earlier report asked for and its later one asks for, or says, again.

    ``one`` and ``other`` are the two reports, in either order. Each thing asked for before stands beside the
    nearest of what is asked for now and the nearest sentences of concern, with how alike they are. With
    ``out``, a page, a workbook and JSON are written into that folder.

    Raises `SourceError` for reports that cannot be read or are of two authorities, and `OutputError` when
    ``out`` cannot be written.

    >>> compare("no-such-report.pdf", "nor-this.pdf")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.published.report.compare import compare_reports
    from upturn.published.report.read import read_report

    read_both = (read_report(path, statements=False) for path in (one, other))
    comparison = compare_reports(*read_both)
    if out is not None:
        from upturn.render.read_reports import write_comparison

        write_comparison(comparison, Path(out))
    return comparison


def corpus(
    folder: str | Path,
    *,
    library: str | Path = "reports.db",
    leads: str | Path | None = None,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Made:
    """Read every report under ``folder`` into a library: one file, searched with `search`.

    ``library`` is the file, made when it is not there; reports already in it stay as they are. With ``out``,
    a page and a workbook are written there: every report with its grades, how often a cause is named, what
    is asked for by framework, region, year and grade, and reports with like evidence and unlike grades.
    ``leads`` is a CSV file of your own with the columns inspector and region, since no report prints the
    region of its lead inspector: the regions are kept and the names are not.

    Raises `SourceError` for a folder without reports, a file that is no library or no such list, and
    `OutputError` when ``out`` cannot be written.

    >>> corpus("no-such-folder")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.published.report.corpus import make_library
    from upturn.published.report.leads import read_leads

    listed = None if leads is None else read_leads(Path(leads))
    made = make_library(folder, library, leads=listed, progress=progress)
    if out is not None:
        from upturn.render.read_library import write_library

        write_library(made.path, Path(out))
    return made


def search(
    library: str | Path,
    words: str = "",
    *,
    authority: str | None = None,
    year: int | None = None,
    theme: str | None = None,
    grade: str | None = None,
    area: str = "overall",
    polarity: str | None = None,
    asked_for: bool = False,
    limit: int = 20,
) -> pl.DataFrame:
    """Sentences of a library that hold ``words`` in any form, the best first; all sentences without words.

    ``library`` is the file that `corpus` made. ``authority`` is a name, a part of one or a code; ``year``
    that of the fieldwork; ``theme`` an id; ``grade`` that of ``area``; ``polarity``
    strength, concern, mixed or neither; ``asked_for`` leaves only what reports ask for; ``limit`` is how
    many at most.

    Raises `SourceError` for a file that is no library, and for a grade, an area, a theme or a polarity that
    does not exist.

    >>> search("no-such-library.db", "caseloads")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.published.report.search import search_library

    return search_library(
        library,
        words,
        authority=authority,
        year=year,
        theme=theme,
        grade=grade,
        area=area,
        polarity=polarity,
        actions=asked_for,
        limit=limit,
    )


def plan(
    file: str | Path,
    *,
    source: Sources | None = None,
    out: str | Path | None = None,
    as_at: date | None = None,
    mapping: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Draft an improvement plan from the report in ``file``: one action for each thing it asks for.

    Each action has the report's words with their page, the themes, likely causes (those that the report
    names first), what good looks like, measures and evidence to gather; owner and dates are blank. With
    ``source``, the council's extract, the findings and measures of those themes are tested against it, with n
    of N; ``as_at`` and ``mapping`` are those of `check`. With ``out``, the plan is written there as a
    page, a Word document, a workbook, JSON, and YAML to edit (`upturn.plan.show` draws that again).

    Raises `SourceError` for a report or an extract that cannot be read, or a report that asks for nothing,
    and `OutputError` when ``out`` cannot be written.

    >>> plan("no-such-report.pdf")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.published.plan import draft_plan
    from upturn.published.report.read import read_report

    report = read_report(file, statements=False)
    check = None
    if source is not None:
        from upturn.journeys.check import run_check

        spellings = None if mapping is None else Path(mapping)
        check = run_check(source, as_at=as_at, mapping=spellings, progress=progress)
    drafted = draft_plan(report, check=check, progress=progress)
    if out is not None:
        from upturn.render.plan_outputs import write_plan

        write_plan(drafted, Path(out), progress=progress)
    return drafted
