"""From a seed to a council: the stages in their order, each with the faults that belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from upturn.rulebooks.calendar import add_months
from upturn.synthetic import care, front_door, leaving, need, protection
from upturn.synthetic.allocation import allocate, with_posts
from upturn.synthetic.arrivals import Season, first_arrivals, long_open, season
from upturn.synthetic.court import before_court
from upturn.synthetic.days import date_of, dates, day_of
from upturn.synthetic.draw import Streams
from upturn.synthetic.episodes import spine
from upturn.synthetic.faults import care_records, churn, load, patterns, records
from upturn.synthetic.faults import spine as spine_faults
from upturn.synthetic.faults.catalogue import chosen
from upturn.synthetic.faults.load_visits import on_visits
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.figures import figure
from upturn.synthetic.history import histories
from upturn.synthetic.people import child_episodes, children_of, numbered, unknown_children
from upturn.synthetic.staff import Staff, hire
from upturn.synthetic.workforce import workforce

#: Days simulated before the extract. The longest plan (42 months) then has its whole history.
HISTORY_DAYS = 1300
#: Extract dates for which the calendar of working days reaches both ends of a council's life.
EARLIEST, LATEST = date(2019, 1, 1), date(2032, 12, 31)
Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Scene:
    """What every stage needs: the draws, the dates (day numbers), the season, the staff and the faults.

    ``first`` is the first day simulated, ``window`` the first day of the six months before ``as_at``.
    """

    streams: Streams
    planter: Planter
    when: Season
    staff: Staff
    a_year: int
    first: int
    window: int
    as_at: int


def scene(
    *,
    seed: int,
    size: Literal["small", "county"],
    as_at: date,
    faults: Sequence[str] | None,
    spread: float = 1.0,
) -> Scene:
    """Set the scene. Raises ValueError for a size, date or fault that there is not."""
    if size not in ("small", "county"):
        raise ValueError(f"There is no size {size!r}. There are: small, county.")
    if not EARLIEST <= as_at <= LATEST:
        raise ValueError(f"A council can be made up as at {EARLIEST} to {LATEST}, not {as_at}.")
    streams, today, a_year = Streams(seed), day_of(as_at), int(figure(f"sizes.{size}"))
    first = today - HISTORY_DAYS
    return Scene(
        streams=streams,
        planter=Planter(streams, chosen(faults), as_at=today, spread=spread),
        when=season(first, today + 900),
        staff=hire(streams, size=size, a_year=a_year, first=first, as_at=today),
        a_year=a_year,
        first=first,
        window=day_of(add_months(as_at, -6)),
        as_at=today,
    )


@dataclass(frozen=True)
class People:
    """Everybody: ``children`` with their ids; ``rows``, each child's part of each episode of the spine."""

    children: pl.DataFrame
    rows: pl.DataFrame
    strangers: pl.DataFrame
    leavers: pl.DataFrame
    referrals: pl.DataFrame


def people(s: Scene) -> People:
    """Families, what came of their referrals, and the children nobody referred."""
    old = long_open(s.streams.of("long open"), a_year=s.a_year, first=s.first)
    new = first_arrivals(
        s.streams.of("arrivals"), s.when, a_year=s.a_year, first=s.first, last=s.as_at
    )
    again = patterns.AGAIN if s.planter.wants(patterns.BACK) else 1.0
    e = spine(s.streams, s.when, first=new, old=old, as_at=s.as_at, again=again)
    e = patterns.fewer_before(s.planter, e)
    posts = allocate(s.staff, e)
    e = spine_faults.plant(s.planter, e, posts, s.staff)
    e = patterns.plant(s.planter, e, posts, s.staff)
    referred = children_of(s.streams, e)
    strangers, leavers = _others(s, first_family=int(e.family.max()) + 1)
    parts = [referred, strangers.drop("met"), leavers]
    group = np.repeat([0, 1, 2], [p.height for p in parts])
    everybody = numbered(s.streams, pl.concat(parts)).with_columns(group=pl.Series(group))
    known = everybody.filter(pl.col("group") == 0)
    rows = with_posts(child_episodes(s.streams, e, known), posts)
    rows = care.adopted(s.streams, rows)
    rows = load.on_rows(s.planter, s.streams, s.staff, rows, as_at=s.as_at)
    spine_faults.tell(s.planter, rows, window=s.window)
    patterns.tell(s.planter, rows)
    return People(
        children=everybody,
        rows=rows,
        strangers=everybody.filter(pl.col("group") == 1).with_columns(strangers["met"]),
        leavers=everybody.filter(pl.col("group") == 2),
        referrals=front_door.referrals(s.streams, rows, e, s.staff, as_at=s.as_at),
    )


def _others(s: Scene, *, first_family: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Children of whom there was only a contact or early help, and young people who left care."""
    years = (s.as_at - s.first) / 365.25
    contacts = figure("contacts.without_referral") * (1 - figure("contacts.known_child"))
    n = round(s.a_year * years * (contacts + 0.5 * figure("early_help.per_referral")))
    rng = s.streams.of("strangers")
    met = np.sort(s.when.day(rng, np.full(n, s.first), np.full(n, s.as_at + 1)))
    strangers = unknown_children(s.streams, n, day=met, first_family=first_family)
    leavers = leaving.young_people(
        s.streams, a_year=s.a_year, as_at=s.as_at, first_family=first_family + n
    )
    return strangers.with_columns(met=pl.Series(met)), leavers


def front(s: Scene, who: People) -> tuple[Tables, pl.DataFrame]:
    """Contacts, early help, referrals and assessments; and the assessments as day numbers."""
    contacts = front_door.contacts(
        s.streams, s.when, who.rows, who.referrals, who.strangers, first=s.first, as_at=s.as_at
    )
    assessed = front_door.assessments(s.streams, who.rows, s.staff, first=s.first, as_at=s.as_at)
    assessed = load.on_updates(s.planter, s.streams, s.staff, who.rows, assessed, as_at=s.as_at)
    assessed = records.not_seen_in_assessment(s.planter, assessed, window=s.window)
    tables = {
        "contacts": records.held_contacts(s.planter, who.rows, contacts),
        "early_help": front_door.early_help(
            s.streams, who.rows, who.strangers, a_year=s.a_year, first=s.first, as_at=s.as_at
        ),
        "referrals": who.referrals,
        "assessments": dates(assessed, "started", "seen", "authorised_on", as_at=s.as_at).select(
            "assessment_id",
            "referral_id",
            "child_id",
            "started",
            "seen",
            "needs_support",
            "team",
            "worker",
            authorised="authorised_on",
        ),
    }
    return tables, assessed


def protect(s: Scene, who: People) -> tuple[Tables, pl.DataFrame]:
    """Enquiries, conferences, plans and what happens on them; and the visits as day numbers."""
    found = protection.enquiries(who.rows, s.staff, as_at=s.as_at)
    plans = protection.plans(s.streams, who.rows, s.staff, first=s.first, as_at=s.as_at)
    visits = protection.visits(s.streams, plans, as_at=s.as_at)
    visits = records.unseen_children(s.planter, plans, visits)
    visits = records.not_seen_alone(s.planter, plans, visits)
    reviews = protection.reviews(s.streams, plans, as_at=s.as_at)
    reviews = records.lapsed_reviews(s.planter, plans, reviews)
    groups = protection.core_groups(s.streams, plans, as_at=s.as_at)
    tables = {
        "enquiries": protection.enquiry_table(found, as_at=s.as_at),
        "conferences": protection.conferences(found, as_at=s.as_at),
        "cp_plans": protection.plan_table(plans, as_at=s.as_at),
        "cp_visits": events(visits, "plan_id", "alone"),
        "cp_reviews": events(reviews, "plan_id"),
        "core_groups": events(groups, "plan_id"),
    }
    return tables, visits


def in_need(s: Scene, who: People, assessed: pl.DataFrame) -> tuple[Tables, list[int]]:
    """Periods of need and their visits; and the episodes whose children have no worker."""
    periods = need.periods(s.streams, who.rows, s.staff, as_at=s.as_at)
    visits = need.visits(s.streams, periods, as_at=s.as_at)
    visits = records.unseen_in_need(s.planter, periods, assessed, visits)
    nobody: list[int] = records.unallocated(s.planter, periods, assessed).tolist()
    return {
        "cin_periods": need.period_table(periods, as_at=s.as_at),
        "cin_visits": events(visits, "period_id"),
    }, nobody


def cared_for(s: Scene, who: People) -> Tables:
    """Children in care, with all that is recorded of them, and adoption."""
    p, found = s.planter, care.periods(s.streams, who.rows, s.staff, as_at=s.as_at)
    placed = care.placements(s.streams, found, as_at=s.as_at)
    visits = care.visits(s.streams, found, as_at=s.as_at)
    visits = care.visits_after_moves(s.streams, placed, visits, as_at=s.as_at)
    visits = care_records.late_care_visits(p, found, placed, visits)
    reviews = care_records.late_care_reviews(
        p, found, care.reviews(s.streams, found, as_at=s.as_at)
    )
    health = care_records.overdue_health(p, found, care.health(s.streams, found, as_at=s.as_at))
    missing = care_records.no_interview(p, found, care.missing(s.streams, found, as_at=s.as_at))
    return {
        "care_periods": care.period_table(found, as_at=s.as_at),
        "care_visits": events(visits, "care_id"),
        "care_reviews": events(reviews, "care_id"),
        "health_assessments": events(health, "care_id"),
        "dental_checks": events(care.dental(s.streams, found, as_at=s.as_at), "care_id"),
        "missing_episodes": events(missing, "care_id", "offered", "accepted"),
        "placements": events(placed, "care_id", "kind_of", "provider"),
        "adoptions": leaving.adoption_table(found, as_at=s.as_at),
    }


def left_care(s: Scene, who: People) -> Tables:
    """Care leavers and adopters."""
    found = leaving.care_leavers(s.streams, who.leavers, s.staff, as_at=s.as_at)
    found = care_records.leavers(s.planter, found)
    adopters = leaving.adopters(s.streams, a_year=s.a_year, as_at=s.as_at)
    return {
        "care_leavers": leaving.care_leaver_table(found, as_at=s.as_at),
        "adopters": leaving.adopter_table(adopters, as_at=s.as_at),
    }


def staffing(s: Scene, who: People) -> Tables:
    """Teams, workers, families and children as tables of truth."""
    workers = dates(s.staff.workers, "left_on", as_at=s.as_at)
    workers = dates(workers, "started_on", as_at=s.as_at).filter(pl.col("started_on").is_not_null())
    children = dates(who.children, "born", as_at=s.as_at + 300)
    return {
        "teams": s.staff.teams,
        "workers": workers.drop("post"),
        "families": who.children.group_by("family", maintain_order=True).agg(children=pl.len()),
        "children": children.select(
            "child_id", "family", "born", "sex", "ethnicity", "disability", "uasc"
        ),
    }


def events(found: pl.DataFrame, key: str, *more: str) -> pl.DataFrame:
    """Repeated events as a table of truth: what they belong to, the child and the day."""
    frame = found.with_columns(pl.col("day").cast(pl.Int32).cast(pl.Date))
    return frame.select(key, "child_id", "day", *more).sort(
        "day", "child_id", key, maintain_order=True
    )


def without_worker(tables: Tables, episodes: list[int]) -> Tables:
    """Open rows of these episodes without their worker, in every table that names one."""
    starts = [f"R{n}-" for n in episodes]
    if not starts:
        return tables
    theirs = pl.any_horizontal(pl.col("referral_id").str.starts_with(x) for x in starts)
    ends = {"referrals": "closed", "assessments": "authorised", "cin_periods": "ended"}
    changed = {
        name: tables[name].with_columns(
            worker=pl.when(theirs & pl.col(end).is_null()).then(None).otherwise("worker")
        )
        for name, end in ends.items()
    }
    return tables | changed


def holding(s: Scene, who: People, tables: Tables) -> Tables:
    """Who held each child from day to day, and the workforce; they end as the other tables say."""
    history = histories(
        s.streams, s.staff, who.rows, tables["cin_periods"], tables["care_leavers"], as_at=s.as_at
    )
    return {
        "allocations": churn.on_history(s.planter, history, s.staff, as_at=s.as_at),
        "workforce": workforce(s.streams, s.staff, first=s.first, as_at=s.as_at),
    }


def simulate(s: Scene) -> Tables:
    """All the tables of a council. The planter of ``s`` then holds the truth about practice."""
    who = people(s)
    tables, assessed = front(s, who)
    plans, _ = protect(s, who)
    needs, nobody = in_need(s, who, assessed)
    everything = tables | plans | needs | cared_for(s, who) | left_care(s, who) | staffing(s, who)
    told = patterns.on_tables(s.planter, without_worker(everything, nobody))
    told = churn.on_tables(s.planter, told)
    told = before_court(s.planter, s.streams, told, as_at=date_of(s.as_at))
    return on_visits(s.planter, told | holding(s, who, told))
