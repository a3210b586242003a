"""What every Word document here is made of: its style, its tables and its small print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from upturn.render.drawing import Drawing, png

BLUE = RGBColor(0x12, 0x43, 0x6D)
#: Width of the text of an A4 page with the usual margins, in cm.
PAGE = 16.6


def new_document(
    title: str, as_at: date, *, footer: str = "", size: float = 11, margin: float = 2.2
) -> Any:
    """An empty A4 document in our style; ``as_at`` is when it says it was made, so that it can be made again.

    ``size`` is in points, ``margin`` in centimetres.
    """
    document = Document()
    set_styles(document, footer=footer, size=size, margin=margin)
    document.core_properties.created = datetime.combine(as_at, time())
    document.core_properties.title = title
    document.core_properties.author = "Upturn"
    return document


def set_styles(document: Any, *, footer: str = "", size: float = 11, margin: float = 2.2) -> None:
    """Arial, our blue, A4, and ``footer`` at the foot of each page."""
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(size)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        document.styles[name].font.name = "Arial"
        fonts = document.styles[name].element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        document.styles[name].font.color.rgb = BLUE
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(margin)
    if footer:
        section.footer.paragraphs[0].text = footer


def table(
    document: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = 9,
    style: str = "Light List Accent 1",
) -> None:
    """A table whose headings come again on each page and whose rows are not cut in two; none without rows.

    ``widths`` are of the columns, in centimetres; ``size`` is of the letters, in points.
    """
    if not rows:
        return
    made = document.add_table(rows=1, cols=len(heads))
    made.style, made.autofit = style, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)  # some programs go by the columns, others by the cells
    for n, values in enumerate((heads, *rows)):
        line = made.rows[0] if n == 0 else made.add_row()
        keep_whole(line, again=n == 0)
        for cell, value, width in zip(line.cells, values, widths, strict=True):
            cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(value)
            run.font.size = Pt(size)
            if n == 0:
                run.bold = True
    document.add_paragraph()


def keep_whole(line: Any, *, again: bool) -> None:
    """A row that is not cut in two by a page; ``again`` repeats it at the top of each."""
    properties = line._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if again:
        properties.append(OxmlElement("w:tblHeader"))


def small(document: Any, text: str, *, size: float = 9.5) -> None:
    """A paragraph in small print."""
    document.add_paragraph().add_run(text).font.size = Pt(size)


def bullets(document: Any, lines: Sequence[str]) -> None:
    """The lines as a list."""
    for line in lines:
        document.add_paragraph(line, style="List Bullet")


def picture(document: Any, drawing: Drawing | None, *, caption: str = "") -> None:
    """A drawing as wide as the text, at over 200 dots an inch, with its words for who cannot see it.

    Nothing where there is no drawing. ``caption`` stands below it, on the same page.
    """
    if drawing is None:
        return
    paragraph = document.add_paragraph()
    inline = paragraph.add_run().add_picture(BytesIO(png(drawing)), width=Cm(PAGE - 0.2))._inline
    inline.docPr.set("descr", drawing.says)
    # It stays with its caption, or with the table of its figures.
    paragraph.paragraph_format.keep_with_next = True
    if caption:
        small(document, caption, size=9)


def save(document: Any, path: Path) -> None:
    """The document as a file: the same document gives the same bytes, whatever the hour."""
    made = BytesIO()
    document.save(made)
    with ZipFile(made) as parts, ZipFile(path, "w") as out:
        for name in parts.namelist():
            part = ZipInfo(name)  # dated 1980, as a name by itself is
            part.compress_type = ZIP_DEFLATED
            out.writestr(part, parts.read(name))
