"""A log read from disk a stretch at a time gives the clocks of the whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from upturn.journeys.arrays import UNKNOWN, EventArrays
from upturn.journeys.kernel import run_clocks, vocabulary
from upturn.journeys.stream import count_clocks, read_log, write_log
from upturn.records.sheets import SourceError
from upturn.rulebooks.calendar import day_number
from upturn.rulebooks.compile import compile_families
from upturn.rulebooks.model import Interval, Rule

WORDS, KINDS = vocabulary()
AS_AT = day_number(date(2026, 9, 30))
RULE = Rule(
    id="visits", edition="test", name="visits", group="", kind="local", pattern="interval",
    episode="cp_plan", starts="plan_started", stops=("cp_visit",), within=Interval(10, "working_days"),
    status="draft", source="", ended_by=("plan_ended",),
)  # fmt: skip


def plans(how_many: int) -> EventArrays:
    """Plans with 0 to 11 visits, some of unknown date, some the latest."""
    rng = np.random.default_rng(1)
    day, event, sure, offsets = [], [], [], [0]
    for _ in range(how_many):
        visits = np.sort(AS_AT - rng.integers(0, 300, rng.integers(0, 12)))
        day += [AS_AT - 320, *visits, UNKNOWN]
        event += [WORDS.index("plan_started"), *[WORDS.index("cp_visit")] * (len(visits) + 1)]
        sure += [0, *rng.choice([0, 4], len(visits)), 2]
        offsets.append(len(day))
    kind = [KINDS.index("cp_plan")] * how_many
    return EventArrays(offsets=offsets, episode_kind=kind, event=event, day=day, certainty=sure)


@pytest.mark.parametrize("stretch", [1, 7, 100, 10_000])
def test_stretches_of_any_length_add_up_to_the_whole(tmp_path: Path, stretch: int) -> None:
    log, families = plans(40), compile_families([RULE])
    whole = run_clocks(log, families, as_at=AS_AT, soon_until=AS_AT + 7)
    write_log(log, tmp_path / "log.parquet")
    counts = count_clocks(
        tmp_path / "log.parquet", families, as_at=AS_AT, soon_until=AS_AT + 7, stretch=stretch
    )
    assert counts.states.tolist() == whole.tally().tolist()
    assert counts.not_tested.tolist() == whole.not_tested.tolist()
    assert counts.states.sum() == len(whole) > 100
    assert counts.events == len(log)


def test_every_part_is_of_whole_episodes_and_nothing_is_lost(tmp_path: Path) -> None:
    log = plans(40)
    write_log(log, tmp_path / "log.parquet")
    parts = list(read_log(tmp_path / "log.parquet", stretch=20))
    assert len(parts) > 5
    assert sum(part.n_episodes for part in parts) == log.n_episodes
    for name in ("event", "day", "certainty", "episode_kind"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert joined.tolist() == getattr(log, name).tolist()
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    assert lengths.tolist() == np.diff(log.offsets).tolist()


def test_dates_and_names_of_episodes_are_read_as_well_as_numbers(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "episode": ["a", "a", "b"],
            "kind": [KINDS.index("cp_plan")] * 3,
            "event": [
                WORDS.index("plan_started"),
                WORDS.index("cp_visit"),
                WORDS.index("plan_started"),
            ],
            "day": [date(2026, 9, 1), None, date(2026, 9, 2)],
            "certainty": [0, 2, 0],
        }
    )
    frame.write_parquet(tmp_path / "log.parquet")
    (log,) = read_log(tmp_path / "log.parquet")
    assert log.offsets.tolist() == [0, 2, 3]
    assert log.day.tolist() == [day_number(date(2026, 9, 1)), UNKNOWN, day_number(date(2026, 9, 2))]


def test_an_empty_log_gives_no_parts(tmp_path: Path) -> None:
    write_log(plans(0), tmp_path / "log.parquet")
    assert list(read_log(tmp_path / "log.parquet")) == []


def test_what_is_not_an_event_log_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "words.parquet").write_text("not Parquet")
    pl.DataFrame({"episode": [1]}).write_parquet(tmp_path / "short.parquet")
    good = {name: [1] for name in ("episode", "kind", "event", "day", "certainty")}
    pl.DataFrame(good | {"event": ["lunch"]}).write_parquet(tmp_path / "word.parquet")
    pl.DataFrame(good | {"kind": [None]}).write_parquet(tmp_path / "blank.parquet")
    for name in (
        "words.parquet",
        "short.parquet",
        "absent.parquet",
        "word.parquet",
        "blank.parquet",
    ):
        with pytest.raises(SourceError, match=f"{name} is not an event log") as caught:
            next(read_log(tmp_path / name))
        assert "\n" not in str(caught.value)
