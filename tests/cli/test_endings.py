"""However a command ends, it ends with the right code and at most one line of complaint."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import upturn

SCRIPT = "from upturn.cli.app import main; main()"
WAITING = (
    "import sys, time, upturn\n"
    "def slow(*_, **__):\n"
    "    sys.stdout.write('ready\\n'); sys.stdout.flush(); time.sleep(60)\n"
    "upturn.quality = slow\n" + SCRIPT
)


def is_one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n") and text.startswith("upturn: ")


GOAL = ("--goal", "assessments in time >= 90% within 9 months")
COSTS = ("--costs", "costs.yaml")
UNUSABLE = [
    (["chekc", "a.xlsx"], "No such command 'chekc'"),
    (["check"], "Missing argument 'SOURCE...'"),
    (["check", "a.xlsx", "--wrong"], "No such option"),
    (["check", "no-such-file.xlsx"], "no-such-file.xlsx"),
    (["check", "no-such-file.xlsx", "--json"], "no-such-file.xlsx"),
    (["quality", "no-such-file.xlsx"], "no-such-file.xlsx"),
    (["child", "C1", "no-such-file.xlsx"], "no-such-file.xlsx"),
    (["child", "C1"], "UPTURN_SOURCE"),
    (["check", "a.xlsx", "--as-at", "31/02/2026"], "is not a date"),
    (["check", "a.xlsx", "--sheet", "Assessments"], "does not name a list and a sheet"),
    (["check", "a.xlsx", "--due-within", "-1"], "due-within"),
    (["rules", "show", "assessment-45-from-referal"], "did you mean assessment-45-from-referral?"),
    (["rules", "list", "--edition", "2018"], "no edition '2018'"),
    (["rules", "list", "--overlay", "no-such-file.yaml"], "no-such-file.yaml"),
    (["rules", "check", "no-such-file.yaml"], "no-such-file.yaml"),
    (["mapping", "show", "colour"], "colour"),
    (["mapping", "list", "--mapping", "no-such-file.yaml"], "no-such-file.yaml"),
    (["demo", "--size", "enormous"], "enormous"),
    (["demo", "--seed", "-1"], "--seed"),
    (["twin", "run", "--seed", str(10**30)], "--seed"),
    (["twin", "run", "--start", "9999-12"], "is not a period"),
    (["why", "a.xlsx", "--seed", str(10**30)], "--seed"),
    (["why", "a.xlsx", "--against", "wales"], "'--against': 'wales' is not one of 'england'"),
    (
        ["remedies", "a.xlsx", "--budget", "-5", *GOAL, *COSTS],
        "'-5' is not an amount of money from 0",
    ),
    (["remedies", "a.xlsx", "--budget", "plenty", *GOAL, *COSTS], "£1,500,000 or 1.5m"),
    (["remedies", "a.xlsx", "--budget", "1e13", *GOAL, *COSTS], "is not an amount of money"),
    (["remedies", "a.xlsx", "--budget", "1m", *GOAL], "'--costs': your prices (YAML or CSV)"),
    (["remedies", "a.xlsx", "--budget", "1m", "--goal", "be good", *COSTS], "is not a goal; write"),
    (["sample", "draw", "a.xlsx", "--population", "cases", "--seed", "-5"], "--seed"),
    (["workload", "a.xlsx", "--names"], "--names: say where to write it, with --out"),
    (["scorecard", "a.xlsx", "--publish"], "--publish: say where to write it, with --out"),
]


@pytest.mark.parametrize(("words", "says"), UNUSABLE, ids=[" ".join(w) for w, _ in UNUSABLE])
def test_input_it_cannot_use_ends_in_2_and_one_line(
    words: list[str], says: str, cli: Callable[..., Any]
) -> None:
    ran = cli(*words)
    assert ran.code == 2
    assert says in ran.err
    assert is_one_line(ran.err), ran.err


def test_a_fault_of_ours_ends_in_1_and_one_line(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by\nnought")

    monkeypatch.setattr(upturn, "check", broken)
    ran = cli("check", "a.xlsx")
    assert ran.code == 1
    assert is_one_line(ran.err)
    assert "ZeroDivisionError: by nought" in ran.err
    assert "UPTURN_DEBUG=1" in ran.err


def test_the_trace_is_there_for_whoever_asks(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(upturn, "check", broken)
    monkeypatch.setenv("UPTURN_DEBUG", "1")
    ran = cli("check", "a.xlsx")
    assert ran.code == 1
    assert "Traceback" in ran.err
    assert ran.err.splitlines()[-1].startswith("upturn: ")


def test_a_rulebook_with_many_faults_says_the_first_and_how_many_more(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise upturn.RulebookError(["ours.yaml, line 3: first", "ours.yaml, line 9: second"])

    monkeypatch.setattr(upturn, "check", faulty)
    ran = cli("check", "a.xlsx", "--overlay", "ours.yaml")
    assert ran.code == 2
    assert is_one_line(ran.err)
    assert "line 3: first (and 1 more" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="signals are different there")
def test_ctrl_c_ends_quietly_with_130() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, "quality", "a.xlsx"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (130, "")


@pytest.mark.skipif(os.name == "nt", reason="pipes are different there")
@pytest.mark.parametrize("words", [["rules", "list"], ["mapping", "show", "ethnicity", "--json"]])
def test_a_closed_pipe_ends_quietly_with_141(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_that_cannot_show_a_character_is_forgiven(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "rules", "list"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"assessment-45-from-referral" in done.stdout
