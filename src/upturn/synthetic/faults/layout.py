"""Faults of the workbook's layout: headers, titles, columns, sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl

from upturn.records.annex_a.layout import annex_a
from upturn.rulebooks.calendar import add_months
from upturn.synthetic.annex_a.lists import Tables, list_3, people
from upturn.synthetic.annex_a.sheets import WrittenSheet
from upturn.synthetic.faults.draft import Draft, begin
from upturn.synthetic.faults.planter import Planter

Drafts = dict[int, Draft]
#: Rows of last year's list on the hidden sheet, at most.
OLD_ROWS = 40


def plant(p: Planter, drafts: Drafts) -> None:
    """Plant the wanted faults of layout in the drafts."""
    for fault, change in _FAULTS.items():
        if p.wants(fault):
            change(p, drafts)


def _curly(p: Planter, drafts: Drafts) -> None:
    for number in (4, 8):
        draft = drafts[number]
        for name, header in draft.headers.items():
            curled = header.replace("children's", "children’s").replace("Child's", "Child’s")
            curled = curled.replace("'Missing'", "‘Missing’").replace("'Absent'", "‘Absent’")
            curled = curled.replace(
                "(UASC) within the Last 12 Months (Y/N)", "(UASC) within the Last 12 Months (Y/N))"
            )
            if curled != header:
                draft.headers[name] = curled
                draft.tell(
                    "curly-headers",
                    None,
                    name,
                    None,
                    "the header has curly quotes or a stray bracket",
                )


def _title(p: Planter, drafts: Drafts) -> None:
    draft = drafts[7]
    draft.title, draft.header_row = "Children subject to a child protection plan", 3
    draft.tell("title-row", None, None, None, "a title and a blank row above the headers")


def _case(p: Planter, drafts: Drafts) -> None:
    drafts[5].headers = {name: header.upper() for name, header in drafts[5].headers.items()}
    drafts[5].tell("changed-header-case", None, None, None, "all headers are in capitals")
    name = "cin_episodes.cine_referral_date"
    drafts[3].headers[name] = "Date of referral"
    drafts[3].tell("changed-header-case", None, name, None, "the header has a small letter")


def _extra(p: Planter, drafts: Drafts) -> None:
    draft = drafts[6]
    areas = {0: "North", 1: "South", 2: "Out of area"}
    area = (pl.col("child").cast(pl.Int64) % 3).replace_strict(areas, return_dtype=pl.String)
    draft.rows = draft.rows.with_columns(extra=area)
    draft.headers = {**draft.headers, "extra": "Locality"}
    draft.tell("extra-column", None, "extra", None, "a column that is not in the template")


def _missing(p: Planter, drafts: Drafts) -> None:
    drafts[2].tell("missing-optional-column", None, None, None, "there is no column for age")
    drafts[2].headers = {
        name: header for name, header in drafts[2].headers.items() if name != "age"
    }


def _merge(p: Planter, drafts: Drafts) -> None:
    draft = drafts[9]
    draft.rows = draft.rows.sort("team", "place", maintain_order=True)
    first = draft.rows["team"][0] if draft.rows.height else None
    n = min(6, draft.rows.filter(pl.col("team") == first).height)
    if n > 1:
        draft.merge = ("team", n)
        draft.tell("merged-cells", None, "team", None, f"the first {n} rows have one cell")


def _names(p: Planter, drafts: Drafts) -> None:
    for number, name in ((1, "Contacts"), (2, "List_2"), (6, "Children in Need")):
        drafts[number].name = name
        drafts[number].tell("sheet-names", None, None, None, f"List {number} is on sheet {name}")


_FAULTS: dict[str, Callable[[Planter, Drafts], None]] = {
    "curly-headers": _curly,
    "title-row": _title,
    "changed-header-case": _case,
    "extra-column": _extra,
    "missing-optional-column": _missing,
    "merged-cells": _merge,
    "sheet-names": _names,
}


def hidden_sheet(p: Planter, tables: Tables, *, as_at: date) -> WrittenSheet | None:
    """Last year's referrals on a hidden sheet, every row of which should be set aside; None if not wanted."""
    fault = "hidden-sheet"
    if not p.wants(fault):
        return None
    old = add_months(as_at, -12)
    then = {**tables, "referrals": tables["referrals"].filter(pl.col("referred") <= old)}
    rows = list_3(then, add_months(old, -6), old).head(OLD_ROWS)
    rows = rows.join(
        people(tables["children"], as_at=old), on="child", how="left", maintain_order="left"
    )
    draft = _hidden_draft(rows)
    for row in draft.rows.iter_rows(named=True):
        draft.tell(fault, row, None, "second-sheet", "last year's list on a hidden sheet")
    return replace(draft.finished(p), hidden=True)


def _hidden_draft(rows: pl.DataFrame) -> Draft:
    return begin(annex_a()[2], rows, name="List 3 (old)", protected=frozenset(), streams=None)
