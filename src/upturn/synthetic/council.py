"""A made-up council: children, workers and everything that happened, with the truth known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from upturn.synthetic.faults.catalogue import TRUTH


@dataclass(frozen=True)
class Council:
    """One made-up council as at one date. No record is of a real child.

    Tables of truth hold everything that happened up to ``as_at``, also what an extract would leave out
    (every visit, not only the latest). Dates of what has not happened are null. A row's ``team`` and
    ``worker`` are those who have the child now, or had it when the matter ended. ``truth`` says what was
    planted (columns in `upturn.synthetic.faults.catalogue.TRUTH`); ``sheets`` is the workbook as a messy
    council would send it, which the rows of ``truth`` about data refer to.
    """

    seed: int
    size: str
    as_at: date
    faults: frozenset[str]
    teams: pl.DataFrame
    workers: pl.DataFrame
    families: pl.DataFrame
    children: pl.DataFrame
    contacts: pl.DataFrame
    early_help: pl.DataFrame
    referrals: pl.DataFrame
    assessments: pl.DataFrame
    enquiries: pl.DataFrame
    conferences: pl.DataFrame
    cp_plans: pl.DataFrame
    cp_visits: pl.DataFrame
    cp_reviews: pl.DataFrame
    core_groups: pl.DataFrame
    cin_periods: pl.DataFrame
    cin_visits: pl.DataFrame
    care_periods: pl.DataFrame
    placements: pl.DataFrame
    care_reviews: pl.DataFrame
    care_visits: pl.DataFrame
    health_assessments: pl.DataFrame
    dental_checks: pl.DataFrame
    missing_episodes: pl.DataFrame
    care_leavers: pl.DataFrame
    adoptions: pl.DataFrame
    adopters: pl.DataFrame
    truth: pl.DataFrame
