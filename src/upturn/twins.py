"""The twin of the public face: fit one to a service, and simulate its futures.

The command line's ``upturn twin`` has the same verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from upturn.verbs.given import Counted, clocks_of, people_in, service_in, worded

if TYPE_CHECKING:
    from polars import DataFrame

    from upturn.journeys.result import Check
    from upturn.twin.fitted import Fitted
    from upturn.twin.opening import Opening
    from upturn.twin.parameters import Department
    from upturn.twin.projection import Projection

__all__ = ["fit", "run"]


def fit(
    source: str | Path | Sequence[str | Path],
    *,
    workforce: str | Path | None = None,
    periods: Sequence[str] = (),
    department: str | Path | None = None,
    out: str | Path | None = None,
    simulations: int = 250,
    seed: int = 1,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Counted | None = None,
) -> Fitted:
    """Make a twin of a service: read from its extract what can be read, infer the rest, say what is left.

    ``workforce`` is a file of posts, leavers and absence. ``periods`` are stretches of months in order, such
    as ``["2025-04..2025-09", "2025-10..2026-03"]``; without them the latest twelve months that are held.
    ``department`` is a file of values of your own: those tagged *yours* are taken as they stand.
    ``simulations`` services are simulated in each of thirteen rounds and each period; the same ``seed`` gives
    the same fit.
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
    from upturn.twin.fit import fit as fitted_to
    from upturn.twin.parameters import read_department

    # The small files first: a slip in one is known before the extract is read.
    stretches = [parse_period(text) for text in periods]
    given = None if department is None else read_department(department)
    people = people_in(workforce)
    say = worded(progress)
    check = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets, progress=say
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
    open_work: str | Path | Sequence[str | Path] | None = None,
    usual_state: bool = False,
    workforce: str | Path | None = None,
    out: str | Path | None = None,
    on: str = "threads",
    start: str | None = None,
    seed: int = 1,
    extract: str | Path | None = None,
    progress: Counted | None = None,
) -> Projection:
    """Simulate what becomes of a service, doing nothing and under each scenario, by the same chance.

    ``service`` is a fit or the file of one (``twin_fit.json``), a department's file, or an extract, which is
    fitted first; without one, the example service. ``scenarios`` are files of changes. Every run starts from
    the open work of the extract: of the one given as ``service``, or as ``open_work`` beside a fit. Without
    either, or with ``usual_state``, it starts from the state that the service would have settled in.
    ``workforce`` is a file of posts, for the fit of an extract and for who is in post on its day. ``on`` is
    threads, processes or ``dask://HOST:PORT``; the result is the same on all. ``start`` is the first month
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
    begun = _subject(service, open_work, usual_state, workforce, seed, progress)
    with executor_on(on) as executor:
        found = project(
            begun.service, scenarios=chosen, start=_start(begun, start), months=12 * years, reps=reps,
            seed=seed, opening=begun.opening, executor=executor,
            progress=None if progress is None else _simulating(progress),
        )  # fmt: skip
    if found is None:
        raise KeyboardInterrupt
    if out is not None:
        from upturn.render.twin_outputs import write_projection

        write_projection(found, Path(out), progress=worded(progress))
    if extract is not None:
        from upturn.render.simulated_outputs import write_extracts
        from upturn.twin.future import simulated_extracts

        write_extracts(simulated_extracts(found), Path(extract), progress=worded(progress))
    return found


class _Subject(NamedTuple):
    """What is simulated, and the open work that it starts from, if it does."""

    service: Fitted | Department
    opening: Opening | None


def _subject(
    service: str | Path | Fitted | Department | None,
    open_work: str | Path | Sequence[str | Path] | None,
    usual_state: bool,
    workforce: str | Path | None,
    seed: int,
    progress: Counted | None,
) -> _Subject:
    """What is to be simulated and where it starts, from whatever names them."""
    from upturn.records.sheets import SourceError
    from upturn.twin.fit import fit as fitted_to

    if usual_state and open_work is not None:
        raise SourceError("open work and the usual state were both asked for: a run has one start")
    known = _known_service(service)
    if known is not None and open_work is None and workforce is not None:
        raise SourceError("a workforce file goes with an extract: give the extract as open work")
    people = people_in(workforce)
    say = worded(progress)
    of_service = None
    if known is None:
        assert isinstance(service, (str, Path))
        of_service = clocks_of(service, progress=say)
        known = fitted_to(of_service, workforce=people, seed=seed, progress=progress)
    check = of_service if open_work is None else clocks_of(open_work, progress=say)
    if check is None or usual_state:
        return _Subject(known, None)
    return _Subject(known, _opening(check, people))


def _opening(check: Check, people: DataFrame | None) -> Opening:
    from upturn.records.sheets import SourceError
    from upturn.twin.today import opening

    found = opening(check, workforce=people)
    if not found.counts["open children"]:
        raise SourceError(
            f"{found.source_name}: no child is open on {found.as_at} for a future to start from; the "
            "service's usual state can be asked for instead"
        )
    return found


def _known_service(service: str | Path | Fitted | Department | None) -> Fitted | Department | None:
    """A fit or a department, from whatever names it; None for an extract, which has to be fitted."""
    from upturn.twin.parameters import department

    if service is None:
        return department()
    if not isinstance(service, (str, Path)):
        return service
    is_known = Path(service).suffix.lower() in (".yaml", ".yml", ".json")
    return service_in(service) if is_known else None


def _start(begun: _Subject, text: str | None) -> date:
    """The first simulated month: the one asked for, the one after the extract, or the example's."""
    from upturn.causes.periods import parse_period
    from upturn.rulebooks.calendar import add_months
    from upturn.twin.fitted import Fitted
    from upturn.twin.simulate import START

    if text is not None:
        return parse_period(text).start
    if begun.opening is not None:
        return add_months(begun.opening.as_at.replace(day=1), 1)
    subject = begun.service
    return add_months(subject.as_at.replace(day=1), 1) if isinstance(subject, Fitted) else START


def _simulating(progress: Counted) -> Callable[[int, int], None]:
    return lambda done, of: progress("Simulating", done, of)
