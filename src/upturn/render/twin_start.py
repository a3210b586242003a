"""Where a simulated future starts, in words and as a table: today's open work, or the usual state."""

from __future__ import annotations

import polars as pl

from upturn.render.words import day
from upturn.twin.opening import Opening
from upturn.twin.projection import Projection

#: The schema of `start_table`; ``count`` is null where nothing is counted.
START: dict[str, pl.DataType] = {
    "what": pl.String(),
    "count": pl.Int64(),
    "tag": pl.String(),
    "words": pl.String(),
}
USUAL = (
    "Starts from the service's usual state, which is what a service with these values settles in. It is not "
    "today's open work: give the extract (--open-work) to start from that."
)


def start_words(projection: Projection) -> str:
    """Where every run starts, in a sentence or two."""
    start = projection.opening
    if start is None:
        return USUAL
    counts = {name: n for name, n in start.counts.items() if n}
    children = counts.pop("open children")
    late = counts.pop("assessments past their due day", 0)
    parts = [
        f"{name} {n:,}" + (f" ({late:,} past their due day)" if late and "assess" in name else "")
        for name, n in counts.items()
    ]
    said = f"Starts from the open work of {start.source_name} at the end of {day(start.as_at)}: "
    said += f"open children {children:,}; {'; '.join(parts)}."
    return said + _waits(start, projection)


def _waits(start: Opening, projection: Projection) -> str:
    """What lies between the extract and the first month that is shown."""
    days = (projection.start - start.day).days
    if not days:
        return ""
    return f" The {days} days from then to the first month are simulated too, and not shown."


def start_table(projection: Projection) -> pl.DataFrame:
    """What the start rests on, a row each: what the extract tells first, then what is assumed."""
    if projection.opening is None:
        rows: list[tuple[str, int | None, str, str]] = [("Start", None, "assumed", USUAL)]
    else:
        order = {"extract": 0, "yours": 1, "assumed": 2}
        basis = sorted(projection.opening.basis, key=lambda b: order[b.tag])
        rows = [(b.what, b.n, b.tag, b.words) for b in basis]
    return pl.DataFrame(rows, schema=START, orient="row")


def start_record(projection: Projection) -> dict[str, object]:
    """The start for the JSON."""
    start = projection.opening
    return {
        "from": "usual state" if start is None else "open work",
        "source": None if start is None else start.source_name,
        "as_at": None if start is None else start.as_at,
        "rests_on": start_table(projection),
    }
