"""Monday's list says each piece of work once, and leaves none out."""

from datetime import date

from annex_a_lists import check

from upturn.journeys.due import due_list

CHILD, AS_AT = "Child Unique ID", date(2026, 9, 30)


def rules_due(lists):
    return [(c["rule"], c["state"]) for c in due_list(check(lists, as_at=AS_AT)).to_dicts()]


def test_the_law_and_the_statistic_about_one_conference_are_one_piece_of_work():
    lists = {5: [{CHILD: 1, "Strategy discussion initiating Section 47 Enquiry Start Date": "2026-08-17",
                  "Was an Initial Child Protection Conference deemed unnecessary?": "No"}]}  # fmt: skip
    assert rules_due(lists) == [("s47-to-conference", "overdue")]


def test_a_statistic_is_kept_where_the_law_cannot_tell():
    lists = {4: [{CHILD: 1, "Continuous Assessment Start Date": "2026-05-01"}]}
    assert rules_due(lists) == [("assessment-45-from-start", "overdue")]


def test_worst_first_and_due_soon_last():
    start = "Continuous Assessment Start Date"
    rows = [
        {CHILD: n, start: day}
        for n, day in enumerate(["2026-08-01", "2026-04-01", "2026-06-01"], 1)
    ]
    listed = due_list(check({4: rows}, as_at=AS_AT))
    assert listed["days_late"].to_list() == sorted(listed["days_late"].to_list(), reverse=True)
    assert listed["state"].to_list() == ["overdue", "overdue", "due soon"]


def test_what_was_not_done_longer_ago_than_an_annex_a_reaches_is_history():
    start, done = "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"
    seen = "Child Seen During Continuous Assessment"
    rows = [{CHILD: 1, start: "2026-07-01", done: "2026-08-03", seen: "No"},
            {CHILD: 2, start: "2024-07-01", done: "2024-08-01", seen: "No"}]  # fmt: skip
    listed = due_list(check({4: rows}, as_at=AS_AT))
    assert listed.filter(rule="assessment-child-seen")["child_id"].to_list() == ["1"]
