"""A date that is given far from the extract's own is said wherever the date is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import upturn
from upturn.records.read import read_source
from upturn.synthetic import make_council, write_annex_a

#: The date given, the extract being of 30 September 2026, and whether its own is said beside it.
GIVEN = [
    (date(2026, 9, 30), False, "its own"),
    (date(2026, 10, 30), False, "a month on: the extract is read a little later"),
    (date(2099, 1, 1), True, "everything would look overdue"),
    (date(2025, 9, 30), True, "most of it would be in the future"),
]


@pytest.fixture(scope="module")
def extract(tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("given") / "annex_a.xlsx"
    write_annex_a(make_council(seed=1, size="small"), path)
    return path


@pytest.mark.parametrize(("given", "said", "because"), GIVEN)
def test_a_given_date_far_from_the_extract_says_so(extract, given, said, because):
    reason = read_source(extract, as_at=given).as_at_reason
    assert reason.startswith("given with the command"), because
    assert ("the extract's own latest date is" in reason) == said, because


def test_the_page_says_it_too(extract, tmp_path):
    upturn.check(extract, as_at=date(2099, 1, 1), out=tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "own latest date is" in page
