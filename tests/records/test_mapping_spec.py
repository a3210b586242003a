"""What a spelling in a coded column is taken to mean, and when it is not understood."""

from __future__ import annotations

from typing import Any

import pytest

from upturn.records.mapping import load_mappings


def _case(
    mapping: str, spelling: str, code: str | None, because: str, how: str = ""
) -> dict[str, Any]:
    return {
        "title": f"“{spelling}” in {mapping.replace('_', ' ')}",
        "mapping": mapping,
        "spelling": spelling,
        "code": code,
        "how": how,
        "because": because,
    }


FLAG_CASES = [
    _case("yes_no", "a) Yes", "yes", "A pick-list letter says nothing", "exact"),
    _case("yes_no", "1.0", "yes", "A number read as a decimal is the same number", "exact"),
    _case("yes_no", "FALSE", "no", "Spreadsheets write flags so", "exact"),
    _case("yes_no", "Yes?", None, "A question mark is doubt", "not understood"),
    _case("yes_no", "Yes / No", None, "Both answers are none", "not understood"),
    _case("yes_no", "-1", None, "A minus sign is part of a number", "not understood"),
    _case(
        "yes_no", "CS Assessment Updated", None, "It does not answer the question", "not understood"
    ),
    _case(
        "yes_no",
        "Yes-See care notes for details",
        "yes",
        "It says yes and points to notes",
        "pattern",
    ),
    _case("yes_no", "✓", None, "A sign is not dropped as if nothing were there", "not understood"),
    _case("referral_nfa", "NFA", "yes", "The column asks whether there was no further action"),
    _case("referral_nfa", "FA", "no", "Further action is the opposite"),
    _case("referral_nfa", "Further action", "no", "Further action is the opposite"),
    _case("referral_nfa", "No further action.", "yes", "A full stop says nothing"),
    _case("referral_nfa", "U", "unknown", "Unknown is not a no: a no would start a clock"),
    _case("seen_alone", "Seen", "unknown", "Seen does not say seen alone"),
    _case("seen_alone", "Child seen", "unknown", "Seen does not say seen alone"),
    _case("seen_alone", "Child seen alone", "yes", "It says alone"),
    _case("seen_alone", "Child not seen alone", "no", "It says not alone"),
    _case("seen_alone", "Not seen", "no", "A child who was not seen was not seen alone"),
    _case("seen_alone", "No visit - new in last month", "unknown", "It answers another question"),
    _case("seen_alone", "Yes - seen", None, "It contradicts itself on alone", "not understood"),
    _case("seen_alone", "Seen alone?", None, "A question mark is doubt", "not understood"),
    _case("child_seen", "Seen", "yes", "It says so"),
    _case("child_seen", "Seen alone", "yes", "Seen alone is seen"),
    _case("child_seen", "Not seen alone", "unknown", "Seen with others, or not seen at all"),
    _case("child_seen", "Unborn", "unknown", "An unborn child cannot be seen"),
    _case("child_seen", "Child not seen", "no", "It says so"),
    _case("disability", "AUT", "yes", "The census code of a disability"),
    _case("disability", "None", "no", "The census code for no disability"),
    _case("disability", "Possible autism", None, "Possible is not a yes", "not understood"),
]

BLANK_CASES = [
    _case("yes_no", "#N/A", None, "A formula that failed says nothing", "blank"),
    _case("yes_no", "#NO-VALUE!", None, "A formula never worked out says nothing", "blank"),
    _case("gender", "nan", None, "What an export leaves for an empty cell", "blank"),
    _case("gender", "null", None, "What an export leaves for an empty cell", "blank"),
    _case("in_touch", "n/a", None, "Not applicable is no answer", "blank"),
    _case("closure_reason", "-", None, "Punctuation alone says nothing", "blank"),
    _case("abuse", " \u00a0 ", None, "Spaces are nothing", "blank"),
]

CODE_CASES = [
    _case("gender", "c) Not stated/recorded (or unborn)", "U", "The pick-list's own words"),
    _case("gender", "Unborn/Unknown", "U", "Either way it is not known"),
    _case("gender", "9", "N", "The census's indeterminate is Ofsted's neither"),
    _case("gender", "Transgender", None, "It does not say which of the four to show", "not understood"),
    _case("abuse", "Likelihood of Neglect", "NEG", "One category is named"),
    _case("abuse", "Neglect, Physical and Emotional", "MUL", "Several are named, whichever is first"),
    _case("abuse", "NNNY", "EMO", "Four letters, one for each category"),
    _case("abuse", "NNNN", None, "No category at all", "not understood"),
    _case("abuse", "Not neglect", None, "It says what it is not", "not understood"),
    _case("case_status", "CP/CLA", "looked-after", "Two statuses: the first of the pick-list"),
    _case("case_status", "Closed - stepdown", "closed", "The episode is closed"),
    _case("case_status", "Closed Assessment", None, "A closed assessment is not a closed case"),
    _case("case_status", "Care leaver", None, "A care leaver's case is not closed"),
    _case("in_touch", "Refused contact", "refused", "The young person's choice is not out of touch"),
    _case("in_touch", "No longer requires services", "no-longer-needed", "It begins with no and is not a no"),
    _case("in_touch", "Yes - but lost contact since", None, "It takes back what it says"),
    _case("ethnicity", "W1 White - British", "WBRI", "The words are plain"),
    _case("ethnicity", "MWBC - White & Black Carribean", "MWBC", "The census code is in the text"),
    _case("ethnicity", "White", "WHITE", "British would be a guess"),
    _case("ethnicity", "White/ English/ Welsh/ Scottish/ Northern Irish/ British", "WBRI",
          "Northern Irish is not Irish here"),
    _case("ethnicity", "Black / African / Caribbean / Black British (African)", "BAFR",
          "The heading names both and says nothing"),
    _case("ethnicity", "Gypsy or Irish Traveller", None, "Two codes", "ambiguous"),
    _case("ethnicity", "Not stated", "UNKNOWN", "Neither refused nor asked"),
    _case("ethnicity", "A.A1", None, "A council's own reference code", "not understood"),
    _case("source", "p1) 5D: LA services", "5D", "The census code decides"),
    _case("source", "1B Individual – Acquaintance", "1B", "The census code decides"),
    _case("source", "10) Housing", "4", "A number before words is the council's own"),
    _case("source", "7 - Law - Probation", "7", "The words say so"),
    _case("source", "Health", "HEALTH", "Which service is not said"),
    _case("source", "LA services – external eg from another local authority's adult social care", "5C",
          "The heading decides over its example"),
    _case("source", "Secondary Health - Hospital (not A&E)", "HEALTH", "It says which service it is not"),
    _case("source", "Police/Court", None, "Two sources", "not understood"),
    _case("source", "Nursery / Childrens Centre", None, "Two sources", "not understood"),
    _case("primary_need", "N5a - Domestic Abuse", "N5", "The census code decides"),
    _case("primary_need", "Family Dysfunction - Domestic Violence", "N5", "The heading decides"),
    _case("primary_need", "Domestic Violence", "N1", "On its own, as the census guide has it"),
    _case("primary_need", "N1; N2", None, "Two needs", "ambiguous"),
    _case("primary_need", "Mental Health", None, "The child's or the parent's", "not understood"),
    _case("closure_reason", "RC8", "RC8", "The census code alone"),
    _case("closure_reason", "RC9 - NFA at Referral", None, "A code of the council's own", "not understood"),
    _case("closure_reason", "RC7: Case closed after assessment, no further action", None,
          "The code says one reason and the words another"),
    _case("closure_reason", "Step Down to Early Help Team following C&F Assessment", "RC9",
          "After assessment, to early help"),
    _case("closure_reason", "Step down to Early Help", None, "After assessment or after a plan",
          "not understood"),
    _case("closure_reason", "Case closed", None, "It gives no reason", "not understood"),
]  # fmt: skip


@pytest.mark.parametrize(
    "case", FLAG_CASES + BLANK_CASES + CODE_CASES, ids=lambda c: f"{c['mapping']}: {c['spelling']}"
)
def test_the_spelling_means(case: dict[str, Any]) -> None:
    found = load_mappings()[case["mapping"]].understand(case["spelling"])
    assert found.code == case["code"], found
    if case["how"]:
        assert found.how == case["how"], found
