"""Running the command line in this process, and a made-up council to run it on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import upturn
from upturn.cli.app import app
from upturn.cli.run import run


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """``cli("rules", "list")`` runs that command the way the installed script would."""
    monkeypatch.delenv("UPTURN_DEBUG", raising=False)
    monkeypatch.delenv("UPTURN_SOURCE", raising=False)
    monkeypatch.setenv("COLUMNS", "140")

    def command(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["upturn", *map(str, words)])
        capsys.readouterr()
        code = run(app)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return command


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small made-up council: its workbook and the results of the main job."""
    folder = tmp_path_factory.mktemp("council")
    upturn.demo(seed=1, size="small", out=folder)
    return folder
