"""The documentation as the site has it: the written pages and the ones that come from the program."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import upturn

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of ``docs`` with its generated pages written, and what pages include put in its place."""
    folder = tmp_path_factory.mktemp("site") / "docs"
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("generated"))
    subprocess.run([sys.executable, "scripts/make_docs.py", folder], cwd=ROOT, check=True)
    for page in folder.rglob("*.md"):
        page.write_text(_included(page.read_text("utf-8"), folder), "utf-8")
    return folder


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The name of every file that a command writes."""
    folder = tmp_path_factory.mktemp("written")
    upturn.demo(out=folder)
    upturn.quality(folder / "annex_a.xlsx", out=folder)
    return {file.name for file in folder.iterdir()}


@pytest.fixture(scope="session")
def everything(docs: Path) -> str:
    """All pages as one text."""
    return "\n".join(page.read_text("utf-8") for page in sorted(docs.rglob("*.md")))


def _included(text: str, docs: Path) -> str:
    def read(found: re.Match[str]) -> str:
        places = (docs / found[1], ROOT / found[1])
        return next(place for place in places if place.exists()).read_text("utf-8")

    return re.sub(r'^--8<-- "(.+?)"$', read, text, flags=re.MULTILINE)
