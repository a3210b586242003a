"""What tests of the readers are given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from ssd_tables import PERSON, Row, write

from upturn.records.casebook import Casebook
from upturn.records.ssd.reader import read_ssd


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Casebook]:
    """Read tables of the dataset, given as rows of text, as they were on 1 April 2026."""

    def reader(**tables: list[Row]) -> Casebook:
        named = {f"ssd_{name}": rows for name, rows in tables.items()}
        folder = write(tmp_path / "ssd", {"ssd_person": [PERSON], **named})
        return read_ssd(folder, as_at=date(2026, 4, 1))

    return reader
