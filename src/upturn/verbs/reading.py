"""What an extract says: its clocks, one child's, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from upturn.verbs.given import Progress, clocks_of, path_of

if TYPE_CHECKING:
    from upturn.journeys.result import Check
    from upturn.records.quality import QualityReport
    from upturn.records.read import Sources


def check(
    source: Sources,
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
    the address of a database (``"postgresql://server/care?schema=ssd_development"``). Several sources, or
    several extracts over time, in a list are read as one longer casebook: the newest wins for each record,
    earlier ones add what it no longer holds, and where two differ is in ``.casebook.disagreements``.
    ``as_at`` is the date
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

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made_up = upturn.demo(size="small", out=folder)
    ...     again = check(Path(folder) / "annex_a.xlsx")
    >>> again.clocks.height == made_up.clocks.height
    True
    """
    result = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets,
        due_within=due_within, progress=progress,
    )  # fmt: skip
    if out is not None:
        from upturn.render.outputs import write_check

        write_check(result, Path(out), progress=progress)
    return result


def child(
    child_id: str,
    source: Sources,
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

    whole = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets,
        due_within=due_within, progress=progress,
    )  # fmt: skip
    theirs = pl.col("child_id") == child_id
    events, clocks = whole.events.filter(theirs), whole.clocks.filter(theirs)
    if events.is_empty() and clocks.is_empty():
        raise SourceError(
            f"{whole.casebook.source_name}: no accepted row names a child {child_id!r}"
        )
    return replace(whole, events=events, clocks=clocks)


def quality(
    source: Sources,
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
        mapping=path_of(mapping),
        sheets=sheets,
        progress=progress,
    )
    report = quality_report(with_targets_checked(casebook))
    if out is not None:
        from upturn.render.quality import write_quality

        write_quality(report, Path(out))
    return report
