"""Given these rows of Annex A, on this date, expect these clocks, because of this."""

from __future__ import annotations

from datetime import date

import pytest
from annex_a_lists import check

# Columns that the cases fill, by the short names the tables show.
CHILD = "Child Unique ID"
CONTACT = "Date of Contact"
REFERRAL, NFA = "Date of Referral", "Referral NFA?"
START, DONE = "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"
SEEN = "Child Seen During Continuous Assessment"
S47 = "Strategy discussion initiating Section 47 Enquiry Start Date"
ICPC = "Date of Initial Child Protection Conference"
NOT_NEEDED = "Was an Initial Child Protection Conference deemed unnecessary?"
PLANNED = "Did the Initial Child Protection Conference Result in a Child Protection Plan"
CIN_START, LAST_SEEN, CIN_END = "CIN Start Date", "Date Child Was Last Seen", "CIN Closure Date"
STATUS = "Case Status"
PLAN, PLAN_END = "Child Protection Plan Start Date", "Child Protection Plan End Date"
VISIT, ALONE = "Date of the Last Statutory Visit", "Was the Child Seen Alone?"
REVIEW = "Date of latest review conference"
BORN = "Date of Birth"
CARE, CARE_END = "Date Started to be Looked After", "Date Ceased to be Looked After"
CARE_REVIEW, CARE_VISIT = "Date of Latest Statutory Review", "Date of Last Social Work Visit"
PLACED, PLACEMENT = "Start Date of Most Recent Placement", "Placement Type"
HEALTH, DENTAL = "Date of Last Health Assessment", "Date of Last Dental Check"
MISSING = (
    "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months"
)
OFFERED = "Was the child offered a Return Interview after their last missing episode (Y/N)?"
PATHWAY, TOUCHED = "Latest Pathway Plan Review Date", "Latest Date of Contact"

AS_AT = "2026-09-30"
LONG_TERM = "d) U4: Foster placement - long term"

# Each case: rows of lists for one child; `expect` maps a rule to "state" or "state, due day", or to
# None where nothing is owed under it (no clock, or one that does not apply).
FRONT_DOOR_CASES = [
    {"title": "An assessment still open inside 45 working days",
     "because": "45 working days from Tue 4 Aug 2026 end on Wed 7 Oct: 31 August is a bank holiday.",
     "rows": {3: [{REFERRAL: "2026-08-04", NFA: "No"}], 4: [{START: "2026-08-05"}]},
     "expect": {"assessment-45-from-referral": "due soon, 2026-10-07",
                "assessment-45-from-start": "due soon, 2026-10-08"}},
    {"title": "The last day in time",
     "because": "Authorised on the 45th working day is in time.",
     "rows": {3: [{REFERRAL: "2026-07-01", NFA: "No"}], 4: [{START: "2026-07-01", DONE: "2026-09-03"}]},
     "expect": {"assessment-45-from-referral": "met, 2026-09-03"}},
    {"title": "One working day late",
     "because": "The 46th working day is late, in time though it would be without the bank holiday.",
     "rows": {3: [{REFERRAL: "2026-07-01", NFA: "No"}], 4: [{START: "2026-07-01", DONE: "2026-09-04"}]},
     "expect": {"assessment-45-from-referral": "met late, 2026-09-03"}},
    {"title": "The law and the statistic differ",
     "because": "The law counts from the referral, the published figure from the assessment's start.",
     "rows": {3: [{REFERRAL: "2026-07-01", NFA: "No"}], 4: [{START: "2026-07-13", DONE: "2026-09-10"}]},
     "expect": {"assessment-45-from-referral": "met late, 2026-09-03",
                "assessment-45-from-start": "met, 2026-09-15"}},
    {"title": "A referral with no assessment at all",
     "because": "Nothing was started, and the time has run out.",
     "rows": {3: [{REFERRAL: "2026-06-01", NFA: "No"}]},
     "expect": {"assessment-45-from-referral": "overdue, 2026-08-03"}},
    {"title": "No further action",
     "because": "A referral closed with no further action needs no assessment.",
     "rows": {3: [{REFERRAL: "2026-06-01", NFA: "a) Yes"}]},
     "expect": {"assessment-45-from-referral": "does not apply"}},
    {"title": "Whether it was no further action is blank",
     "because": "With no assessment and no answer, late or not needed cannot be told apart.",
     "rows": {3: [{REFERRAL: "2026-06-01"}]},
     "expect": {"assessment-45-from-referral": "cannot tell, 2026-08-03"}},
    {"title": "Two referrals and one assessment after both",
     "because": "It may have come of either, and the answer would differ: both are candidates.",
     "rows": {3: [{REFERRAL: "2026-06-01", NFA: "No"}, {REFERRAL: "2026-08-03", NFA: "No"}],
              4: [{START: "2026-08-04", DONE: "2026-08-20"}]},
     "expect": {"assessment-45-from-referral": ["cannot tell, 2026-08-03", "cannot tell, 2026-10-06"]}},
    {"title": "Two referrals, the first closed with no further action",
     "because": "Only one of them can have led to the assessment, so the link is sure.",
     "rows": {3: [{REFERRAL: "2026-06-01", NFA: "Yes"}, {REFERRAL: "2026-08-03", NFA: "No"}],
              4: [{START: "2026-08-04", DONE: "2026-08-20"}]},
     "expect": {"assessment-45-from-referral": ["does not apply, 2026-08-03", "met, 2026-10-06"]}},
    {"title": "Two referrals, each with its assessment",
     "because": "An assessment belongs to the referral since the last one started.",
     "rows": {3: [{REFERRAL: "2026-04-01", NFA: "No"}, {REFERRAL: "2026-07-01", NFA: "No"}],
              4: [{START: "2026-04-02", DONE: "2026-05-01"}, {START: "2026-07-02", DONE: "2026-08-01"}]},
     "expect": {"assessment-45-from-referral": ["met, 2026-06-09", "met, 2026-09-03"]}},
    {"title": "An assessment whose referral is older than the extract",
     "because": "List 3 goes back six months; the clock from referral has no start.",
     "rows": {4: [{START: "2026-03-02", DONE: "2026-04-20"}]},
     "expect": {"assessment-45-from-referral": "cannot tell", "assessment-45-from-start": "met, 2026-05-07"}},
    {"title": "An authorisation date that is no date",
     "because": "It was authorised, or may have been: late cannot be said of it.",
     "rows": {3: [{REFERRAL: "2026-04-01", NFA: "No"}], 4: [{START: "2026-04-02", DONE: "31/06/2026"}]},
     "expect": {"assessment-45-from-referral": "cannot tell, 2026-06-09",
                "assessment-45-from-start": "cannot tell, 2026-06-10"}},
    {"title": "Child seen during the assessment", "because": "List 4 says so.",
     "rows": {4: [{START: "2026-07-01", DONE: "2026-08-01", SEEN: "a) Yes"}]},
     "expect": {"assessment-child-seen": "met"}},
    {"title": "Assessment authorised, child not seen", "because": "The answer is no.",
     "rows": {4: [{START: "2026-07-01", DONE: "2026-08-01", SEEN: "b) No"}]},
     "expect": {"assessment-child-seen": "overdue"}},
    {"title": "Assessment authorised, whether the child was seen is blank",
     "because": "A blank is neither yes nor no.",
     "rows": {4: [{START: "2026-07-01", DONE: "2026-08-01"}]},
     "expect": {"assessment-child-seen": "cannot tell"}},
    {"title": "A contact with a referral the next day",
     "because": "The referral shows that the contact had been decided by then.",
     "rows": {1: [{CONTACT: "2026-08-04"}], 3: [{REFERRAL: "2026-08-05", NFA: "No"}]},
     "expect": {"contact-decided": "met, 2026-08-05"}},
    {"title": "A contact with a referral a week later",
     "because": "It may have been decided before; list 1 does not hold the decision.",
     "rows": {1: [{CONTACT: "2026-08-04"}], 3: [{REFERRAL: "2026-08-11", NFA: "No"}]},
     "expect": {"contact-decided": "cannot tell, 2026-08-05"}},
    {"title": "A contact with nothing after it",
     "because": "No decision is held in list 1: not passed, not failed.",
     "rows": {1: [{CONTACT: "2026-08-04"}]},
     "expect": {"contact-decided": "cannot tell, 2026-08-05"}},
]  # fmt: skip

PROTECTION_CASES = [
    {"title": "Conference on the fifteenth working day",
     "because": "15 working days from Mon 17 Aug 2026 end Tue 8 Sep, leaving out 31 August.",
     "rows": {5: [{S47: "2026-08-17", NOT_NEEDED: "No", ICPC: "2026-09-08", PLANNED: "No"}]},
     "expect": {"s47-to-conference": "met, 2026-09-08"}},
    {"title": "Conference a day late", "because": "The sixteenth working day is late.",
     "rows": {5: [{S47: "2026-08-17", NOT_NEEDED: "No", ICPC: "2026-09-09", PLANNED: "No"}]},
     "expect": {"s47-to-conference": "met late, 2026-09-08"}},
    {"title": "No conference and none decided unnecessary",
     "because": "An overdue conference that has not happened is the one that matters most.",
     "rows": {5: [{S47: "2026-08-17", NOT_NEEDED: "No"}]},
     "expect": {"s47-to-conference": "overdue, 2026-09-08"}},
    {"title": "Conference decided unnecessary", "because": "The clock does not apply.",
     "rows": {5: [{S47: "2026-08-17", NOT_NEEDED: "a) Yes"}]},
     "expect": {"s47-to-conference": "does not apply, 2026-09-08"}},
    {"title": "Conference booked for after the due day",
     "because": "A booking is not a conference.",
     "rows": {5: [{S47: "2026-09-14", NOT_NEEDED: "No", ICPC: "2026-10-12"}]},
     "expect": {"s47-to-conference": "due soon, 2026-10-05"}},
    {"title": "Conference dated on a Saturday",
     "because": "The date cannot be right, so neither in time nor late can be said.",
     "rows": {5: [{S47: "2026-08-17", NOT_NEEDED: "No", ICPC: "2026-08-29"}]},
     "expect": {"s47-to-conference": "cannot tell, 2026-09-08"}},
    {"title": "Two rows for one enquiry with different conference dates",
     "because": "Rows that contradict each other settle nothing.",
     "rows": {5: [{S47: "2026-08-17", NOT_NEEDED: "No", ICPC: "2026-09-01"},
                  {S47: "2026-08-17", NOT_NEEDED: "No", ICPC: "2026-09-21"}]},
     "expect": {"s47-to-conference": ["cannot tell, 2026-09-08", "cannot tell, 2026-09-08"]}},
    {"title": "Plan on record from the day of the conference", "because": "Lists 5 and 7 agree.",
     "rows": {5: [{S47: "2026-08-03", NOT_NEEDED: "No", ICPC: "2026-08-20", PLANNED: "Yes"}],
              7: [{PLAN: "2026-08-20", VISIT: "2026-09-25", ALONE: "Yes"}]},
     "expect": {"conference-to-plan": "met, 2026-08-21"}},
    {"title": "Conference decided on a plan and none is on record",
     "because": "The child is in list 5 with a plan decided and not in list 7.",
     "rows": {5: [{S47: "2026-08-03", NOT_NEEDED: "No", ICPC: "2026-08-20", PLANNED: "Yes"}]},
     "expect": {"conference-to-plan": "overdue, 2026-08-21"}},
    {"title": "Two conferences decided on plans and one plan started after both",
     "because": "It may be either's: neither is in time nor late for sure.",
     "rows": {5: [{S47: "2026-08-03", NOT_NEEDED: "No", ICPC: "2026-08-19", PLANNED: "Yes"},
                  {S47: "2026-08-04", NOT_NEEDED: "No", ICPC: "2026-08-20", PLANNED: "Yes"}],
              7: [{PLAN: "2026-08-20", VISIT: "2026-09-25", ALONE: "Yes"}]},
     "expect": {"conference-to-plan": ["cannot tell, 2026-08-20", "cannot tell, 2026-08-21"]}},
    {"title": "A plan dated before its conference",
     "because": "One of the two dates is wrong.",
     "rows": {5: [{S47: "2026-08-03", NOT_NEEDED: "No", ICPC: "2026-08-20", PLANNED: "Yes"}],
              7: [{PLAN: "2026-08-19", VISIT: "2026-09-25", ALONE: "Yes"}]},
     "expect": {"conference-to-plan": "cannot tell, 2026-08-21"}},
    {"title": "Visit every ten working days: the next one is due",
     "because": "Ten working days from the visit of Thu 17 Sep 2026 end on Thu 1 Oct.",
     "rows": {7: [{PLAN: "2026-06-01", VISIT: "2026-09-17", ALONE: "Yes", REVIEW: "2026-08-20"}]},
     "expect": {"cp-visit": "due soon, 2026-10-01", "cp-seen-alone": "met",
                "cp-review-first": "met, 2026-09-01", "cp-review-later": "running, 2027-02-20"}},
    {"title": "Visits lapsed",
     "because": "The latest visit is the latest: nothing since 3 August.",
     "rows": {7: [{PLAN: "2026-06-01", VISIT: "2026-08-03", ALONE: "No", REVIEW: "2026-08-20"}]},
     "expect": {"cp-visit": "overdue, 2026-08-17", "cp-seen-alone": "overdue"}},
    {"title": "Never visited",
     "because": "A plan with no visit at all is overdue from its start, not left out.",
     "rows": {7: [{PLAN: "2026-09-01"}]},
     "expect": {"cp-visit": "overdue, 2026-09-15", "cp-review-first": "running, 2026-12-01"}},
    {"title": "First review not held", "because": "Three months from 1 June end on 1 September.",
     "rows": {7: [{PLAN: "2026-06-01", VISIT: "2026-09-25", ALONE: "Yes"}]},
     "expect": {"cp-review-first": "overdue, 2026-09-01"}},
    {"title": "Latest review seven months after the start",
     "because": "An earlier review may have been in time; list 7 keeps only the latest.",
     "rows": {7: [{PLAN: "2026-01-05", VISIT: "2026-09-25", ALONE: "Yes", REVIEW: "2026-08-05"}]},
     "expect": {"cp-review-first": "cannot tell, 2026-04-05", "cp-review-later": "running, 2027-02-05"}},
    {"title": "No review for seven months", "because": "Six months from 10 February end on 10 August.",
     "rows": {7: [{PLAN: "2025-12-01", VISIT: "2026-09-25", ALONE: "Yes", REVIEW: "2026-02-10"}]},
     "expect": {"cp-review-later": "overdue, 2026-08-10"}},
    {"title": "Plan ended before the visit was due", "because": "Nothing is owed after the plan ends.",
     "rows": {7: [{PLAN: "2026-06-01", VISIT: "2026-09-01", ALONE: "Yes", REVIEW: "2026-08-20",
                   PLAN_END: "2026-09-10"}]},
     "expect": {"cp-visit": "does not apply, 2026-09-15", "cp-review-later": "does not apply, 2027-02-20",
                "cp-seen-alone": "does not apply"}},
    {"title": "The latest visit came after the plan ended",
     "because": "Visits during the plan may have been made; the source keeps only the latest.",
     "rows": {7: [{PLAN: "2026-04-01", VISIT: "2026-09-25", ALONE: "Yes", REVIEW: "2026-06-20",
                   PLAN_END: "2026-09-10"}]},
     "expect": {"cp-visit": None}},
]  # fmt: skip

NEED_AND_CARE_CASES = [
    {"title": "Child in need not seen", "because": "20 working days from 3 August end on 1 September.",
     "rows": {6: [{CIN_START: "2026-05-01", LAST_SEEN: "2026-08-03", STATUS: "c) Child in need plan"}]},
     "expect": {"cin-seen": "overdue, 2026-09-01"}},
    {"title": "A child on a protection plan is seen under that rule",
     "because": "List 6 repeats children of lists 7 and 8; one child is not owed two visits.",
     "rows": {6: [{CIN_START: "2026-05-01", LAST_SEEN: "2026-08-03", STATUS: "b) Child Protection plan"}]},
     "expect": {"cin-seen": None}},
    {"title": "First looked-after review in time",
     "because": "20 working days from 6 July 2026 end on 3 August; the next is due in 3 months.",
     "rows": {8: [{BORN: "2016-01-01", CARE: "2026-07-06", CARE_REVIEW: "2026-07-30",
                   PLACED: "2026-07-06", CARE_VISIT: "2026-09-21"}]},
     "expect": {"care-review-first": "met, 2026-08-03", "care-review-second": "running, 2026-10-30",
                "care-visit": "running, 2026-11-02", "care-visit-first": "cannot tell, 2026-07-13"}},
    {"title": "A child long in care", "because": "The latest review is a later one: six months from it.",
     "rows": {8: [{BORN: "2012-01-01", CARE: "2022-07-06", CARE_REVIEW: "2026-02-10",
                   PLACED: "2026-07-06", CARE_VISIT: "2026-07-10"}]},
     "expect": {"care-review-later": "overdue, 2026-08-10", "care-review-second": None,
                "care-visit-first": "met, 2026-07-13",
                "care-visit": ["met, 2026-08-17", "overdue, 2026-08-21"]}},
    {"title": "A settled placement of more than a year",
     "because": "Six-weekly visits end after the first year; three months from the last visit.",
     "rows": {8: [{BORN: "2012-01-01", CARE: "2022-07-06", CARE_REVIEW: "2026-06-10",
                   PLACED: "2024-07-06", PLACEMENT: LONG_TERM, CARE_VISIT: "2026-07-10"}]},
     "expect": {"care-visit": None, "care-visit-settled": "due soon, 2026-10-10"}},
    {"title": "Health of a child over five", "because": "Twelve months from the latest assessment.",
     "rows": {8: [{BORN: "2012-01-01", CARE: "2022-07-06", HEALTH: "2025-08-01", DENTAL: "2026-05-01"}]},
     "expect": {"care-health-5-and-over": "overdue, 2026-08-01", "care-health-under-5": None,
                "care-dental": "running, 2027-05-01"}},
    {"title": "Health of a child under five", "because": "Six months from the latest assessment.",
     "rows": {8: [{BORN: "2023-01-01", CARE: "2024-07-06", HEALTH: "2026-02-01", DENTAL: "2026-05-01"}]},
     "expect": {"care-health-under-5": "overdue, 2026-08-01", "care-health-5-and-over": None}},
    {"title": "Return interview not offered", "because": "List 8 says no after a missing episode.",
     "rows": {8: [{BORN: "2012-01-01", CARE: "2022-07-06", MISSING: "2", OFFERED: "b) No"}]},
     "expect": {"return-interview": "overdue"}},
    {"title": "Never missing", "because": "With no missing episode there is nothing to offer.",
     "rows": {8: [{BORN: "2012-01-01", CARE: "2022-07-06", MISSING: "0"}]},
     "expect": {"return-interview": None}},
    {"title": "Pathway plan and contact of a care leaver",
     "because": "Six months from the review; two months from the contact.",
     "rows": {9: [{PATHWAY: "2026-02-16", TOUCHED: "2026-08-10"}]},
     "expect": {"pathway-plan-review": "overdue, 2026-08-16", "care-leaver-contact": "due soon, 2026-10-10"}},
    {"title": "No date of a pathway plan review",
     "because": "Never reviewed and not recorded look the same.",
     "rows": {9: [{TOUCHED: "2026-09-10"}]},
     "expect": {"pathway-plan-review": "cannot tell"}},
    {"title": "Looked after no longer", "because": "Nothing more is owed from that day.",
     "rows": {8: [{BORN: "2012-01-01", CARE: "2022-07-06", CARE_REVIEW: "2026-06-10",
                   CARE_VISIT: "2026-07-10", PLACED: "2026-06-20", CARE_END: "2026-08-01"}]},
     "expect": {"care-visit": ["met, 2026-08-01", "does not apply, 2026-08-21"],
                "care-review-later": "does not apply, 2026-12-10"}},
]  # fmt: skip

EVERY = [*FRONT_DOOR_CASES, *PROTECTION_CASES, *NEED_AND_CARE_CASES]


@pytest.mark.parametrize("case", EVERY, ids=[c["title"] for c in EVERY])
def test_given_these_rows_expect_these_clocks(case):
    rows = {n: [{CHILD: "A1", **row} for row in of_list] for n, of_list in case["rows"].items()}
    clocks = check(rows, as_at=date.fromisoformat(AS_AT)).clocks
    for rule, expected in case["expect"].items():
        found = sorted(
            f"{c['state']}, {c['due_on']}" for c in clocks.to_dicts() if c["rule"] == rule
        )
        if expected is None:
            found = [f for f in found if not f.startswith("does not apply")]
        wanted = [] if expected is None else [expected] if isinstance(expected, str) else expected
        shown = found if all("," in w for w in wanted) else [f.split(",")[0] for f in found]
        assert shown == sorted(wanted), (rule, case["because"], found)


@pytest.mark.parametrize("case", EVERY, ids=[c["title"] for c in EVERY])
def test_every_clock_gives_its_reason_and_its_rows(case):
    rows = {n: [{CHILD: "A1", **row} for row in of_list] for n, of_list in case["rows"].items()}
    for clock in check(rows, as_at=date.fromisoformat(AS_AT)).clocks.to_dicts():
        assert clock["reason"].endswith(".")
        assert clock["source_rows"].startswith("List ")
        if clock["due_on"] and clock["state"] != "does not apply":
            assert str(clock["due_on"].year) in clock["reason"]
