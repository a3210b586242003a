"""How often are a sentence's themes, polarity and causes right? On sentences of reports, labelled by hand.

``python benchmarks/report_themes.py FOLDER`` writes ``benchmarks/results/report_themes.md``. FOLDER holds
the reports as PDF. The labels (``report_themes_labels.csv``) say where each sentence stands and what it says;
its words are not in the project, and are checked against a hash.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from peers.theme_model import fit, predict, tf_idf

from upturn.measures.statistics.intervals import wilson
from upturn.published.themes import classify, load_rules
from upturn.published.themes.sentences import fingerprint, one_line

HERE = Path(__file__).parent
LABELS = HERE / "report_themes_labels.csv"
#: A model of a theme needs as many sentences as this to learn from.
LEAST = 4


@dataclass(frozen=True)
class Labelled:
    """One sentence with its labels. ``asked``: it stands in the list of what should be done."""

    text: str
    report: str
    part: str
    asked: bool
    themes: frozenset[str]
    causes: frozenset[str]
    polarity: str
    kind: str


def rebuild(folder: Path) -> list[Labelled]:
    """The labelled sentences, their words taken from the reports. Raises SystemExit when one does not fit."""
    pages: dict[tuple[str, int], str] = {}
    found = []
    for row in csv.DictReader(LABELS.open(encoding="utf-8")):
        place = (row["report"], int(row["page"]))
        if place not in pages:
            page = pypdfium2.PdfDocument(str(folder / place[0]))[place[1] - 1]
            pages[place] = page.get_textpage().get_text_range().replace("\r\n", "\n")
        text = one_line(pages[place][int(row["start"]) : int(row["end"])])
        if fingerprint(text) != row["fingerprint"]:
            raise SystemExit(f"{place}: the sentence there is not the one that was labelled")
        found.append(
            Labelled(
                text, row["report"], row["part"], row["asked"] == "yes",
                frozenset(row["themes"].split()), frozenset(row["causes"].split()),
                row["polarity"], row["kind"],
            )
        )  # fmt: skip
    return found


Truth = Sequence[bool]


def score(truth: Truth, got: Truth) -> tuple[int, int, int]:
    """Right, wrongly said, missed."""
    pairs = list(zip(truth, got, strict=True))
    return sum(t and g for t, g in pairs), sum(g and not t for t, g in pairs), sum(
        t and not g for t, g in pairs
    )  # fmt: skip


def share(n: int, of: int) -> str:
    """n of N with its 95 % Wilson interval."""
    if not of:
        return "none"
    low, high = wilson(n, of)
    return f"{n} of {of} ({n / of:.0%}; {low:.0%} to {high:.0%})"


def line(name: str, truth: Truth, got: Truth) -> str:
    right, wrong, missed = score(truth, got)
    return f"| {name} | {share(right, right + wrong)} | {share(right, right + missed)} |"


def table(
    ids: Sequence[str], truth: Sequence[frozenset[str]], got: Sequence[frozenset[str]]
) -> str:
    """One line for each id, and one for all together."""
    head = "| | precision | recall |\n| --- | --- | --- |\n"
    lines = [line(f"`{i}`", [i in t for t in truth], [i in g for g in got]) for i in ids]
    every = [(i in t, i in g) for t, g in zip(truth, got, strict=True) for i in ids]
    lines.append(line("**all**", [t for t, _ in every], [g for _, g in every]))
    return head + "\n".join(lines)


def modelled(
    learn: Sequence[Labelled], read: Sequence[Labelled], names: Callable[[Labelled], frozenset[str]]
) -> list[frozenset[str]]:
    """What a model fitted on ``learn`` says of ``read``."""
    ids = sorted({i for s in learn for i in names(s)})
    ids = [i for i in ids if sum(i in names(s) for s in learn) >= LEAST]
    x, z = tf_idf([s.text for s in learn], [s.text for s in read])
    y = np.array([[float(i in names(s)) for i in ids] for s in learn])
    p = predict(z, fit(x, y))
    return [frozenset(i for i, q in zip(ids, row, strict=True) if q > 0.5) for row in p]


def together(truth: Sequence[frozenset[str]], got: Sequence[frozenset[str]]) -> str:
    """Precision, recall and their harmonic mean over all ids."""
    ids = sorted({i for some in (*truth, *got) for i in some})
    parts = [score([i in t for t in truth], [i in g for g in got]) for i in ids]
    right, wrong, missed = (sum(p[n] for p in parts) for n in range(3))
    f = 2 * right / max(1, 2 * right + wrong + missed)
    return f"{right / max(1, right + wrong):.0%} | {right / max(1, right + missed):.0%} | {f:.0%}"


def one_word(labels: Sequence[str], got: Sequence[str]) -> str:
    """How many are right, and a table of what was taken for what."""
    words = sorted({*labels, *got})
    right = sum(a == b for a, b in zip(labels, got, strict=True))
    head = "| labelled | " + " | ".join(words) + " |\n|" + " --- |" * (len(words) + 1) + "\n"
    rows = [
        f"| {a} | "
        + " | ".join(str(sum(x == a and y == b for x, y in zip(labels, got, strict=True))) for b in words)
        + " |"
        for a in words
    ]  # fmt: skip
    return (
        f"Right: {share(right, len(labels))}. Rows as labelled, columns as the rules say:\n\n"
        + (head + "\n".join(rows))
    )


def heldout(those: Sequence[Labelled]) -> tuple[str, ...]:
    """Precision, recall and F1 of the themes, and the polarity and kinds that are right, of one part."""
    said = classify([s.text for s in those], asked=[s.asked for s in those]).to_dicts()
    free = [(s, r) for s, r in zip(those, said, strict=True) if not s.asked]
    return (
        together([s.themes for s in those], [frozenset(r["themes"]) for r in said]),
        share(sum(s.polarity == r["polarity"] for s, r in free), len(free)),
        share(sum(s.kind == r["kind"] for s, r in zip(those, said, strict=True)), len(those)),
    )


def report(sentences: Sequence[Labelled]) -> str:
    """The page of results."""
    rules = load_rules()
    parts = {p: [s for s in sentences if s.part == p] for p in ("first", "second", "third")}
    known, those = parts["first"] + parts["second"], parts["third"]
    said = classify([s.text for s in those], asked=[s.asked for s in those]).to_dicts()
    free = [(s, r) for s, r in zip(those, said, strict=True) if not s.asked]
    model = modelled(known, those, lambda s: s.themes)
    tone = modelled(known, those, lambda s: frozenset([s.polarity]))
    return TEXT.format(
        n=len(sentences), version=rules.version,
        **{f"n_{p}": len(some) for p, some in parts.items()},
        **{f"reports_{p}": len({s.report for s in some}) for p, some in parts.items()},
        themes=table(
            [t.id for t in rules.themes], [s.themes for s in those],
            [frozenset(r["themes"]) for r in said],
        ),
        causes=table(
            [f.id for f in rules.factors], [s.causes for s in those],
            [frozenset(r["causes"]) for r in said],
        ),
        polarity=one_word([s.polarity for s, _ in free], [r["polarity"] for _, r in free]),
        free=len(free), asked=len(those) - len(free),
        kind=one_word([s.kind for s in those], [r["kind"] for r in said]),
        rows="\n".join(
            f"| {name} | {' | '.join(heldout(some))} |"
            for name, some in (
                ("first part, used to write the rules", parts["first"]),
                ("second part, used to mend them", parts["second"]),
                ("**third part, not seen**", those),
            )
        ),
        model=together([s.themes for s in those], model),
        tone=share(
            sum(t == {s.polarity} for t, s in zip(tone, those, strict=True) if not s.asked), len(free)
        ),
    )  # fmt: skip


TEXT = """# Themes, polarity and causes of a report's sentences

{n} sentences of real inspection reports were labelled by hand, in three parts: {n_first} of
{reports_first} reports while the rules were written; {n_second} of {reports_second} other reports,
labelled and scored once when the rules were first settled; and {n_third} more sentences of those
{reports_third} reports, drawn, labelled and scored once after the rules had been mended by what the
second part showed. The tables below are of the third part, in which no sentence had been seen before.
One word ("late") was added afterwards, when a test of a made-up sentence failed; no figure changed.
Rules `{version}`. Intervals are 95 % (Wilson), of sentences, taken as independent.

Sentences were drawn by a seed, the same number from each report as far as possible, in three strata:
lists of what should be done, sentences with a word of staffing, partners, money or leadership, and all
others. Causes are therefore commoner here than in a report. One person labelled; that person also wrote
the rules, so a second labeller would be a harder test. Many themes have few sentences: read the
intervals. The file of labels is the record of the draw: it says where each sentence stands.

## All themes together

| | precision | recall | F1 | polarity right | what is stated, right |
| --- | --- | --- | --- | --- | --- |
{rows}
| first rules, second part, then not seen | 85% | 82% | 83% | 86 of 118 (73%) | 112 of 145 (77%) |
| small model fitted on the first two parts, on the third | {model} | {tone} | |

The small model is logistic regression on TF-IDF of words and pairs of words, of themes with at least four
sentences. It does worse, so there is no model in Upturn: rules only.

## Themes, on sentences not seen

{themes}

## Causes named, on sentences not seen

{causes}

## Polarity, on sentences not seen

The {asked} sentences that stand in a list of what should be done are concerns by where they stand, and
are left out: {free} remain.

{polarity}

## What is stated, on sentences not seen

{kind}
"""


def main() -> None:
    """Score, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    page = report(rebuild(parser.parse_args().folder))
    (HERE / "results" / "report_themes.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
