"""The shell offers what could be meant, once it has been taught to ask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from upturn.cli.app import app

INSTALL = "import sys; sys.argv[0] = 'upturn'; from upturn.cli.app import main; main()"
#: Where each shell is told about a new command.
KEPT = {
    "bash": ".bash_completions/upturn.sh",
    "zsh": ".zfunc/_upturn",
    "fish": ".config/fish/completions/upturn.fish",
}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("upturn ch", "check"),
        ("upturn rules show assessment-4", "assessment-45-from-referral"),
        ("upturn rules list --edition working-together-201", "working-together-2018"),
        ("upturn mapping show gen", "gender"),
        ("upturn check --as", "--as-at"),
        ("upturn measures show assessments-45-from-s", "assessments-45-from-start"),
        ("upturn finding show assessments-l", "assessments-late"),
        ("upturn remedy show permanent", "permanent-posts"),
        ("upturn sample draw a.xlsx --population child-pro", "child-protection-plans"),
        ("upturn why ssd --outcome conf", "conference-lateness"),
        ("upturn findings a.xlsx --framework sif", "sif-2013"),
        ("upturn scorecard a.xlsx --by eth", "ethnicity"),
        ("upturn demo --size cou", "county"),
    ],
)
def test_the_shell_is_offered_what_could_be_meant(
    typed: str, offered: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_UPTURN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    monkeypatch.setattr("sys.argv", ["upturn"])
    with pytest.raises(SystemExit) as ended:
        app(prog_name="upturn")
    assert ended.value.code == 0
    assert offered in capsys.readouterr().out.split()


@pytest.mark.skipif(os.name == "nt", reason="shells are different there")
@pytest.mark.parametrize("shell", KEPT)
def test_each_shell_is_taught_to_ask(shell: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INSTALL, "--install-completion", shell],
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{shell} completion installed" in done.stdout
    assert "_UPTURN_COMPLETE" in (tmp_path / KEPT[shell]).read_text("utf-8")
