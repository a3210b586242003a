"""A made-up national log, for `clocks.py` and its peers.

Twelve kinds of event, about 6.2 events a case, sorted by case, day and event. Delays pile up at the
deadline and some run past it, so that every rule has clocks in time, late, overdue and running.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from seven_rules import RULES

from upturn.journeys.arrays import EventArrays
from upturn.journeys.kernel import vocabulary
from upturn.rulebooks.calendar import day_number
from upturn.rulebooks.compile import Family, compile_families
from upturn.rulebooks.model import Interval, Rule

FIRST_DAY, AS_AT = day_number(date(2016, 1, 4)), day_number(date(2026, 9, 30))
SOON_UNTIL = AS_AT + 14


def families() -> list[Family]:
    """The seven rules, all of one kind of episode."""
    return compile_families(
        Rule(
            id=name, edition="benchmark", name=name, group="benchmark", kind="local",
            pattern=pattern, episode="referral", starts=start, stops=(stop,), status="draft",
            within=Interval(number, unit) if unit else None, source="benchmark",
            ended_by=(ended,) if ended else (),
        )
        for name, pattern, start, stop, number, unit, ended in RULES
    )  # fmt: skip


def national_log(events: int, seed: int = 7) -> EventArrays:
    """A log of about this many events."""
    rng = np.random.default_rng(seed)
    cases = max(1, int(events / 6.2))
    made: list[tuple[np.ndarray, str, np.ndarray]] = []
    everyone = np.arange(cases)

    def add(case: np.ndarray, event: str, day: np.ndarray) -> None:
        made.append((case, event, day))

    def some(case: np.ndarray, day: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
        keep = rng.random(len(case)) < share
        return case[keep], day[keep]

    def later(day: np.ndarray, mean: float, limit: int) -> np.ndarray:
        """A delay with a pile-up on the last days before the limit."""
        delay = rng.exponential(mean, len(day)).astype(np.int64)
        piled = (delay > limit) & (rng.random(len(day)) < 0.6)
        return day + np.where(piled, limit - rng.integers(0, 4, len(day)), delay)

    contact = rng.integers(FIRST_DAY, AS_AT + 1, cases)
    add(everyone, "contact", contact)
    case, day = some(everyone, contact, 0.98)
    add(case, "contact_decided", day + rng.integers(0, 3, len(case)))
    case, referred = some(everyone, contact, 0.72)
    referred = referred + rng.integers(0, 2, len(case))
    add(case, "referral", referred)
    who, day = some(case, referred, 0.97)
    add(who, "referral_decided", day + rng.integers(0, 4, len(who)))
    who, started = some(case, referred, 0.85)
    add(who, "assessment_started", started + rng.integers(0, 3, len(who)))
    done, day = some(who, started, 0.96)
    add(done, "assessment_authorised", later(day + 3, 40, 64))
    who, enquiry = some(case, referred, 0.35)
    enquired = who
    add(who, "s47_started", enquiry + rng.integers(0, 30, len(who)))
    who, held = some(who, enquiry, 0.5)
    held = later(held + 30, 14, 21)
    add(who, "conference_held", held)
    # A conference with no enquiry before it. One a case: PM4Py's filters keep or drop whole cases.
    without = np.setdiff1d(everyone, enquired)
    extra, day = some(without, contact[without], 0.012)
    add(extra, "conference_held", day + 20)
    who, plan = some(who, held, 0.85)
    add(who, "plan_started", plan)
    length = rng.integers(30, 400, len(who))
    visit, running = plan, np.ones(len(who), bool)
    for _ in range(40):
        visit = later(visit + 3, 16, 28)
        running &= visit <= plan + length
        add(who[running], "cp_visit", visit[running])
    late = later(plan + 40, 40, 91)
    reviewed = late <= plan + length
    add(who[reviewed], "cp_review", late[reviewed])
    ended, day = some(who, plan + length, 0.9)
    add(ended, "plan_ended", day)
    return _sorted(made, cases)


def _sorted(made: list[tuple[np.ndarray, str, np.ndarray]], cases: int) -> EventArrays:
    words, kinds = vocabulary()
    case = np.concatenate([c for c, _, _ in made])
    day = np.concatenate([d for _, _, d in made])
    event = np.concatenate([np.full(len(c), words.index(e), np.int64) for c, e, _ in made])
    happened = day <= AS_AT
    key = np.sort((case[happened] << 32) | (day[happened] << 8) | event[happened])
    case = key >> 32
    return EventArrays(
        offsets=np.searchsorted(case, np.arange(cases + 1)),
        episode_kind=np.full(cases, kinds.index("referral"), np.uint8),
        event=(key & 255).astype(np.uint8),
        day=(key >> 8 & 0xFFFFFF).astype(np.int32),
        certainty=np.zeros(len(key), np.uint8),
    )
