"""A casebook made by hand, and made-up councils read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from workload_councils import AS_AT, council, run

from upturn.records import quarantine
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES
from upturn.workload.result import Workload


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a table of the casebook; what they do not say is null."""
    schema = TABLES[name].schema
    full = [
        {c: row.get(c) for c in schema} | {"set_aside": row.get("set_aside", [])} for row in rows
    ]
    return pl.DataFrame(full, schema=schema)


@pytest.fixture(scope="session")
def book() -> Callable[..., Casebook]:
    """A casebook as at 30 September 2026 with the tables given as lists of rows."""

    def made(source: str = "ssd", **tables: list[dict[str, Any]]) -> Casebook:
        return Casebook(
            source=source, source_name="by hand", sha256="0" * 64, as_at=AS_AT, as_at_reason="by hand",
            tables={name: table(name, rows) for name, rows in tables.items()},
            counts=(), quarantine=quarantine.nothing(), spellings=pl.DataFrame(),
        )  # fmt: skip

    return made


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council without faults."""
    return council(tmp_path_factory.mktemp("clean"), [])


@pytest.fixture(scope="session")
def clean_workload(clean: Path) -> Workload:
    """The workload of that council's dataset."""
    return run(clean, "ssd")
