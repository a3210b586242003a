"""A fit and a simulated future in the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.render.twin_draw import figure
from upturn.render.twin_start import start_words
from upturn.render.twin_values import name_of, tag_counts, value_of
from upturn.render.twin_words import lines_of, title_of
from upturn.twin.fitted import Fitted
from upturn.twin.parameters import parameters
from upturn.twin.projection import SHOWN, Projection
from upturn.twin.series import OUTCOMES


def fit_table(fitted: Fitted) -> Table:
    """What was read and inferred, with its interval; what the extract does not tell is said to be so."""
    table = Table(title=f"Twin of {fitted.source_name}: read or looked for, 90 % intervals")
    for head in ("Period", "Parameter", "Value", "Interval", "Tag", "Told?"):
        table.add_column(head, justify="right" if head in ("Value", "Interval") else "left")
    for r in fitted.readings:
        if r.how == "default":
            continue
        p = parameters()[r.parameter]
        ends = (
            f"{value_of(r.low, p)} to {value_of(r.high, p)}" if r.high > r.low else "as it stands"
        )
        told = {"read": "read", "given": "given"}.get(r.how, "by simulation" if r.known else "no")
        label = fitted.periods[r.period].label
        table.add_row(label, name_of(r.parameter), value_of(r.value, p), ends, r.tag, told)
    return table


def notes_text(fitted: Fitted) -> RenderableType:
    """How many values have which tag, and the notes."""
    last = len(fitted.periods) - 1
    counts = tag_counts([r.tag for r in fitted.readings if r.period == last])
    return Group(Text(counts), *(Text(f"- {note}") for note in fitted.notes))


def run_table(projection: Projection) -> RenderableType:
    """The last month of each outcome and scenario, and the sentences."""
    table = Table(title=f"{projection.done:,} replications, {projection.months} months from "
                  f"{projection.start:%B %Y}: the last month")  # fmt: skip
    for head in ("Scenario", "Outcome", "Middle run", "Nine runs in ten"):
        table.add_column(
            head, justify="right" if head in ("Middle run", "Nine runs in ten") else "left"
        )
    rows = projection.fans.sort("month").group_by("scenario", "outcome", maintain_order=True).last()
    for one in projection.scenarios:
        for row in rows.iter_rows(named=True):
            if row["scenario"] != one.name or row["outcome"] not in SHOWN or not row["told"]:
                continue
            unit = OUTCOMES[row["outcome"]].unit
            if unit == "pounds" and not row["p95"]:
                continue
            band = f"{figure(row['p05'], unit)} to {figure(row['p95'], unit)}"
            table.add_row(one.name, title_of(row["outcome"]), figure(row["p50"], unit), band)
    counts = tag_counts(projection.department.tags)
    lines = [start_words(projection), *lines_of(projection)]
    return Group(table, *(Text(f"- {line}") for line in lines), Text(counts))


def stopped_text(projection: Projection) -> str:
    """That it was stopped, and what there is."""
    return (
        f"Stopped: {projection.done:,} of {projection.asked:,} replications were run, and all of this rests "
        "on those."
    )
