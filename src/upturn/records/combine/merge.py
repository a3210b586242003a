"""One table of several: the newest row of each record, with what only earlier ones hold added to it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upturn.records.combine.parts import COUNTED, TODAY_ONLY, Part
from upturn.records.table_model import DATE
from upturn.records.tables import TABLES

#: When the rows of a table ended, and what else of theirs is not known once nobody holds them any more.
ENDS: dict[str, tuple[str, ...]] = {
    "early_help_episodes": ("earl_episode_end_date",),
    "cin_episodes": ("cine_close_date",),
    "cin_assessments": ("cina_assessment_auth_date",),
    "s47_enquiry": ("s47e_s47_end_date", "icpc_icpc_date"),
    "cin_plans": ("cinp_cin_plan_end_date",),
    "cp_plans": ("cppl_cp_plan_end_date",),
    "cla_episodes": ("clae_cla_episode_ceased_date",),
    "legal_status": ("lega_legal_status_end_date",),
    "cla_placement": ("clap_cla_placement_end_date",),
    "involvements": ("invo_involvement_end_date",),
}
#: Days that the source works out or plans, which may lie ahead of it without a booking being meant.
_AHEAD = ("target", "_due")
_PROVENANCE = ("source_file", "source_sheet", "source_list", "source_row")


def merged(name: str, rows: Sequence[pl.DataFrame], parts: Sequence[Part]) -> pl.DataFrame:
    """The table ``name`` of all parts, from ``rows`` with their ``_key`` (`identity.aligned`).

    Each row is the newest there is of its record, in its own place; a field that its source has no column
    for is filled from the newest of the others that has. What no source of a row holds, but another
    source of the casebook does, is named in ``set_aside``: an empty cell there does not say that it did
    not happen.
    """
    latest = max(part.book.as_at for part in parts)
    whole: pl.DataFrame | None = None
    for part, found in zip(parts, rows, strict=True):
        mine = found.with_columns(_parts=pl.lit(1 << part.number, dtype=pl.Int64))
        if part.book.as_at < latest:
            mine = _without_bookings(mine, name, part)
        whole = mine if whole is None else _added(name, whole, mine, parts)
    assert whole is not None
    if name in TODAY_ONLY:
        whole = _of_today(name, whole, parts)
    whole = _ends_unknown(name, whole, parts)
    whole = _unheld(name, whole, parts)
    return whole.with_columns(_own_key(name, parts).alias(TABLES[name].key)).select(
        pl.col(c).cast(dtype) for c, dtype in TABLES[name].schema.items()
    )


def _own_key(name: str, parts: Sequence[Part]) -> pl.Expr:
    """The record's key; of one that a source with every record holds too, with that source's number first.

    What comes before such a record is then known, though the newest source keeps the latest only.
    """
    key = pl.col("_key")
    for part in reversed(parts):
        if part.holds(name) and part.book.history.get(name) == "complete":
            other = ~pl.col("_key").str.starts_with(f"{part.number}:")
            theirs = (pl.col("_parts") & (1 << part.number) != 0) & other
            key = pl.when(theirs).then(pl.format(f"{part.number}:{{}}", "_key")).otherwise(key)
    return key if any(p.book.history.get(name) == "latest" for p in parts) else pl.col("_key")


def mask(parts: Sequence[Part], *, field: str = "", table: str = "") -> int:
    """The parts that hold a field or a table, a bit for each."""
    return sum(1 << p.number for p in parts if (field in p.fields if field else p.holds(table)))


def _without_bookings(rows: pl.DataFrame, name: str, part: Part) -> pl.DataFrame:
    """What lay ahead when an earlier extract was taken, set aside: nobody said since that it happened."""
    as_at = pl.lit(part.book.as_at)
    days = [
        c for c, dtype in TABLES[name].columns.items()
        if dtype == DATE and not any(word in c for word in _AHEAD)
    ]  # fmt: skip
    ahead = {c: (pl.col(c) > as_at).fill_null(False) for c in days}
    rows = _marked(rows, ahead)
    return rows.with_columns(pl.when(~ahead[c]).then(pl.col(c)).alias(c) for c in days)


def _marked(rows: pl.DataFrame, where: dict[str, pl.Expr]) -> pl.DataFrame:
    """The rows with each field of ``where`` named in ``set_aside`` where its condition holds."""
    if not where or rows.is_empty():
        return rows
    names = [pl.when(holds).then(pl.lit(field)) for field, holds in where.items()]
    more = pl.concat_list(names).list.drop_nulls()
    return rows.with_columns(
        set_aside=pl.concat_list("set_aside", more).list.unique(maintain_order=True)
    )


def _added(
    name: str, whole: pl.DataFrame, earlier: pl.DataFrame, parts: Sequence[Part]
) -> pl.DataFrame:
    """What is there already, filled from an earlier part, and then the earlier part's other records."""
    fresh = earlier.join(whole.select("_key"), on="_key", how="anti", maintain_order="left")
    fields = [f for f in TABLES[name].columns if f not in (TABLES[name].key, TABLES[name].child)]
    others = earlier.select(
        "_key", *(pl.col(f).alias(f"{f}~") for f in fields), _aside="set_aside", _team="team",
        _worker="worker", _more="_parts",
    ).unique("_key", keep="first")  # fmt: skip
    whole = whole.join(others, on="_key", how="left", maintain_order="left")
    fills = {f: _fills(name, f, parts) for f in fields if not f.endswith(COUNTED)}
    asides = {
        f: fill & pl.col("_aside").list.contains(f).fill_null(False) for f, fill in fills.items()
    }
    whole = _marked(whole, asides).with_columns(
        *(pl.when(fill).then(pl.col(f"{f}~")).otherwise(pl.col(f)).alias(f) for f, fill in fills.items()),
        pl.coalesce("team", "_team").alias("team"),
        pl.coalesce("worker", "_worker").alias("worker"),
        pl.col("_parts") | pl.col("_more").fill_null(0),
    )  # fmt: skip
    return pl.concat([whole.select(earlier.columns), fresh])


def _fills(name: str, field: str, parts: Sequence[Part]) -> pl.Expr:
    """Where an earlier value fills an empty one: where no part that has the record yet holds the field.

    Of a child, any earlier value fills an empty one: a birth date does not lapse.
    """
    empty = pl.col(field).is_null() & ~pl.col("set_aside").list.contains(field)
    if name == "person":
        return empty
    return empty & (pl.col("_parts") & mask(parts, field=field) == 0)


def _of_today(name: str, whole: pl.DataFrame, parts: Sequence[Part]) -> pl.DataFrame:
    """Only what the newest part that holds the table has in it."""
    newest = next((1 << p.number for p in parts if p.holds(name)), 0)
    return whole.filter(pl.col("_parts") & newest != 0)


def _ends_unknown(name: str, whole: pl.DataFrame, parts: Sequence[Part]) -> pl.DataFrame:
    """Records open in an earlier part that a newer one should hold and does not: their end is not known."""
    ends = ENDS.get(name, ())
    if not ends:
        return whole
    gone = gone_since(name, parts) & pl.col(ends[0]).is_null()
    return _marked(whole, dict.fromkeys(ends, gone))


def gone_since(name: str, parts: Sequence[Part]) -> pl.Expr:
    """Whether a newer part holds the table, and not the record. Rows have ``_parts``."""
    gone = pl.lit(False)
    for part in parts:
        newer = mask([p for p in parts if p.number < part.number], table=name)
        if newer:
            mine = pl.col("_parts") & (1 << part.number) != 0
            gone = gone | (mine & (pl.col("_parts") & newer == 0))
    return gone


def _unheld(name: str, whole: pl.DataFrame, parts: Sequence[Part]) -> pl.DataFrame:
    """Fields that no source of a row holds, though another source does, named as set aside."""
    own = {TABLES[name].key, TABLES[name].child}
    where = {}
    for field in TABLES[name].columns:
        holders = mask(parts, field=field)
        if field in own or field.endswith(COUNTED) or not holders:
            continue
        where[field] = pl.col(field).is_null() & (pl.col("_parts") & holders == 0)
    return _marked(whole, where)
