"""The children in need census, one return in XML, read into a casebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from upturn.records import quarantine
from upturn.records.casebook import Casebook, ListCount
from upturn.records.cin_census.codes import check_codes
from upturn.records.cin_census.collect import Collector, Kind
from upturn.records.cin_census.fill import LINKS, Filed, fill
from upturn.records.cin_census.layout import Census, census
from upturn.records.cin_census.remarks import remarks
from upturn.records.cin_census.stream import Return, children
from upturn.records.lists.births import births_across
from upturn.records.lists.compare import (
    check_dates,
    given_date,
    likeness,
    open_twice,
    where,
    without_duplicates,
)
from upturn.records.lists.fill import people
from upturn.records.lists.layout import Source
from upturn.records.lists.rows import Rows, set_aside, understand
from upturn.records.mapping import (
    MappedColumn,
    ValueMapping,
    load_mappings,
    mapping_version,
    spellings_report,
)
from upturn.records.sheets import Sheet, SourceError
from upturn.records.tables import TABLES

_EVERY_CHILDREN = 5_000


@dataclass(frozen=True)
class _Day:
    """The date of the return, where it is from, and the year of the form."""

    as_at: date
    reason: str
    form: int


def read_cin_census(
    path: Path,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Casebook:
    """The casebook of a children in need census in XML, of the forms of 2017 to 2026.

    ``as_at`` is the date to read it on; left out, it is the reference date in the return's header.
    ``mapping`` is a file of the user's own value mappings. ``progress`` is called with what is being done.

    Raises SourceError, in one line, when the file is not a whole children in need census: not XML, cut
    short, of another collection, with a document type, without children.
    """
    say = progress or (lambda _: None)
    layout, found = census(), Return(path.name)
    collector = _collected(path, layout, found, say)
    say("Checking dates and codes")
    return casebook_of(collector, found, layout, as_at=as_at, mapping=mapping)


def casebook_of(
    collector: Collector, found: Return, layout: Census, *, as_at: date | None, mapping: Path | None
) -> Casebook:
    """The casebook of the children collected so far from a return."""
    day = _day(found, as_at)
    mappings = load_mappings(mapping)
    kinds = _understood(collector, layout, found.name, mappings, day)
    book = _casebook(found, layout, kinds, mappings, day)
    return replace(
        book,
        mapping=mapping_version(mapping),
        notes=remarks(found, collector, layout, form=day.form),
        absent=_absent(collector, day.form),
    )


def _collected(path: Path, layout: Census, found: Return, say: Callable[[str], None]) -> Collector:
    collector = Collector(layout)
    for n, child in enumerate(children(path, found), 1):
        collector.take(child)
        if n % _EVERY_CHILDREN == 0:
            say(f"Reading the census: {n:,} children")
    if not collector.kinds[layout.records[0].record].count:
        raise SourceError(f"{path.name} has no child in it; export it again")
    return collector


def _day(found: Return, as_at: date | None) -> _Day:
    """The date asked for; else the reference date of the header."""
    said = found.header.get("ReferenceDate", "")
    reference = _date(said)
    if as_at is not None:
        return _Day(as_at, given_date(as_at, reference), _form(found, reference or as_at))
    if reference is None:
        what = f"its reference date is “{said[:40]}”" if said else "it has no reference date"
        raise SourceError(f"{found.name}: {what}; give the date with --as-at")
    return _Day(reference, "the reference date of the census", _form(found, reference))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _form(found: Return, day: date) -> int:
    """The year of the form: the one the header gives, else that of the 31 March on or after the day."""
    year = found.header.get("Year", "")
    if year.isdecimal() and len(year) == 4:
        return int(year)
    return day.year if (day.month, day.day) <= (3, 31) else day.year + 1


def _understood(
    collector: Collector,
    layout: Census,
    file: str,
    mappings: dict[str, ValueMapping],
    day: _Day,
) -> dict[str, Filed]:
    """Every kind of record, understood and checked. A copy of a record gives its nested ones to the first."""
    done: dict[str, Filed] = {}
    firsts: dict[str, dict[str, str]] = {}
    for record in layout.records:
        rows = _rows(collector.kinds[record.record], file, collector.left_out(day.form))
        rows = _nested_in_first(rows, firsts.get(record.inside or "", {}))
        came = rows.links
        rows = understand(rows, mappings)
        if record.inside is None:
            rows = _given_twice(rows)
        else:
            firsts[record.record] = _firsts(rows)
            rows = without_duplicates(rows)
        rows = check_codes(rows, layout, form=day.form)
        rows = open_twice(check_dates(rows, as_at=day.as_at))
        copies = firsts.get(record.record, {})
        done[record.record] = Filed(record, rows, _lost(came, rows, copies))
    return _with_births(done, layout)


def _with_births(done: dict[str, Filed], layout: Census) -> dict[str, Filed]:
    """Each birth held against the child's other records: it stands in a record of its own."""
    first, *rest = (record.record for record in layout.records)
    children = births_across(done[first].rows, [done[name].rows for name in rest])
    return {**done, first: replace(done[first], rows=children)}


def _lost(came: pl.DataFrame, rows: Rows, copies: Mapping[str, str]) -> frozenset[str]:
    """The records that had one of these nested in them which is now in quarantine, copies apart."""
    gone = came.join(rows.links, on="id", how="anti")
    gone = gone.filter(~pl.col("id").is_in(list(copies)))
    return frozenset(gone["parent"].drop_nulls())


def _rows(kind: Kind, file: str, left_out: Mapping[str, frozenset[str]]) -> Rows:
    """The rows of one kind as they were found, without the elements that the return does not have."""
    record, frame = kind.record, kind.frame()
    there = [c for c in record.columns if c.header not in left_out[record.record]]
    source = Source(
        sheet=Sheet(file, record.block, pl.DataFrame()),
        layout=record,
        columns={c.header: n for n, c in enumerate(there)},
        headers=tuple(_spelled(kind, (c.header, *c.also)) for c in there),
    )
    links = frame.select(
        id=pl.format("{}.{}", pl.lit(record.record), "id"),
        parent=pl.format("{}.{}", pl.lit(record.inside or ""), "parent"),
    )
    raw = frame.select(c.header for c in there)
    nothing = pl.DataFrame()
    return Rows(source, raw, nothing, nothing, frame["at"], links, frame.height)


def _spelled(kind: Kind, names: tuple[str, ...]) -> str:
    """The element's name as the return has it most often."""
    lower = {name.lower() for name in names}
    used = {name: n for name, n in kind.seen.items() if name.lower() in lower}
    return max(used, key=lambda name: used[name]) if used else names[0]


def _nested_in_first(rows: Rows, firsts: Mapping[str, str]) -> Rows:
    if not firsts:
        return rows
    return replace(rows, links=rows.links.with_columns(pl.col("parent").replace(firsts)))


def _firsts(rows: Rows) -> dict[str, str]:
    """For each record that repeats an earlier one in every element, the identifier of that one."""
    alike = rows.links.select("id", alike=likeness(rows))
    first = alike.with_columns(first=pl.col("id").first().over("alike"))
    copies = first.filter(pl.col("id") != pl.col("first"))
    return dict(zip(copies["id"], copies["first"], strict=True))


def _given_twice(rows: Rows) -> Rows:
    """Note the children who have more than one entry of their own."""
    child = rows.filled_by("child")
    many = pl.DataFrame({"child": child}).select(pl.len().over("child")).to_series()
    header = rows.source.layout.child.header
    return set_aside(rows, header, where(many > 1, "child-twice"), other=many.cast(pl.String))


def _casebook(
    found: Return,
    layout: Census,
    kinds: Mapping[str, Filed],
    mappings: Mapping[str, ValueMapping],
    day: _Day,
) -> Casebook:
    lists = [filed.rows for filed in kinds.values()]
    person, disagreements = people(lists)
    entries = [e for rows in lists for e in rows.entries]
    entries += [disagreements] if disagreements is not None else []
    return Casebook(
        source="cin_census",
        source_name=found.name,
        sha256=found.sha256,
        as_at=day.as_at,
        as_at_reason=day.reason,
        tables={**fill(kinds), "person": person},
        counts=tuple(_count(rows) for rows in lists),
        quarantine=pl.concat([quarantine.nothing(), *entries]),
        spellings=spellings_report(_spellings(lists), mappings),
        history={record.main: "complete" for record in layout.records if record.main != "person"},
        absent_fields=_absent_fields(lists),
    )


def _count(rows: Rows) -> ListCount:
    layout, sheet, kept = rows.source.layout, rows.source.sheet, rows.at.len()
    return ListCount(
        layout.label, layout.name, sheet.file, sheet.name, rows.rows_in, kept, rows.rows_in - kept
    )


def _spellings(lists: list[Rows]) -> list[MappedColumn]:
    """Every coded element: its kind of record, its name as found, its mapping and its values."""
    return [
        MappedColumn(rows.label, rows.source.found(c), c.mapping, _each(rows.raw[c.header], c.many))
        for rows in lists
        for c in rows.columns("code", "yesno")
    ]


def _each(cells: pl.Series, many: bool) -> pl.Series:
    return cells.drop_nulls().str.split(",").explode() if many else cells


def _absent_fields(lists: list[Rows]) -> frozenset[str]:
    """The fields of the casebook that the return has no element for."""
    kept = {
        c.field for rows in lists for c in rows.columns("date", "number", "yesno", "code", "text")
    }
    keys = {name for t in TABLES.values() for name in (t.key, t.child) if name}
    every = {name for t in TABLES.values() for name in t.columns}
    return frozenset(every - kept - keys - LINKS)


def _absent(collector: Collector, form: int) -> tuple[str, ...]:
    """Sentences for the elements that a return of this form should have and this one has not."""
    said, left_out = [], collector.left_out(form)
    for kind in collector.kinds.values():
        record, missing = kind.record, left_out[kind.record.record]
        if form < record.first_form and not kind.count:
            said.append(f"{record.label}: not in the forms before {record.first_form}.")
        elif missing and not kind.count:
            said.append(f"{record.label}: there are none at all.")
        else:
            said += [
                f"{record.label}: none of the {kind.count:,} has {column.header}."
                for column in record.columns
                if column.to and not column.optional and column.header in missing
            ]
    return tuple(said)
