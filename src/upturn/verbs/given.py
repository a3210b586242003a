"""What the user gives, read the same way by every verb: extract, workforce file, fit or department."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from upturn.journeys.result import Check
    from upturn.records.read import Sources
    from upturn.twin.fitted import Fitted
    from upturn.twin.parameters import Department
    from upturn.workload.workforce import Workforce

#: Told what is being done.
Progress = Callable[[str], None]
#: Told what is being done, how much of it is done and how much there is.
Counted = Callable[[str, int, int], None]

#: Simulated services of a fit that is made on the way, and how often they are moved towards the record.
QUICK_FIT = 150
QUICK_ROUNDS = 6
#: It looks in this share of each range, about the catalogue's value: so few runs cannot search more, and
#: what the extract does not tell should then lie near what is usual.
NEAR_FIT = 0.5


def clocks_of(
    source: Sources,
    *,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    due_within: int = 10,
    progress: Progress | None = None,
) -> Check:
    """`upturn.journeys.check.run_check`, its files named by text or path. Raises what that raises."""
    from upturn.journeys.check import run_check

    return run_check(
        source,
        as_at=as_at,
        overlays=[Path(overlay) for overlay in overlays],
        mapping=path_of(mapping),
        council=council,
        sheets=sheets,
        due_within=due_within,
        progress=progress,
    )


def path_of(file: str | Path | None) -> Path | None:
    """The path of a file that may be named or left out.

    >>> path_of(None) is None
    True
    """
    return None if file is None else Path(file)


def workforce_in(workforce: str | Path | None) -> Workforce | None:
    """A workforce file as read; None without one. Raises SourceError for a file that cannot be used."""
    from upturn.workload.workforce import read_workforce

    return None if workforce is None else read_workforce(Path(workforce))


def people_in(workforce: str | Path | None) -> pl.DataFrame | None:
    """The spells of a workforce file; None without one. Raises SourceError for a file that cannot be used."""
    read = workforce_in(workforce)
    return None if read is None else read.spells


def about(check: Check, notes: Sequence[str]) -> dict[str, Any]:
    """Which extract an answer rests on, and what is to be said of it."""
    book = check.casebook
    return {
        "source_name": book.source_name,
        "sha256": book.sha256,
        "as_at": book.as_at,
        "notes": list(notes),
    }


def worded(progress: Counted | None) -> Progress | None:
    """A teller of words where there is one of words and counts."""
    return None if progress is None else (lambda text: progress(text, 0, 0))


def service_in(fit: str | Path) -> Fitted | Department:
    """A fit or a department, by the ending of its name. Raises SourceError or RulebookError.

    >>> service_in("no-such-fit.json")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-fit.json: there is no such file
    """
    from upturn.records.sheets import SourceError
    from upturn.twin.fitted import load_fitted
    from upturn.twin.parameters import read_department

    if not Path(fit).is_file():
        raise SourceError(f"{fit}: there is no such file")
    if Path(fit).suffix.lower() in (".yaml", ".yml"):
        return read_department(fit)
    return load_fitted(fit)
