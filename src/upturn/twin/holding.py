"""Who held which child, month by month: loads, waits for a first worker, changes, children with nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months
from upturn.twin import spans
from upturn.twin.counted import Counted
from upturn.workload.allocations import COVERAGE, allocations, spells
from upturn.workload.continuity import waits
from upturn.workload.tables import covers

_WAITS = ("allocated", "allocation_days", "changes_of_worker")


def holders(c: Counted) -> None:
    """All that allocations tell, where the source tells them."""
    held = allocations(c.book)
    loads(c, held)
    full = COVERAGE.get(c.book.source, ("none", ""))[0] == "full"
    if not full or held["start"].drop_nulls().is_empty():
        why = "the source does not say who held a child before the day of the extract"
        c.untold(why, *(n for n in _WAITS if n not in c.series))
        return
    _waited(c, held)


def _waited(c: Counted, held: pl.DataFrame) -> None:
    """Referrals given a first worker, with the working days they waited; then who came after the first."""
    told = waits(c.book, held, since=add_months(c.months[0], -3))
    first = told.drop_nulls("allocated")
    if first.is_empty():
        c.untold("no referral can be joined to its first worker", *_WAITS)
        return
    days = spans.days_of(first["allocated"])
    c.count("allocated", days)
    waited = first["waited"].cast(pl.Float64).to_numpy()
    c.series["allocation_days"] = spans.sum_in(days, waited, c.months)
    _changed(c, held, first)


def _changed(c: Counted, held: pl.DataFrame, first: pl.DataFrame) -> None:
    """Children who passed from one worker to another, the first worker after a referral left out."""
    rows = spells(held).drop_nulls("worker").sort("child_id", "start", maintain_order=True)
    before = pl.col("worker").shift(1).over("child_id")
    later = rows.filter(before.is_not_null() & (before != pl.col("worker")))
    begun = first.select("child_id", start="allocated").unique()
    later = later.join(begun, on=["child_id", "start"], how="anti")
    c.count("changes_of_worker", spans.days_of(later["start"]))


def loads(c: Counted, held: pl.DataFrame) -> None:
    """Children for each worker, those looked after and care leavers left out; and children with nobody.

    Involvements give every Monday; Annex A the day of the extract, so that only the last month can be told.
    """
    names = ("unallocated", "load_mean", "load_p90", "load_top")
    held = held.filter(~pl.col("child_id").is_in(elsewhere(c.book).implode()))
    if held["worker"].drop_nulls().is_empty():
        c.untold("the source names no worker", *names)
        return
    dated = held["start"].drop_nulls().len() > 0
    days = _mondays(c.months) if dated else [c.book.as_at]
    seen: dict[date, list[tuple[float, ...]]] = {}
    for day in days:
        on = held.filter(covers(day)) if dated else held
        found = _load_on(on)
        if found is not None:
            month = day.replace(day=1) if dated else c.months[-1]
            seen.setdefault(month, []).append(found)
    values = np.array(
        [np.mean(seen[m], axis=0) if m in seen else [np.nan] * len(names) for m in c.months]
    )
    c.series.update({name: values[:, n] for n, name in enumerate(names)})
    if dated:  # involvements do not show a child with nobody: see `unheld`
        del c.series["unallocated"]


def elsewhere(book: Casebook) -> pl.Series:
    """Children who are looked after or have left care: the twin's workers do not hold them."""
    care = book.table("cla_episodes").filter(pl.col("clae_cla_episode_ceased_date").is_null())
    left = book.table("care_leavers")["clea_person_id"]
    return pl.concat([care["clae_person_id"], left]).drop_nulls().unique()


def _load_on(held: pl.DataFrame) -> tuple[float, ...] | None:
    """Children with nobody, and the mean, ninth decile and most of children to a worker."""
    by = held.drop_nulls("worker").group_by("worker").agg(n=pl.col("child_id").n_unique())
    if by.is_empty():
        return None
    n = by["n"].to_numpy().astype(float)
    return float(held["worker"].null_count()), n.mean(), float(np.quantile(n, 0.9)), n.max()


def _mondays(months: Sequence[date]) -> list[date]:
    first, last = months[0], add_months(months[-1], 1)
    day = first + timedelta((7 - first.weekday()) % 7)
    return [day + timedelta(7 * n) for n in range((last - day).days // 7 + 1) if
            day + timedelta(7 * n) < last]  # fmt: skip
