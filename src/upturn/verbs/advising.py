"""What would turn it round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from upturn.verbs.given import (
    NEAR_FIT,
    QUICK_FIT,
    QUICK_ROUNDS,
    Counted,
    about,
    clocks_of,
    service_in,
    worded,
    workforce_in,
)

if TYPE_CHECKING:
    from upturn.records.read import Sources
    from upturn.remedies.advice import Advice
    from upturn.workload.workforce import Workforce


def advise(
    source: Sources,
    *,
    budget: float,
    goal: str,
    costs: str | Path,
    months: int | None = None,
    workforce: str | Path | None = None,
    fit: str | Path | None = None,
    usual_state: bool = False,
    out: str | Path | None = None,
    seed: int = 1,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Counted | None = None,
) -> Advice:
    """Search for the mix of remedies that meets a goal most surely within a budget, and say what it rests on.

    ``budget`` is pounds over ``months``; without ``months``, over the whole years that hold the goal's
    deadline. ``goal`` is in words: ``"assessments in time >= 90% within 9 months"``. ``costs`` is a file of
    your prices (YAML or CSV): there is no default for money; `upturn.remedy.example_costs` writes an example
    of the form. ``workforce`` is a file of posts, leavers and absence; ``fit`` a fit (``twin_fit.json``) or
    a department (YAML), without which one is fitted on the way. Every run begins with the open work
    of the extract where the twin was fitted to as much; with ``usual_state`` it begins in the state that the
    service would have settled in. The same ``seed`` gives the same answer. ``source``, ``as_at``,
    ``overlays``, ``mapping``, ``council`` and ``sheets`` are those of `check`. With ``out``, the page, the
    Word document, the workbook, the CSV files and the JSON are written there.

    Returns a `upturn.remedies.advice.Advice`: ``.answer`` in words, ``.options`` with chance, cost and risk,
    doing nothing among them. Raises `SourceError` for input that cannot be used, `RulebookError` for a
    wrong overlay or department and `OutputError` when ``out`` cannot be written.

    >>> advise("no-such-file.xlsx", budget=1_500_000, goal="be better", costs="costs.yaml")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: 'be better' is not a goal; write a goal as ...
    """
    from upturn.remedies.advise import advise as search
    from upturn.remedies.costs import read_costs
    from upturn.remedies.goal import parse_goal

    # What can be wrong without reading the extract is known before it is read.
    aim, prices = parse_goal(goal), read_costs(costs)
    staff, given = workforce_in(workforce), None if fit is None else service_in(fit)
    people = None if staff is None else staff.spells
    say = worded(progress)
    check = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets,
        progress=say,
    )  # fmt: skip
    if given is None:
        from upturn.twin.fit import fit as fitted_to
        from upturn.twin.summaries import recorded
        from upturn.verbs.enough import require_referrals

        require_referrals(recorded(check))
        given = fitted_to(
            check, workforce=people, seed=seed, simulations=QUICK_FIT, rounds=QUICK_ROUNDS,
            narrow=NEAR_FIT, progress=progress,
        )  # fmt: skip
    if usual_state:
        open_work = None
    else:
        from upturn.twin.today import opening

        open_work = opening(check, workforce=people)
    found = search(
        given, budget=budget, goal=aim, costs=prices, months=months, seed=seed, opening=open_work,
        progress=progress, about=about(check, _notes(staff, fit is None)),
    )  # fmt: skip
    if out is not None:
        from upturn.render.remedies_outputs import write_remedies

        write_remedies(found, Path(out), progress=say)
    return found


def _notes(staff: Workforce | None, quick: bool) -> list[str]:
    notes = []
    if staff is None:
        notes.append(
            "No workforce file was given: posts, vacancies, agency and leavers are then told only by what "
            "they do to the work, and remedies that move them rest on more that is assumed."
        )
    elif staff.lost:
        notes.append(f"{staff.lost}; upturn workload says which, and why.")
    if quick:
        notes.append(
            f"The twin was fitted on the way ({QUICK_FIT} services a round), near the catalogue's values; "
            "upturn twin fit searches the whole of each range, and says what it could not tell."
        )
    return notes
