"""Reading a county-size Annex A workbook: ours beside bare loads of the same file, and liiatools.

``python benchmarks/read_annex_a.py [--peers]`` writes ``benchmarks/results/read_annex_a.md``. Every way
of reading runs in a process of its own. ``--peers`` puts liiatools (which needs Python 3.9 and an old
numpy) in an environment of its own under ``build/``; where that cannot be done the page says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import openpyxl
from annex_a_workbook import COUNTY, write_workbook

HERE = Path(__file__).parent
LIIATOOLS = "liiatools==0.2.0"
LIIATOOLS_ENVIRONMENT = HERE.parent / "build" / "liiatools-venv"
SMALL = dict.fromkeys(COUNTY, 500)


@dataclass(frozen=True)
class Way:
    """A row of the table: what it is called, how it is run and what it needs."""

    name: str
    way: str
    needs: str = ""


BARE = Way("bare fastexcel, cells as text", "fastexcel_text")
WAYS = [
    BARE,
    Way("bare fastexcel, types guessed", "fastexcel_typed"),
    Way("bare python-calamine", "calamine", "python_calamine"),
    Way("openpyxl, read only", "openpyxl", "openpyxl"),
    Way("**Upturn**, `open_source`: every cell, errors, merges, places", "open_source"),
    Way("**Upturn**, `read_annex_a`: the same, and the casebook", "read_annex_a"),
]


def measured(way: Way, folder: Path) -> dict:
    """What one way of reading measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(HERE / "peers" / "workbook_readers.py"), str(folder), way.way],
        env={**os.environ, "PYTHONPATH": str(HERE / "peers")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{way.name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def county(folder: Path) -> str:
    """The county-size workbook read each way, as Markdown."""
    path = folder / "county.xlsx"
    cells = write_workbook(path, COUNTY)
    headers = sum(len(row) for row in first_rows(path))
    found = [(way, measured(way, folder)) for way in WAYS if not way.needs or find_spec(way.needs)]
    base = next(r["seconds"] for way, r in found if way is BARE)
    lines = [
        "| way of reading | seconds | CPU seconds | time, bare load = 1 | peak memory | given |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for way, r in found:
        given = f"{r['counts'][0][0]:,} {'rows accepted' if way.way == 'read_annex_a' else 'cells'}"
        lines.append(
            f"| {way.name} | {r['seconds']:.2f} | {r['cpu_seconds']:.2f} "
            f"| {r['seconds'] / base:.2f} | {r['peak_mb']:,.0f} MB | {given} |"
        )
    about = (
        f"{sum(COUNTY.values()):,} rows over eleven lists, {cells + headers:,} filled cells, "
        f"{path.stat().st_size / 1e6:.1f} MB."
    )
    return "\n\n".join(["## A county's workbook", about, "\n".join(lines)])


def first_rows(path: Path) -> list[tuple]:
    book = openpyxl.load_workbook(path, read_only=True)
    return [next(iter(sheet.iter_rows(max_row=1, values_only=True))) for sheet in book.worksheets]


def liiatools_python() -> Path | str:
    """The interpreter of an environment with liiatools, made now if need be; else why there is none."""
    python = LIIATOOLS_ENVIRONMENT / "bin" / "python"
    if python.exists():
        return python
    base = python_3_9()
    if base is None:
        return "it needs Python 3.9 (its parts do not build on later ones), and there is none here"
    made = subprocess.run([base, "-m", "venv", str(LIIATOOLS_ENVIRONMENT)], check=False)
    install = [str(python), "-m", "pip", "install", "--quiet", LIIATOOLS, "numpy<2"]
    if made.returncode or subprocess.run(install, check=False).returncode:
        shutil.rmtree(LIIATOOLS_ENVIRONMENT, ignore_errors=True)
        return "it could not be installed here"
    return python


def python_3_9() -> str | None:
    """A Python 3.9: on the path, or kept by pyenv."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob("3.9.*/bin/python"))
    return shutil.which("python3.9") or (str(kept[-1]) if kept else None)


@dataclass(frozen=True)
class Cleaned:
    """One run over the small workbook in a process of its own, the start of the interpreter included."""

    name: str
    seconds: float
    peak_mb: float
    rows: int


def once(python: Path | str, tool: str, workbook: Path, folder: Path) -> tuple[float, list[str]]:
    """Seconds and the last lines printed."""
    script = HERE / "peers" / "clean_once.py"
    begin = time.perf_counter()
    done = subprocess.run(
        [str(python), str(script), tool, str(workbook), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{tool} failed:\n{done.stderr}")
    return time.perf_counter() - begin, done.stdout.splitlines()[-2:]


def ours(workbook: Path, folder: Path) -> Cleaned:
    seconds, (rows, peak) = once(sys.executable, "upturn", workbook, folder)
    return Cleaned("**Upturn** `read_annex_a`", seconds, float(peak), int(rows))


def theirs(python: Path, workbook: Path, folder: Path) -> Cleaned:
    seconds, lines = once(python, "liiatools", workbook, folder)
    made = openpyxl.load_workbook(folder / f"{workbook.stem}_clean.xlsx", read_only=True)
    rows = sum(
        any(cell not in (None, "") for cell in row)
        for sheet in made.worksheets
        for row in sheet.iter_rows(min_row=2, values_only=True)
    )
    return Cleaned(LIIATOOLS.replace("==", " "), seconds, float(lines[-1]), rows)


def cleaning(folder: Path) -> str:
    """500 rows of each list through the reader of the sector's own tool, and through ours."""
    workbook = folder / "small.xlsx"
    write_workbook(workbook, SMALL)
    python = liiatools_python()
    found, note = [ours(workbook, folder)], ""
    if isinstance(python, Path):
        found.append(theirs(python, workbook, folder))
    else:
        note = f"liiatools was not measured: {python}."
    lines = [
        "| tool | seconds | time, ours = 1 | peak memory | rows kept |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {c.name} | {c.seconds:.1f} | {c.seconds / found[0].seconds:.1f} | {c.peak_mb:,.0f} MB "
        f"| {c.rows:,} |"
        for c in found
    ]
    about = (
        f"500 rows in each of eleven lists, {sum(SMALL.values()):,} rows with nothing wrong in them but "
        "blanks. Each is a whole process, its start included, run once. liiatools cleans a workbook into "
        "a workbook and leaves out rows of lists 9 to 11 whose date of birth, decision or enquiry is "
        "blank, since it needs those to know how long a row may be kept; Upturn makes the casebook."
    )
    return "\n\n".join(
        filter(None, ["## Cleaning, beside liiatools", about, "\n".join(lines), note])
    )


def page(parts: list[str]) -> str:
    names = ["fastexcel", "polars", "numpy", "python-calamine", "openpyxl"]
    versions = ", ".join(
        f"{name} {version(name)}" for name in names if find_spec(name.replace("-", "_"))
    )
    head = f"""# Reading Annex A

Measured {date.today():%-d %B %Y} on {os.cpu_count()} {platform.machine()} cores shared with other work
(load {os.getloadavg()[0]:.1f} at the end):
Python {platform.python_version()}, {versions}.
Each way runs in a process of its own, at least three times, and its best time counts. Ratios travel between
machines; seconds do not. Peak memory is that of the whole process.

A bare load gives the cells and nothing else: an error cell and a formula without a stored result come out
empty, as if nobody had written anything there. `open_source` also hashes the file, checks it for damage
before anything is unpacked, puts those cells back, fills merged ranges and counts that nothing is missing."""
    return "\n\n".join([head, *parts]) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--peers", action="store_true", help="also liiatools, in its own environment"
    )
    options.add_argument("--out", type=Path, default=HERE / "results" / "read_annex_a.md")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        parts = [county(Path(place))]
        if asked.peers:
            parts.append(cleaning(Path(place)))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(page(parts), encoding="utf-8")
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
