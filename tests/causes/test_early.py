"""Which of two series runs ahead, and assessments open and past their day, from records."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from upturn.causes.early import ahead_words, early_signs, open_and_late
from upturn.records.casebook import Casebook
from upturn.records.read import read_source
from upturn.rulebooks.calendar import day_number
from upturn.synthetic import make_council, write_ssd

START = date(2023, 1, 1)


def wave(seed: int, size: int = 120) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 50 + np.cumsum(rng.normal(size=size))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (8, "Assessments open ran 8 weeks ahead of assessments past their day"),
        (1, "Assessments open ran 1 week ahead of assessments past their day"),
        (-3, "Assessments past their day ran 3 weeks ahead of assessments open"),
        (0, "Neither assessments open nor assessments past their day runs ahead of the other"),
    ],
)
def test_the_series_that_moves_first_is_the_one_to_watch(ahead: int, words: str) -> None:
    known = wave(1)
    size = len(known) - abs(ahead)
    first, then = known[max(ahead, 0) :][:size], known[max(-ahead, 0) :][:size]
    said = ahead_words("assessments open", first, "assessments past their day", then)
    assert said.startswith(words)
    assert ("so the first is the one to watch" in said) == (ahead != 0)


@pytest.mark.parametrize("weeks", [52, 156])
def test_series_that_have_nothing_to_do_with_each_other_have_no_first(weeks: int) -> None:
    said = [ahead_words("one", wave(s, weeks), "other", wave(s + 100, weeks)) for s in range(40)]
    assert sum(words.startswith("Neither") for words in said) >= 37


def test_a_series_that_never_moves_runs_ahead_of_nothing() -> None:
    assert ahead_words("one", wave(1), "other", np.zeros(120)).startswith("Neither")


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    folder = tmp_path_factory.mktemp("council") / "ssd"
    write_ssd(make_council(seed=4), folder)
    return read_source(folder)


def test_assessments_by_week_are_those_counted_one_by_one(casebook: Casebook) -> None:
    open_, late = open_and_late(casebook, first=day_number(START))
    closed = dict(
        casebook.table("cin_episodes").select("cine_referral_id", "cine_close_date").rows()
    )
    rows = casebook.table("cin_assessments").select(
        "cina_assessment_start_date", "cina_assessment_auth_date", "cina_referral_id"
    )
    for back in (0, 30):
        day = casebook.as_at - timedelta(7 * back)
        standing = [
            start
            for start, signed, referral in rows.rows()
            if start is not None and start <= day
            and (signed is None or signed > day)
            and (closed.get(referral) is None or closed[referral] > day)
        ]  # fmt: skip
        assert open_[-1 - back] == len(standing)
        # the slow count of working days: weekdays, so holidays make the fast one a little smaller
        weekdays = [np.busday_count(start, day + timedelta(1)) - 1 for start in standing]
        assert sum(n > 51 for n in weekdays) <= late[-1 - back] <= sum(n > 45 for n in weekdays)
        assert late[-1 - back] <= open_[-1 - back]


def test_the_report_says_which_runs_ahead(casebook: Casebook) -> None:
    words = [sign.words for sign in early_signs(casebook, first=day_number(START))]
    assert sum("ahead of" in said for said in words) == 1


def test_a_short_history_says_that_nothing_can_be_told(casebook: Casebook) -> None:
    (only,) = early_signs(casebook, first=day_number(casebook.as_at) - 7 * 10)
    assert "cannot be told" in only.words
