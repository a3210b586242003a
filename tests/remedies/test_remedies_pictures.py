"""The pictures of advice: the same for the page and the Word document, and no words that touch."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from advice_toy import toy_advice
from docx import Document
from PIL import Image, ImageFont

from upturn.remedies.advice import Advice
from upturn.remedies.costs import Costs
from upturn.render.drawing import Drawing, png, words_wide
from upturn.render.remedies_draw import frontier_drawing, paths_drawing
from upturn.render.remedies_word import write_remedies_word


@pytest.fixture(scope="module")
def told(costs: Costs) -> Advice:
    return toy_advice(costs)


def frontier(told: Advice, *points: tuple[float, float]) -> Advice:
    one = told.nothing
    made = [replace(one, set_aside=c, overdue=replace(one.overdue, mean=d)) for c, d in points]
    return replace(told, frontier=tuple(made))


def boxes(drawing: Drawing) -> list[tuple[float, float, float, str]]:
    """Left, right, foot and words of everything written in a drawing."""
    found = []
    for kind, said in drawing.shapes:
        if kind == "text":
            x, y, words, anchor, size = (v for v in said[:5])
            wide = words_wide(str(words), int(size))  # type: ignore[call-overload]
            left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[str(anchor)]  # type: ignore[arg-type]
            found.append((left, left + wide, float(y), str(words)))  # type: ignore[arg-type]
    return found


def touching(drawing: Drawing) -> list[tuple[str, str]]:
    placed = boxes(drawing)
    return [
        (words, other)
        for n, (left, right, y, words) in enumerate(placed)
        for other_left, other_right, other_y, other in placed[:n]
        if abs(y - other_y) < 12 and left < other_right and other_left < right
    ]


@pytest.mark.parametrize(
    ("best", "nothing", "target", "because"),
    [
        (0.9, 0.9, 0.9, "all three end in one place"),
        (0.91, 0.89, 0.9, "they end close together"),
        (1.0, 0.99, 1.0, "they end close together at the top"),
        (0.02, 0.0, 0.0, "they end close together at the foot"),
        (0.95, 0.4, 0.9, "they end far apart"),
    ],
)
def test_words_at_the_ends_of_lines_never_touch(
    told: Advice, best: float, nothing: float, target: float, because: str
) -> None:
    middle = {told.best.name: best, told.nothing.name: nothing}
    wide = told.paths.with_columns(
        middle=pl.col("option").replace_strict(middle, default=0.5),
        low=pl.lit(0.0), high=pl.lit(1.0),
    )  # fmt: skip
    drawing = paths_drawing(replace(told, paths=wide, goal=replace(told.goal, target=target)))
    assert drawing is not None
    assert touching(drawing) == [], because
    said = {words for *_, words in boxes(drawing)}
    assert {"advised mix", "doing nothing", f"goal {100 * target:.0f} %"} <= said
    assert all(left >= -1 and right <= drawing.width for left, right, *_ in boxes(drawing))


@pytest.mark.parametrize(
    ("points", "numbers"),
    [
        (((0, 31_000), (400_000, 20_000), (900_000, 9000)), {"1", "2", "3"}),
        (((0, 31_000), (7500, 30_900), (9000, 30_800), (900_000, 9000)), {"1-3", "4"}),
        (tuple((c * 1000, 30_000 - c) for c in range(12)), {"12"}),
    ],
)
def test_every_point_of_the_frontier_has_its_number_and_none_touch(
    told: Advice, points: tuple[tuple[float, float], ...], numbers: set[str]
) -> None:
    drawing = frontier_drawing(frontier(told, *points))
    assert drawing is not None
    assert touching(drawing) == []
    said = {words for *_, words in boxes(drawing)}
    assert numbers <= said
    ends = [w.split("-") for w in said if w.replace("-", "").isdigit()]
    told_of = {n for one in ends for n in range(int(one[0]), int(one[-1]) + 1)}
    assert told_of == set(range(1, len(points) + 1))


def test_numbers_of_the_frontier_stand_clear_of_its_line(told: Advice) -> None:
    drawing = frontier_drawing(frontier(told, (0, 31_000), (400_000, 20_000), (900_000, 9000)))
    assert drawing is not None
    steps: Any = next(said[0] for kind, said in drawing.shapes if kind == "line")
    for left, right, foot, words in boxes(drawing):
        if words.isdigit():
            assert not [1 for x, y in steps if left <= x <= right and foot - 10 <= y <= foot]


def test_a_frontier_of_one_mix_is_not_drawn(told: Advice) -> None:
    assert frontier_drawing(frontier(told, (0, 10))) is None
    assert paths_drawing(replace(told, paths=told.paths.clear())) is None


def test_the_word_document_has_both_pictures_with_their_words(told: Advice, tmp_path: Path) -> None:
    two = frontier(told, (0, 31_000), (400_000, 20_000))
    write_remedies_word(two, tmp_path / "one.docx")
    write_remedies_word(two, tmp_path / "two.docx")
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    document = Document(str(tmp_path / "one.docx"))
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert [words.split(".")[0] for words in said][1:] == ["Cost against children's days overdue"]
    assert "£400,000: 20,000 days overdue" in said[1]
    cells = [cell.text for table in document.tables for cell in table.columns[1].cells]
    assert not [text for text in cells if text.startswith("'")]


def test_a_pound_is_drawn_though_the_face_has_none() -> None:
    """A face draws a box for what it lacks."""
    box = ImageFont.load_default(size=40).getmask("\uffff").getbbox()
    drawn = []
    for words in ("£", "\uffff"):
        drawing = Drawing(60, 60, "")
        drawing.text(10, 45, words, size=40)
        drawn.append(np.asarray(Image.open(BytesIO(png(drawing))).convert("L")))
    assert box is not None
    assert 100 < (drawn[0] < 128).sum() < 0.5 * 120 * 120
    assert (drawn[0] != drawn[1]).mean() > 0.01


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("2024–25", "2024-25"),
        ("council’s", "council's"),
        ("3 × an hour", "3 x an hour"),
        ("so on …", "so on ..."),
    ],
)
def test_what_else_the_face_lacks_is_drawn_in_plain_letters(words: str, plain: str) -> None:
    made = []
    for said in (words, plain):
        drawing = Drawing(200, 30, "")
        drawing.text(100, 20, said, anchor="middle")
        made.append(png(drawing))
    assert made[0] == made[1]
