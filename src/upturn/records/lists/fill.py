"""From the rows of the lists to the tables of the casebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from upturn.records.lists.layout import Column
from upturn.records.lists.rows import Rows, finish_entries
from upturn.records.tables import NUMBER, TABLES, empty

#: Which field of a table names the row of the list's main table that it belongs to.
PARENT = {
    "initial_cp_conference": "icpc_s47_enquiry_id",
    "cin_visits": "cinv_cin_plan_id",
    "cp_visits": "cppv_cp_plan_id",
    "cp_reviews": "cppr_cp_plan_id",
    "legal_status": "lega_cla_episode_id",
    "cla_placement": "clap_cla_id",
    "cla_reviews": "clar_cla_id",
    "cla_visits": "clav_cla_id",
    "cla_health": "clah_cla_id",
    "missing": "miss_cla_id",
}


def fill(lists: Iterable[Rows]) -> dict[str, pl.DataFrame]:
    """Every table of the casebook but ``person``, filled from the lists."""
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in TABLES}
    for rows in lists:
        for name in _tables_of(rows):
            if name == "cla_health":
                parts[name] += [_health(rows, c) for c in _columns_for(rows, name)]
            else:
                parts[name].append(_table(rows, name))
    return {name: pl.concat([empty(name), *found]) for name, found in parts.items()}


def _tables_of(rows: Rows) -> list[str]:
    named = [c.table for c in rows.source.layout.columns if c.header in rows.values.columns]
    return [t for t in dict.fromkeys([rows.source.layout.main, *named]) if t and t != "person"]


def _columns_for(rows: Rows, table: str) -> list[Column]:
    return [
        c
        for c in rows.source.layout.columns
        if c.table == table and c.header in rows.values.columns
    ]


def _table(rows: Rows, name: str) -> pl.DataFrame:
    """One table's part of a list of Annex A; what is not the list's main table belongs to its row."""
    main = name == rows.source.layout.main
    return table_of(rows, name, {} if main else {PARENT[name]: rows.links["id"]})


def table_of(rows: Rows, name: str, links: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The rows of table ``name`` that these rows give, with the fields that ``links`` fills.

    Of a table that is not the list's main one, only the rows that say anything.
    """
    columns = _columns_for(rows, name)
    frame = _provenance(rows, columns).with_columns(
        *(rows.values[c.header].alias(c.field) for c in columns),
        *(ids.alias(field) for field, ids in links.items()),
        rows.links["id"].alias(TABLES[name].key),
    )
    if name == rows.source.layout.main:
        return _typed(frame, name)
    said = [c.field for c in columns if TABLES[name].columns[c.field] != NUMBER]
    happened = pl.any_horizontal(pl.col(said).is_not_null()) | (pl.col("set_aside").list.len() > 0)
    return _typed(frame.filter(happened), name)


def _health(rows: Rows, column: Column) -> pl.DataFrame:
    """One column of list 8 as rows of health checks: the column's field names the kind of check."""
    frame = _provenance(rows, [column]).with_columns(
        pl.format("{}.{}", rows.links["id"], pl.lit(column.field)).alias("clah_health_check_id"),
        rows.links["id"].alias("clah_cla_id"),
        pl.lit(column.field.replace("_", " ")).alias("clah_health_check_type"),
        rows.values[column.header].alias("clah_health_check_date"),
        pl.col("set_aside").list.eval(pl.element().replace(column.field, "clah_health_check_date")),
    )
    happened = pl.col("clah_health_check_date").is_not_null() | (pl.col("set_aside").list.len() > 0)
    return _typed(frame.filter(happened), "cla_health")


def _provenance(rows: Rows, columns: list[Column]) -> pl.DataFrame:
    """Child, team, worker, the place in the file, and which of ``columns`` were set aside."""
    problems = {c.field: rows.problems[c.header] for c in columns}
    marks = [
        pl.when(problem.is_not_null()).then(pl.lit(field))
        for field, problem in problems.items()
        if problem.null_count() < problem.len()
    ]
    aside = (
        pl.concat_list(marks).list.drop_nulls() if marks else pl.lit([], dtype=pl.List(pl.String))
    )
    source = rows.source
    return pl.DataFrame(
        {
            "child": rows.filled_by("child"),
            "team": rows.filled_by("team"),
            "worker": rows.filled_by("worker"),
            "source_row": rows.at,
        }
    ).with_columns(
        source_file=pl.lit(source.sheet.file),
        source_sheet=pl.lit(source.sheet.name),
        source_list=pl.lit(source.layout.label),
        set_aside=aside,
    )


def _typed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with the table's columns, all of them, in order and typed."""
    table = TABLES[name]
    if table.child and table.child != table.key:
        frame = frame.with_columns(pl.col("child").alias(table.child))
    elif not table.child:
        frame = frame.with_columns(pl.col("child").alias(table.key))
    return frame.select(
        (pl.col(c) if c in frame.columns else pl.lit(None).alias(c)).cast(dtype)
        for c, dtype in table.schema.items()
    )


def people(lists: Iterable[Rows]) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """One row a child from whatever the lists say of them, and a note where they disagree.

    The most frequent value is taken; the first of equals in the order of the lists. Second value: the
    notes for the quarantine, or None.
    """
    said = [_person_rows(rows) for rows in lists if rows.source.layout.main != "adopters"]
    if not said:
        return empty("person"), None
    every = pl.concat(said, how="diagonal")
    fields = [f for f in TABLES["person"].columns if f != "pers_person_id" and f in every.columns]
    place = [
        pl.col(c).first() for c in ("source_file", "source_sheet", "source_list", "source_row")
    ]
    frame = every.group_by("child", maintain_order=True).agg(*map(_first_said, fields), *place)
    told = [f for f in fields if TABLES["person"].columns[f] != pl.Boolean]
    if told:
        frame = frame.update(_most_frequent(every, told), on="child")
    frame = frame.with_columns(
        pl.col("child").alias("pers_person_id"),
        set_aside=pl.lit([], dtype=pl.List(pl.String)),
        team=pl.lit(None, dtype=pl.String),
        worker=pl.lit(None, dtype=pl.String),
    )
    return _typed(frame, "person"), _disagreements(every, lists)


def _person_rows(rows: Rows) -> pl.DataFrame:
    columns = _columns_for(rows, "person")
    return _provenance(rows, []).with_columns(rows.values[c.header].alias(c.field) for c in columns)


def _first_said(field: str) -> pl.Expr:
    """The first value given; of flags, whether any says yes, and null where none says anything."""
    if TABLES["person"].columns[field] == pl.Boolean:
        return pl.col(field).max()
    return pl.col(field).first(ignore_nulls=True)


def _most_frequent(every: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    """The most frequent value, for the children of whom different things are said."""
    differs = [pl.col(f) != pl.col(f).first(ignore_nulls=True).over("child") for f in fields]
    children = every.filter(pl.any_horizontal(differs))["child"].unique().implode()
    most = [pl.col(f).drop_nulls().mode(maintain_order=True).first() for f in fields]
    return every.filter(pl.col("child").is_in(children)).group_by("child").agg(most)


def _disagreements(every: pl.DataFrame, lists: Iterable[Rows]) -> pl.DataFrame | None:
    """Notes for children whose date of birth differs between rows."""
    if "pers_dob" not in every.columns:
        return None
    told = every.filter(pl.col("pers_dob").is_not_null())
    differ = told.filter(pl.col("pers_dob").n_unique().over("child") > 1)
    if differ.is_empty():
        return None
    place = pl.format(
        "{} in {} row {}", pl.col("pers_dob").dt.strftime("%-d %b %Y"), "source_list", "source_row"
    )
    grouped = (
        differ.unique(["child", "pers_dob"], maintain_order=True)
        .group_by("child", maintain_order=True)
        .agg(
            cell=place.str.join("; "),
            label=pl.col("source_list").first(),
            source_row=pl.col("source_row").first(),
            team=pl.col("team").first(),
            worker=pl.col("worker").first(),
        )
    )
    by_label = {rows.label: rows.source for rows in lists}
    entries = [
        finish_entries(
            part.with_columns(
                pl.lit("child-contradicted").alias("check"),
                pl.col("child").alias("child_id"),
                pl.lit("").alias("other"),
            ),
            by_label[str(label)],
            column="Date of Birth",
            whole_row=False,
        )
        for (label,), part in grouped.group_by("label", maintain_order=True)
    ]
    return pl.concat(entries)
