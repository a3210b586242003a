"""The workbook a team manager is sent: one sheet per team, worst first, ready to filter and print."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from upturn.journeys.result import Check
from upturn.records.quality import by_source
from upturn.render import excel
from upturn.render.excel import Book, Column, Sheet
from upturn.render.sheetnames import sheet_names
from upturn.render.summary import provenance, row_totals
from upturn.render.tables import add_sheet
from upturn.render.view import PRESSING, by_team, once
from upturn.render.words import BANNER, NO_TEAM, STATE_MEANINGS, count, day, weekday

COLUMNS = (
    Column("Child", 16),
    Column("What is due", 34, wrap=True),
    Column("State", 17, wrap=True),
    Column("Started", 12),
    Column("Due", 12),
    Column("Worker", 20, wrap=True),
    Column("Reason", 70, wrap=True),
    Column("Source rows", 22, wrap=True),
)
_SUMMARY = (
    Column("Team", 44, wrap=True),
    Column("Overdue", 12),
    Column("Due soon", 12),
    Column("Cannot tell", 12),
    Column("Children overdue or due soon", 18, wrap=True),
)
_FIELDS = (
    "child_id", "what", "state_words", "started_on", "due_on", "worker", "reason", "source_rows", "state"
)  # fmt: skip


def write_due(check: Check, clocks: pl.DataFrame, path: Path) -> None:
    """Write ``due.xlsx``: a summary, a sheet for each team with anything overdue or due soon, and "About".

    Of several sources, also what came of each and where they disagree.
    ``clocks`` are the check's, as `worst_first` gives them.
    """
    clocks = once(clocks)
    pressing = clocks.filter(pl.col("state").is_in(PRESSING))
    teams = by_team(clocks)
    owed = teams.filter(pl.col("overdue") + pl.col("due soon") > 0)
    owed = owed.sort("label", pl.col("team").is_null())
    tabs = sheet_names(
        owed["label"].to_list(), taken=("Summary", "About", "Sources", "Disagreements")
    )
    places = dict(zip(owed["team"], tabs, strict=True))
    with excel.workbook(path, as_at=check.as_at, rows=pressing.height) as book:
        first = book.workbook.add_worksheet("Summary")
        sheets = {team: book.workbook.add_worksheet(tab) for team, tab in places.items()}
        _summary_sheet(first, book, check, teams, places)
        by = pressing.partition_by("team", as_dict=True)
        for team, sheet in sheets.items():
            _team_sheet(sheet, book, check, team or NO_TEAM, by[(team,)])
        if check.casebook.parts:
            add_sheet(book, "Sources", _header(check), by_source(check.casebook))
            add_sheet(book, "Disagreements", _header(check), check.casebook.disagreements)
        _about_sheet(book.workbook.add_worksheet("About"), book, check)


def _header(check: Check) -> str:
    name = check.casebook.source_name
    return f"As at {weekday(check.as_at)} · {name} · {BANNER}"


def _summary_sheet(
    sheet: Sheet, book: Book, check: Check, teams: pl.DataFrame, places: dict[str | None, str]
) -> None:
    """Who has how much: the page a service manager reads."""
    pressing = sum(teams["overdue"].to_list()) + sum(teams["due soon"].to_list())
    said = "Overdue and due soon, by team" if pressing else "Nothing is overdue or due soon"
    excel.put(sheet, 0, 0, f"{said}, as at {weekday(check.as_at)}", book, book.title)
    excel.put(sheet, 1, 0, f"{check.casebook.source_name}. {BANNER}", book, book.bold)
    excel.put(sheet, 2, 0, _soon(check), book)
    excel.head(sheet, book, _SUMMARY, row=4, rows=teams.height)
    row = 5
    for team in teams.iter_rows(named=True):
        _team_name(sheet, book, row, team, places)
        for column, name in enumerate(("overdue", "due soon", "cannot tell", "children"), start=1):
            excel.put(sheet, row, column, team[name], book)
        row += 1
    excel.put(sheet, row, 0, "All teams", book, book.bold)
    for column, name in enumerate(("overdue", "due soon", "cannot tell"), start=1):
        excel.put(sheet, row, column, int(teams[name].sum()), book, book.bold)
    everyone = check.clocks.filter(pl.col("state").is_in(PRESSING))["child_id"].n_unique()
    excel.put(sheet, row, 4, everyone, book, book.bold)
    excel.for_print(sheet, header=_header(check), row=4)


def _team_name(
    sheet: Sheet, book: Book, row: int, team: dict[str, object], places: dict[str | None, str]
) -> None:
    """The team's name, linked to its sheet when it has one."""
    label, key = str(team["label"]), team["team"]
    place = places.get(key if key is None else str(key))
    if place is None:
        excel.put(sheet, row, 0, label, book, book.wrap)
        return
    excel.link(sheet, row, 0, label, book, to=place)


def _soon(check: Check) -> str:
    days = count(check.due_within, "working day")
    return (
        f"Due soon: due within {days}. Why each is due: the team's sheet. What it rests on: About."
    )


def _team_sheet(sheet: Sheet, book: Book, check: Check, team: str, clocks: pl.DataFrame) -> None:
    """One team's list, worst first."""
    overdue = int((clocks["state"] == "overdue").sum())
    said = (
        f"{overdue:,} overdue, {clocks.height - overdue:,} due soon, as at {weekday(check.as_at)}"
    )
    excel.put(sheet, 0, 0, f"{team}: {said}", book, book.title)
    excel.head(sheet, book, COLUMNS, row=1, rows=clocks.height)
    styles = {"overdue": book.overdue, "due soon": book.soon}
    for row, values in enumerate(clocks.select(_FIELDS).iter_rows(), start=2):
        excel.fit(sheet, row, values, COLUMNS)
        for column, value in enumerate(values[:-1]):
            style = styles[values[-1]] if column == 2 else None
            wrap = book.wrap if COLUMNS[column].wrap else None
            excel.put(sheet, row, column, value, book, style or wrap)
    excel.for_print(sheet, header=f"{team} · {_header(check)}", row=1)


def _about_sheet(sheet: Sheet, book: Book, check: Check) -> None:
    """What the workbook rests on and what it does not say."""
    sheet.set_column(0, 0, 30, book.wrap)
    sheet.set_column(1, 1, 100, book.wrap)
    excel.put(sheet, 0, 0, "About this workbook", book, book.title)
    for row, (name, said) in enumerate(_about(check), start=2):
        excel.put(sheet, row, 0, name, book, book.bold)
        excel.put(sheet, row, 1, said, book, book.wrap)
    excel.for_print(sheet, header=_header(check), row=0)


def _about(check: Check) -> list[tuple[str, str]]:
    facts, rows = provenance(check), row_totals(check)
    came_in = (
        f"{rows['rows_in']:,} rows = {rows['accepted']:,} accepted + {rows['quarantined']:,} quarantined; "
        f"{count(rows['cells_set_aside'], 'cell')} set aside"
    )
    lines = [
        ("Care", BANNER),
        ("Extract", check.casebook.source_name),
        ("SHA-256 of the extract", check.casebook.sha256),
        ("As at", f"{day(check.as_at)}: {check.casebook.as_at_reason}"),
        ("Due soon", f"due within {count(check.due_within, 'working day')} of the as-at date"),
        ("What came in", came_in),
        ("Upturn", str(facts["upturn"])),
    ]
    if check.casebook.mapping:
        lines.append(("Your mapping file", check.casebook.mapping))
    lines += [
        ("Rulebook", f"{book.title} ({book.id}, version {book.version}, {book.status})")
        for book in check.rulebooks
    ]
    lines += [("State: " + state, meaning) for state, meaning in STATE_MEANINGS.items()]
    untested = check.coverage.filter(pl.col("tested") != "full")
    lines += [
        (f"Tested: {row['tested']}", f"{row['rule_name']}: {row['because'] or 'no reason given'}")
        for row in untested.iter_rows(named=True)
    ]
    return lines + [("Note", note) for note in check.casebook.notes]
