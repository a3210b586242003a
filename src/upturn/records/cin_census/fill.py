"""From the rows of a return to the tables of the casebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from upturn.records.cin_census.layout import Record
from upturn.records.lists.fill import table_of
from upturn.records.lists.rows import Rows
from upturn.records.tables import TABLES, empty

_CONFERENCE = "initial_cp_conference"
#: Fields that say what a record is nested in, or that its place in the form says.
LINKS = frozenset(
    {
        "cina_referral_id",
        "cinp_referral_id",
        "s47e_referral_id",
        "cppl_referral_id",
        "cppr_cp_plan_id",
        "icpc_s47_enquiry_id",
        "icpc_referral_id",
        "icpc_icpc_transfer_in",
        "icpc_icpc_target_date",
    }
)


@dataclass(frozen=True)
class Filed:
    """One kind of record, understood. ``lost`` are the records that had one of it now in quarantine."""

    record: Record
    rows: Rows
    lost: frozenset[str]


def fill(kinds: Mapping[str, Filed]) -> dict[str, pl.DataFrame]:
    """Every table but ``person``, from the rows of each kind of record by the record's name.

    A record that had another nested in it which went to quarantine names that one's key date in its
    ``set_aside``, so that what is not there is not read as what did not happen.
    """
    tables = {name: empty(name) for name in TABLES}
    for filed in kinds.values():
        record = filed.record
        if record.main != "person":
            links = {record.parent: filed.rows.links["parent"]} if record.parent else {}
            tables[record.main] = table_of(filed.rows, record.main, links)
    for filed in kinds.values():
        above, key = kinds.get(filed.record.inside or ""), filed.record.key_date
        if filed.lost and above is not None and key is not None and above.record.main != "person":
            name = above.record.main
            tables[name] = _marked(tables[name], TABLES[name].key, filed.lost, key.field)
    referrals, enquiries = kinds["referral"].rows, kinds["enquiry"].rows
    tables[_CONFERENCE] = pl.concat([_of_enquiries(enquiries), _transfers_in(referrals)])
    return tables


def _marked(table: pl.DataFrame, key: str, lost: frozenset[str], field: str) -> pl.DataFrame:
    """``field`` added to what was set aside, in the rows whose key is in ``lost``."""
    more = pl.concat_list("set_aside", pl.lit([field], dtype=pl.List(pl.String)))
    aside = pl.when(pl.col(key).is_in(list(lost))).then(more).otherwise("set_aside")
    return table.with_columns(set_aside=aside)


def _of_enquiries(rows: Rows) -> pl.DataFrame:
    """The conferences that came of enquiries, with the target date the return gives."""
    target = rows.values.get_column("InitialCPCtarget", default=_nothing(rows, pl.Date()))
    return table_of(
        rows,
        _CONFERENCE,
        {
            "icpc_s47_enquiry_id": rows.links["id"],
            "icpc_referral_id": rows.links["parent"],
            "icpc_icpc_target_date": target,
            "icpc_icpc_transfer_in": pl.Series([False] * rows.at.len(), dtype=pl.Boolean()),
        },
    )


def _transfers_in(rows: Rows) -> pl.DataFrame:
    """The conferences of children who moved in: dated in the episode itself, with no enquiry."""
    return table_of(
        rows,
        _CONFERENCE,
        {
            "icpc_referral_id": rows.links["id"],
            "icpc_icpc_transfer_in": pl.Series([True] * rows.at.len(), dtype=pl.Boolean()),
        },
    )


def _nothing(rows: Rows, dtype: pl.DataType) -> pl.Series:
    return pl.Series([None] * rows.at.len(), dtype=dtype)
