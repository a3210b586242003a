"""Workbooks written part by part, for cells that no library for writing workbooks would write."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from upturn.records.sheets import Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
#: Cell formats: 0 general, 1 a date.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
    "</cellXfs></styleSheet>"
)
ODS_NAMES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def worksheet(rows: str, after: str = "", *, prolog: str = "") -> str:
    """A worksheet part with the given rows; ``after`` follows the cells (merged ranges)."""
    return f'{prolog}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx_parts(
    sheets: Sequence[str], *, strings: str = "", book: str = "", after_sheets: str = ""
) -> dict[str, str]:
    """The parts of a workbook: sheets named S1, S2 …, ``strings`` the content of the shared strings."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">{book}'
        f"<sheets>{listed}</sheets>{after_sheets}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + "</Relationships>",
        "xl/styles.xml": STYLES,
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return parts | {f"xl/worksheets/sheet{n}.xml": sheets[n - 1] for n in numbers}


def shared_strings(texts: Sequence[str], *, stated: int | None = None) -> str:
    count = len(texts) if stated is None else stated
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    return f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>'


def write_zip(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_xlsx(
    path: Path,
    *rows: str,
    after: str = "",
    strings: str = "",
    book: str = "",
    after_sheets: str = "",
) -> Path:
    """A workbook with one sheet for each text of rows."""
    sheets = [worksheet(each, after) for each in rows]
    return write_zip(
        path, xlsx_parts(sheets, strings=strings, book=book, after_sheets=after_sheets)
    )


def write_ods(path: Path, body: str, *, styles: str = "", manifest: str = "") -> Path:
    """A spreadsheet whose body holds the given tables."""
    content = (
        f"<office:document-content {ODS_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    listed = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}">{manifest}'
        "</manifest:file-entry></manifest:manifest>"
    )
    return write_zip(
        path, {"mimetype": ODS_TYPE, "META-INF/manifest.xml": listed, "content.xml": content}
    )


def by_reference(sheet: Sheet) -> dict[str, str]:
    """The filled cells of a sheet by the reference a spreadsheet shows: ``{"B4": "text"}``."""
    return {
        f"{column}{sheet.first_row + i}": text
        for column in sheet.cells.columns
        for i, text in enumerate(sheet.cells[column])
        if text is not None
    }
