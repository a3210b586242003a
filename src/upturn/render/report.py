"""The report: one page that needs nothing but itself, in which every number opens to its children."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

import polars as pl
from jinja2 import Environment
from markupsafe import Markup

from upturn.journeys.result import STATES, Check
from upturn.records.disagreements import KINDS
from upturn.records.quality import by_source
from upturn.render.cells import flat
from upturn.render.pack import QUARANTINE_SHOWN, pack
from upturn.render.page import environment, policy_hash, static
from upturn.render.summary import (
    disagreement_counts,
    list_counts,
    provenance,
    quarantine_counts,
    row_totals,
)
from upturn.render.view import (
    PRESSING,
    by_team,
    by_worker,
    heart_of,
    once,
    reason_kinds,
    rule_counts,
)
from upturn.render.words import BANNER, STATE_MEANINGS, count, rule_marks, weekday

#: States drawn in a rule's bar, in order; what does not apply is not part of the whole.
BAR_STATES = tuple(state for state in STATES if state != "does not apply")
#: More pairs of team and worker than any council has; beyond it the extract's worker column is not names.
WORKERS_SHOWN = 4_000
#: More disagreements than this stay in disagreements.csv; the page says so.
DISAGREEMENTS_SHOWN = 1_000
#: Up to this many rows the list for readers without JavaScript gives reasons too.
FALLBACK_REASONS = 4_000


def report_html(check: Check, clocks: pl.DataFrame) -> str:
    """The whole page. ``clocks`` are the check's, as `worst_first` gives them."""
    style, script = static(".css"), static(".js")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'; script-src '{policy_hash(script)}'"
    )
    return _environment().get_template("report.html.j2").render(
        **_overview(check, clocks),
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        packed=Markup(pack(check, clocks)),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    made = environment().overlay()
    made.globals = {**made.globals, "link": link, "states": STATES, "bar": bar}
    return made


def link(**filters: str | None) -> str:
    """The address, within the page, of the list with these filters; None stands for "none given".

    >>> link(rule="cp-visit", state="due soon"), link(team=None)
    ('#rule=cp-visit&state=due+soon', '#team=')
    """
    return "#" + urlencode({name: value or "" for name, value in filters.items()})


def bar(row: dict[str, Any]) -> list[tuple[str, float, float]]:
    """The segments of a rule's bar: class, left edge and width, in hundredths of the whole.

    >>> bar(dict.fromkeys(STATES, 0) | {"overdue": 1, "met": 3})
    [('overdue', 0.0, 25.0), ('met', 25.0, 75.0)]
    """
    whole = sum(row[state] for state in BAR_STATES)
    segments, left = [], 0.0
    for state in BAR_STATES:
        if row[state]:
            width = 100 * row[state] / whole
            segments.append((state.replace(" ", "-"), round(left, 2), round(width, 2)))
            left += width
    return segments


def _overview(check: Check, clocks: pl.DataFrame) -> dict[str, Any]:
    """What the page shows before anything is opened."""
    work = once(clocks)
    pressing = work.filter(pl.col("state").is_in(PRESSING))
    rules = _rules(check, clocks)
    return {
        "banner": BANNER,
        "casebook": check.casebook,
        "facts": provenance(check),
        "as_at": weekday(check.as_at),
        "due_within": count(check.due_within, "working day"),
        "meanings": STATE_MEANINGS,
        "tiles": {state: _tile(work, state) for state in ("overdue", "due soon", "cannot tell")},
        "totals": row_totals(check),
        "lists": list_counts(check),
        "rule_groups": _grouped([row for row in rules if sum(row[s] for s in STATES)]),
        "all_rules": {state: int((work["state"] == state).sum()) for state in STATES},
        "teams": by_team(work).to_dicts(),
        "workers": by_worker(work).head(WORKERS_SHOWN).to_dicts(),
        "whys": _whys(clocks),
        "untested": [row for row in rules if row["tested"] in ("none", "part")],
        "quarantine": quarantine_counts(check).to_dicts(),
        "quarantine_left": max(0, check.casebook.quarantine.height - QUARANTINE_SHOWN),
        "spellings": _table(check.casebook.spellings),
        "sources": by_source(check.casebook).to_dicts(),
        "differ": _differ(check),
        "fallback": _fallback(pressing),
        "fallback_reasons": pressing.height <= FALLBACK_REASONS,
    }


def _tile(clocks: pl.DataFrame, state: str) -> dict[str, int]:
    chosen = clocks.filter(pl.col("state") == state)
    return {"clocks": chosen.height, "children": chosen["child_id"].n_unique()}


def _rules(check: Check, clocks: pl.DataFrame) -> list[dict[str, Any]]:
    assumed = {rule.id for rule in check.rules.values() if rule.assumed}
    rows = rule_counts(check, clocks).to_dicts()
    for row in rows:
        row["marks"] = rule_marks(row["kind"], row["status"], assumed=row["rule"] in assumed)
    return rows


def _grouped(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rules under their groups, both in the order they come."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["group"] or "Other rules", []).append(row)
    return list(groups.items())


def _whys(clocks: pl.DataFrame) -> list[dict[str, Any]]:
    """Why it cannot be told: each rule with its kinds of reason, the most frequent first."""
    unsure = clocks.filter(pl.col("state") == "cannot tell")
    unsure = unsure.with_columns(
        why=reason_kinds(unsure["reason"]), heart=heart_of(unsure["reason"])
    )
    kinds = unsure.group_by("rule", "why").agg(
        pl.len().alias("clocks"),
        pl.col("heart").first().alias("example"),
        pl.col("what").first(),
    )
    return kinds.sort(["clocks", "rule", "why"], descending=[True, False, False]).to_dicts()


def _differ(check: Check) -> dict[str, Any]:
    """Where several sources disagree: how often, what each kind means, and the first of them."""
    every = check.casebook.disagreements
    return {
        "kinds": disagreement_counts(check.casebook).to_dicts(),
        "means": KINDS,
        "rows": every.head(DISAGREEMENTS_SHOWN).to_dicts(),
        "left": max(0, every.height - DISAGREEMENTS_SHOWN),
    }


def _table(frame: pl.DataFrame) -> dict[str, Any] | None:
    if frame.is_empty():
        return None
    return {"columns": frame.columns, "rows": flat(frame).rows()}


def _fallback(pressing: pl.DataFrame) -> list[dict[str, Any]]:
    """Overdue and due soon, by rule and state, for readers without JavaScript."""
    fields = ("child_id", "state_words", "due_on", "team", "worker", "reason")
    parts = pressing.partition_by(["rule", "state"], maintain_order=True)
    return [
        {"rule": part["rule"][0], "what": part["what"][0], "state": part["state"][0],
         "rows": part.select(fields).rows()}
        for part in parts
    ]  # fmt: skip
