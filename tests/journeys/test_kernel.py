"""The kernel against the slow reference, compiled and not, on made-up histories."""

from __future__ import annotations

import inspect
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.journeys import codes, compiled, loops
from upturn.journeys.arrays import Clocks, EventArrays
from upturn.journeys.kernel import run_clocks, vocabulary
from upturn.journeys.result import STATES
from upturn.rulebooks.calendar import DAY0

from .kernel_reference import NOT_TESTED, Clock, Event, Rule, clocks

WORDS, KINDS = vocabulary()
SURE = ("exact", "maybe", "unknown", "at or before", "latest")
AS_AT, SOON = DAY0 + 24, DAY0 + 28
#: Few words and few days, so that things often fall on the same day and in the same rule.
FEW = WORDS[:7]


def as_log(episodes: list[tuple[str, list[Event]]]) -> EventArrays:
    """Episodes (kind, sorted events) as arrays."""
    events = [e for _, of_one in episodes for e in of_one]
    return EventArrays(
        offsets=np.cumsum([0, *(len(of_one) for _, of_one in episodes)]),
        episode_kind=[KINDS.index(kind) for kind, _ in episodes],
        event=[WORDS.index(e.word) for e in events],
        day=[codes.UNKNOWN if e.day is None else e.day for e in events],
        certainty=[SURE.index(e.sure) for e in events],
    )


def in_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (e.day is None, e.day or 0, WORDS.index(e.word)))


def told(log: EventArrays, ran: Clocks) -> list[tuple[int, int, Clock]]:
    """The kernel's rows in the reference's words: (episode, family, clock)."""
    first = log.offsets[ran.episode]

    def place(rows: np.ndarray) -> list[int | None]:
        return [None if r < 0 else int(r - f) for r, f in zip(rows, first, strict=True)]

    columns = (
        place(ran.start),
        ran.state,
        ran.due,
        place(ran.stop),
        place(ran.doubt),
        place(ran.end),
    )
    rows = [
        Clock(start, STATES[state], None if due < 0 else int(due), stop, doubt, end)
        for start, state, due, stop, doubt, end in zip(*columns, strict=True)
    ]
    return list(zip(ran.episode.tolist(), ran.family.tolist(), rows, strict=True))


def expected(
    episodes: list[tuple[str, list[Event]]], rules: list[Rule]
) -> tuple[list[tuple[int, int, Clock]], list[int]]:
    """What the reference says, and how many clocks of each rule it could not test."""
    rows, missed = [], Counter[int]()
    for number, (kind, events) in enumerate(episodes):
        for family, rule in enumerate(rules):
            of_rule = (
                clocks(events, rule, as_at=AS_AT, soon_until=SOON) if rule.episode == kind else []
            )
            rows += [(number, family, c) for c in of_rule if c.state != NOT_TESTED]
            missed[family] += sum(c.state == NOT_TESTED for c in of_rule)
    return rows, [missed[n] for n in range(len(rules))]


def check(episodes: list[tuple[str, list[Event]]], rules: list[Rule], **how: object) -> Clocks:
    log = as_log(episodes)
    ran = run_clocks(log, rules, as_at=AS_AT, soon_until=SOON, **how)
    rows, missed = expected(episodes, rules)
    assert told(log, ran) == rows
    assert ran.not_tested.tolist() == missed
    return ran


def random_rule(draw: random.Random, number: int) -> Rule:
    pattern = draw.choice(["deadline", "deadline", "interval", "interval", "check", "precedence"])
    starts = draw.choice(FEW)
    others = FEW if pattern == "interval" else [w for w in FEW if w != starts]

    def some(most: int) -> tuple[str, ...]:
        return tuple(draw.sample(others, draw.randint(0, most)))

    return Rule(
        id=f"rule-{number}", pattern=pattern, episode=draw.choice(KINDS[:3]), starts=starts,
        stops=some(2) or others[:1], which=draw.choice(["each", "first", "last"]),
        voided_by=some(1) if draw.random() < 0.3 else (), ended_by=some(1), failed_by=some(1),
        due=random_due(draw),
    )  # fmt: skip


def random_due(draw: random.Random) -> np.ndarray:
    """Due days for 36 start days, in force for some of them and not to be told for some."""
    due = DAY0 + np.arange(36, dtype=np.int32) + draw.choice([0, 1, 3, 7, 12])
    if draw.random() < 0.3:
        due[draw.randint(20, 36) :] = -1
    if draw.random() < 0.3:
        due[: draw.randint(0, 12)] = -2
    return due


def random_events(draw: random.Random, most: int) -> list[Event]:
    doubt = draw.choice([0.0, 0.0, 0.15, 0.5])
    events = []
    for _ in range(draw.randint(0, most)):
        sure = (
            draw.choice(SURE)
            if draw.random() < doubt
            else draw.choice(["exact", "exact", "latest"])
        )
        day = None if sure == "unknown" else DAY0 + draw.randint(-2, 40)
        events.append(Event(draw.choice(FEW), day, sure))
    return in_order(events)


def random_case(
    seed: int, episodes: int, rules: int
) -> tuple[list[tuple[str, list[Event]]], list[Rule]]:
    draw = random.Random(seed)
    made = [(draw.choice(KINDS[:4]), random_events(draw, 9)) for _ in range(episodes)]
    return made, [random_rule(draw, n) for n in range(rules)]


@pytest.mark.parametrize("seed", range(30))
def test_plain_python_agrees_with_the_reference_on_random_histories(seed: int) -> None:
    check(*random_case(seed, episodes=100, rules=9), compile=False)


def test_compiled_agrees_with_plain_python_and_the_reference_with_any_number_of_threads() -> None:
    pytest.importorskip("numba")
    episodes, rules = random_case(99, episodes=3000, rules=12)
    plain = check(episodes, rules, compile=False)
    for threads in (1, 2, 3):
        fast = check(episodes, rules, compile=True, threads=threads)
        for name in (
            "family",
            "episode",
            "start",
            "stop",
            "doubt",
            "end",
            "due",
            "state",
            "not_tested",
        ):
            a, b = getattr(plain, name), getattr(fast, name)
            assert a.dtype == b.dtype
            assert a.tobytes() == b.tobytes(), name


def test_random_histories_reach_every_state() -> None:
    # A comparison of two answers proves nothing about a state that neither ever gives.
    episodes, rules = random_case(99, episodes=3000, rules=12)
    rows, missed = expected(episodes, rules)
    assert {clock.state for _, _, clock in rows} == set(STATES)
    assert sum(missed) > 0
    assert any(clock.doubt is not None for _, _, clock in rows)
    assert any(clock.end is not None for _, _, clock in rows)


events = st.builds(
    lambda word, day, sure: Event(word, None if sure == "unknown" else DAY0 + day, sure),
    st.sampled_from(FEW[:4]), st.integers(-1, 30), st.sampled_from(SURE),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(events, max_size=7).map(in_order), st.integers(0, 2**20))
def test_any_history_under_any_rule_agrees_with_the_reference(
    history: list[Event], seed: int
) -> None:
    draw = random.Random(seed)
    rules = [replace(random_rule(draw, n), episode=KINDS[0]) for n in range(4)]
    check([(KINDS[0], history)], rules, compile=False)


def test_more_families_of_one_kind_than_a_word_has_bits() -> None:
    draw = random.Random(5)
    rules = [replace(random_rule(draw, n), episode=KINDS[0]) for n in range(150)]
    episodes = [(KINDS[0], random_events(draw, 9)) for _ in range(12)]
    assert check(episodes, rules, compile=False).family.max() > 130


def test_rows_come_in_order_of_episode_then_family_then_start() -> None:
    ran = check(*random_case(3, episodes=200, rules=10), compile=False)
    key = list(zip(ran.episode.tolist(), ran.family.tolist(), ran.start.tolist(), strict=True))
    assert key == sorted(key)
    assert len(set(key)) == len(key)


def test_a_log_without_events_and_a_run_without_rules_give_no_clocks() -> None:
    nothing = EventArrays(offsets=[0], episode_kind=[], event=[], day=[], certainty=[])
    rules = [random_rule(random.Random(1), 0)]
    assert len(run_clocks(nothing, rules, as_at=AS_AT, soon_until=SOON)) == 0
    some = as_log([(KINDS[0], [Event(FEW[0], DAY0, "exact")])])
    assert len(run_clocks(some, [], as_at=AS_AT, soon_until=SOON)) == 0


def test_the_states_have_the_places_the_loops_give_them() -> None:
    names = ("OVERDUE", "DUE_SOON", "RUNNING", "CANNOT_TELL", "MET_LATE", "MET", "DOES_NOT_APPLY")
    assert [STATES[getattr(codes, n)].upper().replace(" ", "_") for n in names] == list(names)
    assert len(STATES) == len(names)


@pytest.mark.parametrize(
    ("days", "sure", "because"),
    [
        ([3, 2], [0, 0], "days go backwards"),
        ([codes.UNKNOWN, 2], [2, 0], "an unknown date is not last"),
        ([2, 3], [0, 2], "said to be unknown, yet dated"),
        ([2, codes.UNKNOWN], [0, 0], "said to be exact, yet undated"),
        ([2, 3], [0, 9], "no such certainty"),
    ],
)
@pytest.mark.parametrize("fast", [False, True])
def test_a_log_out_of_order_is_refused(days, sure, because, fast) -> None:
    log = EventArrays(
        offsets=[0, 1, 3],
        episode_kind=[0, 0],
        event=[1, 1, 1],
        day=[9, *days],
        certainty=[0, *sure],
    )
    rules = [replace(random_rule(random.Random(1), 0), episode=KINDS[0])]
    with pytest.raises(ValueError, match="episode 1 is out of order"):
        run_clocks(log, rules, as_at=AS_AT, soon_until=SOON, compile=fast)


def test_arrays_that_do_not_fit_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="one entry for each event"):
        EventArrays(offsets=[0, 2], episode_kind=[0], event=[1, 1], day=[1], certainty=[0, 0])
    with pytest.raises(ValueError, match="one entry more"):
        EventArrays(offsets=[0], episode_kind=[0], event=[], day=[], certainty=[])
    with pytest.raises(ValueError, match="event must be whole numbers that fit uint8"):
        EventArrays(offsets=[0, 1], episode_kind=[0], event=[300], day=[1], certainty=[0])
    with pytest.raises(ValueError, match="day must be whole numbers"):
        EventArrays(offsets=[0, 1], episode_kind=[0], event=[1], day=[1.5], certainty=[0])
    with pytest.raises(ValueError, match="rise from 0"):
        EventArrays(offsets=[0, 3], episode_kind=[0], event=[1, 1], day=[1, 1], certainty=[0, 0])


def test_a_rule_the_kernel_cannot_run_is_refused_by_name() -> None:
    log = as_log([(KINDS[0], [Event(FEW[0], DAY0, "exact")])])
    good = Rule("ten", "deadline", KINDS[0], FEW[0], (FEW[1],), np.zeros(3, np.int32))
    for bad, reason in [
        (replace(good, starts="lunch"), "rule ten: 'lunch' is not in the vocabulary"),
        (replace(good, episode="lunch"), "rule ten: 'lunch' is not in the vocabulary"),
        (replace(good, stops=(FEW[0],)), "rule ten: contact both starts and stops it"),
        (replace(good, due=np.zeros(0, np.int32)), "rule ten: it has no due days"),
    ]:
        with pytest.raises(ValueError, match=reason):
            run_clocks(log, [bad], as_at=AS_AT, soon_until=SOON)


def test_numba_is_not_needed_and_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert not compiled.can_compile()
    check(*random_case(4, episodes=20, rules=5), compile=True, threads=2)
    monkeypatch.delenv("NUMBA_DISABLE_JIT")
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    assert not compiled.can_compile()


@pytest.mark.skipif(not compiled.can_compile(), reason="numba is not here")
def test_what_is_kept_on_disk_is_renewed_when_any_of_its_files_changes(tmp_path: Path) -> None:
    import numba

    def stamp_of(text: str) -> object:
        (tmp_path / "helpers.py").write_text(text, "utf-8")
        fast = numba.njit(cache=True)(loops.count_most)
        assert compiled.stamped(fast, compiled.digest([str(tmp_path / "helpers.py")]))
        return fast._cache._cache_file._source_stamp

    assert stamp_of("LIMIT = 1") == stamp_of("LIMIT = 1")
    assert stamp_of("LIMIT = 1") != stamp_of("LIMIT = 2")


def test_what_cannot_be_marked_is_not_kept() -> None:
    assert not compiled.stamped(object(), "digest")


def test_the_loops_name_every_file_that_they_are_made_of() -> None:
    named = {Path(file).name for file in loops.FILES} | {"loops.py"}
    assert {Path(inspect.getfile(helper)).name for helper in loops.HELPERS} <= named
    assert "codes.py" in named
