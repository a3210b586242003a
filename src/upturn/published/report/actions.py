"""What a report asks for: recommendations, areas for improvement, priority actions, in its exact words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from upturn.published.report.blocks import Block, lists_of
from upturn.published.report.model import Recommendation
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


def _items(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    for _, listed in lists_of(blocks):
        marked = any(b.number is not None or b.bullet not in ("", "heading") for b in listed)
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
