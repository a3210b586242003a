"""The page of coverage: for each source, which clock, measure and question can be tested, in part, or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from docs_pages.markdown import table
from upturn.findings.load import load_catalogue
from upturn.measures.load import catalogue
from upturn.rulebooks import load_rulebooks, rules_of
from upturn.rulebooks.model import SHORT_NAMES, SOURCES, Coverage

SAYS = {"full": "in full", "part": "in part", "none": "no"}
#: Every source by itself, and every combination of them.
TOGETHER = tuple("+".join(some) for n in (1, 2, 3) for some in combinations(SOURCES, n))

Line = tuple[str, str, dict[str, Coverage]]


def page() -> str:
    """How much each source and each combination of sources can test, then line by line with the reason."""
    kinds = {"Clocks": clocks(), "Measures": measures(), "Questions an inspector asks": questions()}
    shares = [
        [name, *(counted(lines, source) for source in TOGETHER)] for name, lines in kinds.items()
    ]
    parts = [
        "# What each source can test",
        "*In full*: everything it needs is there. *In part*: some of it is, and the rest is neither "
        "passed nor failed. *No*: nothing of it can be told. Several sources together test as much as "
        "the best of them; what only another holds of a child is then *cannot tell* for that child. "
        "How sources are put together: [several sources](../how-to/several-sources.md).",
        "## How many",
        table(["", *(named(source) for source in TOGETHER)], shares),
        "Each cell: in full / in part / no.",
    ]
    for name, lines in kinds.items():
        parts += [f"## {name}", table(["", *(SHORT_NAMES[s] for s in SOURCES)], map(row, lines))]
        parts += ["### Why not in full", table(["", "source", "", "because"], reasons(lines))]
    return "\n\n".join(parts)


def clocks() -> list[Line]:
    """Every rule in its latest edition."""
    latest = {rule.id: rule for rule in rules_of(load_rulebooks())}
    return [
        (rule.name, rule.group, {s: rule.covered_by(s) for s in TOGETHER})
        for rule in latest.values()
    ]


def measures() -> list[Line]:
    """Every measure of the catalogue."""
    return [(m.name, m.group, {s: m.covered_by(s) for s in TOGETHER}) for m in catalogue()]


def questions() -> list[Line]:
    """Every question of the catalogue."""
    return [(q.title, q.theme, {s: q.covered_by(s) for s in TOGETHER}) for q in load_catalogue()]


def named(source: str) -> str:
    return " + ".join(SHORT_NAMES[kind] for kind in source.split("+"))


def counted(lines: Iterable[Line], source: str) -> str:
    found = Counter(covers[source].tested for _, _, covers in lines)
    return " / ".join(str(found[how]) for how in SAYS)


def row(line: Line) -> list[str]:
    name, _, covers = line
    return [name, *(SAYS[covers[source].tested] for source in SOURCES)]


def reasons(lines: Iterable[Line]) -> list[list[str]]:
    return [
        [name, SHORT_NAMES[source], SAYS[covers[source].tested], covers[source].because]
        for name, _, covers in lines
        for source in SOURCES
        if covers[source].tested != "full"
    ]
