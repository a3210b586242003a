"""How far do two people agree on what a report's sentences say? Two labellers, the same sentences.

``python benchmarks/report_labellers.py`` writes ``benchmarks/results/report_labellers.md`` from the two
files of labels beside it. No report is needed: the labels alone are compared.

Kappa is Cohen's: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20 (1960), 37-46. Its interval is by resampling the reports that the sentences come from.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FIRST = HERE / "report_themes_labels.csv"
SECOND = HERE / "report_themes_labels_second.csv"
FOURTH = HERE / "report_themes_labels_fourth.csv"
#: Times the reports are drawn again for an interval, and the seed they are drawn by.
TIMES, SEED = 2000, 20261122
#: Fewer sentences than this with a label, from either labeller, and its kappa says next to nothing.
FEW = 5


@dataclass(frozen=True)
class Row:
    """One sentence as one labeller has it. ``place``: report, page, start, end; ``drawn``: its stratum."""

    place: tuple[str, str, str, str]
    part: str
    drawn: str
    asked: bool
    polarity: str
    kind: str
    themes: frozenset[str]
    causes: frozenset[str]


Pair = tuple[Row, Row]


def read(path: Path) -> list[Row]:
    """The labels of one file, in its order."""
    with path.open(encoding="utf-8") as lines:
        return [
            Row(
                (r["report"], r["page"], r["start"], r["end"]), r["part"], r["drawn_from"],
                r["asked"] == "yes", r["polarity"], r["kind"],
                frozenset(r["themes"].split()), frozenset(r["causes"].split()),
            )
            for r in csv.DictReader(lines)
        ]  # fmt: skip


def paired(first: Sequence[Row], second: Sequence[Row]) -> list[Pair]:
    """Each sentence that the second labeller took, with the first labels before it.

    Raises SystemExit when the first labels have not one of them.
    """
    known = {row.place: row for row in first}
    strange = [row.place for row in second if row.place not in known]
    if strange:
        raise SystemExit(f"{strange[0]}: labelled by the second labeller only")
    return [(known[row.place], row) for row in second]


def kappa(one: Sequence[object], other: Sequence[object]) -> float:
    """Agreement beyond chance: 1 is all, 0 is what chance gives. NaN when both use one same label throughout.

    >>> round(kappa("aab", "aab"), 2), round(kappa("aabb", "abab"), 2)
    (1.0, 0.0)
    """
    n = len(one)
    same = sum(a == b for a, b in zip(one, other, strict=True)) / n
    mine, theirs = Counter(one), Counter(other)
    chance = sum(mine[label] * theirs[label] for label in mine) / n**2
    return (same - chance) / (1 - chance) if chance < 1 else math.nan


def interval(pairs: Sequence[Pair], of: Callable[[Row], object]) -> tuple[float, float]:
    """95 % interval of a kappa: reports are drawn again, each with all of its sentences."""
    by_report: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_report.setdefault(pair[0].place[0], []).append(pair)
    groups, rng = list(by_report.values()), np.random.default_rng(SEED)
    found = []
    for _ in range(TIMES):
        drawn = [p for g in rng.integers(len(groups), size=len(groups)) for p in groups[g]]
        found.append(kappa([of(a) for a, _ in drawn], [of(b) for _, b in drawn]))
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)


def one_word(name: str, pairs: Sequence[Pair], of: Callable[[Row], object]) -> str:
    """A line of the table of what has one label for a sentence: agreement, and kappa with its interval."""
    same = sum(of(a) == of(b) for a, b in pairs)
    k = kappa([of(a) for a, _ in pairs], [of(b) for _, b in pairs])
    low, high = interval(pairs, of)
    n = len(pairs)
    return f"| {name} | {same} of {n} ({same / n:.0%}) | {k:.2f} ({low:.2f} to {high:.2f}) |"


def crossed(pairs: Sequence[Pair], of: Callable[[Row], str]) -> str:
    """What one labeller called it, by what the other did."""
    cells = Counter((of(a), of(b)) for a, b in pairs)
    words = sorted({word for cell in cells for word in cell})
    lines = [
        "| first, down; second, across | " + " | ".join(words) + " |",
        "| --- |" + " --: |" * len(words),
        *(f"| {a} | " + " | ".join(str(cells[a, b]) for b in words) + " |" for a in words),
    ]
    return "\n".join(lines)


def counted(
    pairs: Sequence[Pair], of: Callable[[Row], frozenset[str]], label: str
) -> tuple[int, ...]:
    """Sentences that both gave ``label``, that the first alone did, and that the second alone did."""
    here = [(label in of(a), label in of(b)) for a, b in pairs]
    return tuple(here.count(cell) for cell in ((True, True), (True, False), (False, True)))


def f1(both: int, one: int, other: int) -> str:
    """Twice what both gave, of all that either gave: the same whoever is taken for right."""
    return f"{2 * both / (2 * both + one + other):.2f}"


def many(pairs: Sequence[Pair], of: Callable[[Row], frozenset[str]]) -> str:
    """One line for each label of which a sentence may have several, and one for all together."""
    labels = sorted({label for pair in pairs for row in pair for label in of(row)})
    cells = {label: counted(pairs, of, label) for label in labels}
    lines = ["| | both | first alone | second alone | F1 | kappa |", "| --- |" + " --: |" * 5]
    for label, cell in cells.items():
        k = kappa([label in of(a) for a, _ in pairs], [label in of(b) for _, b in pairs])
        said = f"{k:.2f}" if sum(cell) >= FEW else "too few"
        lines.append(f"| `{label}` | {' | '.join(map(str, cell))} | {f1(*cell)} | {said} |")
    every = [sum(cell[n] for cell in cells.values()) for n in range(3)]
    lines.append(f"| **all** | {' | '.join(map(str, every))} | {f1(*every)} | |")
    return "\n".join(lines)


def fourth(rows: Sequence[Row], seen: Sequence[Row]) -> str:
    """What a further part holds: how many of each polarity, by what is stated."""
    cells = Counter((row.polarity, row.kind) for row in rows)
    kinds = sorted({kind for _, kind in cells})
    lines = [
        "| | " + " | ".join(kinds) + " | all |",
        "| --- |" + " --: |" * (len(kinds) + 1),
    ]
    for polarity in sorted({polarity for polarity, _ in cells}):
        line = [cells[polarity, kind] for kind in kinds]
        lines.append(f"| {polarity} | {' | '.join(map(str, [*line, sum(line)]))} |")
    reports = len({row.place[0] for row in rows})
    again = len({row.place for row in rows} & {row.place for row in seen})
    return FOURTH_TEXT.format(
        n=len(rows), reports=reports, again=again or "none", table="\n".join(lines),
        **Counter(row.drawn for row in rows),
    )  # fmt: skip


def report(first: Sequence[Row], second: Sequence[Row], further: Sequence[Row]) -> str:
    """The page of results."""
    pairs = paired(first, second)
    free = [pair for pair in pairs if not pair[0].asked]
    parts = Counter(a.part for a, _ in pairs)
    return TEXT.format(
        n=len(pairs), reports=len({a.place[0] for a, _ in pairs}), free=len(free),
        parts=", ".join(f"{parts[part]} of the {part}" for part in sorted(parts)),
        lines="\n".join(
            one_word(name, some, of)
            for name, some, of in (
                ("polarity, all", pairs, lambda row: row.polarity),
                ("polarity, not asked for", free, lambda row: row.polarity),
                ("what is stated, all", pairs, lambda row: row.kind),
                ("what is stated, not asked for", free, lambda row: row.kind),
            )
        ),
        polarity=crossed(free, lambda row: row.polarity), kind=crossed(free, lambda row: row.kind),
        whole=sum(a.themes == b.themes for a, b in pairs),
        themes=many(pairs, lambda row: row.themes), causes=many(pairs, lambda row: row.causes),
        fourth=fourth(further, first),
    )  # fmt: skip


TEXT = """# Two labellers of a report's sentences

A second labeller took {n} of the sentences that the rules for themes, polarity and causes are scored on
({parts}; {reports} reports), without seeing the first labels. How far two labellers agree is about as far
as any rules can be held to agree with one of them. The second had the names and titles of the themes, what
the glossary says, and the sentence with its paragraph; no guide to labelling had been written. By an
oversight the second labeller had seen the words of the first three themes in the rules, and nothing of the
others. The first labels stand as they were. Both labellers worked on this project, with the same notes of
the field: two inspectors might agree less, and no inspector has labelled any.

Kappa is Cohen's: agreement beyond what chance would give. Intervals are 95 %, by drawing the reports again.

| | the same | kappa |
| --- | --: | --: |
{lines}

Things asked for are concerns by where they stand, so they are easy; {free} sentences are left without them.

## Polarity, of what is not asked for

{polarity}

## What is stated, of what is not asked for

{kind}

## Themes

{whole} of {n} sentences have the very same set of themes from both. F1 is the same whoever is taken for
right. No kappa is given where fewer than five sentences have the label.

{themes}

## Causes named

{causes}

## Where two labellers part

On looking again at the 36 sentences whose themes differ, the second labeller would give way in 17, keep to
the second labels in 9, take both in 2, and calls 8 open. Of the differences in polarity (6) and in what is
stated (7) the second would give way in 1, keep to its own in 10, and calls 2 open. The hardest:

- **A strength in spite of something.** "Despite few staff, little effect on children": a strength, or both?
  So too "leaders rightly know that more is to be done". The second labeller calls them mixed.
- **What is done, or what is there.** An arrangement that has long stood is no remedy; one that was
  made to put something right is. A sentence seldom says which.
- **A theme of the sentence, or of its paragraph.** "The data are not consistent" stands in a chapter on the
  safeguarding board. The first labels go by the sentence; that is what rules can see, and is now the guide.
- **Risk, and leaders who know their service.** The widest themes agree least. A pathway plan is now
  *planning* as well as *care leavers*; life-story work is *permanence* and *identity*.

## The guide to labelling, as it now is

- A theme is what the sentence itself tells of. Its paragraph says only what *this* or *they* are.
- *Mixed* is for a sentence with a judgement each way. "Improved, but not all" is mixed; "not all are good" is
  a concern; "action is taken, but it is too early to see what it does" is mixed.
- A sentence that only describes is *neither*; so is what a body plans, unless it is to put something right.
- A *cause* is one of the eight factors, named as amiss in the sentence itself. *This* is not a name.
- A *remedy* is something done to put things right, named in the sentence. What is asked for repeats a
  symptom or a cause.

{fourth}
"""

FOURTH_TEXT = """## A fourth part, not used for the rules

The second labeller drew and labelled {n} more sentences of {reports} reports, by two seeds, kept apart in a
file of its own: of things asked for ({actions}), of staffing, partners, money or leadership ({factors}), with
a word of negation, contrast or change ({turns}), and others ({others}). Of the sentences labelled before,
{again} are among them. The first 235 were labelled before the two sets of labels were first compared, and 23
of them then changed to fit the guide above; the rest by the guide. No rule was run on any. They are of the
reports that the first three parts are of: a report that nobody had opened would be a harder test.

{table}
"""


def main() -> None:
    """Compare, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers", action="store_true", help="taken as elsewhere; none are compared"
    )
    parser.parse_args()
    page = report(read(FIRST), read(SECOND), read(FOURTH))
    (HERE / "results" / "report_labellers.md").write_text(page.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
