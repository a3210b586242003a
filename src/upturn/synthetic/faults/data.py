"""Faults of data in rows and cells: what is wrong with what stands in the workbook.

Most faults put something else into one cell of some rows: they are in the table `CELLS`. The others change
whole rows, and are functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from upturn.synthetic.annex_a.sheets import Cell, Formula
from upturn.synthetic.annex_a.write import SERIAL_ZERO
from upturn.synthetic.days import date_of
from upturn.synthetic.faults.catalogue import catalogue
from upturn.synthetic.faults.draft import Draft, Row
from upturn.synthetic.faults.planter import Planter

Drafts = dict[int, Draft]
Change = Callable[[Row, int], Cell]
_AUTHORISED = "cin_assessments.cina_assessment_auth_date"
_ASSESSED = "cin_assessments.cina_assessment_start_date"
_SUPPORT = "cin_assessments.cina_assessment_needs_support"
_REFERRED = "cin_episodes.cine_referral_date"
_CONFERENCE = "initial_cp_conference.icpc_icpc_date"
_ENQUIRY = "s47_enquiry.s47e_s47_start_date"
_NEED, _SEEN = "cin_plans.cinp_cin_plan_start_date", "cin_visits.cinv_cin_visit_date"
_VISITED = "cp_visits.cppv_cp_visit_date"
_PLAN, _PLAN_END = "cp_plans.cppl_cp_plan_start_date", "cp_plans.cppl_cp_plan_end_date"
_CATEGORY = "cp_plans.cppl_cp_plan_latest_category"
_CARE, _BORN = "cla_episodes.clae_entered_care_date", "person.pers_dob"


@dataclass(frozen=True)
class CellFault:
    """One kind of cell put wrong in one column of one list.

    ``change`` makes the new cell of the row and its number among those changed. Rows qualify that have a
    value in ``column`` and, when ``older`` is given, a date in ``by`` (else in ``column``) at least or, if
    negative, at most so many days before the extract. There are at least ``least``, or a ``share``.
    """

    fault: str
    number: int
    column: str
    change: Change
    by: str | None = None
    older: int | None = None
    least: int = 2
    share: float = 0.0015


def _always(value: Cell) -> Change:
    return lambda row, n: value


def _moved(column: str, days: int, *, by_row: int = 0) -> Change:
    """The date in ``column`` moved by so many days, and ``by_row`` more for each row."""
    return lambda row, n: row[column] + timedelta(days=days + n * by_row)


def _to_saturday(row: Row, n: int) -> Cell:
    day: date = row[_CONFERENCE]
    return day + timedelta(days=5 - day.weekday())


def _failed(row: Row, n: int) -> Cell:
    return "#N/A" if n % 3 == 2 else Formula("=NA()", "#N/A")


def _as_text(column: str) -> Change:
    return lambda row, n: f"{row[column]:%d/%m/%Y}"


def _as_number(row: Row, n: int) -> Cell:
    days: int = (row[_NEED] - SERIAL_ZERO).days
    return days


def _no_break(row: Row, n: int) -> Cell:
    return str(row["worker"]).replace(" ", "\u00a0") + " "


def _padded(row: Row, n: int) -> Cell:
    return f" {row['child']} "


def _formula(row: Row, n: int) -> Cell:
    return Formula(f"=ROUND({row['age']},2)", float(row["age"]))


CELLS: tuple[CellFault, ...] = (
    CellFault("blank-child-ids", 1, "child", _always(None)),
    CellFault("blank-key-dates", 3, _REFERRED, _always(None)),
    CellFault("born-after", 8, _BORN, _moved(_CARE, 450, by_row=11), by=_CARE, older=1500),
    CellFault("end-before-start", 7, _PLAN_END, _moved(_PLAN, -12, by_row=-1)),
    CellFault("end-before-start", 4, _AUTHORISED, _moved(_ASSESSED, -12, by_row=-1)),
    # A year too late, and few: nobody takes them for the date of the extract.
    CellFault("dates-after-extract", 7, _VISITED, _moved(_VISITED, 365), older=-150, share=0),
    CellFault("dates-after-extract", 4, _AUTHORISED, _moved(_AUTHORISED, 365), older=-150, share=0),
    CellFault("impossible-dates", 7, _VISITED, _always(date(1900, 1, 1))),
    CellFault("impossible-dates", 6, _SEEN, _always(date(1900, 1, 1))),
    CellFault("weekend-conferences", 5, _CONFERENCE, _to_saturday, older=10),
    CellFault("typed-nonsense", 5, _CONFERENCE, _always("tbc")),
    CellFault("typed-nonsense", 4, _AUTHORISED, _always("31/02/2026")),
    CellFault("typed-nonsense", 6, _SEEN, _always("see notes")),
    CellFault("unknown-spellings", 1, "person.pers_sex", _always("Girl child")),
    CellFault("unknown-spellings", 7, _CATEGORY, _always("see chronology")),
    CellFault("unknown-spellings", 4, _SUPPORT, _always("CS Assessment Updated")),
    CellFault("error-cells", 6, "worker", _failed, least=3),
    CellFault("error-cells", 6, "team", _failed, least=3),
    CellFault("error-cells", 4, "worker", _failed, least=3),
    CellFault("text-dates", 3, _REFERRED, _as_text(_REFERRED), least=5, share=0.05),
    CellFault("text-dates", 5, _ENQUIRY, _as_text(_ENQUIRY), least=5, share=0.05),
    CellFault("serial-dates", 6, _NEED, _as_number, least=5, share=0.03),
    CellFault("stray-spaces", 3, "worker", _no_break, least=3, share=0.03),
    CellFault("stray-spaces", 7, "worker", _no_break, least=3, share=0.03),
    CellFault("stray-spaces", 6, "child", _padded, least=3),
    CellFault("formula-cells", 10, "age", _formula, least=3, share=0.5),
)
_EXPECTED = {f.id: (f.expected[0] if f.expected else None) for f in catalogue() if f.kind == "data"}


def plant(p: Planter, drafts: Drafts) -> None:
    """Plant the wanted faults of rows and cells in the drafts; rows first, so that cells stay put."""
    for fault, change in _ROWS.items():
        if p.wants(fault):
            change(p, drafts)
    for cell in CELLS:
        if p.wants(cell.fault):
            _put(p, drafts[cell.number], cell)


def _put(p: Planter, draft: Draft, cell: CellFault) -> None:
    can = pl.col(cell.column).is_not_null()
    if cell.older is not None:
        limit, day = date_of(p.as_at - abs(cell.older)), pl.col(cell.by or cell.column)
        can &= (day <= limit) if cell.older >= 0 else (day >= limit)
    rng = p.rng(f"{cell.fault} {cell.number} {cell.column}")
    for n, row in enumerate(draft.pick(rng, can, least=cell.least, share=cell.share)):
        new = cell.change(row, n)
        draft.put(row, cell.column, new)
        detail = f"{_shown(row[cell.column])} became {_shown(new)}"
        draft.tell(cell.fault, row, cell.column, _EXPECTED[cell.fault], detail)


def _shown(value: object) -> str:
    if isinstance(value, Formula):
        return str(value.value)
    return "nothing" if value is None else str(value)


def _duplicates(p: Planter, drafts: Drafts) -> None:
    for number, least in ((3, 3), (6, 2)):
        draft = drafts[number]
        rows = draft.pick(p.rng(f"duplicate {number}"), pl.lit(True), least=least)
        copies = draft.add_after({row["id"]: {} for row in rows})
        for row in rows:
            copy = row | {"id": copies[row["id"]]}
            draft.tell("duplicate-rows", copy, None, "duplicate-row", "the same as the row above")


def _contradictions(p: Planter, drafts: Drafts) -> None:
    fault, draft = "contradictory-rows", drafts[4]
    before = date_of(p.as_at) - timedelta(days=10)
    rows = draft.pick(p.rng(fault), pl.col(_AUTHORISED) <= before, least=2)
    week = timedelta(days=7)
    copies = draft.add_after({row["id"]: {_AUTHORISED: row[_AUTHORISED] + week} for row in rows})
    for row in rows:
        for one in (row, row | {"id": copies[row["id"]]}):
            draft.tell(fault, one, _AUTHORISED, fault, "two dates for one assessment")


def _total(p: Planter, drafts: Drafts) -> None:
    drafts[3].total = True
    drafts[3].tell("totals-row", None, None, "total-row", "a row of totals at the foot")


def _blank_rows(p: Planter, drafts: Drafts) -> None:
    for number in (1, 4):
        draft = drafts[number]
        rows = draft.pick(p.rng(f"blank rows {number}"), pl.col("place") > 2, least=2, share=0.0005)
        draft.blank_before |= {row["id"] for row in rows}
        for row in rows:
            draft.tell("blank-rows", row, None, None, "a blank row stands before this one")


def _text_column(p: Planter, drafts: Drafts) -> None:
    draft = drafts[2]
    for column in [c for c in draft.headers if draft.rows.schema[c] == pl.Date]:
        text = draft.rows[column].dt.strftime("%d/%m/%Y")
        draft.rows = draft.rows.with_columns(text.alias(column))
        draft.tell("text-dates", None, column, None, "the whole column is text")


_ROWS: dict[str, Callable[[Planter, Drafts], None]] = {
    "duplicate-rows": _duplicates,
    "contradictory-rows": _contradictions,
    "totals-row": _total,
    "blank-rows": _blank_rows,
    "text-dates": _text_column,
}
