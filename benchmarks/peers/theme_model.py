"""A small local model of a sentence's themes, to hold the rules against: logistic regression on word counts.

TF-IDF of words and pairs of words, ridge penalty, gradient descent in numpy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def grams(text: str) -> list[str]:
    """The words of a text and their pairs."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def tf_idf(learn: Sequence[str], read: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Both sets as unit rows of TF-IDF, over the grams that occur in two or more texts of ``learn``."""
    held = Counter(g for text in learn for g in set(grams(text)))
    known = {g: i for i, g in enumerate(sorted(g for g, n in held.items() if n > 1))}
    idf = np.array([np.log((1 + len(learn)) / (1 + held[g])) + 1 for g in known])

    def rows(texts: Sequence[str]) -> Matrix:
        made = np.zeros((len(texts), len(known)))
        for row, text in enumerate(texts):
            for gram, n in Counter(grams(text)).items():
                if gram in known:
                    made[row, known[gram]] = 1 + np.log(n)
        made *= idf
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)

    return rows(learn), rows(read)


def fit(x: Matrix, y: Matrix, *, ridge: float = 0.01, steps: int = 1500) -> Matrix:
    """Weights (grams and a constant, by outputs) of one logistic regression for each column of ``y``.

    Rare themes are weighed up so that both answers count the same, which at this size is what makes a
    model of few positives say anything at all.
    """
    x1 = np.hstack([x, np.ones((len(x), 1))])
    share = np.clip(y.mean(axis=0), 0.01, 0.99)
    weight = np.where(y > 0, 0.5 / share, 0.5 / (1 - share))
    w = np.zeros((x1.shape[1], y.shape[1]))
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x1 @ w))
        slope = x1.T @ (weight * (p - y)) / len(x) + ridge * w
        w -= 2.0 * slope
    return w


def predict(x: Matrix, w: Matrix) -> Matrix:
    """The probability of each output for each row."""
    return np.asarray(1 / (1 + np.exp(-(np.hstack([x, np.ones((len(x), 1))]) @ w))))
