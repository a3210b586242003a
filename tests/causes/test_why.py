"""The whole answer, and the report it is written into, on a service whose drivers are known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest
from rich.console import Console
from why_toy import records

import upturn
from upturn.causes.model import Between, Moved, Why
from upturn.causes.periods import parse_period
from upturn.causes.why import explain, recorded_outcome
from upturn.causes.worlds import Simulator
from upturn.records.sheets import SourceError
from upturn.render.why import why_html
from upturn.render.why_outputs import WHY_OUTPUTS, why_record, write_why
from upturn.render.why_terminal import why_text
from upturn.twin.parameters import Department

Ask = Callable[..., Why]


def test_planted_causes_are_named_with_their_numbers(planted: Why) -> None:
    assert {c.driver for c in planted.named} == {"demand", "touch time"}
    assert planted.recorded_before is not None
    assert planted.recorded_after is not None
    assert f"{100 * planted.recorded_after:.1f} %" in planted.answer
    for cause in planted.named:
        assert cause.share.low > 0
        assert re.search(r"\+\d+\.\d points", cause.sentence)


def test_contributions_season_and_the_rest_add_up_to_the_recorded_change(planted: Why) -> None:
    assert planted.unexplained is not None
    shares = sum(c.share.value for c in planted.causes)
    assert shares + planted.carried == pytest.approx(planted.simulated_change.value, abs=0.02)
    recorded = planted.recorded_after - planted.recorded_before  # type: ignore[operator]
    simulated = planted.simulated_change.value
    assert planted.unexplained.value == pytest.approx(recorded - simulated)


def test_the_records_stand_beside_a_driver_with_their_n(planted: Why) -> None:
    demand = next(c for c in planted.causes if c.driver == "demand")
    assert demand.agreement == "agree"
    assert "contacts" in demand.beside
    assert demand.evidence[0].months.filter(pl.col("period") == "before").height == 6
    work = next(c for c in planted.causes if c.driver == "touch time")
    assert work.agreement == "records cannot tell"


def test_a_quiet_year_names_no_cause_and_says_so(ask: Ask) -> None:
    found = ask(1011)
    assert found.named == ()
    assert "No cause is named" in found.answer


def test_england_is_compared_at_the_same_number_of_posts(ask: Ask) -> None:
    found = ask(before=None)
    assert found.england
    assert found.recorded_before is None
    assert next(c for c in found.causes if c.driver == "posts").share.value == 0
    assert "England" in found.answer


def test_an_outcome_the_records_do_not_tell_is_said_to_be_simulated() -> None:
    assert recorded_outcome({"contacts": 5.0}, "assessment-lateness", 6) is None


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "2024-01..2024-06",
            "2025-07..2025-12",
            "is not whole in the extract, which holds January 2025",
        ),
        ("2025-01..2025-06", "2025-07..2026-01", "is not whole in the extract"),
        ("2025-07..2025-12", "2025-01..2025-06", "overlap or stand in the wrong order"),
    ],
)
def test_periods_that_cannot_be_compared_are_refused_in_one_line(
    toy: Simulator, values: np.ndarray, service: Department, before: str, after: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message) as refused:
        explain(records(toy, values, 1), outcome="caseload", before=parse_period(before),
                after=parse_period(after), fitted=service, simulate=toy)  # fmt: skip
    assert "\n" not in str(refused.value)


def test_the_same_seed_gives_the_same_answer(ask: Ask) -> None:
    one, two = ask(posts=-1.0), ask(posts=-1.0)
    assert json.dumps(why_record(one), default=str) == json.dumps(why_record(two), default=str)


def test_the_report_is_written_whole(planted: Why, tmp_path: Path) -> None:
    written = write_why(planted, tmp_path)
    assert {path.name for path in written} == set(WHY_OUTPUTS)
    record = json.loads((tmp_path / "why.json").read_text("utf-8"))
    assert set(record["named"]) == {"demand", "touch time"}
    assert record["spiral"]["settles"] in (True, False)
    causes = pl.read_csv(tmp_path / "why_causes.csv")
    assert causes.height == 12
    with ZipFile(tmp_path / "why.docx") as word:
        text = re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    assert planted.answer in text.replace("&amp;", "&")


def test_the_page_asks_nothing_of_any_network_and_says_what_it_shows(planted: Why) -> None:
    page = why_html(planted)
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert page.count("<svg") == page.count('role="img"') + page.count('aria-hidden="true"')
    for cause in planted.named:
        assert cause.sentence.split(":")[0] in page
    assert "How a cause comes to be named" in page


def test_against_england_nothing_is_said_to_have_changed(ask: Ask) -> None:
    england = ask(before=None)
    page = why_html(england)
    assert "What makes the difference" in page
    assert "Probability that it changed" not in page
    assert "The records beside it" not in page
    screen = StringIO()
    Console(file=screen, width=120).print(why_text(england))
    assert "Changed" not in screen.getvalue()
    assert "Standing" in screen.getvalue()


def test_what_england_is_taken_to_be_is_marked_when_nobody_published_it(ask: Ask) -> None:
    england = ask(before=None)
    moved = Moved(
        "caseload_cap", "cap", "children", 1.0, 19.0, Between(14.0, 12.0, 17.0), "extract"
    )
    told = replace(moved, parameter="leaving_a_year")  # the department publishes turnover
    for given, caution in ((moved, True), (told, False)):
        cause = replace(england.causes[0], standing="named", moved=(given,))
        page = why_html(replace(england, causes=(cause,)))
        assert ("the value for England is assumed" in page) is caution
        assert "<td>assumed</td>" in page if caution else "<td>from published figures</td>" in page


@pytest.mark.parametrize(
    ("recorded", "doubted", "because"),
    [
        (0.2, False, "it lies in what the twin makes, and on the same side of England"),
        (0.9, True, "it lies outside what the twin makes"),
        (0.12, True, "it is better than England, and the twin makes it worse"),
        (None, False, "the records do not tell it, which is said elsewhere"),
    ],
)
def test_a_twin_that_does_not_make_what_was_recorded_is_said_to_before_anything_else(
    ask: Ask, recorded: float | None, doubted: bool, because: str
) -> None:
    made = {
        "simulated_before": Between(0.15, 0.14, 0.16),
        "simulated_after": Between(0.2, 0.1, 0.3),
        "simulated_change": Between(0.05, -0.05, 0.15),
    }
    england = replace(ask(before=None), recorded_after=recorded, **made)
    doubt = "The twin makes 20.0 % of this service"
    assert (doubt in why_html(england)) is doubted, because
    assert (doubt in str(why_record(england)["doubt"])) is doubted


@pytest.mark.parametrize(
    ("left", "doubted", "because"),
    [
        (Between(-0.36, -0.6, -0.1), True, "it is nearly all of the change, and beyond chance"),
        (Between(-0.36, -0.8, 0.1), False, "chance may account for it"),
        (Between(-0.05, -0.08, -0.02), False, "it is a small part of the change"),
    ],
)
def test_a_change_that_the_twin_does_not_repeat_is_said_to_before_anything_else(
    planted: Why, left: Between, doubted: bool, because: str
) -> None:
    apart = replace(planted, unexplained=left, simulated_change=Between(0.4, 0.1, 0.5))
    said = "The twin makes a change of +40.0 points where"
    assert (said in why_html(apart)) is doubted, because
    assert (said in str(why_record(apart)["doubt"])) is doubted


def test_the_records_of_every_driver_are_drawn_named_or_not(planted: Why) -> None:
    page = why_html(planted)
    shown = [e for c in planted.causes for e in c.evidence[:2] if e.months["value"].count() > 1]
    assert len(shown) > sum(len(c.evidence) for c in planted.named)
    assert page.count('<svg class="why-months"') == len(shown) + 1, "and the outcome itself"


def test_a_quiet_report_has_no_cause_and_says_what_that_means(ask: Ask) -> None:
    page = why_html(ask(1011))
    assert "No driver can be told from chance." in page
    assert "That is not a finding that they are well." in page


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "lateness"}, "'lateness' is not an outcome; it is one of assessment-lateness"),
        ({"from_period": "last year"}, "is not a period; write"),
        ({"from_period": "2024", "against": "england"}, "not both"),
        ({"from_period": "2025", "to_period": "2024"}, "wrong order"),
        ({"workforce": "nowhere.csv"}, "nowhere.csv"),
        ({"fit": "nowhere.json"}, "there is no such file"),
    ],
)
def test_what_is_wrong_is_known_before_the_extract_is_read(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises((SourceError, upturn.RulebookError), match=message):
        upturn.why("no-such-extract.xlsx", **options)
