"""Made-up inspection reports as lines of text, and a small writer of PDF to put them in.

The authorities named are ones that no longer exist, so that nobody is told anything about a real council.
"""

from __future__ import annotations

from collections.abc import Sequence

ILACS_TABLE = (
    "Judgement Grade",
    "The impact of leaders on social work",
    "practice with children and families",
    "Good",
    "The experiences and progress of",
    "children who need help and protection",
    "Requires improvement to be good",
    "The experiences and progress of",
    "children in care",
    "Good",
    "The experiences and progress of care",
    "leavers",
    "Outstanding",
    "Overall effectiveness Good",
)
ILACS_HEAD = (
    "Inspection of Cumbria local authority children’s services",
    "6 to 10 February 2023 {page}",
)


def ilacs(
    *,
    title: Sequence[str] = ("Inspection of Cumbria local authority", "children’s services"),
    dates: str = "Inspection dates: 6 to 10 February 2023",
    table: Sequence[str] = ILACS_TABLE,
    help_grade: str = "requires improvement to be good",
    bullet: str = "•",
) -> list[list[str]]:
    """A report of the present framework, a list of lines for each page."""
    front = [*title, dates, "Lead inspector: Ann Example, His Majesty’s Inspector", *table]
    front += [
        "Children in Cumbria receive a good service. Since the last inspection in 2019, support",
        "for care leavers has improved. Caseloads in some teams are too high.",
    ]
    second = [
        "What needs to improve?",
        f"{bullet} The timeliness of visits to children, so that those who are",
        "at risk are seen.",
        f"{bullet} The quality of supervision",
        "The experiences and progress of children who need help and",
        f"protection: {help_grade}",
        "1. Not all assessments are good. In 2021. the council changed its forms and",
        "a few workers",
    ]
    third = [
        "still use the old ones.",
        "2. Partners attend most strategy meetings.",
        "The experiences and progress of children in care: good",
        "3. Children in care are seen often.",
        "The experiences and progress of care leavers: outstanding",
        "4. Care leavers have homes that suit them.",
        "The impact of leaders on social work practice with children and",
        "families: good",
        "5.Leaders know what is weak.",
        "The Office for Standards in Education, Children’s Services and Skills (Ofsted) regulates and",
        "inspects to achieve excellence in the care of children and young people.",
    ]
    heads = [[line.format(page=page) for line in ILACS_HEAD] for page in (2, 3)]
    return [front, [*heads[0], *second], [*heads[1], *third]]


def sif(
    *,
    sentence: Sequence[str] = ("Children’s services in Poole require improvement to be", "good.2"),
    table: Sequence[str] = (
        "1. Children who need help and protection Requires Improvement",
        "2. Children looked after and achieving",
        "permanence",
        "Good",
        "2.1 Adoption performance Good",
        "2.2 Experiences and progress of care leavers Inadequate",
        "3. Leadership, management and governance Requires improvement",
    ),
    actions: Sequence[str] = (
        "Recommendations",
        "1. Ensure that children are seen alone.",
        "2. Strengthen managers’ oversight of:",
        "• private fostering",
        "• children who go missing.",
    ),
    board_actions: Sequence[str] = (
        "Recommendations",
        "6. Ensure that partners attend the board.",
    ),
) -> list[list[str]]:
    """A report of the single inspection framework with its review of the board."""
    front = [
        "Borough of Poole",
        "Inspection of services for children in need of help and",
        "protection, children looked after and care leavers",
        "and",
        "Review of the effectiveness of the Local Safeguarding Children",
        "Board1",
        "Inspection date: 2 March – 26 March 2015",
        "Report published: 18 May 2015",
        *sentence,
        *table,
        "",
        "1 This report is made under a power to combine reports.",
    ]
    contents = ["Contents", "Executive summary 3", "Recommendations 4", "The local authority 5"]
    second = [
        "Executive summary",
        "Services are not yet good. They were good in 2011.",
        "Information about this local authority area",
        "Previous Ofsted inspections",
        "• Experiences and progress of care leavers: Good",
        *actions,
    ]
    third = [
        "The experiences and progress of",
        "children who need help and",
        "protection",
        "Requires improvement",
        "Summary",
        "Help is offered early.",
        "Inspection findings",
        "3. Assessments are timely. (Recommendation)",
        "The graded judgment for adoption performance is that it is good",
        "4. Adoption is considered early.",
        "The graded judgement about the experience and progress of care leavers",
        "is that it is inadequate",
        "5. Care leavers are not kept in touch with.",
    ]
    board = [
        "The Local Safeguarding Children Board (LSCB)",
        "The Local Safeguarding Children Board is good",
        "Executive summary",
        "The board challenges its partners.",
        *board_actions,
        "Inspection findings – the Local Safeguarding Children Board",
        "7. The board meets its duties.",
        "Information about this inspection",
        "The inspection team",
        "Lead inspector: Ann Example",
        "Team inspectors: Bo Sample, Cy De Made",
        "and Di Up.",
        "Quality assurance manager: Ed Not-One",
    ]
    return [front, contents, second, third, board]


def as_text(pages: Sequence[Sequence[str]]) -> str:
    """The pages as plain text, a form feed between them."""
    return "\f".join("\n".join(page) for page in pages)


def as_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """The pages as a PDF in Helvetica, a line of text for each line; a page without lines has no text."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    kids = []
    for page in pages:
        content = _content(page)
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    return _file(objects)


def _content(lines: Sequence[str]) -> bytes:
    said = [b"BT /F1 9 Tf 40 810 Td 12 TL"]
    for line in lines:
        text = line.encode("cp1252", errors="replace")
        text = text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        said.append(b"(%s ) Tj T*" % text)
    return b"\n".join([*said, b"ET"])


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
