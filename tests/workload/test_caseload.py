"""Who held which child, what a worker holds, and what that weighs: worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from upturn.records.casebook import Casebook
from upturn.rulebooks import RulebookError
from upturn.workload.allocations import allocations, held_on, spells
from upturn.workload.caseload import arrivals, caseloads, load_when_arrived, over_time
from upturn.workload.cases import cases, kinds_on
from upturn.workload.continuity import changes, unheld, waits
from upturn.workload.posts import posts_on
from upturn.workload.spread import spread
from upturn.workload.tables import ALLOCATIONS
from upturn.workload.weights import chosen, read_weights, scheme, schemes
from upturn.workload.workforce import Workforce, read_workforce

AS_AT = date(2026, 9, 30)
Make = Callable[..., Casebook]


def held(
    child: str, worker: str | None, start: str, end: str | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "invo_person_id": child, "worker": worker, "team": more.get("team", "North"),
        "invo_professional_role_id": more.get("role", "CW"),
        "invo_involvement_start_date": date.fromisoformat(start),
        "invo_involvement_end_date": date.fromisoformat(end) if end else None,
    }  # fmt: skip


def referral(child: str, start: str, end: str | None = None, nfa: bool = False) -> dict[str, Any]:
    return {
        "cine_person_id": child, "cine_referral_date": date.fromisoformat(start),
        "cine_close_date": date.fromisoformat(end) if end else None, "cine_referral_nfa": nfa,
    }  # fmt: skip


def people(tmp_path: Path, rows: str) -> Workforce:
    file = tmp_path / "w.csv"
    file.write_text("post,worker,team,hours,start,end,agency,nqsw,kind\n" + rows, "utf-8")
    return read_workforce(file)


def test_a_worker_holds_a_child_from_the_start_up_to_the_day_of_the_end(book: Make) -> None:
    rows = [held("1", "Ann", "2026-01-05", "2026-03-01"), held("1", "Bo", "2026-03-01")]
    found = allocations(book(involvements=rows))
    assert found.schema == ALLOCATIONS
    assert held_on(found, date(2026, 2, 28))["worker"].to_list() == ["Ann"]
    assert held_on(found, date(2026, 3, 1))["worker"].to_list() == ["Bo"]


def test_only_the_case_worker_holds_a_child_where_roles_are_told(book: Make) -> None:
    rows = [held("1", "Ann", "2026-01-05"), held("1", "Iro", "2026-01-05", role="IRO")]
    assert allocations(book(involvements=rows))["worker"].to_list() == ["Ann"]


def test_spells_that_touch_are_one_and_those_apart_are_two(book: Make) -> None:
    rows = [
        held("1", "Ann", "2026-01-01", "2026-02-01"), held("1", "Ann", "2026-02-01", "2026-03-01"),
        held("1", "Ann", "2026-05-01"),
    ]  # fmt: skip
    found = spells(allocations(book(involvements=rows)))
    assert found.select("start", "end").rows() == [
        (date(2026, 1, 1), date(2026, 3, 1)), (date(2026, 5, 1), None),
    ]  # fmt: skip


def test_annex_a_names_the_holder_of_the_most_serious_open_list(book: Make) -> None:
    found = allocations(
        book(
            "annex_a",
            cin_plans=[{"cinp_person_id": "1", "worker": "Ann", "team": "N"},
                       {"cinp_person_id": "2", "worker": "Ann", "team": "N"},
                       {"cinp_person_id": "3", "worker": "Ann", "cinp_cin_plan_end_date": date(2026, 9, 1)}],
            cp_plans=[{"cppl_person_id": "2", "worker": "Bo", "team": "N"}],
            cla_episodes=[{"clae_person_id": "1", "worker": "Cy", "team": "C"}],
        )
    )  # fmt: skip
    assert found.select("child_id", "worker").rows() == [("1", "Cy"), ("2", "Bo")]
    assert found["start"].null_count() == 2


def test_a_census_tells_nobody(book: Make) -> None:
    assert allocations(book("cin_census", cin_episodes=[referral("1", "2026-01-05")])).is_empty()


def test_the_kind_of_a_case_is_the_first_that_holds(book: Make) -> None:
    found = cases(
        book(
            cin_episodes=[referral("1", "2026-01-05"), referral("2", "2026-01-05"),
                          referral("3", "2026-01-05", nfa=True), referral("4", "2026-01-05", "2026-02-01")],
            cin_assessments=[{"cina_person_id": "2", "cina_assessment_start_date": date(2026, 9, 20)}],
            cp_plans=[{"cppl_person_id": "1", "cppl_cp_plan_start_date": date(2026, 5, 1)}],
        )
    )  # fmt: skip
    assert kinds_on(found, AS_AT).rows() == [("1", "child protection"), ("2", "assessment")]


def test_a_caseload_is_counted_and_weighed_and_held_against_what_the_worker_can_hold(
    book: Make, tmp_path: Path
) -> None:
    rows = [held(str(n), "Ann", "2026-01-05") for n in range(5)] + [held("9", "Bo", "2026-01-05")]
    made = book(
        involvements=rows,
        cin_episodes=[referral(str(n), "2026-01-05") for n in range(10)],
        cp_plans=[{"cppl_person_id": "0", "cppl_cp_plan_start_date": date(2026, 5, 1)}],
    )
    file = "P1,Ann,North,18.5,2020-01-01,,N,N,\nP2,Bo,North,37,2026-03-01,,Y,Y,\n"
    file += ",Bo,,,2026-09-01,2026-10-01,,,sick\n"
    found = caseloads(
        allocations(made), cases(made), scheme(), day=AS_AT, workforce=people(tmp_path, file)
    )
    ann, bo = found.rows(named=True)
    assert (ann["worker"], ann["children"], ann["child protection"], ann["child in need"]) == (
        "Ann",
        5,
        1,
        4,
    )
    assert ann["points"] == 8 + 4 * 5
    # Half time: 50 points, 7.5 of them stable; 28 of cases. (28 + 7.5) / 50.
    assert (ann["capacity"], ann["load"]) == (0.5, 71.0)
    assert (bo["capacity"], bo["newly_qualified"], bo["agency"], bo["away"]) == (
        0.9,
        True,
        True,
        True,
    )
    assert bo["load"] is None  # sick: no load of their own


def test_without_a_workforce_file_there_is_no_load_and_nobody_is_said_to_have_left(
    book: Make,
) -> None:
    made = book(involvements=[held("1", "Ann", "2026-01-05")])
    found = caseloads(allocations(made), cases(made), scheme(), day=AS_AT, workforce=None)
    row = found.row(0, named=True)
    assert (row["children"], row["load"], row["left"], row["no open case"]) == (1, None, None, 1)


def test_a_newly_qualified_year_ends(book: Make, tmp_path: Path) -> None:
    made = book(involvements=[held("1", "Ann", "2026-01-05")])
    file = people(tmp_path, "P1,Ann,North,37,2025-09-01,,N,Y,\n")
    found = caseloads(allocations(made), cases(made), scheme(), day=AS_AT, workforce=file)
    row = found.row(0, named=True)
    assert (row["capacity"], row["newly_qualified"]) == (1.0, False)


def test_load_when_work_arrived_leaves_out_what_came_that_day_and_what_had_gone(book: Make) -> None:
    rows = [
        held("1", "Ann", "2026-01-05"), held("2", "Ann", "2026-01-05", "2026-02-01"),
        held("3", "Ann", "2026-02-01"), held("4", "Ann", "2026-02-01"), held("5", "Bo", "2026-02-01"),
    ]  # fmt: skip
    found = arrivals(allocations(book(involvements=rows)), since=date(2026, 1, 1)).sort("child_id")
    assert dict(found.select("child_id", "load").rows()) == {"1": 0, "2": 0, "3": 1, "4": 1, "5": 0}


def test_load_is_counted_as_a_plain_loop_counts_it(clean_workload: Any) -> None:
    known = spells(clean_workload.allocations)
    some = known.sample(60, seed=1)
    fast = load_when_arrived(known, some["worker"], some["start"])
    for n, row in enumerate(some.iter_rows(named=True)):
        theirs = known.filter(
            (pl.col("worker") == row["worker"]) & (pl.col("start") < row["start"])
            & (pl.col("end").is_null() | (pl.col("end") > row["start"]))
        )  # fmt: skip
        assert fast[n] == theirs.height


def test_months_show_the_spread_on_each_day(book: Make) -> None:
    rows = [held(str(n), "Ann", "2026-08-01") for n in range(4)] + [held("9", "Bo", "2026-09-15")]
    found = over_time(allocations(book(involvements=rows)), as_at=AS_AT, months=3)
    assert found.select("day", "workers", "held", "median", "most").rows() == [
        (date(2026, 8, 30), 1, 4, 4.0, 4.0), (AS_AT, 2, 5, 2.5, 4.0),
    ]  # fmt: skip


def test_changes_count_people_and_times(book: Make) -> None:
    rows = [
        held("1", "Ann", "2026-01-01", "2026-03-01"), held("1", "Bo", "2026-03-01", "2026-06-01"),
        held("1", "Ann", "2026-06-01"),
        held("2", "Ann", "2024-01-01", "2025-01-01"), held("2", "Cy", "2025-01-01"),
    ]  # fmt: skip
    made = book(
        involvements=rows, cin_episodes=[referral("1", "2026-01-01"), referral("2", "2024-01-01")]
    )
    found = changes(spells(allocations(made)), cases(made), since=date(2025, 9, 30), as_at=AS_AT)
    assert found.select("child_id", "workers", "changes").rows() == [("1", 2, 2), ("2", 1, 0)]


def test_waits_are_in_working_days_and_those_still_waiting_are_told(book: Make) -> None:
    made = book(
        involvements=[held("1", "Ann", "2026-09-07"), held("2", "Ann", "2026-01-01"),
                      held("3", None, "2026-09-21")],
        cin_episodes=[referral("1", "2026-09-04"), referral("2", "2026-09-04"), referral("3", "2026-09-21"),
                      referral("4", "2026-09-04", nfa=True), referral("5", "2026-09-04", "2026-09-05")],
    )  # fmt: skip
    found = waits(made, allocations(made), since=date(2025, 9, 30)).sort("child_id")
    assert found.select("child_id", "waited", "allocated").rows() == [
        ("1", 1, date(2026, 9, 7)),  # Friday to Monday
        ("2", 0, date(2026, 9, 4)),  # held already
        ("3", 7, None),  # a team and no worker
    ]


def test_days_when_nobody_held_a_child_are_counted_inside_its_open_case(book: Make) -> None:
    rows = [
        held("1", "Ann", "2026-01-11", "2026-02-01"), held("1", "Bo", "2026-02-05", "2026-09-20"),
        held("2", "Ann", "2025-01-01"),
    ]  # fmt: skip
    made = book(
        involvements=rows, cin_episodes=[referral("1", "2026-01-01"), referral("2", "2025-01-01")]
    )
    found = unheld(spells(allocations(made)), cases(made), since=date(2025, 9, 30), as_at=AS_AT)
    one, two = found.rows(named=True)
    assert (one["days"], one["longest"], one["now"]) == (10 + 4 + 10, 10, True)
    assert (two["open_days"], two["days"], two["now"]) == (365, 0, False)


def test_days_with_nobody_are_counted_as_a_plain_loop_counts_them(clean_workload: Any) -> None:
    made, since = clean_workload, clean_workload.since
    found, known = cases(made.casebook), spells(made.allocations)
    for row in made.unheld.sample(25, seed=2).iter_rows(named=True):
        theirs = found.filter(
            (pl.col("child_id") == row["child_id"]) & pl.col("start").is_not_null()
        )
        theirs = theirs.filter(pl.col("kind") != "care leaver")
        holders = known.filter(pl.col("child_id") == row["child_id"])
        days = pl.date_range(since, AS_AT, closed="left", eager=True).to_list()
        alone = [d for d in days if _on(theirs, d) and not _on(holders, d)]
        assert row["days"] == len(alone), row["child_id"]


def _on(rows: pl.DataFrame, day: date) -> bool:
    return any(a <= day and (b is None or b > day) for a, b in rows.select("start", "end").rows())


def test_posts_are_counted_as_the_department_counts_them(tmp_path: Path) -> None:
    file = people(
        tmp_path,
        "P1,Ann,N,37,2020-01-01,,N,N,\n"
        "P2,Bo,N,18.5,2026-03-01,,N,Y,\n"
        "P3,,N,37,2026-01-01,,,,\n"
        "P4,Cy,N,37,2026-05-01,,Y,N,\n"  # a vacancy that an agency worker covers
        "P5,Di,N,37,2020-01-01,2026-06-01,N,N,\n"
        ",Ann,N,,2026-09-01,2026-09-11,,,sickness\n",
    )
    found = posts_on(file, day=AS_AT)
    assert (found.in_post, found.vacant, found.agency, found.posts) == (1.5, 2.0, 1.0, 3.5)
    assert found.vacancy_rate == pytest.approx(100 * 2 / 3.5)
    assert found.agency_rate == pytest.approx(100 * 1 / 2.5)
    assert (found.starters, found.leavers, found.heads) == (1, 1, 2)
    assert found.sick_days == 10


def test_a_spread_never_comes_without_its_top() -> None:
    found = spread([10] * 9 + [40])
    assert (found.mean, found.median, found.p90, found.most) == (13.0, 10.0, 13.0, 40.0)
    assert spread([]).most is None


def test_every_scheme_says_where_it_comes_from_and_what_is_assumed() -> None:
    assert sum(one.default for one in schemes()) == 1
    for one in schemes():
        assert one.source
        assert (one.status, one.points_status) == ("secondary", "assumed")


OURS = "id: ours\nname: Ours\nsource: Cabinet\nfull: 20\npoints: {looked after: 1, child protection: 2, " \
       "assessment: 1, child in need: 1, care leaver: 0.5}\n"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OURS.replace("full: 20", "full: many"), "'full' should be a number"),
        (OURS.replace("full: 20", "fill: 20"), "unknown key 'fill'; did you mean 'full'"),
        (OURS.replace(", care leaver: 0.5", ""), "no points for care leaver"),
        (OURS.replace("care leaver", "care leever"), "no kind of case 'care leever'"),
        (OURS + "stable: 30\n", "'stable' should be less than 'full'"),
        (OURS + "newly_qualified: 3\n", "should be a share"),
        ("- 1\n", "should have the keys"),
    ],
)
def test_a_wrong_scheme_is_refused_with_its_file_and_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RulebookError) as error:
        read_weights(file)
    assert said.replace("; did you mean 'full'", "") in error.value.faults[0]
    assert error.value.faults[0].startswith("ours.yaml")


def test_a_scheme_is_chosen_by_name_or_by_file(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(OURS, "utf-8")
    assert (chosen(None).id, chosen("plain").id, chosen(file).id) == (
        "hundred-points",
        "plain",
        "ours",
    )
    with pytest.raises(RulebookError, match="no weighting scheme 'plane'"):
        chosen("plane")
