"""Monthly series being gathered from one casebook."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import day_number
from upturn.twin import spans
from upturn.twin.spans import Days, Floats


class Counted:
    """Series being gathered from one casebook."""

    def __init__(self, book: Casebook, months: tuple[date, ...]) -> None:
        self.book, self.months = book, months
        self.series: dict[str, Floats] = {}
        self.histograms: dict[str, npt.NDArray[np.int64]] = {}
        self.ages: dict[str, Days] = {}
        self.missing: dict[str, str] = {}
        self.today = day_number(book.as_at)

    def rows(self, table: str, *fields: str) -> pl.DataFrame | None:
        """The rows whose ``fields`` can be trusted; None when the source has no such column or rows."""
        rows = self.book.table(table)
        if rows.is_empty() or any(field in self.book.absent_fields for field in fields):
            return None
        aside = [pl.col("set_aside").list.contains(field) for field in fields]
        return rows.filter(~pl.any_horizontal(a.fill_null(False) for a in aside))

    def untold(self, why: str, *names: str) -> None:
        self.missing.update(dict.fromkeys(names, why))

    def count(self, name: str, days: Days) -> None:
        self.series[name] = spans.count_in(days, self.months)

    def open(self, name: str, starts: Days, ends: Days) -> None:
        self.series[name] = spans.mean_open(starts, ends, self.months)
