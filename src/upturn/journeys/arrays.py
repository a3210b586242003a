"""The event log and the rules as arrays: what the clock kernel reads, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from upturn.journeys.codes import (
    AT_OR_BEFORE,
    CANNOT_TELL,
    CHECK,
    CODES,
    DEADLINE,
    DOES_NOT_APPLY,
    DUE_SOON,
    EACH,
    END,
    EXACT,
    FAIL,
    FIRST,
    INTERVAL,
    LAST,
    LATEST,
    MAYBE,
    MET,
    MET_LATE,
    OVERDUE,
    PRECEDENCE,
    RUNNING,
    START,
    STOP,
    UNKNOWN,
    UNKNOWN_DATE,
    VOID,
    Rules,
)
from upturn.journeys.result import STATES

__all__ = [
    "AT_OR_BEFORE", "CANNOT_TELL", "DOES_NOT_APPLY", "DUE_SOON", "EXACT", "LATEST", "MAYBE", "MET",
    "MET_LATE", "OVERDUE", "RUNNING", "UNKNOWN", "UNKNOWN_DATE",
    "Clocks", "EventArrays", "Family", "tables",
]  # fmt: skip

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

PATTERN = {"deadline": DEADLINE, "interval": INTERVAL, "check": CHECK, "precedence": PRECEDENCE}
WHICH = {"each": EACH, "first": FIRST, "last": LAST}

GROUP = 62  # families of one kind of episode that share a word of bits


class Family(Protocol):
    """What the kernel needs of a family of rules; see `upturn.rulebooks.compile.Family`."""

    @property
    def id(self) -> str: ...
    @property
    def pattern(self) -> str: ...
    @property
    def episode(self) -> str: ...
    @property
    def starts(self) -> str: ...
    @property
    def which(self) -> str: ...
    @property
    def stops(self) -> tuple[str, ...]: ...
    @property
    def voided_by(self) -> tuple[str, ...]: ...
    @property
    def ended_by(self) -> tuple[str, ...]: ...
    @property
    def failed_by(self) -> tuple[str, ...]: ...
    @property
    def due(self) -> Ints: ...


@dataclass(frozen=True, eq=False)
class EventArrays:
    """An event log as columns, sorted by (episode, day, event).

    Episode ``e`` has the rows ``offsets[e]`` to ``offsets[e + 1]``. ``event`` and ``episode_kind``
    are places in the vocabulary's lists. ``day`` is days since 1 January 1970, or `UNKNOWN` if and
    only if ``certainty`` is `UNKNOWN_DATE`. Arrays of another type are converted.

    Raises ValueError for shapes that do not fit each other and for numbers that do not fit a column.
    The order of the rows is tested when the clocks are run.

    >>> log = EventArrays(offsets=[0, 2], episode_kind=[1], event=[3, 7], day=[20669, 20733],
    ...                   certainty=[EXACT, EXACT])
    >>> len(log), log.n_episodes
    (2, 1)
    """

    offsets: Longs  # int64[n_episodes + 1]
    episode_kind: Bytes  # uint8[n_episodes]
    event: Bytes  # uint8[n]
    day: Ints  # int32[n]
    certainty: Bytes  # uint8[n]

    def __post_init__(self) -> None:
        types = (np.int64, np.uint8, np.uint8, np.int32, np.uint8)
        for field, dtype in zip(fields(self), types, strict=True):
            values = np.asarray(getattr(self, field.name))
            if values.dtype != dtype and not _fits(values, np.iinfo(dtype)):
                raise ValueError(f"{field.name} must be whole numbers that fit {np.dtype(dtype)}")
            object.__setattr__(self, field.name, _column(values, dtype))
        n = len(self.event)
        if not len(self.day) == len(self.certainty) == n:
            raise ValueError("event, day and certainty must have one entry for each event")
        if n >= UNKNOWN:
            raise ValueError(f"{n:,} events are too many for one log; run it in parts")
        if len(self.offsets) != len(self.episode_kind) + 1:
            raise ValueError("offsets must have one entry more than episode_kind")
        if self.offsets[0] != 0 or self.offsets[-1] != n or (np.diff(self.offsets) < 0).any():
            raise ValueError("offsets must rise from 0 to the number of events")

    def __len__(self) -> int:
        return len(self.event)

    @property
    def n_episodes(self) -> int:
        """How many episodes the log holds."""
        return len(self.episode_kind)


def _fits(values: NDArray[Any], limit: Any) -> bool:
    if not values.size:
        return True
    whole = values.dtype.kind in "iu"
    return whole and int(values.min()) >= limit.min and int(values.max()) <= limit.max


def _column(values: Any, dtype: Any) -> NDArray[Any]:
    # Always read-only: the kernel then sees one type of array, however the log was made, and is
    # compiled once.
    column = np.ascontiguousarray(values, dtype=dtype).view()
    column.flags.writeable = False
    return column


@dataclass(frozen=True, eq=False)
class Clocks:
    """One row for each clock, in order of episode, family and anchor.

    ``start`` is the row of the log that started the clock. ``stop`` is the row that stopped it,
    ``doubt`` the row in doubt that made it "cannot tell", ``end`` the row that ended the duty; -1
    for none. ``due`` is a day number, -1 when it cannot be told. ``state`` is a place in
    `upturn.journeys.result.STATES`. ``not_tested`` counts, for each family, the gaps that the
    source does not hold.
    """

    family: NDArray[np.int16]
    episode: Ints
    start: Ints
    stop: Ints
    doubt: Ints
    end: Ints
    due: Ints
    state: Bytes
    not_tested: Longs  # int64[n_families]

    def __len__(self) -> int:
        return len(self.family)

    def tally(self) -> Longs:
        """How many clocks each family has in each state. Shape ``(n_families, len(STATES))``."""
        cell = self.family.astype(np.int64) * len(STATES) + self.state
        shape = (len(self.not_tested), len(STATES))
        return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def tables(families: Sequence[Family], events: Sequence[str], episodes: Sequence[str]) -> Rules:
    """The families as flat tables, given the vocabulary's events and kinds of episode in order.

    Raises ValueError for a word the vocabulary does not have, and for a rule that its own start
    would stop.
    """
    roles = np.zeros((len(families), CODES), np.uint8)
    kinds = np.array([_place(f.episode, episodes, f.id) for f in families], np.int64)
    for number, family in enumerate(families):
        for role, words in _words(family).items():
            for word in words:
                roles[number, _place(word, events, family.id)] |= role
        if not len(family.due):
            raise ValueError(f"rule {family.id}: it has no due days")
        if family.pattern != "interval" and family.starts in family.stops:
            raise ValueError(f"rule {family.id}: {family.starts} both starts and stops it")
    pattern = np.array([PATTERN[f.pattern] for f in families], np.uint8)
    anchor = np.where(pattern == INTERVAL, START | STOP, START)
    anchors = (roles & anchor[:, None].astype(np.uint8)) > 0
    groups, members, order = _groups(kinds)
    bounds = np.cumsum([0, *(len(f.due) for f in families)])
    return Rules(
        groups=_column(groups, np.int64),
        members=_column(members, np.int64),
        families=_column(order, np.int64),
        wanted=_column(_wanted(anchors, members, order), np.int64),
        most=_column(_most(anchors, kinds), np.int64),
        roles=_column(roles.ravel(), np.uint8),
        uses=_column(np.bitwise_or.reduce(roles, axis=1), np.uint8),
        pattern=_column(pattern, np.uint8),
        which=_column([WHICH[f.which] for f in families], np.uint8),
        due=_column(np.concatenate([np.zeros(0, np.int32), *(f.due for f in families)]), np.int32),
        due_from=_column(bounds, np.int64),
    )


def _words(family: Family) -> dict[int, tuple[str, ...]]:
    return {
        START: (family.starts,),
        STOP: family.stops,
        VOID: family.voided_by,
        END: family.ended_by,
        FAIL: family.failed_by,
    }


def _place(word: str, words: Sequence[str], rule: str) -> int:
    if word not in words:
        raise ValueError(f"rule {rule}: {word!r} is not in the vocabulary")
    return words.index(word)


def _groups(kinds: Longs) -> tuple[list[int], list[int], list[int]]:
    """Where each kind's groups begin, where each group's members begin, and the members."""
    groups, members, order = [0], [0], list[int]()
    for kind in range(CODES):
        of_kind = np.flatnonzero(kinds == kind).tolist()
        for begin in range(0, len(of_kind), GROUP):
            order += of_kind[begin : begin + GROUP]
            members.append(len(order))
        groups.append(len(members) - 1)
    return groups, members, order


def _wanted(anchors: NDArray[np.bool_], members: list[int], order: list[int]) -> Longs:
    wanted = np.zeros((len(members) - 1, CODES), np.int64)
    for group, (begin, stop) in enumerate(pairwise(members)):
        for bit, family in enumerate(order[begin:stop]):
            wanted[group] |= anchors[family].astype(np.int64) << bit
    return wanted.ravel()


def _most(anchors: NDArray[np.bool_], kinds: Longs) -> Longs:
    most = np.zeros((CODES, CODES), np.int64)
    np.add.at(most, kinds, anchors.astype(np.int64))
    return most.ravel()
