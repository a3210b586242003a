"""The dataset's tables of a made-up council, and the folder they are written to."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from upturn.rulebooks.calendar import add_months
from upturn.synthetic.annex_a.write import save
from upturn.synthetic.council import Council
from upturn.synthetic.ssd import care, people, services

Tables = Mapping[str, pl.DataFrame]

_MADE: dict[str, Callable[[Tables], pl.DataFrame]] = {
    "ssd_person": people.person,
    "ssd_disability": people.disability,
    "ssd_immigration_status": people.immigration,
    "ssd_family": people.family,
    "ssd_department": people.department,
    "ssd_professionals": people.professionals,
    "ssd_involvements": people.involvements,
    "ssd_contacts": services.contacts,
    "ssd_early_help_episodes": services.early_help,
    "ssd_cin_episodes": services.referrals,
    "ssd_cin_assessments": services.assessments,
    "ssd_s47_enquiry": services.enquiries,
    "ssd_initial_cp_conference": services.conferences,
    "ssd_cin_plans": services.cin_plans,
    "ssd_cin_visits": services.cin_visits,
    "ssd_cp_plans": services.cp_plans,
    "ssd_cp_visits": services.cp_visits,
    "ssd_cp_reviews": services.cp_reviews,
    "ssd_pre_proceedings": services.pre_proceedings,
    "ssd_cla_episodes": care.cla_episodes,
    "ssd_cla_placement": care.placements,
    "ssd_cla_reviews": care.reviews,
    "ssd_cla_visits": care.visits,
    "ssd_cla_health": care.health,
    "ssd_legal_status": care.legal_status,
    "ssd_missing": care.missing,
    "ssd_care_leavers": care.care_leavers,
    "ssd_permanence": care.permanence,
}
#: Years an extract reaches back.
YEARS = 6
_ENDS = ("_end_date", "_close_date", "_ceased_date", "_auth_date")
_TEAM = ("_team", "_allocated_team")
_WORKER = ("_worker_id",)


def ssd_tables(council: Council) -> dict[str, pl.DataFrame]:
    """The council's tables of the dataset by name: dates as dates, teams and workers by number.

    Everything the council did is in them, not only the latest of it. What the tables of truth do not
    hold (names, addresses, outcomes in words) is left out.
    """
    truth = {
        name: value for name, value in vars(council).items() if isinstance(value, pl.DataFrame)
    }
    since = add_months(council.as_at, -12 * YEARS)
    made = {name: _recent(make(truth), since) for name, make in _MADE.items()}
    teams = made["ssd_department"].select("dept_team_name", "dept_team_id").rows()
    workers = truth["workers"].select("worker", "worker_id").rows()
    return {name: _by_number(t, dict(teams), dict(workers)) for name, t in made.items()}


def _recent(table: pl.DataFrame, since: date) -> pl.DataFrame:
    """What an extract that reaches back to ``since`` holds: what is open, and what is not over by then."""
    days = [c for c, dtype in table.schema.items() if dtype == pl.Date and c != "pers_dob"]
    if not days:
        return table
    still = [pl.col(c).is_null() for c in days if c.endswith(_ENDS)]
    recent = pl.max_horizontal(days).fill_null(since) >= since
    return table.filter(pl.any_horizontal(recent, *still))


def _by_number(table: pl.DataFrame, teams: dict[str, str], workers: dict[str, str]) -> pl.DataFrame:
    """The names in the columns of teams and workers as the numbers a case system gives them."""
    named = [
        pl.col(c).replace(teams if c.endswith((*_TEAM, "by_team")) else workers)
        for c in table.columns
        if c.endswith((*_TEAM, "by_team", *_WORKER)) and not c.startswith("prof_")
    ]
    return table.with_columns(named)


def write_ssd(council: Council, folder: Path, *, parquet: bool = False) -> None:
    """Write the council's extract of the dataset: a CSV or Parquet file for each table.

    Dates are written as the dataset has them, with a time of midnight. Faults of practice are there,
    faults of data are not. The same council gives the same files. The folder is made if it is not there.

    Raises OSError when the folder cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from upturn.synthetic import make_council
    >>> with TemporaryDirectory() as folder:
    ...     write_ssd(make_council(faults=[]), Path(folder))
    ...     (Path(folder) / "ssd_cp_visits.csv").is_file()
    True
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in ssd_tables(council).items():
        days = [c for c, dtype in table.schema.items() if dtype == pl.Date]
        timed = table.with_columns(pl.col(days).cast(pl.Datetime("ms")))
        buffer = io.BytesIO()
        if parquet:
            timed.write_parquet(buffer)
        else:
            timed.write_csv(buffer, datetime_format="%Y-%m-%d %H:%M:%S")
        save(buffer.getvalue(), folder / f"{name}.{'parquet' if parquet else 'csv'}")
