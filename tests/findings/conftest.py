"""Made-up councils for the tests of findings: one with no fault, one with everything planted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from upturn.findings.model import Findings
from upturn.findings.run import findings_of
from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.synthetic import make_council, write_annex_a

Checked = Callable[..., Check]


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Make up a council with some faults, write its workbook and check it."""

    def made(seed: int, faults: list[str] | None, *, messy: bool = False, **more: float) -> Check:
        path: Path = tmp_path_factory.mktemp("council") / "annex_a.xlsx"
        write_annex_a(make_council(seed=seed, faults=faults, **more), path, messy=messy)  # type: ignore[arg-type]
        return run_check(path)

    return made


@pytest.fixture(scope="session")
def clean(checked: Checked) -> Check:
    return checked(3, [])


@pytest.fixture(scope="session")
def messy(checked: Checked) -> Check:
    return checked(1, None, messy=True)


@pytest.fixture(scope="session")
def letter(messy: Check, clean: Check) -> Findings:
    return findings_of(messy)
