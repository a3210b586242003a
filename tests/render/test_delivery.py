"""All of the files or none: what a failure leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from upturn.render.delivery import STALE_AFTER, OutputError, delivered
from upturn.render.outputs import write_check


def _write(out: Path, **files: str) -> list[Path]:
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        for name, text in files.items():
            (staged / name).write_text(text)
    return paths


def _contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_files_are_replaced_and_others_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    _write(tmp_path, a="1", b="1")
    _write(tmp_path, a="2", b="2")
    assert _contents(tmp_path) == {"mine.txt": "mine", "a": "2", "b": "2"}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("a fault of ours"),
                                   KeyboardInterrupt()])  # fmt: skip
def test_a_failure_while_writing_leaves_the_earlier_files(tmp_path: Path, error: BaseException):
    out = tmp_path / "out"
    _write(out, a="1")

    def fail_half_way() -> None:
        with delivered(out, []) as staged:
            (staged / "a").write_text("half")
            raise error

    with pytest.raises((OutputError, ValueError, KeyboardInterrupt)):
        fail_half_way()
    assert _contents(out) == {"a": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failure_while_moving_puts_everything_back(tmp_path: Path):
    out = tmp_path / "out"
    _write(out, a="1", b="1", d="1")
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self == out / "d":  # as Windows does for a workbook that Excel has open
            raise PermissionError(13, "in use")
        return real(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(OutputError, match="open in another program"):
            _write(out, a="2", b="2", c="2", d="2")
    assert _contents(out) == {"a": "1", "b": "1", "d": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_in_the_place_of_a_file_is_not_thrown_away(tmp_path: Path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="b is a folder there"):
        _write(tmp_path, a="2", b="2")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    assert (tmp_path / "b" / "mine.txt").read_text() == "mine"


def test_a_file_where_the_folder_should_be_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    for out in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError) as said:
            _write(out, a="1")
        assert "\n" not in str(said.value)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_may_not_be_written_to_is_said_in_one_line(tmp_path: Path, check):
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="no permission"):
        write_check(check, tmp_path / "shut" / "out")


def test_what_a_killed_run_left_is_swept_up(tmp_path: Path):
    left, recent = tmp_path / ".out.part-old", tmp_path / ".out.part-new"
    for folder in (left, recent):
        folder.mkdir()
    os.utime(left, (0, left.stat().st_mtime - STALE_AFTER - 60))
    _write(tmp_path / "out", a="1")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.part-new", "out"]


FULL_DISK = """
    import resource, signal, sys
    from pathlib import Path
    import polars as pl
    from upturn.render.outputs import OutputError, write_table
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    frame = pl.DataFrame({"n": range(90_000), "t": ["text that takes room"] * 90_000})
    try:
        write_table(frame, Path(sys.argv[1]))
    except OutputError as error:
        sys.stdout.write(str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
@pytest.mark.parametrize("name", ["large.csv", "large.xlsx"])
def test_a_disk_that_fills_up_leaves_nothing_and_is_said_in_one_line(tmp_path: Path, name: str):
    (tmp_path / name).write_text("earlier")
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(FULL_DISK), str(tmp_path / name)],
                         capture_output=True, text=True, timeout=60)  # fmt: skip
    assert ran.stdout.startswith("cannot write"), ran.stderr
    assert len(ran.stdout.splitlines()) == 1
    assert _contents(tmp_path) == {name: "earlier"}
