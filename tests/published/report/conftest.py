"""Writing a made-up report to a file of any kind, and reading it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from made_reports import as_pdf, as_text

from upturn.cli.app import app
from upturn.cli.run import run
from upturn.published.report.model import Report
from upturn.published.report.read import read_report

Pages = Sequence[Sequence[str]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Report]:
    """``read(pages)`` is the report of those pages, read from a PDF; ``kind="text"`` from a text file.

    Strengths and concerns take most of the time, and are read when ``statements`` says so.
    """

    def reading(pages: Pages, *, kind: str = "pdf", statements: bool = False) -> Report:
        path = tmp_path / f"made.{kind}"
        path.write_bytes(as_pdf(pages) if kind == "pdf" else as_text(pages).encode())
        return read_report(path, statements=statements)

    return reading


@pytest.fixture
def report_cli(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """``report_cli("report", "read", …)`` runs that command: its exit code, output and complaints."""
    monkeypatch.setenv("COLUMNS", "140")

    def command(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["upturn", *map(str, words)])
        capsys.readouterr()
        code = run(app)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command
