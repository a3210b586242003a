"""A page for each rule, and the page that lists them, written from the rulebooks."""

from __future__ import annotations

from itertools import groupby

import upturn
from docs_pages.markdown import table
from upturn.rulebooks import Rule, Rulebook, describe_rule, load_rulebooks


def pages() -> dict[str, str]:
    """``rules/index.md`` and ``rules/ID.md`` for every rule id, as Markdown."""
    every = upturn.rules.list(edition="all")
    books = {book.id: book for book in load_rulebooks([])}
    by_id: dict[str, list[Rule]] = {}
    for rule in every:
        by_id.setdefault(rule.id, []).insert(0, rule)  # newest first
    return {
        "rules/index.md": _index(by_id, books),
        **{f"rules/{id_}.md": _page(rules, books) for id_, rules in by_id.items()},
    }


def _index(by_id: dict[str, list[Rule]], books: dict[str, Rulebook]) -> str:
    parts = [
        "# Rules",
        "Each rule has a page. *Status* says how sure we are of it: `verified` was read in the law or the "
        "guidance itself, `secondary` in somebody's account of it, `unverified` in neither. A rule is "
        "tested by a source in full, in part or not at all; what is not tested is never counted as met.",
    ]
    newest = [rules[0] for rules in by_id.values()]
    for group, rules in groupby(newest, key=lambda rule: rule.group):
        rows = [
            (f"[{rule.name}]({rule.id}.md)", rule.within or "", rule.kind, rule.status,
             rule.covered_by("annex_a").tested)
            for rule in rules
        ]  # fmt: skip
        heads = ["rule", "within", "kind", "status", "tested by Annex A"]
        parts += [f"## {group}", table(heads, rows)]
    parts += ["## Rulebooks", _books(books)]
    return "\n\n".join(parts)


def _books(books: dict[str, Rulebook]) -> str:
    rows = [
        (f"`{book.id}`", book.title, book.in_force_from or "", book.in_force_to or "", book.status,
         f"`{book.version}`", len(book.rules))
        for book in books.values()
    ]  # fmt: skip
    return table(["id", "title", "in force from", "to", "status", "version", "rules"], rows)


def _page(rules: list[Rule], books: dict[str, Rulebook]) -> str:
    parts = [f"# {rules[0].name}", f"Rule `{rules[0].id}`."]
    for rule in rules:
        title = books[rule.edition].title if rule.edition in books else rule.edition
        parts += [f"## {title}", _demoted(describe_rule(rule))]
    return "\n\n".join(parts)


def _demoted(markdown: str) -> str:
    """The description without its own title, its headings one level below the edition's."""
    lines = markdown.strip().splitlines()
    if lines and lines[0].startswith("# "):
        lines = lines[1:]
    return "\n".join(f"#{line}" if line.startswith("##") else line for line in lines).strip()
