"""The state of the field as a Word document, its drawings as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Cm, Pt

from upturn.render.drawing import png
from upturn.render.word_parts import keep_whole, set_styles

_WIDE = Cm(16.2)
LEGEND = (
    "Blue: newly judged inadequate. Brown: judged to require improvement. "
    "Green: judged good or outstanding."
)


def write_word(view: dict[str, Any], path: Path) -> None:
    """Write the report of ``view`` (`field.field_view`) to ``path``."""
    document = Document()
    set_styles(document, footer=f"{view['title']}, up to {view['as_at']}")
    document.core_properties.title = view["title"]
    document.core_properties.author = "Upturn"
    document.add_heading(view["title"], 0)
    document.add_paragraph(
        "What published figures and inspection judgements of England's authorities show, up to "
        f"{view['as_at']}. Every sentence with a number, like [F1], can be followed in national_trace.csv to "
        "the lines of the published files. Nothing here says why, and nothing predicts a judgement."
    )
    document.add_heading("In short", 1)
    _facts(document, view["short"])
    document.add_paragraph(f"These are descriptions. {view['not_identified'][0]}")
    for part in (_judgements, _after, _time, _recovery, _reports, _limits):
        part(document, view)
    document.save(str(path))


def _facts(document: Any, facts: Sequence[Any]) -> None:
    for fact in facts:
        document.add_paragraph(f"{fact.words} [{fact.id}]", style="List Bullet")


def _picture(document: Any, view: dict[str, Any], name: str) -> None:
    drawing = view["drawings"].get(name)
    if drawing is None:
        return
    document.add_picture(BytesIO(png(drawing)), width=_WIDE)
    inline = document.inline_shapes[-1]._inline
    inline.docPr.set("descr", drawing.says)


def _judgements(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("Judgements", 1)
    _facts(document, view["facts"]["judgements"])
    _picture(document, view, "by_year")
    _table(document, ["Year", *view["grades"]], view["by_year"])
    document.add_heading("England over the years", 1)
    _facts(document, view["facts"]["england"])


def _after(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What happened after a judgement", 1)
    document.add_paragraph(
        "Each change is from the last census before publication, net of the median authority of England in "
        "the same years. Lines are 95 % intervals. " + LEGEND
    )
    for id_, name in view["drawn"]:
        document.add_heading(name, 2)
        _picture(document, view, id_)
    document.add_heading("The figures", 2)
    _facts(document, view["facts"]["after"])
    for measure, rows in view["ways"].items():
        document.add_heading(
            f"How far it depends on how it is reckoned: {view['names'][measure]}", 2
        )
        _table(document, ["Way of reckoning", "Behind it", "First census after"], rows)


def _time(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("How long inadequate lasts", 1)
    _facts(document, view["facts"]["time"])
    _picture(document, view, "curve")
    _table(document, ["After", "Still inadequate", "95 % interval", "Still watched"], view["curve"])


def _recovery(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("Getting out", 1)
    document.add_paragraph(
        "A figure has moved when it is better than at its worst census around the judgement by more than "
        "twice its typical change from year to year, and stays so. The same rule is put to those who had not "
        "got out and to those judged to require improvement, because anybody far from the middle tends to "
        "come back."
    )
    heads = ["Figure", "Got out in four years", "Had not", "Require improvement"]
    _table(document, heads, view["moved"])
    document.add_heading("Every recovery", 2)
    heads = ["Authority", "From", "Until", "Months", "Judged then", "What moved first"]
    _table(document, heads, view["recovered"])


def _reports(document: Any, view: dict[str, Any]) -> None:
    if view["facts"]["reports"]:
        document.add_heading("What reports ask for", 1)
        _facts(document, view["facts"]["reports"])
        document.add_paragraph(view["told_by_rules"])


def _limits(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What is not shown", 1)
    for words in view["not_identified"]:
        document.add_paragraph(words, style="List Bullet")
    document.add_heading("Where it comes from", 1)
    heads = ["File", "Version (SHA-256)", "Published", "Rows in", "Accepted", "Quarantined"]
    _table(document, heads, view["files"])
    document.add_paragraph(
        "Department for Education and Ofsted figures are Crown copyright, used under the Open Government "
        "Licence v3.0."
    )


def _printable(value: str) -> str:
    """Text that a document can hold: a published file may hold anything."""
    return "".join(c for c in value if c.isprintable())


def _widths(rows: Sequence[Sequence[str]]) -> list[Cm]:
    """Widths that share the page by how long the texts of each column are, within limits."""
    longest = [min(max(max(map(len, column)), 12), 40) for column in zip(*rows, strict=True)]
    return [Cm(_WIDE.cm * one / sum(longest)) for one in longest]


def _table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose headings come again on each page and whose rows are not cut in two."""
    if not rows:
        return
    table = document.add_table(rows=1, cols=len(heads))
    table.style, table.autofit = "Light List Accent 1", False
    widths = _widths([heads, *rows])
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for n, values in enumerate((heads, *rows)):
        line = table.rows[0] if n == 0 else table.add_row()
        keep_whole(line, again=n == 0)
        for cell, value, width in zip(line.cells, values, widths, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(_printable(value)).font.size = Pt(8.5)
    document.add_paragraph()
