"""What a report asks for: recommendations, areas for improvement, priority actions, in its exact words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from upturn.published.report.blocks import Block, lists_of
from upturn.published.report.model import Recommendation
from upturn.published.report.structure import Structure
from upturn.published.report.wording import wording, words_of

_NONE = re.compile(r"^(?:there (?:are|were|is) no|none\b|no (?:priority|immediate))", re.IGNORECASE)


def recommendations_of(blocks: Sequence[Block]) -> tuple[Recommendation, ...]:
    """Every action of every list, in the report's order.

    A list whose items are numbered or bulleted has only those as items: what else stands in it leads into
    the list. A list that lost its bullets is parted where a sentence ends and the next line begins.
    """
    found: list[Recommendation] = []
    for block, timescale in _items(blocks):
        heading = block.place.heading
        found.append(
            Recommendation(
                order=len(found) + 1,
                number=block.number,
                kind=heading.action,
                timescale=timescale or heading.timescale,
                page=block.page,
                text=block.text,
                part=block.place.part,
            )
        )
    return tuple(found)


def list_notes(structure: Structure, blocks: Sequence[Block]) -> Iterator[str]:
    """What somebody should look at in the lists: a heading with nothing under it, a list without marks."""
    for index, words in enumerate(structure.words):
        heading = wording().heading(words) if structure.places[index] is None else None
        if heading is None or heading.kind != "actions":
            continue
        after = next((place for place in structure.places[index:] if place is not None), None)
        if after is None or after.kind != "actions":
            line = structure.lines[index]
            yield f"The heading “{line.text}” on page {line.page} has nothing under it that was read."
    for place, listed in lists_of(blocks):
        plain = [b for b in listed if b.bullet != "heading" and not _NONE.match(b.text)]
        if plain and not _is_marked(listed):
            yield (
                f"The list “{place.section}” on page {plain[0].page} has no bullets or numbers: it was "
                "parted where sentences end."
            )


def _is_marked(listed: Sequence[Block]) -> bool:
    return any(b.number is not None or b.bullet not in ("", "heading") for b in listed)


def _items(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    for _, listed in lists_of(blocks):
        marked = _is_marked(listed)
        timescale = ""
        for block in listed:
            soon = _timescale(block)
            if soon is not None:
                timescale = soon
                continue
            item = block.number is not None or block.bullet not in ("", "heading")
            plain = not marked and block.bullet != "heading" and not _NONE.match(block.text)
            if item or plain:
                yield block, timescale


def _timescale(block: Block) -> str | None:
    """The timescale that ``block`` is the sub-heading of, or None when it is no such heading."""
    if block.number is not None or len(block.text) > 60:
        return None
    known = wording().timescales.get(words_of(block.text))
    if known is None:
        return None
    return known or block.text.rstrip(":").lower()
