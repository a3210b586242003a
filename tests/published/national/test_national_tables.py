"""Every table of the department is read figure by figure, and what is not a figure is named."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import made_up_panel as made
import polars as pl
import pytest

import upturn
from upturn.published.national.model import Figure, figures, topics
from upturn.published.national.panel import Panel, panel_at
from upturn.published.national.reading import read_published

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))
from docs_pages import panel_figures

PLACE = "time_period,time_identifier,geographic_level,country_name,region_name,old_la_code,la_name"
TABLES = sorted((made.REAL / "dfe").glob("[abcd][0-9]_*.csv")) if made.REAL.exists() else []
DOCUMENTED = panel_figures.page()
real_only = pytest.mark.skipif(not TABLES, reason="the shared data is not here")


def table(path: Path, columns: str, *rows: str) -> Path:
    path.write_text("\n".join([f"{PLACE},{columns}", *rows]) + "\n", "utf-8")
    return path


def la(code: str, year: int, cells: str) -> str:
    return f"{year},Reporting year,Local authority,England,Middle,{code},Area {code},{cells}"


def value(panel: Panel, measure: str, code: str = "300") -> float | None:
    return panel.rows(measure).filter(la_code=code)["value"].item()


def imported(tmp_path: Path, *files: Path) -> Panel:
    upturn.national.import_files(files, into=tmp_path / "n.db")
    return panel_at(tmp_path / "n.db")


SPLITS = [
    ("Referrals,Police,Schools", "200,50,c", "from-police", 25.0, "C5: a share of referrals"),
    ("Referrals,April,May", "200,10,30", "in-may", 15.0, "C6: a share of the year"),
    ("Episodes_with_assessment_factor,Neglect", "80,60", "factor-neglect", 75.0, "C3"),
    ("Assessments_completed,61+_days", "50,5", "days-61", 10.0, "C2"),
    ("CPP_At31,2_years_or_more,2_years_or_more_percent", "90,2,2.2", "cpp-two-years", 2.2, "D5: as given"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "cells", "figure", "expect", "because"), SPLITS, ids=[s[2] for s in SPLITS]
)
def test_a_part_is_its_share_of_the_whole(
    tmp_path: Path, columns: str, cells: str, figure: str, expect: float, because: str
) -> None:
    panel = imported(tmp_path, table(tmp_path / "t.csv", columns, la("300", 2024, cells)))
    assert value(panel, figure) == expect, because


def test_a_suppressed_part_stays_suppressed_and_the_others_have_values(tmp_path: Path) -> None:
    panel = imported(
        tmp_path,
        table(tmp_path / "c5.csv", "Referrals,Police,Schools", la("300", 2024, "200,50,c")),
    )
    assert value(panel, "from-schools") is None
    assert panel.rows("from-schools")["status"].to_list() == ["suppressed: a small number"]
    assert value(panel, "from-police") == 25.0


def test_a_part_of_a_suppressed_whole_has_no_value(tmp_path: Path) -> None:
    panel = imported(
        tmp_path, table(tmp_path / "c5.csv", "Referrals,Police", la("300", 2024, "c,50"))
    )
    assert value(panel, "from-police") is None


TOTALS = (
    "time_period,time_identifier,geographic_level,country_code,country_name,category,category_type,"
    "number,rate,percent"
)


def totals(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([TOTALS, *rows]) + "\n", "utf-8")
    return path


def total(year: int, row: str, number: str, rate: str = "z", percent: str = "z") -> str:
    return f"{year},Reporting year,National,E92000001,England,Any,{row},{number},{rate},{percent}"


def test_the_totals_give_england_where_no_table_of_authorities_has_it(tmp_path: Path) -> None:
    rows = (
        total(2023, "CPPs ending that had lasted two years or more", "2400", percent="3.8"),
        total(2023, "Section 47s in the year", "224520", "187.1"),
    )
    panel = imported(tmp_path, totals(tmp_path / "a2.csv", *rows))
    said = {
        m: panel.rows(m)["value"].item() for m in ("s47", "s47-rate", "cpp-ended-two-years-share")
    }
    assert said == {"s47": 224520.0, "s47-rate": 187.1, "cpp-ended-two-years-share": 3.8}
    assert panel.rows("s47")["area_type"].to_list() == ["England"]


def test_a_figure_of_england_alone_is_in_no_study_and_it_is_said(tmp_path: Path) -> None:
    panel = imported(
        tmp_path, totals(tmp_path / "a2.csv", total(2023, "ICPCs in the year", "9", "1"))
    )
    with pytest.raises(upturn.SourceError, match="it is of England alone"):
        panel.series("icpc")


def test_the_totals_never_stand_in_for_a_table_of_authorities(tmp_path: Path) -> None:
    panel = imported(
        tmp_path,
        table(tmp_path / "c4.csv", "Section47", la("300", 2023, "120")),
        totals(tmp_path / "a2.csv", total(2024, "Section 47s in the year", "224520", "187.1")),
    )
    assert panel.rows("s47").select("year", "value").rows() == [(2023, 120.0)]


def test_a_row_of_the_totals_that_is_no_figure_is_set_aside_and_named(tmp_path: Path) -> None:
    rows = (total(2023, "Something new", "5"), total(2023, "Section 47s in the year", "1", "1"))
    found = read_published(totals(tmp_path / "a2.csv", *rows))
    assert found.aside.rows() == [(2, "its row is no figure of the panel")]
    assert found.unread == ("Something new",)


def test_a_column_that_is_no_figure_is_named(tmp_path: Path) -> None:
    file = table(tmp_path / "c5.csv", "Referrals,Police,Astrologers", la("300", 2024, "9,3,6"))
    assert read_published(file).unread == ("astrologers",)


def test_a_table_of_englands_years_is_read(tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("year_ending_31_march,cpp_started,icpc_0_10wd,source\n2024,62110,6800,DfE\n")
    panel = imported(tmp_path, wide)
    assert panel.rows("cpp-started").select("area_type", "value").rows() == [("England", 62110.0)]
    assert panel.rows("icpc-0-10")["value"].to_list() == [6800.0]


WITHOUT = [
    ("Measure_code,Topic,Chart_title\n305,CP,x\n", "it defines the measures"),
    ("measure,year,n_LA,p5,p25,p50\nx,2025,151,1,2,3\n", "a spread worked out from the long file"),
    ("LTLA23CD,UTLA23CD,ObjectId\nE1,E2,1\n", "which district is in which county"),
]


@pytest.mark.parametrize(("text", "said"), WITHOUT, ids=[w[1] for w in WITHOUT])
def test_a_file_without_figures_is_named_for_what_it_is(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "other.csv"
    file.write_text(text)
    with pytest.raises(upturn.SourceError, match=f"{said}.*, and holds no figure"):
        read_published(file)


UNLIKELY = [
    (date(2099, 1, 1), "hardly published", "a slip of the finger"),
    (date(2020, 1, 1), "was not published on", "before the figures it has"),
]


@pytest.mark.parametrize(("day", "said", "because"), UNLIKELY, ids=[u[2] for u in UNLIKELY])
def test_a_day_on_which_a_file_cannot_have_come_out_is_refused(
    tmp_path: Path, day: date, said: str, because: str
) -> None:
    file = table(tmp_path / "w.csv", "vacancy_rate_fte", la("300", 2024, "9"))
    with pytest.raises(upturn.SourceError, match=said):
        upturn.national.import_files([file], into=tmp_path / "n.db", published=day)
    assert not (tmp_path / "n.db").exists(), because
    upturn.national.import_files([file], into=tmp_path / "n.db", published=date(2025, 2, 27))


def test_a_list_without_dates_is_held_against_what_the_panel_has(tmp_path: Path) -> None:
    near = tmp_path / "near.csv"
    near.write_text("old_la_code,la_name,SN_1\n300,Area 300,301\n")
    into = tmp_path / "n.db"
    upturn.national.import_files([near], into=into, published=date(2099, 1, 1))
    file = table(tmp_path / "w.csv", "vacancy_rate_fte", la("300", 2024, "9"))
    upturn.national.import_files([file], into=into)
    near.write_text(near.read_text() + "301,Area 301,300\n")
    with pytest.raises(upturn.SourceError, match=r"near\.csv: the panel's latest figure is as at"):
        upturn.national.import_files([near], into=into, published=date(2099, 1, 1))


NEAREST = [
    ("Darl", r"did you mean Darlington \(841\)\?", "the beginning of a name"),
    ("84", r"did you mean County Durham \(840\) or Darlington \(841\)\?", "of a code"),
    ("hull", r"did you mean Kingston upon Hull", "the middle of a name"),
    ("Dalington", r"did you mean Darlington \(841\)\?", "a slip of the finger"),
    ("xyzzy", "give a name as the department writes it", "nothing is near"),
]


@pytest.mark.parametrize(("typed", "said", "because"), NEAREST, ids=[n[2] for n in NEAREST])
def test_an_authority_that_there_is_not_is_answered_with_the_nearest(
    tmp_path: Path, typed: str, said: str, because: str
) -> None:
    names = (
        ("841", "Darlington"),
        ("840", "County Durham"),
        ("810", "Kingston upon Hull"),
        ("330", "Leeds"),
    )
    rows = [f"2024,Reporting year,Local authority,England,Middle,{c},{n},9" for c, n in names]
    imported(tmp_path, table(tmp_path / "w.csv", "vacancy_rate_fte", *rows))
    with pytest.raises(upturn.SourceError, match=said):
        upturn.national.show(typed, panel=tmp_path / "n.db")


def test_england_is_shown_by_itself(tmp_path: Path) -> None:
    imported(
        tmp_path, totals(tmp_path / "a2.csv", total(2024, "ICPCs in the year", "72250", "60.2"))
    )
    found = upturn.national.show("england", panel=tmp_path / "n.db")
    assert {line.figure.id: line.years["own"].to_list() for line in found.lines} == {
        "icpc": [72250.0], "icpc-rate": [60.2],
    }  # fmt: skip
    assert found.neighbours == ()


def test_a_topic_leaves_its_figures_only(tmp_path: Path) -> None:
    file = table(tmp_path / "c5.csv", "Referrals,Police,referral_count", la("300", 2024, "9,3,9"))
    imported(tmp_path, file)
    found = upturn.national.show("300", topic="who refers", panel=tmp_path / "n.db")
    assert [line.figure.id for line in found.lines] == ["from-police"]
    with pytest.raises(upturn.SourceError, match="did you mean 'who refers'"):
        upturn.national.show("300", topic="who refer", panel=tmp_path / "n.db")


def test_the_page_and_the_table_have_every_figure_and_what_was_suppressed(tmp_path: Path) -> None:
    rows = (la("300", 2024, "200,50,c"), la("301", 2024, "200,50,40"))
    imported(tmp_path, table(tmp_path / "c5.csv", "Referrals,Police,Schools", *rows))
    upturn.national.show("300", panel=tmp_path / "n.db", out=tmp_path / "out")
    page = (tmp_path / "out" / "national.html").read_text("utf-8")
    assert "Referrals from the police (%)" in page
    said = pl.read_csv(tmp_path / "out" / "national.csv").filter(pl.col("figure") == "from-schools")
    assert said["status"].to_list() == ["suppressed: a small number"]


@pytest.mark.parametrize("figure", figures().values(), ids=lambda one: str(one.id))
def test_a_figure_says_what_it_is_and_where_it_stands(figure: Figure) -> None:
    assert figure.name
    assert figure.topic in topics()
    assert figure.unit in ("percent", "count", "rate", "cases", "days")
    assert figure.census in ("march", "september")
    places = {"dfe": figure.dfe, "long": figure.long, "england": figure.total[0]}
    assert places[figure.prefer]
    assert f"| `{figure.id}` | {figure.name} |" in DOCUMENTED


def test_no_two_figures_read_the_same_column() -> None:
    places = [(f.dfe.needs, f.dfe.share_of) for f in figures().values() if f.dfe]
    assert len(places) == len(set(places))
    rows = [f.total for f in figures().values() if f.total[0]]
    assert len(rows) == len(set(rows))


@real_only
@pytest.mark.parametrize("file", TABLES, ids=[file.name[:2] for file in TABLES])
def test_every_number_of_the_departments_tables_is_a_figure(file: Path) -> None:
    found = read_published(file)
    assert found.unread == ()
    assert found.aside.is_empty()
    assert not found.frame.is_empty()


@real_only
def test_the_totals_agree_with_the_tables_of_authorities() -> None:
    england = pl.concat([read_published(f).frame for f in TABLES if f.name[0] == "a"])
    others = pl.concat([read_published(f).frame for f in TABLES if f.name[0] != "a"])
    both = england.join(
        others.filter(area_type="England"), on=["measure", "year"], how="inner", suffix="_table"
    ).drop_nulls(["value", "value_table"])
    # A total published a year before the table may have been revised since.
    apart = both.filter(
        (pl.col("value") - pl.col("value_table")).abs() > 0.05 * pl.col("value_table")
    )
    assert both.height > 300
    assert apart.is_empty()
    same = both.filter((pl.col("value") - pl.col("value_table")).abs() < 1e-9).height
    assert same / both.height > 0.9


@real_only
def test_shares_of_a_split_add_up_to_the_whole() -> None:
    for prefix, letter in (("from-", "c5"), ("in-", "c6")):
        file = next(f for f in TABLES if f.name.startswith(letter))
        frame = read_published(file).frame.filter(area_type="England")
        parts = [f.id for f in figures().values() if f.id.startswith(prefix)]
        added = (
            frame.filter(pl.col("measure").is_in(parts)).group_by("year").agg(pl.col("value").sum())
        )
        assert ((added["value"] - 100).abs() < 1.0).all()
