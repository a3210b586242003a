"""The clocks arranged for reading: worst first, counted by rule, team and worker.

Every output counts from here, so that the page, the workbook, the summary and the terminal agree.
"""

from __future__ import annotations

import polars as pl

from upturn.journeys.due import off_the_list
from upturn.journeys.result import STATES, Check
from upturn.render.words import (
    CHILD_PROTECTION,
    NO_TEAM,
    NO_WORKER,
    rule_marks,
    with_state_words,
)
from upturn.rulebooks.vocabulary import vocabulary

#: States that ask somebody to do something soon.
PRESSING = ("overdue", "due soon")
#: Dates and numbers are what makes one reason differ from the next of the same kind.
_DATE = (
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* )?\d{1,2} [A-Z][a-z]{2,8} \d{4}|\d{4}-\d{2}-\d{2}"
)
_NUMBER = r"\d+"


def worst_first(check: Check) -> pl.DataFrame:
    """Every clock, worst first, with ``unit``, ``state_words``, ``what`` and ``off_the_list`` added.

    Overdue first, then due soon and the rest in the order of `STATES`; within a state the earliest due
    date, which is the most days late whether a rule counts working or calendar days; on a tie child
    protection before others. ``what`` is the rule's name with its marks. A blank team or worker is none.
    """
    clocks = with_state_words(blanks_as_none(check.clocks), check.rules)
    off = off_the_list(clocks, check.rules.values(), as_at=check.as_at)
    clocks = clocks.with_columns(off, what=_what(check, clocks))
    return clocks.sort(
        pl.col("state").replace_strict(
            {state: rank for rank, state in enumerate(STATES)}, default=99, return_dtype=pl.Int8
        ),
        "due_on",
        ~pl.col("episode").is_in(CHILD_PROTECTION).fill_null(False),
        "rule",
        "child_id",
        "episode_id",
        nulls_last=True,
        maintain_order=True,
    )


def once(clocks: pl.DataFrame) -> pl.DataFrame:
    """The clocks that lists and totals count: each piece of work once, and none that is history."""
    return clocks.filter(~pl.col("off_the_list"))


def blanks_as_none(clocks: pl.DataFrame) -> pl.DataFrame:
    """The clocks with a blank team or worker as null, so that "no team" is one team.

    >>> blanks_as_none(pl.DataFrame({"team": [" "], "worker": ["Ann "]})).row(0)
    (None, 'Ann')
    """
    names = {column: pl.col(column).str.strip_chars() for column in ("team", "worker")}
    return clocks.with_columns(
        pl.when(name != "").then(name).alias(column) for column, name in names.items()
    )


def _what(check: Check, clocks: pl.DataFrame) -> pl.Series:
    """The rule's name with what must be known of it: ``… (local, assumed)``."""
    assumed = {ref for ref, rule in check.rules.items() if rule.assumed}
    keys = ["edition", "rule", "rule_name", "kind", "status"]
    distinct = clocks.select(keys).unique()
    names = []
    for edition, rule, name, kind, status in distinct.iter_rows():
        marks = rule_marks(kind, status, assumed=f"{edition}/{rule}" in assumed)
        names.append(f"{name or rule} ({'; '.join(marks)})" if marks else name or rule)
    distinct = distinct.with_columns(pl.Series("what", names, pl.String))
    joined = clocks.select(keys).join(
        distinct, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["what"]


def tally(clocks: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row per combination of ``by``: a count column per state, and ``children`` with pressing clocks.

    Sorted by ``by``; null (no team, no worker) comes last.

    >>> clocks = pl.DataFrame({"team": ["A", "A"], "state": ["met", "overdue"], "child_id": ["1", "2"]})
    >>> tally(clocks, ["team"]).select("team", "overdue", "met", "children").rows()
    [('A', 1, 1, 1)]
    """
    pressing = pl.col("state").is_in(PRESSING)
    return (
        clocks.group_by(by)
        .agg(
            *((pl.col("state") == state).sum().cast(pl.Int64).alias(state) for state in STATES),
            pl.col("child_id").filter(pressing).n_unique().cast(pl.Int64).alias("children"),
        )
        .sort(by, nulls_last=True)
    )


def by_team(clocks: pl.DataFrame) -> pl.DataFrame:
    """`tally` by team, the most overdue first; a team with nothing pressing or untold is left out."""
    counts = tally(clocks, ["team"]).filter(
        pl.sum_horizontal("overdue", "due soon", "cannot tell") > 0
    )
    return counts.with_columns(pl.col("team").alias("label").fill_null(NO_TEAM)).sort(
        ["overdue", "due soon", "label"], descending=[True, True, False], maintain_order=True
    )


def by_worker(clocks: pl.DataFrame) -> pl.DataFrame:
    """`tally` by team and worker, in the order of their names: a caseload list, not a league table."""
    counts = tally(clocks, ["team", "worker"]).filter(
        pl.sum_horizontal("overdue", "due soon", "cannot tell") > 0
    )
    return counts.with_columns(
        pl.col("team").fill_null(NO_TEAM).alias("team_label"),
        pl.col("worker").fill_null(NO_WORKER).alias("worker_label"),
    )


def rule_counts(check: Check, clocks: pl.DataFrame) -> pl.DataFrame:
    """One row per rule that ran or could not be tested, with its `COVERAGE` and a count per state.

    Group by group in the order of a child's journey; within a group as the coverage table has them, then
    rules it does not name.
    """
    counts = tally(clocks, ["rule"]).drop("children")
    known = check.coverage.join(counts, on="rule", how="left", maintain_order="left")
    missing = clocks.filter(~pl.col("rule").is_in(check.coverage["rule"].implode()))
    named = missing.group_by("rule", maintain_order=True).agg(
        pl.col("rule_name", "group", "kind", "status").last()
    )
    extra = named.join(counts, on="rule", how="left", maintain_order="left")
    both = pl.concat([known, extra], how="diagonal").with_columns(pl.col(STATES).fill_null(0))
    places = _group_places(check)
    return both.sort(
        pl.col("group").replace_strict(places, default=len(places), return_dtype=pl.Int64),
        maintain_order=True,
    )


def _group_places(check: Check) -> dict[str, int]:
    """The place of each group of rules: that of the latest kind of episode its rules run in."""
    order = {episode: place for place, episode in enumerate(vocabulary().episodes)}
    places: dict[str, int] = {}
    for rule in check.rules.values():
        places[rule.group] = max(places.get(rule.group, 0), order.get(rule.episode, len(order)))
    return places


def reason_kinds(reasons: pl.Series) -> pl.Series:
    """Each reason with its dates and numbers taken out, so that like can be counted with like.

    >>> reason_kinds(pl.Series(["Started Tue 4 Aug 2026; cannot tell: row 17 has no end date"])).to_list()
    ['Row [n] has no end date']
    """
    return heart_of(reasons).str.replace_all(_DATE, "[date]").str.replace_all(_NUMBER, "[n]")


def heart_of(reasons: pl.Series) -> pl.Series:
    """What each reason says after "cannot tell", or all of it when it does not say so.

    >>> heart_of(pl.Series(["Cannot tell: the start is not known.", "No start."])).to_list()
    ['The start is not known.', 'No start.']
    """
    said = reasons.str.replace(r"(?is)^.*?\bcannot tell: ", "")
    return said.str.head(1).str.to_uppercase() + said.str.slice(1)


def set_aside(check: Check) -> pl.DataFrame:
    """How many cells were set aside, and how many notes made, per list and the sheet it came from."""
    level = pl.col("level")
    return check.casebook.quarantine.group_by("source_list", "source_file", "source_sheet").agg(
        (level == "cell").sum().alias("cells"), (level == "note").sum().alias("notes")
    )
