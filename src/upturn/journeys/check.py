"""The main job: an extract in, every clock out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from upturn.journeys import care, front_door, plans, protection
from upturn.journeys.clocks import clocks_of, coverage_of, sorted_log
from upturn.journeys.events import event_log
from upturn.journeys.reach import within_reach
from upturn.journeys.result import EVENTS, Check
from upturn.journeys.targets import with_targets_checked
from upturn.records.casebook import Casebook
from upturn.records.read import Sources, read_source
from upturn.rulebooks import Family, Rule, Rulebook, compile_families, load_rulebooks, rules_of
from upturn.rulebooks.calendar import basis_of

Say = Callable[[str], None]

#: Said of every check with due days past the bank holidays that were read in a published list.
ASSUMED_HOLIDAYS = (
    "Bank holidays from 2026 on are assumed: worked out from the standing rules, which a proclamation "
    "may change."
)

#: What draws each kind of episode from a casebook.
THREADS = (
    front_door.contacts,
    front_door.referrals,
    front_door.assessments,
    protection.enquiries,
    protection.conferences,
    plans.cp_plans,
    plans.children_in_need,
    care.care,
    care.care_leavers,
)


def run_check(
    source: Sources,
    *,
    as_at: date | None = None,
    overlays: Sequence[Path] = (),
    mapping: Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    due_within: int = 10,
    progress: Say | None = None,
) -> Check:
    """Read ``source``, one or several as one longer casebook, and run every clock on it.

    ``as_at`` defaults to the extract's own latest date; ``overlays`` are rulebooks of local rules;
    ``council`` chooses the rules that apply to one authority only; ``due_within`` is in working days.

    Raises SourceError for input that cannot be used and RulebookError for an overlay that is wrong.
    """
    rulebooks = load_rulebooks(overlays)
    casebook = read_source(source, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
    return check_casebook(
        casebook, rulebooks, council=council, due_within=due_within, progress=progress
    )


def check_casebook(
    casebook: Casebook,
    rulebooks: tuple[Rulebook, ...],
    *,
    council: str | None = None,
    due_within: int = 10,
    progress: Say | None = None,
) -> Check:
    """Every clock of a casebook under these rulebooks. Same casebook and rulebooks, same answer."""
    say = progress or (lambda _: None)
    casebook = with_targets_checked(casebook)
    say("Drawing up each child's events")
    log = sorted_log(log_of(casebook))
    rules = rules_of(rulebooks, council=council)
    families = testable(rules, casebook.source)
    say("Running the clocks")
    clocks, missed = clocks_of(log, families, as_at=casebook.as_at, due_within=due_within)
    clocks = within_reach(clocks, casebook, {rule.ref: rule for rule in rules})
    return Check(
        casebook=_with_assumed_holidays_said(casebook, clocks),
        clocks=clocks,
        events=log.select(EVENTS.keys()),
        coverage=coverage_of(rules, families, clocks, missed, source=casebook.source),
        rules={rule.ref: rule for rule in rules},
        rulebooks=rulebooks,
        due_within=due_within,
    )


def _with_assumed_holidays_said(casebook: Casebook, clocks: pl.DataFrame) -> Casebook:
    """The casebook with a note when due days rest on bank holidays that were worked out, not published."""
    due = clocks["due_on"].drop_nulls().unique().to_list()
    if not any(basis_of(day) == "standing rules" for day in due):
        return casebook
    return replace(casebook, notes=(*casebook.notes, ASSUMED_HOLIDAYS))


def log_of(casebook: Casebook) -> pl.DataFrame:
    """One event log for all the children of a casebook."""
    return event_log(part for draw in THREADS for part in draw(casebook))


def testable(rules: Sequence[Rule], source: str) -> list[Family]:
    """The rules that ``source`` can test at least in part, compiled."""
    return compile_families(r for r in rules if r.covered_by(source).tested != "none")
