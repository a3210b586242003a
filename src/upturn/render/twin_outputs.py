"""The files of a fit and of a simulated future, written together: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from upturn._version import __version__
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets
from upturn.render.twin_page import fit_html, run_html
from upturn.render.twin_start import start_record, start_table
from upturn.render.twin_words import remark_words
from upturn.twin.fitted import Fitted, fitted_text
from upturn.twin.parameters import parameters, write_department
from upturn.twin.projection import Projection

FIT_OUTPUTS = ("twin_fit.html", "twin_fit.xlsx", "twin_fit.json", "department.yaml", "twin_values.csv",
               "twin_checks.csv", "twin_recorded.csv", "twin_draws.csv")  # fmt: skip
RUN_OUTPUTS = ("twin_run.html", "twin_run.xlsx", "twin_run.json", "twin_months.csv",
               "twin_differences.csv", "twin_start.csv", "twin_rests_on.csv")  # fmt: skip
Say = Callable[[str], None]


def write_fit(fitted: Fitted, out: Path, *, progress: Say | None = None) -> list[Path]:
    """Write the page, the workbook, the fit itself, the department and the CSV files. Returns the paths.

    Raises `OutputError` when ``out`` cannot be written; nothing half-written remains then.
    """
    if progress:
        progress("Writing the fit")
    paths: list[Path] = []
    frames = {"Values": values_table(fitted), "Checks": checks_table(fitted),
              "Recorded": fitted.observed, "Draws": draws_table(fitted)}  # fmt: skip
    notes = pl.DataFrame({"note": list(fitted.notes)}, schema={"note": pl.String})
    with delivered(out, paths) as staged:
        (staged / "twin_fit.html").write_bytes(fit_html(fitted).encode())
        write_sheets({"Notes": notes, **frames}, staged / "twin_fit.xlsx")
        (staged / "twin_fit.json").write_text(fitted_text(fitted), "utf-8", newline="\n")
        write_department(fitted.department, staged / "department.yaml")
        for name, frame in frames.items():
            (staged / f"twin_{name.lower()}.csv").write_bytes(csv_bytes(frame))
    return paths


def write_projection(
    projection: Projection, out: Path, *, progress: Say | None = None
) -> list[Path]:
    """Write the page, the workbook, the JSON and the CSV files. Returns the paths.

    Raises `OutputError` when ``out`` cannot be written; nothing half-written remains then.
    """
    if progress:
        progress("Writing the simulated future")
    paths: list[Path] = []
    frames = {"Months": projection.fans, "Differences": projection.differences,
              "Start": start_table(projection), "Rests on": rests_on(projection)}  # fmt: skip
    with delivered(out, paths) as staged:
        (staged / "twin_run.html").write_bytes(run_html(projection).encode())
        write_sheets(frames, staged / "twin_run.xlsx")
        (staged / "twin_run.json").write_text(
            to_json(run_record(projection)), "utf-8", newline="\n"
        )
        for name, frame in frames.items():
            place = staged / f"twin_{name.lower().replace(' ', '_')}.csv"
            place.write_bytes(csv_bytes(frame))
    return paths


def values_table(fitted: Fitted) -> pl.DataFrame:
    """Every value of every period with its interval, tag and source."""
    labels = [p.label for p in fitted.periods]
    known = parameters()
    rows = [
        {
            "period": labels[r.period],
            "driver": known[r.parameter].driver,
            "unit": known[r.parameter].unit,
            **{k: v for k, v in asdict(r).items() if k != "period"},
            "meaning": known[r.parameter].meaning,
        }
        for r in fitted.readings
    ]
    return pl.DataFrame(rows).select("period", "driver", "parameter", "value", "low", "high", "unit",
                                     "tag", "how", "known", "width", "n", "source", "words",
                                     "meaning")  # fmt: skip


def checks_table(fitted: Fitted) -> pl.DataFrame:
    """Every summary as recorded beside what the fitted twin makes of it."""
    labels = [p.label for p in fitted.periods]
    rows = [{**asdict(c), "period": labels[c.period], "inside": c.inside} for c in fitted.checks]
    heads = {"summary": pl.String, "period": pl.String, "unit": pl.String, "recorded": pl.Float64,
             "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64, "share_below": pl.Float64,
             "inside": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=heads)


def draws_table(fitted: Fitted) -> pl.DataFrame:
    """The joint draws, a row a draw and period, of what was read or inferred."""
    sought = {r.parameter for r in fitted.readings if r.how in ("read", "inferred")}
    chosen = [n for n, name in enumerate(fitted.parameters) if name in sought]
    draws, periods = fitted.draws.shape[:2]
    return pl.DataFrame(
        {
            "draw": np.repeat(np.arange(draws), periods),
            "period": [p.label for p in fitted.periods] * draws,
            **{fitted.parameters[n]: fitted.draws[:, :, n].ravel() for n in chosen},
        }
    )


def rests_on(projection: Projection) -> pl.DataFrame:
    """Every value of the service with its tag and source."""
    dept = projection.department
    return pl.DataFrame(
        {
            "driver": [p.driver for p in parameters().values()],
            "parameter": list(parameters()),
            "value": list(dept.values),
            "unit": [p.unit for p in parameters().values()],
            "tag": list(dept.tags),
            "source": list(dept.sources),
        }
    )


def run_record(projection: Projection) -> dict[str, object]:
    """A simulated future as one JSON object."""
    return {
        "upturn": __version__,
        "source": projection.fitted.source_name if projection.fitted else None,
        "sha256": projection.sha256,
        "seed": projection.seed,
        "start": projection.start,
        "starts_from": start_record(projection),
        "months": projection.months,
        "replications": projection.done,
        "asked": projection.asked,
        "scenarios": [
            {"name": s.name, "source": s.source, "changes": [asdict(c) for c in s.changes]}
            for s in projection.scenarios
        ],
        "remarks": [remark_words(r, projection.months) for r in projection.remarks],
        "fans": projection.fans,
        "differences": projection.differences,
        "rests_on": rests_on(projection),
    }


def fit_record(fitted: Fitted) -> dict[str, object]:
    """A fit as one JSON object, without its draws."""
    return {
        "upturn": __version__,
        "source": fitted.source_name,
        "sha256": fitted.sha256,
        "as_at": fitted.as_at,
        "seed": fitted.seed,
        "simulations": fitted.simulations,
        "periods": [asdict(p) for p in fitted.periods],
        "notes": list(fitted.notes),
        "values": values_table(fitted),
        "checks": checks_table(fitted),
        "facts": [asdict(f) for f in fitted.facts],
    }
