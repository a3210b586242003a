"""The clocks: an event log and rules as arrays in, one row for each clock out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn import rulebooks
from upturn.journeys.arrays import Clocks, EventArrays, Family, Longs, tables
from upturn.journeys.codes import Log, Rows, Rules
from upturn.journeys.compiled import can_compile, compiled
from upturn.journeys.loops import FILES, HELPERS, count_most, fill
from upturn.rulebooks.calendar import DAY0

__all__ = ["Clocks", "EventArrays", "run_clocks"]

#: Below this many events plain Python, at 2 microseconds an event, has answered before numba is
#: imported (0.3 s) and long before it has compiled for the first time (3 s).
WORTH_COMPILING = 150_000

_TYPES = (np.int16, np.int32, np.int32, np.int32, np.int32, np.int32, np.int32, np.uint8)


@lru_cache(maxsize=1)
def vocabulary() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The events and the kinds of episode, in the order that gives them their numbers.

    >>> events, episodes = vocabulary()
    >>> events[0], episodes[:2]
    ('contact', ('contact', 'referral'))
    """
    words = rulebooks.vocabulary()
    return tuple(words.events), tuple(words.episodes)


def run_clocks(
    log: EventArrays,
    families: Sequence[Family],
    *,
    as_at: int,
    soon_until: int,
    threads: int = 1,
    compile: bool | None = None,
) -> Clocks:
    """Every clock of every episode, as at one day.

    ``as_at`` and ``soon_until`` are days since 1 January 1970; a clock still running is due soon
    when it is due by ``soon_until``. What is dated after ``as_at`` has not happened. ``threads``
    share the episodes among them; the answer is the same for any number. ``compile`` says whether
    to use numba; by default, when it is installed and the log is long enough to be worth it. The
    answer is the same either way.

    Raises ValueError for an episode out of order and for families that cannot be run (see `tables`).

    >>> from types import SimpleNamespace
    >>> from upturn.journeys.result import STATES
    >>> events, episodes = vocabulary()
    >>> due = np.arange(DAY0 + 10, DAY0 + 20_010, dtype=np.int32)
    >>> rule = SimpleNamespace(id="ten-days", pattern="deadline", episode="referral", which="each",
    ...     starts="referral", stops=("referral_decided",), voided_by=(), ended_by=(),
    ...     failed_by=(), due=due)
    >>> log = EventArrays(offsets=[0, 1], episode_kind=[episodes.index("referral")],
    ...     event=[events.index("referral")], day=[20_000], certainty=[0])
    >>> clocks = run_clocks(log, [rule], as_at=20_011, soon_until=20_021)
    >>> int(clocks.due[0]), STATES[clocks.state[0]]
    (20010, 'overdue')
    """
    rules = tables(families, *vocabulary())
    fast = can_compile() and (len(log) >= WORTH_COMPILING if compile is None else compile)
    spans = _spans(log.offsets, threads if fast else 1)
    with ThreadPoolExecutor(len(spans)) as pool:
        return _run(log, rules, spans, as_at, soon_until, fast, pool.map)


def _spans(offsets: Longs, parts: int) -> list[tuple[int, int]]:
    """Runs of episodes with about as many events each."""
    targets = np.linspace(0, offsets[-1], parts + 1)[1:-1]
    return list(pairwise([0, *np.searchsorted(offsets, targets).tolist(), len(offsets) - 1]))


def _run(
    log: EventArrays,
    rules: Rules,
    spans: list[tuple[int, int]],
    as_at: int,
    soon_until: int,
    fast: bool,
    each: Callable[..., Any],
) -> Clocks:
    count: Callable[..., Any] = compiled(count_most, files=FILES) if fast else count_most
    write: Callable[..., Any] = compiled(fill, *HELPERS, files=FILES) if fast else fill
    # A memoryview hands out Python's own numbers, several times quicker than numpy does.
    seen: Any = (lambda column: column) if fast else memoryview
    given = (log.offsets, log.episode_kind, log.event, log.day, log.certainty)
    view, table = Log(*map(seen, given)), Rules(*map(seen, rules))
    most = list(each(lambda span: count(*span, view, table.most), spans))
    room = [0, *np.cumsum(most).tolist()]
    # Pages of memory that nothing is written to are never taken, so too much room costs nothing.
    out = [np.empty(room[-1], dtype) for dtype in _TYPES]
    not_tested = np.zeros((len(spans), len(rules.which)), np.int64)

    def one(part: int) -> int:
        mine = (seen(c[room[part] : room[part + 1]]) for c in out)
        rows = Rows._make([*mine, seen(not_tested[part])])
        return int(write(*spans[part], view, table, rows, DAY0, as_at, soon_until))

    written = list(each(one, range(len(spans))))
    if min(written) < 0:
        raise ValueError(
            f"episode {-1 - min(written)} is out of order, or an event's day and certainty do not "
            "agree: sort by day and event, and give UNKNOWN_DATE the day UNKNOWN"
        )
    columns: list[Any] = [_closed_up(column, room, written) for column in out]
    return Clocks(*[*columns, not_tested.sum(axis=0)])


def _closed_up(column: NDArray[Any], room: list[int], written: list[int]) -> NDArray[Any]:
    """The parts of a column moved together."""
    n = 0
    for begin, rows in zip(room, written, strict=False):
        if begin != n:
            column[n : n + rows] = column[begin : begin + rows]
        n += rows
    return column[:n]
