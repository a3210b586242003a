"""Help is there for every command, has examples, and does not keep anybody waiting."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer.main

from upturn import __version__
from upturn.cli.app import app


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from commands(below, (*path, name))
        else:
            yield (*path, name)


COMMANDS = list(commands(typer.main.get_command(app)))
LOADED = (
    "import sys; sys.argv = ['upturn', '--help']\n"
    "from upturn.cli.app import main\n"
    "try: main()\n"
    "except SystemExit: pass\n"
    "slow = {'polars', 'numpy', 'numba', 'fastexcel', 'xlsxwriter', 'jinja2', 'yaml'}\n"
    "sys.exit(', '.join(sorted(slow & set(sys.modules))) or 0)"
)


def test_the_commands_are_the_ones_we_know() -> None:
    assert {" ".join(words) for words in COMMANDS} == {
        "check", "child", "quality", "demo", "workload", "why",
        "remedies", "remedy list", "remedy show",
        "rules list", "rules show", "rules check", "mapping list", "mapping show",
        "scorecard", "benchmark import", "national import", "national show", "national effects",
        "national recoveries", "national alike", "national report", "measures list",
        "national figures", "measures show", "findings", "finding list", "finding show",
        "plan show", "plan rate", "plan measure", "plan write",
        "twin fit", "twin run", "sample populations", "sample draw", "sample estimate",
        "report read", "report compare", "report corpus", "report search", "report plan",
    }  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_examples(
    words: tuple[str, ...], cli: Callable[..., Any]
) -> None:
    ran = cli(*words, "--help")
    assert ran.code == 0
    assert "Examples" in ran.out
    assert f"upturn {' '.join(words)}" in ran.out.split("Examples")[1]
    assert ran.err == ""


@pytest.mark.parametrize(
    "words", [(), ("rules",), ("mapping",)], ids=["upturn", "rules", "mapping"]
)
def test_a_noun_alone_says_what_it_can_do(words: tuple[str, ...], cli: Callable[..., Any]) -> None:
    ran = cli(*words)
    assert (ran.code, ran.err) == (0, "")
    assert "Commands" in ran.out


def test_the_version_is_said(cli: Callable[..., Any]) -> None:
    ran = cli("--version")
    assert (ran.code, ran.out) == (0, f"upturn {__version__}\n")


def test_help_loads_none_of_the_slow_libraries() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_upturn_loads_none_of_the_slow_libraries() -> None:
    loaded = "set(sys.modules) & {'polars', 'typer', 'rich'}"
    code = f"import upturn, sys; sys.exit(', '.join({loaded}) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
