"""Measures by group of children, and what of them may be published."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import upturn
from upturn.measures.breakdown import COLUMNS, NOT_KNOWN, breakdown, publishable
from upturn.measures.measure import measure_all
from upturn.records.sheets import SourceError
from upturn.synthetic import make_council, write_annex_a


@pytest.fixture(scope="module")
def values(made_up):
    return measure_all(made_up)


@pytest.mark.parametrize("by", ["age", "sex", "ethnicity", "disability", "team"])
def test_the_groups_add_up_to_all_children(made_up, values, by):
    table = breakdown(made_up, values, by=[by])
    counted = [v for v in values if v.value is not None and v.measure.unit != "rate"]
    for value in counted:
        mine = table.filter(measure=value.measure.id)
        whole, groups = mine.filter(group="all"), mine.filter(pl.col("group") != "all")
        assert whole["n"].item() == groups["n"].sum() == value.children_in.height
        assert whole["of"].item() == groups["of"].sum()
        assert whole["cannot_tell"].item() == groups["cannot_tell"].sum()
        if value.measure.unit == "percent":
            assert whole["value"].item() == pytest.approx(value.value, abs=0.006)


def test_a_child_whose_group_is_not_on_record_is_counted_as_not_known(made_up, values):
    table = breakdown(made_up, values, by=["disability"])
    assert NOT_KNOWN in table["group"].to_list()


def test_an_unknown_breakdown_is_refused_with_the_nearest_name(made_up, values):
    with pytest.raises(SourceError, match="no breakdown by 'ages'; did you mean 'age'"):
        breakdown(made_up, values, by=["ages"])


def rows(*groups: tuple[str, int, int]) -> pl.DataFrame:
    n, of = sum(g[1] for g in groups), sum(g[2] for g in groups)
    every = [("all", n, of), *groups]
    return pl.DataFrame(
        [
            {"measure": "m", "name": "M", "unit": "percent", "by": "age", "group": group,
             "value": 100 * n / max(of, 1), "n": n, "of": of, "low": 0.0, "high": 1.0,
             "cannot_tell": 0, "against_the_rest": "higher"}
            for group, n, of in every
        ],
        schema=COLUMNS,
    )  # fmt: skip


HIDDEN = [
    ([("a", 20, 50), ("b", 30, 60)], [], "nothing is small"),
    ([("a", 3, 50), ("b", 30, 60), ("c", 20, 40)], ["a", "c"], "the next smallest goes too"),
    ([("a", 48, 50), ("b", 30, 60), ("c", 20, 90)], ["a", "b"], "two are out of it: as telling"),
    ([("a", 0, 3), ("b", 30, 60), ("c", 20, 40)], ["a", "c"], "a group of three"),
    ([("a", 0, 50), ("b", 30, 60)], [], "nobody is nobody"),
    ([("a", 1, 20), ("b", 2, 20), ("c", 9, 30)], ["a", "b", "c"], "together they are three"),
    ([("a", 2, 30)], ["a", "all"], "the total is small itself"),
]  # fmt: skip


@pytest.mark.parametrize(("groups", "expect", "because"), HIDDEN)
def test_small_numbers_are_suppressed_and_cannot_be_worked_out(groups, expect, because):
    shown = publishable(rows(*groups))
    hidden = shown.filter(pl.col("suppressed") != "")
    assert sorted(hidden["group"]) == sorted(expect), because
    assert (
        hidden.select("value", "n", "of", "low", "high").null_count().row(0) == (len(expect),) * 5
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=7))
def test_no_subtraction_gives_a_small_number_away(pairs):
    groups = [(f"g{place}", n, n + out) for place, (n, out) in enumerate(pairs)]
    table = publishable(rows(*groups))
    whole = table.filter(group="all").row(0, named=True)
    for row in table.filter(suppressed="").iter_rows(named=True):
        assert not any(1 <= x <= 4 for x in (row["n"], row["of"] - row["n"], row["of"]))
    left = table.filter(pl.col("group") != "all", suppressed="")
    hidden = table.height - 1 - left.height
    if whole["n"] is None or hidden in (0, len(groups)):
        return
    n, of = whole["n"] - left["n"].sum(), whole["of"] - left["of"].sum()
    assert hidden > 1
    assert not any(1 <= x <= 4 for x in (n, of - n, of))


def test_what_is_published_names_no_child(tmp_path: Path):
    write_annex_a(make_council(seed=2, size="small"), tmp_path / "annex_a.xlsx")
    out = tmp_path / "website"
    card = upturn.scorecard(tmp_path / "annex_a.xlsx", by=["age", "team"], publish=True, out=out)
    assert sorted(file.name for file in out.iterdir()) == ["published.csv", "published.xlsx"]
    children = set(card.entries[0].value.members["child_id"])
    book = openpyxl.load_workbook(out / "published.xlsx", read_only=True)
    cells = {str(c) for row in book.worksheets[0].iter_rows(values_only=True) for c in row if c}
    assert not children & cells
    published = pl.read_csv(out / "published.csv")
    assert "child_id" not in published.columns
    assert published.filter(pl.col("n").is_between(1, 4)).is_empty()
    assert "small number" in published["suppressed"].to_list()
