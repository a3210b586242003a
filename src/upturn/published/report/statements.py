"""Strengths and concerns: each sentence of the report's own account that tells of one.

Position first: what stands under a heading "strengths" is one. Otherwise by the rules of
`upturn.published.themes`; what they cannot tell is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upturn.published.report.blocks import Block
from upturn.published.report.model import Polarity, Statement
from upturn.published.themes.sentences import Span, sentences

#: A sentence with fewer words than this is a heading or a scrap.
_FEWEST_WORDS = 4
_BY_PLACE: dict[str, Polarity] = {"strengths": "strength", "weaknesses": "concern"}
_BY_WORDS: dict[str, Polarity] = {"strength": "strength", "concern": "concern", "mixed": "mixed"}


def statements_of(blocks: Sequence[Block]) -> tuple[Statement, ...]:
    """Every sentence of the report's own account that is a strength, a concern or both, in order."""
    from upturn.published.themes import polarities

    said = list(_sentences(blocks))
    told = polarities([sentence.text for _, sentence in said])
    found = (_statement(b, s, p) for (b, s), p in zip(said, told, strict=True))
    return tuple(statement for statement in found if statement is not None)


def _sentences(blocks: Sequence[Block]) -> Iterator[tuple[Block, Span]]:
    for block in blocks:
        if block.place.kind == "actions" or block.bullet == "heading":
            continue
        for sentence in sentences(block.text):
            if len(sentence.text.split()) >= _FEWEST_WORDS:
                yield block, sentence


def _statement(block: Block, sentence: Span, polarity: str) -> Statement | None:
    placed = _BY_PLACE.get(block.place.kind)
    told = placed or _BY_WORDS.get(polarity)
    if told is None:
        return None
    return Statement(
        polarity=told,
        page=block.page_of(sentence.start),
        text=sentence.text,
        paragraph=block.number,
        area=block.place.area,
        cue=f"under the heading “{block.place.section}”" if placed else "its words",
        part=block.place.part,
    )
