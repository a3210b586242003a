"""Children in need seen in time: told from the dataset too, which holds no case status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.measures import show
from upturn.measures.measure import measure
from upturn.synthetic import make_council, write_annex_a, write_ssd

D = date
STATUS = frozenset({"cinp_case_status"})


def need(child: str, start: date, seen: date | None = None) -> tuple[dict, dict]:  # type: ignore[type-arg]
    plan = {
        "cinp_person_id": child,
        "cinp_cin_plan_id": f"N{child}",
        "cinp_cin_plan_start_date": start,
    }
    visit = {
        "cinv_person_id": child,
        "cinv_cin_plan_id": f"N{child}",
        "cinv_cin_visit_date": seen,
    }
    return plan, visit


def test_without_a_status_children_on_a_plan_or_in_care_are_left_out_by_those_tables(
    checked: Callable[..., Check],
) -> None:
    start = D(2026, 6, 1)
    seen_when = {
        "in time": D(2026, 9, 21),
        "long ago": D(2026, 7, 1),
        "on a plan": D(2026, 6, 5),
        "in care": D(2026, 6, 5),
        "was in care": D(2026, 9, 22),
    }
    both = [need(child, start, seen) for child, seen in seen_when.items()]
    tables = {
        "cin_plans": [plan for plan, _ in both],
        "cin_visits": [visit for _, visit in both],
        "cp_plans": [{"cppl_person_id": "on a plan", "cppl_cp_plan_start_date": D(2026, 7, 1)}],
        "cla_episodes": [
            {"clae_person_id": "in care", "clae_entered_care_date": D(2026, 8, 1)},
            {
                "clae_person_id": "was in care",
                "clae_entered_care_date": D(2026, 1, 1),
                "clae_cla_episode_ceased_date": D(2026, 5, 1),
            },
        ],
    }
    found = measure(checked(tables, source="ssd", absent=STATUS), show("cin-seen-in-time"))
    assert (found.n, found.of) == (2, 3), "in time and was in care, of those and long ago"
    assert "No status is held" in show("cin-seen-in-time").covered_by("ssd").because


def test_where_the_dates_of_plans_and_care_are_missing_too_it_cannot_be_told(
    checked: Callable[..., Check],
) -> None:
    plan, visit = need("a", D(2026, 6, 1), D(2026, 9, 21))
    absent = STATUS | {"cppl_cp_plan_start_date"}
    check = checked({"cin_plans": [plan], "cin_visits": [visit]}, source="ssd", absent=absent)
    found = measure(check, show("cin-seen-in-time"))
    assert found.of == 0
    assert sum(found.excluded.values()) == 1 if isinstance(found.excluded, dict) else found.excluded


@pytest.mark.parametrize("seed", [2, 6])
def test_the_dataset_and_annex_a_of_one_council_say_the_same(seed: int, tmp_path: Path) -> None:
    council = make_council(seed=seed, faults=["cin-not-seen"], spread=4)
    write_ssd(council, tmp_path / "ssd", parquet=True)
    write_annex_a(council, tmp_path / "annex_a.xlsx", messy=False)
    one, other = (
        measure(run_check(tmp_path / name), show("cin-seen-in-time"))
        for name in ("ssd", "annex_a.xlsx")
    )
    assert one.of > 150
    # Annex A's status is of the row's own period; the dataset knows the child's other tables.
    assert abs(one.n - other.n) <= 2
    assert abs(one.of - other.of) <= 2
    assert one.value is not None
    assert one.value < 95
