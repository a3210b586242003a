"""Made-up councils with their workforce, written in a folder, and the workload read back from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from upturn.records.read import read_source
from upturn.synthetic import make_council, write_annex_a, write_ssd, write_workforce
from upturn.workload.result import Workload, run_workload
from upturn.workload.weights import scheme
from upturn.workload.workforce import read_workforce

AS_AT = date(2026, 9, 30)


def run(folder: Path, source: str, *, workforce: bool = True) -> Workload:
    """The workload of one of the sources in the folder, with its workforce file or without."""
    people = read_workforce(folder / "workforce.csv") if workforce else None
    return run_workload(
        read_source(folder / source, as_at=AS_AT), scheme=scheme(), workforce=people
    )


def council(folder: Path, faults: list[str], seed: int = 5) -> Path:
    """A made-up council as a dataset, a workbook and a workforce file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = make_council(seed=seed, faults=faults)
    write_ssd(made, folder / "ssd", parquet=True)
    write_annex_a(made, folder / "annex_a.xlsx", messy=False)
    write_workforce(made, folder / "workforce.csv")
    return folder
