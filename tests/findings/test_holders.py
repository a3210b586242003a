"""Who holds the children: found where it was planted, quiet where not, and not tested where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

import upturn
from upturn.findings.cases import empty_cases
from upturn.findings.demand import outrun
from upturn.findings.load import load_catalogue
from upturn.findings.model import Finding
from upturn.findings.run import answer, findings_of
from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.synthetic import make_council, write_annex_a, write_ssd, write_workforce
from upturn.workload.tables import WORKFORCE, typed
from upturn.workload.workforce import Workforce, read_workforce

QUESTIONS = {p.id: p for p in load_catalogue()}
HOLDERS = ("worker-changes", "worker-changes-in-team", "caseloads-uneven", "left-with-leavers",
           "held-by-nobody", "demand-outruns-posts")  # fmt: skip
Made = tuple[Check, Workforce, set[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Made]:
    """A council with these faults as the dataset (or Annex A), its workforce, and the children touched."""

    def make(*faults: str, form: str = "ssd", seed: int = 2) -> Made:
        council, folder = make_council(seed=seed, faults=list(faults)), tmp_path_factory.mktemp("c")
        write_workforce(council, folder / "workforce.csv")
        if form == "ssd":
            write_ssd(council, folder / "source")
        else:
            write_annex_a(council, folder / "source.xlsx", messy=False)
        check = run_check(folder / ("source" if form == "ssd" else "source.xlsx"))
        touched = set(council.truth["child_id"].drop_nulls())
        return check, read_workforce(folder / "workforce.csv"), touched

    return make


@pytest.fixture(scope="module")
def clean(made: Callable[..., Made]) -> Made:
    return made()


def children(finding: Finding) -> set[str]:
    return set(finding.cases.filter("hit")["child_id"].drop_nulls())


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("worker-changes-in-team", "workers-change-often"),
        ("caseloads-uneven", "caseloads-uneven"),
        ("left-with-leavers", "left-with-leavers"),
        ("held-by-nobody", "nobody-between-workers"),
    ],
)
def test_what_is_planted_is_found(made: Callable[..., Made], question: str, fault: str) -> None:
    check, workforce, touched = made(fault)
    finding = answer(QUESTIONS[question], check, workforce)
    assert finding.verdict == "found", finding.sentence
    if fault != "caseloads-uneven":  # there the children moved are not all with the fullest worker
        assert len(touched & children(finding)) >= 0.9 * len(touched)


@pytest.mark.parametrize("question", HOLDERS)
def test_a_council_without_a_fault_is_quiet(clean: Made, question: str) -> None:
    check, workforce, _ = clean
    found = answer(QUESTIONS[question], check, workforce)
    assert found.verdict in ("not found", "strength", "cannot tell"), found.sentence


def test_uneven_work_is_told_from_annex_a_too(made: Callable[..., Made]) -> None:
    check, _, _ = made("caseloads-uneven", form="annex_a")
    finding = answer(QUESTIONS["caseloads-uneven"], check)
    assert finding.verdict == "found"
    assert finding.comparator is not None
    assert "by chance" in finding.comparator.name
    assert len(finding.facts) >= 3  # the spread of each team


def test_without_history_or_file_it_is_not_tested_and_says_why(made: Callable[..., Made]) -> None:
    check, _, _ = made(form="annex_a")
    said = {q: answer(QUESTIONS[q], check) for q in HOLDERS}
    assert {q for q, f in said.items() if f.verdict == "not tested"} == set(HOLDERS) - {
        "caseloads-uneven"
    }
    assert "--workforce" in said["left-with-leavers"].because
    assert "worker at the extract" in said["worker-changes"].because


def test_no_worker_is_named(made: Callable[..., Made]) -> None:
    check, workforce, _ = made("left-with-leavers", "caseloads-uneven", "workers-change-often")
    names = [n for n in workforce.spells["worker"].drop_nulls().unique() if n]
    for question in HOLDERS:
        finding = answer(QUESTIONS[question], check, workforce)
        shown = " ".join([finding.sentence, *finding.facts, *finding.cases["reason"].drop_nulls()])
        assert not [n for n in names if n in shown], question


def test_the_same_extract_is_dealt_the_same(clean: Made) -> None:
    first, again = (answer(QUESTIONS["caseloads-uneven"], clean[0]) for _ in range(2))
    assert first.comparator == again.comparator


def team_of(loads: dict[str, int], hours: dict[str, float]) -> tuple[Check, Workforce]:
    """One team whose workers hold so many children, one to a family, and their weekly hours."""
    from upturn.journeys.check import check_casebook
    from upturn.records.casebook import Casebook
    from upturn.records.quarantine import nothing
    from upturn.records.tables import TABLES
    from upturn.rulebooks import load_rulebooks

    as_at, rows = date(2026, 9, 30), []
    for worker, n in loads.items():
        for k in range(n):
            began = as_at - timedelta(days=10 + 7 * k)
            rows.append(
                {"cinp_cin_plan_id": f"{worker}{k}", "cinp_person_id": f"{worker}{k}", "worker": worker,
                 "team": "North", "cinp_cin_plan_start_date": began, "set_aside": []}
            )  # fmt: skip
    frame = pl.DataFrame(rows, schema=TABLES["cin_plans"].schema)
    book = Casebook("annex_a", "typed", "0" * 64, as_at, "given", {"cin_plans": frame}, (), nothing(),
                    pl.DataFrame())  # fmt: skip
    spells = [
        {"worker": w, "hours": h, "start": date(2020, 1, 1), "kind": "in post"}
        for w, h in hours.items()
    ]
    staff = Workforce("w", "", typed(pl.DataFrame(spells), WORKFORCE), pl.DataFrame(), len(spells))
    return check_casebook(book, load_rulebooks()), staff


@pytest.mark.parametrize(
    ("loads", "hours", "verdict", "because"),
    [
        ([30, 4, 4, 4], None, "found", "one worker has most of the work"),
        ([11, 10, 9, 12], None, "not found", "all but even"),
        ([24, 8, 8, 8], None, "found", "one worker has half of the work"),
        ([24, 8, 8, 8], [37, 12, 12, 12], "not found", "the others work a third of the week"),
        (
            [12, 12, 12, 12],
            [74, 9, 74, 74],
            "found",
            "even in children, far too much for one day a week",
        ),
    ],
)
def test_uneven_by_hand(
    loads: list[int], hours: list[float] | None, verdict: str, because: str
) -> None:
    names = ["Ann", "Bo", "Cy", "Di"]
    check, staff = team_of(
        dict(zip(names, loads, strict=True)), dict(zip(names, hours or [37] * 4, strict=True))
    )
    found = answer(QUESTIONS["caseloads-uneven"], check, staff if hours else None)
    assert found.verdict == verdict, because


def posts(people: list[tuple[int, int | None]]) -> Workforce:
    """Full-time people from and to so many days before 30 September 2026."""
    as_at = date(2026, 9, 30)
    rows = [
        {"worker": f"W{n}", "hours": 37.0, "kind": "in post", "start": as_at - timedelta(days=a),
         "end": None if b is None else as_at - timedelta(days=b)}
        for n, (a, b) in enumerate(people)
    ]  # fmt: skip
    return Workforce("w", "", typed(pl.DataFrame(rows), WORKFORCE), pl.DataFrame(), len(rows))


@pytest.mark.parametrize(
    ("fault", "people", "found", "because"),
    [
        ([], [(900, None)] * 10, False, "neither rose"),
        ([], [(900, None)] * 4 + [(900, 56)] * 6, True, "six of ten people left, the referrals kept coming"),
        (["referrals-surge"], [(900, None)] * 10, True, "referrals rose and nobody came"),
        (["referrals-surge"], [(900, None)] * 8 + [(56, None)] * 8, False, "people doubled as referrals did"),
    ],
)  # fmt: skip
def test_demand_is_held_against_the_people_there_are(
    made: Callable[..., Made], fault: list[str], people: list[tuple[int, int | None]], found: bool,
    because: str,
) -> None:  # fmt: skip
    check, _, _ = made(*fault)
    test = QUESTIONS["demand-outruns-posts"].test
    cases = outrun(check, test, workforce=posts(people))
    assert cases.ruling is not None
    assert cases.ruling.found == found, because
    assert "full-time equivalents" in cases.facts[0]


def test_weeks_with_nobody_in_post_are_not_tested(clean: Made) -> None:
    cases = outrun(clean[0], QUESTIONS["demand-outruns-posts"].test, workforce=posts([(30, None)]))
    assert cases.missing
    assert cases.frame.equals(empty_cases())


def test_the_letter_takes_the_workforce(tmp_path: Path) -> None:
    upturn.demo(seed=1, size="small", out=tmp_path)
    found = upturn.letter(tmp_path / "annex_a.xlsx", workforce=tmp_path / "workforce.csv")
    tested = {f.pattern.id for f in found.findings if f.verdict != "not tested"}
    assert {"left-with-leavers", "demand-outruns-posts", "caseloads-uneven"} <= tested
    without = findings_of(found.check)
    assert "left-with-leavers" in {f.pattern.id for f in without.of("not tested")}
