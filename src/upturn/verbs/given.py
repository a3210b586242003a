"""What the user gives beside an extract: the workforce file, and a fit or department made before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from upturn.twin.fitted import Fitted
    from upturn.twin.parameters import Department


def people_in(workforce: str | Path | None) -> pl.DataFrame | None:
    """The spells of a workforce file; None without one. Raises SourceError for a file that cannot be used."""
    from upturn.workload.workforce import read_workforce

    return None if workforce is None else read_workforce(Path(workforce)).spells


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
