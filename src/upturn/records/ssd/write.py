"""A casebook as tables of the Standard Safeguarding Dataset: the inverse of the reader.

Each column is filled from the field that the reader fills from it, by the same ``ssd.yaml``; what the dataset
says in its own way (outcomes, factors, kinds of disability) is said so again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.sheets import SourceError
from upturn.records.ssd.layout import SsdColumn, SsdTable, ssd
from upturn.records.tables import PROVENANCE, TABLES

#: In the cell of a date, an answer or a code that the reader set aside, so that it is set aside again and
#: never read as "it did not happen".
ASIDE = "set aside"
#: The same for an outcome, which has to be no text.
_ASIDE_OUTCOME = "{set aside"
_ADOPTION = "Adoption"
_UNACCOMPANIED = "Unaccompanied asylum seeking child"


def ssd_frames(book: Casebook) -> dict[str, pl.DataFrame]:
    """The tables of the dataset by name, cells as text as a case system exports them; null for a blank.

    A table or column that the casebook's source did not have is not there; one that it had and that is
    empty is there, with its columns and no rows. Dates have a time of midnight, flags are ``Y`` and ``N``,
    teams and workers have their number where the casebook has one.

    Raises SourceError for a casebook that keeps only the latest row of some table (a list of Annex A): the
    dataset holds every row, so the earlier ones would be read as never having happened.

    >>> from datetime import date
    >>> from upturn.records.casebook import Casebook
    >>> from upturn.records.tables import empty
    >>> none = pl.DataFrame()
    >>> book = Casebook("ssd", "a folder", "", date(2026, 4, 1), "given", {}, (), none, none)
    >>> ssd_frames(book)["ssd_contacts"].columns[:2]
    ['cont_contact_id', 'cont_person_id']
    """
    _refuse_latest_only(book)
    ids = _numbers(book)
    frames = {}
    for name, layout in ssd().tables.items():
        if layout.main and _held(book, layout):
            frames[name] = _table(book, layout, ids)
        elif name in _BESIDE:
            frames |= {name: _BESIDE[name](book)} if _beside_held(book, name) else {}
    return frames


def left_out(book: Casebook) -> tuple[str, ...]:
    """What the casebook holds and the dataset has no column for: one sentence for each table.

    >>> from datetime import date
    >>> from upturn.records.casebook import Casebook
    >>> none = pl.DataFrame()
    >>> left_out(Casebook("ssd", "a folder", "", date(2026, 4, 1), "given", {}, (), none, none))
    ()
    """
    said = []
    for name, table in TABLES.items():
        rows = book.table(name)
        told = [c for c in table.columns if rows[c].null_count() < rows.height]
        lost = sorted(set(told) - _carried(name))
        if lost:
            said.append(f"The dataset has no column for {', '.join(lost)} ({name}).")
    return tuple(said)


def _carried(name: str) -> set[str]:
    """The fields of a table that come back when its columns are read, by number, by date or worked out."""
    layout = next((t for t in ssd().tables.values() if t.main == name), None)
    if layout is None:
        return set()
    return {c.field for c in layout.columns} | {c.header for c in layout.columns} | {
        TABLES[name].key, TABLES[name].child or ""
    }  # fmt: skip


def _refuse_latest_only(book: Casebook) -> None:
    latest = [n for n, kept in book.history.items() if kept == "latest" and book.table(n).height]
    if latest:
        raise SourceError(
            f"{book.source_name} keeps only the latest row of {', '.join(latest)}; as the Standard "
            "Safeguarding Dataset it would be read as if there had been no others"
        )


def _held(book: Casebook, layout: SsdTable) -> bool:
    """Whether the source had the table: rows, or a field that it is not known to lack."""
    return bool(book.table(layout.main).height) or bool(_columns(book, layout))


def _beside_held(book: Casebook, name: str) -> bool:
    return _FROM[name] not in book.absent_fields


def _columns(book: Casebook, layout: SsdTable) -> list[SsdColumn]:
    """The columns that say something of their own: not the identifiers, the child and who has her."""
    plain = [c for c in layout.ssd_columns if not c.ours and _field(c, layout) is not None]
    keys = {TABLES[layout.main].key, TABLES[layout.main].child, "team", "worker"}
    return [c for c in plain if _field(c, layout) not in (*keys, *book.absent_fields)]


def _field(column: SsdColumn, layout: SsdTable) -> str | None:
    """The field of the casebook a column is filled from; None when the casebook keeps nothing of it."""
    table = TABLES[layout.main]
    if column.header in _MADE:
        return _FROM[column.header]
    if column.header == layout.own_id:
        return table.key
    if column.to == "child":
        return table.child or table.key
    if column.to in ("team", "worker"):
        return column.to
    return column.field if column.field in table.columns else None


def _table(book: Casebook, layout: SsdTable, ids: Mapping[str, dict[str, str]]) -> pl.DataFrame:
    rows = book.table(layout.main)
    own = _columns(book, layout)
    table = TABLES[layout.main]
    keys = (table.key, table.child or table.key)
    kept = [
        c for c in layout.ssd_columns
        if not c.ours and (c in own or _field(c, layout) in keys or _somebody(c, rows))
    ]  # fmt: skip
    return rows.select(_cell(c, layout, ids) for c in kept)


def _somebody(column: SsdColumn, rows: pl.DataFrame) -> bool:
    return column.to in ("team", "worker") and rows[column.to].null_count() < rows.height


def _cell(column: SsdColumn, layout: SsdTable, ids: Mapping[str, dict[str, str]]) -> pl.Expr:
    """The column's cells as text."""
    field = _field(column, layout) or ""
    if column.header in _MADE:
        return _MADE[column.header]().alias(column.header)
    if column.to in ("team", "worker"):
        said = pl.col(field).replace(ids[column.to])
        # A team in a table without one came from the child's holder, and so did the worker: the reader
        # finds both again.
        alone = column.to == "worker" and all(c.to != "team" for c in layout.columns)
        said = pl.when(pl.col("team").is_null()).then(said) if alone else said
        return said.alias(column.header)
    said = _text(field, (TABLES[layout.main].columns | PROVENANCE)[field])
    if column.type in ("date", "yesno", "code", "number"):
        said = pl.when(_aside(field)).then(pl.lit(ASIDE)).otherwise(said)
    return said.alias(column.header)


def _aside(field: str) -> pl.Expr:
    return pl.col(field).is_null() & pl.col("set_aside").list.contains(field).fill_null(False)


def _text(field: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(field).dt.strftime("%Y-%m-%d 00:00:00")
    return _yes_no(pl.col(field)) if dtype == pl.Boolean else pl.col(field).cast(pl.String)


def _yes_no(said: pl.Expr) -> pl.Expr:
    return pl.when(said).then(pl.lit("Y")).when(~said).then(pl.lit("N"))


def _numbers(book: Casebook) -> dict[str, dict[str, str]]:
    """The number of each team and worker by name, where a name is of one only."""
    staff = book.table("professionals")
    named = staff.select(
        "prof_professional_id", name=pl.coalesce("prof_professional_name", "prof_staff_id")
    )
    return {
        "team": _one_each(book.table("department"), "dept_team_name", "dept_team_id"),
        "worker": _one_each(named, "name", "prof_professional_id"),
    }


def _one_each(frame: pl.DataFrame, name: str, number: str) -> dict[str, str]:
    pairs = frame.select(name, number).drop_nulls().filter(pl.col(name).is_unique())
    return dict(pairs.iter_rows())


def _outcome() -> pl.Expr:
    """The outcome of an enquiry under the keys of one case system."""
    key = ssd().outcomes["conference"]["keys"]["systemc"]
    field = pl.col("s47e_icpc_not_required")
    said = pl.lit(f'{{"{key}": "') + _yes_no(~field) + pl.lit('"}')
    return pl.when(_aside("s47e_icpc_not_required")).then(pl.lit(_ASIDE_OUTCOME)).otherwise(said)


def _adoption_date() -> pl.Expr:
    return _text("perm_adoption_order_date", pl.Date())


def _adoption_kind() -> pl.Expr:
    return pl.when(pl.col("perm_adoption_order_date").is_not_null()).then(pl.lit(_ADOPTION))


def _own_team() -> pl.Expr:
    """The team of an involvement as its source had it."""
    return pl.coalesce("invo_professional_team", "team")


#: Columns that are not a field of the casebook as it stands.
_MADE: Mapping[str, Callable[[], pl.Expr]] = {
    "s47e_s47_outcome_json": _outcome,
    "cina_assessment_outcome_nfa": lambda: _yes_no(~pl.col("cina_assessment_needs_support")),
    "perm_permanence_order_date": _adoption_date,
    "perm_permanence_order_type": _adoption_kind,
    "clae_cla_id": lambda: pl.col("clae_cla_episode_id"),
    "clae_cla_episode_start_date": lambda: _text("clae_entered_care_date", pl.Date()),
    "invo_professional_team": _own_team,
}


def _beside(frame: pl.DataFrame, prefix: str, child: str, **columns: pl.Expr) -> pl.DataFrame:
    """A table of a row for each of some children, with a number of its own."""
    rows = frame.with_row_index("_n", offset=1)
    head = {
        f"{prefix}_id": pl.format("{}{}", pl.lit(prefix[:4].upper()), "_n"),
        f"{prefix[:4]}_person_id": pl.col(child),
    }
    return rows.select(**head, **columns)


def _disability(book: Casebook) -> pl.DataFrame:
    told = book.table("person").drop_nulls("pers_disability")
    code = pl.when("pers_disability").then(pl.lit("DDA")).otherwise(pl.lit("NONE"))
    return _beside(told, "disa_table", "pers_person_id", disa_disability_code=code)


def _immigration(book: Casebook) -> pl.DataFrame:
    told = book.table("person").drop_nulls("pers_uasc")
    status = pl.when("pers_uasc").then(pl.lit(_UNACCOMPANIED)).otherwise(pl.lit("Other"))
    frame = _beside(
        told, "immi_immigration_status", "pers_person_id", immi_immigration_status=status
    )
    return frame


def _factors(book: Casebook) -> pl.DataFrame:
    told = book.table("cin_assessments").drop_nulls("cina_assessment_factors")
    codes = pl.col("cina_assessment_factors").str.replace_all(",", '", "', literal=True)
    listed = pl.lit('["') + codes + pl.lit('"]')
    return _beside(
        told, "cinf_table", "cina_person_id",
        cinf_assessment_id=pl.col("cina_assessment_id"), cinf_assessment_factors_json=listed,
    )  # fmt: skip


#: Tables that only tell something about the rows of others.
_BESIDE: Mapping[str, Callable[[Casebook], pl.DataFrame]] = {
    "ssd_disability": _disability,
    "ssd_immigration_status": _immigration,
    "ssd_assessment_factors": _factors,
}
#: The field of the casebook that each of these columns and tables is made from.
_FROM: Mapping[str, str] = {
    "s47e_s47_outcome_json": "s47e_icpc_not_required",
    "cina_assessment_outcome_nfa": "cina_assessment_needs_support",
    "perm_permanence_order_date": "perm_adoption_order_date",
    "perm_permanence_order_type": "perm_adoption_order_date",
    "clae_cla_id": "clae_cla_episode_id",
    "clae_cla_episode_start_date": "clae_entered_care_date",
    "invo_professional_team": "team",
    "ssd_disability": "pers_disability",
    "ssd_immigration_status": "pers_uasc",
    "ssd_assessment_factors": "cina_assessment_factors",
}
