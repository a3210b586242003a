"""The cases whose delay is looked at: when each began, was first seen by the extract, and was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import polars as pl
import yaml

from upturn.measures.days import working_days
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months
from upturn.workload.allocations import has_history, spells

#: ``entry`` and ``stop`` are working days since the start, counted from 1 for the start's own day; ``began``
#: is the day from which the extract sees the case: its start, or the first day of the window.
EPISODES: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "start": pl.Date(),
    "began": pl.Date(),
    "until": pl.Date(),
    "done": pl.Boolean(),
    "entry": pl.Int64(),
    "stop": pl.Int64(),
    "team": pl.String(),
    "worker": pl.String(),
}


@dataclass(frozen=True)
class Outcome:
    """Something that should be done in time; ``limit`` is in working days."""

    id: str
    name: str
    sentence: str
    limit: int
    limit_source: str
    limit_status: str


@cache
def outcomes() -> tuple[Outcome, ...]:
    """What is timed.

    >>> [outcome.id for outcome in outcomes()]
    ['assessment', 'conference', 'seen', 'allocation']
    """
    text = resources.files(__package__).joinpath("outcomes.yaml").read_text(encoding="utf-8")
    return tuple(Outcome(**entry) for entry in yaml.safe_load(text))


def horizon(outcome: str) -> int:
    """Working days after which a case is no longer followed: four times the limit, and 20 at the least.

    What is that late says little of load on the day the work came, and much of what went wrong since.

    >>> horizon("assessment"), horizon("allocation")
    (180, 20)
    """
    limit = next(one.limit for one in outcomes() if one.id == outcome)
    return max(4 * limit, 20)


def window_start(casebook: Casebook) -> date:
    """The first day the models look at: six months before an Annex A extract, two years before others."""
    return add_months(casebook.as_at, -24 if "ssd" in casebook.source.split("+") else -6)


def episodes(casebook: Casebook, held: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """The cases of one outcome, with the schema `EPISODES`.

    A case begun before the window is at risk only from the window's first day (late entry): those that ended
    earlier are not in the extract, and to count the others in full would make delay look longer than it
    is. What is not done by the extract, or by the case's end, is censored there.
    """
    since = window_start(casebook)
    rows = _CASES[outcome](casebook, held)
    rows = rows.filter(pl.col("start").is_not_null() & (pl.col("start") <= casebook.as_at))
    over = pl.min_horizontal(pl.col("closed").fill_null(casebook.as_at), pl.lit(casebook.as_at))
    done = pl.col("finished").is_not_null() & (pl.col("finished") <= casebook.as_at)
    rows = rows.with_columns(
        done=done,
        until=pl.when(done).then("finished").otherwise(pl.max_horizontal("start", over)),
        began=pl.max_horizontal("start", pl.lit(since)),
    )
    entry = working_days(pl.col("start"), pl.col("began")).cast(pl.Int64)
    stop = working_days(pl.col("start"), pl.col("until")).cast(pl.Int64) + 1
    end = horizon(outcome) + 1
    rows = rows.with_columns(
        entry=entry,
        stop=pl.min_horizontal(stop, pl.lit(end)),
        done=pl.col("done") & (stop <= end),
    ).filter((pl.col("until") >= since) & (pl.col("stop") > pl.col("entry")))
    return rows.select(pl.col(c).cast(t) for c, t in EPISODES.items()).sort("start", "child_id")


def _assessments(casebook: Casebook, held: pl.DataFrame) -> pl.DataFrame:
    rows = _trusted(casebook, "cin_assessments", "cina_assessment_auth_date")
    return rows.select(
        "team",
        "worker",
        child_id="cina_person_id",
        start="cina_assessment_start_date",
        finished="cina_assessment_auth_date",
        closed=pl.lit(None, dtype=pl.Date),
    )


def _conferences(casebook: Casebook, held: pl.DataFrame) -> pl.DataFrame:
    """Enquiries that led to a conference, or are open and may. Those that needed none are left out."""
    held_on = casebook.table("initial_cp_conference").select(
        "icpc_s47_enquiry_id", finished="icpc_icpc_date"
    )
    rows = _trusted(casebook, "s47_enquiry", "s47e_s47_end_date").join(
        held_on.drop_nulls("icpc_s47_enquiry_id").unique("icpc_s47_enquiry_id", maintain_order=True),
        left_on="s47e_s47_enquiry_id", right_on="icpc_s47_enquiry_id", how="left",
    )  # fmt: skip
    needed = ~pl.col("s47e_icpc_not_required").fill_null(False) & ~pl.col("s47e_s47_nfa").fill_null(
        False
    )
    ended = pl.col("s47e_s47_end_date").is_not_null() & pl.col("finished").is_null()
    rows = rows.filter(needed & ~ended)
    if casebook.source == "annex_a":
        # Of enquiries begun before the window only those still open are listed: they would mislead.
        rows = rows.filter(pl.col("s47e_s47_start_date") >= window_start(casebook))
    return rows.select(
        "team",
        "worker",
        "finished",
        child_id="s47e_person_id",
        start="s47e_s47_start_date",
        closed=pl.lit(None, dtype=pl.Date),
    )


def _referrals(casebook: Casebook) -> pl.DataFrame:
    rows = _trusted(casebook, "cin_episodes", "cine_close_date")
    rows = rows.filter(~pl.col("cine_referral_nfa").fill_null(False))
    rows = rows.select(
        "team", "worker", child_id="cine_person_id", start="cine_referral_date", closed="cine_close_date"
    )  # fmt: skip
    return rows.drop_nulls("start").unique(["child_id", "start"], maintain_order=True)


def _seen(casebook: Casebook, held: pl.DataFrame) -> pl.DataFrame:
    """Referrals and the first visit of any kind: a child who comes into care is visited there."""
    visits = pl.concat(
        [
            casebook.table(table).filter(pl.col(seen).fill_null(True))
            .select(child_id=child, visit=day).drop_nulls()
            for table, child, day, seen in (
                ("cin_visits", "cinv_person_id", "cinv_cin_visit_date", "cinv_cin_visit_seen"),
                ("cp_visits", "cppv_person_id", "cppv_cp_visit_date", "cppv_cp_visit_seen"),
                ("cla_visits", "clav_person_id", "clav_cla_visit_date", "clav_cla_visit_seen"),
            )
        ]
    )  # fmt: skip
    return _first_after(_referrals(casebook), visits)


def _allocated(casebook: Casebook, held: pl.DataFrame) -> pl.DataFrame:
    """Referrals of children nobody held on the day before; the others wait for no one."""
    known, rows = spells(held), _referrals(casebook)
    pairs = rows.join(known.select("child_id", _s="start", _e="end"), on="child_id")
    already = pairs.filter(
        (pl.col("_s") < pl.col("start")) & (pl.col("_e").is_null() | (pl.col("_e") > pl.col("start")))
    )  # fmt: skip
    rows = rows.join(already.select("child_id", "start"), on=["child_id", "start"], how="anti")
    return _first_after(rows, known.select("child_id", visit="start"))


def _first_after(rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """The rows with, in ``finished``, the child's first event from the start until the case closed."""
    pairs = rows.join(events, on="child_id", how="inner").filter(
        (pl.col("visit") >= pl.col("start"))
        & (pl.col("closed").is_null() | (pl.col("visit") <= pl.col("closed")))
    )
    first = pairs.group_by("child_id", "start").agg(finished=pl.col("visit").min())
    return rows.join(first, on=["child_id", "start"], how="left", maintain_order="left")


def _trusted(casebook: Casebook, table: str, field: str) -> pl.DataFrame:
    """The rows whose end was not set aside: whether those ended cannot be told."""
    return casebook.table(table).filter(~pl.col("set_aside").list.contains(field))


_CASES: dict[str, Callable[[Casebook, pl.DataFrame], pl.DataFrame]] = {
    "assessment": _assessments,
    "conference": _conferences,
    "seen": _seen,
    "allocation": _allocated,
}


def untold(casebook: Casebook, outcome: str) -> str:
    """Why a source cannot tell of an outcome; "" where it can."""
    kinds = casebook.source.split("+")
    if kinds == ["cin_census"]:
        return "a census names no workers and no teams"
    if outcome == "allocation" and not has_history(casebook):
        return "the source names the holder at the extract, not since when"
    if outcome == "seen" and "ssd" not in kinds:
        return "Annex A holds only the latest visit"
    return ""
