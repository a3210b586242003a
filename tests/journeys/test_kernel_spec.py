"""How a clock is read: the rule, what happened, the day it is read on, and what is then said.

Each clock is said as the day that started it, its state and, when a row in doubt decided, that
row. Events are in one episode of June 2026; a date may be followed by how sure it is, and `?` is a
date that is not known. June 2026 has no bank holidays and 1 June is a Monday. Due soon is due
within 5 days.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from upturn.journeys.arrays import EventArrays
from upturn.journeys.codes import UNKNOWN
from upturn.journeys.kernel import run_clocks, vocabulary
from upturn.journeys.result import STATES
from upturn.rulebooks.calendar import EPOCH, day_number
from upturn.rulebooks.compile import Family, compile_families
from upturn.rulebooks.model import Interval, Rule

WORDS, KINDS = vocabulary()
SURE = ("exact", "maybe", "unknown", "at or before", "latest")


def _family(
    name: str, pattern: str, start: str, stop: str, within: Interval | None, **more: object
) -> Family:
    return compile_families([
        Rule(id=name, edition="spec", name=name, group="", kind="local", pattern=pattern, episode="cp_plan",
             starts=start, stops=(stop,), within=within, status="draft", source="", **more)
    ])[0]  # fmt: skip


TEN_DAYS = Interval(10, "calendar_days")
CONFERENCE = "conference_held within 10 working days of s47_started; void if conference_not_needed"
REVIEW = "cp_review within 10 days of plan_started; ends at plan_ended"
VISITS = "cp_visit every 10 days from plan_started; ends at plan_ended"
ALONE = "at each cp_visit, seen_alone; not_seen_alone fails it"
ENQUIRY = "conference_held only after s47_started"
FIRST, LAST = (
    "cp_review within 10 days of the first core_group",
    "cp_review within 10 days of the last core_group",
)
OLD = "strategy_discussion within 10 days of s47_ended, in force to 10 June 2026"

RULES = {
    CONFERENCE: _family("conference", "deadline", "s47_started", "conference_held",
                        Interval(10, "working_days"), voided_by=("conference_not_needed",)),
    REVIEW: _family("review", "deadline", "plan_started", "cp_review", TEN_DAYS, ended_by=("plan_ended",)),
    VISITS: _family("visits", "interval", "plan_started", "cp_visit", TEN_DAYS, ended_by=("plan_ended",)),
    ALONE: _family("alone", "check", "cp_visit", "seen_alone", None, failed_by=("not_seen_alone",)),
    ENQUIRY: _family("enquiry", "precedence", "conference_held", "s47_started", None),
    FIRST: _family("first", "deadline", "core_group", "cp_review", TEN_DAYS, which="first"),
    LAST: _family("last", "deadline", "core_group", "cp_review", TEN_DAYS, which="last"),
    OLD: _family("old", "deadline", "s47_ended", "strategy_discussion", TEN_DAYS,
                 in_force_to=date(2026, 6, 10)),
}  # fmt: skip


def case(
    title: str, rule: str, happened: str, read_on: str, said: str, because: str
) -> dict[str, str]:
    return {"title": title, "rule": rule, "happened": happened, "read_on": read_on, "said": said,
            "because": because}  # fmt: skip


DEADLINE_CASES = [
    case(
        "On the due day itself",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 15 Jun",
        "30 Jun",
        "1 Jun met",
        "the tenth working day after Monday 1 June is Monday 15 June",
    ),
    case(
        "One day past it",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 16 Jun",
        "30 Jun",
        "1 Jun met late",
        "15 June was the last day in time",
    ),
    case(
        "Nothing yet, long before",
        CONFERENCE,
        "s47_started 1 Jun",
        "5 Jun",
        "1 Jun running",
        "15 June is more than 5 days away",
    ),
    case(
        "Nothing yet, near",
        CONFERENCE,
        "s47_started 1 Jun",
        "10 Jun",
        "1 Jun due soon",
        "15 June is within 5 days",
    ),
    case(
        "Nothing yet, on the day",
        CONFERENCE,
        "s47_started 1 Jun",
        "15 Jun",
        "1 Jun due soon",
        "there is still today",
    ),
    case(
        "Nothing, and past it",
        CONFERENCE,
        "s47_started 1 Jun",
        "16 Jun",
        "1 Jun overdue",
        "15 June has gone",
    ),
    case(
        "Same day",
        CONFERENCE,
        "conference_held 1 Jun; s47_started 1 Jun",
        "30 Jun",
        "1 Jun met",
        "the order of two events of one day is not known",
    ),
    case(
        "A stop before the start",
        CONFERENCE,
        "conference_held 29 May; s47_started 1 Jun",
        "16 Jun",
        "1 Jun overdue",
        "that was another conference",
    ),
    case(
        "A stop after the day it is read on",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 12 Jun",
        "10 Jun",
        "1 Jun due soon",
        "it had not happened yet",
    ),
    case(
        "A start after the day it is read on",
        CONFERENCE,
        "s47_started 12 Jun",
        "10 Jun",
        "nothing",
        "the clock had not started yet",
    ),
    case(
        "Two starts",
        CONFERENCE,
        "s47_started 1 Jun; s47_started 12 Jun; conference_held 18 Jun",
        "30 Jun",
        "1 Jun met late; 12 Jun met",
        "each start has its own clock",
    ),
    case(
        "The first of two starts",
        FIRST,
        "core_group 1 Jun; core_group 9 Jun; cp_review 12 Jun",
        "30 Jun",
        "1 Jun met late",
        "the rule counts from the first",
    ),
    case(
        "The last of two starts",
        LAST,
        "core_group 1 Jun; core_group 9 Jun; cp_review 12 Jun",
        "30 Jun",
        "9 Jun met",
        "the rule counts from the last",
    ),
    case(
        "No edition in force",
        OLD,
        "s47_ended 11 Jun",
        "30 Jun",
        "nothing",
        "the rule ended on 10 June",
    ),
    case(
        "In force on the start day",
        OLD,
        "s47_ended 10 Jun",
        "30 Jun",
        "10 Jun overdue",
        "the day that starts the clock decides the edition",
    ),
]

ENDED_CASES = [
    case(
        "Void",
        CONFERENCE,
        "s47_started 1 Jun; conference_not_needed 1 Jun",
        "30 Jun",
        "1 Jun does not apply",
        "no conference was needed, so none is late",
    ),
    case(
        "Void, perhaps",
        CONFERENCE,
        "s47_started 1 Jun; conference_not_needed 1 Jun maybe",
        "30 Jun",
        "1 Jun cannot tell (conference_not_needed)",
        "if that was this enquiry it does not apply, and if not it is overdue",
    ),
    case(
        "Void, undated",
        CONFERENCE,
        "s47_started 1 Jun; conference_not_needed ?",
        "30 Jun",
        "1 Jun cannot tell (conference_not_needed)",
        "an event of unknown date may not have happened",
    ),
    case(
        "Ended in time",
        REVIEW,
        "plan_started 1 Jun; plan_ended 8 Jun",
        "30 Jun",
        "1 Jun does not apply",
        "the plan ended before a review was due",
    ),
    case(
        "Ended past the due day",
        REVIEW,
        "plan_started 1 Jun; plan_ended 20 Jun",
        "30 Jun",
        "1 Jun met late",
        "the duty went unmet from 12 June and can no longer be met",
    ),
    case(
        "A stop after the end",
        REVIEW,
        "plan_started 1 Jun; plan_ended 8 Jun; cp_review 9 Jun",
        "30 Jun",
        "1 Jun does not apply",
        "what came after the duty ended does not count",
    ),
    case(
        "A stop on the day it ended",
        REVIEW,
        "plan_started 1 Jun; plan_ended 8 Jun; cp_review 8 Jun",
        "30 Jun",
        "1 Jun met",
        "a plan may end at its review",
    ),
    case(
        "Ended on a day not known",
        REVIEW,
        "plan_started 1 Jun; plan_ended ?",
        "30 Jun",
        "1 Jun cannot tell (plan_ended)",
        "it may have ended in time",
    ),
    case(
        "Met, and ended on a day not known",
        REVIEW,
        "plan_started 1 Jun; cp_review 5 Jun; plan_ended ?",
        "30 Jun",
        "1 Jun met",
        "whenever it ended, the review was in time or not needed",
    ),
]

DOUBT_CASES = [
    case(
        "A stop that may be another episode's",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 5 Jun maybe",
        "30 Jun",
        "1 Jun cannot tell (conference_held)",
        "with it the clock is met, without it overdue",
    ),
    case(
        "A doubt that changes nothing",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 5 Jun maybe; conference_held 8 Jun",
        "30 Jun",
        "1 Jun met",
        "it is met with it and without it",
    ),
    case(
        "A doubt that would make it in time",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 5 Jun maybe; conference_held 18 Jun",
        "30 Jun",
        "1 Jun cannot tell (conference_held)",
        "with it the clock is met, without it met late",
    ),
    case(
        "A stop of unknown date",
        CONFERENCE,
        "s47_started 1 Jun; conference_held ?",
        "5 Jun",
        "1 Jun cannot tell (conference_held)",
        "it may have been held already",
    ),
    case(
        "A stop of unknown date beside one in time",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 5 Jun; conference_held ?",
        "30 Jun",
        "1 Jun met",
        "one conference in time is enough",
    ),
    case(
        "A stop of unknown date beside one late",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 18 Jun; conference_held ?",
        "30 Jun",
        "1 Jun cannot tell (conference_held)",
        "the other may have been in time",
    ),
    case(
        "A start of unknown date",
        CONFERENCE,
        "conference_held 5 Jun; s47_started ?",
        "30 Jun",
        "? cannot tell",
        "nothing can be counted from it",
    ),
    case(
        "The latest stop, in time",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 8 Jun latest",
        "30 Jun",
        "1 Jun met",
        "an earlier one could only be in time too",
    ),
    case(
        "The latest stop, late",
        CONFERENCE,
        "s47_started 1 Jun; conference_held 18 Jun latest",
        "30 Jun",
        "1 Jun cannot tell",
        "an earlier one, which the source does not keep, may have been in time",
    ),
    case(
        "A start on or before a day, overdue",
        CONFERENCE,
        "s47_started 1 Jun at or before",
        "30 Jun",
        "1 Jun overdue",
        "from an earlier start it would be overdue the longer",
    ),
    case(
        "A start on or before a day, met",
        CONFERENCE,
        "s47_started 1 Jun at or before; conference_held 8 Jun",
        "30 Jun",
        "1 Jun cannot tell",
        "from an earlier start it may be late",
    ),
    case(
        "A start that may be another episode's, met",
        CONFERENCE,
        "s47_started 1 Jun maybe; conference_held 8 Jun",
        "30 Jun",
        "1 Jun cannot tell (s47_started)",
        "it may not be this conference's enquiry",
    ),
    case(
        "A start that may be another episode's, overdue",
        CONFERENCE,
        "s47_started 1 Jun maybe",
        "30 Jun",
        "1 Jun overdue",
        "a child who may be overdue is never dropped from the list",
    ),
    case(
        "The first start, another undated",
        FIRST,
        "core_group 1 Jun; cp_review 5 Jun; core_group ?",
        "30 Jun",
        "1 Jun cannot tell (core_group)",
        "the true first may be the undated one",
    ),
    case(
        "The last start, another undated",
        LAST,
        "core_group 1 Jun; cp_review 5 Jun; core_group ?",
        "30 Jun",
        "? cannot tell",
        "the true last may be the undated one",
    ),
    case(
        "Beyond the calendar",
        CONFERENCE,
        "s47_started 1 Jun 2039",
        "1 Jul 2039",
        "1 Jun 2039 cannot tell",
        "bank holidays are not known so far ahead",
    ),
]

INTERVAL_CASES = [
    case(
        "Each gap is a clock",
        VISITS,
        "plan_started 1 Jun; cp_visit 8 Jun; cp_visit 20 Jun",
        "25 Jun",
        "1 Jun met; 8 Jun met late; 20 Jun due soon",
        "from the start and from each visit the next is due",
    ),
    case(
        "Two visits on one day",
        VISITS,
        "plan_started 1 Jun; cp_visit 8 Jun; cp_visit 8 Jun",
        "12 Jun",
        "1 Jun met; 8 Jun met; 8 Jun running",
        "the second follows the first at once",
    ),
    case(
        "A visit with no start",
        VISITS,
        "cp_visit 8 Jun",
        "30 Jun",
        "nothing",
        "what never began is not owed; a start whose date is not known is another matter",
    ),
    case(
        "Only the latest visit, after the end",
        VISITS,
        "plan_started 1 Jun; plan_ended 20 Jun; cp_visit 25 Jun latest",
        "30 Jun",
        "25 Jun does not apply; not tested 1",
        "visits before the end may be missing from the source",
    ),
    case(
        "Only the latest visit, late",
        VISITS,
        "plan_started 1 Jun; cp_visit 20 Jun latest",
        "22 Jun",
        "20 Jun running; not tested 1",
        "visits between may be missing from the source, so the gap is neither passed nor failed",
    ),
    case(
        "Only the latest visit, in time",
        VISITS,
        "plan_started 1 Jun; cp_visit 8 Jun latest",
        "12 Jun",
        "1 Jun met; 8 Jun running",
        "more visits could only make the gap shorter",
    ),
    case(
        "The plan ended",
        VISITS,
        "plan_started 1 Jun; cp_visit 8 Jun; plan_ended 12 Jun",
        "30 Jun",
        "1 Jun met; 8 Jun does not apply",
        "no visit is due after the plan",
    ),
    case(
        "A visit after the plan ended",
        VISITS,
        "plan_started 1 Jun; plan_ended 5 Jun; cp_visit 8 Jun",
        "30 Jun",
        "1 Jun does not apply; 8 Jun does not apply",
        "a visit does not start a duty that has ended",
    ),
    case(
        "A visit that may be another plan's",
        VISITS,
        "plan_started 1 Jun; cp_visit 8 Jun maybe",
        "30 Jun",
        "1 Jun cannot tell (cp_visit)",
        "it may have met the duty, and it starts no clock of its own",
    ),
    case(
        "A visit of unknown date",
        VISITS,
        "plan_started 1 Jun; cp_visit 14 Jun; cp_visit ?",
        "30 Jun",
        "1 Jun met late; 14 Jun cannot tell (cp_visit)",
        "only the gap still open is put in doubt",
    ),
]

UNDATED_CASES = [
    case("Done", ALONE, "cp_visit 8 Jun; seen_alone 8 Jun", "30 Jun", "8 Jun met", "it says so"),
    case(
        "Not done",
        ALONE,
        "cp_visit 8 Jun; not_seen_alone 8 Jun",
        "30 Jun",
        "8 Jun overdue",
        "it says so",
    ),
    case("Not said", ALONE, "cp_visit 8 Jun", "30 Jun", "8 Jun cannot tell", "silence is neither"),
    case(
        "In the right order",
        ENQUIRY,
        "s47_started 1 Jun; conference_held 8 Jun",
        "30 Jun",
        "8 Jun met",
        "the enquiry came first",
    ),
    case(
        "On one day",
        ENQUIRY,
        "conference_held 8 Jun; s47_started 8 Jun",
        "30 Jun",
        "8 Jun met",
        "the order of two events of one day is not known",
    ),
    case(
        "In the wrong order",
        ENQUIRY,
        "conference_held 8 Jun; s47_started 9 Jun",
        "30 Jun",
        "8 Jun overdue",
        "no enquiry came before it",
    ),
    case(
        "Before it, perhaps",
        ENQUIRY,
        "s47_started 1 Jun maybe; conference_held 8 Jun",
        "30 Jun",
        "8 Jun cannot tell (s47_started)",
        "it may be another conference's enquiry",
    ),
    case(
        "An enquiry of unknown date",
        ENQUIRY,
        "conference_held 8 Jun; s47_started ?",
        "30 Jun",
        "8 Jun cannot tell (s47_started)",
        "a missing date is neither in time nor late",
    ),
]

ALL = [*DEADLINE_CASES, *ENDED_CASES, *DOUBT_CASES, *INTERVAL_CASES, *UNDATED_CASES]


def a_day(said: str) -> date:
    day, month, *year = said.split()
    return date(int(year[0]) if year else 2026, ("May", "Jun", "Jul").index(month) + 5, int(day))


def an_event(said: str) -> tuple[int, int, int]:
    """(day, event, certainty) of ``cp_visit 8 Jun latest``."""
    word, _, when = said.partition(" ")
    if when == "?":
        return UNKNOWN, WORDS.index(word), SURE.index("unknown")
    sure = next((s for s in SURE if when.endswith(s)), "exact")
    return day_number(a_day(when.removesuffix(sure))), WORDS.index(word), SURE.index(sure)


def sayings(log: EventArrays, family: Family, read_on: date) -> str:
    soon = day_number(read_on + timedelta(5))
    ran = run_clocks(log, [family], as_at=day_number(read_on), soon_until=soon)
    parts = []
    for start, state, doubt in zip(ran.start, ran.state, ran.doubt, strict=True):
        when = "?"
        if log.day[start] != UNKNOWN:
            d = EPOCH + timedelta(int(log.day[start]))
            when = f"{d.day} {d:%b}" + (f" {d.year}" if d.year != 2026 else "")
        parts.append(
            f"{when} {STATES[state]}" + (f" ({WORDS[log.event[doubt]]})" if doubt >= 0 else "")
        )
    parts += [f"not tested {n}" for n in ran.not_tested if n]
    return "; ".join(parts) or "nothing"


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["title"])
def test_a_clock_is_read_as_the_table_says(case: dict[str, str]) -> None:
    events = np.array(sorted(an_event(said) for said in case["happened"].split("; ")))
    log = EventArrays(offsets=[0, len(events)], episode_kind=[KINDS.index("cp_plan")],
                      event=events[:, 1], day=events[:, 0], certainty=events[:, 2])  # fmt: skip
    assert sayings(log, RULES[case["rule"]], a_day(case["read_on"])) == case["said"], case[
        "because"
    ]
