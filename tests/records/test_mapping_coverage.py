"""How many spellings of real returns are understood, and how far one region's own mapping agrees.

The spellings are not part of this project: the test reads them from the shared folder beside it and is
skipped when that is not there. The floors are what was reached when they were set.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from upturn.records.mapping import load_mappings

REPO_ROOT = Path(__file__).resolve().parents[2]
OBSERVED = REPO_ROOT.parent / "shared/data/extracted/annex_a_observed_value_variants_lists1to7.csv"
pytestmark = pytest.mark.skipif(not OBSERVED.exists(), reason="the shared data is not here")

#: Column: our mapping, least share understood, least share of those that agree at the region's level.
FLOORS: dict[str, tuple[str, float, float]] = {
    "Case Status": ("case_status", 0.90, 1.0),
    "Child Seen During Continuous Assessment": ("child_seen", 1.0, 0.85),
    "Contact Source": ("source", 0.81, 0.95),
    "Did the Initial Child Protection Conference Result in a Child Protection Plan": ("yes_no", 1.0, 1.0),
    "Does the Child have a Disability": ("disability", 1.0, 1.0),
    "Ethnicity": ("ethnicity", 0.96, 0.985),
    "Gender": ("gender", 0.89, 0.95),
    "Initial Category of Abuse": ("abuse", 1.0, 0.99),
    "Latest Category of Abuse": ("abuse", 1.0, 0.99),
    "Primary Need Code": ("primary_need", 0.86, 0.99),
    "Reason for Closure": ("closure_reason", 0.56, 0.97),
    "Referral NFA?": ("referral_nfa", 1.0, 0.94),
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)":
        ("yes_no", 1.0, 1.0),
    "Was an Initial Child Protection Conference deemed unnecessary?": ("yes_no", 1.0, 1.0),
    "Was the Child Seen Alone?": ("seen_alone", 1.0, 0.90),
    "Was the child assessed as requiring LA children's social care support?": ("yes_no", 1.0, 1.0),
}  # fmt: skip

#: Our codes at the region's level of grouping: the letter of its pick-list, or its flag.
GROUPS: dict[str, dict[str, str]] = {
    "yes_no": {"yes": "true", "no": "false", "unknown": "unknown"},
    "gender": {"M": "a", "F": "b", "U": "c", "N": "d"},
    "abuse": {"NEG": "a", "PHY": "b", "SAB": "c", "EMO": "d", "MUL": "e"},
    "case_status": {"looked-after": "a", "child-protection": "b", "child-in-need": "c",
                    "open-assessment": "d", "closed": "e"},
    "primary_need": {f"N{n}": letter for n, letter in zip("1234567890", "abcdefghij", strict=True)},
    "closure_reason": {f"RC{n}": letter for n, letter in zip("123456789", "abcdefghh", strict=True)},
    "ethnicity": {"W": "a", "M": "b", "A": "c", "B": "d", "O": "e", "CHNE": "e", "REFU": "f",
                  "NOBT": "f", "UNKNOWN": "f"},
    "source": {"1": "a", "IND": "a", "2A": "b", "2B": "c", "EDU": "bc", "3": "d", "HEALTH": "d", "4": "e",
               "5": "f", "LA": "f", "6": "g", "7": "h", "8": "i", "9": "j", "10": "k"},
}  # fmt: skip
_FLAGS = ("child_seen", "seen_alone", "referral_nfa", "disability")


def _observed() -> dict[str, dict[str, set[str]]]:
    """Per column, each spelling with the region's letters or flags for it (several when it conflicts)."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with OBSERVED.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            theirs = row["mapped_to"].strip().casefold()
            found[row["column"]][row["observed_value"]].add(
                theirs[0] if theirs[1:2] == ")" else theirs
            )
    return found


def _grouped(mapping: str, code: str) -> set[str]:
    groups = GROUPS["yes_no" if mapping in _FLAGS else mapping]
    found = groups.get(code) or groups[code[0]]
    return {found} if found in ("true", "false", "unknown") else set(found)


@pytest.mark.parametrize("column", FLOORS)
def test_most_spellings_of_real_returns_are_understood_and_agree(column: str) -> None:
    name, least_understood, least_agree = FLOORS[column]
    mapping, theirs = load_mappings()[name], _observed()[column]
    codes = {spelling: mapping.understand(spelling).code for spelling in theirs}
    understood = {s: c for s, c in codes.items() if c}
    agree = [s for s, c in understood.items() if _grouped(name, c) & theirs[s]]
    assert len(understood) / len(theirs) >= least_understood
    assert len(agree) / len(understood) >= least_agree
