"""A sample on paper and back: the list auditors fill in, and what they found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from upturn.inspection.sampling import Sample
from upturn.journeys.result import Check
from upturn.records.lists.convert import to_dates
from upturn.records.mapping import apply_mapping, load_mappings, to_flag
from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import open_source

#: The column auditors fill in with yes or no; the rest of the list is ours.
FOUND = "found"
_SHEET = (
    "order", "unit", "child_id", "team", "worker", "age", "length", "stratum", "risk", "chance", "weight",
)  # fmt: skip


def audit_list(sample: Sample) -> pl.DataFrame:
    """The units drawn, in order, with an empty ``found`` column to fill in."""
    return sample.drawn.select(*_SHEET, pl.lit(None, dtype=pl.String).alias(FOUND))


def recorded(sample: Sample, check: Check, *, population: str) -> Sample:
    """The sample with the record of what it was drawn from and how, so that anybody can draw it again."""
    book = check.casebook
    record: dict[str, object] = {
        "population": population,
        "kind": sample.kind,
        "seed": sample.seed,
        "by": list(sample.by),
        "size": sample.drawn.height,
        "eligible": sample.eligible,
        "left_out": sample.left_out,
        "frame_sha256": sample.frame_sha256,
        "source_name": book.source_name,
        "sha256": book.sha256,
        "as_at": book.as_at,
        "as_at_reason": book.as_at_reason,
        "rulebooks": [f"{b.id} {b.version}" for b in check.rulebooks],
    }
    return replace(sample, record=record)


def read_excluded(path: Path) -> dict[str, str]:
    """Children to leave out, from a CSV or workbook with ``child_id`` and, if given, ``reason``.

    Raises SourceError when the file cannot be read or has no ``child_id``.
    """
    rows = _table(path, needed=("child_id",))
    reasons = rows["reason"] if "reason" in rows.columns else pl.Series([None] * rows.height)
    return {
        child: reason or f"named in {path.name}"
        for child, reason in zip(rows["child_id"].to_list(), reasons.to_list(), strict=True)
        if child
    }


def read_audited(path: Path) -> dict[str, date]:
    """When each child was last audited, from a CSV or workbook with ``child_id`` and ``date``.

    Raises SourceError when the file cannot be read, lacks a column, or has a date that is not understood.
    """
    rows = _table(path, needed=("child_id", "date")).drop_nulls("child_id")
    days = to_dates(rows["date"])
    wrong = rows.filter(days["problem"].is_not_null() | days["value"].is_null())
    if wrong.height:
        raise SourceError(f"{path.name}: {wrong['date'][0]!r} is not a date such as 2026-09-30.")
    last: dict[str, date] = {}
    for child, day in zip(rows["child_id"], days["value"], strict=True):
        last[child] = max(day, last.get(child, day))
    return last


def read_results(path: Path) -> tuple[pl.DataFrame, pl.Series]:
    """An audit list that was filled in: the units with their chances, and what was found.

    ``found`` is read with the yes/no value mapping; blank means not audited. Raises SourceError for a
    list that is not ours, or an answer that is neither yes nor no.
    """
    rows = _table(path, needed=("unit", "stratum", "chance", "weight", FOUND))
    answers = apply_mapping(load_mappings()["yes_no"], rows[FOUND])
    wrong = rows.filter(answers["how"].is_in(["not understood", "ambiguous"]))
    if wrong.height:
        unit, said = wrong["unit"][0], wrong[FOUND][0]
        raise SourceError(
            f"{path.name}: {unit} has “{said}” under {FOUND}; give yes, no or nothing."
        )
    numbers = rows.with_columns(pl.col("chance", "weight").cast(pl.Float64, strict=False))
    return numbers, to_flag(answers["code"])


def read_population(path: Path) -> int:
    """How many units the frame had, from the ``sample.json`` beside a filled-in list.

    Raises SourceError when it is not there or not ours.
    """
    beside = path.with_name("sample.json")
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
        return int(said["eligible"])
    except OSError:
        raise SourceError(f"{beside.name} should be beside {path.name}; it is not there.") from None
    except (ValueError, KeyError, TypeError):
        raise SourceError(f"{beside.name} is not the record of a draw.") from None


def _table(path: Path, *, needed: tuple[str, ...]) -> pl.DataFrame:
    """The first sheet whose header row, near the top, has the columns needed."""
    for sheet in open_source(path).sheets:
        found = _below_header(sheet, needed)
        if found is not None:
            return found
    raise SourceError(f"{path.name} has no sheet with the columns {', '.join(needed)}.")


def _below_header(sheet: Sheet, needed: tuple[str, ...]) -> pl.DataFrame | None:
    for at, row in enumerate(sheet.cells.head(10).iter_rows()):
        names: Mapping[int, str] = {
            i: str(cell).strip().lower().replace(" ", "_") for i, cell in enumerate(row) if cell
        }
        if set(needed) <= set(names.values()):
            body = sheet.cells.slice(at + 1)
            return body.select(
                pl.col(sheet.cells.columns[i]).str.strip_chars().alias(name)
                for i, name in names.items()
            )
    return None
