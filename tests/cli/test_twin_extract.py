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


def test_a_future_starts_from_the_open_work_of_an_extract_and_says_so(
    cli: Callable[..., object], words: list[str], tmp_path: Path
) -> None:
    assert cli(*words, tmp_path / "simulated").code == 0
    source = tmp_path / "simulated" / FOLDER
    begin = [*words[:-1], "--open-work", source, "--workforce", source / "workforce.csv"]
    shown = cli(*begin, "--extract", tmp_path / "again")
    assert shown.code == 0
    said = " ".join(shown.out.split())
    assert f"Starts from the open work of {FOLDER} at the end of 31 Mar 2027: open children" in said
    assert "keep them as you keep the extract that they start from" in said
    record = json.loads(cli(*begin, "--json").out)
    assert (record["start"], record["starts_from"]["from"]) == ("2027-04-01", "open work")
    assert {row["tag"] for row in record["starts_from"]["rests_on"]} == {
        "extract",
        "yours",
        "assumed",
    }
    again = cli("check", tmp_path / "again" / FOLDER, "--json")
    assert json.loads(again.out)["notes"][0].startswith(
        "SIMULATED: nothing after 2027-03-31 happened"
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--open-work", "SOURCE", "--usual-state"], "a run has one start"),
        (["--open-work", "SOURCE", "--start", "2026-10"], "the open work is that of 2027-03-31"),
        (["--workforce", "workforce.csv"], "a workforce file goes with an extract"),
    ],
)
def test_a_start_that_cannot_be_is_one_plain_line(
    more: list[str], says: str, cli: Callable[..., object], words: list[str], tmp_path: Path
) -> None:
    assert cli(*words, tmp_path / "simulated").code == 0
    source = str(tmp_path / "simulated" / FOLDER)
    ended = cli(*words[:-1], *(source if word == "SOURCE" else word for word in more))
    assert ended.code != 0
    assert says in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
