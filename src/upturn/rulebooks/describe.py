"""One rule in words, as Markdown: for the generated pages and for ``upturn rules show``."""

from __future__ import annotations

from datetime import date

from upturn.rulebooks.model import SOURCES, Rule
from upturn.rulebooks.vocabulary import vocabulary

SOURCE_NAMES = {
    "annex_a": "Annex A",
    "cin_census": "Children in need census",
    "ssd": "Standard Safeguarding Dataset",
}
_STATUS = {
    "verified": "verified: read in a primary source",
    "secondary": "secondary: read in a secondary source only",
    "unverified": "unverified: no source for it has been read",
    "draft": "draft: not in force yet",
}
_WHICH = {"each": "", "first": " (the first, when there are several)",
          "last": " (the last, when there are several)"}  # fmt: skip


def describe_rule(rule: Rule) -> str:
    """A rule as Markdown: what starts and stops it, the limit, its dates, source, status,
    coverage.

    >>> from upturn.rulebooks import load_rulebooks, rules_of
    >>> rules = {r.ref: r for r in rules_of(load_rulebooks())}
    >>> text = describe_rule(rules["working-together-2018/assessment-45-from-referral"])
    >>> "| limit | 45 working days |" in text
    True
    """
    rows = [(what, _cell(words)) for what, words in _facts(rule) if words]
    lines = [
        f"# {rule.name}",
        "",
        f"`{rule.ref}`",
        "",
        "| | |",
        "| --- | --- |",
        *(f"| {what} | {words} |" for what, words in rows),
        "",
        "| source of data | can it be tested? | why not in full |",
        "| --- | --- | --- |",
        *(_coverage_row(rule, source) for source in SOURCES),
        "",
    ]
    return "\n".join(lines)


def _facts(rule: Rule) -> list[tuple[str, str]]:
    assumed = ", assumed until the council says otherwise" if rule.assumed else ""
    return [
        ("kind", rule.kind + assumed),
        ("pattern", _pattern(rule)),
        ("runs in", vocabulary().episodes[rule.episode]),
        ("starts with", vocabulary().says(rule.starts) + _WHICH[rule.which]),
        ("stops with", _events(rule.stops)),
        ("limit", str(rule.within) if rule.within else "none"),
        ("does not apply if", _events(rule.voided_by)),
        ("ends with", _events(rule.ended_by)),
        ("fails with", _events(rule.failed_by)),
        ("applies to", rule.applies_to),
        ("only in", ", ".join(rule.councils)),
        ("not in", ", ".join(rule.not_councils)),
        ("in force", _period(rule.in_force_from, rule.in_force_to)),
        ("suspended", "; ".join(_period(a, b) for a, b in rule.suspended)),
        ("source", rule.source),
        ("status", _STATUS[rule.status]),
        ("note", rule.note),
    ]


def _pattern(rule: Rule) -> str:
    return {
        "deadline": "deadline: the first stop, within the limit of the start",
        "interval": "interval: each stop within the limit of the start or of the stop before it",
        "check": "check: done or not done, with no time limit",
        "precedence": "order: a stop is looked for before the start",
    }[rule.pattern]


def _events(events: tuple[str, ...]) -> str:
    return ", or ".join(vocabulary().says(e) for e in events)


def _period(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{_day(start)} to {_day(end)}"
    if start:
        return f"from {_day(start)}"
    return f"to {_day(end)}" if end else "at all times"


def _day(d: date) -> str:
    return f"{d.day} {d:%B %Y}"


def _coverage_row(rule: Rule, source: str) -> str:
    cover = rule.covered_by(source)
    tested = {"full": "in full", "part": "in part", "none": "no"}[cover.tested]
    return f"| {SOURCE_NAMES[source]} | {tested} | {_cell(cover.because)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
