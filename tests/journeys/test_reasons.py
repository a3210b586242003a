"""The sentence of a clock has the dates and the arithmetic, and says what is not known."""

from __future__ import annotations

from datetime import date

import pytest
from annex_a_lists import check

CHILD, AS_AT = "Child Unique ID", date(2026, 9, 30)
REFERRAL, NFA = "Date of Referral", "Referral NFA?"
START, DONE = "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"
S47 = "Strategy discussion initiating Section 47 Enquiry Start Date"
ICPC = "Date of Initial Child Protection Conference"
NOT_NEEDED = "Was an Initial Child Protection Conference deemed unnecessary?"
PLAN, VISIT = "Child Protection Plan Start Date", "Date of the Last Statutory Visit"
LAW, STATISTIC = "assessment-45-from-referral", "assessment-45-from-start"

#: rows of lists, the rule, and its whole reason
REASONS = [
    (
        {3: [{REFERRAL: "2026-08-04", NFA: "No"}], 4: [{START: "2026-08-05"}]},
        LAW,
        "Referral received Tue 4 Aug 2026; 45 working days end Wed 7 Oct 2026, leaving out Mon 31 Aug; "
        "not authorised by Wed 30 Sep 2026: 5 working days left.",
    ),
    (
        {3: [{REFERRAL: "2026-03-02", NFA: "No"}], 4: [{START: "2026-03-02", DONE: "2026-05-08"}]},
        LAW,
        "Referral received Mon 2 Mar 2026; 45 working days end Thu 7 May 2026, leaving out Fri 3 Apr, "
        "Mon 6 Apr and Mon 4 May; assessment authorised Fri 8 May 2026: 1 working day late.",
    ),
    (
        {3: [{REFERRAL: "2026-06-01", NFA: "Yes"}]},
        LAW,
        "Referral received Mon 1 Jun 2026; does not apply: referral closed with no further action.",
    ),
    (
        {4: [{START: "2026-07-01"}]},
        LAW,
        "Cannot tell: no referral for this assessment is in the extract, so the clock of 45 working days "
        "has no start.",
    ),
    (
        {
            3: [{REFERRAL: "2026-06-01", NFA: "No"}, {REFERRAL: "2026-06-03", NFA: "No"}],
            4: [{START: "2026-06-04", DONE: "2026-08-04"}],
        },
        LAW,
        "Referral received Mon 1 Jun 2026; 45 working days end Mon 3 Aug 2026; cannot tell: assessment "
        "authorised Tue 4 Aug 2026 (List 4 row 2); it came of the referral of 1 Jun 2026 (List 3 row 2) "
        "or 3 Jun 2026 (List 3 row 3).",
    ),
    (
        {5: [{S47: "2026-08-17", NOT_NEEDED: "No", ICPC: "2026-08-29"}]},
        "s47-to-conference",
        "Section 47 enquiry started at a strategy discussion Mon 17 Aug 2026; 15 working days end Tue 8 "
        "Sep 2026, leaving out Mon 31 Aug; cannot tell: initial child protection conference held; the "
        "date was set aside.",
    ),
    (
        {7: [{PLAN: "2026-06-01", VISIT: "2026-09-14"}]},
        "cp-visit",
        "Statutory visit Mon 14 Sep 2026; 10 working days end Mon 28 Sep 2026; no visit recorded since by "
        "Wed 30 Sep 2026: 2 working days overdue.",
    ),
    (
        {8: [{"Date Started to be Looked After": "2020-01-06"}]},
        "care-visit",
        "Cannot tell: the date of “latest placement started” is blank, so the clock of 42 calendar days "
        "has no start.",
    ),
    (
        {4: [{START: "2026-07-01", DONE: "2026-08-03"}]},
        "assessment-child-seen",
        "Assessment authorised Mon 3 Aug 2026; cannot tell: child seen during the assessment; it is blank.",
    ),
]


@pytest.mark.parametrize(("lists", "rule", "reason"), REASONS, ids=[r[2][:60] for r in REASONS])
def test_the_reason_is_one_sentence_with_the_dates_and_the_arithmetic(lists, rule, reason):
    rows = {n: [{CHILD: "A1", **row} for row in of_list] for n, of_list in lists.items()}
    clocks = check(rows, as_at=AS_AT).clocks
    assert reason in clocks.filter(rule=rule)["reason"].to_list()


#: a referral's date, and whether its due day rests on bank holidays that are assumed
ASSUMED = [("2025-06-02", False), ("2025-12-01", True), ("2026-08-04", True)]


@pytest.mark.parametrize(("referral", "assumed"), ASSUMED)
def test_bank_holidays_that_are_assumed_are_said_to_be(referral, assumed):
    lists = {3: [{CHILD: "A1", REFERRAL: referral, NFA: "No"}]}
    notes = check(lists, as_at=AS_AT).casebook.notes
    assert any("assumed" in note for note in notes) is assumed
