"""Fit the weights of ``upturn.published.themes.lean``: which words go with praise and which with concern.

``python benchmarks/report_themes_lean.py FOLDER`` writes ``src/upturn/published/themes/lean.csv``. FOLDER
holds reports as PDF. No label made by hand is used: a sentence's target is what the cues of ``rules.yaml``
say of it, drawn a fifth of the way to a number for the grade of the part in which it stands; where the cues
say nothing, that number alone, with a small weight. A word has to stand in several reports to count, so that
no place or person does.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize
from scipy.sparse import csr_array

from upturn.published.report.read import read_report
from upturn.published.themes.classify import by_words, plain
from upturn.published.themes.lean import BEGIN, WEIGHTS, grams
from upturn.published.themes.sentences import sentences

#: How much of praise a part with this grade is taken to hold, and a part without one.
GRADES = {"outstanding": 0.9, "good": 0.75, "requires improvement": 0.4, "inadequate": 0.1}
UNKNOWN = 0.5
#: What the cues say as a target and its weight.
SAID = {"strength": (1.0, 1.0), "concern": (0.0, 1.0), "mixed": (0.3, 0.5)}
SILENT = 0.3
FROM_GRADE = 0.2
RIDGE = 10.0
#: A word or pair counts from this many reports and times; a smaller weight than the least is left out.
REPORTS, TIMES, LEAST = 8, 10, 0.04
#: A shorter sentence is a heading or a scrap.
WORDS = 4
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Unlabelled:
    """A sentence as it stands in a report, with the grade of its part."""

    text: str
    report: str
    grade: str | None


def read(folder: Path) -> list[Unlabelled]:
    """Every sentence of the reports' own account."""
    found = []
    for file in sorted(folder.glob("*.pdf")):
        report = read_report(file, statements=False)
        grades = {j.area: j.grade for j in report.judgements}
        for paragraph in report.paragraphs:
            grade = grades.get(paragraph.area or "")
            found += [
                Unlabelled(s.text, file.name, grade)
                for s in sentences(paragraph.text)
                if len(s.text.split()) >= WORDS
            ]
    return found


def targets(those: Sequence[Unlabelled]) -> tuple[Vector, Vector]:
    """How far each sentence is praise, 0 to 1, and how much that counts."""
    goal, weight = [], []
    for sentence, said in zip(those, by_words([s.text for s in those]), strict=True):
        grade = GRADES.get(sentence.grade or "", UNKNOWN)
        told, counts = SAID.get(said, (grade, SILENT))
        goal.append((1 - FROM_GRADE) * told + FROM_GRADE * grade)
        weight.append(counts)
    return np.array(goal), np.array(weight)


def fit(those: Sequence[Unlabelled], *, without: Collection[str] = ()) -> pl.DataFrame:
    """The weights, fitted on every report that is not in ``without``."""
    those = [s for s in those if s.report not in without]
    frame = grams(plain(pl.Series([s.text for s in those])))
    reports = pl.Series([s.report for s in those])
    known = (
        frame.with_columns(report=reports.gather(frame["row"]))
        .group_by("gram")
        .agg(n=pl.len(), reports=pl.col("report").n_unique())
        .filter((pl.col("n") >= TIMES) & (pl.col("reports") >= REPORTS))
        .select(pl.col("gram").sort())
        .with_row_index("column")
    )
    held = frame.join(known, on="gram", maintain_order="left")
    where = (held["row"].to_numpy(), held["column"].to_numpy())
    x = csr_array((np.ones(len(held)), where), shape=(len(those), len(known)))
    weights = known.select("gram", weight=pl.Series(_descend(x, *targets(those), _begin(known))))
    return weights.filter(
        (pl.col("weight").abs() >= LEAST) | (pl.col("gram") == BEGIN)
    ).with_columns(pl.col("weight").round(2))


def _begin(known: pl.DataFrame) -> int:
    return int(known.filter(pl.col("gram") == BEGIN)["column"][0])


def _descend(x: csr_array, goal: Vector, counts: Vector, free: int) -> Vector:
    """Logistic regression with a ridge on every weight but the constant's, the column ``free``."""
    ridge = np.full(x.shape[1], RIDGE)
    ridge[free] = 0.0
    across = x.T.tocsr()

    def loss(w: Vector) -> tuple[float, Vector]:
        z = x @ w
        slope = across @ (counts * (1 / (1 + np.exp(-z)) - goal)) + ridge * w
        return float(counts @ (np.logaddexp(0, z) - goal * z) + ridge @ w**2 / 2), slope

    start = np.zeros(x.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x)


def main() -> None:
    """Fit, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    fit(read(parser.parse_args().folder)).write_csv(WEIGHTS)


if __name__ == "__main__":
    main()
