"""Councils that several tests look at, made up once."""

from __future__ import annotations

import pytest

from upturn.synthetic import Council, make_council


@pytest.fixture(scope="session")
def small() -> Council:
    """A small council with every fault."""
    return make_council(seed=1)


@pytest.fixture(scope="session")
def faultless() -> Council:
    """The same council without any."""
    return make_council(seed=1, faults=[])


@pytest.fixture(scope="session")
def county() -> Council:
    """A county without faults, to compare with the published figures."""
    return make_council(seed=1, size="county", faults=[])
