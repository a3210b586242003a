"""What can be read straight from records, with its interval: no simulation is needed for these."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.measures.statistics.intervals import exact_poisson
from upturn.twin import staff_readings
from upturn.twin.desk import EXTRACT, FEWEST, Z90, Desk, Direct, share


def read_directly(desk: Desk) -> dict[str, Direct]:
    """Every parameter that these records tell without a simulation, by name."""
    found = [reader(desk) for reader in READERS]
    return {one.parameter: one for one in found if one is not None}


def contacts(desk: Desk) -> Direct | None:
    """New contacts a month: all contacts less those that came back, which the twin makes itself.

    How many came back is not recorded, so the low end leaves room for two in five.
    """
    n = desk.total("contacts")
    if n is None or n < FEWEST:
        return None
    months = int(desk.recorded.between(desk.period.start, desk.period.end).sum())
    few, many = exact_poisson(int(n), z=Z90)
    words = f"{n:,.0f} contacts in {months} months, of which up to two in five may have been here before"
    return Direct("contacts_a_month", 0.8 * n / months, 0.6 * few / months, many / months, int(n),
                  EXTRACT, words)  # fmt: skip


def siblings(desk: Desk) -> Direct | None:
    """Children of one family at its first contact: one that was turned away may come back alone.

    A source without contacts has only who was referred; the high end then leaves room for those who were not.
    """
    book = desk.check.casebook
    contacts, referrals = book.table("contacts"), book.table("cin_episodes")
    if contacts.height:
        sizes, room = _families(desk, contacts, "cont_person_id", "cont_contact_date"), 1.0
    else:
        sizes, room = _families(desk, referrals, "cine_person_id", "cine_referral_date"), 1.5
    if len(sizes) < FEWEST:
        return None
    error = Z90 * float(sizes.std()) / np.sqrt(len(sizes))
    mean = float(sizes.mean())
    return Direct("siblings_mean", mean, max(1.0, mean - error), room * (mean + error), len(sizes),
                  EXTRACT, f"{len(sizes):,} families")  # fmt: skip


def _families(desk: Desk, rows: pl.DataFrame, child: str, day: str) -> npt.NDArray[np.int64]:
    """How many children of each family came together on its first day, where that lies in the period."""
    family = desk.check.casebook.table("family").select("fami_person_id", _family="fami_family_id")
    both = rows.select(child, day).join(
        family.unique("fami_person_id"), left_on=child, right_on="fami_person_id", how="inner"
    ).drop_nulls(["_family", day])  # fmt: skip
    first = both.filter(pl.col(day) == pl.col(day).min().over("_family")).filter(desk.within(day))
    sizes = first.group_by("_family").agg(n=pl.col(child).n_unique())["n"]
    return sizes.to_numpy().astype(np.int64)


def no_further_action(desk: Desk) -> Direct | None:
    """Referrals closed at once."""
    book = desk.check.casebook
    if "cine_referral_nfa" in book.absent_fields:
        return None
    rows = book.table("cin_episodes").filter(desk.within("cine_referral_date"))
    said = rows["cine_referral_nfa"].drop_nulls()
    return share("no_further_action", int(said.sum()), len(said), EXTRACT, "referrals")


READERS: tuple[Callable[[Desk], Direct | None], ...] = (
    contacts, siblings, no_further_action, *staff_readings.READERS,
)  # fmt: skip
