"""A casebook made by hand, and made-up councils read once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from upturn.records import quarantine
from upturn.records.casebook import Casebook
from upturn.records.read import read_source
from upturn.records.tables import TABLES
from upturn.synthetic import make_council, write_annex_a, write_ssd, write_workforce
from upturn.workload.result import Workload, run_workload
from upturn.workload.weights import scheme
from upturn.workload.workforce import read_workforce

AS_AT = date(2026, 9, 30)


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


def run(folder: Path, source: str, *, workforce: bool = True) -> Workload:
    people = read_workforce(folder / "workforce.csv") if workforce else None
    return run_workload(
        read_source(folder / source, as_at=AS_AT), scheme=scheme(), workforce=people
    )


def council(folder: Path, faults: list[str], seed: int = 5) -> Path:
    """A made-up council as a dataset, a workbook and a workforce file in a folder."""
    made = make_council(seed=seed, faults=faults)
    write_ssd(made, folder / "ssd", parquet=True)
    write_annex_a(made, folder / "annex_a.xlsx", messy=False)
    write_workforce(made, folder / "workforce.csv")
    return folder


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council without faults."""
    return council(tmp_path_factory.mktemp("clean"), [])


@pytest.fixture(scope="session")
def clean_workload(clean: Path) -> Workload:
    """The workload of that council's dataset."""
    return run(clean, "ssd")
