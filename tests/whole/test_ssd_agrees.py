"""The same made-up council as Annex A and as the Standard Safeguarding Dataset: the clocks agree."""

from __future__ import annotations

import polars as pl
import pytest

import upturn
from upturn.journeys.check import run_check
from upturn.synthetic import make_council, write_annex_a, write_ssd

KEY = ["child_id", "rule", "started_on"]
#: Annex A's child in need list and the dataset's child in need plans are two things, and
#: Annex A does not date missing episodes.
OTHERWISE = ["cin-seen", "return-interview"]
OPEN = ["overdue", "due soon", "running"]


@pytest.fixture(scope="module", params=[(3, False), (8, True)], ids=["csv", "parquet"])
def both(request, tmp_path_factory):
    """What a check says of one council's Annex A workbook and of its dataset."""
    seed, parquet = request.param
    council = make_council(seed=seed)
    folder = tmp_path_factory.mktemp("council")
    write_annex_a(council, folder / "annex_a.xlsx", messy=False)
    write_ssd(council, folder / "ssd", parquet=parquet)
    annex_a = run_check(folder / "annex_a.xlsx", as_at=council.as_at)
    return annex_a, run_check(folder / "ssd", as_at=council.as_at), council


def test_what_annex_a_can_tell_the_dataset_tells_the_same(both):
    annex_a, ssd, _ = both
    told = annex_a.clocks.filter(
        pl.col("state") != "cannot tell", ~pl.col("rule").is_in(OTHERWISE)
    ).select(*KEY, "state", "due_on")
    joined = told.join(ssd.clocks.select(*KEY, theirs="state").unique(KEY), on=KEY, how="left")
    differ = joined.filter(pl.col("theirs").ne_missing(pl.col("state")))
    # A child who left care in the window: the dataset also has the check in between, which was in time.
    differ = differ.filter((pl.col("state") != "does not apply") | (pl.col("theirs") != "met"))
    assert told.height > 3000
    assert differ.is_empty()


@pytest.mark.parametrize(
    "rule",
    ["s47-to-conference", "cp-visit", "cp-review-first", "cp-review-later", "cp-seen-alone",
     "care-visit-settled", "care-health-5-and-over", "care-dental", "assessment-45-from-start",
     "pathway-plan-review", "care-leaver-contact"],
)  # fmt: skip
def test_the_same_children_are_on_the_list(both, rule):
    annex_a, ssd, _ = both
    lists = [
        c.clocks.filter(pl.col("rule") == rule, pl.col("state").is_in(OPEN))
        .select("child_id", "due_on", "state")
        .sort(pl.all())
        for c in (annex_a, ssd)
    ]
    assert lists[0].height > 0
    assert lists[0].equals(lists[1])


def test_what_annex_a_cannot_tell_of_reviews_the_dataset_tells(both):
    annex_a, ssd, council = both
    reach = pl.lit(council.as_at).dt.offset_by("-6y")
    for rule in ("cp-review-first", "care-review-first", "care-visit-first"):
        unsure = annex_a.clocks.filter(
            pl.col("started_on") >= reach, rule=rule, state="cannot tell"
        )
        told = ssd.clocks.filter(pl.col("rule") == rule, pl.col("state") != "cannot tell")
        assert unsure.height > 0
        assert unsure.join(told, on="child_id", how="semi").height == unsure.height


def test_every_visit_gap_of_the_dataset_is_tested(both):
    _, ssd, council = both
    counted = ssd.coverage.filter(rule="cp-visit").row(0, named=True)
    assert counted["not_tested"] == 0
    assert counted["clocks"] >= council.cp_visits.height


def test_a_clean_extract_has_an_empty_quarantine_and_every_row_is_accepted(both):
    _, ssd, _ = both
    assert ssd.casebook.quarantine.is_empty()
    assert sum(c.rows_in for c in ssd.casebook.counts) == sum(
        c.accepted for c in ssd.casebook.counts
    )


def test_every_planted_fault_of_practice_that_has_a_date_is_late_in_the_dataset(both):
    _, ssd, council = both
    planted = (
        council.truth.filter(kind="practice")
        .drop_nulls("expected")
        .filter(~pl.col("expected").is_in([*OTHERWISE, "contact-decided"]))
        .select("child_id", rule="expected")
    )
    late = ssd.clocks.filter(pl.col("state").is_in(["overdue", "met late"]))
    missed = planted.join(late, on=["child_id", "rule"], how="anti")
    assert planted.height > 30
    assert missed.is_empty()


def test_every_command_works_on_the_dataset(both, tmp_path):
    _, ssd, council = both
    folder = tmp_path / "ssd"
    write_ssd(council, folder)
    child = ssd.clocks["child_id"][0]
    assert upturn.child(child, folder).events.height
    assert upturn.quality(folder).by_list.height == len(ssd.casebook.counts)
    made = upturn.check(folder, out=tmp_path / "out")
    assert (tmp_path / "out" / "report.html").is_file()
    assert made.casebook.source == "ssd"
