"""The rows behind the report page, packed small: columns, codes for repeated words, deflate, base64.

The page unpacks them in the browser. Dates are whole days before the as-at date; a code or date that is
null stays null.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from upturn.journeys.result import STATES, Check
from upturn.render.view import reason_kinds, rule_counts
from upturn.render.words import (
    CERTAINTY_MEANINGS,
    STATUS_MEANINGS,
    SURE,
    day,
    episode_words,
    rule_marks,
    within_words,
)
from upturn.rulebooks.model import Rule
from upturn.rulebooks.vocabulary import vocabulary

#: More quarantine rows than this stay in quarantine.csv; the page says so.
QUARANTINE_SHOWN = 20_000
#: A quarantined value longer than this is cut on the page; quarantine.csv has it whole.
VALUE_SHOWN = 1_500
#: Fast enough for a county in a second; the next levels gain little.
_LEVEL = 6


def pack(check: Check, clocks: pl.DataFrame) -> str:
    """Everything the page's lists and timelines need, as base64 of deflated JSON.

    ``clocks`` are the check's, as `worst_first` gives them; their order is kept.
    """
    text = json.dumps(_data(check, clocks), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode()


def _data(check: Check, clocks: pl.DataFrame) -> dict[str, Any]:
    events = check.events.sort("child_id", "date", nulls_last=True, maintain_order=True)
    words: dict[str, list[Any]] = {}
    children = _words_of(clocks["child_id"], events["child_id"])
    words["child"] = children
    clocks = clocks.with_columns(
        ref=pl.concat_str("edition", pl.lit("/"), "rule", ignore_nulls=True),
        why=pl.when(pl.col("state") == "cannot tell").then(reason_kinds(clocks["reason"])),
    )
    packed_clocks = _columns(clocks, _CLOCKS, words, check.as_at)
    packed_events = _columns(events, _EVENTS, words, check.as_at)
    words["event"] = [_event_words(event) for event in words["event"]]
    words["episode"] = [episode_words(episode) for episode in words["episode"]]
    return {
        "asAt": (check.as_at - date(1970, 1, 1)).days,
        "words": words,
        "doubts": CERTAINTY_MEANINGS,
        "sure": SURE,
        "rules": _rules(check, clocks),
        "clocks": packed_clocks,
        "events": packed_events,
        "quarantine": _quarantine(check, words),
    }


def _event_words(event: str) -> str:
    """The vocabulary's words for an event; its own name when it is not there."""
    return vocabulary().events.get(event) or event.replace("_", " ")


#: Column on the page: column of the frame, and how it is packed.
_CLOCKS = {
    "child": ("child_id", "code"), "ref": ("ref", "code"), "episode": ("episode_id", "code"),
    "state": ("state", "code"), "said": ("state_words", "code"), "team": ("team", "code"),
    "worker": ("worker", "code"), "why": ("why", "code"), "start": ("started_on", "date"),
    "due": ("due_on", "date"), "met": ("met_on", "date"), "used": ("working_days", "plain"),
    "rows": ("source_rows", "plain"), "reason": ("reason", "plain"),
    "again": ("off_the_list", "plain"),
}  # fmt: skip
_EVENTS = {
    "child": ("child_id", "code"), "episode": ("episode_id", "code"), "event": ("event", "code"),
    "date": ("date", "date"), "certainty": ("certainty", "code"), "source": ("source", "plain"),
    "note": ("note", "code"),
}  # fmt: skip
_QUARANTINE = {
    "level": ("level", "code"), "check": ("check", "code"), "list": ("source_list", "code"),
    "child": ("child_id", "plain"), "sheet": ("source_sheet", "code"), "row": ("source_row", "plain"),
    "column": ("column", "code"), "value": ("value", "plain"), "reason": ("reason", "code"),
    "todo": ("what_to_do", "code"), "team": ("team", "code"), "worker": ("worker", "code"),
}  # fmt: skip


def _words_of(*columns: pl.Series) -> list[Any]:
    """The distinct words of the columns, sorted, so that the order of codes is the order of words."""
    return list(pl.concat(list(columns)).drop_nulls().unique().sort().to_list())


def _columns(
    frame: pl.DataFrame,
    layout: Mapping[str, tuple[str, str]],
    words: dict[str, list[Any]],
    as_at: date,
) -> dict[str, list[Any]]:
    packed: dict[str, list[Any]] = {}
    for name, (column, how) in layout.items():
        series = frame[column]
        if how == "date":
            packed[name] = (pl.Series([as_at]) - series).dt.total_days().to_list()
        elif how == "plain":
            packed[name] = series.to_list()
        else:
            packed[name] = _codes(name, series, words)
    return packed


def _codes(name: str, series: pl.Series, words: dict[str, list[Any]]) -> list[Any]:
    """The place of each word in ``words[name]``; words not there yet are added."""
    known = words.setdefault(name, list(STATES) if name == "state" else [])
    have = set(known)
    known += [word for word in _words_of(series) if word not in have]
    places = {word: place for place, word in enumerate(known)}
    return list(series.replace_strict(places, default=None, return_dtype=pl.Int32).to_list())


def _quarantine(check: Check, words: dict[str, list[Any]]) -> dict[str, list[Any]]:
    frame = check.casebook.quarantine.head(QUARANTINE_SHOWN)
    value = pl.col("value")
    cut = pl.concat_str(value.str.head(VALUE_SHOWN), pl.lit(" …"))
    frame = frame.with_columns(
        pl.when(value.str.len_chars() > VALUE_SHOWN).then(cut).otherwise(value)
    )
    return _columns(frame, _QUARANTINE, words, check.as_at)


def _rules(check: Check, clocks: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """What the page says of each rule that ran, by its ``ref``."""
    covered = {row["rule"]: row for row in rule_counts(check, clocks).iter_rows(named=True)}
    ran = clocks.select("ref", "rule", "rule_name", "group", "kind", "status").unique(
        "ref", keep="first", maintain_order=True
    )
    said = {}
    for row in ran.sort("ref", nulls_last=True).iter_rows(named=True):
        rule, cover = check.rules.get(row["ref"] or ""), covered.get(row["rule"], {})
        said[row["ref"] or ""] = {
            "id": row["rule"],
            "name": row["rule_name"] or row["rule"],
            "group": row["group"],
            "marks": rule_marks(row["kind"], row["status"], assumed=bool(rule and rule.assumed)),
            "kind": row["kind"],
            "status": STATUS_MEANINGS.get(row["status"] or "", row["status"]),
            "tested": cover.get("tested"),
            "because": cover.get("because"),
            **(_rule_facts(rule) if rule else {}),
        }
    return said


def _rule_facts(rule: Rule) -> dict[str, str]:
    until = f" to {day(rule.in_force_to)}" if rule.in_force_to else ""
    since = f"from {day(rule.in_force_from)}" if rule.in_force_from else ""
    return {
        "edition": rule.edition,
        "within": within_words(rule),
        "source": rule.source,
        "applies": rule.applies_to,
        "force": f"{since}{until}".strip(),
        "note": rule.note,
    }
