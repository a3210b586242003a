"""A return read some children at a time says what it says read whole."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from census_xml import child, episode, written

from upturn.journeys.check import check_casebook
from upturn.records.cin_census.batches import census_in_batches
from upturn.records.cin_census.reader import read_cin_census
from upturn.records.sheets import SourceError
from upturn.rulebooks import load_rulebooks
from upturn.synthetic import make_council, write_cin_census


def test_the_clocks_of_the_batches_are_the_clocks_of_the_whole(tmp_path):
    path = tmp_path / "census.xml"
    write_cin_census(make_council(seed=5, faults=[], as_at=date(2026, 3, 31)), path)
    books, rules = list(census_in_batches(path, size=200)), load_rulebooks()
    whole = check_casebook(read_cin_census(path), rules).clocks
    parts = pl.concat([check_casebook(book, rules).clocks for book in books])
    shown = ["child_id", "rule", "started_on", "due_on", "state"]
    assert len(books) > 2
    assert parts.select(shown).sort(shown).equals(whole.select(shown).sort(shown))
    rows = sum(c.rows_in for book in books for c in book.counts)
    assert rows == sum(c.rows_in for c in read_cin_census(path).counts)


def test_a_fault_far_into_the_return_is_said_when_it_is_reached(tmp_path):
    children = [child(episode(), child_id=f"C{n}") for n in range(6)]
    path = written(tmp_path, *children)
    path.write_text(path.read_text("utf-8")[:-200], "utf-8")
    with pytest.raises(SourceError, match="stops short at line"):
        list(census_in_batches(path, size=2))


@pytest.mark.parametrize(("size", "said"), [(0, "holds nobody"), (5, "no child")])
def test_nothing_to_read_is_one_line(tmp_path, size, said):
    path = written(tmp_path)
    with pytest.raises(SourceError, match=said):
        list(census_in_batches(path, size=size))
