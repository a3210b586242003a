"""A library of reports: each report in it once, all that is found has its page, nobody is ranked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_reports import as_pdf, as_text, ilacs, sif

import upturn
from upturn.published.report.corpus import fts_query, make_library, opened
from upturn.published.report.evenness import consistency, evenness
from upturn.published.report.search import reports_in, search_library
from upturn.published.report.tallies import causes_named, causes_which, themes_by
from upturn.records.sheets import SourceError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    (made / "deeper").mkdir(parents=True)
    (made / "one.pdf").write_bytes(as_pdf(ilacs()))
    (made / "deeper" / "two.txt").write_text(as_text(sif()), "utf-8")
    (made / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    (made / "notes.csv").write_text("not a report", "utf-8")
    return made


@pytest.fixture
def library(folder: Path, tmp_path: Path) -> Path:
    return make_library(folder, tmp_path / "reports.db").path


def test_every_report_is_read_once_and_what_cannot_be_is_said(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "reports.db"
    made = make_library(folder, library)
    assert sorted(made.read) == ["one.pdf", "two.txt"]
    assert [name for name, _ in made.refused] == ["broken.pdf"]
    again = make_library(folder, library)
    assert (again.read, sorted(again.known)) == ((), ["one.pdf", "two.txt"])
    assert reports_in(library).height == 2


def test_the_library_has_the_grades_of_the_reports(library: Path) -> None:
    rows = {row["authority"]: row for row in reports_in(library).to_dicts()}
    assert rows["Cumbria"]["help_protection"] == "requires improvement"
    assert rows["Cumbria"]["region"] == "North West"
    assert (rows["Poole"]["overall"], rows["Poole"]["lscb"]) == ("requires improvement", "good")
    assert rows["Poole"]["adoption"] == "good"
    assert rows["Cumbria"]["adoption"] == ""


@pytest.mark.parametrize(
    ("words", "by", "expect", "because"),
    [
        ("visit", {}, {"timeliness of visits"}, "any form of a word"),
        ('"care leavers"', {"authority": "poole"}, {"not kept in touch"}, "a phrase, and part of a name"),
        ("", {"theme": "oversight", "asked_for": True},
         {"quality of supervision", "oversight of: • private"}, "a theme alone"),
        ("", {"grade": "inadequate", "area": "care_leavers", "asked_for": True},
         {"seen alone", "oversight of: • private", "attend the board"}, "a grade of an area"),
        ("", {"year": 2023, "polarity": "concern", "asked_for": True},
         {"timeliness of visits", "quality of supervision"}, "a year: what is asked for is a concern"),
        ("xylophone", {}, set(), "nothing said it"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_sentences_are_found_by_words_authority_year_theme_and_grade(
    library: Path, words: str, by: dict[str, object], expect: set[str], because: str
) -> None:
    found = upturn.report.search(library, words, **by)["text"].to_list()  # type: ignore[arg-type]
    for part in expect:
        assert any(part in text for text in found), (because, found)
    if not expect or by.get("asked_for"):
        assert len(found) == len(expect), (because, found)


def test_what_is_found_has_its_place(library: Path) -> None:
    [row] = search_library(library, "timeliness").to_dicts()
    assert (row["authority"], row["page"], row["file"]) == ("Cumbria", 2, "one.pdf")
    assert row["overall"] == "good"


@given(st.text(max_size=40))
def test_no_words_can_break_the_search(words: str) -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
        asked = fts_query(words.replace("\x00", ""))
        if asked:
            database.execute("SELECT * FROM words WHERE words MATCH ?", (asked,)).fetchall()


def test_words_that_look_like_commands_are_words(library: Path) -> None:
    for words in ("visits OR plans*", "NEAR(a b)", "text:visits", "'; DROP TABLE report; --", '"'):
        assert isinstance(search_library(library, words), pl.DataFrame)
    assert reports_in(library).height == 2


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"grade": "brilliant"}, "is no grade"),
        ({"area": "kitchen"}, "is no area"),
        ({"theme": "weather"}, "is no theme"),
        ({"polarity": "up"}, "is no polarity"),
        ({"year": 10**30}, "is not from 1900 to 2200"),
        ({"limit": 10**30}, "is not from 1 to"),
    ],
)
def test_what_does_not_exist_is_refused(
    library: Path, given_: dict[str, object], says: str
) -> None:
    with pytest.raises(SourceError, match=says):
        search_library(library, **given_)  # type: ignore[arg-type]


def test_how_often_a_cause_is_named_is_counted_in_lists_and_in_paragraphs(library: Path) -> None:
    found = causes_named(library)
    assert set(found["said_in"]) == {"action", "paragraph"}
    assert (found["name_a_cause"] <= found["concerns"]).all()
    asked = found.filter((pl.col("framework") == "ILACS") & (pl.col("said_in") == "action"))
    # Supervision is a cause; the timeliness of visits is not.
    assert asked.select("concerns", "name_a_cause").row(0) == (2, 1)


def test_themes_are_counted_by_framework_and_region_and_nobody_is_ranked(library: Path) -> None:
    by = themes_by(library)
    missing = by.filter((pl.col("framework") == "SIF") & (pl.col("theme") == "missing"))
    assert missing.select("with_it", "reports", "share").row(0) == (1, 1, 1.0)
    assert set(themes_by(library, by="region")["region"]) == {"North West", "South West"}
    with pytest.raises(SourceError, match="not by 'inspector'"):
        themes_by(library, by="inspector")


@pytest.mark.parametrize(
    ("by", "expect"),
    [
        ("framework", {"ILACS", "SIF"}), ("region", {"North West", "South West"}), ("year", {2015, 2023}),
        ("grade", {"good", "requires improvement"}),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_counted_by_framework_region_year_and_grade(
    library: Path, by: str, expect: set[object]
) -> None:
    found = themes_by(library, by=by)
    assert set(found[by]) == expect
    assert (found["with_it"] <= found["reports"]).all()


def test_which_causes_are_named_is_counted(library: Path) -> None:
    found = causes_which(library).filter(
        (pl.col("framework") == "ILACS") & (pl.col("asked_for") > 0)
    )
    assert found["cause"].to_list() == ["supervision"]
    assert found.select("reports_that_do", "reports").row(0) == (1, 1)


def test_no_inspector_is_kept_in_the_library(library: Path) -> None:
    assert b"Example" not in library.read_bytes()
    assert b"Bo Sample" not in library.read_bytes()


def leads(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["Inspector,Region", *rows]) + "\n", "utf-8")
    return path


def lead_name(report: Path) -> str:
    """The lead inspector that a made-up report prints."""
    from upturn.published.report.read import read_report

    return (read_report(report).inspectors.value or ("",))[0]


def test_the_region_of_the_lead_inspector_is_kept_and_the_name_is_not(
    folder: Path, tmp_path: Path
) -> None:
    name = lead_name(folder / "one.pdf")
    others = ["A Somebody,East", "B Somebody,East"]
    listed = leads(tmp_path / "leads.csv", f"{name.upper()},East", *others, "C Alone,West")
    before = upturn.report.corpus(folder, library=tmp_path / "l.db")
    assert themes_by(before.path, by="lead_region")["lead_region"].to_list().count("East") == 0
    made = upturn.report.corpus(
        folder, library=tmp_path / "l.db", leads=listed, out=tmp_path / "out"
    )
    assert sorted(made.known) == ["one.pdf", "two.txt"], (
        "those that were there are given theirs too"
    )
    assert made.thin == ("West",)
    found = themes_by(made.path, by="lead_region").filter(pl.col("lead_region") == "East")
    assert set(found["reports"]) == {2}, "the same lead in both"
    assert name.encode() not in made.path.read_bytes()
    page = (tmp_path / "out" / "library.html").read_text("utf-8")
    assert "By region of the lead inspector" in page
    assert name not in page


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("A B,East", "a  b,West"), "line 3: this inspector is in two regions"),
        ((",East",), "names no inspector"),
    ],
)
def test_a_list_of_inspectors_that_cannot_be_used_is_refused(
    folder: Path, tmp_path: Path, rows: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        upturn.report.corpus(
            folder, library=tmp_path / "l.db", leads=leads(tmp_path / "leads.csv", *rows)
        )
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="the columns inspector and region"):
        upturn.report.corpus(folder, library=tmp_path / "l.db", leads=tmp_path / "other.csv")
    assert not (tmp_path / "l.db").exists()


def test_like_evidence_and_unlike_grades_are_pairs_of_one_framework(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    themes = (
        "Assessments are good. Plans are poor. Supervision is poor. Recording is poor. Visits are timely. "
        "Care leavers are well supported. Early help is effective. Thresholds are clear."
    )
    for name, grade in (("a", "good"), ("b", "inadequate"), ("c", "good")):
        pages = sif(sentence=(f"Children’s services in Poole are {grade}",))
        pages[3][6:8] = ["Inspection findings", *[f"{n}. {themes}" for n in range(3, 9)]]
        pages[3].append(f"Made up, number {name}.")
        (folder / f"{name}.txt").write_text(as_text(pages), "utf-8")
    library = make_library(folder, tmp_path / "reports.db").path
    found = consistency(library)
    assert found.height == 2
    assert set(found["its_grade"]) | set(found["other_grade"]) == {"good", "inadequate"}
    assert (found["likeness"] > 0.9).all()
    # Three pairs of like reports: one of two good ones, two of a good and an inadequate one.
    even = evenness(library).row(0, named=True)
    assert (even["framework"], even["pairs"], even["same_grade"], even["likest"]) == (
        "SIF",
        3,
        1,
        1,
    )


def test_a_failure_leaves_the_library_as_it_was(
    library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = library.read_bytes()
    (folder / "three.txt").write_text(
        as_text(sif(sentence=("Children’s services are good",))), "utf-8"
    )
    monkeypatch.setattr(
        "upturn.published.report.corpus._keep_sentences",
        lambda *_: (_ for _ in ()).throw(OSError(28, "full")),
    )
    with pytest.raises(SourceError, match=r"reports\.db: cannot be written"):
        make_library(folder, library)
    assert library.read_bytes() == before
    assert [file.name for file in library.parent.iterdir() if file.name.startswith(".")] == []


def test_what_is_no_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such library"):
        search_library(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("not a database, but long enough to look at" * 40, "utf-8")
    with pytest.raises(SourceError, match=r"text\.db"):
        search_library(tmp_path / "text.db")
    with sqlite3.connect(tmp_path / "other.db") as database:
        database.execute("CREATE TABLE report (id)")
    with pytest.raises(SourceError, match="no library of reports"):
        search_library(tmp_path / "other.db")


def test_searching_changes_nothing(library: Path) -> None:
    before = library.read_bytes()
    search_library(library, "visits")
    with opened(library) as database, pytest.raises(sqlite3.OperationalError):
        database.execute("DELETE FROM report")
    assert library.read_bytes() == before


@pytest.mark.parametrize("made", ["nothing", "a file"])
def test_a_folder_without_reports_is_refused(tmp_path: Path, made: str) -> None:
    place = tmp_path / "place"
    place.mkdir() if made == "nothing" else place.write_text("x", "utf-8")
    with pytest.raises(SourceError, match="report"):
        make_library(place, tmp_path / "reports.db")


def test_the_library_is_drawn(library: Path, folder: Path, tmp_path: Path) -> None:
    upturn.report.corpus(folder, library=library, out=tmp_path / "out")
    page = (tmp_path / "out" / "library.html").read_text("utf-8")
    assert "Cumbria" in page
    assert "nobody is ranked" in page
    assert (tmp_path / "out" / "library.xlsx").stat().st_size > 5000


def test_what_upturn_wrote_itself_is_no_report_and_is_said(
    folder: Path, tmp_path: Path, report_cli: Callable[..., tuple[int, str, str]]
) -> None:
    (folder / "broken.pdf").unlink()
    upturn.report.read(folder / "one.pdf", out=folder)
    upturn.report.plan(folder / "one.pdf", out=folder / "plan")
    made = make_library(folder, tmp_path / "ours.db")
    assert sorted(made.read) == ["one.pdf", "two.txt"]
    assert {"plan.html", "reports.html"} <= set(made.own)
    assert made.refused == ()
    code, out, err = report_cli(
        "report", "corpus", str(folder), "--library", str(tmp_path / "ours.db")
    )
    assert (code, err) == (0, "")
    assert "left out, which Upturn wrote: " in out
    with pytest.raises(SourceError, match=r"plan\.html: Upturn wrote it"):
        upturn.report.read(folder / "plan" / "plan.html")


def test_every_page_of_ours_says_that_upturn_made_it() -> None:
    from importlib import resources

    pages = [
        file for file in (resources.files("upturn.render") / "templates").iterdir()
        if "<head>" in file.read_text("utf-8")
    ]  # fmt: skip
    assert len(pages) >= 10
    assert [p.name for p in pages if "{{ made_by }}" not in p.read_text("utf-8")] == []


def test_the_commands(
    library: Path, folder: Path, tmp_path: Path, report_cli: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = report_cli("report", "search", str(library), "supervision", "--json")
    assert (code, err) == (0, "")
    assert '"authority": "Cumbria"' in out
    code, out, err = report_cli("report", "corpus", str(folder), "--library", str(library))
    assert code == 2
    assert "2 already there, 1 not read" in out
    assert "upturn: not read: broken.pdf: it is damaged" in err
