"""Clocks over a log that does not fit in memory: Parquet, read a stretch of episodes at a time.

Rules run within one episode, so the counts of the stretches add up to the counts of the whole. The
next stretch is read while the clocks of this one are run; memory holds two stretches and one
stretch's clocks, however long the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from upturn.journeys.arrays import UNKNOWN, Clocks, EventArrays, Family, Longs
from upturn.journeys.kernel import run_clocks
from upturn.journeys.result import STATES
from upturn.records.sheets import SourceError

#: The columns of a log in Parquet. ``episode`` is any value that changes from one episode to the
#: next; ``day`` is days since 1 January 1970 or a date, null when unknown; the others are codes of
#: `EventArrays`.
COLUMNS = ("episode", "kind", "event", "day", "certainty")

#: Events read at a time.
STRETCH = 1_000_000


@dataclass(frozen=True, eq=False)
class Counts:
    """``states[family, state]`` clocks and ``not_tested[family]`` gaps, over ``events`` events."""

    states: Longs
    not_tested: Longs
    events: int


def write_log(log: EventArrays, path: Path) -> None:
    """Write a log to Parquet in the layout that `stream_clocks` reads.

    >>> import tempfile
    >>> log = EventArrays(offsets=[0, 2], episode_kind=[1], event=[3, 7], day=[20669, 20733],
    ...                   certainty=[0, 0])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_log(log, Path(folder, "log.parquet"))
    ...     [len(part) for part in read_log(Path(folder, "log.parquet"))]
    [2]
    """
    lengths = np.diff(log.offsets)
    frame = pl.DataFrame(
        {
            "episode": np.repeat(np.arange(log.n_episodes), lengths),
            "kind": np.repeat(log.episode_kind, lengths),
            "event": log.event,
            "day": log.day,
            "certainty": log.certainty,
        }
    ).with_columns(pl.col("day").replace(UNKNOWN, None))
    frame.write_parquet(path, row_group_size=STRETCH // 4)


def read_log(path: Path, *, stretch: int = STRETCH) -> Iterator[EventArrays]:
    """The log in parts of about ``stretch`` events, each of whole episodes, in order.

    An episode longer than ``stretch`` makes a longer part. Raises SourceError for a file that is
    not Parquet, lacks a column, or holds what is no code.
    """
    try:
        scan = pl.scan_parquet(path).select(COLUMNS)
        events = scan.select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as fault:
        reason = str(fault).splitlines()[0]
        raise SourceError(f"{path.name} is not an event log in Parquet: {reason}") from fault
    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(scan.slice(0, stretch).collect)
        held = pl.DataFrame()
        for begin in range(0, events, stretch):
            frame = pl.concat([held, ahead.result()]) if held.height else ahead.result()
            last = begin + stretch >= events
            if not last:
                ahead = reader.submit(scan.slice(begin + stretch, stretch).collect)
            whole = frame.height if last else _last_start(frame)
            held = frame[whole:]
            if whole:
                yield _arrays(frame[:whole], path)


def _last_start(frame: pl.DataFrame) -> int:
    """Where the last episode begins: it may go on in what is not read yet."""
    starts = _starts(frame)
    return int(starts[-1])


def _starts(frame: pl.DataFrame) -> Longs:
    episode = frame["episode"]
    changed = np.ones(len(episode), bool)
    changed[1:] = (episode[1:] != episode[:-1]).to_numpy()
    return np.flatnonzero(changed)


def _arrays(frame: pl.DataFrame, path: Path) -> EventArrays:
    starts = _starts(frame)
    try:
        return EventArrays(
            offsets=np.append(starts, frame.height),
            episode_kind=frame["kind"].to_numpy()[starts],
            event=frame["event"].to_numpy(),
            day=frame["day"].to_physical().fill_null(UNKNOWN).to_numpy(),
            certainty=frame["certainty"].to_numpy(),
        )
    except ValueError as fault:
        raise SourceError(f"{path.name} is not an event log: {fault}") from fault


def stream_clocks(
    path: Path,
    families: Sequence[Family],
    *,
    as_at: int,
    soon_until: int,
    threads: int = 1,
    stretch: int = STRETCH,
) -> Iterator[tuple[EventArrays, Clocks]]:
    """Each part of the log with its clocks; rows and episodes are numbered within the part.

    Takes and raises what `run_clocks` and `read_log` do.
    """
    for part in read_log(path, stretch=stretch):
        yield part, run_clocks(part, families, as_at=as_at, soon_until=soon_until, threads=threads)


def count_clocks(
    path: Path,
    families: Sequence[Family],
    *,
    as_at: int,
    soon_until: int,
    threads: int = 1,
    stretch: int = STRETCH,
) -> Counts:
    """How many clocks of each family are in each state, over the whole log."""
    states = np.zeros((len(families), len(STATES)), np.int64)
    missed, events = np.zeros(len(families), np.int64), 0
    for part, ran in stream_clocks(
        path, families, as_at=as_at, soon_until=soon_until, threads=threads, stretch=stretch
    ):
        states += ran.tally()
        missed += ran.not_tested
        events += len(part)
    return Counts(states, missed, events)
