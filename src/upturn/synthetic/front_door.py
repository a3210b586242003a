"""The front door: contacts, early help, referrals, and the assessments that follow."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.allocation import held
from upturn.synthetic.arrivals import Season, sources
from upturn.synthetic.days import NEVER, dates, on_or_after, on_or_before, plus
from upturn.synthetic.draw import Rng, Streams, chance
from upturn.synthetic.episodes import IN_NEED, NO_ACTION, Episodes, durations
from upturn.synthetic.figures import figure
from upturn.synthetic.people import YEAR
from upturn.synthetic.staff import Staff, read

REFERRAL_ID = pl.format("R{}-{}", "episode", "child_id").alias("referral_id")


def referrals(
    streams: Streams, rows: pl.DataFrame, e: Episodes, staff: Staff, *, as_at: int
) -> pl.DataFrame:
    """Every referral of every child, with its source, and who has the child now or had it at the end."""
    source = sources(streams.of("sources"), e.referred)
    alone = e.kind == 2
    source = np.where(alone, np.where(np.arange(len(e)) % 3 == 0, "8", "6"), source)
    frame = rows.with_columns(
        REFERRAL_ID,
        source=pl.Series(source)[rows["episode"]],
        nfa=pl.col("outcome") == NO_ACTION,
        now=pl.col("closed").clip(upper_bound=as_at),
    )
    frame = held(frame, "now", staff, late=streams.of("handover referrals"))
    return dates(frame, "referred", "closed", as_at=as_at).select(
        "referral_id", "child_id", "family", "referred", "source", "nfa", "closed", "team", "worker"
    )


def contacts(
    streams: Streams,
    when: Season,
    rows: pl.DataFrame,
    referred: pl.DataFrame,
    strangers: pl.DataFrame,
    *,
    first: int,
    as_at: int,
) -> pl.DataFrame:
    """Every contact: those that became a referral and those that did not."""
    rng = streams.of("contacts")
    families = rows.select("episode", "referred").unique(
        "episode", keep="first", maintain_order=True
    )
    early = chance(rng, families.height, figure("contacts.day_before"))
    day = families["referred"].to_numpy().astype(np.int64)
    came = np.where(early, on_or_before(day - 1), day)
    families = families.with_columns(day=pl.Series(came)).drop("referred")
    became = (
        rows.select("episode", "child_id", "referred")
        .join(families, on="episode", maintain_order="left")
        .with_columns(REFERRAL_ID)
        .join(referred.select("referral_id", "source"), on="referral_id", maintain_order="left")
        .filter(pl.col("day") >= first)
        .select("child_id", "day", "source", "referral_id")
    )
    other = _no_referral(streams, when, rows, strangers, n=became.height, first=first, as_at=as_at)
    found = pl.concat([became, other]).unique(
        ["child_id", "day", "source"], keep="first", maintain_order=True
    )
    found = found.sort("day", "child_id", "source").with_row_index("n")
    found = found.with_columns(contact_id=pl.format("C{}", "n"))
    return dates(found, "day", as_at=as_at).select(
        "contact_id", "child_id", "day", "source", "referral_id"
    )


def _no_referral(
    streams: Streams,
    when: Season,
    rows: pl.DataFrame,
    strangers: pl.DataFrame,
    *,
    n: int,
    first: int,
    as_at: int,
) -> pl.DataFrame:
    """Contacts that led to nothing, about children known and unknown."""
    rng = streams.of("contacts without referral")
    count = round(n * figure("contacts.without_referral"))
    known = round(count * figure("contacts.known_child"))
    recent = rows.filter(pl.col("referred") > first).select("child_id", "born", "referred")
    recent = recent.sort("referred", "child_id")
    # The day comes first and then a child known by then, so that contacts do not bunch at the extract.
    days = when.day(rng, np.full(known, first + 20), np.full(known, as_at + 1))
    there = np.searchsorted(recent["referred"].to_numpy(), days - 20)
    some = there > 0
    pick = recent[(rng.random(known) * there).astype(np.int64)[some]]
    unknown = strangers[np.arange(count - known) % strangers.height].select(
        "child_id", "born", "met"
    )
    day = np.concatenate([days[some], unknown["met"].to_numpy().astype(np.int64)])
    ids = pl.concat([pick.select("child_id", "born"), unknown.select("child_id", "born")])
    found: pl.DataFrame = ids.with_columns(day=pl.Series(day), source=pl.Series(sources(rng, day)))
    young = (pl.col("day") <= as_at) & (pl.col("day") - pl.col("born") < 17.9 * YEAR)
    return found.filter(young).select(
        "child_id", "day", "source", referral_id=pl.lit(None, dtype=pl.String)
    )


def early_help(
    streams: Streams,
    rows: pl.DataFrame,
    strangers: pl.DataFrame,
    *,
    a_year: int,
    first: int,
    as_at: int,
) -> pl.DataFrame:
    """Early help assessments, half of them after a referral that closed."""
    rng = streams.of("early help")
    n = round(a_year * figure("early_help.per_referral") * (as_at - first) / YEAR)
    both = _early_help_children(rng, rows, strangers, n=n, first=first, as_at=as_at)
    start = on_or_after(both["day"].to_numpy().astype(np.int64) + rng.integers(1, 30, both.height))
    done = plus(start, rng.integers(3, 45, both.height))
    done = np.where(chance(rng, both.height, 0.93), done, NEVER)
    places = read("names.yaml")["organisations"]
    frame = both.with_columns(
        started=pl.Series(start),
        completed=pl.Series(done),
        organisation=pl.Series([places[i] for i in rng.integers(0, len(places), both.height)]),
    )
    frame = frame.filter(
        (pl.col("started") <= as_at) & (pl.col("started") - pl.col("born") < 17.9 * YEAR)
    )
    frame = (
        frame.sort("started", "child_id")
        .with_row_index("n")
        .with_columns(early_help_id=pl.format("H{}", "n"))
    )
    return dates(frame, "started", "completed", as_at=as_at).select(
        "early_help_id", "child_id", "started", "completed", "organisation"
    )


def _early_help_children(
    rng: Rng, rows: pl.DataFrame, strangers: pl.DataFrame, *, n: int, first: int, as_at: int
) -> pl.DataFrame:
    """Children whose case closed, and as many whom nobody referred, with the day help was offered."""
    closed = rows.filter((pl.col("closed") < as_at - 30) & (pl.col("closed") > first))
    closed = closed.unique("child", keep="last", maintain_order=True)
    new = strangers.unique("child_id", keep="first", maintain_order=True)
    some = np.sort(rng.permutation(closed.height)[: n // 2])
    others = np.sort(rng.permutation(new.height)[: n - len(some)])
    return pl.concat(
        [
            closed[some].select("child_id", "born", day="closed"),
            new[others].select("child_id", "born", day="met"),
        ]
    )


def assessments(
    streams: Streams, rows: pl.DataFrame, staff: Staff, *, first: int, as_at: int
) -> pl.DataFrame:
    """Every assessment, those at the referral and those of open cases; ``day`` numbers, not dates."""
    at_referral = rows.filter(pl.col("started") <= as_at).with_columns(
        update=pl.lit(False), authorised_on=pl.col("authorised")
    )
    updates = _updates(streams, rows, first=first, as_at=as_at)
    both = pl.concat([at_referral.select(updates.columns), updates]).sort(
        "episode", "started", "child"
    )
    both = _seen(streams, both).with_columns(
        REFERRAL_ID, now=pl.col("authorised_on").clip(upper_bound=as_at)
    )
    both = held(both, "now", staff)
    supported = (
        pl.when("update").then(pl.col("episode") % 5 > 0).otherwise(pl.col("outcome") == IN_NEED)
    )
    return both.with_columns(
        needs_support=pl.when(pl.col("authorised_on") <= as_at).then(supported),
        assessment_id=pl.format("A{}-{}-{}", "episode", "child_id", "started"),
    )


def _updates(streams: Streams, rows: pl.DataFrame, *, first: int, as_at: int) -> pl.DataFrame:
    """Assessments of cases already open: at most one a year and family, shared by its children."""
    rng = streams.of("update assessments")
    acted = rows.filter((pl.col("outcome") != NO_ACTION) & (pl.col("referred") > first))
    families = (
        rows.filter((pl.col("outcome") == IN_NEED) & (pl.col("authorised") < NEVER))
        .group_by("episode", maintain_order=True)
        .agg(pl.col("authorised").min(), pl.col("closed").max().clip(upper_bound=as_at), n=pl.len())
    )
    since = np.maximum(families["authorised"].to_numpy(), first)
    years = np.maximum(0, -(-(families["closed"].to_numpy() - since - 150) // 365)).astype(np.int64)
    which = np.repeat(np.arange(families.height), years)
    nth = np.arange(len(which)) - (np.cumsum(years) - years)[which]
    wanted = acted.height * (figure("assessments.per_referral_acted_on") - 1)
    possible = int(families["n"].to_numpy()[which].sum())
    chosen = chance(rng, len(which), min(0.9, 1.55 * wanted / max(1, possible)))
    start = on_or_after(since[which] + 60 + nth * 365 + rng.integers(0, 200, len(which)))
    end = plus(start, durations(rng, len(which)))
    some = (
        families[which].select("episode").with_columns(begun=pl.Series(start), done=pl.Series(end))
    )
    some = some.filter(pl.Series(chosen))
    return (
        rows.join(some, on="episode", maintain_order="left_right")
        .filter((pl.col("begun") < pl.col("closed") - 90) & (pl.col("begun") <= as_at))
        .with_columns(
            started="begun", update=pl.lit(True), authorised_on=pl.min_horizontal("done", "closed")
        )
        .drop("begun", "done")
    )


def _seen(streams: Streams, both: pl.DataFrame) -> pl.DataFrame:
    """When the children were seen in each assessment; together, unless the one was not seen at all."""
    keys = both.select("episode", "started").unique(maintain_order=True)
    rng = streams.of("seen in assessment")
    wait = np.minimum(rng.geometric(0.22, keys.height) - 1, 20)
    keys = keys.with_columns(
        seen=pl.Series(plus(keys["started"].to_numpy().astype(np.int64), wait)),
        ever=pl.Series(chance(rng, keys.height, figure("assessments.child_seen"))),
    )
    both = both.join(keys, on=["episode", "started"], maintain_order="left")
    return both.with_columns(
        seen=pl.when("ever").then(pl.min_horizontal("seen", "authorised_on")).otherwise(NEVER)
    ).drop("ever")
