"""Target dates that the source gives, held against those the law gives.

A case system's own list of bank holidays may be wrong, and in some the enquiry starts on another day than
the strategy discussion. The clocks never use such a target; this says where it differs.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.lists.checks import CHECKS
from upturn.records.quarantine import SCHEMA
from upturn.rulebooks.calendar import DAY0, due_table
from upturn.rulebooks.model import Interval

#: From the strategy discussion that started the enquiry to the initial conference.
_WITHIN = Interval(15, "working_days")
_CHECK, _COLUMN = "target-date-differs", "icpc_icpc_target_date"


def with_targets_checked(casebook: Casebook) -> Casebook:
    """The casebook with a note in its quarantine on each conference whose target date is not ours.

    A target is ours when it is 15 working days after the section 47 enquiry started, by England's bank
    holidays. A casebook that has been checked already stays as it is.
    """
    if (casebook.quarantine["check"] == _CHECK).any():
        return casebook
    wrong = wrong_targets(casebook)
    if wrong.is_empty():
        return casebook
    return replace(casebook, quarantine=pl.concat([casebook.quarantine, wrong]))


def wrong_targets(casebook: Casebook) -> pl.DataFrame:
    """The notes themselves, with the schema of the quarantine."""
    started = casebook.table("s47_enquiry").select(
        icpc_s47_enquiry_id="s47e_s47_enquiry_id", _start="s47e_s47_start_date"
    )
    rows = casebook.table("initial_cp_conference").join(
        started, on="icpc_s47_enquiry_id", maintain_order="left"
    )
    rows = rows.with_columns(_ours=due_on(pl.col("_start"), _WITHIN))
    said, text = CHECKS[_CHECK], "%-d %b %Y"
    found = rows.filter(pl.col(_COLUMN) != pl.col("_ours")).with_columns(
        _said=pl.col(_COLUMN).dt.strftime(text), _right=pl.col("_ours").dt.strftime(text)
    )
    reason = said.reason.replace("{column}", _COLUMN).replace("{value}", "{}")
    return found.select(
        level=pl.lit(said.level),
        check=pl.lit(_CHECK),
        child_id="icpc_person_id",
        source_list="source_list",
        source_file="source_file",
        source_sheet="source_sheet",
        source_row="source_row",
        column=pl.lit(_COLUMN),
        value=pl.col(_COLUMN).cast(pl.String),
        reason=pl.format(reason.replace("{other}", "{}"), "_said", "_right"),
        what_to_do=pl.lit(said.what_to_do),
        team="team",
        worker="worker",
    ).select(pl.col(c).cast(t) for c, t in SCHEMA.items())


def due_on(start: pl.Expr, within: Interval) -> pl.Expr:
    """The due day of each start day by the calendar's table; null outside it."""
    table = pl.Series(due_table(within))
    offset = start.to_physical().cast(pl.Int64) - DAY0
    inside = offset.is_between(0, len(table) - 1)
    day = pl.lit(table).gather(pl.when(inside).then(offset))
    return pl.when(day >= 0).then(day).cast(pl.Date)
