"""Upturn: a workbench for English children's services.

This is the public face: the verbs of the command line, with the same names and the same options.
Each imports what it needs when it is called, so that ``import upturn`` is quick. What the rooms behind
it are called may change; what is named here does not change without a word in the changelog.

    >>> import upturn
    >>> sorted(upturn.__all__)[:6]
    ['OutputError', 'RulebookError', 'SourceError', '__version__', 'benchmark', 'check']
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from upturn._version import __version__

if TYPE_CHECKING:
    from upturn import benchmark as benchmark
    from upturn import finding as finding
    from upturn import mapping as mapping
    from upturn import measures as measures
    from upturn import rules as rules
    from upturn import sample as sample
    from upturn.findings.model import Findings
    from upturn.journeys.result import Check
    from upturn.measures.scorecard import Scorecard
    from upturn.records.quality import QualityReport
    from upturn.records.sheets import SourceError as SourceError
    from upturn.render.outputs import OutputError as OutputError
    from upturn.rulebooks import RulebookError as RulebookError

__all__ = [
    "OutputError",
    "RulebookError",
    "SourceError",
    "__version__",
    "benchmark",
    "check",
    "child",
    "demo",
    "finding",
    "letter",
    "mapping",
    "measures",
    "quality",
    "rules",
    "sample",
    "scorecard",
]

#: Names that are fetched from their room the first time somebody asks for them.
_ELSEWHERE = {
    "SourceError": "upturn.records.sheets",
    "RulebookError": "upturn.rulebooks",
    "OutputError": "upturn.render.outputs",
    "rules": "upturn",
    "benchmark": "upturn",
    "finding": "upturn",
    "mapping": "upturn",
    "measures": "upturn",
    "sample": "upturn",
}

Progress = Callable[[str], None]


def __getattr__(name: str) -> object:
    """Fetch a name of the public face from the room it lives in."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'upturn' has no attribute {name!r}")
    if _ELSEWHERE[name] == "upturn":
        return importlib.import_module(f"upturn.{name}")
    return getattr(importlib.import_module(_ELSEWHERE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


def check(
    source: str | Path,
    *,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    due_within: int = 10,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Check:
    """Read an extract, run every clock, and say who is due what and why.

    ``source`` is an Annex A workbook (.xlsx, .xlsm, .xls, .ods), a folder of CSV files, a children in need
    census in XML, or the Standard Safeguarding Dataset: a folder of CSV or Parquet files, a SQLite file or
    the address of a database (``"postgresql://server/care?schema=ssd_development"``). ``as_at`` is the date
    to read the clocks on; without it, the extract's own latest date (of a census, its reference date).
    ``overlays`` are files of local rules; ``mapping`` a file of spellings; ``council`` the authority whose
    exemptions apply. ``sheets``
    names the sheet of a list when Upturn cannot tell (``{4: "Assessments new"}``). A clock is ``due soon``
    when it falls due within ``due_within`` working days. With ``out``, the report, workbook, CSV files
    and summary are written into that folder, all of them or none.

    Returns a `upturn.journeys.result.Check`: one row per clock in ``.clocks``, one per event in
    ``.events``, what could not be tested in ``.coverage``, and the casebook with its quarantine.

    Raises `SourceError` for input that cannot be used, `RulebookError` for a wrong overlay and
    `OutputError` when ``out`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made_up = demo(size="small", out=folder)
    ...     again = check(Path(folder) / "annex_a.xlsx")
    >>> again.clocks.height == made_up.clocks.height
    True
    """
    from upturn.journeys.check import run_check

    result = run_check(
        source,
        as_at=as_at,
        overlays=[Path(overlay) for overlay in overlays],
        mapping=None if mapping is None else Path(mapping),
        council=council,
        sheets=sheets,
        due_within=due_within,
        progress=progress,
    )
    if out is not None:
        from upturn.render.outputs import write_check

        write_check(result, Path(out), progress=progress)
    return result


def child(
    child_id: str,
    source: str | Path,
    *,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    due_within: int = 10,
    progress: Progress | None = None,
) -> Check:
    """One child's events and clocks: a `check` of which only that child's rows are kept.

    The options are those of `check`. Raises `SourceError` when no row of the source names the child.

    >>> child("C1", "no-such-file.xlsx")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from dataclasses import replace

    import polars as pl

    from upturn.records.sheets import SourceError

    whole = check(
        source,
        as_at=as_at,
        overlays=overlays,
        mapping=mapping,
        council=council,
        sheets=sheets,
        due_within=due_within,
        progress=progress,
    )
    theirs = pl.col("child_id") == child_id
    events, clocks = whole.events.filter(theirs), whole.clocks.filter(theirs)
    if events.is_empty() and clocks.is_empty():
        raise SourceError(
            f"{whole.casebook.source_name}: no accepted row names a child {child_id!r}"
        )
    return replace(whole, events=events, clocks=clocks)


def scorecard(
    source: str | Path,
    *,
    out: str | Path | None = None,
    targets: str | Path | None = None,
    comments: str | Path | None = None,
    benchmark: str | Path | None = None,
    la: str | None = None,
    population: int | None = None,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Scorecard:
    """Every measure of the catalogue beside its target, England and its own past.

    ``targets`` is a file with the columns measure, target and tolerance; ``comments`` one with measure, date,
    comment and by (CSV or YAML). ``benchmark`` is a file that `upturn.benchmark.import_files` wrote, looked
    at from the authority ``la`` (a name or three-figure code). ``population`` is the children aged 0 to 17,
    for rates. ``source``, ``as_at``, ``overlays``, ``mapping``, ``council`` and ``sheets`` are those of
    `check`. With ``out``, the page, the workbook, the CSV files and the JSON are written into that folder.

    Returns a `upturn.measures.scorecard.Scorecard`. Raises `SourceError` for input that cannot be used,
    `RulebookError` for a wrong overlay and `OutputError` when ``out`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = demo(size="small", out=folder)
    ...     card = scorecard(Path(folder) / "annex_a.xlsx")
    >>> value = next(line.value for line in card.entries if line.measure.id == "referrals-nfa")
    >>> (value.children_in.height, value.children_out.height) == (value.n, value.of - value.n)
    True
    """
    from upturn.journeys.check import run_check
    from upturn.measures.benchmark.compare import benchmark_at
    from upturn.measures.scorecard import make_scorecard
    from upturn.measures.targets import read_comments, read_targets

    # The small files first: a slip in one is known before the extract is read.
    aims = read_targets(Path(targets)) if targets is not None else None
    remarks = read_comments(Path(comments)) if comments is not None else None
    others = benchmark_at(None if benchmark is None else Path(benchmark), la)
    check_result = run_check(
        source,
        as_at=as_at,
        overlays=[Path(overlay) for overlay in overlays],
        mapping=None if mapping is None else Path(mapping),
        council=council,
        sheets=sheets,
        progress=progress,
    )
    card = make_scorecard(
        check_result,
        population=population,
        targets=aims,
        comments=remarks,
        benchmark=others,
        progress=progress,
    )
    if out is not None:
        from upturn.render.scorecard_outputs import write_scorecard

        write_scorecard(card, Path(out), progress=progress)
    return card


def quality(
    source: str | Path,
    *,
    as_at: date | None = None,
    mapping: str | Path | None = None,
    sheets: Mapping[int, str] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> QualityReport:
    """What is wrong with an extract, by list, column, team and worker.

    The options are those of `check`. With ``out``, the report is written into that folder as
    ``quality.xlsx`` and as one CSV file per table.

    Returns a `upturn.records.quality.QualityReport`, whose ``.problems`` is the list a manager can act on.
    Raises `SourceError` for input that cannot be used and `OutputError` when ``out`` cannot be written.

    >>> quality("no-such-file.xlsx")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.journeys.targets import with_targets_checked
    from upturn.records.quality import quality_report
    from upturn.records.read import read_source

    casebook = read_source(
        source,
        as_at=as_at,
        mapping=None if mapping is None else Path(mapping),
        sheets=sheets,
        progress=progress,
    )
    report = quality_report(with_targets_checked(casebook))
    if out is not None:
        from upturn.render.quality import write_quality

        write_quality(report, Path(out))
    return report


def letter(
    source: str | Path,
    *,
    framework: str = "ilacs-2026",
    out: str | Path | None = None,
    earlier: str | Path | None = None,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Say what an inspector would find: the command line's ``upturn findings``.

    ``framework`` is the one the letter follows: ``ilacs-2026``, ``ilacs-2018``, ``sif-2013``, ``ucra-2009``
    or ``jtai``. ``earlier`` is an extract of before, read as at its own latest date, to say which weaknesses
    remain the case. ``source``, ``as_at``, ``overlays``, ``mapping``, ``council`` and ``sheets`` are those of
    `check`. With ``out``, the letter as a page and a Word document, a workbook of the children and JSON are
    written into that folder. No grade is computed or predicted.

    Returns a `upturn.findings.model.Findings`. Raises `SourceError` for input that cannot be used,
    `RulebookError` for a wrong overlay or framework and `OutputError` when ``out`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = demo(size="small", out=folder)
    ...     found = letter(Path(folder) / "annex_a.xlsx", framework="jtai")
    >>> found.framework.id, "unallocated" in [f.pattern.id for f in found.of("found")]
    ('jtai', True)
    """
    from upturn.findings.load import framework as known
    from upturn.findings.run import findings_of
    from upturn.journeys.check import run_check

    known(framework)
    rules = [Path(overlay) for overlay in overlays]
    spellings = None if mapping is None else Path(mapping)
    now = run_check(
        source, as_at=as_at, overlays=rules, mapping=spellings, council=council, sheets=sheets,
        progress=progress,
    )  # fmt: skip
    before = None
    if earlier is not None:
        before = run_check(
            earlier, overlays=rules, mapping=spellings, council=council, progress=progress
        )
    found = findings_of(now, framework_id=framework, earlier=before, progress=progress)
    if out is not None:
        from upturn.render.letter_outputs import write_findings

        write_findings(found, Path(out), progress=progress)
    return found


def demo(
    *,
    seed: int = 1,
    size: Literal["small", "county"] = "small",
    out: str | Path = "demo",
    progress: Progress | None = None,
) -> Check:
    """Make up a council, write its Annex A workbook, and run the main job on it.

    No record is of a real child. ``seed`` gives the same council each time; ``size`` is a small council or
    one as large as the largest authority. The workbook is ``out/annex_a.xlsx``; the results are beside it.
    Raises `OutputError` when ``out`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made_up = demo(seed=3, size="small", out=folder)
    ...     sorted(file.name for file in Path(folder).iterdir())[:2]
    ['annex_a.xlsx', 'clocks.csv']
    """
    from upturn.render.delivery import delivered
    from upturn.synthetic import make_council, write_annex_a

    if progress is not None:
        progress("Making up a council")
    council = make_council(seed=seed, size=size)
    written: list[Path] = []
    with delivered(Path(out), written) as folder:
        write_annex_a(council, folder / "annex_a.xlsx", messy=True)
    return check(written[0], out=out, progress=progress)
