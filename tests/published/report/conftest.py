"""Writing a made-up report to a file of any kind, and reading it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from made_reports import as_pdf, as_text

from upturn.published.report.model import Report
from upturn.published.report.read import read_report

Pages = Sequence[Sequence[str]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Report]:
    """``read(pages)`` is the report of those pages, read from a PDF; ``kind="text"`` from a text file."""

    def reading(pages: Pages, *, kind: str = "pdf") -> Report:
        path = tmp_path / f"made.{kind}"
        path.write_bytes(as_pdf(pages) if kind == "pdf" else as_text(pages).encode())
        return read_report(path)

    return reading
