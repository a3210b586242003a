"""Who held each child from when to when: the worker history behind the one name an extract gives."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.allocation import TO_CARE_TEAM_DAYS
from upturn.synthetic.days import NEVER, dates, plus
from upturn.synthetic.draw import Streams, from_bands
from upturn.synthetic.episodes import NO_ACTION, NOT_IN_NEED
from upturn.synthetic.figures import figure
from upturn.synthetic.front_door import REFERRAL_ID
from upturn.synthetic.staff import Staff

#: How long the name that the records give at the end has stood there, where the posts tell otherwise.
STOOD_DAYS = 60
#: How long nobody has held a child whose row names nobody.
NOBODY_DAYS = 30
_CASE = ("referral_id", "child_id")


def histories(
    streams: Streams, staff: Staff, rows: pl.DataFrame, periods: pl.DataFrame,
    leavers: pl.DataFrame, *, as_at: int,
) -> pl.DataFrame:  # fmt: skip
    """The allocations as a table of truth: one row for each worker who held a child, and from when.

    ``rows`` are the children's parts of episodes with their posts; ``periods`` the periods of need and
    ``leavers`` the care leavers as tables of truth, whose worker has the child now or had it at the end: the
    history ends with that worker. ``end`` is the day the next one has the child, null while held.
    """
    left = leavers.with_columns(referral_id=pl.lit(None, dtype=pl.String))
    turns = pl.concat([_turns(streams, rows, as_at=as_at), _of_leavers(staff, left, as_at=as_at)])
    pieces = _by_holder(streams, turns, staff)
    closing = pl.concat([_closing(periods), _closing(left)])
    ended = _ends_as_recorded(pieces, turns, closing, staff, as_at=as_at)
    return _told(_joined_up(ended), staff, as_at=as_at)


def _turns(streams: Streams, rows: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Which post has each child from when to when: assessing, helping after, caring."""
    rows = rows.filter((pl.col("outcome") != NO_ACTION) & (pl.col("referred") <= as_at))
    rng = streams.of("allocation delay")
    top = int(rows["episode"].max() or 0) + 1  # type: ignore[arg-type]
    wait = from_bands(rng, top, figure("workforce.allocation_delay"))[rows["episode"].to_numpy()]
    begun = plus(rows["referred"].to_numpy().astype(np.int64), wait)
    begun = np.minimum(
        begun,
        np.maximum(np.minimum(rows["closed"].to_numpy() - 1, as_at), rows["referred"].to_numpy()),
    )
    cared = pl.col("care_start") + TO_CARE_TEAM_DAYS + 1
    to_care = pl.when(pl.col("kind") == 2).then(0).otherwise(cared)
    unhelped = pl.col("outcome") <= NOT_IN_NEED
    helped = pl.when(unhelped).then(NEVER).otherwise(pl.col("authorised") + 1)
    rows = rows.with_columns(
        REFERRAL_ID,
        begun=pl.Series(begun),
        now=pl.col("closed").clip(upper_bound=as_at),
        _care=pl.min_horizontal(to_care, "closed"),
    ).with_columns(_after=pl.min_horizontal(helped, "_care"))
    spans = [
        ("assess", "begun", "_after"),
        ("after", "_after", "_care"),
        ("care_post", "_care", "closed"),
    ]
    return pl.concat([_span(rows, *span) for span in spans])  # fmt: skip


def _span(rows: pl.DataFrame, post: str, start: str, end: str) -> pl.DataFrame:
    """The stretch of each case that one kind of post has; a case of no length is of who assesses."""
    part = rows.select(
        *_CASE, "begun", "now", "closed", post=post,
        start=pl.max_horizontal(start, "begun"), end=pl.col(end),
    )  # fmt: skip
    none = (pl.col("begun") >= pl.col("closed")) & (pl.lit(post) == "assess")
    return part.filter((pl.col("end") > pl.col("start")) | none)


def _of_leavers(staff: Staff, leavers: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Care leavers have had a post of the leaving care service for two years."""
    posts = staff.posts("leaving")
    post = posts[np.arange(leavers.height) % len(posts)]
    day = pl.lit(as_at - 730, dtype=pl.Int64)
    return leavers.select(
        *_CASE, begun=day,
        now=pl.lit(as_at, dtype=pl.Int64), closed=pl.lit(NEVER, dtype=pl.Int64), post=pl.Series(post),
        start=day, end=pl.lit(NEVER, dtype=pl.Int64),
    )  # fmt: skip


def _by_holder(streams: Streams, turns: pl.DataFrame, staff: Staff) -> pl.DataFrame:
    """The turns cut where the post changed hands, some days without anybody in between."""
    spells = pl.DataFrame(
        {"post": staff.spell_post, "from": staff.spell_from, "who": staff.spell_worker}
    ).with_columns(to=pl.col("from").shift(-1).over("post").fill_null(NEVER))
    cut = turns.join(spells, on="post").filter(
        (pl.col("from") < pl.col("end")) & (pl.col("to") > pl.col("start"))
        | ((pl.col("start") >= pl.col("end")) & pl.col("start").is_between("from", pl.col("to") - 1))
    )  # fmt: skip
    cut = cut.sort("child_id", "begun", "referral_id", "start", "from", maintain_order=True)
    gap = from_bands(streams.of("handover gaps"), cut.height, figure("workforce.handover_gap"))
    late = pl.col("from") + pl.Series(gap)
    passed_on = (pl.col("from") > pl.col("start")) & (late < pl.min_horizontal("to", "end", "now"))
    return cut.with_columns(
        start=pl.when(passed_on).then(late).otherwise(pl.max_horizontal("start", "from")),
        end=pl.min_horizontal("end", "to"),
    ).filter(pl.col("who") >= 0)


def _closing(rows: pl.DataFrame) -> pl.DataFrame:
    """The team and worker that the records name at the end of each case."""
    return rows.select(
        pl.col("referral_id").cast(pl.String), "child_id", last_team="team", last_worker="worker"
    )


def _ends_as_recorded(
    pieces: pl.DataFrame, turns: pl.DataFrame, closing: pl.DataFrame, staff: Staff, *, as_at: int
) -> pl.DataFrame:
    """The pieces so that each case ends with the worker whom the records name, or with nobody."""
    number = staff.workers.with_row_index("last").unique("worker", keep="last")
    closing = closing.join(
        number.select("last", last_worker="worker"), on="last_worker", how="left"
    ).with_columns(pl.col("last").cast(pl.Int64))
    whole = turns.group_by(*_CASE, maintain_order=True).agg(
        pl.col("begun", "now", "closed").first()
    )
    named = whole.join(closing, on=_CASE, nulls_equal=True)
    stands = pieces.filter((pl.col("start") <= pl.col("now")) & (pl.col("end") >= pl.col("now")))
    stands = stands.group_by(_CASE).agg(pl.col("who").last())
    named = named.join(stands, on=_CASE, how="left", nulls_equal=True)
    differ = named.filter(pl.col("who").ne_missing(pl.col("last")))
    differ = differ.with_columns(cut=_since(staff))
    kept = pieces.join(differ.select(*_CASE, "cut"), on=_CASE, how="left", nulls_equal=True)
    kept = kept.with_columns(pl.min_horizontal("end", "cut").alias("end")).filter(
        pl.col("cut").is_null() | (pl.col("start") < pl.col("cut"))
    )
    own = staff.teams["team"].gather(staff.post_team[kept["post"].to_numpy()])
    kept = kept.with_columns(team=own)
    added = differ.drop_nulls("last").select(
        *_CASE, start="cut", end="closed", who="last", team="last_team"
    )
    return pl.concat([kept.select(added.columns), added])


def _since(staff: Staff) -> pl.Expr:
    """From when the recorded worker has the case: a worker who left had it before that."""
    back = pl.when(pl.col("last").is_null()).then(NOBODY_DAYS).otherwise(STOOD_DAYS)
    left = staff.workers["left_on"]
    gone = pl.col("last").map_batches(lambda at: left.gather(at), return_dtype=pl.Int64)
    return pl.max_horizontal("begun", pl.min_horizontal(pl.col("now") - back, gone - NOBODY_DAYS))


def _joined_up(pieces: pl.DataFrame) -> pl.DataFrame:
    """Pieces of one worker that touch, made one."""
    rows = pieces.sort("child_id", "start", "end", maintain_order=True)
    case = ("child_id", "referral_id")
    same = [pl.col(c).eq_missing(pl.col(c).shift(1)) for c in (*case, "who", "team")]
    touches = pl.all_horizontal(*same, pl.col("start") <= pl.col("end").shift(1))
    rows = rows.with_columns(_n=(~touches.fill_null(False)).cum_sum())
    return rows.group_by("_n", maintain_order=True).agg(
        pl.col(*case, "who", "team").first(), pl.col("start").min(), pl.col("end").max()
    )


def _told(rows: pl.DataFrame, staff: Staff, *, as_at: int) -> pl.DataFrame:
    rows = rows.filter(pl.col("start") <= as_at)
    workers = staff.workers[rows["who"].to_numpy()]
    first = pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift(1)) for c in _CASE)
    gone = workers["left_on"].shift(1) <= rows["start"]
    rows = rows.with_columns(
        workers["worker"], workers["worker_id"],
        reason=pl.when(first).then(pl.lit("FCONTA"))
        .when(gone).then(pl.lit("LEFTRL")).otherwise(pl.lit("MANAGE")),
    )  # fmt: skip
    return dates(rows, "start", "end", as_at=as_at).select(
        "child_id", "referral_id", "worker", "worker_id", "team", "start", "end", "reason"
    )
