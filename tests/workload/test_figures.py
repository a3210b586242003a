"""The workforce measures of the scorecard: worked by hand, and beside the measures of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from workload_councils import AS_AT

import upturn
from upturn.measures.load import catalogue
from upturn.measures.model import FIGURES, MEMBERS
from upturn.measures.words import figure_words
from upturn.records.casebook import Casebook
from upturn.workload.figures import NO_FILE, figures_of
from upturn.workload.workforce import Workforce, read_workforce

Make = Callable[..., Casebook]
MEASURES = {one.id: one for one in catalogue() if one.form == "workload"}


def held(child: str, worker: str, start: str, end: str | None = None) -> dict[str, Any]:
    return {
        "invo_person_id": child, "worker": worker, "team": "North", "invo_professional_role_id": "CW",
        "invo_involvement_start_date": date.fromisoformat(start),
        "invo_involvement_end_date": date.fromisoformat(end) if end else None,
    }  # fmt: skip


def referral(child: str, start: str) -> dict[str, Any]:
    day = date.fromisoformat(start)
    return {"cine_person_id": child, "cine_referral_date": day, "cine_referral_nfa": False}


def people(folder: Path, rows: str) -> Workforce:
    file = folder / "w.csv"
    file.write_text("post,worker,team,hours,start,end,agency,nqsw,kind\n" + rows, "utf-8")
    return read_workforce(file)


@pytest.fixture
def casebook(book: Make) -> Casebook:
    """Ann holds 1 to 4, Bo 5 and 6; 6 waited from 1 June, Monday, and had three workers in turn."""
    rows = [held(str(n), "Ann", "2026-02-02") for n in range(1, 5)]
    rows += [held("5", "Bo", "2026-02-02"), held("6", "Cy", "2026-06-08", "2026-07-01")]
    rows += [held("6", "Di", "2026-07-01", "2026-08-01"), held("6", "Bo", "2026-08-01")]
    open_ = [referral(str(n), "2026-02-02") for n in range(1, 6)] + [referral("6", "2026-06-01")]
    return book(
        involvements=rows,
        cin_episodes=open_,
        cla_episodes=[
            {"clae_person_id": "6", "clae_entered_care_date": date(2026, 6, 1)},
            {"clae_person_id": "5", "clae_entered_care_date": date(2026, 3, 1)},
        ],
    )


@pytest.mark.parametrize(
    ("measure", "value", "n", "of", "because"),
    [
        ("caseload-middle", 3.0, 6, 6, "Ann holds four and Bo two"),
        ("caseload-p90", 3.8, 6, 6, "a tenth of the way from four to two"),
        ("caseload-most", 4.0, 6, 6, "Ann"),
        ("caseload-average", 3.0, 6, 6, "six children, two heads: no file says the hours"),
        ("caseload-over-30", 0.0, 0, 6, "nobody holds so many"),
        ("workers-three", 100 / 6, 1, 6, "child 6 had Cy, Di and Bo"),
        ("workers-three-cla", 50.0, 1, 2, "of children 5 and 6, both in care"),
        ("allocation-wait", 0.0, 6, 6, "five were taken on the day, child 6 after five working days"),
        ("nobody-days", 7.0, 1, 6, "child 6, from 1 June to 7 June"),
        ("nobody-week", 100 / 6, 1, 6, "seven days running is more than five"),
    ],
)  # fmt: skip
def test_each_figure_by_hand(
    casebook: Casebook, measure: str, value: float, n: int, of: int, because: str
) -> None:
    found = figures_of(casebook, [MEASURES[measure]])[measure].value
    assert (round(found.value or 0, 6), found.n, found.of) == (round(value, 6), n, of), because
    assert found.children_in.height == n, because
    assert found.children_out.height == of - n, because
    assert dict(found.members.schema) == MEMBERS


def test_the_average_is_for_each_full_time_equivalent_where_the_file_says_the_hours(
    casebook: Casebook, tmp_path: Path
) -> None:
    file = people(tmp_path, "P1,Ann,N,37,2025-01-01,,N,N,\nP2,Bo,N,18.5,2025-01-01,,N,Y,\n")
    found = figures_of(casebook, [MEASURES["caseload-average"]], workforce=file)
    assert (
        found["caseload-average"].value.value == 4.0
    )  # six children over 1.5, though Bo is newly qualified


def test_posts_come_from_the_workforce_file_and_open_to_no_child(
    casebook: Casebook, tmp_path: Path
) -> None:
    file = people(
        tmp_path,
        "P1,Ann,N,37,2024-01-01,,N,N,\nP2,Bo,N,37,2024-01-01,,Y,N,\nP3,Cy,N,37,2024-01-01,,N,N,\n"
        "P4,Di,N,37,2024-01-01,2026-05-01,N,N,\nP4,,N,37,2026-05-01,,,,\n",
    )
    found = {
        i: b.value for i, b in figures_of(casebook, [*MEASURES.values()], workforce=file).items()
    }
    assert figure_words(found["vacancy-rate"]) == "50.0 % (2 of 4)"  # Bo is agency, P4 is empty
    assert figure_words(found["agency-rate"]) == "33.3 % (1 of 3)"
    assert figure_words(found["turnover"]) == "50.0 % (1 of 2)"
    assert found["vacancy-rate"].members.is_empty()


def test_what_cannot_be_told_says_why(casebook: Casebook, book: Make) -> None:
    assert figures_of(casebook, [MEASURES["turnover"]])["turnover"].value.why == NO_FILE
    annex = book("annex_a", cin_plans=[{"cinp_person_id": "1", "worker": "Ann"}])
    found = {i: b.value for i, b in figures_of(annex, [*MEASURES.values()]).items()}
    assert found["caseload-most"].value == 1
    assert "only the worker at the extract" in found["workers-three"].why.casefold()
    assert found["workers-three"].value is None


def test_every_figure_the_catalogue_may_name_is_used_and_worked_out(casebook: Casebook) -> None:
    assert {one.figure for one in MEASURES.values()} == set(FIGURES)
    assert set(figures_of(casebook, [*MEASURES.values()])) == set(MEASURES)


def test_a_scorecard_has_the_workforce_with_england_and_its_months(tmp_path: Path) -> None:
    upturn.demo(seed=1, size="small", out=tmp_path)
    card = upturn.scorecard(
        tmp_path / "annex_a.xlsx",
        workforce=tmp_path / "workforce.csv",
        by=["team"],
        out=tmp_path / "out",
    )
    lines = {entry.measure.id: entry for entry in card.entries}
    vacancies = lines["vacancy-rate"]
    assert vacancies.england is not None
    assert vacancies.england.latest == (2025, 14.2)
    assert vacancies.series is not None
    assert vacancies.direction.startswith("from ")
    assert lines["caseload-middle"].value.as_at == AS_AT
    assert card.groups is not None
    in_groups = set(card.groups["measure"])
    assert "caseload-over-30" in in_groups
    assert not in_groups & {"caseload-middle", "vacancy-rate"}  # those are of workers and posts
    page = (tmp_path / "out" / "scorecard.html").read_text("utf-8")
    assert "Workforce and caseloads" in page
    assert "Workers, by how many children each holds" in page


def test_no_worker_is_named_in_any_output(tmp_path: Path) -> None:
    upturn.demo(seed=1, size="small", out=tmp_path)
    upturn.scorecard(
        tmp_path / "annex_a.xlsx", workforce=tmp_path / "workforce.csv", out=tmp_path / "out"
    )
    names = {n for n in read_workforce(tmp_path / "workforce.csv").spells["worker"] if n}
    text = "".join(
        (tmp_path / "out" / f).read_text("utf-8")
        for f in ("scorecard.json", "scorecard.csv", "scorecard_children.csv")
    )
    assert len(names) > 20
    assert not [name for name in names if name in text]
