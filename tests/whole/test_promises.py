"""What is promised of the main job whatever happens while it runs."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from upturn.synthetic import make_council, write_annex_a

OUTPUTS = ("report.html", "due.xlsx", "clocks.csv", "quarantine.csv", "summary.json")


@pytest.fixture(scope="module")
def extracts(tmp_path_factory) -> tuple[Path, Path]:
    """Two extracts of one name with different children."""
    folder = tmp_path_factory.mktemp("extracts")
    paths = []
    for seed in (1, 2):
        path = folder / str(seed) / "annex_a.xlsx"
        path.parent.mkdir()
        write_annex_a(make_council(seed=seed, size="small"), path)
        paths.append(path)
    return paths[0], paths[1]


def run(*words: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "upturn", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def hashes(out: Path) -> dict[str, str]:
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in OUTPUTS}


def test_killed_at_any_moment_every_output_is_whole(extracts, tmp_path):
    old, new = extracts
    out = tmp_path / "out"
    assert run("check", old, "--out", out).wait() == 0
    before = hashes(out)
    assert run("check", new, "--out", tmp_path / "new").wait() == 0
    after = hashes(tmp_path / "new")
    began = time.monotonic()
    assert run("check", new, "--out", tmp_path / "timed").wait() == 0
    whole = time.monotonic() - began
    for part in (0.5, 0.7, 0.8, 0.85, 0.9, 0.95):
        job = run("check", new, "--out", out)
        time.sleep(whole * part)
        job.send_signal(signal.SIGKILL)
        job.wait()
        for name, found in hashes(out).items():
            assert found in (before[name], after[name]), f"{name} was half-written"


def test_an_unusable_input_is_one_line_and_exit_code_2(tmp_path):
    wrong = tmp_path / "notes.xlsx"
    wrong.write_bytes(b"not a workbook at all")
    job = run("check", wrong, "--out", tmp_path / "out")
    _, said = job.communicate()
    assert job.returncode == 2
    assert len(said.decode().strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_users_own_mapping_is_named_with_its_version(extracts, tmp_path):
    mapping = tmp_path / "ours.yaml"
    mapping.write_text("gender: {spellings: {Girl child: F}}\n", encoding="utf-8")
    job = run("check", extracts[0], "--mapping", mapping, "--json")
    said, _ = job.communicate()
    digest = hashlib.sha256(mapping.read_bytes()).hexdigest()[:12]
    assert job.returncode == 0
    assert json.loads(said)["mapping"] == f"ours.yaml {digest}"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs a POSIX system")
def test_nothing_of_a_child_is_printed_to_the_error_stream(extracts, tmp_path):
    job = run("check", extracts[0], "--out", tmp_path / "out")
    _, said = job.communicate()
    assert job.returncode == 0
    council = make_council(seed=1, size="small")
    ids = council.truth["child_id"].drop_nulls().unique().to_list()
    assert ids
    assert not [i for i in ids if i in said.decode()]
