"""One published report, read: from a file to a `Report`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from upturn.published.report.actions import list_notes, recommendations_of
from upturn.published.report.blocks import Block, blocks_of
from upturn.published.report.dates import dates_in
from upturn.published.report.document import Document, read_document
from upturn.published.report.facts import Facts, facts_of
from upturn.published.report.judgements import judgements_of, unusual
from upturn.published.report.model import Judgement, Paragraph, Recommendation, Report
from upturn.published.report.since import since_of
from upturn.published.report.statements import statements_of
from upturn.published.report.structure import structure_of

#: Frameworks whose reports give no grades; nothing is amiss when none is found.
_UNGRADED = frozenset(["JTAI", "FOCUSED", "MONITORING"])


def read_report(path: str | Path, *, statements: bool = True) -> Report:
    """Read the published report in ``path`` (PDF, HTML, Word or plain text); see `Report` for what it gives.

    Every fact has the page and the words it was read from, or says where Upturn looked. Areas whose places
    in the report disagree have no grade and say so. ``statements=False`` leaves out strengths and concerns,
    which take most of the time.

    Raises `SourceError` for a file that is not there, is of another kind, is locked or broken, or has
    no text.

    >>> read_report("no-such-report.pdf")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    document = read_document(path)
    structure = structure_of(document.lines)
    facts = facts_of(document, structure)
    blocks, notes = blocks_of(structure)
    judgements = judgements_of(structure, facts.known, begun=facts.start.value)
    actions = recommendations_of(blocks)
    return Report(
        file=document.file,
        sha256=document.sha256,
        kind=document.kind,
        pages=document.pages,
        framework=facts.framework,
        authority=facts.authority,
        authority_code=facts.code,
        fieldwork_start=facts.start,
        fieldwork_end=facts.end,
        published=facts.published,
        inspectors=facts.inspectors,
        judgements=judgements,
        paragraphs=_paragraphs(blocks),
        recommendations=actions,
        statements=statements_of(blocks) if statements else (),
        since=since_of(blocks),
        notes=tuple(
            _notes(document, facts, judgements, actions, [*list_notes(structure, blocks), *notes])
        ),
    )


def _paragraphs(blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(
            number=block.number,
            page=block.page,
            text=block.text,
            section=block.place.section,
            area=block.place.area,
            part=block.place.part,
        )
        for block in blocks
        if block.place.kind != "actions" and block.bullet != "heading"
    )


def _notes(
    document: Document,
    facts: Facts,
    judgements: Sequence[Judgement],
    actions: Sequence[Recommendation],
    notes: Sequence[str],
) -> Iterator[str]:
    if document.without_text:
        pages = ", ".join(map(str, document.without_text))
        yield f"No text on page {pages}: a picture, or empty."
    if facts.known is None:
        yield "The framework was not recognised, so what it grades is not known."
    clashing = [judgement.area for judgement in judgements if judgement.state == "disagree"]
    if clashing:
        yield f"Places in the report disagree on: {', '.join(clashing)}."
    if odd := unusual(judgements, facts.known):
        yield odd
    if facts.known is not None and facts.known.status != "verified":
        yield f"The wording of {facts.known.name} is unverified: no report was at hand to check it on."
    if facts.start.text and len(dates_in(facts.start.text)) > 2:
        yield f"The fieldwork was in parts: {facts.start.text}"
    graded = facts.known is None or facts.known.id not in _UNGRADED
    if graded and not actions:
        yield "No list of recommendations or of what needs to improve was found."
    yield from notes
