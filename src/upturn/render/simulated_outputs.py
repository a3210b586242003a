"""A simulated future written as an extract: a folder that every command reads, and that says what it is.

One folder for each scenario, named after it, in the form of the Standard Safeguarding Dataset with a
workforce file beside the tables. All of the folders are written or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import polars as pl

from upturn._version import __version__
from upturn.records.ssd.manifest import MANIFEST
from upturn.records.ssd.write import left_out, ssd_frames
from upturn.render.delivery import OutputError, delivered
from upturn.twin.future import SimulatedExtract
from upturn.workload.tables import PLACE

README = "README.txt"
WORKFORCE = "workforce.csv"
Say = Callable[[str], None]
_POSTS = f"Its posts, agency workers and sickness are in {WORKFORCE}: give it with --workforce."


def folder_name(scenario: str, *, seed: int, replication: int = 0) -> str:
    """The name of an extract's folder: simulated, of which scenario, seed and replication (counted from 0).

    >>> folder_name("Eight more posts!", seed=7)
    'simulated-eight-more-posts-seed-7-replication-1'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", scenario.lower()).strip("-")[:60] or "scenario"
    return f"simulated-{plain}-seed-{seed}-replication-{replication + 1}"


def folder_of(extract: SimulatedExtract) -> str:
    """The name of this extract's folder."""
    return folder_name(extract.scenario.name, seed=extract.seed, replication=extract.replication)


def write_extracts(
    extracts: Sequence[SimulatedExtract], out: Path, *, progress: Say | None = None
) -> list[Path]:
    """Write each extract to a folder of its own in ``out``. Returns the folders.

    Raises OutputError when two of them would have one name, when a folder holds files that are not of a
    simulated extract, or when ``out`` cannot be written; nothing half-written remains then.
    """
    folders = [out / folder_of(e) for e in extracts]
    again = next((f for n, f in enumerate(folders) if f in folders[:n]), None)
    if again is not None:
        raise OutputError(f"two scenarios would both be written to {again.name}; rename one")
    written = [_files(e) for e in extracts]
    for folder, files in zip(folders, written, strict=True):
        _refuse_strangers(folder, set(files))
    with ExitStack() as all_of_them:
        for folder, files in zip(folders, written, strict=True):
            if progress:
                progress(f"Writing {folder.name}")
            staged = all_of_them.enter_context(delivered(folder, []))
            for name, content in files.items():
                (staged / name).write_bytes(content)
    return folders


def _refuse_strangers(folder: Path, ours: set[str]) -> None:
    """A table of somebody else's in the folder would be read with ours."""
    found = {entry.name for entry in folder.iterdir()} - ours if folder.is_dir() else set()
    if found:
        raise OutputError(
            f"cannot write into {folder}: it holds {min(found)}, which is not of this simulated "
            "extract; empty the folder or give another"
        )


def _files(extract: SimulatedExtract) -> dict[str, bytes]:
    """Every file of the folder by name."""
    frames = ssd_frames(extract.casebook)
    workforce = extract.workforce.drop(PLACE)
    return {
        **{f"{name}.csv": _csv(frame) for name, frame in frames.items()},
        WORKFORCE: _csv(workforce),
        MANIFEST: _manifest(extract).encode(),
        README: _readme(extract).encode(),
    }


def _csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv(line_terminator="\n").encode()


def _manifest(extract: SimulatedExtract) -> str:
    said = {
        "simulated": True,
        "as_at": extract.casebook.as_at.isoformat(),
        "notes": [extract.sentence, _POSTS, *left_out(extract.casebook)],
        "beside": [README, WORKFORCE],
        "scenario": extract.scenario.name,
        "seed": extract.seed,
        "replication": extract.replication + 1,
        "replications": extract.of,
        "service": extract.service,
        "running_in_from": extract.first.isoformat(),
        "start": extract.start.isoformat(),
        "open_work_of": None
        if extract.from_open_work is None
        else extract.from_open_work.isoformat(),
        "projection_sha256": extract.sha256,
        "upturn": __version__,
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


_README = """{title}

{sentence}

What it is
  One of {of} simulated futures, in the form of the Standard Safeguarding Dataset, so that every
  command reads it as it reads a council's. It is one throw of the dice: its figures are not the
  scenario's. What is likely under the scenario, and how sure that is, upturn twin run says from all {of}.

What is not in it
  What the twin does not simulate is left out: dates of birth, sources, categories, reasons, early
  help and work with children in care. A column that is not there is never read as "it did not happen".
  An assessment that closure or care cut short has that day for its end.

How to use it
  upturn check {folder}
  upturn workload {folder} --workforce {folder}/{workforce}

Keep it apart from real extracts, and keep {manifest} with it: the commands read from that file
that the extract is simulated, and say so.
"""


def _readme(extract: SimulatedExtract) -> str:
    title = "SIMULATED EXTRACT: "
    if extract.from_open_work is None:
        title += "NO CHILD, FAMILY OR WORKER IN IT IS REAL"
    else:
        title += f"NOTHING AFTER {extract.from_open_work} HAPPENED"
    return _README.format(
        title=title, sentence=extract.sentence, of=extract.of, folder=folder_of(extract),
        workforce=WORKFORCE, manifest=MANIFEST,
    )  # fmt: skip
