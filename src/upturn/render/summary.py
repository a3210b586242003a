"""The check in one JSON object: what came in, what the clocks say, and what it all rests on.

No wall clock: the same check gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

import polars as pl

from upturn._version import __version__
from upturn.journeys.due import off_the_list
from upturn.journeys.result import STATES, Check
from upturn.records.casebook import Casebook
from upturn.records.quality import by_source
from upturn.render.cells import flat
from upturn.render.view import PRESSING, blanks_as_none, rule_counts, set_aside, tally


def to_json(value: object) -> str:
    """Any result as indented JSON: dates in ISO form, a frame as a list of rows, NaN as null.

    >>> to_json({"as_at": date(2026, 9, 30), "n": float("nan")})
    '{\\n  "as_at": "2026-09-30",\\n  "n": null\\n}\\n'
    """
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: object) -> Any:
    """``value`` in the types JSON has."""
    if isinstance(value, pl.DataFrame):
        return _plain(flat(value).to_dicts())
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Sequence, set, frozenset)):
        return [_plain(inner) for inner in (sorted(value) if isinstance(value, set) else value)]
    return str(value)


def casebook_provenance(casebook: Casebook) -> dict[str, object]:
    """What every output says of the extract it rests on, and of the program that read it."""
    return {
        "upturn": __version__,
        "source": casebook.source,
        "source_name": casebook.source_name,
        "sha256": casebook.sha256,
        "as_at": casebook.as_at,
        "as_at_reason": casebook.as_at_reason,
        "mapping": casebook.mapping or None,
    }


def provenance(check: Check) -> dict[str, object]:
    """`casebook_provenance` with the rulebooks used, each with its version."""
    books = [
        {"id": book.id, "title": book.title, "kind": book.kind, "status": book.status,
         "version": book.version}
        for book in check.rulebooks
    ]  # fmt: skip
    return {
        **casebook_provenance(check.casebook),
        "due_within_working_days": check.due_within,
        "rulebooks": books,
    }


def list_counts(check: Check) -> list[dict[str, object]]:
    places = ("source_list", "source_file", "source_sheet")
    aside = {tuple(row[key] for key in places): row for row in set_aside(check).to_dicts()}
    rows = []
    for came_in in check.casebook.counts:
        more = aside.get(tuple(getattr(came_in, key) for key in places), {})
        rows.append(
            {
                "list": came_in.source_list,
                "name": came_in.name,
                "file": came_in.source_file,
                "sheet": came_in.source_sheet,
                "rows_in": came_in.rows_in,
                "accepted": came_in.accepted,
                "quarantined": came_in.quarantined,
                "cells_set_aside": more.get("cells", 0),
                "notes": more.get("notes", 0),
            }
        )
    return rows


def row_totals(check: Check) -> dict[str, int]:
    """Rows in, accepted and quarantined over all lists, with the cells set aside."""
    counts = check.casebook.counts
    levels = check.casebook.quarantine["level"]
    return {
        "rows_in": sum(came_in.rows_in for came_in in counts),
        "accepted": sum(came_in.accepted for came_in in counts),
        "quarantined": sum(came_in.quarantined for came_in in counts),
        "cells_set_aside": int((levels == "cell").sum()),
        "notes": int((levels == "note").sum()),
    }


def quarantine_counts(check: Check) -> pl.DataFrame:
    """How often each check put something in quarantine, by level and list, the most frequent first."""
    return (
        check.casebook.quarantine.group_by("check", "level", "source_list")
        .agg(pl.len().cast(pl.Int64).alias("count"), pl.col("reason").sort().first())
        .sort(["count", "check", "source_list", "level"], descending=[True, False, False, False])
    )


def disagreement_counts(casebook: Casebook) -> pl.DataFrame:
    """How many disagreements of each kind there are, by table, the most frequent first."""
    return (
        casebook.disagreements.group_by("disagreement", "table")
        .agg(pl.len().cast(pl.Int64).alias("count"), children=pl.col("child_id").n_unique())
        .sort(["count", "disagreement", "table"], descending=[True, False, False])
    )


def summary(check: Check) -> dict[str, object]:
    """The whole summary, ready for `to_json`."""
    clocks = check.clocks
    rules = rule_counts(check, clocks)
    off = off_the_list(clocks, check.rules.values(), as_at=check.as_at)
    work = blanks_as_none(clocks.filter(~off))
    return {
        **provenance(check),
        "rows": row_totals(check),
        "lists": list_counts(check),
        "clocks": clocks.height,
        "children": clocks["child_id"].n_unique(),
        "children_overdue_or_due_soon": clocks.filter(pl.col("state").is_in(PRESSING))[
            "child_id"
        ].n_unique(),
        "states": {state: int((clocks["state"] == state).sum()) for state in STATES},
        "rules": [_rule(row) for row in rules.iter_rows(named=True)],
        "teams": [_team(row) for row in tally(work, ["team"]).iter_rows(named=True)],
        "quarantine": quarantine_counts(check).drop("reason"),
        "sources": by_source(check.casebook),
        "disagreements": disagreement_counts(check.casebook),
        "absent": check.casebook.absent,
        "notes": check.casebook.notes,
    }


def _rule(row: Mapping[str, Any]) -> dict[str, object]:
    said = {key: row[key] for key in ("rule", "rule_name", "group", "kind", "status")}
    covered = {"tested": row["tested"], "because": row["because"], "not_tested": row["not_tested"]}
    return {**said, "states": {state: row[state] for state in STATES}, **covered}


def _team(row: Mapping[str, Any]) -> dict[str, object]:
    states = {state: row[state] for state in STATES}
    return {"team": row["team"], "children": row["children"], "states": states}


def child_record(check: Check, child_id: str) -> dict[str, object]:
    """One child's events and clocks, for ``--json``.

    Raises LookupError when no row names the child.
    """
    clocks = check.clocks.filter(pl.col("child_id") == child_id)
    events = check.events.filter(pl.col("child_id") == child_id)
    if clocks.is_empty() and events.is_empty():
        raise LookupError(f"no accepted row of {check.casebook.source_name} names {child_id!r}")
    return {**provenance(check), "child_id": child_id, "clocks": clocks, "events": events}
