"""Published files are read whole, versions are kept, and what is suppressed stays suppressed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import made_up_panel as made
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import upturn
from upturn.published.national.beside import beside
from upturn.published.national.model import areas
from upturn.published.national.panel import panel_at
from upturn.published.national.reading import read_published
from upturn.published.national.store import read_table

HEADS = "time_period,time_identifier,geographic_level,country_name,region_name,old_la_code,la_name"


def workforce(path: Path, *rows: str, columns: str = "vacancy_rate_fte") -> Path:
    path.write_text("\n".join([f"{HEADS},{columns}", *rows]) + "\n", "utf-8")
    return path


def row(code: str, year: int, value: str, level: str = "Local authority") -> str:
    return f"{year},Reporting year,{level},England,Middle,{code},Area {code},{value}"


SUPPRESSED = [
    ("c", "suppressed: a small number"),
    ("x", "not available"),
    ("z", "not applicable"),
    ("low", "rounds to nothing"),
    ("u", "low reliability"),
    ("", "not published"),
]


@pytest.mark.parametrize(("cell", "because"), SUPPRESSED)
def test_a_suppressed_cell_has_no_value_and_says_why(
    tmp_path: Path, cell: str, because: str
) -> None:
    file = workforce(tmp_path / "w.csv", row("300", 2020, cell), row("300", 2021, "0"))
    upturn.national.import_files([file], into=tmp_path / "n.db")
    values = panel_at(tmp_path / "n.db").values.sort("year")
    assert values["value"].to_list() == [None, 0.0]
    assert values["status"].to_list() == [because, ""]


def test_a_suppressed_cell_is_in_no_study_and_is_told_on_the_page(tmp_path: Path) -> None:
    file = workforce(tmp_path / "w.csv", row("300", 2020, "c"), row("300", 2021, "9.5"))
    upturn.national.import_files([file], into=tmp_path / "n.db")
    panel = panel_at(tmp_path / "n.db")
    assert panel.series("vacancy")["year"].to_list() == [2021]
    assert beside(panel, "Area 300").lines[0].notes == ("2020: suppressed: a small number",)


def test_rows_in_are_accepted_or_quarantined_and_nothing_else(tmp_path: Path) -> None:
    lines = [row("300", 2020, "1"), row("", 2020, "1"), "when,,Local authority,,,301,Area 301,2"]
    file = workforce(tmp_path / "w.csv", *lines)
    source = upturn.national.import_files([file], into=tmp_path / "n.db").sources
    source = source.row(0, named=True)
    assert (source["rows_in"], source["accepted"], source["quarantined"]) == (3, 1, 2)
    assert read_table(tmp_path / "n.db", "aside")["row"].to_list() == [3, 4]


def test_every_value_says_the_line_it_stands_on(tmp_path: Path) -> None:
    file = workforce(tmp_path / "w.csv", row("300", 2020, "1"), row("301", 2020, "7.25"))
    upturn.national.import_files([file], into=tmp_path / "n.db")
    found = panel_at(tmp_path / "n.db").values.filter(la_code="301").row(0, named=True)
    line = file.read_text("utf-8").splitlines()[found["row"] - 1]
    assert line.endswith(f",{found['value']}")


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    file = workforce(tmp_path / "w.csv", row("300", 2020, "1"))
    once = upturn.national.import_files([file], into=tmp_path / "n.db").sources
    twice = upturn.national.import_files([file, file], into=tmp_path / "n.db").sources
    assert once.equals(twice)


def test_a_newer_version_is_used_and_the_older_is_kept(tmp_path: Path) -> None:
    old = workforce(tmp_path / "old.csv", row("300", 2020, "1"), row("300", 2021, "2"))
    new = workforce(tmp_path / "new.csv", row("300", 2021, "3"))
    upturn.national.import_files([old], into=tmp_path / "n.db", published=date(2022, 2, 1))
    upturn.national.import_files([new], into=tmp_path / "n.db", published=date(2023, 2, 1))
    panel = panel_at(tmp_path / "n.db")
    assert panel.series("vacancy").sort("year")["value"].to_list() == [1.0, 3.0]
    assert panel.sources["published"].to_list() == [date(2022, 2, 1), date(2023, 2, 1)]
    assert read_table(tmp_path / "n.db", "figures").height == 3


def test_two_families_are_never_mixed_in_one_line(tmp_path: Path) -> None:
    table = workforce(
        tmp_path / "d6.csv",
        row("300", 2019, "11"),
        row("300", 2020, "12"),
        columns="reviewed_within_timescales_percent",
    )
    long = tmp_path / "long.csv"
    long.write_text(
        "measure,Years,area,la_number,Region,value,is_la\n"
        "cpp_reviews_on_time_pct,2020,Area 300,300,Middle,21,True\n"
    )
    upturn.national.import_files([table, long], into=tmp_path / "n.db")
    found = panel_at(tmp_path / "n.db").series("cpp-reviews")
    assert found.select("year", "value").rows() == [(2020, 21.0)], (
        "the long file is preferred, alone"
    )


def test_a_file_that_holds_nothing_known_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    good = workforce(tmp_path / "w.csv", row("300", 2020, "1"))
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    found = upturn.national.import_files([bad, good], into=tmp_path / "n.db")
    assert found.sources["name"].to_list() == ["w.csv"]
    assert [name for name, _ in found.refused] == ["bad.csv"]
    assert "bad.csv: nothing known here" in found.refused[0][1]


def test_when_no_file_can_be_read_nothing_is_made(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    with pytest.raises(upturn.SourceError, match=r"bad\.csv: nothing known here.*and 1 more"):
        upturn.national.import_files([bad, tmp_path / "gone.csv"], into=tmp_path / "n.db")
    assert not (tmp_path / "n.db").exists()


def test_a_failed_import_leaves_the_panel_as_it_was(tmp_path: Path) -> None:
    good = workforce(tmp_path / "w.csv", row("300", 2020, "1"))
    upturn.national.import_files([good], into=tmp_path / "n.db")
    before = (tmp_path / "n.db").read_bytes()
    with pytest.raises(upturn.SourceError, match="no such file"):
        upturn.national.import_files([tmp_path / "gone.csv"], into=tmp_path / "n.db")
    assert (tmp_path / "n.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database", b"", b"SQLite format 3\x00" + bytes(50)])
def test_what_is_no_panel_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(content)
    with pytest.raises(upturn.SourceError, match=r"other\.db: not a national panel"):
        panel_at(other)
    assert other.read_bytes() == content, "and reading writes nothing"


def test_a_panel_with_a_figure_that_there_is_no_more_is_refused(tmp_path: Path) -> None:
    file = workforce(tmp_path / "w.csv", row("300", 2020, "1"))
    upturn.national.import_files([file], into=tmp_path / "n.db")
    with closing(sqlite3.connect(tmp_path / "n.db")) as held, held:
        held.execute("update figures set measure = 'horoscopes'")
    with pytest.raises(upturn.SourceError, match="of another version; import the files again"):
        panel_at(tmp_path / "n.db")


JUDGED = "urn,la_code,la,framework,published,overall,event_date"


def judged(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([JUDGED, *rows]) + "\n")
    return path


def test_judgements_without_grade_or_date_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    file = judged(
        tmp_path / "j.csv",
        "1,300,area-300,ILACS,2019-05-01,Good ,",
        "2,301,area-301,ILACS,,good,",
        "3,302,area-302,ILACS,2019-05-01,splendid,",
        "4,,area,ILACS,2019-05-01,good,",
    )
    found = read_published(file)
    assert found.frame["overall"].to_list() == ["good"]
    assert found.aside.sort("row").rows() == [
        (3, "no date"), (4, "no overall grade of the four"), (5, "no authority's code"),
    ]  # fmt: skip


def test_the_list_of_latest_judgements_adds_only_inspections_that_are_not_known(
    tmp_path: Path,
) -> None:
    reports = judged(
        tmp_path / "j.csv",
        "1,300,area-300,ILACS,2023-05-10,inadequate,",
        "2,301,area-301,ILACS,2018-05-10,good,",
    )
    latest = tmp_path / "latest.csv"
    latest.write_text(
        "URN,La Code,Local Authority,Overall Effectiveness Grade,Inspection Framework,Inspection Start Date\n"
        "1,300,Area 300,inadequate,standard,05/12/2022\n2,301,Area 301,outstanding,short,03/03/2025\n"
        "3,302,Area 302,NaN,short,03/03/2025\n"
    )
    found = upturn.national.import_files([reports, latest], into=tmp_path / "n.db").sources
    panel = panel_at(tmp_path / "n.db")
    assert panel.judged.select("la_code", "date", "date_kind", "previous").rows() == [
        ("300", date(2023, 5, 10), "published", None),
        ("301", date(2018, 5, 10), "published", None),
        ("301", date(2025, 3, 3), "started", "good"),
    ]
    assert found["quarantined"].to_list() == [0, 1]


def test_an_inspection_of_a_part_of_the_service_is_no_judgement_of_the_whole(
    tmp_path: Path,
) -> None:
    file = judged(
        tmp_path / "j.csv",
        "1,300,a,LAC2013,2013-08-02,inadequate,",
        "2,300,a,SIF,2015-01-02,inadequate,",
    )
    upturn.national.import_files([file], into=tmp_path / "n.db")
    assert panel_at(tmp_path / "n.db").judged.select("framework", "previous").rows() == [
        ("SIF", None)
    ]


def test_a_figure_known_to_be_faulty_is_shown_with_its_note_and_left_out_of_studies(
    tmp_path: Path,
) -> None:
    rows = [row("204", year, "20") for year in (2020, 2021, 2022, 2023)]
    file = workforce(tmp_path / "c1.csv", *rows, columns="rereferral_percent")
    upturn.national.import_files([file], into=tmp_path / "n.db")
    panel = panel_at(tmp_path / "n.db")
    assert panel.series("re-referrals").sort("year")["year"].to_list() == [2020, 2023]
    line = beside(panel, "204").lines[0]
    assert line.years["year"].to_list() == [2020, 2021, 2022, 2023]
    assert [note[:5] for note in line.notes] == ["2021:", "2022:"]


def test_a_joint_return_is_shown_for_both_and_says_so(tmp_path: Path) -> None:
    joint = "2020,Reporting year,Local authority,England,Middle,314 / 318,One / Other,12.5"
    file = workforce(tmp_path / "w.csv", joint, row("314", 2019, "11"), row("318", 2019, "13"))
    upturn.national.import_files([file], into=tmp_path / "n.db")
    panel = panel_at(tmp_path / "n.db")
    for code, before in (("314", 11.0), ("318", 13.0)):
        line = beside(panel, code).lines[0]
        assert line.years["own"].to_list() == [before, 12.5]
        assert "one workforce return" in line.notes[0]
    assert "314" not in panel.series("vacancy").filter(year=2020)["la_code"], (
        "and is nobody's own in studies"
    )


def test_every_fact_about_areas_has_a_source_and_a_status() -> None:
    import yaml

    from upturn.published.national.model import HERE

    held = yaml.safe_load((HERE / "areas.yaml").read_text("utf-8"))
    for part in ("changes", "joint", "faults"):
        for one in held[part]:
            assert one["source"]
            assert one["status"] in ("verified", "secondary", "unverified")
    assert {"940", "941", "942", "943", "838", "839"} == set(areas().began)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=8),
    st.booleans(),
)
def test_no_cell_breaks_the_reader(tmp_path: Path, cells: list[str], code: bool) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    lines = [
        f"2020,Reporting year,Local authority,England,Middle,{q if code else 300},Area,{q}"
        for q in quoted
    ]
    file = workforce(tmp_path / "w.csv", *lines)
    try:
        found = read_published(file)
    except upturn.SourceError:
        return
    told = found.frame.drop_nulls("value")["value"]
    assert found.rows_in >= found.aside.height
    assert all(isinstance(value, float) for value in told)


def test_the_real_files_are_read_whole(real_file: Path) -> None:
    sources = read_table(real_file, "sources")
    assert (sources["rows_in"] == sources["accepted"] + sources["quarantined"]).all()
    judgements = sources.filter(kind="judgements").row(0, named=True)
    assert (judgements["rows_in"], judgements["quarantined"]) == (481, 3)
    assert sources.filter(pl.col("family") == "dfe")["quarantined"].sum() == 0


def test_the_shared_files_are_asked_for_by_names_that_exist() -> None:
    if not made.REAL.exists():
        pytest.skip("the shared data is not here")
    assert len(made.real_files()) == 11
    assert all(file.exists() for file in made.real_files())


def test_a_folder_is_no_panel(tmp_path: Path) -> None:
    good = workforce(tmp_path / "w.csv", row("300", 2020, "1"))
    with pytest.raises(upturn.SourceError, match="is a folder; name the panel's file"):
        upturn.national.import_files([good], into=tmp_path)
    with pytest.raises(upturn.SourceError, match="is a folder; name the panel's file"):
        upturn.national.show("Area 300", panel=tmp_path)
