"""The answer to "why" as files: a page, a Word document, a workbook, CSV files and JSON, written together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from upturn.causes.model import Between, Moved, Why
from upturn.causes.why import tell_causes
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets
from upturn.render.why import why_html
from upturn.render.why_view import HOW_NAMED, WHAT_THIS_IS, doubt_of
from upturn.render.word_extra import left_out

#: The files that `write_why` writes, the Word document only when its writer is installed.
WHY_OUTPUTS = ("why.html", "why.docx", "why.xlsx", "why.json", "why_causes.csv", "why_months.csv")


def write_why(why: Why, out: Path, *, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write the report into ``out``: all of its files or none. Returns the paths.

    The Word document is left out when its writer is not installed (`word_missing` says so in words).
    Raises `OutputError` when ``out`` cannot be written.
    """
    tell = progress or (lambda _: None)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        tell("Writing the report")
        (staged / "why.html").write_bytes(why_html(why).encode())
        if not word_missing():
            from upturn.render.why_word import write_why_word

            write_why_word(why, staged / "why.docx")
        sheets = why_sheets(why)
        write_sheets(sheets, staged / "why.xlsx")
        (staged / "why_causes.csv").write_bytes(csv_bytes(sheets["Causes"]))
        (staged / "why_months.csv").write_bytes(csv_bytes(sheets["Months"]))
        (staged / "why.json").write_text(to_json(why_record(why)), "utf-8", newline="\n")
    return paths


def word_missing() -> str:
    """Why there will be no Word document, and what to do; empty when there will be one."""
    return left_out("why.docx", needs=("docx", "PIL"))


def why_sheets(why: Why) -> dict[str, pl.DataFrame]:
    """The sheets of the workbook."""
    sheets = {
        "Answer": pl.DataFrame(
            {
                "answer": [
                    why.answer,
                    *filter(None, [doubt_of(why)]),
                    *why.sentences,
                    WHAT_THIS_IS,
                    *HOW_NAMED,
                ]
            }
        ),
        "Causes": tell_causes(why.causes),
        "What changed": _moved(why),
        "Months": _months(why),
        "Where the days went": _waiting(why),
    }
    if why.spiral is not None:
        sheets["Spiral map"] = why.spiral.map
        sheets["Tipping"] = pl.DataFrame(
            [{"push": t.kind, "size": t.push.size, "low": t.push.low, "high": t.push.high,
              "most_tried": t.push.most, "sentence": t.sentence} for t in why.spiral.tipping],
            infer_schema_length=None,
        )  # fmt: skip
    return sheets


def _moved(why: Why) -> pl.DataFrame:
    rows = [(c.driver, m) for c in why.causes for m in c.moved]
    schema = {"driver": pl.String(), "parameter": pl.String(), "what": pl.String(), "unit": pl.String(),
              "chance": pl.Float64(), "before": pl.Float64(), "after": pl.Float64(), "low": pl.Float64(),
              "high": pl.Float64(), "value_before_is": pl.String()}  # fmt: skip
    return pl.DataFrame([_one_moved(d, m) for d, m in rows], schema=schema)


def _one_moved(driver: str, m: Moved) -> dict[str, object]:
    return {"driver": driver, "parameter": m.parameter, "what": m.words, "unit": m.unit, "chance": m.chance,
            "before": m.before, "after": m.after.value, "low": m.after.low, "high": m.after.high,
            "value_before_is": m.tag}  # fmt: skip


def _months(why: Why) -> pl.DataFrame:
    """The outcome and all direct evidence, month by month, in one long table."""
    parts = [
        why.months.with_columns(what=pl.lit(why.outcome.meaning), driver=pl.lit("", pl.String))
    ]
    for cause in why.causes:
        parts += [
            e.months.with_columns(what=pl.lit(e.words), driver=pl.lit(cause.driver))
            for e in cause.evidence
        ]
    return pl.concat(parts).select("driver", "what", "month", "value", "n", "of", "period")


def _waiting(why: Why) -> pl.DataFrame:
    rows = [
        {"period": w.period, "work": w.of, "from": w.source, "waited_for": stage, "working_days": days,
         "pieces_of_work": w.n}
        for w in why.waiting
        for stage, days in w.days
    ]  # fmt: skip
    schema = {"period": pl.String(), "work": pl.String(), "from": pl.String(), "waited_for": pl.String(),
              "working_days": pl.Float64(), "pieces_of_work": pl.Float64()}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def why_record(why: Why) -> dict[str, object]:
    """The answer in one object, ready for `to_json`."""
    return {
        "source_name": why.source_name, "sha256": why.sha256, "as_at": why.as_at, "seed": why.seed,
        "what_this_is": WHAT_THIS_IS,
        "outcome": {"name": why.outcome.name, "meaning": why.outcome.meaning, "unit": why.outcome.unit},
        "before": "England" if why.england else why.before, "after": why.after,
        "recorded": {"before": why.recorded_before, "after": why.recorded_after},
        "simulated": {"before": _one(why.simulated_before), "after": _one(why.simulated_after),
                      "change": _one(why.simulated_change), "carried": why.carried},
        "by_chance": _one(why.by_chance), "unexplained": _one(why.unexplained),
        "beyond_chance": why.beyond_chance, "answer": why.answer, "doubt": doubt_of(why),
        "sentences": why.sentences,
        "named": [c.driver for c in why.named], "causes": tell_causes(why.causes),
        "what_changed": _moved(why), "confused": why.confused, "where_the_days_went": _waiting(why),
        "spiral": _spiral(why), "how_a_cause_is_named": HOW_NAMED, "notes": why.notes,
        "not_told": dict(why.untold), "settings": why.settings,
    }  # fmt: skip


def _one(between: Between | None) -> dict[str, float] | None:
    if between is None:
        return None
    return {"value": between.value, "low": between.low, "high": between.high}


def _spiral(why: Why) -> dict[str, object] | None:
    s = why.spiral
    if s is None:
        return None
    return {
        "load": s.load, "settles": s.settles, "settles_at": s.settles_at, "crossings": s.crossings,
        "tipping": [{"kind": t.kind, "size": t.push.size, "low": t.push.low, "high": t.push.high,
                     "most_tried": t.push.most} for t in s.tipping],
        "levers": s.levers, "signs": [x.words for x in s.signs], "sentences": s.sentences,
    }  # fmt: skip
