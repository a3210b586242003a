"""Reading and checking a children in need census: ours, as it grows, beside csc-validator-be-cin.

``python benchmarks/read_cin_census.py [--peers]`` writes ``benchmarks/results/read_cin_census.md``. Every
run is a process of its own. ``--peers`` puts csc-validator-be-cin (which needs Python 3.11 and an old
numpy) in an environment of its own under ``build/``; where that cannot be done the page says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

from upturn.synthetic import make_council
from upturn.synthetic.cin_census import census_text

HERE = Path(__file__).parent
PEER = "csc-validator-be-cin==0.1.13"
PEER_ENVIRONMENT = HERE.parent / "build" / "cinval-venv"
SIZES = (1_000, 10_000, 100_000)
PEER_SIZES = (1_000, 2_000, 10_000)
#: A made-up council is as at 31 March, so that the return is a census and not a mid-year extract.
AS_AT = date(2026, 3, 31)
_CHILD = re.compile(r"    <Child>\n.*?    </Child>\n", re.S)


def write_returns(folder: Path, sizes: set[int]) -> dict[int, Path]:
    """A return of each size, cut from a made-up county; a larger one holds the county again under new ids."""
    text = census_text(make_council(seed=1, size="county", as_at=AS_AT, faults=[]), year=2026)
    head, tail = (
        text.split("  <Children>\n", 1)[0] + "  <Children>\n",
        "  </Children>\n</Message>\n",
    )
    children = _CHILD.findall(text)
    found = {}
    for size in sorted(sizes):
        found[size] = folder / f"{size}.xml"
        with found[size].open("w", encoding="utf-8") as file:
            file.write(head)
            for n in range(size):
                again, child = divmod(n, len(children))
                file.write(children[child].replace("<LAchildID>", f"<LAchildID>{again or ''}", 1))
            file.write(tail)
    return found


def once(python: Path | str, way: str, file: Path) -> dict:
    """What one run measured."""
    done = subprocess.run(
        [str(python), str(HERE / "peers" / "census_once.py"), way, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{way} failed on {file.name}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def best(python: Path | str, way: str, file: Path, times: int) -> dict:
    """The best of some runs: other work on the machine can only make a run slower."""
    return min((once(python, way, file) for _ in range(times)), key=lambda r: r["seconds"])


def peer_python() -> Path | str:
    """The interpreter of an environment with the peer, made now if need be; else why there is none."""
    python = PEER_ENVIRONMENT / "bin" / "python"
    if python.exists():
        return python
    base = shutil.which("python3.11") or (
        sys.executable if sys.version_info[:2] == (3, 11) else None
    )
    if base is None:
        return "it needs Python 3.11 (pandas before 2 does not build on later ones), and there is none here"
    made = subprocess.run([base, "-m", "venv", str(PEER_ENVIRONMENT)], check=False)
    install = [str(python), "-m", "pip", "install", "--quiet", PEER, "numpy<2", "pytest"]
    if made.returncode or subprocess.run(install, check=False).returncode:
        shutil.rmtree(PEER_ENVIRONMENT, ignore_errors=True)
        return "it could not be installed here"
    return python


def growth(files: dict[int, Path]) -> str:
    """Ours by size, as Markdown."""
    lines = [
        "| children | MB | rows | read and checked, s | CPU s | CPU ms a child | peak memory "
        "| and every clock, s | CPU s | peak memory |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size in SIZES:
        file, times = files[size], 3 if size <= 10_000 else 1
        read = best(sys.executable, "upturn-read", file, times)
        check = best(sys.executable, "upturn-check", file, times)
        lines.append(
            f"| {size:,} | {file.stat().st_size / 1e6:.1f} | {read['found']:,} | {read['seconds']:.2f} "
            f"| {read['cpu_seconds']:.2f} | {read['cpu_seconds'] / size * 1000:.3f} "
            f"| {read['peak_mb']:,.0f} MB | {check['seconds']:.2f} | {check['cpu_seconds']:.2f} "
            f"| {check['peak_mb']:,.0f} MB |"
        )
    return "\n".join(lines)


def beside(files: dict[int, Path]) -> str:
    """The peer's seconds beside ours with every clock, as Markdown; or why there is none."""
    python = peer_python()
    if isinstance(python, str):
        return f"csc-validator-be-cin was not measured: {python}."
    lines = [
        "| children | **Upturn**, with every clock, s | CPU s "
        f"| {PEER.replace('==', ' ')}, s | CPU s | times the CPU | its peak memory |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size in PEER_SIZES:
        ours = best(sys.executable, "upturn-check", files[size], 3)
        theirs = once(python, "cinval", files[size])
        lines.append(
            f"| {size:,} | {ours['seconds']:.2f} | {ours['cpu_seconds']:.2f} "
            f"| {theirs['seconds']:.1f} | {theirs['cpu_seconds']:.1f} "
            f"| {theirs['cpu_seconds'] / ours['cpu_seconds']:,.0f} | {theirs['peak_mb']:,.0f} MB |"
        )
    return "\n".join(lines)


def page(parts: list[str]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("lxml", "polars", "numpy"))
    head = f"""# Reading the census

Measured {date.today():%-d %B %Y} on {os.cpu_count()} {platform.machine()} cores shared with other work
(load {os.getloadavg()[0]:.1f} at the end): Python {platform.python_version()}, {versions}.
Seconds are without the start of the interpreter; CPU seconds are of all threads.
The returns are cut from a made-up county without faults."""
    return "\n\n".join([head, *parts]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="also measure csc-validator-be-cin")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "read_cin_census.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = write_returns(Path(folder), {*SIZES, *(PEER_SIZES if args.peers else ())})
        parts = ["## As it grows", growth(files)]
        if args.peers:
            about = (
                "csc-validator-be-cin reads a return and runs the DfE's validation rules of 2025-26; Upturn "
                "reads it, checks it, and runs every clock. The two do not answer the same questions."
            )
            parts += ["## Beside csc-validator-be-cin", about, beside(files)]
    args.out.write_text(page(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
