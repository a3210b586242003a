"""What a source that keeps everything can say, and one that keeps only the latest cannot.

Annex A keeps the latest visit and review of a child. The Standard Safeguarding Dataset keeps all of six
years: of a plan or a period of care that began before those, the first visit and review it holds need not
be the first there were.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from upturn.journeys.events import BLANK, Thread, thread
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES
from upturn.rulebooks.calendar import add_months

#: Years that the Standard Safeguarding Dataset reaches back (its extracts' ``@ssd_timeframe_years``).
WINDOW_YEARS = 6
#: Return interviews are asked for the missing episodes of a year, as Annex A does.
INTERVIEW_MONTHS = 12


def complete(casebook: Casebook, table: str) -> bool:
    """Whether the source keeps every row of ``table`` and not only the latest of each child."""
    return casebook.history.get(table) != "latest"


def with_history(
    part: Thread, owner: Thread, table: str, *, day: str, began: str, by: str | None = None
) -> Thread:
    """``part`` with how sure each event is in ``_certainty``, its place in ``_nth`` and ``_cut``.

    ``_nth`` counts the rows of an episode by ``day`` from 1, those of each kind ``by`` by
    themselves; ``_cut`` says that the episode began (``began``, a field of the owner) before the source does.
    """
    casebook = owner.casebook
    reach = reaches_back_to(casebook)
    starts = owner.rows.select("child_id", "episode_id", _began=began).unique(
        ["child_id", "episode_id"]
    )
    rows = part.rows.join(starts, on=["child_id", "episode_id"], how="left", maintain_order="left")
    cut = (pl.col("_began") < pl.lit(reach, dtype=pl.Date)).fill_null(False)
    nth = pl.col(day).rank("ordinal").over("child_id", "episode_id", *([by] if by else []))
    rows = rows.with_columns(_nth=nth, _cut=cut)
    latest = (pl.col("_nth") == 1) & pl.col("_cut") | _kept_latest(casebook, table)
    sure = pl.when(latest).then(pl.lit("latest")).otherwise(pl.lit("exact"))
    return Thread(casebook, part.episode, rows.with_columns(_certainty=sure))


def reaches_back_to(casebook: Casebook) -> date | None:
    """The first day of the dataset's years, of the earliest of several; None without the dataset."""
    books = casebook.parts or (casebook,)
    taken = [book.as_at for book in books if book.source == "ssd"]
    return add_months(min(taken), -12 * WINDOW_YEARS) if taken else None


def _kept_latest(casebook: Casebook, table: str) -> pl.Expr:
    """Whether a row is from a source that keeps only the latest of a child."""
    if not casebook.parts:
        return pl.lit(not complete(casebook, table))
    sparse = [
        str(n) for n, part in enumerate(casebook.parts, 1) if part.history.get(table) == "latest"
    ]
    return pl.col(TABLES[table].key).str.extract(r"^(\d+):").is_in(sparse).fill_null(False)


def by_what_is_kept(part: Thread, table: str) -> tuple[Thread, Thread]:
    """The rows of episodes whose rows are all from sources that keep every one; and those of the others."""
    rows = part.rows.with_columns(_latest=_kept_latest(part.casebook, table))
    rows = rows.with_columns(_latest=pl.col("_latest").any().over("child_id", "episode_id"))
    whole, cut = rows.filter(~pl.col("_latest")), rows.filter(pl.col("_latest"))
    return (
        Thread(part.casebook, part.episode, whole.drop("_latest")),
        Thread(part.casebook, part.episode, cut.drop("_latest")),
    )


def where_not(part: Thread, flag: str) -> Thread:
    """``part`` without the rows that say no to ``flag``; a row that does not say stays."""
    return Thread(part.casebook, part.episode, part.rows.filter(pl.col(flag).fill_null(True)))


def last_of_each(part: Thread, day: str) -> Thread:
    """The latest row of each episode."""
    latest = pl.col(day) == pl.col(day).max().over("child_id", "episode_id")
    rows = part.rows.filter(latest).unique(
        ["child_id", "episode_id"], keep="last", maintain_order=True
    )
    return Thread(part.casebook, part.episode, rows)


def need_alone(t: Thread) -> Thread:
    """Child in need plans without the time the child was on a protection plan or looked after.

    For a source that does not say what else a child was: a plan that began while the other ran is left
    out, and one during which the other began ends on that day.
    """
    start, end = "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"
    others = _other_statuses(t.casebook)
    pairs = t.rows.select("own_id", "child_id", start).join(others, on="child_id")
    open_then = (pl.col("_from") <= pl.col(start)) & (
        pl.col("_to").is_null() | (pl.col("_to") > pl.col(start))
    )
    found = pairs.group_by("own_id").agg(
        _covered=open_then.any(),
        _next=pl.col("_from").filter(pl.col("_from") > pl.col(start)).min(),
    )
    rows = t.rows.join(found, on="own_id", how="left", maintain_order="left")
    rows = rows.filter(~pl.col("_covered").fill_null(False))
    return Thread(
        t.casebook, t.episode, rows.with_columns(pl.min_horizontal(end, "_next").alias(end))
    )


def _other_statuses(casebook: Casebook) -> pl.DataFrame:
    """When each child was on a protection plan or looked after."""
    plans = casebook.table("cp_plans").select(
        child_id="cppl_person_id", _from="cppl_cp_plan_start_date", _to="cppl_cp_plan_end_date"
    )
    care = casebook.table("cla_episodes").select(
        child_id="clae_person_id",
        _from="clae_entered_care_date",
        _to="clae_cla_episode_ceased_date",
    )
    return pl.concat([plans, care]).filter(pl.col("_from").is_not_null())


def missing_episodes(casebook: Casebook) -> list[pl.DataFrame]:
    """Each missing episode that has ended in the last twelve months, where the source dates them.

    It is an episode of its own, so that each is asked whether a return interview was offered after it.
    """
    ended = pl.col("miss_missing_episode_end_date")
    t = thread(
        casebook,
        "missing",
        episode="care",
        child="miss_person_id",
        named_by="miss_missing_episode_start_date",
    )
    since = pl.lit(casebook.as_at).dt.offset_by(f"-{INTERVIEW_MONTHS}mo")
    rows = t.rows.filter((ended > since) & (ended <= casebook.as_at)).with_columns(
        pl.col("episode_id").str.replace("^care", "missing")
    )
    t = Thread(casebook, t.episode, rows)
    offered = pl.col("miss_missing_rhi_offered")
    return [
        t.at("missing_episode_ended", ended, where=pl.lit(True)),
        t.at("return_interview_offered", ended, where=offered),
        t.at("return_interview_not_offered", ended, where=~offered),
        t.in_doubt("return_interview_offered", BLANK, where=offered.is_null()),
    ]
