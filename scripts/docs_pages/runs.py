"""What the commands print today, for the tutorial; and one report to look at."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

#: name of the output: the commands, run in order in one folder. {child} is a child with something overdue.
RUNS = {
    "demo": "upturn demo --seed 1 --out demo",
    "check": "upturn check demo/annex_a.xlsx --out results",
    "child": "upturn child {child} demo/annex_a.xlsx",
    "quality": "upturn quality demo/annex_a.xlsx --out faults",
    "rule": "upturn rules show assessment-45-from-referral",
}

#: The same table twice teaches nothing: lines kept from the top and from the bottom.
SHORTENED = {"demo": (5, 1), "quality": (45, 1)}


def write(generated: Path) -> None:
    """Run them all; write ``output/NAME.txt`` for each and ``example/report.html``."""
    (generated / "output").mkdir(parents=True, exist_ok=True)
    (generated / "example").mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        for name, command in RUNS.items():
            if "{child}" in command:
                command = command.format(child=a_child(Path(folder) / "results" / "clocks.csv"))
            printed = run(command, Path(folder))
            text = f"$ {command}\n{shortened(printed, *SHORTENED.get(name, ()))}"
            (generated / "output" / f"{name}.txt").write_text(text, encoding="utf-8")
        shutil.copy(Path(folder) / "results" / "report.html", generated / "example" / "report.html")


def run(command: str, folder: Path) -> str:
    """What ``command`` prints, run in ``folder``. Raises CalledProcessError when it fails."""
    words = [sys.executable, "-c", "from upturn.cli.app import main; main()"]
    done = subprocess.run(
        [*words, *shlex.split(command)[1:]],
        cwd=folder,
        env={**os.environ, "COLUMNS": "104", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        encoding="utf-8",
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def shortened(text: str, top: int = 1000, bottom: int = 1000) -> str:
    """The first and last lines of a long text, and a mark where lines were left out."""
    lines = text.rstrip().splitlines()
    if len(lines) > top + bottom:
        lines = [*lines[:top], "", "  [...]", "", *lines[-bottom:]]
    return "\n".join(lines) + "\n"


def a_child(clocks: Path) -> str:
    """A child worth reading: something overdue, few clocks, and of those the most different states."""
    frame = pl.read_csv(clocks, infer_schema=False)
    children = frame.group_by("child_id").agg(
        pl.col("state").n_unique().alias("states"),
        pl.len().alias("clocks"),
        (pl.col("state") == "overdue").any().alias("late"),
    )
    best = children.filter(pl.col("late"), pl.col("clocks") <= 6).sort(
        ["states", "clocks", "child_id"], descending=[True, True, False]
    )
    return str(best["child_id"][0])
