"""How far two labellers agree: kappa is as in the literature, and the page is that of the labels."""

from __future__ import annotations

import csv
import importlib
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from upturn.published.themes import load_rules
from upturn.published.themes.model import KINDS, POLARITIES
from upturn.published.themes.sentences import fingerprint, one_line

ROOT = Path(__file__).resolve().parents[3]
BENCHMARKS = ROOT / "benchmarks"
REPORTS = ROOT.parent / "shared" / "data" / "reports"


@pytest.fixture(scope="module")
def labellers() -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("report_labellers")
    finally:
        sys.path.remove(str(BENCHMARKS))


def _two(cells: dict[str, int]) -> tuple[str, str]:
    """Two labellers' words, from how many sentences each pair of words has."""
    return tuple("".join(pair[at] * n for pair, n in cells.items()) for at in (0, 1))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("cells", "kappa", "because"),
    [
        (
            {"aa": 88, "ab": 14, "ac": 18, "ba": 10, "bb": 40, "bc": 10, "ca": 2, "cb": 6, "cc": 12},
            0.49,
            "the table in Cohen (1960): 0.70 agreed, 0.41 by chance",
        ),
        ({"yy": 20, "yn": 5, "ny": 10, "nn": 15}, 0.40, "0.70 agreed, 0.50 by chance"),
        ({"yy": 45, "yn": 15, "ny": 25, "nn": 15}, 0.13, "0.60 agreed, 0.54 by chance"),
        ({"yn": 10, "ny": 10}, -1.0, "none agreed, half by chance"),
    ],
)  # fmt: skip
def test_kappa_is_what_the_literature_has(
    labellers: Any, cells: dict[str, int], kappa: float, because: str
) -> None:
    assert labellers.kappa(*_two(cells)) == pytest.approx(kappa, abs=0.005), because


def test_kappa_is_not_a_number_where_nothing_could_differ(labellers: Any) -> None:
    assert math.isnan(labellers.kappa("aaaa", "aaaa"))


def test_a_sentence_that_only_the_second_labelled_is_refused(labellers: Any) -> None:
    second = labellers.read(labellers.SECOND)
    with pytest.raises(SystemExit, match="labelled by the second labeller only"):
        labellers.paired([], second)


def test_a_label_is_counted_by_who_gave_it(labellers: Any) -> None:
    def row(*themes: str) -> Any:
        place = ("report", "1", "0", "9")
        words = ("first", "others", False, "concern", "symptom")
        return labellers.Row(place, *words, frozenset(themes), frozenset())

    pairs = [(row("risk"), row("risk", "voice")), (row("risk"), row()), (row(), row("voice"))]
    assert labellers.counted(pairs, lambda r: r.themes, "risk") == (1, 1, 0)
    assert labellers.counted(pairs, lambda r: r.themes, "voice") == (0, 0, 2)
    assert labellers.f1(1, 1, 0) == "0.67"


def test_the_page_says_what_the_labels_say(labellers: Any) -> None:
    page = labellers.report(
        *map(labellers.read, (labellers.FIRST, labellers.SECOND, labellers.FOURTH))
    )
    kept = (BENCHMARKS / "results" / "report_labellers.md").read_text(encoding="utf-8")
    assert page.rstrip() == kept.rstrip()


@pytest.mark.parametrize("name", ["second", "fourth"])
def test_every_label_is_one_that_there_is(name: str) -> None:
    rules = load_rules()
    themes, factors = {t.id for t in rules.themes}, {f.id for f in rules.factors}
    rows = list(csv.DictReader((BENCHMARKS / f"report_themes_labels_{name}.csv").open()))
    assert len(rows) >= {"second": 100, "fourth": 300}[name]
    assert len({r["fingerprint"] for r in rows}) == len(rows)
    for r in rows:
        assert set(r["themes"].split()) <= themes
        assert set(r["causes"].split()) <= factors
        assert r["polarity"] in POLARITIES
        assert r["kind"] in KINDS
        assert (r["kind"] == "cause") == bool(r["causes"])


def test_the_fourth_part_has_no_sentence_labelled_before() -> None:
    files = ("report_themes_labels.csv", "report_themes_labels_fourth.csv")
    before, fourth = (
        {r["fingerprint"] for r in csv.DictReader((BENCHMARKS / f).open())} for f in files
    )
    assert not before & fourth


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not here")
def test_every_sentence_of_the_fourth_part_stands_where_the_labels_say() -> None:
    pdf = pytest.importorskip("pypdfium2")
    rows = list(csv.DictReader((BENCHMARKS / "report_themes_labels_fourth.csv").open()))
    for row in rows[::9]:
        page = pdf.PdfDocument(str(REPORTS / row["report"]))[int(row["page"]) - 1]
        text = page.get_textpage().get_text_range().replace("\r\n", "\n")
        there = one_line(text[int(row["start"]) : int(row["end"])])
        assert fingerprint(there) == row["fingerprint"]
