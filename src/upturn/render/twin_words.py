"""Sentences about simulated futures: what becomes of a service, and what a scenario would change."""

from __future__ import annotations

from typing import Any

import polars as pl

from upturn.render.twin_draw import figure
from upturn.twin.projection import NOTHING, Projection
from upturn.twin.remarks import Remark
from upturn.twin.scenario import Change
from upturn.twin.series import OUTCOMES

#: The outcomes that sentences are made of, with what stands before the figure.
_SAID = {
    "assessment-lateness": "assessments late",
    "open-assessments": "open assessments",
    "caseload": "children a worker",
    "child-days-overdue": "child-days overdue a month",
}


def title_of(outcome: str) -> str:
    """An outcome's name as a heading.

    >>> title_of("child-days-overdue")
    "Children's days overdue"
    """
    return outcome.replace("-", " ").capitalize().replace("Child days", "Children's days")


def over_words(year: int) -> str:
    """Which part of the future a row is of.

    >>> over_words(0), over_words(2)
    ('the whole', 'year 2')
    """
    return "the whole" if year == 0 else f"year {year}"


def change_words(change: Change) -> str:
    """A change in words.

    >>> change_words(Change("posts", from_month=3, add=4, ramp_months=2))
    'posts + 4 from month 3, growing over 2 months'
    """
    name = change.parameter.replace("_", " ")
    if change.set is not None:
        what = f"{name} set to {change.set:g}"
    elif change.add is not None:
        what = f"{name} {'−' if change.add < 0 else '+'} {abs(change.add):g}"
    else:
        what = f"{name} × {change.times:g}"
    what += f" from month {change.from_month}"
    if change.to_month is not None:
        what += f" to before month {change.to_month}"
    if change.ramp_months:
        what += f", growing over {change.ramp_months} months"
    return what + (
        f", half of it left after {change.fade_months:g} months" if change.fade_months else ""
    )


def remark_words(remark: Remark, months: int) -> str:
    """What is to be said of a change that does less than it says, in one sentence.

    >>> remark_words(Remark("more", Change("posts", from_month=40, add=4), "after the end"), 36)
    'more: “posts + 4 from month 40” has no effect in this run, which has months 0 to 35.'
    """
    said = f"{remark.scenario}: “{change_words(remark.change)}”"
    name = remark.change.parameter.replace("_", " ")
    some = "" if remark.share >= 1 else f" in {100 * remark.share:.0f} % of the draws"
    if remark.kind == "after the end":
        return f"{said} has no effect in this run, which has months 0 to {months - 1}."
    if remark.kind == "changes nothing":
        return f"{said} has no effect in this run: {name} has that value without it."
    if remark.kind == "held":
        return (
            f"{said} is held at {remark.bound:g}{some}: {name} can be no more extreme in the twin."
        )
    return (
        f"{said} takes {name} to {remark.bound:g}{some}, outside the range in which a fit looks; read "
        "what follows from it with care."
    )


def lines_of(projection: Projection) -> list[str]:
    """What the page says first: doing nothing, each scenario against it, changes that do less than said."""
    lines = [_nothing(projection)]
    for one in projection.scenarios[1:]:
        lines.append(_scenario(projection, one.name))
    return [*lines, *(remark_words(r, projection.months) for r in projection.remarks)]


def _nothing(projection: Projection) -> str:
    parts = []
    for name, words in _SAID.items():
        first, last = (_month(projection, name, end) for end in (0, -1))
        unit = OUTCOMES[name].unit
        if first["p50"] is None or last["p50"] is None:
            continue
        parts.append(
            f"{words} {figure(first['p50'], unit)} in the first month and {figure(last['p50'], unit)} in the "
            f"last ({figure(last['p05'], unit)} to {figure(last['p95'], unit)})"
        )
    return f"Doing nothing: {'; '.join(parts)}." if parts else "No run had anything to count."


def _month(projection: Projection, outcome: str, end: int) -> dict[str, Any]:
    rows = projection.fans.filter(pl.col("scenario") == NOTHING, pl.col("outcome") == outcome)
    return rows.sort("month").row(end, named=True)


def _scenario(projection: Projection, name: str) -> str:
    parts = []
    years = projection.months // 12
    for outcome, words in _SAID.items():
        row = projection.differences.filter(
            pl.col("scenario") == name, pl.col("outcome") == outcome, pl.col("year") == years
        ).row(0, named=True)
        unit = OUTCOMES[outcome].unit
        if row["difference"] is None:
            continue
        parts.append(
            f"{words} {figure(row['nothing'], unit)} without and {figure(row['value'], unit)} with it "
            f"(better in {100 * row['better']:.0f} % of the runs)"
            if row["better"] is not None
            else f"{words} {figure(row['nothing'], unit)} without and {figure(row['value'], unit)} with it"
        )
    when = over_words(years) if years else "the whole"
    return f"{name[:1].upper()}{name[1:]}, in {when}: {'; '.join(parts)}."
