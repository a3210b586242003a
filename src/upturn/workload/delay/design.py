"""What each case's delay may depend on: load, changes of worker, agency, month and the child."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.measures.days import working_days
from upturn.records.casebook import Casebook
from upturn.workload.allocations import has_history, spells
from upturn.workload.caseload import load_when_arrived
from upturn.workload.delay.risk_sets import Spans
from upturn.workload.tables import covers
from upturn.workload.workforce import Workforce

#: A group smaller than this on either side is not compared: nothing could be said of it.
FEWEST = 10
#: Finished cases a month needs, for months to be told apart; otherwise quarters are.
A_MONTH = 25
#: The first holder is looked for in these days after a case began.
_SOON = 20
_AGES = ((-1, 1, "under 1"), (1, 5, "1 to 4"), (10, 16, "10 to 15"), (16, 99, "16 and over"))


@dataclass(frozen=True)
class Design:
    """Cases ready for the model. ``names`` are the columns of ``spans.x``; ``load`` is each span's own.

    ``of_team`` says that load is the team's children for each of its workers and not the worker's own;
    ``at_extract`` that who held what was known at the extract only. ``teams`` names the strata. ``cases``
    counts cases, of which one may be several spans.
    """

    spans: Spans
    names: tuple[str, ...]
    load: NDArray[np.float64]
    of_team: bool
    teams: tuple[str, ...]
    cases: int
    at_extract: bool = False


def design(
    casebook: Casebook, held: pl.DataFrame, rows: pl.DataFrame, *, outcome: str, workforce: Workforce | None
) -> Design:  # fmt: skip
    """The cases of `upturn.workload.delay.episodes.episodes` with what they depend on.

    Load is that of the worker on the day the work came (or the extract first saw it), other work of that day
    not counted. Where the source does not hold who that was (Annex A), and for the wait for a worker, it is
    the open children of the team for each worker the team has: at the extract, assumed to be the same before.
    """
    of_team = not has_history(casebook) or outcome == "allocation"
    known = spells(held)
    rows = rows.with_row_index("case")
    rows = _by_team(casebook, held, rows) if of_team else _by_worker(known, rows)
    rows = rows.drop_nulls(["load", "team"])
    rows = _described(casebook, rows, workforce)
    unsplit = rows.with_columns(changed=pl.lit(0))
    rows = unsplit if of_team else _split_at_change(known, rows)
    return replace(_as_spans(rows, of_team), at_extract=not has_history(casebook))


def _by_worker(known: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The first holder of each case, soon after it began, and what that worker held already."""
    near = rows.select("case", "child_id", "began").join(
        known.rename({"start": "_s", "end": "_e", "team": "_t", "worker": "_w"}), on="child_id"
    ).filter(
        (pl.col("_e").is_null() | (pl.col("_e") > pl.col("began")))
        & (pl.col("_s") <= pl.col("began").dt.offset_by(f"{_SOON}d"))
    )  # fmt: skip
    first = near.sort("case", "_s", maintain_order=True).unique(
        "case", keep="first", maintain_order=True
    )
    day = pl.select(pl.max_horizontal(first["_s"], first["began"])).to_series()
    load = load_when_arrived(known, first["_w"], day)
    # The child itself is among those held when it was allocated before the day looked at.
    own = (first["_s"] < day).cast(pl.Int64).to_numpy()
    found = first.select("case", holder="_w", _team="_t").with_columns(
        load=pl.Series(load - own).cast(pl.Float64)
    )
    joined = rows.join(found, on="case", how="left", maintain_order="left")
    return joined.with_columns(team=pl.coalesce("_team", "team")).drop("_team")


def _by_team(casebook: Casebook, held: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The open children of the team on the day before, for each worker it had.

    On the day itself a child that got a worker at once would count in its own load.
    """
    known = spells(held) if has_history(casebook) else _open_children(casebook)
    workers = known.filter(covers(casebook.as_at) & pl.col("worker").is_not_null())
    size = workers.group_by("team").agg(_size=pl.col("worker").n_unique())
    days = rows.select("team", "began").unique().drop_nulls()
    there = days.join(known, on="team").filter(covers(pl.col("began").dt.offset_by("-1d")))
    held_then = there.group_by("team", "began").agg(_n=pl.col("child_id").n_unique())
    if has_history(casebook):
        then = there.group_by("team", "began").agg(_size=pl.col("worker").n_unique())
        per = held_then.join(then, on=["team", "began"])
    else:
        per = held_then.join(size, on="team")
    load = per.select("team", "began", load=pl.col("_n") / pl.col("_size"))
    joined = rows.join(load, on=["team", "began"], how="left", maintain_order="left")
    return joined.with_columns(holder=pl.col("worker"))


def _open_children(casebook: Casebook) -> pl.DataFrame:
    """From when to when each child was in need, with the team and worker at the extract or the end."""
    return casebook.table("cin_plans").select(
        "team", "worker", child_id="cinp_person_id", start="cinp_cin_plan_start_date",
        end="cinp_cin_plan_end_date",
    ).filter(pl.col("start").is_not_null())  # fmt: skip


def _described(casebook: Casebook, rows: pl.DataFrame, workforce: Workforce | None) -> pl.DataFrame:
    """Agency (null where not known), the child's age, an earlier referral within a year, a disability."""
    born = casebook.table("person").select(
        child_id="pers_person_id", born="pers_dob", disabled="pers_disability"
    )
    rows = rows.join(born, on="child_id", how="left", maintain_order="left")
    age = (pl.col("start") - pl.col("born")).dt.total_days() / 365.25
    rows = rows.with_columns(age=age, disabled=pl.col("disabled").fill_null(False))
    return _again(casebook, rows).join(
        agency_of(casebook, workforce), left_on="holder", right_on="worker", how="left",
        maintain_order="left",
    )  # fmt: skip


def _again(casebook: Casebook, rows: pl.DataFrame) -> pl.DataFrame:
    referred = casebook.table("cin_episodes").select(
        child_id="cine_person_id", _r="cine_referral_date"
    )
    gap = (pl.col("start") - pl.col("_r")).dt.total_days()
    pairs = rows.select("case", "child_id", "start").join(referred, on="child_id")
    before = pairs.filter(gap.is_between(60, 365)).select("case").unique()
    return rows.with_columns(again=pl.col("case").is_in(before["case"].implode()))


def agency_of(casebook: Casebook, workforce: Workforce | None) -> pl.DataFrame:
    """Which workers are agency workers: ``worker, agency``. From the workforce file, else the dataset."""
    if workforce is not None:
        posts = workforce.spells.filter(
            (pl.col("kind") == "in post") & pl.col("worker").is_not_null()
        )
        return posts.group_by("worker").agg(pl.col("agency").any())
    rows = casebook.table("professionals").select(
        worker=pl.coalesce("prof_professional_name", "prof_staff_id"), agency="prof_agency_worker_flag"
    )  # fmt: skip
    return rows.drop_nulls("worker").group_by("worker").agg(pl.col("agency").any())


def _split_at_change(known: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Each case cut on the day another worker took it over: before the change it had not changed.

    To say of a whole case that its worker changed would make changes look slow: the longer it takes,
    the more likely a change.
    """
    later = rows.select("case", "child_id", "holder", "began", "until").join(
        known.select("child_id", _w="worker", _s="start"), on="child_id"
    ).filter(
        (pl.col("_w") != pl.col("holder")) & (pl.col("_s") > pl.col("began"))
        & (pl.col("_s") < pl.col("until"))
    )  # fmt: skip
    change = later.group_by("case").agg(_s=pl.col("_s").min())
    rows = rows.join(change, on="case", how="left", maintain_order="left")
    at = (working_days(pl.col("start"), pl.col("_s")).cast(pl.Int64) + 1).alias("_at")
    rows = rows.with_columns(at)
    cut = (
        pl.col("_at").is_not_null()
        & (pl.col("_at") > pl.col("entry"))
        & (pl.col("_at") < pl.col("stop"))
    )
    whole = rows.filter(~cut.fill_null(False)).with_columns(changed=pl.lit(0))
    parts = rows.filter(cut)
    before = parts.with_columns(stop="_at", done=pl.lit(False), changed=pl.lit(0))
    after = parts.with_columns(entry="_at", changed=pl.lit(1))
    return pl.concat([whole, before, after])


def _as_spans(rows: pl.DataFrame, of_team: bool) -> Design:
    columns = {"load": rows["load"].to_numpy(), **_flags(rows), **_months(rows)}
    kept = {name: v for name, v in columns.items() if name == "load" or _compares(v, rows)}
    teams = rows["team"].unique().sort().to_list()
    stratum = rows["team"].replace_strict(teams, range(len(teams)), return_dtype=pl.Int64)
    alike = _alike(rows, of_team).rank("dense").cast(pl.Int64) - 1
    spans = Spans(
        entry=rows["entry"].to_numpy(),
        stop=rows["stop"].to_numpy(),
        event=rows["done"].to_numpy(),
        x=np.column_stack([np.asarray(v, dtype=np.float64) for v in kept.values()]),
        stratum=stratum.to_numpy(),
        cluster=alike.to_numpy(),
    )
    load = rows["load"].to_numpy().astype(np.float64)
    return Design(spans, tuple(kept), load, of_team, tuple(teams), rows["case"].n_unique())


def _alike(rows: pl.DataFrame, of_team: bool) -> pl.Series:
    """What cases share: their worker; where load is the team's, the team and the month."""
    month = pl.format("{} {}", "team", pl.col("began").dt.strftime("%Y-%m"))
    return rows.select(month if of_team else pl.coalesce("holder", "team")).to_series()


def _flags(rows: pl.DataFrame) -> dict[str, NDArray[np.float64]]:
    age = pl.col("age")
    said = {
        "worker changed": pl.col("changed") > 0,
        "agency worker": pl.col("agency").fill_null(False),
        **{f"aged {name}": age.is_between(low, high, closed="left") for low, high, name in _AGES},
        "referred before within a year": pl.col("again"),
        "disabled": pl.col("disabled"),
    }
    frame = rows.select(e.fill_null(False).cast(pl.Float64).alias(n) for n, e in said.items())
    return {name: frame[name].to_numpy() for name in frame.columns}


def _months(rows: pl.DataFrame) -> dict[str, NDArray[np.float64]]:
    """The month the work came, or the quarter where months have too few cases; the first is compared with.

    What came before the window is taken with its first month.
    """
    month = rows["began"].dt.strftime("%Y-%m")
    enough = rows["done"].sum() >= A_MONTH * month.n_unique()
    quarter = pl.format("{} Q{}", pl.col("began").dt.year(), pl.col("began").dt.quarter())
    period = month if enough else rows.select(quarter).to_series()
    names = period.unique().sort().to_list()[1:]
    return {f"begun in {p}": (period == p).cast(pl.Float64).to_numpy() for p in names}


def _compares(values: NDArray[np.float64], rows: pl.DataFrame) -> bool:
    """Whether enough cases were done both with and without."""
    done = values[rows["done"].to_numpy()]
    return min(float(done.sum()), float(len(done) - done.sum())) >= FEWEST
