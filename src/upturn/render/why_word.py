"""The report "Why" as a Word document, for a board's papers."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from upturn.causes.model import Why
from upturn.render.why_view import why_view

_BLUE = RGBColor(0x12, 0x43, 0x6D)
_PAGE = 16.6  # width of the text, cm


def write_why_word(why: Why, path: Path) -> None:
    """Write the report to ``path``. The same answer gives the same text."""
    view = why_view(why)
    document = Document()
    _styles(document)
    document.core_properties.created = datetime.combine(why.as_at, time())
    document.core_properties.title = "Why is it happening?"
    document.core_properties.author = "Upturn"
    document.add_heading("Why is it happening?", 0)
    document.add_paragraph(f"{view['title']} · {why.after.label} against {view['against']}")
    document.add_paragraph().add_run(view["answer"]).bold = True
    document.add_paragraph().add_run(view["what_this_is"]).italic = True
    _table(document, ("", "Value", "From"), [[t["name"], t["big"], t["of"]] for t in view["tiles"]])
    for sentence in view["sentences"]:
        document.add_paragraph(sentence, style="List Bullet")
    _drivers(document, view)
    _days(document, view)
    if view["spiral"]:
        _spiral(document, view["spiral"])
    _rests_on(document, view)
    document.save(str(path))


def _drivers(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What drove it", 1)
    rows = [
        [c["name"], c["standing"], c["share"], c["interval"], c["chance"]]
        for c in (*view["causes"], *view["others"])
    ]
    heads = ("Driver", "Standing", "Share", "90 % interval", "Probability it changed")
    _table(document, heads, rows, widths=(3.6, 3.9, 2.6, 3.9, 2.6))
    for c in view["causes"]:
        document.add_heading(f"{c['name']} ({c['standing']})", 2)
        document.add_paragraph(c["sentence"])
        document.add_paragraph(c["beside"])
        rows = [[m["words"], m["before"], m["after"], m["interval"], m["tag"]] for m in c["moved"]]
        heads = ("What changed", "Before", "After", "90 % interval", "Value before is")
        _table(document, heads, rows)


def _days(document: Any, view: dict[str, Any]) -> None:
    if not view["waiting"]:
        return
    document.add_heading("Where the days went", 1)
    for group in view["waiting"]:
        document.add_heading(f"{group['of'].capitalize()}, in the {group['source']}", 2)
        heads = ("Working days for each", *(w.period for w in group["rows"]))
        _table(document, heads, [[r["stage"], *r["days"]] for r in group["table"]])


def _spiral(document: Any, spiral: dict[str, Any]) -> None:
    document.add_heading("Does it recover by itself?", 1)
    for sentence in spiral["sentences"]:
        document.add_paragraph(sentence)
    _table(document, ("Push", "Size", "90 % interval", "Most that was tried"),
           [[t["kind"], t["size"], t["interval"], t["most"]] for t in spiral["tipping"]])  # fmt: skip
    for sign in spiral["signs"]:
        document.add_paragraph(sign.words, style="List Bullet")


def _rests_on(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What it rests on", 1)
    for sentence in (*view["how_named"], *view["notes"]):
        document.add_paragraph(sentence, style="List Bullet")
    for name, value in view["facts"]:
        _small(document, f"{name}: {value}")
    for row in view["untold"]:
        _small(document, f"Not told, because {row['reason']}: {row['what']}.")


def _styles(document: Any) -> None:
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    for name in ("Title", "Heading 1", "Heading 2"):
        document.styles[name].font.name = "Arial"
        fonts = document.styles[name].element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        document.styles[name].font.color.rgb = _BLUE
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)


def _small(document: Any, text: str) -> None:
    document.add_paragraph().add_run(text).font.size = Pt(9.5)


def _table(
    document: Any, heads: tuple[str, ...], rows: list[list[str]], widths: tuple[float, ...] = ()
) -> None:
    """A table whose headings come again on each page and whose rows are not cut in two."""
    if not rows:
        return
    wide = widths or (_PAGE - 3.2 * (len(heads) - 1), *([3.2] * (len(heads) - 1)))
    table = document.add_table(rows=1, cols=len(heads))
    table.style, table.autofit = "Light List Accent 1", False
    for n, values in enumerate([list(heads), *rows]):
        line = table.rows[0] if n == 0 else table.add_row()
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if n == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, value, width in zip(line.cells, values, wide, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].add_run(str(value)).font.size = Pt(9)
    document.add_paragraph()
