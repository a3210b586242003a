"""``upturn twin run --extract``: the folders it writes, and that the other commands read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """posts: {value: 5, tag: yours, source: ours}
contacts_a_month: {value: 15, tag: yours, source: ours}
"""
FOLDER = "simulated-doing-nothing-seed-3-replication-1"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    file = tmp_path / "department.yaml"
    file.write_text(SMALL)
    return ["twin", "run", str(file), "--years", "1", "--reps", "2", "--seed", "3", "--extract"]


def test_the_extract_is_read_by_another_command_and_said_to_be_simulated(
    cli: Callable[..., object], words: list[str], tmp_path: Path
) -> None:
    made = cli(*words, tmp_path / "simulated")
    assert made.code == 0
    assert "no child in them is real" in " ".join(made.out.split())
    checked = cli("check", tmp_path / "simulated" / FOLDER, "--json")
    said = json.loads(checked.out)
    assert any(note.startswith("SIMULATED: no child") for note in said["notes"])


def test_a_file_in_the_place_of_the_folder_is_one_plain_line(
    cli: Callable[..., object], words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("mine")
    ended = cli(*words, tmp_path / "taken")
    assert ended.code != 0
    assert "cannot write" in ended.err
    assert "Traceback" not in ended.err
    assert (tmp_path / "taken").read_text() == "mine"
