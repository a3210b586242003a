"""Made-up checks to render: one with every awkward thing in it, one empty, one as large as you like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from upturn.journeys.result import CLOCKS, COVERAGE, EVENTS, Check
from upturn.records.casebook import Casebook, ListCount
from upturn.records.quarantine import SCHEMA, nothing
from upturn.rulebooks.model import Coverage, Interval, Rule, Rulebook

AS_AT = date(2026, 9, 30)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://example.invalid","x")',
    "+44 20",
    "@SUM(A1)",
    "-17",
    "</noscript></script><b>x",
    "<r>rich</r>",
    "{{ 7 * 7 }}",
    "Ünïté 東京 🧒",
    "[red]team[/red] \x1b[31mred",
    "A/B:C*?[D]\\" + "x" * 40,
    "a/b:c*?[d]\\" + "x" * 50,
)
TEAMS = ("Assessment North", "Assessment South", "Child protection", "Looked after", None)

#: id, name, group, kind, episode, start and stop, interval, status, assumed
_RULES = (
    ("assessment-45-from-referral", "Assessment finished within 45 working days of the referral",
     "Assessment", "statutory", "referral", "referral", "assessment_authorised",
     Interval(45, "working_days"), "verified", False),
    ("assessment-45-from-start", "Assessment finished within 45 working days of its start",
     "Assessment", "statistic", "assessment", "assessment_started", "assessment_authorised",
     Interval(45, "working_days"), "verified", False),
    ("conference-15", "Initial child protection conference within 15 working days of the strategy discussion",
     "Conference", "statutory", "enquiry", "s47_started", "conference_held",
     Interval(15, "working_days"), "secondary", False),
    ("cp-review-first", "First review conference within 3 months of the initial conference",
     "Child protection plan", "statutory", "cp_plan", "plan_started", "cp_review",
     Interval(3, "months"), "verified", False),
    ("cp-visit", "Statutory visit every 10 working days", "Child protection plan", "local", "cp_plan",
     "plan_started", "cp_visit", Interval(10, "working_days"), "unverified", True),
    ("seen-alone", "Child seen alone at the latest visit", "Child protection plan", "local", "cp_plan",
     "plan_started", "seen_alone", None, "unverified", False),
    ("cin-seen", "Child in need seen every 20 working days", "Child in need", "local", "cin",
     "cin_started", "cin_seen", Interval(20, "working_days"), "draft", True),
    ("care-review", "Looked-after review within 20 working days", "Looked after", "statutory", "care",
     "care_started", "care_review", Interval(20, "working_days"), "verified", False),
)  # fmt: skip
_STATES = (
    ("met", 45), ("met late", 14), ("running", 12), ("due soon", 9), ("overdue", 11),
    ("cannot tell", 6), ("does not apply", 3),
)  # fmt: skip


def made_rules() -> dict[str, Rule]:
    made = {}
    for key, name, group, kind, episode, start, stop, within, status, assumed in _RULES:
        edition = "local-made-up" if kind == "local" else "working-together-2023"
        rule = Rule(
            key, edition, name, group, kind, "deadline" if within else "check", episode, start,
            (stop,), within, status, "Made-up source, section 4.9", assumed=assumed,
            applies_to="Every child it starts for", in_force_from=date(2023, 12, 15),
            coverage=(("annex_a", Coverage("part", "Only the latest visit is held.")),),
        )  # fmt: skip
        made[rule.ref] = rule
    return made


def _words(day: date) -> str:
    return day.strftime("%a %-d %b %Y")


def _clock(random: Random, rule: Rule, child: str, team: str | None, worker: str | None) -> dict:
    state = random.choices([s for s, _ in _STATES], [w for _, w in _STATES])[0]
    pending = state in ("running", "due soon", "overdue")
    late = {"overdue": random.randint(1, 90), "due soon": -random.randint(0, 10),
            "running": -random.randint(11, 45), "met late": random.randint(1, 40),
            "met": -random.randint(0, 40)}.get(state)  # fmt: skip
    allowed = 63 if rule.within else 0
    due = (
        AS_AT - timedelta(days=late * 7 // 5)
        if pending
        else AS_AT - timedelta(random.randint(1, 150))
    )
    start = due - timedelta(days=allowed)
    met = due + timedelta(days=late * 7 // 5) if state in ("met", "met late") else None
    if state == "cannot tell":
        start, due = random.choice([(None, None), (start, None)])
    if not rule.within or state == "does not apply":
        due, late = None, None
    used = random.randint(1, 60) if state not in ("cannot tell", "does not apply") else None
    began = f"Started {_words(start)}" if start else "The start date is not known"
    ends = f"; the time allowed ends {_words(due)}, leaving out Mon 31 Aug" if due else ""
    because = {
        "overdue": f"not recorded by {_words(AS_AT)}: {late} days late",
        "due soon": f"{-(late or 0)} days left", "running": f"{-(late or 0)} days left",
        "met": f"done {_words(met)}, in time" if met else "",
        "met late": f"done {_words(met)}, {late} days late" if met else "",
        "cannot tell": f"the date on row {random.randint(2, 900)} could not be read",
        "does not apply": "the referral was closed with no further action",
    }[state]  # fmt: skip
    row = random.randint(2, 60000)
    return {
        "child_id": child, "episode_id": f"{rule.episode} {start or 'unknown'}",
        "episode": rule.episode, "rule": rule.id, "edition": rule.edition, "rule_name": rule.name,
        "group": rule.group, "kind": rule.kind, "status": rule.status,
        "source_rows": f"List {random.randint(3, 8)} row {row}", "started_on": start, "due_on": due,
        "met_on": met, "state": state, "working_days": used, "days_late": late, "team": team,
        "worker": worker, "reason": f"{began}{ends}; {because}.",
    }  # fmt: skip


def _events(clock: dict, rule: Rule) -> list[dict]:
    common = {"child_id": clock["child_id"], "episode": clock["episode"],
              "episode_id": clock["episode_id"], "team": clock["team"], "worker": clock["worker"],
              "source": clock["source_rows"]}  # fmt: skip
    sure = "exact" if clock["started_on"] else "unknown"
    made = [
        {
            **common,
            "event": rule.starts,
            "date": clock["started_on"],
            "certainty": sure,
            "note": None,
        }
    ]
    if clock["met_on"]:
        note = "latest only" if clock["episode"] == "cp_plan" else None
        made.append({**common, "event": rule.stops[0], "date": clock["met_on"], "certainty": "maybe",
                     "note": note})  # fmt: skip
    return made


def _quarantine(random: Random, number: int, children: list[str]) -> pl.DataFrame:
    kinds = (
        (
            "row",
            "child-missing",
            "The child has no identifier",
            "Add the identifier and send again",
        ),
        (
            "cell",
            "date-not-understood",
            "“31 Feb 2026” is not a date",
            "Correct it in the case system",
        ),
        ("note", "conference-at-weekend", "The conference falls on a Saturday", "Check the date"),
    )
    rows = []
    for row in range(number):
        level, check, reason, todo = kinds[row % 3]
        rows.append(
            {"level": level, "check": check, "source_list": f"List {row % 3 + 3}",
             "child_id": None if level == "row" else random.choice(children),
             "source_file": "annex a.xlsx", "source_sheet": f"Sheet{row % 3 + 3}", "source_row": row + 2,
             "column": None if level == "row" else "Date of Referral",
             "value": '{"Child Unique ID": null}' if level == "row" else HOSTILE[row % len(HOSTILE)],
             "reason": reason, "what_to_do": todo, "team": random.choice(TEAMS), "worker": None}
        )  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def make_check(children: int, clocks: int, *, hostile: bool = True, seed: int = 4) -> Check:
    """A check of about ``clocks`` clocks, the same each time."""
    random = Random(seed)
    rules = made_rules()
    ids = [f"C{number:06d}" for number in range(children)]
    teams: list[str | None] = [*TEAMS, *(f"Team {n}" for n in range(children // 400))]
    workers: list[str | None] = [None, *(f"Worker {n}" for n in range(5 + children // 25))]
    if hostile:
        ids[: len(HOSTILE)] = HOSTILE
        teams += [*HOSTILE, "Summary", "summary", "History", ""]
        workers += HOSTILE
    rows, events = [], []
    for _ in range(clocks):
        rule = random.choice(list(rules.values()))
        worker = random.randrange(len(workers))
        team = teams[worker % len(teams)]  # a worker has one team
        rows.append(_clock(random, rule, random.choice(ids), team, workers[worker]))
        events += _events(rows[-1], rule)
    if hostile:
        blank = {**dict.fromkeys(CLOCKS), "child_id": ids[0], "rule": "assessment-45-from-referral"}
        rows.append({**blank, "state": "cannot tell", "reason": SCRIPT})
        rows.append({**blank, "state": "overdue", "child_id": None})
    coverage = [
        {"rule": rule.id, "rule_name": rule.name, "group": rule.group, "kind": rule.kind,
         "status": rule.status, "tested": "part" if index % 2 else "full",
         "because": "Only the latest visit is held." if index % 2 else "", "clocks": 10,
         "not_tested": 3 * (index % 2)}
        for index, rule in enumerate(rules.values())
    ]  # fmt: skip
    coverage.append(
        {"rule": "core-group", "rule_name": "Core group every 6 weeks", "group": "Child protection plan",
         "kind": "local", "status": "unverified", "tested": "none",
         "because": "Annex A does not hold core groups.", "clocks": 0, "not_tested": 0}
    )  # fmt: skip
    quarantine = _quarantine(random, max(30, clocks // 40), ids)
    return _wrap(pl.DataFrame(rows, schema=CLOCKS), pl.DataFrame(events, schema=EVENTS),
                 pl.DataFrame(coverage, schema=COVERAGE), rules, quarantine, hostile=hostile)  # fmt: skip


def _wrap(clocks: pl.DataFrame, events: pl.DataFrame, coverage: pl.DataFrame, rules: dict[str, Rule],
          quarantine: pl.DataFrame, *, hostile: bool) -> Check:  # fmt: skip
    counts = []
    for number in range(3, 6):
        lost = quarantine.filter(
            pl.col("source_list") == f"List {number}", pl.col("level") == "row"
        )
        rows_in = 400 * number + lost.height
        counts.append(ListCount(f"List {number}", f"List name {number}", "annex a.xlsx", f"Sheet{number}",
                                rows_in, rows_in - lost.height, lost.height))  # fmt: skip
    spellings = pl.DataFrame(
        {"field": ["pers_sex"], "found": ["femail"], "read_as": ["F"], "times": [3]}
    )
    book = Casebook(
        "annex_a", "annex a <b>.xlsx" if hostile else "annex_a.xlsx", "ab" * 32, AS_AT,
        "the latest date in the extract, a referral on List 3 row 17", {}, tuple(counts), quarantine,
        spellings, absent=("List 11: Private fostering",), notes=("2 merged ranges were filled.",),
    )  # fmt: skip
    editions = {rule.edition for rule in rules.values()}
    books = tuple(
        Rulebook(edition, edition.replace("-", " ").capitalize(), "national", date(2023, 12, 15), None,
                 "Made-up source", "verified",
                 tuple(rule for rule in rules.values() if rule.edition == edition), "0123456789ab")
        for edition in sorted(editions)
    )  # fmt: skip
    return Check(book, clocks, events, coverage, rules, books, 10)


@pytest.fixture(scope="session")
def make() -> Callable[..., Check]:
    """`make_check`, for tests that want a size of their own."""
    return make_check


@pytest.fixture(scope="session")
def check() -> Check:
    """About 600 clocks with hostile names, nulls everywhere and every state."""
    return make_check(120, 600)


@pytest.fixture(scope="session")
def empty_check() -> Check:
    """An extract with nothing in it."""
    nothing_in = Casebook("annex_a", "empty.xlsx", "cd" * 32, AS_AT, "given with --as-at", {}, (),
                          nothing(), pl.DataFrame())  # fmt: skip
    return Check(nothing_in, pl.DataFrame(schema=CLOCKS), pl.DataFrame(schema=EVENTS),
                 pl.DataFrame(schema=COVERAGE), {}, (), 10)  # fmt: skip
