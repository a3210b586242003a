"""How alike pieces of text are: TF-IDF and the cosine between them, in numpy.

Words are weighted by how rare they are among all the pieces compared (inverse document frequency, smoothed
as ln((1 + n) / (1 + df)) + 1) times the square root of how often they stand in the piece.
Spärck Jones, "A statistical interpretation of term specificity", Journal of Documentation 28 (1972);
Salton and Buckley, "Term-weighting approaches", Information Processing & Management 24 (1988).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import scipy.sparse as sparse

_TOKEN = re.compile(r"[a-z][a-z'-]+")
#: Words that every report is full of and that tell no two sentences apart.
STOP = frozenset(
    "the a an and or of to in for on at by with from that this these those their them they it its is "
    "are be been being was were as so not all any have has had will which who whom when where while "
    "there than then ensure ensures ensuring improve improving improved children child's children's "
    "child young people person local authority services service including include more into about "
    "how what also can should so such both needs need further quality".split()
)
_ENDINGS = (
    "ations",
    "ation",
    "ingly",
    "ments",
    "ment",
    "ings",
    "ing",
    "edly",
    "ed",
    "ies",
    "es",
    "ly",
    "s",
)


def cosine(some: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """How alike each of ``some`` is to each of ``others``: an array of shape (some, others), 0 to 1.

    >>> cosine(["Supervision is poor."], ["Poor supervision.", "Plans are late."]).round(2).tolist()
    [[1.0, 0.0]]
    """
    if not some or not others:
        return np.zeros((len(some), len(others)))
    counted = [Counter(terms(text)) for text in (*some, *others)]
    columns: dict[str, int] = {}
    for terms_of in counted:
        for term in terms_of:
            columns.setdefault(term, len(columns))
    weighted = _weighted(counted, columns)
    return np.asarray((weighted[: len(some)] @ weighted[len(some) :].T).toarray())


def _weighted(counted: Sequence[Counter[str]], columns: dict[str, int]) -> sparse.csr_array:
    """The pieces as rows of unit length."""
    rows = np.repeat(np.arange(len(counted)), [len(terms_of) for terms_of in counted])
    places = np.array([columns[t] for terms_of in counted for t in terms_of], dtype=np.int64)
    times = np.array([n for terms_of in counted for n in terms_of.values()], dtype=np.float64)
    frequency = np.bincount(places, minlength=len(columns))
    rarity = np.log((1 + len(counted)) / (1 + frequency)) + 1
    weights = np.sqrt(times) * rarity[places]
    lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(counted)))
    lengths[lengths == 0] = 1
    return sparse.csr_array(
        (weights / lengths[rows], (rows, places)), shape=(len(counted), max(len(columns), 1))
    )


def terms(text: str) -> list[str]:
    """The stems of the words of ``text`` that tell.

    >>> terms("Ensure that assessments are timely")
    ['asses', 'time']
    """
    return [
        _stem(word) for word in _TOKEN.findall(text.lower().replace("’", "'")) if word not in STOP
    ]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The word without its ending: enough to bring planning, plans and planned together."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            stem = word[: -len(ending)]
            return stem[:-1] if len(stem) > 4 and stem[-1] == stem[-2] else stem
    return word
