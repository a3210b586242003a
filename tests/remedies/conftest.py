"""Prices to try remedies with."""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.remedies.costs import Costs, example_costs, read_costs


@pytest.fixture(scope="session")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    """The example's prices, as if they were somebody's own."""
    file = tmp_path_factory.mktemp("costs") / "costs.yaml"
    file.write_text(example_costs().replace("example: true\n", ""), "utf-8")
    return read_costs(file)


@pytest.fixture
def example_file(tmp_path: Path) -> Path:
    file = tmp_path / "example.yaml"
    file.write_text(example_costs(), "utf-8")
    return file
