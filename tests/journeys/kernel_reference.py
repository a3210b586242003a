"""The clocks again, slowly and obviously: lists, sets and one day at a time.

Written from the sentences of the specification and sharing nothing with the kernel but its codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from upturn.rulebooks.calendar import DAY0


@dataclass(frozen=True)
class Rule:
    """A family as the kernel takes it. ``due[n]`` is for a start ``n`` days after DAY0."""

    id: str
    pattern: str
    episode: str
    starts: str
    stops: tuple[str, ...]
    due: Sequence[int]
    which: str = "each"
    voided_by: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    failed_by: tuple[str, ...] = ()


class Event(NamedTuple):
    """One event; ``day`` is None when its date is not known."""

    word: str
    day: int | None
    sure: str  # exact, maybe, unknown, at or before, latest


class Clock(NamedTuple):
    """One clock; ``start``, ``stop``, ``doubt`` and ``end`` are places in the episode, or None."""

    start: int
    state: str
    due: int | None
    stop: int | None = None
    doubt: int | None = None
    end: int | None = None


NOT_TESTED = "not tested"


def clocks(events: Sequence[Event], rule: Rule, *, as_at: int, soon_until: int) -> list[Clock]:
    """The clocks of one episode under one rule. ``events`` are sorted, unknown dates last.

    A clock that the source does not let us test is there with the state `NOT_TESTED`.
    """
    past = [(n, e) for n, e in enumerate(events) if e.day is None or e.day <= as_at]
    made = [clock for n in anchors(past, rule) if (clock := one(past, n, rule, as_at, soon_until))]
    return sorted(made, key=lambda clock: clock.start)


def rows(
    past: list[tuple[int, Event]], words: Sequence[str], *sure: str
) -> list[tuple[int, Event]]:
    return [(n, e) for n, e in past if e.word in words and (not sure or e.sure in sure)]


def anchors(past: list[tuple[int, Event]], rule: Rule) -> list[int]:
    starts = [n for n, e in rows(past, [rule.starts])]
    if rule.pattern == "interval":
        undated = bool(rows(past, [rule.starts], "unknown"))
        stops = [n for n, _ in rows(past, rule.stops, "exact", "latest")]
        return sorted({*starts, *(n for n in stops if undated or (starts and starts[0] < n))})
    if rule.which == "first":
        return starts[:1]
    if rule.which == "last":
        # Of several without a date the first stands for them all.
        undated = [n for n, e in rows(past, [rule.starts], "unknown")]
        return undated[:1] or starts[-1:]
    return starts


def due_of(rule: Rule, day: int) -> int:
    place = day - DAY0
    if 0 <= place < len(rule.due):
        return int(rule.due[place])
    edge = rule.due[0] if place < 0 else rule.due[-1]
    return -2 if edge == -2 else -1


def day_by_day(
    start: int, due: int, stops: set[int], ends: set[int], as_at: int, soon_until: int
) -> str:
    """Walk from the start to as-at: what happened first decides."""
    for day in range(start, as_at + 1):
        if day in stops:
            return "met" if day <= due else "met late"
        if day in ends:
            return "does not apply" if day <= due else "met late"
    if as_at > due:
        return "overdue"
    return "due soon" if due <= soon_until else "running"


def one(
    past: list[tuple[int, Event]], start: int, rule: Rule, as_at: int, soon_until: int
) -> Clock | None:
    anchor = dict(past)[start]
    void = bool(rows(past, rule.voided_by, "exact", "latest", "at or before"))
    maybe_void = [n for n, _ in rows(past, rule.voided_by, "maybe")]
    maybe_void += [n for n, _ in rows(past, rule.voided_by, "unknown")]
    if anchor.day is None:
        return Clock(start, "does not apply" if void else "cannot tell", None)
    due = due_of(rule, anchor.day)
    if due == -2:
        return None
    known = None if due == -1 else due
    if void:
        return Clock(start, "does not apply", known)
    if rule.pattern in ("check", "precedence"):
        clock = without_due_day(past, start, anchor.day, rule, known)
    elif (ended := ended_before(past, start, anchor, rule)) is not None:
        clock = Clock(start, "does not apply", known, end=ended)
    else:
        clock = timed(past, start, anchor.day, rule, known, as_at, soon_until)
    if clock.state == NOT_TESTED:
        return clock
    if maybe_void and clock.state != "does not apply":
        clock = doubted(clock, maybe_void[0])
    return weakened(past, clock, anchor, rule)


def doubted(clock: Clock, row: int | None) -> Clock:
    doubt = clock.doubt if clock.doubt is not None else row
    return clock._replace(state="cannot tell", doubt=doubt)


def weakened(past: list[tuple[int, Event]], clock: Clock, anchor: Event, rule: Rule) -> Clock:
    """Counted from a start that may be earlier, or another's, only lateness stands."""
    if clock.state in ("overdue", "met late"):
        return clock
    undated = [n for n, _ in rows(past, [rule.starts], "unknown")]
    if undated and rule.pattern != "interval" and rule.which != "each":
        return doubted(clock, undated[0])
    if anchor.sure == "maybe":
        return doubted(clock, clock.start)
    return clock._replace(state="cannot tell") if anchor.sure == "at or before" else clock


def ended_before(
    past: list[tuple[int, Event]], start: int, anchor: Event, rule: Rule
) -> int | None:
    """The row that had ended the duty before a visit, unless it had started again since."""
    if rule.pattern != "interval" or anchor.word == rule.starts:
        return None
    ends = [(e.day, n) for n, e in rows(past, rule.ended_by, "exact", "latest") if n < start]
    starts = [n for n, _ in rows(past, [rule.starts]) if n < start]
    since = [(day, n) for day, n in ends if all(begun < n for begun in starts)]
    before = [n for day, n in since if day < anchor.day]
    return before[0] if before else None


def without_due_day(
    past: list[tuple[int, Event]], start: int, day: int, rule: Rule, due: int | None
) -> Clock:
    before = rule.pattern == "precedence"
    stops = rows(past, rule.stops, "exact", "latest")
    if stops and (not before or stops[0][1].day <= day):
        return Clock(start, "met" if due is not None else "cannot tell", due, stop=stops[0][0])
    doubts = [n for n, e in rows(past, rule.stops, "maybe") if not before or e.day <= day]
    doubts += [n for n, _ in rows(past, rule.stops, "at or before")]
    doubts += [n for n, _ in rows(past, rule.stops, "unknown")]
    if due is None:
        return Clock(start, "cannot tell", None)
    if rows(past, rule.failed_by) if not before else not doubts:
        return Clock(start, "overdue", due)
    return Clock(start, "cannot tell", due, doubt=doubts[0] if doubts else None)


def timed(
    past: list[tuple[int, Event]], start: int, day: int, rule: Rule, due: int | None,
    as_at: int, soon_until: int,
) -> Clock:  # fmt: skip
    interval = rule.pattern == "interval"

    def after(words: Sequence[str], *sure: str, later_row: bool = False) -> list[tuple[int, Event]]:
        found = rows(past, words, *sure)
        return [(n, e) for n, e in found if e.day >= day and (not later_row or n > start)]

    stops = after(rule.stops, "exact", "latest", later_row=interval)
    ends = after(rule.ended_by, "exact", "latest")
    counts = bool(stops) and not (ends and ends[0][1].day < stops[0][1].day)
    stop = stops[0][0] if counts else None
    if due is None:
        return Clock(start, "cannot tell", None, stop=stop)

    def state(more_stops: Sequence[int] = (), more_ends: Sequence[int] = ()) -> str:
        days = {e.day for _, e in stops} | set(more_stops)
        return day_by_day(
            day, due, days, {e.day for _, e in ends} | set(more_ends), as_at, soon_until
        )

    base = state()
    if stops and stops[0][1].sure == "latest" and base == "met late":
        if interval:
            return Clock(start, NOT_TESTED, due)
        base, stop, counts = "cannot tell", stops[0][0], True
    clock = Clock(start, base, due, stop, end=ends[0][0] if ends and not counts else None)
    settled = base in ("met", "does not apply")
    for n, e in after(rule.stops, "maybe", later_row=interval):
        if (not stops or e.day < stops[0][1].day) and state(more_stops=[e.day]) != base:
            return doubted(clock, n)
    unknown = [n for n, _ in after(rule.stops, "at or before", later_row=interval)]
    unknown += [n for n, _ in rows(past, rule.stops, "unknown")]
    if unknown and not settled and not (interval and stops):
        return doubted(clock, unknown[0])
    for n, e in after(rule.ended_by, "maybe"):
        if (not ends or e.day < ends[0][1].day) and state(more_ends=[e.day]) != base:
            return doubted(clock, n)
    unknown = [n for n, _ in after(rule.ended_by, "at or before")]
    unknown += [n for n, _ in rows(past, rule.ended_by, "unknown")]
    if unknown and not settled and not counts:
        return doubted(clock, unknown[0])
    return clock
