"""Whether an extract holds enough to be asked why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import census_xml
import numpy as np
import pytest
from why_toy import AFTER, BEFORE, records

import upturn
from upturn.causes.worlds import Simulator
from upturn.records.sheets import SourceError
from upturn.twin.summaries import Recorded
from upturn.verbs import advising, explaining
from upturn.verbs.enough import FEWEST_CASES, require_cases, require_referrals
from upturn.verbs.given import workforce_in


@pytest.fixture
def year(toy: Simulator, values: np.ndarray) -> Recorded:
    return records(toy, values, 1007)


def test_ten_cases_in_each_period_are_enough(year: Recorded) -> None:
    require_cases(_with(year, 2.0), "assessment-lateness", (BEFORE, AFTER))


def test_a_handful_of_cases_is_refused_with_how_many_there_are(year: Recorded) -> None:
    said = (
        "too few cases that tell assessment-lateness to say why: 6 in January to June 2025 and 6 in July to "
        f"December 2025. At least {FEWEST_CASES} are needed in each period"
    )
    with pytest.raises(SourceError, match=said):
        require_cases(_with(year, 1.0), "assessment-lateness", (BEFORE, AFTER))


def test_one_period_with_too_few_is_enough_to_refuse(year: Recorded) -> None:
    early = np.array([5.0] * 6 + [1.0] * 6)
    with pytest.raises(SourceError, match="30 in January to June 2025 and 6 in July"):
        require_cases(_with(year, early), "assessment-lateness", (BEFORE, AFTER))


def test_what_the_source_cannot_tell_at_all_is_left_to_the_twin(year: Recorded) -> None:
    require_cases(year, "conference-lateness", (BEFORE, AFTER))


@pytest.mark.parametrize("asked", [{}, {"against": "england", "outcome": "caseload"}])
def test_a_return_with_a_few_children_names_no_cause_of_anything(
    tmp_path: Path, asked: dict[str, str]
) -> None:
    children = [
        census_xml.child(
            census_xml.episode(
                census_xml.assessment(f"{month}-03", f"{month}-24"), referred=f"{month}-02"
            ),
            child_id=f"C{month}",
        )
        for month in [f"2025-{n:02d}" for n in range(4, 13)] + [f"2026-{n:02d}" for n in (1, 2, 3)]
    ]
    source = census_xml.written(tmp_path, *children)
    with pytest.raises(SourceError, match="too few referrals to say why"):
        upturn.why(source, **asked)  # type: ignore[arg-type]


def _with(year: Recorded, ended: float | np.ndarray) -> Recorded:
    """The year with so many assessments ended in each month."""
    return replace(year, monthly={**year.monthly, "assessments_ended": np.zeros(12) + ended})


def test_no_service_is_simulated_from_a_handful_of_referrals(
    year: Recorded, tmp_path: Path
) -> None:
    require_referrals(year)
    few = replace(year, monthly={"referrals": np.full(12, 2.0)})
    for record, said in (
        (few, "24 in its latest 12 months"),
        (replace(year, monthly={}), ": 0. At"),
    ):
        with pytest.raises(SourceError, match=said):
            require_referrals(record)
    source = census_xml.written(tmp_path, census_xml.child(census_xml.episode()))
    costs = upturn.remedy.example_costs(tmp_path / "costs.yaml")
    with pytest.raises(SourceError, match="too few referrals to simulate a service from"):
        upturn.advise(
            source, budget=1e6, goal="assessments in time >= 90% within 9 months", costs=costs
        )


def test_rows_of_a_workforce_file_that_could_not_be_used_are_told_beside_the_answer(
    tmp_path: Path,
) -> None:
    file = tmp_path / "workforce.csv"
    file.write_text("worker,start\nAnn Lee,2024-04-01\nBo Ray,soon\n", "utf-8")
    for notes in (explaining._notes, advising._notes):
        said = notes(workforce_in(file), quick=False)
        assert said == [
            "1 row of the workforce file could not be used; upturn workload says which, and why."
        ]
        assert "No workforce file was given" in notes(None, quick=False)[0]
