"""A return too large to hold: its children some thousands at a time, each lot a casebook of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from upturn.records.casebook import Casebook
from upturn.records.cin_census.collect import Collector
from upturn.records.cin_census.layout import census
from upturn.records.cin_census.reader import casebook_of
from upturn.records.cin_census.stream import Return, children
from upturn.records.sheets import SourceError


def census_in_batches(
    path: Path,
    *,
    size: int = 50_000,
    as_at: date | None = None,
    mapping: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Casebook]:
    """The casebooks of ``size`` children each, in the order of the return; the last may have fewer.

    Memory holds one of them, however long the return. Every rule runs within one child, so that the clocks of
    the batches are the clocks of the whole. What needs the whole is not told: a child with two entries in
    two batches, and the hash of the file, which is known at its end (``sha256`` is empty). The identifiers
    made for rows begin again in each. The options are those of
    `upturn.records.cin_census.reader.read_cin_census`.

    Raises SourceError like it, at the place where the fault stands; and for a ``size`` below 1.
    """
    if size < 1:
        raise SourceError(f"a batch of {size} children holds nobody; give 1 or more")
    say, layout, found = progress or (lambda _: None), census(), Return(path.name)
    collector, held, done = Collector(layout), 0, 0
    for child in children(path, found):
        collector.take(child)
        held += 1
        if held == size:
            done += held
            say(f"Reading the census: {done:,} children")
            yield casebook_of(collector, found, layout, as_at=as_at, mapping=mapping)
            collector, held = Collector(layout), 0
    if held:
        yield casebook_of(collector, found, layout, as_at=as_at, mapping=mapping)
    elif not done:
        raise SourceError(f"{path.name} has no child in it; export it again")
