"""Panels: a made-up country, and the real files where they are."""

from __future__ import annotations

from pathlib import Path

import made_up_panel as made
import pytest

import upturn
from upturn.published.national.panel import Panel, panel_at


@pytest.fixture(scope="session")
def panel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panel of a made-up country, as a file."""
    folder = tmp_path_factory.mktemp("country")
    upturn.national.import_files(made.country(folder), into=folder / "national.db")
    return folder / "national.db"


@pytest.fixture(scope="session")
def panel(panel_file: Path) -> Panel:
    return panel_at(panel_file)


@pytest.fixture(scope="session")
def real_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panel of the real files; skips where they are not."""
    if not made.REAL.exists():
        pytest.skip("the shared data is not here")
    into = tmp_path_factory.mktemp("real") / "national.db"
    upturn.national.import_files(made.real_files(), into=into)
    return into


@pytest.fixture(scope="session")
def real(real_file: Path) -> Panel:
    return panel_at(real_file)
