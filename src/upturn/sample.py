"""Samples of the public face: which populations there are, a draw, and what it says of the population.

The command line's ``upturn sample`` has the same verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from upturn.inspection.estimate import Estimate
    from upturn.inspection.frame import Population
    from upturn.inspection.sampling import Sample
    from upturn.records.read import Sources

__all__ = ["draw", "estimate", "populations"]


def populations() -> pl.DataFrame:
    """What a sample can be drawn from: the population's name for commands, and what it is.

    >>> populations().columns
    ['population', 'name', 'table']
    """
    import polars as pl

    from upturn.inspection.frame import populations as known

    return pl.DataFrame(
        [{"population": p.id, "name": p.name, "table": p.table} for p in known().values()]
    )


def draw(
    source: Sources,
    *,
    population: str,
    kind: str = "random",
    size: int | None = None,
    precision: float = 0.1,
    by: Sequence[str] = (),
    exclude: str | Path | None = None,
    restricted: str | Path | None = None,
    audited: str | Path | None = None,
    audited_within: int = 183,
    not_workers: Sequence[str] = (),
    seed: int = 1,
    as_at: date | None = None,
    mapping: str | Path | None = None,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Sample:
    """Draw a sample of ``population`` from the extract in ``source``, by the rule ``kind``.

    ``kind`` is random, stratified (in proportion to the strata of ``by``), risk (likelier where clocks are
    late) or tracking (spread over strata and workers, to follow whole journeys; it speaks for nobody
    else). Without a ``size``, as many as estimate a share to within ``precision``. ``exclude`` is a file
    of children to leave out, ``restricted`` one of children whose records only named people may see (counted,
    never named), ``audited`` one of children and dates: those audited in the ``audited_within`` days to the
    as-at date are left out; ``not_workers`` are the auditors' own names. With ``out`` the list to fill
    in, the whole frame and the record of the draw are written there. Same extract and ``seed``, same
    children. ``as_at`` and ``mapping`` are as for `upturn.check`.

    Raises `SourceError` for what cannot be read or drawn and `OutputError` when ``out`` cannot be written.

    >>> draw("no-such-file.xlsx", population="referrals")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.inspection import results, sampling
    from upturn.inspection.frame import exclusions, frame_of
    from upturn.journeys.check import run_check

    chosen = _population(population)
    named = results.read_excluded(Path(exclude)) if exclude else {}
    hidden = results.read_excluded(Path(restricted)) if restricted else {}
    seen = results.read_audited(Path(audited)) if audited else {}
    check = run_check(
        source, as_at=as_at, mapping=Path(mapping) if mapping else None, progress=progress
    )
    excluded = exclusions(
        named=named, restricted=hidden, audited=seen, as_at=check.as_at, within=audited_within
    )
    frame = frame_of(check, chosen, excluded=excluded, not_workers=not_workers)
    if size is None:
        size = sampling.size_for(frame["left_out"].null_count(), precision=precision)
    sample = sampling.draw(frame, kind=sampling.a_kind(kind), size=max(size, 1), seed=seed, by=by)
    sample = results.recorded(sample, check, population=chosen.id)
    if out is not None:
        from upturn.render.sample import write_sample

        write_sample(sample, frame, Path(out))
    return sample


def estimate(audited: str | Path) -> Estimate:
    """What a filled-in list says of the population it was drawn from, with a 95 per cent interval.

    ``audited`` is the ``sample.csv`` or ``sample.xlsx`` that `draw` wrote, with yes or no under
    ``found``; ``sample.json`` must be beside it, for the size of the population.

    Raises `SourceError` for a list that is not ours, or has no answer yet.

    >>> estimate("no-such-file.csv")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    from upturn.inspection.estimate import estimate as estimated
    from upturn.inspection.results import read_population, read_results

    path = Path(audited)
    drawn, found = read_results(path)
    return estimated(drawn, found, population=read_population(path))


def _population(name: str) -> Population:
    from upturn.inspection.frame import populations as known

    if name not in known():
        raise _refusal(f"There is no population {name!r}; there are {', '.join(known())}.")
    return known()[name]


def _refusal(message: str) -> Exception:
    from upturn.records.sheets import SourceError

    return SourceError(message)
