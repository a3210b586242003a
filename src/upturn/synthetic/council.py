"""A made-up council: children, workers and everything that happened, with the truth known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from upturn.synthetic.annex_a.lists import annex_a_lists
from upturn.synthetic.annex_a.sheets import WrittenSheet, clean_sheets
from upturn.synthetic.annex_a.write import save, workbook_bytes
from upturn.synthetic.faults.sheets import messy_sheets, placed
from upturn.synthetic.simulate import scene, simulate

AS_AT = date(2026, 9, 30)


@dataclass(frozen=True)
class Council:
    """One made-up council as at one date. No record is of a real child.

    The tables of truth hold everything that happened up to ``as_at``, also what an extract leaves out
    (every visit, not only the latest). Dates of what has not happened are null. A row's ``team`` and
    ``worker`` have the child now, or had it when the matter ended; ``allocations`` has every worker before,
    and ``workforce`` everybody's spells in post and away. ``truth`` says what was planted, with the
    columns of `upturn.synthetic.faults.catalogue.TRUTH`; its sheets and rows are those of ``sheets``, the
    workbook as a messy council sends it.
    """

    seed: int
    size: str
    as_at: date
    faults: tuple[str, ...]
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
    pre_proceedings: pl.DataFrame
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
    allocations: pl.DataFrame
    workforce: pl.DataFrame
    truth: pl.DataFrame
    sheets: tuple[WrittenSheet, ...] = field(repr=False)
    official: tuple[WrittenSheet, ...] = field(repr=False)

    def __repr__(self) -> str:
        return (
            f"Council(seed={self.seed}, size={self.size!r}, as_at={self.as_at}, "
            f"{self.children.height} children, {len(self.faults)} faults)"
        )


def make_council(
    *,
    seed: int = 1,
    size: Literal["small", "county"] = "small",
    as_at: date = AS_AT,
    faults: Sequence[str] | None = None,
    spread: float = 1.0,
) -> Council:
    """Make up a council as at a date: its children, workers, cases, and the truth about its faults.

    ``seed`` gives the same council each time. ``small`` has about 40 posts and 500 children open at once;
    ``county`` writes as many rows as the largest authority, about 60,000 over the eleven lists. ``faults``
    are ids of `fault_catalogue`; None plants all but the patterns that run through a whole service, an
    empty list none. ``spread`` multiplies how many families each fault of practice touches, and how
    strongly load slows work. Rates are England's where one is published; each figure and its source stand
    in ``england.yaml``.

    Raises ValueError for a size or fault that there is not, or a date outside 2019 to 2032.

    >>> council = make_council(seed=1, faults=["unallocated"])
    >>> council.truth["fault"].unique().to_list()
    ['unallocated']
    """
    s = scene(seed=seed, size=size, as_at=as_at, faults=faults, spread=spread)
    tables = simulate(s)
    lists = annex_a_lists(tables, as_at=as_at)
    sheets = messy_sheets(s.planter, tables, lists, streams=s.streams, as_at=as_at)
    return Council(
        seed=seed,
        size=size,
        as_at=as_at,
        faults=tuple(sorted(s.planter.wanted)),
        **tables,
        truth=placed(s.planter.truth(), sheets),
        sheets=sheets,
        official=clean_sheets(lists),
    )


def write_annex_a(council: Council, path: Path, *, messy: bool = True) -> None:
    """Write the council's Annex A workbook, whole or not at all.

    ``messy`` writes it as real councils do: their own spellings and the planted faults of data, each where
    ``council.truth`` says. Otherwise the clean official form is written: template, pick-lists, no fault of
    data (faults of practice are still there). The same council gives the same bytes.

    Raises OSError when ``path`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_annex_a(make_council(faults=[]), Path(folder) / "annex_a.xlsx", messy=False)
    ...     [file.name for file in Path(folder).iterdir()]
    ['annex_a.xlsx']
    """
    save(workbook_bytes(council.sheets if messy else council.official), Path(path))
