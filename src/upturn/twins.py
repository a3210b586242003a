"""The twin of the public face: fit one to a service, and simulate its futures.

The command line's ``upturn twin`` has the same verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.twin.fitted import Fitted
    from upturn.twin.parameters import Department
    from upturn.twin.projection import Projection

__all__ = ["fit", "run"]

#: Told what is being done, how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]


def fit(
    source: str | Path | Sequence[str | Path],
    *,
    workforce: str | Path | None = None,
    periods: Sequence[str] = (),
    department: str | Path | None = None,
    out: str | Path | None = None,
    simulations: int = 500,
    seed: int = 1,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Make a twin of a service: read from its extract what can be read, infer the rest, say what is left.

    ``workforce`` is a file of posts, leavers and absence. ``periods`` are stretches of months in order, such
    as ``["2025-04..2025-09", "2025-10..2026-03"]``; without them the latest twelve months that are held.
    ``department`` is a file of values of your own: those tagged *yours* are taken as they stand.
    ``simulations`` is for each of five rounds and each period; the same ``seed`` gives the same fit.
    ``source``, ``as_at``, ``overlays``, ``mapping``, ``council`` and ``sheets`` are those of `upturn.check`.
    With ``out``, the page, the workbook, the CSV files, the fit itself and the department are written there.

    Returns a `upturn.twin.fitted.Fitted`. Raises `SourceError` for input that cannot be used or holds too
    little, `RulebookError` for a wrong department and `OutputError` when ``out`` cannot be written.

    >>> fit("no-such-file.xlsx")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.causes.periods import parse_period
    from upturn.journeys.check import run_check
    from upturn.twin.fit import fit as fitted_to
    from upturn.twin.parameters import read_department
    from upturn.workload.workforce import read_workforce

    # The small files first: a slip in one is known before the extract is read.
    stretches = [parse_period(text) for text in periods]
    given = None if department is None else read_department(department)
    people = None if workforce is None else read_workforce(Path(workforce)).spells
    say = None if progress is None else _worded(progress)
    check = run_check(
        source, as_at=as_at, overlays=[Path(o) for o in overlays],
        mapping=None if mapping is None else Path(mapping), council=council, sheets=sheets, progress=say,
    )  # fmt: skip
    found = fitted_to(
        check, workforce=people, periods=stretches or None, given=given, seed=seed,
        simulations=simulations, progress=progress,
    )  # fmt: skip
    if out is not None:
        from upturn.render.twin_outputs import write_fit

        write_fit(found, Path(out), progress=say)
    return found


def run(
    service: str | Path | Fitted | Department | None = None,
    *,
    years: int = 3,
    reps: int = 500,
    scenarios: Sequence[str | Path] = (),
    out: str | Path | None = None,
    on: str = "threads",
    start: str | None = None,
    seed: int = 1,
    extract: str | Path | None = None,
    progress: Progress | None = None,
) -> Projection:
    """Simulate what becomes of a service, doing nothing and under each scenario, by the same chance.

    ``service`` is a fit or the file of one (``twin_fit.json``), a department's file, or an extract, which is
    fitted first; without one, the example service. ``scenarios`` are files of changes. ``on`` is threads,
    processes or ``dask://HOST:PORT``; the result is the same on all. ``start`` is the first month
    (``"2026-10"``): without it, the month after the extract. ``years``, ``reps`` (replications) and ``seed``
    decide how much is simulated. With ``out``, the page, the workbook, the CSV files and the JSON are
    written there. With ``extract``, the first replication of each scenario is written there as an extract: a
    folder for each, in the form of the Standard Safeguarding Dataset with a workforce file, which every
    other command reads. An interruption from the keyboard gives what has been run until then.

    Returns a `upturn.twin.projection.Projection`. Raises `SourceError` for input that cannot be used,
    `RulebookError` for a wrong department or scenario and `OutputError` when ``out`` or ``extract`` cannot be
    written.

    >>> run("no-such-file.yaml")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-file.yaml: there is no such file
    """
    from upturn.twin.executors import executor_on
    from upturn.twin.projection import project
    from upturn.twin.scenario import read_scenario

    chosen = [read_scenario(path) for path in scenarios]
    subject = _service(service, seed, progress)
    with executor_on(on) as executor:
        found = project(
            subject, scenarios=chosen, start=_start(subject, start), months=12 * years, reps=reps,
            seed=seed, executor=executor,
            progress=None if progress is None else _simulating(progress),
        )  # fmt: skip
    if found is None:
        raise KeyboardInterrupt
    if out is not None:
        from upturn.render.twin_outputs import write_projection

        write_projection(found, Path(out), progress=None if progress is None else _worded(progress))
    if extract is not None:
        from upturn.render.simulated_outputs import write_extracts
        from upturn.twin.future import simulated_extracts

        say = None if progress is None else _worded(progress)
        write_extracts(simulated_extracts(found), Path(extract), progress=say)
    return found


def _service(
    service: str | Path | Fitted | Department | None, seed: int, progress: Progress | None
) -> Fitted | Department:
    """What is to be simulated, from whatever names it."""
    from upturn.records.sheets import SourceError
    from upturn.twin.fitted import load_fitted
    from upturn.twin.parameters import department, read_department

    if service is None:
        return department()
    if not isinstance(service, (str, Path)):
        return service
    kind = Path(service).suffix.lower()
    if kind in (".yaml", ".yml"):
        if not Path(service).is_file():
            raise SourceError(f"{service}: there is no such file")
        return read_department(service)
    if kind == ".json":
        return load_fitted(service)
    return fit(service, seed=seed, progress=progress)


def _start(subject: Fitted | Department, text: str | None) -> date:
    """The first simulated month: the one asked for, the one after the extract, or the example's."""
    from upturn.causes.periods import parse_period
    from upturn.rulebooks.calendar import add_months
    from upturn.twin.fitted import Fitted
    from upturn.twin.simulate import START

    if text is not None:
        return parse_period(text).start
    return add_months(subject.as_at.replace(day=1), 1) if isinstance(subject, Fitted) else START


def _worded(progress: Progress) -> Callable[[str], None]:
    return lambda text: progress(text, 0, 0)


def _simulating(progress: Progress) -> Callable[[int, int], None]:
    return lambda done, of: progress("Simulating", done, of)
