"""How often are a sentence's themes, polarity and causes right? On sentences of reports, labelled by hand.

``python benchmarks/report_themes.py FOLDER`` writes ``benchmarks/results/report_themes.md``. FOLDER holds
the reports as PDF. The labels (``report_themes_labels.csv``, and ``report_themes_labels_fourth.csv`` by a
second labeller) say where each sentence stands and what it says; its words are not in the project, and are
checked against a hash. The weights are fitted anew for each sentence without the report that it stands in.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pypdfium2
import report_themes_lean as lean
from peers.theme_model import fit, predict, tf_idf
from peers.theme_scores import one_word, share, table, together

from upturn.published.themes import classify, load_rules
from upturn.published.themes.sentences import fingerprint, one_line

HERE = Path(__file__).parent
LABELS = [HERE / "report_themes_labels.csv", HERE / "report_themes_labels_fourth.csv"]
#: The reports are left out of the fit of the weights a sixth at a time.
FOLDS = 6
#: The parts, and what they were to the rules.
NAMES = {
    "first": "first part, used to write the rules",
    "second": "second part, used to mend them",
    "third": "third part, used to mend them again",
    "fourth": "**fourth part, another labeller, not seen**",
}
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
    for row in (row for file in LABELS for row in csv.DictReader(file.open(encoding="utf-8"))):
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


@dataclass(frozen=True)
class Said:
    """What the rules say of a sentence, and its polarity by the cues alone."""

    themes: frozenset[str]
    causes: frozenset[str]
    polarity: str
    kind: str
    by_cues: str


def read(sentences: Sequence[Labelled], folder: Path) -> list[Said]:
    """What the rules say of each sentence, with weights that were fitted without its report."""
    texts = lean.read(folder)
    reports = sorted({text.report for text in texts})
    found: dict[int, Said] = {}
    for fold in range(FOLDS):
        left_out = frozenset(reports[fold::FOLDS])
        these = [n for n, s in enumerate(sentences) if s.report in left_out]
        weights = lean.fit(texts, without=left_out)
        found |= zip(these, _said([sentences[n] for n in these], weights), strict=True)
    return [found[n] for n in range(len(sentences))]


def _said(those: Sequence[Labelled], weights: pl.DataFrame) -> list[Said]:
    texts = [s.text for s in those]
    rows = classify(texts, asked=[s.asked for s in those], weights=weights).to_dicts()
    return [
        Said(frozenset(r["themes"]), frozenset(r["causes"]), r["polarity"], r["kind"], cues)
        for r, cues in zip(rows, lean.by_words(texts), strict=True)
    ]


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


Pairs = Sequence[tuple[Labelled, Said]]


def line_of(name: str, pairs: Pairs) -> str:
    """One line of the table of parts: themes, causes, polarity and what is stated."""
    free = [(s, r) for s, r in pairs if not s.asked]
    cells = (
        together([s.themes for s, _ in pairs], [r.themes for _, r in pairs]),
        together([s.causes for s, _ in pairs], [r.causes for _, r in pairs]),
        share(sum(s.polarity == r.polarity for s, r in free), len(free)),
        share(sum(s.kind == r.kind for s, r in pairs), len(pairs)),
    )
    return f"| {name} | {' | '.join(cells)} |"


def report(sentences: Sequence[Labelled], folder: Path) -> str:
    """The page of results."""
    rules = load_rules()
    both = list(zip(sentences, read(sentences, folder), strict=True))
    parts = {p: [(s, r) for s, r in both if s.part == p] for p in NAMES}
    new = parts["fourth"]
    free = [(s, r) for s, r in new if not s.asked]
    known, those = [s for s, _ in both if s.part != "fourth"], [s for s, _ in new]
    tone = modelled(known, those, lambda s: frozenset([s.polarity]))
    return TEXT.format(
        n=len(sentences), known=len(known), version=rules.version,
        **{f"n_{p}": len(some) for p, some in parts.items()},
        reports=len({s.report for s in those}),
        themes=table([i.id for i in rules.themes], [s.themes for s in those], [r.themes for _, r in new]),
        causes=table([i.id for i in rules.factors], [s.causes for s in those], [r.causes for _, r in new]),
        polarity=one_word([s.polarity for s, _ in free], [r.polarity for _, r in free]),
        free=len(free), asked=len(new) - len(free),
        kind=one_word([s.kind for s in those], [r.kind for _, r in new]),
        rows="\n".join(line_of(name, parts[p]) for p, name in NAMES.items()),
        cues=share(sum(s.polarity == r.by_cues for s, r in free), len(free)),
        model=together([s.themes for s in those], modelled(known, those, lambda s: s.themes)),
        tone=share(
            sum(t == {s.polarity} for t, s in zip(tone, those, strict=True) if not s.asked), len(free)
        ),
    )  # fmt: skip


TEXT = """# Themes, polarity and causes of a report's sentences

{n} sentences of real inspection reports were labelled by hand. One person, who also wrote the rules, labelled
{known} of them in three parts, each scored once before the rules were mended by what it showed; all of these
are now what the rules were developed on. Another person, who had not seen the rules but for three themes,
labelled the fourth part of {n_fourth} sentences of {reports} reports. The rules were settled, and committed,
before that part was opened, and have not been mended since. Rules `{version}`. Intervals are 95 %
(Wilson), of sentences, taken as independent.

Sentences were drawn by a seed, in three strata: lists of what should be done, sentences with a word of
staffing, partners, money or leadership, and all others; in the fourth part also 144 with a word of negation,
contrast or change. Causes and turns are therefore commoner here than in a report, and the fourth part is
harder: polarity is right in 120 of those 144 (83%; with the earlier rules 112), and in 175 of the 192 others
(91%; 150 earlier; weights as shipped). Two labellers agree on the polarity of 77 of 83 sentences (93%), and
on the themes with an F1 of 84% (`report_labellers.md`). Many themes have few
sentences: read the intervals. The files of labels are the record of the draw: they say where each sentence
stands.

## All together

| | themes: precision, recall, F1 | causes: precision, recall, F1 | polarity right | what is stated, right |
| --- | --- | --- | --- | --- |
{rows}
| earlier rules, the same fourth part | 72%, 70%, 71% | 72%, 58%, 65% | 262 of 336 (78%) | 306 of 379 (81%) |
| earlier rules, third part, then unseen | 90%, 82%, 86% | 60%, 75%, 67% | 70 of 93 (75%) | 91 of 110 (83%) |
| first rules, second part, then not seen | 85%, 82%, 83% | | 86 of 118 (73%) | 112 of 145 (77%) |
| small model fitted on the first three parts, on the fourth | {model} | | {tone} | |

The small model is logistic regression on TF-IDF of words and pairs of words, of themes with at least four
sentences. It does worse than the rules, and is not in Upturn.

What is in Upturn is a logistic regression of another kind (`report_themes_lean.py`): which words and pairs of
words go with praise, learnt from what the cues say of sentences nobody labelled. It decides where no cue was
found, and between a cue of each kind. Every figure here is with weights fitted without the sentence's report.
By the cues alone the polarity of the fourth part is right in {cues}. The cues as they were before the third
part was seen were right in 70 of its 93; with such weights they would have been in 72.

While the rules were mended, about 950 sentences of these reports, of no part, were read beside what the rules
said. By chance 28 of them came to be in the fourth part. Without them its polarity is right in 278 of 316
(88%).

## Themes, on the fourth part

{themes}

## Causes named, on the fourth part

{causes}

## Polarity, on the fourth part

The {asked} sentences that stand in a list of what should be done are concerns by where they stand, and
are left out: {free} remain.

{polarity}

## What is stated, on the fourth part

{kind}
"""


def main() -> None:
    """Score, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    page = report(rebuild(folder), folder)
    (HERE / "results" / "report_themes.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
