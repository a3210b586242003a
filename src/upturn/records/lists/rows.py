"""The rows of one list on their way into the casebook: their cells as found, as understood, and at fault.

A `Rows` goes through a few plain functions; each gives back a new one with more known about it. Nothing
is dropped without an entry for the quarantine, so rows in = rows kept + rows quarantined at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from upturn.records import quarantine
from upturn.records.lists.checks import CHECKS
from upturn.records.lists.convert import once_each, to_dates, to_ids, to_numbers, to_text, trimmed
from upturn.records.lists.layout import Column, Source, comparable
from upturn.records.mapping import ValueMapping, apply_mapping, to_flag
from upturn.records.sheets import ERROR_VALUES


@dataclass(frozen=True)
class Rows:
    """Rows of one list. All frames have one row per row kept, in the sheet's order.

    Under the official headers, ``raw`` holds the cells as found, ``values`` as understood, and
    ``problems`` the id of the check that set a cell aside (null: nothing wrong); ``at`` has the sheet's
    row number (1-based). ``links`` has the identifier made for each row, ``id``, and in ``parent`` that of
    the row it is nested in, where records are nested. ``entries`` are the quarantine's; ``rows_in``
    counts the rows that came in.
    """

    source: Source
    raw: pl.DataFrame
    values: pl.DataFrame
    problems: pl.DataFrame
    at: pl.Series
    links: pl.DataFrame
    rows_in: int
    entries: tuple[pl.DataFrame, ...] = ()

    @property
    def label(self) -> str:
        """``List 4``."""
        return self.source.layout.label

    def columns(self, *types: str) -> list[Column]:
        """The columns of these types that the sheet has."""
        has = self.source.columns
        return [c for c in self.source.layout.columns if c.type in types and c.header in has]

    def filled_by(self, to: str) -> pl.Series:
        """``child``, ``team`` or ``worker`` as understood; nulls when the sheet has no such column."""
        for column in self.source.layout.columns:
            if column.to == to and column.header in self.values.columns:
                return self.values[column.header].alias(to)
        return pl.Series(to, [None] * self.at.len(), dtype=pl.String())


def understand(rows: Rows, mappings: dict[str, ValueMapping]) -> Rows:
    """Every cell as a date, number, flag, code or text; rows without a child or a key date go out."""
    return understand_all([rows], mappings)[0]


def understand_all(lists: Sequence[Rows], mappings: dict[str, ValueMapping]) -> list[Rows]:
    """The same for all lists of a source together, which is quicker: what they share is done once."""
    found = _converted(lists, mappings)
    return [_understood(rows, found[i]) for i, rows in enumerate(lists)]


def _understood(rows: Rows, found: dict[str, pl.DataFrame]) -> Rows:
    columns = _columns_there(rows)
    rows = replace(
        rows,
        values=pl.DataFrame({c.header: found[c.header]["value"] for c in columns}),
        problems=pl.DataFrame({c.header: found[c.header]["problem"] for c in columns}),
    )
    rows = _drop_without_child(rows)
    for column in (c for c in columns if c.needed and c.type == "date"):
        rows = _drop_without_key_date(rows, column)
    at_fault = [p for p in rows.problems.iter_columns() if p.null_count() < p.len()]
    entries = tuple(_cell_entries(rows, p.name, p, "") for p in at_fault)
    return replace(rows, entries=rows.entries + entries)


def _columns_there(rows: Rows) -> list[Column]:
    return [c for c in rows.source.layout.columns if c.header in rows.source.columns]


def _converted(
    lists: Sequence[Rows], mappings: dict[str, ValueMapping]
) -> list[dict[str, pl.DataFrame]]:
    """The columns of each list as understood. Columns of one kind are stacked and go through together."""
    kinds: dict[tuple[str, str, bool, bool, bool], list[tuple[int, Column]]] = {}
    for i, rows in enumerate(lists):
        for c in _columns_there(rows):
            kind = (c.type, c.mapping, c.many, c.to == "child", rows.source.sheet.date_1904)
            kinds.setdefault(kind, []).append((i, c))
    found: list[dict[str, pl.DataFrame]] = [{} for _ in lists]
    for (*_, date_1904), alike in kinds.items():
        stacked = pl.concat([lists[i].raw[c.header] for i, c in alike])
        left = _convert(stacked, alike[0][1], mappings, date_1904=date_1904)
        for i, c in alike:
            height = lists[i].raw.height
            found[i][c.header], left = left.head(height), left.slice(height)
    return found


def _convert(
    cells: pl.Series, kind: Column, mappings: dict[str, ValueMapping], *, date_1904: bool
) -> pl.DataFrame:
    if kind.type == "date":
        return to_dates(cells, date_1904=date_1904)
    if kind.type == "number":
        return to_numbers(cells)
    if kind.type in ("yesno", "code"):
        mapping = mappings[kind.mapping]
        convert = _to_flag_of_several if kind.many else _to_codes
        return once_each(cells, lambda distinct: convert(distinct, kind, mapping))
    return to_ids(cells) if kind.to == "child" else to_text(cells)


def _to_codes(cells: pl.Series, kind: Column, mapping: ValueMapping) -> pl.DataFrame:
    found = apply_mapping(mapping, cells)
    value = to_flag(found["code"]) if kind.type == "yesno" else found["code"]
    problem = (
        pl.when(trimmed(cells).is_in(list(ERROR_VALUES)))
        .then(pl.lit("error-value"))
        .when(pl.col("how").is_in(["not understood", "ambiguous"]))
        .then(pl.lit("value-not-understood"))
    )
    return found.select(value=value, problem=problem)


def _to_flag_of_several(cells: pl.Series, kind: Column, mapping: ValueMapping) -> pl.DataFrame:
    """Several answers in a cell: yes when one is, no when all are; a problem when one is not understood."""
    parts = pl.DataFrame({"cell": cells.str.split(",")}).with_row_index("n").explode("cell")
    each = _to_codes(parts["cell"], kind, mapping)
    value, problem = pl.col("value"), pl.col("problem")
    said = (
        pl.concat([parts.select("n"), each], how="horizontal")
        .group_by("n", maintain_order=True)
        .agg(
            value=pl.when(value.any()).then(True).when((~value).fill_null(False).all()).then(False),
            problem=problem.drop_nulls().first(),
        )
    )
    return said.select("value", problem=pl.when(value.is_null()).then(problem))


def _drop_without_child(rows: Rows) -> Rows:
    column = rows.source.layout.child
    problem = rows.problems[column.header]
    again = rows.raw[column.header].is_in(_spelled_like(rows, column))
    problem = pl.select(
        pl.when(again).then(pl.lit("repeated-header")).otherwise(problem)
    ).to_series()
    return drop(rows, problem, header=column.header)


def _spelled_like(rows: Rows, column: Column) -> list[str]:
    """The distinct cells of the identifier column that are its header once more."""
    cells = rows.raw[column.header]
    likely = (
        cells.filter(cells.str.contains_any(["id"], ascii_case_insensitive=True)).unique().to_list()
    )
    return [c for c in likely if comparable(c) in column.spellings]


def _drop_without_key_date(rows: Rows, column: Column) -> Rows:
    missing = rows.values[column.header].is_null()
    if not missing.any():
        return rows
    why = rows.problems[column.header].replace_strict(
        {check: text.name.lower() for check, text in CHECKS.items()}, default="it is blank"
    )
    problem = pl.select(pl.when(missing).then(pl.lit("no-key-date"))).to_series()
    return drop(rows, problem, header=column.header, other=why)


def drop(rows: Rows, problem: pl.Series, *, header: str, other: pl.Series | str = "") -> Rows:
    """Quarantine the rows with a ``problem`` (a check's id per row, null for none); keep the rest.

    ``other`` is what the check compared with, in words: for each row, or the same for all.
    """
    if problem.null_count() == problem.len():
        return rows
    entries = _entries(rows, problem, header=header, other=other, whole_row=True)
    return keep(replace(rows, entries=(*rows.entries, entries)), problem.is_null())


def keep(rows: Rows, mask: pl.Series) -> Rows:
    """Only the rows where ``mask`` is true. The caller has quarantined the others."""
    return replace(
        rows,
        raw=rows.raw.filter(mask),
        values=rows.values.filter(mask),
        problems=rows.problems.filter(mask),
        at=rows.at.filter(mask),
        links=rows.links.filter(mask),
    )


def set_aside(rows: Rows, header: str, problem: pl.Series, *, other: pl.Series | str = "") -> Rows:
    """Take the cells with a ``problem`` out of use; a check of level ``note`` leaves them in use."""
    if problem.null_count() == problem.len():
        return rows
    fresh = pl.select(pl.when(rows.problems[header].is_null()).then(problem)).to_series()
    if fresh.null_count() == fresh.len():
        return rows
    entries = _cell_entries(rows, header, fresh, other)
    notes = [check for check, text in CHECKS.items() if text.level == "note"]
    taken = pl.select(pl.when(~fresh.is_in(notes)).then(fresh).alias(header)).to_series()
    value = pl.select(pl.when(taken.is_null()).then(rows.values[header]).alias(header))
    marked = pl.select(pl.coalesce(rows.problems[header], taken).alias(header))
    return replace(
        rows,
        values=rows.values.with_columns(value.to_series()),
        problems=rows.problems.with_columns(marked.to_series()),
        entries=(*rows.entries, entries),
    )


def _cell_entries(
    rows: Rows, header: str, problem: pl.Series, other: pl.Series | str
) -> pl.DataFrame:
    return _entries(rows, problem, header=header, other=other, whole_row=False)


def _entries(
    rows: Rows, problem: pl.Series, *, header: str, other: pl.Series | str, whole_row: bool
) -> pl.DataFrame:
    """The quarantine's entries for rows where ``problem`` names a check."""
    at_fault = problem.is_not_null()
    cells = rows.raw.filter(at_fault)
    frame = pl.DataFrame(
        {
            "check": problem.filter(at_fault).cast(pl.String),
            "child_id": rows.filled_by("child").filter(at_fault),
            "source_row": rows.at.filter(at_fault),
            "cell": cells[header],
            "other": other if isinstance(other, str) else other.filter(at_fault),
            "team": rows.filled_by("team").filter(at_fault),
            "worker": rows.filled_by("worker").filter(at_fault),
        }
    )
    if whole_row:
        frame = frame.with_columns(cells.select(row=pl.struct(pl.all()).struct.json_encode()))
    return finish_entries(
        frame,
        rows.source,
        column=rows.source.headers[rows.source.columns[header]],
        whole_row=whole_row,
    )


def finish_entries(
    frame: pl.DataFrame, source: Source, *, column: str, whole_row: bool
) -> pl.DataFrame:
    """Entries with the words of their check and the place in the file, in the quarantine's schema."""
    shown = pl.col("cell").str.strip_suffix(" 00:00:00").fill_null("blank")
    reason = pl.col("reason").str.replace_all("{column}", column, literal=True)
    reason = reason.str.replace_all("{order}", source.layout.date_order, literal=True)
    for name, value in (("{value}", shown), ("{other}", pl.col("other"))):
        reason = _put_in(reason, name, value)
    return (
        frame.join(_check_texts(), on="check", how="left", maintain_order="left")
        .with_columns(
            source_list=pl.lit(source.layout.label),
            source_file=pl.lit(source.sheet.file),
            source_sheet=pl.lit(source.sheet.name),
            column=pl.lit(None if whole_row else column, dtype=pl.String),
            value=pl.col("row") if whole_row else pl.col("cell"),
            reason=reason,
        )
        .select(pl.col(name).cast(dtype) for name, dtype in quarantine.SCHEMA.items())
    )


@cache
def _check_texts() -> pl.DataFrame:
    """What each check says and advises, a row each."""
    texts = [(check, t.level, t.reason, t.what_to_do) for check, t in CHECKS.items()]
    return pl.DataFrame(texts, schema=["check", "level", "reason", "what_to_do"], orient="row")


def _put_in(template: pl.Expr, name: str, value: pl.Expr) -> pl.Expr:
    """``template`` with its one ``name`` replaced by another column's text, taken literally."""
    before = template.str.split_exact(name, 1)
    return (
        pl.when(template.str.contains(name, literal=True))
        .then(pl.concat_str(before.struct[0], value.fill_null(""), before.struct[1].fill_null("")))
        .otherwise(template)
    )
