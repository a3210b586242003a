"""What each row of a workforce file must pass, and the words for what does not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import polars as pl
import yaml

from upturn.records import quarantine
from upturn.records.sheets import Sheet

ENTRY = {"check": pl.String(), "column": pl.String(), "value": pl.String(), "source_row": pl.UInt32(),
         "team": pl.String(), "worker": pl.String(), "whole": pl.String()}  # fmt: skip


@cache
def layout() -> Mapping[str, Any]:
    """What ``workforce.yaml`` says: headers, words, the full-time week and the checks.

    >>> layout()["full_time_hours"]
    37
    """
    text = resources.files(__package__).joinpath("workforce.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def checked(
    spells: pl.DataFrame, problems: pl.DataFrame, raw: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The spells that can be used, with ``set_aside``; and an entry for all that was wrong."""
    why = spells.select(_row_fault(problems, raw)).to_series()
    at_fault = why.is_not_null()
    rows = _entries(spells, raw, why, _column_of(why))
    cells = [
        _entries(spells, raw, pl.select(pl.when(~at_fault).then(problems[c])).to_series(), c)
        for c in ("hours", "agency", "newly_qualified", "team", "role", "post_id", "worker")
    ]
    aside = pl.concat_list(
        pl.when(problems[c].is_not_null()).then(pl.lit(c)) for c in problems.columns
    ).list.drop_nulls()
    kept = spells.with_columns(set_aside=aside).filter(~at_fault)
    return kept, pl.concat([rows, *cells, _notes(kept)])


def _row_fault(problems: pl.DataFrame, raw: pl.DataFrame) -> pl.Expr:
    """The first reason not to accept a row."""
    absent = pl.col("kind") != "in post"
    total = pl.coalesce("post_id", "worker").str.contains(r"(?i)^(grand |sub ?)?totals?\b")
    own = [c for c in raw.columns if c != "source_row"]
    again = ~raw.select(pl.struct(own).is_first_distinct()).to_series()
    return (
        pl.when(total).then(pl.lit("total-row"))
        .when(again).then(pl.lit("duplicate-row"))
        .when(problems["kind"].is_not_null()).then(pl.lit("kind-not-understood"))
        .when(pl.col("post_id").is_null() & pl.col("worker").is_null()).then(pl.lit("nobody-and-nowhere"))
        .when(absent & pl.col("worker").is_null()).then(pl.lit("absence-of-nobody"))
        .when(pl.col("start").is_null()).then(pl.lit("no-start"))
        .when(problems["end"].is_not_null()).then(pl.lit("end-not-understood"))
        .when(pl.col("end") < pl.col("start")).then(pl.lit("ends-before-start"))
    )  # fmt: skip


def _column_of(why: pl.Series) -> pl.Series:
    """The column whose cell is shown with a fault of the whole row."""
    shown = {"no-start": "start", "ends-before-start": "end", "end-not-understood": "end",
             "kind-not-understood": "kind", "total-row": "post_id"}  # fmt: skip
    return why.replace_strict(shown, default="worker", return_dtype=pl.String)


def _entries(
    spells: pl.DataFrame, raw: pl.DataFrame, why: pl.Series, column: pl.Series | str
) -> pl.DataFrame:
    """Entries for the rows with a ``why``; the cell shown is that of ``column``."""
    frame = pl.DataFrame(
        {"check": why, "column": column, "row": pl.int_range(raw.height, eager=True)}
    )
    whole = raw.select(pl.struct(pl.exclude("source_row")).struct.json_encode()).to_series()
    frame = frame.with_columns(
        source_row=spells["source_row"], team=spells["team"], worker=spells["worker"], whole=whole
    ).filter(pl.col("check").is_not_null())
    value = [_cell(raw, c, r) for c, r in frame.select("column", "row").rows()]
    return frame.with_columns(value=pl.Series(value, dtype=pl.String)).select(
        pl.col(c).cast(t) for c, t in ENTRY.items()
    )  # fmt: skip


def _cell(raw: pl.DataFrame, column: str, row: int) -> str | None:
    column = "fte" if column == "hours" and "hours" not in raw.columns else column
    found: str | None = raw[column][row] if column in raw.columns else None
    return found


def _notes(kept: pl.DataFrame) -> pl.DataFrame:
    """Posts held by two at once, and workers in two full-time posts at once: used, but worth a look."""
    posts = kept.filter((pl.col("kind") == "in post") & pl.col("worker").is_not_null())
    full = posts.filter(pl.col("hours").fill_null(37) > 30)
    found = [(posts, "post_id", "post-held-twice"), (full, "worker", "worker-in-two-posts")]
    return pl.concat([_overlap(rows, key, check) for rows, key, check in found])


def _overlap(rows: pl.DataFrame, key: str, check: str) -> pl.DataFrame:
    before = pl.col("end").fill_null(pl.date(2099, 1, 1)).shift(1).cum_max().over(key)
    there = rows.drop_nulls(key).sort(key, "start", maintain_order=True)
    clash = there.filter(before > pl.col("start"))
    return clash.select(
        "source_row",
        "team",
        "worker",
        check=pl.lit(check),
        column=pl.lit(key),
        value="worker",
        whole=pl.lit(None, dtype=pl.String),
    ).select(pl.col(c).cast(t) for c, t in ENTRY.items())


def entries_of(entries: pl.DataFrame, sheet: Sheet, label: str) -> pl.DataFrame:
    """The entries in the quarantine's schema, worded."""
    texts = pl.DataFrame(
        [(check, *said) for check, said in layout()["checks"].items()],
        schema=["check", "level", "reason", "what_to_do"], orient="row",
    )  # fmt: skip
    shown = pl.col("value").fill_null("blank")
    parts = pl.col("reason").str.split_exact("{value}", 1)
    reason = pl.when(pl.col("reason").str.contains("{value}", literal=True)).then(
        pl.concat_str(parts.struct[0], shown, parts.struct[1].fill_null(""))
    )  # fmt: skip
    frame = entries.join(texts, on="check", how="left", maintain_order="left").with_columns(
        child_id=pl.lit(None, dtype=pl.String), source_list=pl.lit(label),
        source_file=pl.lit(sheet.file), source_sheet=pl.lit(sheet.name),
        reason=reason.otherwise("reason"),
        column=pl.when(pl.col("level") != "row").then("column"),
        value=pl.when(pl.col("level") == "row").then("whole").otherwise("value"),
    )  # fmt: skip
    return frame.select(pl.col(c).cast(t) for c, t in quarantine.SCHEMA.items())
