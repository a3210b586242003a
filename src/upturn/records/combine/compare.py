"""Where two sources, or two extracts, say different things of the same child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from upturn.records import disagreements as differing
from upturn.records.combine.identity import LINKS, Aligned
from upturn.records.combine.merge import ENDS
from upturn.records.combine.parts import COUNTED, ONE_KIND, TODAY_ONLY, Part
from upturn.records.layouts import layouts
from upturn.records.table_model import DATE, FLAG, TEXT
from upturn.records.tables import TABLES

#: What is meant to change from one extract to the next; compared only within one kind of source and date.
CHANGES = frozenset(
    {
        "cppl_cp_plan_latest_category", "cinp_case_status", "cinp_primary_need_code",
        "clae_cla_last_iro_contact_date", "clae_permanence_plan", "clae_cla_primary_need_code",
        "cine_cin_primary_need_code", "cina_assessment_child_seen", "cina_assessment_factors",
        "s47e_icpc_not_required",
    }
)  # fmt: skip
#: Tables whose records a source should hold when their day is in its window, with that day.
EXPECTED = {
    "contacts": "cont_contact_date",
    "cin_episodes": "cine_referral_date",
    "cin_assessments": "cina_assessment_start_date",
    "s47_enquiry": "s47e_s47_start_date",
    "cp_plans": "cppl_cp_plan_start_date",
    "cla_episodes": "clae_entered_care_date",
}
#: Months that each kind of source holds whole; of a census, its own year.
_MONTHS = {"annex_a": 6, "ssd": 72}
_WHOLE = "the record"
_PLACE = pl.format("{} row {}", "source_list", "source_row")


def disagreements(rows: Aligned, parts: Sequence[Part]) -> pl.DataFrame:
    """Every difference, with the columns of `upturn.records.disagreements.SCHEMA`, by child.

    Each part is held against the nearest newer one of each kind of source. Fields that are meant to
    change are compared only where both are of one kind and one date; words are compared only within one
    kind of source, since codes differ between kinds; a record is missed only of a child whom both sources
    name.
    """
    found = [differing.none()]
    children = [part.children for part in parts]
    for earlier, newer in _pairs(parts):
        both = children[earlier.number - 1] & children[newer.number - 1]
        for name in TABLES:
            if not (earlier.holds(name) and newer.holds(name)) or name in TODAY_ONLY:
                continue
            theirs, ours = rows[name][earlier.number - 1], rows[name][newer.number - 1]
            found += _fields(name, ours, theirs, newer, earlier)
            found += _missing(name, ours, theirs, newer, earlier, both)
    every = pl.concat(found).unique(maintain_order=True)
    return every.sort("child_id", "table", "what", nulls_last=True, maintain_order=True)


def _pairs(parts: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    for earlier in parts:
        nearest: dict[str, Part] = {}
        for newer in parts[: earlier.number - 1]:
            nearest[newer.book.source] = newer
        for newer in nearest.values():
            yield earlier, newer


def _fields(
    name: str, ours: pl.DataFrame, theirs: pl.DataFrame, newer: Part, earlier: Part
) -> Iterator[pl.DataFrame]:
    """The records both hold, field by field."""
    same_kind = newer.book.source == earlier.book.source
    same_day = newer.book.as_at == earlier.book.as_at
    fields = [
        f for f in _compared(name, same_kind=same_kind, alike=same_kind and same_day)
        if f in newer.fields and f in earlier.fields
    ]  # fmt: skip
    if not fields or ours.is_empty() or theirs.is_empty():
        return
    pairs = ours.join(theirs, on="_key", suffix="~", maintain_order="left")
    words = _headers(newer)
    for field in fields:
        kind = _kind(name, field, earlier.book.as_at, alike=same_kind and same_day)
        differ = pairs.with_columns(disagreement=kind).filter(pl.col("disagreement").is_not_null())
        if differ.height:
            child = TABLES[name].child or TABLES[name].key
            yield _entries(
                differ, name, words.get(field, field), child=pl.coalesce(child, child),
                newer=_shown(field), earlier=_shown(f"{field}~"),
                newer_place=_PLACE, earlier_place=_place("~"), used=pl.lit("the newer"),
            )  # fmt: skip


def _compared(name: str, *, same_kind: bool, alike: bool) -> list[str]:
    """The fields of a table that two sources can be held to; ``alike``: of one kind and one date."""
    table = TABLES[name]
    kinds = (DATE, FLAG, TEXT) if same_kind else (DATE, FLAG)
    own = {table.key, table.child, *LINKS}
    if name in ONE_KIND and not same_kind:
        return []
    return [
        field
        for field, dtype in table.columns.items()
        if dtype in kinds
        and field not in own
        and not field.endswith(COUNTED)
        and "target" not in field
        and (alike or field not in CHANGES)
    ]


def _kind(name: str, field: str, before: date, *, alike: bool) -> pl.Expr:
    """How the two values of a field disagree; null where they do not."""
    new, old = pl.col(field), pl.col(f"{field}~")
    aside_new = pl.col("set_aside").list.contains(field)
    aside_old = pl.col("set_aside~").list.contains(field)
    if TABLES[name].columns[field] == DATE:
        past = old <= pl.lit(before)  # a booking that was cancelled is no disagreement
        late = ~aside_old & old.is_null() & (new <= pl.lit(before))
        return (
            pl.when(~aside_new & ~aside_old & (new != old) & past)
            .then(pl.lit("differs"))
            .when(~aside_new & new.is_null() & past)
            .then(pl.lit("blank in the newer"))
            .when(late)
            .then(pl.lit("recorded late"))
        )
    differ = pl.when(~aside_new & ~aside_old & (new != old)).then(pl.lit("differs"))
    if not alike:  # what a blank answer means differs between sources, and between dates
        return differ
    blank = ~aside_new & new.is_null() & old.is_not_null()
    late = ~aside_old & old.is_null() & new.is_not_null()
    return (
        differ.when(blank)
        .then(pl.lit("blank in the newer"))
        .when(late)
        .then(pl.lit("recorded late"))
    )


def _missing(
    name: str,
    ours: pl.DataFrame,
    theirs: pl.DataFrame,
    newer: Part,
    earlier: Part,
    both: frozenset[str],
) -> Iterator[pl.DataFrame]:
    """Records that one of the two should hold and does not."""
    child = TABLES[name].child
    if child is None or (name in ONE_KIND and newer.book.source != earlier.book.source):
        return
    known = pl.col(child).is_in(list(both))
    gone = theirs.join(ours.select("_key"), on="_key", how="anti", maintain_order="left")
    ends = [f for f in ENDS.get(name, ())[:1] if f in newer.fields and f in earlier.fields]
    opened = pl.lit(False)
    if ends:
        opened = pl.col(ends[0]).is_null() & ~pl.col("set_aside").list.contains(ends[0])
        yield _whole(
            name, gone.filter(opened), "open, then gone", used="its end is not known", lacks=newer
        )
    day = EXPECTED.get(name)
    if day is None:
        return
    since, until = _both_hold(newer, earlier)
    inside = known & pl.col(day).is_between(since, until)
    yield _whole(
        name, gone.filter(inside & ~opened), "only in the earlier", used="the earlier", lacks=newer
    )
    late = ours.join(theirs.select("_key"), on="_key", how="anti", maintain_order="left")
    yield _whole(
        name, late.filter(inside), "only in the newer", used="the newer", lacks=earlier, newer=True
    )


def _both_hold(newer: Part, earlier: Part) -> tuple[date, date]:
    """The days whose records both sources should hold."""
    since = max(_since(newer), _since(earlier))
    return since, min(newer.book.as_at, earlier.book.as_at)


def _since(part: Part) -> date:
    """The first day whose records a source holds whole."""
    as_at = part.book.as_at
    if part.book.source == "cin_census":
        return date(as_at.year - (as_at < date(as_at.year, 4, 1)), 4, 1)
    months = _MONTHS.get(part.book.source, 6)
    first = pl.select(pl.lit(as_at).dt.offset_by(f"-{months}mo").dt.offset_by("1d")).item()
    assert isinstance(first, date)
    return first


def _whole(
    name: str, rows: pl.DataFrame, kind: str, *, used: str, lacks: Part, newer: bool = False
) -> pl.DataFrame:
    """One entry for each record that only one of the two holds: the newer, or else the earlier."""
    child = TABLES[name].child
    assert child is not None
    days = [c for c, dtype in TABLES[name].columns.items() if dtype == DATE][:1]
    shown, none = _shown(days[0]) if days else pl.lit("held"), pl.lit(None, dtype=pl.String)
    nowhere = pl.lit(f"{lacks.label} has no row")
    return _entries(
        rows.with_columns(disagreement=pl.lit(kind)), name, _WHOLE, child=pl.col(child),
        newer=shown if newer else none, newer_place=_PLACE if newer else nowhere,
        earlier=none if newer else shown, earlier_place=nowhere if newer else _PLACE,
        used=pl.lit(used),
    )  # fmt: skip


def _entries(
    rows: pl.DataFrame, name: str, what: str, *, child: pl.Expr, **said: pl.Expr
) -> pl.DataFrame:
    return rows.select(
        disagreement="disagreement", child_id=child, table=pl.lit(name), what=pl.lit(what), **said
    ).select(pl.col(c).cast(dtype) for c, dtype in differing.SCHEMA.items())


def _place(suffix: str) -> pl.Expr:
    return pl.format("{} row {}", f"source_list{suffix}", f"source_row{suffix}")


def _shown(field: str) -> pl.Expr:
    plain = field.rstrip("~")
    dtype = next(t.columns[plain] for t in TABLES.values() if plain in t.columns)
    if dtype == FLAG:
        return pl.when(field).then(pl.lit("yes")).when(~pl.col(field)).then(pl.lit("no"))
    return pl.col(field).cast(pl.String)


def _headers(part: Part) -> dict[str, str]:
    """The fields by the header that the source's own layout gives them."""
    return {
        c.field: c.header for layout in layouts(part.book.source) for c in layout.columns if c.table
    }
