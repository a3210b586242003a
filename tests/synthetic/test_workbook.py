"""The workbook as an independent reader finds it: the mess is really there, and the clean form is clean."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from upturn.records.annex_a.layout import annex_a
from upturn.synthetic import Council, make_council, write_annex_a

Book = openpyxl.Workbook


@pytest.fixture(scope="module")
def messy(small: Council, tmp_path_factory: pytest.TempPathFactory) -> Book:
    path = tmp_path_factory.mktemp("messy") / "annex_a.xlsx"
    write_annex_a(small, path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def clean(small: Council, tmp_path_factory: pytest.TempPathFactory) -> Book:
    path = tmp_path_factory.mktemp("clean") / "annex_a.xlsx"
    write_annex_a(small, path, messy=False)
    return openpyxl.load_workbook(path)


def places(council: Council, fault: str) -> list[tuple[str, int, str | None]]:
    rows = council.truth.filter(fault=fault)
    return list(rows.select("sheet", "source_row", "column").iter_rows())


def cell(book: Book, council: Council, sheet: str, row: int, column: str) -> object:
    headers = next(s.headers for s in council.sheets if s.name == sheet)
    return book[sheet].cell(row, headers.index(column) + 1)


def headers(page: Worksheet, row: int = 1) -> list[object]:
    return [c.value for c in page[row]]


def test_error_cells_are_errors_and_some_are_text(small: Council, messy: Book) -> None:
    kinds = [
        cell(messy, small, s, r, c or "").data_type for s, r, c in places(small, "error-cells")
    ]  # type: ignore[attr-defined]
    values = [cell(messy, small, s, r, c or "").value for s, r, c in places(small, "error-cells")]  # type: ignore[attr-defined]
    assert set(values) <= {"#N/A", "=NA()"}
    assert "f" in kinds
    assert {"e", "s"} & set(kinds)


def test_the_stored_value_of_a_failed_formula_is_an_error(small: Council, tmp_path: Path) -> None:
    write_annex_a(small, tmp_path / "a.xlsx")
    stored = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    sheet, row, column = places(small, "error-cells")[0]
    found = cell(stored, small, sheet, row, column or "")
    assert (found.value, found.data_type) == ("#N/A", "e")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fault", "kind", "because"),
    [
        ("text-dates", "s", "a date typed as text"),
        ("serial-dates", "n", "a bare number"),
        ("typed-nonsense", "s", "words in a date column"),
        ("impossible-dates", "d", "a real date cell, of 1900"),
        ("dates-after-extract", "d", "a real date cell, of next year"),
        ("weekend-conferences", "d", "a real date cell"),
        ("formula-cells", "f", "a formula"),
        ("blank-child-ids", "n", "an empty cell"),
    ],
)
def test_cells_are_of_the_kind_planted(
    small: Council, messy: Book, fault: str, kind: str, because: str
) -> None:
    found = [cell(messy, small, s, r, c) for s, r, c in places(small, fault) if r and c]
    assert found, fault
    assert {c.data_type for c in found} == {kind}, because  # type: ignore[attr-defined]


def test_serial_dates_have_no_date_format(small: Council, messy: Book) -> None:
    for sheet, row, column in places(small, "serial-dates"):
        found = cell(messy, small, sheet, row, column or "")
        assert not found.is_date  # type: ignore[attr-defined]
        assert 30_000 < found.value < 60_000  # type: ignore[attr-defined]


def test_conferences_planted_on_a_saturday_are_on_a_saturday(small: Council, messy: Book) -> None:
    for sheet, row, column in places(small, "weekend-conferences"):
        assert cell(messy, small, sheet, row, column or "").value.weekday() == 5  # type: ignore[attr-defined]


def test_duplicate_rows_are_alike_in_every_cell(small: Council, messy: Book) -> None:
    for sheet, row, _ in places(small, "duplicate-rows"):
        page = messy[sheet]
        assert [c.value for c in page[row]] == [c.value for c in page[row - 1]]


def test_contradictory_rows_differ_only_in_the_date(small: Council, messy: Book) -> None:
    rows = sorted(row for _, row, _ in places(small, "contradictory-rows"))
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        a, b = ([c.value for c in messy["List 4"][r]] for r in (first, second))
        assert sum(x != y for x, y in zip(a, b, strict=True)) == 1


def test_the_title_stands_two_rows_above_the_headers(messy: Book) -> None:
    page = messy["List 7"]
    assert page["A1"].value == "Children subject to a child protection plan"
    assert page["A2"].value is None
    assert page["A3"].value == "Child Unique ID"


def test_the_last_row_of_referrals_is_a_total(small: Council, messy: Book) -> None:
    page = messy["List 3"]
    assert page.cell(page.max_row, 1).value == "Total"
    assert places(small, "totals-row") == [("List 3", page.max_row, None)]


def test_blank_rows_stand_where_they_were_put(small: Council, messy: Book) -> None:
    for sheet, row, _ in places(small, "blank-rows"):
        assert all(c.value is None for c in messy[sheet][row - 1])
        assert messy[sheet].cell(row, 1).value is not None


def test_the_old_list_is_hidden_and_says_it_is_list_3(messy: Book) -> None:
    hidden = [page for page in messy if page.sheet_state == "hidden"]
    assert [page.title for page in hidden] == ["List 3 (old)"]
    assert headers(hidden[0])[0] == "Child Unique ID"
    assert hidden[0].max_row > 20
    assert max(c.value for c in hidden[0]["F"][1:]).year == 2025


def test_teams_are_merged_in_the_care_leavers_list(messy: Book) -> None:
    ranges = [str(r) for r in messy["List 9"].merged_cells.ranges]
    assert len(ranges) == 1
    team = headers(messy["List 9"]).index("Allocated Team")
    first = messy["List 9"].cell(2, team + 1).coordinate
    assert ranges[0].startswith(f"{first}:")


def test_headers_are_changed_as_told(messy: Book) -> None:
    assert "Was the child assessed as requiring LA children’s social care support?" in headers(
        messy["List 4"]
    )
    assert any("‘Missing’" in str(h) for h in headers(messy["List 8"]))
    assert any(str(h).endswith("(Y/N))") for h in headers(messy["List 8"]))
    assert all(str(h).isupper() for h in headers(messy["List 5"]))
    assert "Date of referral" in headers(messy["List 3"])
    assert "Locality" in headers(messy["Children in Need"])
    assert not any("Age" in str(h) for h in headers(messy["List_2"]))
    assert {"Contacts", "List_2", "Children in Need"} <= set(messy.sheetnames)


def test_names_hold_no_break_spaces(small: Council, messy: Book) -> None:
    found = [cell(messy, small, s, r, c or "").value for s, r, c in places(small, "stray-spaces")]  # type: ignore[attr-defined]
    assert any("\u00a0" in str(v) for v in found)
    assert any(str(v).startswith(" ") for v in found)


def test_the_clean_form_has_the_templates_sheets_and_headers(clean: Book) -> None:
    assert clean.sheetnames == [f"List {n}" for n in range(1, 12)]
    for layout in annex_a():
        assert headers(clean[layout.label]) == [c.header for c in layout.columns]


def test_the_clean_form_has_no_error_text_or_gap(clean: Book) -> None:
    for page in clean:
        assert page.sheet_state == "visible"
        assert not page.merged_cells.ranges
        for row in page.iter_rows(min_row=2):
            assert row[0].value is not None
            assert all(c.data_type in "nsd" for c in row)


def test_the_clean_form_keeps_to_the_pick_lists(clean: Book) -> None:
    gender = {row[1].value for row in clean["List 1"].iter_rows(min_row=2)}
    assert gender <= {"a) Male", "b) Female", "c) Not stated/recorded (or unborn)"}


def test_the_same_council_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_annex_a(make_council(seed=7), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_another_seed_is_another_council(small: Council) -> None:
    other = make_council(seed=8)
    assert not set(other.children["child_id"].head(50)) & set(small.children["child_id"])


def test_the_same_council_has_the_same_tables(small: Council) -> None:
    again = make_council(seed=1)
    assert again.truth.equals(small.truth)
    for table in ("contacts", "cp_visits", "care_periods", "workers", "adopters"):
        assert getattr(again, table).equals(getattr(small, table)), table


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    small: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "annex_a.xlsx"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_annex_a(small, path)
    assert [f.name for f in tmp_path.iterdir()] == ["annex_a.xlsx"]
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_said(small: Council, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        write_annex_a(small, tmp_path / "nowhere" / "annex_a.xlsx")
