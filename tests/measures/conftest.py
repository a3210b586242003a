"""Casebooks typed in by hand, and a small made-up council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import upturn
from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.records.casebook import Casebook
from upturn.records.quarantine import nothing
from upturn.records.tables import TABLES
from upturn.rulebooks import load_rulebooks

AS_AT = date(2026, 9, 30)


def casebook(
    tables: dict[str, list[dict[str, Any]]],
    *,
    source: str = "annex_a",
    absent: frozenset[str] = frozenset(),
) -> Casebook:
    """A casebook of a few rows; keys, places and what was set aside are filled in where not given."""
    frames = {}
    for name, rows in tables.items():
        table = TABLES[name]
        whole = [
            {table.key: f"{name}.{n}", "source_list": "List 0", "source_row": n + 2, "set_aside": [], **row}
            for n, row in enumerate(rows)
        ]  # fmt: skip
        frames[name] = pl.DataFrame(whole, schema=table.schema)
    return Casebook(
        source, "typed.xlsx", "0" * 64, AS_AT, "given", frames, (), nothing(), pl.DataFrame(),
        absent_fields=absent,
    )  # fmt: skip


@pytest.fixture
def checked() -> Callable[..., Check]:
    """``checked({"contacts": [...]})`` is a check of a casebook of those rows."""
    return lambda tables, **more: check_casebook(casebook(tables, **more), load_rulebooks())


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a small made-up council."""
    folder = tmp_path_factory.mktemp("council")
    upturn.demo(seed=1, size="small", out=folder)
    return folder / "annex_a.xlsx"


@pytest.fixture(scope="session")
def made_up(council: Path) -> Check:
    return upturn.check(council)
