"""The pictures of "Why": the same for the page and the Word document, each with its words."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from docx import Document
from PIL import Image
from why_toy import BEFORE

from upturn.causes.feedback import Crossing
from upturn.causes.model import Between, Waiting, Why
from upturn.causes.words import DRIVER_WORDS
from upturn.render.drawing import FILLS, Drawing, apart, svg, words_wide
from upturn.render.page import static
from upturn.render.why_draw import months_drawing, outcome_drawing, shares_drawing
from upturn.render.why_draw_days import STAGES, spiral_drawing, waiting_drawing
from upturn.render.why_word import write_why_word

SPLIT = tuple(
    Waiting(period, "assessments", "assessments ended", "twin", 700.0,
            (("waiting for allocation", days), ("the work itself", 20.0), ("waiting for sign-off", 0.1)))
    for period, days in (("before", 2.0), ("after", 11.0))
)  # fmt: skip


def words_of(drawing: Drawing) -> list[tuple[Any, ...]]:
    return [said for kind, said in drawing.shapes if kind == "text"]


def widths(drawing: Drawing) -> list[float]:
    areas: list[Any] = [said[0] for kind, said in drawing.shapes if kind == "area"]
    return [max(x for x, _ in points) - min(x for x, _ in points) for points in areas]


@pytest.fixture(scope="module")
def full(planted: Why) -> Why:
    """With days to split, and a service that settles near where it tips."""
    assert planted.spiral is not None
    before = np.linspace(12, 30, 41)
    map_ = pl.DataFrame({"before": before, "after": before + (before - 17) * (before - 24) / 10})
    marks = (Crossing(17.0, "settles"), Crossing(18.0, "tips"))
    pushed = replace(planted.spiral, load=12.0, map=map_, crossings=marks)
    return replace(planted, waiting=SPLIT, spiral=pushed)


@pytest.fixture(scope="module")
def document(full: Why, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file: Path = tmp_path_factory.mktemp("word") / "why.docx"
    write_why_word(full, file)
    return file


def test_the_word_document_has_the_charts_of_the_page_with_words_for_each(
    full: Why, document: Path
) -> None:
    shapes = Document(str(document)).inline_shapes
    said = [shape._inline.docPr.get("descr") for shape in shapes]
    assert full.spiral is not None
    drawn = [
        outcome_drawing(full),
        shares_drawing(full),
        waiting_drawing(SPLIT),
        spiral_drawing(full.spiral),
    ]
    assert [d.says for d in drawn if d is not None and d.says not in said] == []
    assert len(said) == len(drawn) + sum(len(c.evidence[:2]) for c in full.named)
    assert all(said)


def test_a_picture_is_as_wide_as_the_text_and_sharp_enough_to_print(document: Path) -> None:
    opened = Document(str(document))
    parts = [p for p in opened.part.package.iter_parts() if str(p.partname).endswith(".png")]
    assert parts
    for shape in opened.inline_shapes:
        assert 15 < shape.width.cm < 16.6
    for part in parts:
        image = Image.open(BytesIO(part.blob))
        assert image.width / (16.6 / 2.54) >= 200
        assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 3


def test_the_same_answer_gives_the_same_bytes(full: Why, document: Path, tmp_path: Path) -> None:
    write_why_word(full, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == document.read_bytes()


def test_what_no_days_and_no_months_tell_is_left_out_not_drawn_empty(
    planted: Why, tmp_path: Path
) -> None:
    bare = replace(planted, waiting=(), spiral=None, months=planted.months.clear(), causes=())
    write_why_word(bare, tmp_path / "bare.docx")
    said = [
        s._inline.docPr.get("descr") for s in Document(str(tmp_path / "bare.docx")).inline_shapes
    ]
    assert [words.split(":")[0] for words in said] == ["What each driver brought"]
    assert months_drawing(planted.months.clear(), "share", "") is None


def test_bars_are_as_long_as_the_shares_and_tell_how_sure(planted: Why) -> None:
    drawing = shares_drawing(planted)
    wide = widths(drawing)
    shares = [c.share.value for c in planted.named]
    assert wide[0] / wide[1] == pytest.approx(shares[0] / shares[1])
    fills = [said[1] for kind, said in drawing.shapes if kind == "area"]
    assert fills == ["own", "own", "faint", "white"]


def test_bars_add_up_and_leave_no_large_share_out(planted: Why) -> None:
    none = "not distinguishable from chance"
    many = tuple(
        replace(c, standing=none, share=Between(v, v - 0.01, v + 0.01))
        for c, v in zip(planted.causes, [0.05, 0.01, -0.2, 0.02, *[0.003] * 8], strict=True)
    )
    drawing = shares_drawing(replace(planted, causes=many, england=True))
    said = [words[2] for words in words_of(drawing)]
    names, values = said[::2], [float(v.split()[0]) / 100 for v in said[1::2]]
    assert names[0] == DRIVER_WORDS[many[2].driver], "the largest, though it pulls the other way"
    assert names[-1] == "7 other drivers together"
    assert sum(values) == pytest.approx(sum(c.share.value for c in many))


def test_the_last_value_is_written_clear_of_a_line_that_falls_to_it(planted: Why) -> None:
    falling = planted.months.with_columns(value=pl.Series(np.linspace(0.9, 0.3, 12)))
    drawing = months_drawing(falling, "share", "")
    assert drawing is not None
    (last,) = [(x, y) for x, y, said, *_ in words_of(drawing) if said == "30 %"]
    assert last[1] > 150 - 120 * 0.3 / (0.9 * 1.15), "below its point"


def test_each_period_is_shaded_and_the_ends_are_written_out(planted: Why) -> None:
    drawing = outcome_drawing(planted)
    assert drawing is not None
    fills = [said[1] for kind, said in drawing.shapes if kind == "area"]
    assert fills == ["before", "after"]
    said = [words[2] for words in words_of(drawing)]
    assert {"before", "after", BEFORE.start.strftime("%b %y")} <= set(said)


def test_days_are_split_to_scale_and_slivers_are_not_written_on() -> None:
    drawing = waiting_drawing(SPLIT, key=True)
    wide = widths(drawing)
    assert wide[3 + 4] / wide[3 + 1] == pytest.approx(1, abs=0.01)  # the work itself, both periods
    said = [words[2] for words in words_of(drawing)]
    assert said[:3] == ["waiting for allocation", "the work itself", "waiting for sign-off"]
    assert "0.10" not in said
    assert all(0 < words[1] < drawing.height for words in words_of(drawing))


def test_the_key_of_the_page_has_the_fills_of_the_picture() -> None:
    style = static("why.css", "templates")
    for name in STAGES:
        assert f".{name} {{ fill: {FILLS[name]}; }}" in style


def test_no_words_of_the_spiral_touch_or_leave_the_picture(full: Why) -> None:
    assert full.spiral is not None
    drawing = spiral_drawing(full.spiral)
    assert drawing is not None
    boxes = []
    for x, y, words, _, size, *_ in words_of(drawing):
        half = words_wide(words, size) / 2
        assert half - 1 <= x <= drawing.width - half + 1
        boxes.append((x - half, x + half, y))
    for n, (left, right, y) in enumerate(boxes):
        for other_left, other_right, other_y in boxes[:n]:
            assert abs(y - other_y) >= 13 or right <= other_left or other_right <= left


def test_a_load_that_goes_on_off_the_scale_is_not_drawn_as_coming_back(full: Why) -> None:
    assert full.spiral is not None
    on = full.spiral.map.with_columns(after=pl.col("before") + 5)
    drawing = spiral_drawing(replace(full.spiral, map=on))
    assert drawing is not None
    assert {said[3] for kind, said in drawing.shapes if kind == "dot"} == {"mark"}


@pytest.mark.parametrize(
    ("places", "expect", "because"),
    [
        ([10.0, 40.0], [10.0, 40.0], "far enough apart they stay"),
        ([20.0, 20.0], [35.0, 20.0], "alike they are parted"),
        ([55.0, 58.0], [45.0, 60.0], "there is no room below"),
        ([], [], "there is nothing to part"),
    ],
)
def test_labels_are_moved_apart(places: list[float], expect: list[float], because: str) -> None:
    assert apart(places, 15, low=0, high=60) == expect, because


def test_a_drawing_says_in_svg_what_it_shows(planted: Why) -> None:
    page = str(svg(shares_drawing(planted), "why-shares"))
    assert page.startswith('<svg class="why-shares"')
    assert 'aria-label="What each driver brought: demand +' in page
