"""The spine of the council: each family's referral and what came of it, day by day.

One entry is one family's referral. Brothers and sisters share it: they are referred, assessed, enquired
about and conferenced together. What differs between them (age, who comes into care) is settled later.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from upturn.synthetic.arrivals import ALONE, DISABLED, LONG_CARE, USUAL, Season, usual_share
from upturn.synthetic.days import NEVER, Days, Mask, on_or_after, plus
from upturn.synthetic.draw import Rng, Streams, chance, from_bands, reshape_band
from upturn.synthetic.figures import figure

#: What came of a referral.
NO_ACTION, NOT_IN_NEED, IN_NEED = range(3)
#: Share of a family's children who come into care when any do (assumed).
TAKEN = 0.85


@dataclass(frozen=True)
class Episodes:
    """Families' referrals as columns of equal length; every day is a day number or `NEVER`.

    ``s47`` and ``conference`` begin with the referral, ``later_…`` while the case is open. ``closed`` is
    for the children who stay at home; those who came into care close after ``care_end``.
    """

    family: Days
    kind: Days
    referred: Days
    outcome: Days
    started: Days
    authorised: Days
    s47: Days
    s47_end: Days
    conference: Days
    later_s47: Days
    later_s47_end: Days
    later_conference: Days
    plan_start: Days
    plan_end: Days
    care_start: Days
    care_end: Days
    closed: Days

    def __len__(self) -> int:
        return len(self.family)

    def only(self, keep: Mask) -> Episodes:
        """The entries where ``keep`` is true."""
        return Episodes(*(getattr(self, f.name)[keep] for f in fields(self)))

    def changed(self, where: Mask, **columns: Days | int) -> Episodes:
        """The same with these columns changed where ``where`` is true."""
        new = {k: np.where(where, v, getattr(self, k)).astype(np.int64) for k, v in columns.items()}
        return replace(self, **new)


def together(parts: list[Episodes]) -> Episodes:
    """Several batches as one, in order of family and day."""
    columns = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Episodes)
    }
    order = np.lexsort((columns["referred"], columns["family"]))
    return Episodes(**{name: column[order] for name, column in columns.items()})


def spine(
    streams: Streams,
    when: Season,
    *,
    first: tuple[Days, Days],
    old: tuple[Days, Days],
    as_at: int,
    again: float = 1.0,
) -> Episodes:
    """Every episode of every family: first referrals, old ones still open, and those who came again.

    ``again`` multiplies how likely a family is to come back within the year.
    """
    day, kind = (np.concatenate(pair) for pair in zip(first, old, strict=True))
    parts = [draw(streams.of("episodes 0"), np.arange(len(day), dtype=np.int64), kind, day)]
    share = min(0.95, again * _again_share(parts[0]))
    while len(parts[-1]) and len(parts) < 40:
        rng = streams.of(f"again {len(parts)}")
        family, day = _again(rng, when, parts[-1], share, as_at)
        kind = np.full(len(family), USUAL, dtype=np.int64)
        parts.append(draw(streams.of(f"episodes {len(parts)}"), family, kind, day))
    return together(parts)


def draw(rng: Rng, family: Days, kind: Days, referred: Days) -> Episodes:
    """What comes of referrals of these families on these days."""
    n = len(family)
    never = np.full(n, NEVER, dtype=np.int64)
    e = Episodes(family, kind, referred, _outcome(rng, kind), *([never] * 13))
    e = _assess(rng, e)
    e = _enquire(rng, e)
    e = _close(rng, e)
    e = _enquire_later(rng, e)
    e = _plan(rng, e)
    return _care(rng, e)


def _outcome(rng: Rng, kind: Days) -> Days:
    u, none = rng.random(len(kind)), figure("referrals.no_further_action") / usual_share()
    not_in_need = none + figure("referrals.not_in_need_after_assessment") / usual_share()
    usual = np.where(u < none, NO_ACTION, np.where(u < not_in_need, NOT_IN_NEED, IN_NEED))
    return np.where(kind == USUAL, usual, IN_NEED)


def durations(rng: Rng, n: int) -> Days:
    """Working days from start to authorisation of n assessments, by the published bands."""
    days = from_bands(rng, n, figure("assessments.duration_bands"))
    return reshape_band(rng, days, 41, figure("assessments.within_41_to_45"))


def _assess(rng: Rng, e: Episodes) -> Episodes:
    lag = figure("assessments.days_to_start")
    start = plus(e.referred, rng.choice(len(lag), len(e), p=lag))
    end = plus(start, durations(rng, len(e)))
    return e.changed(e.outcome != NO_ACTION, started=start, authorised=end)


def conference_days(rng: Rng, n: int) -> Days:
    """Working days from strategy discussion to conference, by the published bands."""
    days = from_bands(rng, n, figure("enquiries.conference_bands"))
    return reshape_band(rng, days, 11, figure("enquiries.within_11_to_15"))


def _enquire(rng: Rng, e: Episodes) -> Episodes:
    """Section 47 enquiries that begin with the referral, and their conferences."""
    started, needed = figure("enquiries.at_the_referral"), figure("need.started")
    rare = figure("enquiries.when_not_in_need")
    in_need = (started - rare * figure("referrals.not_in_need_after_assessment")) / needed
    likely = np.select([e.outcome == IN_NEED, e.outcome == NOT_IN_NEED], [in_need, rare], 0.0)
    has = chance(rng, len(e), likely) & (e.kind == USUAL)
    day = plus(e.referred, rng.choice(6, len(e), p=[0.35, 0.25, 0.15, 0.1, 0.1, 0.05]))
    confer = figure("enquiries.to_conference") * started / (in_need * needed)
    held = has & (e.outcome == IN_NEED) & chance(rng, len(e), confer)
    conference = plus(day, conference_days(rng, len(e)))
    end = np.where(held, conference, plus(day, rng.integers(3, 16, len(e))))
    return e.changed(has, s47=day, s47_end=end).changed(held, conference=conference)


def _close(rng: Rng, e: Episodes) -> Episodes:
    """When the case closes if nothing more happens."""
    none = plus(e.referred, rng.integers(0, 4, len(e)))
    soon = plus(e.authorised, rng.integers(0, 4, len(e)))
    middle, spread = figure("need.days_after_assessment")
    length = np.clip(rng.lognormal(np.log(middle), spread, len(e)), 21, 1400)
    length = np.where(
        e.kind == DISABLED, rng.exponential(figure("need.disabled_days"), len(e)) + 60, length
    )
    in_need = on_or_after(
        np.where(e.authorised < NEVER, e.authorised + length.astype(np.int64), NEVER)
    )
    closed = np.select([e.outcome == NO_ACTION, e.outcome == NOT_IN_NEED], [none, soon], in_need)
    after = np.where(e.s47_end < NEVER, e.s47_end, 0)
    after = np.maximum(after, np.where(e.conference < NEVER, e.conference, 0))
    return e.changed(np.full(len(e), True), closed=np.maximum(closed, after))


def _enquire_later(rng: Rng, e: Episodes) -> Episodes:
    """Section 47 enquiries that begin while a child in need case is open."""
    can = (e.outcome == IN_NEED) & (e.kind == USUAL) & (e.conference == NEVER)
    room = can & (e.closed - e.authorised > 60)
    wanted = figure("enquiries.per_referral") - figure("enquiries.at_the_referral")
    # Some begin after the extract or the 18th birthday, so a few more are drawn.
    wanted *= 1.13 * int((e.kind == USUAL).sum()) / usual_share()
    has = room & chance(rng, len(e), min(1.0, wanted / max(1, int(room.sum()))))
    span = np.where(room, e.closed - e.authorised - 40, 1)
    day = on_or_after(
        np.where(has, e.authorised + 15 + (rng.random(len(e)) * span).astype(np.int64), NEVER)
    )
    held = has & chance(rng, len(e), figure("enquiries.to_conference"))
    conference = plus(day, conference_days(rng, len(e)))
    end = np.where(held, conference, plus(day, rng.integers(3, 16, len(e))))
    e = e.changed(has, later_s47=day, later_s47_end=end, closed=np.maximum(e.closed, end))
    return e.changed(held, later_conference=conference)


def _plan(rng: Rng, e: Episodes) -> Episodes:
    """Child protection plans and what follows them."""
    conference = np.minimum(e.conference, e.later_conference)
    has = (conference < NEVER) & chance(rng, len(e), figure("plans.from_conference"))
    months, share = (np.array(c) for c in zip(*figure("plans.still_on_plan"), strict=True))
    length = np.interp(rng.random(len(e)), 1 - share, months) * 30.44
    end = on_or_after(conference + np.where(has, length, 0).astype(np.int64))
    down = chance(rng, len(e), figure("plans.step_down"))
    after = np.where(down, rng.integers(30, 181, len(e)), rng.integers(0, 11, len(e)))
    closed = on_or_after(end + np.where(has, after, 0))
    closed = np.maximum(closed, np.where(e.authorised < NEVER, e.authorised, 0))
    return e.changed(has, plan_start=conference, plan_end=end, closed=closed)


def _care(rng: Rng, e: Episodes) -> Episodes:
    """Periods of being looked after: from a plan, straight from need, alone from abroad, long ago."""
    wanted, plan = figure("care.entries_per_referral"), e.plan_start < NEVER
    from_plan = plan & chance(rng, len(e), figure("plans.to_care") / TAKEN)
    plans = (
        figure("enquiries.per_referral")
        * figure("enquiries.to_conference")
        * figure("plans.from_conference")
    )
    other = wanted * (1 - figure("care.unaccompanied")) - plans * figure("plans.to_care")
    likely = (
        1.22 * other / TAKEN / (figure("need.started") - plans)
    )  # those with a later enquiry are left out
    straight = (e.outcome == IN_NEED) & (e.kind == USUAL) & ~plan & chance(rng, len(e), likely)
    straight &= e.later_s47 == NEVER
    always = (e.kind == ALONE) | (e.kind == LONG_CARE)
    lag = np.where(e.kind == ALONE, 0, 3 + rng.exponential(40, len(e)).astype(np.int64))
    start = np.where(from_plan, e.plan_end, e.referred + np.minimum(lag, 400))
    short = chance(rng, len(e), figure("care.short")) & ~always
    days = np.where(short, figure("care.short_days"), figure("care.long_days")) * rng.exponential(
        1, len(e)
    )
    end = on_or_after(start + 8 + np.where(start < NEVER, days, 0).astype(np.int64))
    end = np.where(e.kind == ALONE, NEVER, end)
    has = from_plan | straight | always
    home = on_or_after(np.maximum(np.where(has, start, 0) + 60, e.authorised))
    closed = np.where(has & ~from_plan, np.maximum(home, e.s47_end * (e.s47_end < NEVER)), e.closed)
    return e.changed(has, care_start=start, care_end=end, closed=closed)


def _again_share(first: Episodes) -> float:
    """How likely a family that *can* come again within the year must be to, to give the published rate."""
    can = _can_come_again(first)[first.kind == USUAL]
    # Some have turned 18 by then, so a few more are drawn.
    rate: float = 1.045 * figure("referrals.again_within_12_months") / usual_share()
    return min(0.95, rate * len(can) / max(1, int(can.sum())))


def _can_come_again(e: Episodes) -> Mask:
    can: Mask = (e.kind == USUAL) & (e.care_start == NEVER) & (e.closed - e.referred < 330)
    return can


def _again(rng: Rng, when: Season, e: Episodes, share: float, as_at: int) -> tuple[Days, Days]:
    """Families referred again after these episodes closed, and the day."""
    can = _can_come_again(e)
    soon = can & chance(rng, len(e), share)
    later = (e.kind == USUAL) & (e.care_start == NEVER) & ~soon & (e.closed - e.referred < 700)
    later &= chance(rng, len(e), figure("referrals.again_in_second_year") * 1.6)
    start = np.where(soon, e.closed + 7, np.maximum(e.closed + 7, e.referred + 366))
    end = np.where(soon, e.referred + 365, e.referred + 800)
    go = (soon | later) & (start < as_at) & (start < end)
    day = when.day(rng, start[go], np.minimum(end[go], as_at + 400))
    back = day <= as_at
    return e.family[go][back], day[back]
