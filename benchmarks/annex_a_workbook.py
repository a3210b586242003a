"""A made-up Annex A workbook of any size: plausible cells in the official layout, and nothing wrong."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from upturn.records.annex_a.layout import Column, ListLayout, annex_a
from upturn.records.mapping import load_mappings

#: Rows of each list at a large county: 60,000 together.
COUNTY = {
    1: 14_000,
    2: 4_000,
    3: 9_000,
    4: 9_000,
    5: 4_000,
    6: 10_000,
    7: 2_500,
    8: 3_000,
    9: 2_500,
    10: 1_000,
    11: 1_000,
}
AS_AT = date(2026, 9, 30)
BLANK = 0.15  # of the cells that may be blank
WRITTEN_AS_CODE = ("ethnicity",)
WRITTEN_AS_WORDS = ("gender", "yes_no")


def write_workbook(path: Path, rows: dict[int, int], *, seed: int = 1) -> int:
    """Write the lists with this many rows each; returns the number of cells with something in them."""
    draw = random.Random(seed)
    filled = 0
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for layout in annex_a():
            sheet = book.add_worksheet(layout.label)
            sheet.write_row(0, 0, [column.header for column in layout.columns])
            for row in range(1, rows[layout.number] + 1):
                values = row_of(layout, row, draw)
                sheet.write_row(row, 0, values)
                filled += sum(value is not None for value in values)
    return filled


def row_of(layout: ListLayout, row: int, draw: random.Random) -> list[object]:
    """One row: a child of its own, dates in the order of the columns."""
    day = AS_AT - timedelta(days=draw.randrange(150, 181))
    values: list[object] = []
    for column in layout.columns:
        if column.type == "date" and column.field != "pers_dob":
            day = weekday(min(AS_AT, day + timedelta(days=draw.randrange(12))))
        values.append(None if may_be_blank(column, draw) else value_of(column, row, day, draw))
    return values


def weekday(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def may_be_blank(column: Column, draw: random.Random) -> bool:
    return column.to != "child" and not column.needed and draw.random() < BLANK


def value_of(column: Column, row: int, day: date, draw: random.Random) -> object:
    if column.type == "id":
        return 7_000_000 + row
    if column.type == "date":
        born = AS_AT - timedelta(days=200 + 37 * row % 5_800)  # the same in every list
        shown = born if column.field == "pers_dob" else day
        return datetime(shown.year, shown.month, shown.day)
    if column.type == "number":
        return draw.randrange(4)
    if column.type == "yesno":
        return draw.choice(["a) Yes", "b) No"])
    if column.codes:
        choices = CHOICES[column.codes]
        same = column.table == "person"  # what is said of a child is the same in every list
        return choices[row % len(choices)] if same else draw.choice(choices)
    return f"{column.header[:12]} {draw.randrange(40)}"


def pick_list(name: str) -> list[str]:
    """A mapping's codes as the workbook's pick-lists write them: ``q) 6: Police``."""
    shown = []
    for place, (code, words) in enumerate(load_mappings()[name].codes.items()):
        text = f"{code}: {words}"
        if name in WRITTEN_AS_CODE:
            text = code
        elif name in WRITTEN_AS_WORDS or code.islower():
            text = words
        shown.append(f"{chr(97 + place % 26)}) {text}")
    return shown


CHOICES = {name: pick_list(name) for name in load_mappings()}
