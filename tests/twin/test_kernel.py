"""The kernel is what it says: the same as a plain second version, the same bits however it is run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtri
from slow import Service, Stream

from upturn.journeys.compiled import can_compile
from upturn.rulebooks import RulebookError
from upturn.twin import columns as C
from upturn.twin.heap import heap_pop, heap_push, pack, unpack
from upturn.twin.parameters import department
from upturn.twin.room import span
from upturn.twin.scenario import Change, plan
from upturn.twin.series import COLUMN
from upturn.twin.simulate import START, replay, simulate, simulate_many
from upturn.twin.streams import key_of, quantile, uniform

needs_compiler = pytest.mark.skipif(not can_compile(), reason="numba is not installed")
SMALL: dict[str, float] = {
    "posts": 5, "contacts_a_month": 16, "teams": 2, "manager_posts": 0.7, "screening_posts": 0.6,
    "conference_slots_a_week": 0.5, "review_slots_a_week": 0.8,
}  # fmt: skip
BUSY = SMALL | {
    "leaving_a_year": 0.6, "agency_stay_days": 60, "vacancy_fill_days": 60, "sickness_days": 12, "teams": 1,
}  # fmt: skip
MOVES = (
    Change("posts", from_month=3, add=2),
    Change("posts", from_month=6, add=-3),
    Change("referral_threshold", from_month=4, add=0.3),
    Change("vacancy_fill_days", from_month=5, times=3),
)


def told(log: Any) -> list[tuple[Any, ...]]:
    """A log as the plain version writes it."""
    since = (log.first - date(1970, 1, 1)).days
    events = log.events.with_columns(
        pl.col("day").cast(pl.Int32) - since, pl.col("event").to_physical(),
        pl.col("child").fill_null(-1), pl.col("post").fill_null(-1),
    )  # fmt: skip
    return events.rows()


@pytest.mark.parametrize(
    ("given", "changes", "months", "seed"),
    [
        (SMALL, (), 4, 3),
        (SMALL | {"allocation_rule": 1}, (), 4, 11),
        (SMALL | {"allocation_rule": 2, "posts": 6.5}, (), 4, 12),
        (BUSY, MOVES, 10, 5),
        (BUSY | {"leaving_load": 3.0, "patience_days": 0, "manager_posts": 0.3}, (), 8, 6),
    ],
    ids=["least loaded", "in turn", "continuity", "posts come and go", "overload"],
)
def test_a_plain_second_version_tells_the_same_story_event_for_event(
    given: dict[str, float], changes: tuple[Change, ...], months: int, seed: int
) -> None:
    P = plan(department(**given), months=months, changes=changes)
    fast = told(replay(P, seed=seed, rep=1, warm_up=2))
    slow = Service(P, span(START, 2, months), 2, seed, 1).run()
    assert len(slow) > 800
    for n, (one, other) in enumerate(zip(fast, slow, strict=False)):
        assert tuple(one) == tuple(other), f"event {n}"
    assert len(fast) == len(slow)


@needs_compiler
def test_the_same_bits_compiled_and_not() -> None:
    P = plan(department(**SMALL), months=2)
    one, other = (simulate(P, reps=2, warm_up=1, compile=c) for c in (True, False))
    assert one.monthly.tobytes() == other.monthly.tobytes()
    assert one.histograms.tobytes() == other.histograms.tobytes()
    assert one.digest == other.digest


def test_the_same_bits_on_one_thread_on_two_and_on_any_executor() -> None:
    P = plan(department(**SMALL), months=3)
    alone = simulate(P, reps=20, warm_up=1, threads=1)
    two = simulate(P, reps=20, warm_up=1, threads=2)
    with ThreadPoolExecutor(3) as pool:
        lent = simulate(P, reps=20, warm_up=1, executor=pool)
    for other in (two, lent):
        assert alone.monthly.tobytes() == other.monthly.tobytes()
        assert alone.histograms.tobytes() == other.histograms.tobytes()


def test_a_replication_does_not_depend_on_those_run_with_it() -> None:
    P = plan(department(**SMALL), months=3)
    whole = simulate(P, reps=12, warm_up=1)
    assert np.array_equal(whole.monthly[7:9], simulate(P, reps=2, first_rep=7, warm_up=1).monthly)
    more = plan(department(**SMALL, siblings_mean=1.0), months=3)
    batch = simulate_many([more, P], reps=12, warm_up=1)
    assert np.array_equal(whole.monthly, batch.monthly[1])
    assert np.array_equal(whole.histograms.sum(0), batch.histograms[1])
    apart = simulate_many([P, P], reps=2, common=False, warm_up=1)
    assert np.array_equal(apart.monthly[1], whole.monthly[2:4])


def test_a_scenario_does_not_depend_on_the_posts_of_those_run_with_it() -> None:
    busy = SMALL | {"manager_posts": 0.2, "allocation_rule": 1}
    few, many = (plan(department(**busy | {"posts": n}), months=6) for n in (5, 9))
    alone = simulate(few, reps=2, warm_up=1)
    assert np.array_equal(alone.monthly, simulate_many([few, many], reps=2, warm_up=1).monthly[0])


def test_a_childs_history_is_her_own_until_another_child_touches_it() -> None:
    """An extra child changes nobody in another team, and nobody anywhere before she comes."""
    P = plan(department(), months=6)
    day = date(2026, 6, 3)
    before, after = replay(P, warm_up=12), replay(P, warm_up=12, extra=[day])
    new = 200_000_000
    early = pl.col("day") < day
    assert before.events.filter(early).equals(after.events.filter(early))
    here = after.families.filter(pl.col("child") == new)
    assert here.height == 1

    def first_events(log: Any) -> Any:
        mine = (pl.col("child") != new) & (pl.col("event").is_in(("contact", "referral")))
        return log.events.filter(mine & (pl.col("day") < date(2026, 7, 1))).sort("child", "day")

    assert (
        first_events(before)
        .select("child", "event")
        .equals(first_events(after).select("child", "event"))
    )
    elsewhere = before.families.filter(pl.col("team") != here["team"][0])["child"].implode()
    soon = pl.col("day").is_between(day, date(2026, 6, 10))
    seen = pl.col("event").is_in(("seen", "visit", "assessment_ended"))
    theirs = [
        log.events.filter(soon & seen & pl.col("child").is_in(elsewhere)) for log in (before, after)
    ]
    assert theirs[0].height > 100
    assert theirs[0].equals(theirs[1])


def test_more_demand_brings_the_same_children_sooner() -> None:
    less, more = (
        replay(plan(department(**SMALL, shock_contacts=x), months=3), warm_up=1) for x in (1.0, 1.3)
    )
    both = less.families.join(more.families, on="child", suffix="_more")
    new = both.filter(pl.col("child") < 100_000_000)
    assert new.height > 40
    assert (new["family"] == new["family_more"]).all()
    day = pl.col("day").min()
    first = [
        log.events.filter(pl.col("event") == "contact").group_by("child").agg(day)
        for log in (less, more)
    ]
    came = first[0].join(first[1], on="child").filter(pl.col("child") < 100_000_000)
    assert (came["day_right"] <= came["day"]).all()


def test_littles_law_holds_for_assessments() -> None:
    """Open at the end of each day, added up, is the days that each was open, added up."""
    months, dept = 6, department(**SMALL)
    log = replay(plan(dept, months=months), warm_up=0)
    days = span(START, 0, months).days
    works = np.bincount(days[:, 2], weights=days[:, 1])
    area = float((log.monthly[:, COLUMN["assessments_open"]] * works).sum())
    since = (log.first - date(1970, 1, 1)).days
    events = log.events.with_columns(
        place=pl.Series(days[(log.events["day"].cast(pl.Int32) - since), 0])
    )
    at_once = events.filter(pl.col("event") == "no_further_action").select("child", "day")
    started = events.filter(pl.col("event") == "referral").join(
        at_once, on=["child", "day"], how="anti"
    )
    ended = events.filter(pl.col("event").is_in(("assessment_ended", "care"))).sort("day")
    spells = started.sort("day").join_asof(
        ended.select("child", "day", end="place"),
        on="day",
        by="child",
        strategy="forward",
        check_sortedness=False,
    )
    last = int(days[-1, 0]) + 1
    total = int((spells["end"].fill_null(last) - spells["place"]).sum())
    assert spells.height > 30
    assert area == pytest.approx(total, rel=1e-5)


def test_progress_is_told_and_a_run_can_be_stopped() -> None:
    P, seen = plan(department(**SMALL), months=2), []
    whole = simulate(P, reps=20, warm_up=0, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 20
    assert whole.complete
    stopped = simulate(P, reps=2000, warm_up=0, stop=lambda: True, threads=1)
    assert not stopped.complete
    assert len(stopped.monthly) < 2000


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: simulate(np.ones((2, 3))), "a scenario is an array"),
        (
            lambda: simulate(plan(department(), months=3), start=date(2026, 4, 2)),
            "first of a month",
        ),
        (lambda: simulate(plan(department(), months=900)), "leaves the calendar"),
        (lambda: simulate(plan(department(), months=2) * np.nan), "out of bounds"),
        (
            lambda: replay(
                plan(department(posts=0.5, contacts_a_month=900, screening_posts=90), months=12),
                warm_up=0,
            ),
            "cannot be run",
        ),
    ],
)
def test_what_cannot_be_run_says_so_in_a_line(make: Any, says: str) -> None:
    with pytest.raises(RulebookError, match=says) as error:
        make()
    assert "\n" not in str(error.value)


@needs_compiler
def test_what_is_kept_compiled_depends_on_every_file_of_the_kernel() -> None:
    from upturn.twin import accelerate
    from upturn.twin.compact import Compact

    fast: Any = accelerate.kernel_function()
    assert isinstance(fast, Compact)
    assert accelerate._digest() in fast.fast._cache._cache_file._source_stamp
    source = Path(accelerate.__file__).parent
    marked = {
        file.name for file in source.glob("*.py") if "mypy: allow-untyped-defs" in file.read_text()
    }
    assert marked <= set(accelerate._MADE_OF)


def test_streams_are_splitmix64_read_by_place() -> None:
    """The first outputs of splitmix64 from seed 0 are published with its source."""
    published = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
    with np.errstate(over="ignore"):
        drawn = [uniform(np.uint64(0), 0, n) for n in range(3)]
        assert drawn == [((x >> 12) + 0.5) * 2.0**-52 for x in published]
        keys = [int(key_of(5, 2, domain, 7)) for domain in range(3)]
    assert keys == [Stream(5, 2, domain, 7).key for domain in range(3)]
    assert len(set(keys)) == 3


def test_the_normal_quantile_is_scipys() -> None:
    p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 2001), 10.0 ** -np.arange(7, 40)])
    found = np.array([quantile(float(x)) for x in p])
    assert np.allclose(found, ndtri(p), rtol=1e-13, atol=1e-14)


def test_the_heap_gives_days_in_order() -> None:
    rng = np.random.default_rng(1)
    heap, size, keys = np.zeros(600, np.int64), 0, []
    for day, kind, row in rng.integers((0, 0, 0), (3000, 8, 90_000), (500, 3)).tolist():
        keys.append((day, kind, row))
        size = heap_push(heap, size, pack(day, kind, row))
    out = []
    while size:
        out.append(unpack(int(heap[0])))
        size = heap_pop(heap, size)
    assert out == sorted(keys)


def test_names_of_columns_fit_their_arrays() -> None:
    assert C.LEFT + 2 * C.SLOTS <= C.KID
    assert C.PLAN % 8 == C.KID % 8 == 0, "rows, and what a visit needs, begin a line of the cache"
    assert len(C.EVENT_NAMES) == C.L_RETURNED + 1
    assert sum(C.WEEKDAYS) == pytest.approx(7.0)
