"""Which parameters a fit looks for, where it looks, and what stands for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from upturn.twin.desk import Direct
from upturn.twin.fitted import How, Tag
from upturn.twin.parameters import Department, Parameter, parameters
from upturn.twin.priors import Prior, Scale

#: The example service has this many posts; what an extract does not show is scaled to a service's own.
EXAMPLE_POSTS = 60.0
#: Assumed to grow with the service: the example's figure, times its posts over the example's.
SIZED = (
    "manager_posts",
    "screening_posts",
    "review_slots_a_week",
    "conference_slots_a_week",
    "teams",
)
#: Read parameters that are looked for by simulation when this series is recorded and they are not read.
INSTEAD = {
    "agency_share": "agency",
    "care_entry": "care_entries",
    "conference_slots_a_week": "conferences_held",
    "contacts_a_month": "referrals",
    "vacancy_fill_days": "vacant",
    "leaving_a_year": "leavers",
    "sickness_a_year": "sick",
}
#: A read interval is made this much wider on its scale before simulation settles the rest: 90 to 99 %.
WIDER = 1.57
#: What sets a scale: only its ratio to others shows in records, so that it is held and they are looked for.
SETS_A_SCALE = {
    "need_mean": "where the scale of need begins: other needs with thresholds moved as far would leave the "
    "same records; only a change from one period to the next is looked for",
    "productive_share": "only hours of work over hours at work show in records: this is held, and hours of "
    "work are looked for",
    "manager_hours_share": "only managers' work over their hours shows in records: this is held, and hours "
    "of sign-off are looked for",
    "threshold_team_spread": "the summaries are of the whole service, not of its teams",
}
#: Looked for by no fit even so: yearly totals cannot show them, whatever the number of simulations.
NOT_IDENTIFIED = {
    "leaving_load": "Monthly and yearly totals cannot show how load bears on leaving: in trials an interval "
    "kept nine tenths of its prior. It needs each worker's load and leaving day, or a value of yours.",
    "sickness_load": "Totals cannot show how load bears on sickness: it needs each worker's load and "
    "absences, or a value of yours.",
}


@dataclass(frozen=True)
class Place:
    """Where one parameter stands before simulation: a range to look in, or one value."""

    parameter: Parameter
    value: float
    low: float
    high: float
    sought: bool
    tag: Tag
    how: How
    n: int
    source: str
    words: str


def places(
    direct: Mapping[str, Direct],
    recorded: frozenset[str],
    *,
    given: Department | None = None,
    referrals: float | None = None,
    later: bool = False,
    narrow: float = 1.0,
) -> tuple[Place, ...]:
    """Every parameter in the catalogue's order with what is known of it before simulation.

    ``direct`` is what was read, ``recorded`` the names of the series that the source tells, ``given`` values
    of the user's own (those tagged "yours" are taken as they stand), ``referrals`` those of a month;
    ``later`` says that a period before was fitted, so that a change of need can be looked for. ``narrow`` is
    the share of a range that is looked in, about the catalogue's value: what few simulations can search.
    """
    posts = direct["posts"].value if "posts" in direct else None
    size = 1.0 if posts is None else posts / EXAMPLE_POSTS
    return tuple(
        _place(
            p,
            direct.get(p.name),
            recorded,
            given=given,
            size=size,
            referrals=referrals,
            narrow=narrow,
            held=p.name in SETS_A_SCALE and not (later and p.name == "need_mean"),
        )
        for p in parameters().values()
    )


def _place(
    p: Parameter,
    read: Direct | None,
    recorded: frozenset[str],
    *,
    given: Department | None,
    size: float,
    referrals: float | None,
    narrow: float,
    held: bool,
) -> Place:
    if given is not None and given.tag(p.name) == "yours":
        value = given.value(p.name)
        source = given.sources[list(parameters()).index(p.name)]
        return Place(p, value, value, value, False, "yours", "given", 0, source, "as you gave it")
    if read is not None:
        return _read(p, read)
    if held:
        return _default(p, size)
    if p.reading == "infer" or (p.name in INSTEAD and INSTEAD[p.name] in recorded):
        low, high = _nearer(p, *_range(p, size, referrals), narrow)
        middle = float(prior_of([(p.name, low, high, p.scale)]).values(np.array([0.5]))[0])
        return Place(p, middle, low, high, True, "extract", "inferred", 0, "the extract, by simulation",
                     "")  # fmt: skip
    return _default(p, size)


def _read(p: Parameter, read: Direct) -> Place:
    """The interval that was read, made wider, held to what the twin can be given."""
    least, most = p.bounds
    if read.high - read.low < 1e-9 or p.name == "teams":
        return Place(p, read.value, read.value, read.value, False, "extract", "read", read.n,
                     read.source, read.words)  # fmt: skip
    floor = 1e-4 if p.scale in ("log", "logit") else least
    ceiling = 1 - 1e-4 if p.scale == "logit" else most
    low, high = max(read.low, floor), min(read.high, ceiling)
    prior = prior_of([(p.name, low, high, p.scale)])
    wide = prior.values(np.array([[0.5 - WIDER / 2], [0.5 + WIDER / 2]]))[:, 0]
    low, high = (float(np.clip(v, max(floor, least), min(ceiling, most))) for v in wide)
    return Place(p, read.value, low, high, high > low, "extract", "read", read.n, read.source,
                 read.words)  # fmt: skip


def _nearer(p: Parameter, low: float, high: float, narrow: float) -> tuple[float, float]:
    """The part of a range about the catalogue's value, or about the middle where that value is not in it."""
    if narrow >= 1 or not p.low < p.default < p.high:
        return low, high
    whole = prior_of([(p.name, low, high, p.scale)])
    about = 0.5
    if p.name not in SIZED and p.name != "contacts_a_month" and low < p.default < high:
        about = float(whole.places(np.array([p.default]))[0])
    near = np.clip([[about - narrow / 2], [about + narrow / 2]], 0.0, 1.0)
    ends = whole.values(near)[:, 0]
    return float(ends[0]), float(ends[1])


def _range(p: Parameter, size: float, referrals: float | None) -> tuple[float, float]:
    """The catalogue's range; for what grows with a service, about what one of this size would have."""
    if p.name == "contacts_a_month" and referrals:
        return 0.8 * referrals, 6.0 * referrals
    if p.name in SIZED:
        return max(p.low, 0.25 * p.default * size), max(2 * p.low, 4 * p.default * size)
    return p.low, p.high


def _default(p: Parameter, size: float) -> Place:
    """The published or assumed value, with the catalogue's range as how far it may be off."""
    value, source = p.default, p.source
    if p.name in SIZED and size != 1.0:
        value = float(np.clip(p.default * size, *p.bounds))
        source = f"{p.source}; scaled to the posts"
    words = {**NOT_IDENTIFIED, **SETS_A_SCALE}.get(p.name, "the extract does not hold it")
    tag: Tag = "published" if p.tag == "published" and source == p.source else "assumed"
    return Place(p, value, p.low, p.high, False, tag, "default", 0, source, words)


def prior_of(rows: list[tuple[str, float, float, str]]) -> Prior:
    """A prior from rows of name, low, high and scale.

    >>> prior_of([("posts", 10.0, 40.0, "log")]).values(np.array([0.5])).round(3).tolist()
    [20.0]
    """
    names, low, high, scale = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Prior(names, low, high, tuple(cast(Scale, s) for s in scale))
