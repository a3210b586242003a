"""Which post, team and worker has a child on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from upturn.synthetic.arrivals import DISABLED
from upturn.synthetic.days import Days
from upturn.synthetic.draw import Rng
from upturn.synthetic.episodes import NOT_IN_NEED, Episodes
from upturn.synthetic.figures import figure
from upturn.synthetic.staff import Staff

#: A child in care moves to the children in care service after this many days.
TO_CARE_TEAM_DAYS = 150


@dataclass(frozen=True)
class Posts:
    """For each episode, the post that assesses, the one that helps after, and the one for care."""

    assess: Days
    after: Days
    care: Days


def allocate(staff: Staff, e: Episodes) -> Posts:
    """Families go round the posts of each service in turn, in the order in which they come."""
    turn = np.empty(len(e), dtype=np.int64)
    turn[np.argsort(e.referred, kind="stable")] = np.arange(len(e))
    usual = _in_turn(staff.posts("safeguarding"), turn)
    disabled = _in_turn(staff.posts("disabled"), turn)
    after = np.where(e.kind == DISABLED, disabled, usual)
    return Posts(
        _in_turn(staff.posts("assessment"), turn), after, _in_turn(staff.posts("care"), turn)
    )


def _in_turn(posts: Days, turn: Days) -> Days:
    # A step that shares no factor with the number of posts, so that neighbours go to different teams.
    step = next(s for s in (7, 5, 3, 11, 13, 17, 1) if np.gcd(s, len(posts)) == 1)
    return posts[(turn * step) % len(posts)]


def with_posts(child_episodes: pl.DataFrame, posts: Posts) -> pl.DataFrame:
    """The posts of each child's episode as columns ``assess``, ``after`` and ``care_post``."""
    which = child_episodes["episode"].to_numpy()
    return child_episodes.with_columns(
        assess=pl.Series(posts.assess[which]),
        after=pl.Series(posts.after[which]),
        care_post=pl.Series(posts.care[which]),
    )


def post_on(rows: pl.DataFrame, day: str) -> Days:
    """The post that has each child on the day in column ``day``."""
    at = pl.col(day)
    in_care_team = (at > pl.col("care_start") + TO_CARE_TEAM_DAYS) | (pl.col("kind") == 2)
    assessing = (at <= pl.col("authorised")) | (pl.col("outcome") <= NOT_IN_NEED)
    post = pl.when(in_care_team).then("care_post").when(assessing).then("assess").otherwise("after")
    return rows.select(post).to_series().to_numpy().astype(np.int64)


def held(rows: pl.DataFrame, day: str, staff: Staff, *, late: Rng | None = None) -> pl.DataFrame:
    """The rows with ``team`` and ``worker``.

    With ``late``, which draws them, the rows of handovers that were recorded late name the worker of before.
    """
    post = post_on(rows, day)
    when = rows[day].to_numpy().astype(np.int64)
    if late is not None:
        share = figure("workforce.late_handover")
        when = when - np.where(late.random(len(when)) < share, 60, 0)
    who = staff.holder(post, when)
    team = staff.teams["team"].gather(staff.post_team[post])
    names = staff.workers["worker"].gather(np.maximum(who, 0))
    return rows.with_columns(
        team=team, worker=pl.select(pl.when(pl.Series(who >= 0)).then(names)).to_series()
    )
