"""One made-up council, cut at two dates and written in three formats: together they say what they should."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import upturn
from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.measures.measure import held_by
from upturn.synthetic import as_it_was, make_council, write_annex_a, write_cin_census, write_ssd

KEY = ["child_id", "rule", "started_on"]
MAY, SEPTEMBER = date(2026, 5, 31), date(2026, 9, 30)
FORMATS = {"annex_a": "{}.xlsx", "cin_census": "{}.xml", "ssd": "{}_ssd"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council without faults of data as at September, and as it was in May, in three formats."""
    made = tmp_path_factory.mktemp("together")
    council = make_council(seed=3, faults=[])
    for name, cut in (("new", council), ("old", as_it_was(council, as_at=MAY))):
        write_annex_a(cut, made / f"{name}.xlsx", messy=False)
        write_cin_census(cut, made / f"{name}.xml")
        write_ssd(cut, made / f"{name}_ssd")
    return made


@pytest.fixture(scope="module")
def three(folder: Path) -> Check:
    """The three formats of September as one casebook."""
    return run_check([folder / name.format("new") for name in FORMATS.values()], as_at=SEPTEMBER)


def same_clocks(alone: Check, together: Check) -> pl.DataFrame:
    """The clocks of one source that could be told, and say otherwise together with others."""
    theirs = together.clocks.select(*KEY, "due_on", "state")
    told = alone.clocks.filter(pl.col("state") != "cannot tell").select(theirs.columns)
    return told.join(theirs, on=theirs.columns, how="anti", nulls_equal=True)


def test_three_formats_of_one_truth_do_not_disagree(three):
    assert three.casebook.disagreements.is_empty()
    assert three.casebook.source == "annex_a+cin_census+ssd"
    rows = [(c.rows_in, c.accepted + c.quarantined) for c in three.casebook.counts]
    assert all(came == kept for came, kept in rows)


@pytest.mark.parametrize("kind", ["annex_a", "cin_census"])
def test_what_one_source_can_tell_all_three_tell_the_same(folder, three, kind):
    alone = run_check(folder / FORMATS[kind].format("new"), as_at=SEPTEMBER)
    differ = same_clocks(alone, three)
    if kind == "cin_census":  # children in need and their plans are taken from Annex A, the first
        differ = differ.filter(pl.col("rule") != "cin-seen")
    assert alone.clocks.height > 3000
    assert differ.is_empty()


@pytest.mark.parametrize("kind", ["annex_a", "cin_census"])
def test_the_latest_extract_says_the_same_with_an_earlier_one_beside_it(folder, kind):
    new, old = (folder / FORMATS[kind].format(name) for name in ("new", "old"))
    alone, both = run_check(new, as_at=SEPTEMBER), run_check([old, new], as_at=SEPTEMBER)
    assert same_clocks(alone, both).is_empty()
    assert both.as_at == SEPTEMBER


def test_an_earlier_extract_makes_the_history_longer(folder):
    both = run_check([folder / "new.xlsx", folder / "old.xlsx"], as_at=SEPTEMBER)
    alone = run_check(folder / "new.xlsx", as_at=SEPTEMBER)
    for table in ("contacts", "cin_episodes", "cin_assessments", "cp_visits", "cla_reviews"):
        assert both.casebook.table(table).height > alone.casebook.table(table).height, table
    assert held_by(both.casebook, months=12) < held_by(alone.casebook, months=12)
    assert both.casebook.disagreements.is_empty()


def test_what_annex_a_cannot_tell_of_a_first_review_an_earlier_extract_tells(folder):
    both = run_check([folder / "new.xlsx", folder / "old.xlsx"], as_at=SEPTEMBER)
    alone = run_check(folder / "new.xlsx", as_at=SEPTEMBER)
    unsure = alone.clocks.filter(rule="cp-review-first", state="cannot tell").select(*KEY)
    told = both.clocks.filter(pl.col("state") != "cannot tell").join(unsure, on=KEY, how="semi")
    assert 0 < told.height < unsure.height


def test_visits_held_by_an_older_source_only_are_not_called_overdue(folder):
    """The census of September holds no visits; Annex A, of May, does."""
    both = run_check([folder / "new.xml", folder / "old.xlsx"], as_at=SEPTEMBER)
    visits = both.clocks.filter(rule="cp-visit")
    assert visits.filter(pl.col("state").is_in(["overdue", "due soon", "running"])).is_empty()
    unsure = visits.filter(state="cannot tell")
    assert unsure.height > 10
    assert unsure["reason"].str.contains("reaches to 29 May 2026 only|no source that names").any()
    assert any("Held up to 29 May 2026 only" in note for note in both.casebook.notes)


def test_a_child_whose_identifier_differs_is_two_children(folder, tmp_path):
    text = (folder / "new.xml").read_text("utf-8").replace("<LAchildID>", "<LAchildID>X")
    (tmp_path / "other.xml").write_text(text, "utf-8")
    both = run_check([folder / "new.xlsx", tmp_path / "other.xml"], as_at=SEPTEMBER)
    children = [len(set(b.table("person")["pers_person_id"])) for b in both.casebook.parts]
    assert both.casebook.table("person").height == sum(children)
    assert any("Nobody is matched by name" in note for note in both.casebook.notes)


def test_every_command_takes_several_sources(folder, tmp_path):
    given = [folder / "new.xlsx", folder / "new.xml"]
    made = upturn.check(given, out=tmp_path / "check")
    for name in ("report.html", "disagreements.csv", "due.xlsx", "summary.json"):
        assert (tmp_path / "check" / name).is_file()
    assert "Several sources" in (tmp_path / "check" / "report.html").read_text("utf-8")
    child = made.clocks["child_id"][0]
    assert upturn.child(child, given).events.height
    assert upturn.quality(given).by_source.height == 2
    assert upturn.scorecard(given).entries
    assert upturn.letter(given, earlier=folder / "old.xlsx").earlier is not None
    drawn = upturn.sample.draw(given, population="child-protection-plans", size=5)
    assert drawn.drawn.height == 5
