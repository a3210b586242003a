"""What a fit has to say for itself: each value with its interval and tag; in words what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from upturn.twin.fitted import OBSERVED, Fitted, Reading, Tag
from upturn.twin.inference import Posterior
from upturn.twin.series import COLUMN, OUTCOMES, SERIES
from upturn.twin.spans import Floats
from upturn.twin.summaries import Recorded
from upturn.twin.unknowns import NOT_IDENTIFIED, Place

#: Quantiles of the middle and of a 90 % interval.
_AT = (0.05, 0.5, 0.95)
CANNOT = "cannot be told from this extract"


def readings_of(
    nth: int,
    places: Sequence[Place],
    draws: Floats,
    sought: Sequence[int],
    posterior: Posterior | None,
    moved: Sequence[bool],
    before: Sequence[Reading],
) -> list[Reading]:
    """One reading for each parameter of period ``nth``; ``moved`` says which were sought as a change."""
    was = {r.parameter: r for r in before if r.period == nth - 1}
    found = []
    for n, place in enumerate(places):
        if posterior is None or n not in sought:
            found.append(_plain(nth, place))
            continue
        k = list(sought).index(n)
        width = float(posterior.width[k])
        settled = bool(posterior.known[k])
        low, middle, high = (float(q) for q in np.quantile(draws[:, n], _AT))
        if place.how == "read":
            found.append(_settled(nth, place, (low, middle, high), width, True, place.words))
        elif moved[k] and not settled:
            found.append(_as_before(nth, place, (low, middle, high), width, was))
        else:
            words = _words(place, width, settled)
            found.append(_settled(nth, place, (low, middle, high), width, settled, words))
    return found


def _plain(nth: int, place: Place) -> Reading:
    """A value that no simulation touched."""
    return Reading(place.parameter.name, nth, place.value, place.low, place.high, place.tag, place.how,
                   place.n, place.how in ("read", "given"), 1.0 if place.how == "default" else 0.0,
                   place.source, place.words)  # fmt: skip


def _settled(
    nth: int,
    place: Place,
    ends: tuple[float, float, float],
    width: float,
    known: bool,
    words: str,
) -> Reading:
    """What was read, or inferred. Where nothing was learnt the middle is that of the runs that fit."""
    low, middle, high = ends
    p = place.parameter
    if known:
        return Reading(p.name, nth, middle, low, high, "extract", place.how, place.n, True, width,
                       place.source, words)  # fmt: skip
    tag: Tag = "published" if p.tag == "published" else "assumed"
    return Reading(p.name, nth, middle, low, high, tag, place.how, 0, False, width, p.source,
                   words)  # fmt: skip


def _as_before(
    nth: int,
    place: Place,
    ends: tuple[float, float, float],
    width: float,
    was: Mapping[str, Reading],
) -> Reading:
    """No sign that it changed since the period before."""
    low, middle, high = ends
    old = was[place.parameter.name]
    words = "as in the period before: whether it changed " + CANNOT
    return Reading(place.parameter.name, nth, middle, low, high, old.tag, place.how, 0, old.known, width,
                   old.source, words)  # fmt: skip


def _words(place: Place, width: float, known: bool) -> str:
    if not known:
        return f"{CANNOT}: the records leave {100 * min(width, 1):.0f} % of the range it was looked for in"
    return f"by simulation; the records leave {100 * min(width, 1):.0f} % of the range it was looked for in"


def observed_frame(recorded: Recorded) -> pl.DataFrame:
    """The months as recorded, with the schema `upturn.twin.fitted.OBSERVED`: series, then outcomes."""
    rows: list[tuple[object, ...]] = []
    for name, values in recorded.monthly.items():
        told = _basis(recorded, name)
        rows += _rows(recorded, "series", name, values, told)
    monthly = np.full((len(recorded.months), len(SERIES)), np.nan)
    for name, values in recorded.monthly.items():
        if name in COLUMN:
            monthly[:, COLUMN[name]] = values
    for name, outcome in OUTCOMES.items():
        values = np.asarray(outcome(monthly), dtype=float)
        if np.isfinite(values).any():
            rows += _rows(recorded, "outcome", name, values, _below(recorded, name))
    return pl.DataFrame(rows, schema=OBSERVED, orient="row")


def _rows(
    recorded: Recorded, kind: str, name: str, values: Floats, told: Floats | None
) -> list[tuple[object, ...]]:
    return [
        (
            month,
            kind,
            name,
            float(value) if np.isfinite(value) else None,
            None if told is None or not np.isfinite(told[n]) else round(float(told[n])),
        )
        for n, (month, value) in enumerate(zip(recorded.months, values, strict=True))
    ]


def _basis(recorded: Recorded, name: str) -> Floats | None:
    """A count rests on itself; a mean of days on nothing that can be counted."""
    how = {s.name: s.how for s in SERIES}.get(name, "day mean")
    return recorded.monthly[name] if how == "sum" else None


_OF = {"assessment-lateness": "assessments_ended", "assessment-days": "assessments_ended",
       "conference-lateness": "conferences_held", "rereferral-share": "referrals"}  # fmt: skip


def _below(recorded: Recorded, outcome: str) -> Floats | None:
    return recorded.monthly.get(_OF.get(outcome, ""))


def notes_of(fitted: Fitted, recorded: Recorded, coverage: Sequence[Floats]) -> tuple[str, ...]:
    """Sentences on what this fit can and cannot tell."""
    last = len(fitted.periods) - 1
    mine = {r.parameter for r in fitted.readings if r.how == "given"}
    notes = [words for name, words in NOT_IDENTIFIED.items() if name not in mine]
    unknown = [r.parameter for r in fitted.unknown]
    if unknown:
        named = ", ".join(n.replace("section47", "section 47").replace("_", " ") for n in unknown)
        notes.append(
            f"{len(unknown)} of the parameters looked for cannot be told from this extract: "
            f"{named}. Each keeps its tag, and a range nearly as wide as it was."
        )
    if recorded.missing:
        names = ", ".join(sorted(n.replace("_", " ") for n in recorded.missing))
        notes.append(f"The source does not tell these series: {names}.")
    off = [c for c in fitted.checks if c.period == last and not c.inside]
    if off:
        named = ", ".join(c.summary.lower() for c in off[:6])
        notes.append(
            f"{len(off)} of {sum(c.period == last for c in fitted.checks)} summaries lie outside what the "
            f"fitted twin makes nine times in ten: {named}. Read what rests on them with care."
        )
    values = np.concatenate([c[np.isfinite(c)] for c in coverage]) if coverage else np.empty(0)
    if values.size:
        notes.append(
            "Simulated services near this one were taken for the record in turn: "
            f"{100 * values.mean():.0f} % of the 90 % intervals held the value they were simulated with."
        )
    return tuple(notes)
