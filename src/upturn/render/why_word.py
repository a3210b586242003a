"""The report "Why" as a Word document, for a board's papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from upturn.causes.model import Why
from upturn.render.why_draw import evidence_drawing, outcome_drawing, shares_drawing
from upturn.render.why_draw_days import spiral_drawing, waiting_drawing
from upturn.render.why_view import why_view
from upturn.render.word_parts import PAGE, bullets, new_document, picture, save, small, table

SHARES = (
    "A full bar is a cause that can be named, a dashed one may be, a grey one cannot be told from chance. "
    "Lines are 90 % intervals."
)
ARROWS = (
    "Each arrow begins at a load (children open to each filled post) and ends where half the runs are a year "
    "later. Arrows back: the service recovers. Arrows on: it goes on getting worse."
)


def write_why_word(why: Why, path: Path) -> None:
    """Write the report to ``path``. The same answer gives the same bytes."""
    view = why_view(why)
    document = new_document("Why is it happening?", why.as_at)
    document.add_heading("Why is it happening?", 0)
    document.add_paragraph(f"{view['title']} · {why.after.label} against {view['against']}")
    document.add_paragraph().add_run(view["answer"]).bold = True
    if view["doubt"]:
        document.add_paragraph().add_run(view["doubt"]).bold = True
    document.add_paragraph().add_run(view["what_this_is"]).italic = True
    _table(document, ("", "Value", "From"), [[t["name"], t["big"], t["of"]] for t in view["tiles"]])
    bullets(document, view["sentences"])
    _months(document, why)
    _drivers(document, view)
    _days(document, view)
    if view["spiral"]:
        _spiral(document, view["spiral"])
    _rests_on(document, view)
    save(document, path)


def _months(document: Any, why: Why) -> None:
    drawing = outcome_drawing(why)
    if drawing is not None:
        document.add_heading("As recorded, month by month", 1)
        shaded = "the period is" if why.england else "the two periods are"
        picture(document, drawing, caption=f"{drawing.says}; {shaded} shaded.")


def _drivers(document: Any, view: dict[str, Any]) -> None:
    heads, england = view["heads"], view["why"].england
    document.add_heading(heads["drove"], 1)
    picture(document, shares_drawing(view["why"]), caption=SHARES)
    chance = () if england else (heads["chance"],)
    rows = [
        [c["name"], c["standing"], c["share"], c["interval"], *(() if england else (c["chance"],))]
        for c in (*view["causes"], *view["others"])
    ]
    _table(document, ("Driver", "Standing", "Share", "90 % interval", *chance), rows,
           widths=(3.6, 3.9, 2.6, 3.9) if england else (3.6, 3.9, 2.6, 3.9, 2.6))  # fmt: skip
    for c in view["causes"]:
        document.add_heading(f"{c['name']} ({c['standing']})", 2)
        document.add_paragraph(c["sentence"])
        first, then = heads["first"].capitalize(), heads["then"].capitalize()
        rows = [[m["words"], m["before"], m["after"], m["interval"], m["tag"]] for m in c["moved"]]
        _table(
            document,
            (heads["what"].split(",")[0], first, then, "90 % interval", heads["tag"]),
            rows,
        )
        if said := c["caution"] if england else c["beside"]:
            document.add_paragraph(said)
        for e in c["evidence"]:
            drawing = evidence_drawing(e)
            picture(document, drawing, caption=f"From the records: {e.words}, by month.")


def _days(document: Any, view: dict[str, Any]) -> None:
    if not view["waiting"]:
        return
    document.add_heading("Where the days went", 1)
    for group in view["waiting"]:
        document.add_heading(f"{group['of'].capitalize()}, in the {group['source']}", 2)
        picture(document, waiting_drawing(group["rows"], key=True))
        heads = ("Working days for each", *(w.period for w in group["rows"]))
        _table(document, heads, [[r["stage"], *r["days"]] for r in group["table"]])


def _spiral(document: Any, spiral: dict[str, Any]) -> None:
    document.add_heading("Does it recover by itself?", 1)
    for sentence in spiral["sentences"]:
        document.add_paragraph(sentence)
    picture(document, spiral_drawing(spiral["spiral"]), caption=ARROWS)
    _table(document, ("Push", "Size", "90 % interval", "Most that was tried"),
           [[t["kind"], t["size"], t["interval"], t["most"]] for t in spiral["tipping"]])  # fmt: skip
    bullets(document, [sign.words for sign in spiral["signs"]])


def _rests_on(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What it rests on", 1)
    bullets(document, [*view["how_named"], *view["notes"]])
    for name, value in view["facts"]:
        small(document, f"{name}: {value}")
    for row in view["untold"]:
        small(document, f"Not told, because {row['reason']}: {row['what']}.")


def _table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float] = ()
) -> None:
    """`table`; without ``widths`` every column but the first is 3.2 cm wide."""
    wide = widths or (PAGE - 3.2 * (len(heads) - 1), *([3.2] * (len(heads) - 1)))
    table(document, heads, [[str(value) for value in row] for row in rows], wide)
