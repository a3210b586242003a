"""The data-quality report as files: one workbook, and each of its tables as CSV."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from upturn.records.quality import QualityReport
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.summary import casebook_provenance
from upturn.render.tables import write_sheets

WORKBOOK = "quality.xlsx"


def quality_tables(report: QualityReport) -> dict[str, pl.DataFrame]:
    """The tables of the report by their titles, with how every spelling was read."""
    return {**report.tables(), "Spellings": report.casebook.spellings}


def write_quality(report: QualityReport, out: Path) -> list[Path]:
    """Write ``quality.xlsx`` and one CSV file per table (``by_list.csv`` ...) into ``out``.

    Returns the paths. Raises `OutputError`, leaving ``out`` as it was, when they cannot be written.
    """
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        write_sheets({**quality_tables(report), "What this is": _said(report)}, staged / WORKBOOK)
        for title, frame in quality_tables(report).items():
            (staged / csv_name(title)).write_bytes(csv_bytes(frame))
    return paths


def quality_record(report: QualityReport) -> dict[str, object]:
    """The report in one object, for ``--json``: what it rests on, then each table by its file's name."""
    tables = {Path(csv_name(title)).stem: frame for title, frame in quality_tables(report).items()}
    return {**casebook_provenance(report.casebook), **tables}


def csv_name(title: str) -> str:
    """The CSV file that holds the table of that title.

    >>> csv_name("By list")
    'by_list.csv'
    """
    return f"{title.lower().replace(' ', '_')}.csv"


def _said(report: QualityReport) -> pl.DataFrame:
    """What the workbook rests on, for whoever is handed it alone."""
    facts = casebook_provenance(report.casebook)
    return pl.DataFrame(
        {"": [key.replace("_", " ") for key in facts], "value": [str(v) for v in facts.values()]}
    )
