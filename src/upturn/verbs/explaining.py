"""Why an outcome changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from upturn.verbs.given import (
    NEAR_FIT,
    QUICK_FIT,
    QUICK_ROUNDS,
    Progress,
    about,
    clocks_of,
    service_in,
    workforce_in,
)

if TYPE_CHECKING:
    import polars as pl

    from upturn.causes.model import Why
    from upturn.journeys.result import Check
    from upturn.records.read import Sources
    from upturn.twin.fitted import Fitted, Period
    from upturn.workload.workforce import Workforce


def why(
    source: Sources,
    *,
    outcome: str = "assessment-lateness",
    from_period: str | None = None,
    to_period: str | None = None,
    against: Literal["england"] | None = None,
    workforce: str | Path | None = None,
    fit: str | Path | None = None,
    spiral: bool = True,
    out: str | Path | None = None,
    seed: int = 1,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Why:
    """Say why an outcome changed from one period to another, or differs from England.

    ``outcome`` is one of `upturn.twin.series.OUTCOMES`, such as ``"assessment-lateness"``. ``from_period``
    and ``to_period`` are months, such as ``"2025-04..2025-09"``, ``"2025Q1"``, ``"2025"`` or ``"2024/25"``;
    without them, the same months of the latest two years that are held, or the latest months and as many
    before them. With ``against="england"`` the service in ``to_period`` is held against the published
    figures. ``workforce`` is a file of posts, leavers and absence; ``fit`` a fit (``twin_fit.json``) or a
    department (YAML), without which a quick fit is made on the way. ``spiral=False`` leaves out whether the
    service recovers by itself, which takes a third of the time. The same ``seed`` gives the same answer.
    ``source``, ``as_at``, ``overlays``, ``mapping``, ``council`` and ``sheets`` are those of `check`. With
    ``out``, the page, the Word document, the workbook, the CSV files and the JSON are written there.

    Returns a `upturn.causes.model.Why`: ``.answer`` in words, ``.causes`` with shares and intervals. Raises
    `SourceError` for input that cannot be used, `RulebookError` for a wrong overlay or department and
    `OutputError` when ``out`` cannot be written.

    >>> why("no-such-file.xlsx", outcome="lateness")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: 'lateness' is not an outcome; it is one of ...
    """
    from upturn.causes.early import early_signs
    from upturn.causes.periods import check_length, chosen_periods
    from upturn.causes.record import require_months
    from upturn.causes.simulator import twin
    from upturn.causes.spiral import spiral as pushed
    from upturn.causes.waiting import waiting_in_records
    from upturn.causes.why import explain, known_outcome
    from upturn.rulebooks.calendar import day_number
    from upturn.twin.summaries import recorded
    from upturn.verbs.enough import require_cases

    # What can be wrong without reading the extract is known before it is read.
    known_outcome(outcome)
    periods = _parsed(from_period, to_period, against)
    staff = workforce_in(workforce)
    people = None if staff is None else staff.spells
    given = None if fit is None else service_in(fit)
    check = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets,
        progress=progress,
    )  # fmt: skip
    record = recorded(check, workforce=people)
    before, after = chosen_periods(record.months, *periods, england=against is not None)
    compared = (after,) if before is None else (before, after)
    require_months(record, *compared)
    require_cases(record, outcome, compared)
    if given is None:
        check_length(compared[0])
        given = _quick_fit(check, people, compared[0], seed, progress)

    def recovers(values: Any) -> Any:
        signs = early_signs(check.casebook, first=day_number(record.months[0]), seed=seed)
        return pushed(values, twin(after.start), signs=signs, seed=seed)

    found = explain(
        record, outcome=outcome, before=before, after=after, fitted=given,
        simulate=twin(compared[0].start), seed=seed, progress=progress,
        spiral=recovers if spiral else None,
        about={**about(check, _notes(staff, fit is None)),
               "waiting": waiting_in_records(check.casebook, before, after)},
    )  # fmt: skip
    if out is not None:
        from upturn.render.why_outputs import write_why

        write_why(found, Path(out), progress=progress)
    return found


def _parsed(
    before: str | None, after: str | None, against: str | None
) -> tuple[Period | None, Period | None]:
    from upturn.causes.periods import check_order, parse_period
    from upturn.records.sheets import SourceError

    if against not in (None, "england"):
        raise SourceError(
            f"a service is held against 'england' or its own past; {against!r} is neither"
        )
    if against and before:
        raise SourceError("give an earlier period or against England, not both")
    first = None if before is None else parse_period(before)
    then = None if after is None else parse_period(after)
    if first is not None and then is not None:
        check_order(first, then)
    return first, then


def _quick_fit(
    check: Check, people: pl.DataFrame | None, period: Period, seed: int, progress: Progress | None
) -> Fitted:
    """A fit of one period: at least three months, as many as the fit needs."""
    from upturn.twin.fit import fit as fitted_to

    tell = (
        None if progress is None else (lambda text, done, of: progress(f"{text}: {done} of {of}"))
    )
    return fitted_to(
        check,
        workforce=people,
        periods=[period],
        seed=seed,
        simulations=QUICK_FIT,
        rounds=QUICK_ROUNDS,
        narrow=NEAR_FIT,
        progress=tell,
    )


def _notes(staff: Workforce | None, quick: bool) -> list[str]:
    notes = []
    if staff is None:
        notes.append(
            "No workforce file was given: posts, vacancies, agency, leavers and sickness can only be told by "
            "what they do to the work, and not from one another."
        )
    elif staff.lost:
        notes.append(f"{staff.lost}; upturn workload says which, and why.")
    if quick:
        notes.append(
            f"The twin was fitted on the way, quickly ({QUICK_FIT} services a round); upturn twin fit does "
            "it with more, and says what it could not tell."
        )
    return notes
