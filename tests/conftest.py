"""What tests of several rooms are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

# What a check shared by several files found is said as in the files themselves.
pytest.register_assert_rewrite("in_browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser, started once for a file of tests; see `in_browser`."""
    from in_browser import chromium

    with chromium() as started:
        yield started
