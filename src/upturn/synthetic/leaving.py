"""Care leavers, and the people who come forward to adopt."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.care import ADOPTION_STEPS
from upturn.synthetic.days import NEVER, Days, dates, on_or_after, on_or_before
from upturn.synthetic.draw import Rng, Streams, chance, from_bands, mostly, one_of
from upturn.synthetic.figures import figure
from upturn.synthetic.people import YEAR
from upturn.synthetic.staff import Staff

_LIVES = {"U": 38, "V": 10, "B": 14, "C": 10, "D": 8, "E": 8, "T": 5, "R": 3, "Y": 4}
_DOES = {"F1": 6, "F2": 22, "F4": 24, "P2": 4, "P4": 4, "G4": 8, "G5": 22, "G6": 10}


def young_people(streams: Streams, *, a_year: int, as_at: int, first_family: int) -> pl.DataFrame:
    """Young people who left care, 17 to 24 years old, as children of the council."""
    rng = streams.of("care leavers")
    n = round(a_year * figure("care_leavers.per_referral"))
    age = from_bands(rng, n, [[17, 17, 8], [18, 20, 62], [21, 24, 30]]) + rng.random(n)
    alone = chance(rng, n, 0.14)
    return pl.DataFrame(
        {
            "family": first_family + np.arange(n),
            "born": as_at - np.round(age * YEAR).astype(np.int64),
            "sex": np.where(chance(rng, n, 0.56) | alone, "M", "F"),
            "ethnicity": one_of(rng, n, figure("people.ethnicity")),
            "disability": chance(rng, n, figure("people.disability")),
            "uasc": alone,
        }
    )


def care_leavers(
    streams: Streams, people: pl.DataFrame, staff: Staff, *, as_at: int
) -> pl.DataFrame:
    """Each young person's adviser, plan, contact, home and occupation at the extract; day numbers."""
    rng, n = streams.of("leaving care"), people.height
    posts = staff.posts("leaving")
    post = posts[np.arange(n) % len(posts)]
    now = np.full(n, as_at, dtype=np.int64)
    who = staff.workers["worker"].gather(np.maximum(staff.holder(post, now), 0))
    adult = (as_at - people["born"].to_numpy()) / YEAR >= 18
    contact = mostly(rng, n, figure("care_leavers.contact_on_time"), (0, 55), (64, 120))
    plan = mostly(rng, n, figure("care_leavers.pathway_on_time"), (2, 176), (190, 300))
    in_touch = chance(rng, n, figure("care_leavers.in_touch")) | (contact < 64)
    return people.with_columns(
        leaver_id=pl.format("V{}", "child_id"),
        eligibility=pl.Series(
            np.where(adult, np.where(chance(rng, n, 0.93), "former", "qualifying"), "relevant")
        ),
        in_touch=pl.Series(np.where(in_touch, "Y", "N")),
        contact=pl.Series(on_or_before(as_at - contact)),
        plan_review=pl.Series(on_or_before(as_at - plan)),
        accommodation=pl.Series(one_of(rng, n, _LIVES)),
        suitable=pl.Series(chance(rng, n, 0.9)),
        activity=pl.Series(one_of(rng, n, _DOES)),
        team=staff.teams["team"].gather(staff.post_team[post]),
        worker=who,
        adviser=who,
    )


def care_leaver_table(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """The care leavers as a table of truth."""
    return dates(found, "contact", "plan_review", as_at=as_at).select(
        "leaver_id",
        "child_id",
        "eligibility",
        "in_touch",
        "contact",
        "plan_review",
        "accommodation",
        "suitable",
        "activity",
        "team",
        "worker",
        "adviser",
    )


def adoption_table(care: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Every child with a decision to be placed for adoption, and the steps taken since."""
    steps = dates(
        care.filter(pl.col("decided") <= as_at), "care_start", *ADOPTION_STEPS, as_at=as_at
    )
    early = pl.when(pl.col("episode") % 4 == 0).then(pl.col("care_start"))
    return steps.select(
        "care_id", "child_id", "family", "care_start", *ADOPTION_STEPS, fostering_for_adoption=early
    )


def adopters(streams: Streams, *, a_year: int, as_at: int) -> pl.DataFrame:
    """People in the adoption process over two years: stages, approval, matching, leaving. Day numbers."""
    rng = streams.of("adopters")
    homes = max(4, round(2 * a_year * figure("adopters.per_referral")))
    enquiry = on_or_before(as_at - rng.integers(20, 730, homes))
    days, steps = enquiry, {"enquiry": enquiry}
    for name, low, high in _PROCESS:
        days = on_or_after(days + rng.integers(low, high, homes))
        steps[name] = days
    steps = _leave(rng, steps, homes)
    couple = np.where(chance(rng, homes, 0.8), 2, 1)
    which = np.repeat(np.arange(homes), couple)
    nth = np.arange(len(which)) - (np.cumsum(couple) - couple)[which]
    frame = pl.DataFrame({name: value[which] for name, value in steps.items()})
    return frame.with_columns(
        adopter_id=pl.Series(
            [f"8{h:05d}{k}" for h, k in zip(which.tolist(), nth.tolist(), strict=True)]
        ),
        family_id=pl.Series([f"7{h:05d}" for h in which.tolist()]),
        sex=pl.Series(np.where((nth + which % 2) % 2 == 0, "F", "M")),
        ethnicity=pl.Series(one_of(rng, homes, figure("people.ethnicity"))[which]),
        disability=pl.Series(chance(rng, len(which), 0.04)),
        fostering=pl.Series(chance(rng, homes, 0.3)[which]),
        placed_children=pl.Series(np.where(rng.random(homes) < 0.25, 2, 1)[which]),
    )


_PROCESS = (
    ("stage_1", 7, 30),
    ("stage_1_end", 50, 75),
    ("stage_2", 0, 20),
    ("stage_2_end", 90, 130),
    ("application", 1, 8),
    ("approved", 5, 25),
    ("matched", 30, 300),
    ("placed", 14, 35),
    ("order", 120, 260),
)


def _leave(rng: Rng, steps: dict[str, Days], n: int) -> dict[str, Days]:
    """A few leave the process before approval; what would have come after does not."""
    leaves = chance(rng, n, 0.12)
    last = np.where(leaves, on_or_after(steps["stage_1_end"] + 3), NEVER)
    after = [name for name, *_ in _PROCESS[2:]]
    return {k: np.where(leaves, NEVER, v) if k in after else v for k, v in steps.items()} | {
        "left": last
    }


def adopter_table(found: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """The adopters as a table of truth."""
    days = ("enquiry", *(name for name, *_ in _PROCESS), "left")
    frame = dates(found, *days, as_at=as_at)
    return frame.select(
        "adopter_id",
        "family_id",
        "sex",
        "ethnicity",
        "disability",
        "fostering",
        *days,
        children_placed=pl.when(pl.col("placed").is_not_null()).then("placed_children"),
        left_reason=pl.when(pl.col("left").is_not_null()).then(pl.lit("withdrew")),
    )
