"""Advice as files: a page, a Word document, a workbook, CSV files and JSON, written together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from upturn.remedies.advice import Advice, Option
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.remedies import remedies_html
from upturn.render.remedies_view import WHAT_THIS_IS, month_name, remedies_view
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets
from upturn.render.word_extra import left_out

#: The files that `write_remedies` writes, the Word document only when its writer is installed.
REMEDIES_OUTPUTS = (
    "remedies.html", "remedies.docx", "remedies.xlsx", "remedies.json", "remedies_options.csv",
    "remedies_months.csv",
)  # fmt: skip


def write_remedies(
    advice: Advice, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the report into ``out``: all of its files or none. Returns the paths.

    The Word document is left out when its writer is not installed (`word_missing` says so in words).
    Raises `OutputError` when ``out`` cannot be written.
    """
    tell = progress or (lambda _: None)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        tell("Writing the report")
        (staged / "remedies.html").write_bytes(remedies_html(advice).encode())
        if not word_missing():
            from upturn.render.remedies_word import write_remedies_word

            write_remedies_word(advice, staged / "remedies.docx")
        sheets = remedies_sheets(advice)
        write_sheets(sheets, staged / "remedies.xlsx")
        (staged / "remedies_options.csv").write_bytes(csv_bytes(sheets["Options"]))
        (staged / "remedies_months.csv").write_bytes(csv_bytes(sheets["Months"]))
        (staged / "remedies.json").write_text(
            to_json(remedies_record(advice)), "utf-8", newline="\n"
        )
    return paths


def word_missing() -> str:
    """Why there will be no Word document, and what to do; empty when there will be one."""
    return left_out("remedies.docx", needs=("docx", "PIL"))


def remedies_sheets(advice: Advice) -> dict[str, pl.DataFrame]:
    """The sheets of the workbook; each says whether the prices are an example."""
    view = remedies_view(advice)
    said = [view["example"], advice.answer, *advice.sentences, WHAT_THIS_IS, *advice.notes]
    sheets = {
        "Answer": pl.DataFrame({"answer": [s for s in said if s]}),
        "Options": _options(advice, advice.options),
        "Frontier": _options(advice, advice.frontier),
        "Alone": _options(advice, advice.alone),
        "Parts": _parts(view),
        "Months": advice.paths.with_columns(
            calendar=pl.Series(
                [month_name(advice, m) for m in advice.paths["month"]], dtype=pl.String
            )
        ),
        "What would change it": pl.DataFrame(
            [asdict(s) for s in advice.swings] or None, infer_schema_length=None
        ),
        "Prices": pl.DataFrame(
            [
                {
                    "input": name,
                    "value": value,
                    "is": "example" if advice.costs.example else "yours",
                }
                for name, value in advice.costs.values.items()
            ]
        ),
    }
    return {name: frame for name, frame in sheets.items() if frame.width}


def _options(advice: Advice, options: tuple[Option, ...]) -> pl.DataFrame:
    rows = [
        {
            "option": o.name, "why": "; ".join(o.why), "set_aside": o.set_aside, "a_year_after": o.yearly,
            "likely_spend": None if o.spend is None else o.spend.mean,
            "likely_spend_low": None if o.spend is None else o.spend.low,
            "likely_spend_high": None if o.spend is None else o.spend.high,
            "chance_of_goal": o.chance, "chance_low": o.chance_low, "chance_high": o.chance_high,
            "at_deadline": o.value.mean, "at_deadline_low": o.value.low, "at_deadline_high": o.value.high,
            "days_overdue": o.overdue.mean, "days_saved": o.saved.mean, "days_saved_low": o.saved.low,
            "days_saved_high": o.saved.high, "fewer_days_in": o.better, "shows_from_month": o.shows,
            "runs": o.reps, "prices": "EXAMPLE" if advice.costs.example else "yours",
        }
        for o in options
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _parts(view: dict[str, Any]) -> pl.DataFrame:
    rows = [
        {"option": o["name"], **part} for o in view["options"] if o["parts"] for part in o["parts"]
    ]
    return pl.DataFrame(rows or None, infer_schema_length=None)


def remedies_record(advice: Advice) -> dict[str, Any]:
    """The advice as plain values, for JSON."""
    return {
        "example_costs": advice.costs.example,
        "goal": asdict(advice.goal),
        "budget": advice.budget,
        "months": advice.months,
        "start": advice.start,
        "answer": advice.answer,
        "sentences": list(advice.sentences),
        "options": [_one(o) for o in advice.options],
        "nothing": _one(advice.nothing),
        "frontier": [_one(o) for o in advice.frontier],
        "alone": [_one(o) for o in advice.alone],
        "not_tried": dict(advice.left_out),
        "spiral": _spiral(advice),
        "assumptions_moved": [asdict(s) for s in advice.swings],
        "not_known": [asdict(s) for s in advice.splits],
        "prices": dict(advice.costs.values),
        "notes": list(advice.notes),
        "source_name": advice.source_name,
        "sha256": advice.sha256,
        "as_at": advice.as_at,
        "catalogue": advice.catalogue,
        "costs_sha256": advice.costs.sha256,
        "seed": advice.seed,
        "runs": advice.runs,
        "settings": dict(advice.settings),
    }


def _one(option: Option) -> dict[str, Any]:
    return {**asdict(option), "mix": dict(option.mix), "why": list(option.why)}


def _spiral(advice: Advice) -> dict[str, Any] | None:
    if advice.spiral is None:
        return None
    s = advice.spiral
    return {"push": s.push, "nothing_settles": s.nothing, "settles": s.cheapest_settled,
            "cheapest": None if s.cheapest is None else s.cheapest.name, "sentence": s.sentence}  # fmt: skip
