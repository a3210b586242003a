"""A simulated future as an extract: every command reads it, and all of it says that it is simulated."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import upturn
from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.records.read import read_source
from upturn.render.delivery import OutputError
from upturn.render.simulated_outputs import README, WORKFORCE, folder_of, write_extracts
from upturn.rulebooks import RulebookError, load_rulebooks
from upturn.twin.extract import casebook_of
from upturn.twin.future import SimulatedExtract, simulated_extracts
from upturn.twin.log import Log
from upturn.twin.parameters import department
from upturn.twin.projection import Projection, project
from upturn.twin.run_features import WARM_UP, simulate_plans
from upturn.twin.scenario import Change, Scenario, plan
from upturn.twin.series import COLUMN
from upturn.twin.simulate import replay
from upturn.twin.spans import whole_months
from upturn.twin.summaries import recorded
from upturn.workload.tables import PLACE
from upturn.workload.workforce import read_workforce

SMALL = department(posts=10, contacts_a_month=35, teams=2, manager_posts=1.5, screening_posts=1.5)
MORE = Scenario("Two more posts!", (Change("posts", add=2),))
START = date(2026, 10, 1)
#: What the dataset's own form changes: plans in need in place of periods, care that is not simulated, and
#: assessments that closure or care cut short.
APART = ("cin-seen", "care-", "assessment-")


@pytest.fixture(scope="module")
def projection() -> Projection:
    found = project(SMALL, scenarios=[MORE], start=START, months=12, reps=2, seed=5)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def extract(projection: Projection) -> SimulatedExtract:
    return simulated_extracts(projection)[0]


@pytest.fixture(scope="module")
def log() -> Log:
    return replay(plan(SMALL, months=12), seed=5, start=START, warm_up=WARM_UP)


@pytest.fixture(scope="module")
def folder(extract: SimulatedExtract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_extracts([extract], tmp_path_factory.mktemp("out"))[0]


@pytest.fixture(scope="module")
def check(folder: Path) -> Check:
    return check_casebook(read_source(folder), load_rulebooks())


def clocks(check: Check) -> pl.DataFrame:
    columns = ["child_id", "rule", "started_on", "due_on", "met_on", "state"]
    return check.clocks.select(columns).sort(columns)


def apart() -> pl.Expr:
    return pl.any_horizontal(pl.col("rule").str.starts_with(name) for name in APART)


def test_the_records_are_those_of_the_projections_own_replication(log: Log) -> None:
    both = np.stack([plan(SMALL, months=12)] * 2)
    assert np.array_equal(simulate_plans(both, 5, 0, START)[0], log.monthly, equal_nan=True)


def test_every_clock_and_event_is_the_same_before_and_after_the_folder(
    extract: SimulatedExtract, check: Check
) -> None:
    before = check_casebook(extract.casebook, load_rulebooks())
    assert clocks(check).equals(clocks(before))
    own = ["child_id", "event", "date"]
    assert check.events.select(own).sort(own).equals(before.events.select(own).sort(own))


def test_the_clocks_are_those_of_the_log(log: Log, check: Check) -> None:
    plainly = clocks(check_casebook(casebook_of(log), load_rulebooks())).filter(~apart())
    assert plainly.height > 1000
    assert clocks(check).filter(~apart()).equals(plainly)


def test_a_child_in_need_is_visited_from_the_plan_on_and_not_from_the_referral(
    check: Check,
) -> None:
    seen = clocks(check).filter(rule="cin-seen")
    assert seen.filter(state="met").height > 0.5 * seen.height


def test_care_that_is_not_simulated_is_not_read_as_not_done(check: Check) -> None:
    care = clocks(check).filter(pl.col("rule").str.starts_with("care-"))
    assert care.height
    assert set(care["state"]) == {"cannot tell"}


def test_nothing_in_it_is_at_fault(folder: Path) -> None:
    book = read_source(folder)
    assert book.quarantine.is_empty()
    assert book.as_at == date(2027, 9, 30)


def test_it_says_wherever_it_goes_that_it_is_simulated(folder: Path) -> None:
    assert folder.name == "simulated-doing-nothing-seed-5-replication-1"
    assert "NO CHILD, FAMILY OR WORKER IN IT IS REAL" in (folder / README).read_text("utf-8")
    said = json.loads((folder / "upturn_extract.json").read_text("utf-8"))
    assert (said["simulated"], said["scenario"], said["seed"], said["replication"]) == (
        True, "doing nothing", 5, 1,
    )  # fmt: skip
    assert read_source(folder).notes[0].startswith("SIMULATED: no child, family or worker")


def test_a_simulated_extract_in_a_folder_of_another_name_still_says_so(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "extract 2027")
    assert read_source(tmp_path / "extract 2027").source_name == "extract 2027 (simulated)"
    assert read_source(folder).source_name == folder.name


def test_the_posts_come_back_with_sickness_and_teams(
    folder: Path, extract: SimulatedExtract
) -> None:
    read = read_workforce(folder / WORKFORCE)
    assert read.quarantine.filter(pl.col("level") != "note").is_empty()
    order = ["post_id", "start", "kind", "end"]
    assert read.spells.drop(PLACE).sort(order).equals(extract.workforce.drop(PLACE).sort(order))
    assert {"in post", "sickness"} == set(read.spells["kind"])
    assert set(read.spells["team"]) == {"Simulated team 1", "Simulated team 2"}


def test_nobody_is_sick_outside_the_time_in_the_post(extract: SimulatedExtract) -> None:
    rows = extract.workforce
    posts = rows.filter(kind="in post").select("worker", begun="start", left="end")
    sick = rows.filter(kind="sickness").join(posts, on="worker")
    assert sick.height
    assert (sick["start"] >= sick["begun"]).all()
    assert (sick["end"] <= sick["left"]).drop_nulls().all()


def test_the_other_commands_say_something_of_it(folder: Path) -> None:
    found = upturn.caseloads(folder, workforce=folder / WORKFORCE)
    assert found.workers["team"].null_count() == 0
    delays = {d.outcome.id: d for d in found.delays}
    assert delays["assessment"].statement is not None
    assert upturn.scorecard(folder, workforce=folder / WORKFORCE).as_at == date(2027, 9, 30)
    assert upturn.letter(folder) is not None


def test_a_child_seen_for_an_assessment_was_visited(log: Log, extract: SimulatedExtract) -> None:
    seen = log.events.filter(pl.col("event").cast(pl.String) == "seen").height
    before = casebook_of(log).table("cin_visits").height
    assert extract.casebook.table("cin_visits").height == before + seen > before


def test_an_assessment_of_a_case_that_is_over_is_not_left_open(extract: SimulatedExtract) -> None:
    open_ = extract.casebook.table("cin_assessments").filter(
        pl.col("cina_assessment_auth_date").is_null()
    )
    referrals = extract.casebook.table("cin_episodes").filter(
        pl.col("cine_referral_id").is_in(open_["cina_referral_id"].implode())
    )
    assert open_.height
    assert referrals["cine_close_date"].null_count() == referrals.height


def test_what_is_open_belongs_to_whoever_has_the_child_now(folder: Path) -> None:
    rows = read_source(folder).table("cin_assessments")
    rows = rows.filter(pl.col("cina_assessment_auth_date").is_null())
    assert rows["worker"].null_count() < 0.2 * rows.height


def test_each_scenario_has_its_folder_and_one_command_writes_them(
    tmp_path: Path, projection: Projection
) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("name: Two more posts!\nchanges:\n  - {parameter: posts, add: 2}\n")
    upturn.twins.run(
        years=1, reps=2, scenarios=[file], extract=tmp_path / "out", start="2026-10", seed=5
    )
    names = sorted(entry.name for entry in (tmp_path / "out").iterdir())
    assert names == [folder_of(e) for e in simulated_extracts(projection)]


@pytest.mark.parametrize(
    "series",
    ["contacts", "referrals", "assessments_started", "section47_started", "conferences_held",
     "conferences_late", "cp_started", "cp_ended", "care_entries", "leavers"],
)  # fmt: skip
def test_the_folder_counts_what_the_twin_counted(
    series: str, log: Log, check: Check, folder: Path
) -> None:
    months = whole_months(START, log.last)
    again = recorded(check, workforce=read_workforce(folder / WORKFORCE).spells, months=months)
    counted = np.asarray(log.monthly[..., COLUMN[series]], dtype=float).ravel()
    assert again.monthly[series] == pytest.approx(counted)


def test_a_replication_that_was_not_run_has_no_extract(projection: Projection) -> None:
    with pytest.raises(RulebookError, match="replication 3: there are 1 to 2"):
        simulated_extracts(projection, replication=2)


def test_a_table_of_another_extract_in_the_folder_stops_it(
    extract: SimulatedExtract, tmp_path: Path
) -> None:
    there = tmp_path / folder_of(extract)
    there.mkdir()
    (there / "ssd_sen_need.csv").write_text("x\n")
    with pytest.raises(OutputError, match="ssd_sen_need"):
        write_extracts([extract], tmp_path)
    assert [entry.name for entry in there.iterdir()] == ["ssd_sen_need.csv"]


def test_two_scenarios_of_one_name_are_refused(extract: SimulatedExtract, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="rename one"):
        write_extracts([extract, extract], tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_nothing(
    projection: Projection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Path.write_bytes
    full = folder_of(simulated_extracts(projection)[1])

    def fails(path: Path, data: bytes) -> int:
        if full in str(path) and path.name == "ssd_person.csv":
            raise OSError(28, "no room")
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", fails)
    with pytest.raises(OutputError, match="the disk is full"):
        write_extracts(simulated_extracts(projection), tmp_path / "out")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
