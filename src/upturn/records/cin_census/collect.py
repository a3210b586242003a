"""From the elements of each child to rows: every value to its column, and what has no place counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from lxml import etree

from upturn.records.cin_census.layout import Census, Record
from upturn.records.cin_census.stream import local

#: Rows of one kind held as Python lists before they are packed away.
BATCH = 20_000
#: With this many records of a kind, an element that none of them has, and a kind of record that is nested
#: in none of them, are taken not to be exported at all.
ENOUGH = 50
_PLACE = {"id": pl.Int64(), "parent": pl.Int64(), "at": pl.UInt32()}


@dataclass
class Kind:
    """The rows of one kind of record so far. A row is id, parent's id, line, then its cells."""

    record: Record
    nested: Mapping[str, Record]
    count: int = 0
    rows: list[list[object]] = field(default_factory=list)
    packed: list[pl.DataFrame] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> Counter[str]:
        """How often each element stood here with something in it, by its name as found."""
        names: Counter[str] = Counter()
        for tag, n in self.tags.items():
            names[local(tag)] += n
        return names

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of `frame`."""
        return {**_PLACE, **{c.header: pl.String() for c in self.record.columns}}

    def pack(self) -> None:
        """Put the rows held so far away in a frame."""
        self.packed.append(pl.DataFrame(self.rows, schema=self.schema, orient="row"))
        self.rows = []

    def frame(self) -> pl.DataFrame:
        """All the rows, in the order of the file."""
        self.pack()
        return pl.concat(self.packed)


class Collector:
    """Takes children and keeps their rows, by kind of record.

    ``elsewhere`` counts the elements that no kind of record has, with the line of the first: they are
    passed over and reported. ``stray`` does the same for text that stands between elements.
    """

    def __init__(self, census: Census) -> None:
        self.kinds = {
            r.record: Kind(r, {n.block.lower(): n for n in census.records if n.inside == r.record})
            for r in census.records
        }
        self.elsewhere: dict[str, tuple[int, int]] = {}
        self.stray: dict[str, tuple[int, int]] = {}
        self._top = census.records[0]
        self._names: dict[object, str] = {}
        self._of_child: list[list[object]] = []

    def left_out(self, form: int) -> dict[str, frozenset[str]]:
        """For each kind of record the elements the return does not have, though its form may have them.

        What none of very many records has is not read as what never happened.
        """
        return {name: self._left_out(kind, form) for name, kind in self.kinds.items()}

    def _left_out(self, kind: Kind, form: int) -> frozenset[str]:
        record, above = kind.record, self.kinds.get(kind.record.inside or "")
        optional = [c for c in record.columns if c.to != "child" and not c.needed]
        if not kind.count and above is not None:
            gone = form < record.first_form or above.count >= ENOUGH
            return frozenset(c.header for c in record.columns if gone and c.to != "child")
        if kind.count < ENOUGH:
            return frozenset()
        seen = {name.lower() for name in kind.seen}
        return frozenset(
            c.header for c in optional if not seen & {n.lower() for n in (c.header, *c.also)}
        )

    def take(self, child: etree._Element) -> None:
        """Keep the rows of one child."""
        self._of_child = []
        own = self._row(self._top, child, None)
        self._walk(child, self._top, own)
        for row in self._of_child:
            row[3] = own[3]  # the child's identifier, which may stand after the rest
        for kind in self.kinds.values():
            if len(kind.rows) >= BATCH:
                kind.pack()

    def _row(self, record: Record, element: etree._Element, parent: object) -> list[object]:
        kind = self.kinds[record.record]
        kind.count += 1
        row: list[object] = [kind.count, parent, element.sourceline]
        row += [None] * len(record.columns)
        kind.rows.append(row)
        self._of_child.append(row)
        return row

    def _walk(self, element: etree._Element, record: Record, row: list[object]) -> None:
        kind = self.kinds[record.record]
        self._text_between(element.text, record, element)
        for part in element:
            name = self._name(part.tag)
            place = record.places.get(name)
            below = kind.nested.get(name)
            if place is not None:
                self._put(kind, row, place, part)
            elif below is not None:
                self._nested(part, below, row)
            elif name in record.grouping:
                self._walk(part, record, row)
            else:
                _count(self.elsewhere, f"{record.block}/{local(part.tag)}", part.sourceline)
            self._text_between(part.tail, record, part)

    def _nested(self, part: etree._Element, record: Record, row: list[object]) -> None:
        """A record inside another: an element of its own, or a block of them."""
        own = self._row(record, part, row[0])
        place = record.places.get(record.block.lower())
        if place is None:
            self._walk(part, record, own)
        else:
            self._put(self.kinds[record.record], own, place, part)

    def _put(self, kind: Kind, row: list[object], place: int, part: etree._Element) -> None:
        """The element's text into its cell. Two different texts stand side by side, to be quarantined."""
        text = (part.text or "").strip()
        for odd in part:
            _count(self.elsewhere, f"{local(part.tag)}/{local(odd.tag)}", odd.sourceline)
        if not text:
            return
        before, several = row[place + 3], place in kind.record.multiple
        kind.tags[part.tag] += 1
        if before is None:
            row[place + 3] = text
        elif several:
            row[place + 3] = f"{before},{text}"
        elif before != text:
            row[place + 3] = f"{before} and {text}"

    def _name(self, tag: object) -> str:
        """The name of an element in lower case, worked out once for each name."""
        if tag not in self._names:
            self._names[tag] = local(tag).lower()
        return self._names[tag]

    def _text_between(self, text: str | None, record: Record, element: etree._Element) -> None:
        if text and text.strip():
            _count(self.stray, record.block, element.sourceline)


def _count(where: dict[str, tuple[int, int]], what: str, line: int | None) -> None:
    number, first = where.get(what, (0, line or 0))
    where[what] = (number + 1, first)
