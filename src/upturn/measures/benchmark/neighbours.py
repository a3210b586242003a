"""The department's lists of each authority's statistical neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from upturn.measures.benchmark.figures import COLUMNS, LINE
from upturn.measures.benchmark.files import NEIGHBOUR, with_lines
from upturn.records.sheets import SourceError

_CODES = ("old_la_code", "la num", "la number", "la code", "lanumber")


def has_neighbours(names: Iterable[str]) -> bool:
    """Whether columns of these ``names`` list statistical neighbours (SN1 or sn_1 and on)."""
    return any(NEIGHBOUR.fullmatch(name) for name in names)


def neighbours_in(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row for each authority and neighbour, with the columns of `LINE` too.

    Codes that are no number (the far end of a list) are left. Raises SourceError without codes and names.
    """
    code = next((c for c in _CODES if c in frame.columns), None)
    title = next((c for c in ("la_name", "la name") if c in frame.columns), None)
    if code is None or title is None:
        raise SourceError(f"{name}: statistical neighbours without an authority's code and name")
    places = {c: int(found[1]) for c in frame.columns if (found := NEIGHBOUR.fullmatch(c))}
    number: Callable[[str], pl.Expr] = lambda c: (  # noqa: E731
        pl.col(c).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).cast(pl.String)
    )
    frame = with_lines(frame)
    parts = [
        frame.select(
            kind=pl.lit("neighbour"),
            measure=pl.lit(""),
            year=pl.lit(None, dtype=pl.Int64),
            area_type=pl.lit("authority"),
            area=pl.col(title).str.strip_chars(),
            la_code=number(code),
            region=pl.lit(None, dtype=pl.String),
            value=pl.lit(None, dtype=pl.Float64),
            of=pl.lit(None, dtype=pl.Float64),
            status=pl.lit(""),
            neighbour=number(column),
            place=pl.lit(place, dtype=pl.Int64),
            file=pl.lit(name),
            row="row",
        )
        for column, place in places.items()
    ]
    whole = pl.concat(parts).select(pl.col(c).cast(kind) for c, kind in (COLUMNS | LINE).items())
    return whole.filter(pl.col("la_code").is_not_null(), pl.col("neighbour").is_not_null())
