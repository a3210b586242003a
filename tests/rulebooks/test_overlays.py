"""Local overlays, exemptions and rules of some councils only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from upturn import rulebooks
from upturn.rulebooks import (
    NOT_IN_FORCE,
    Interval,
    Rule,
    check_rulebook,
    compile_families,
    load_rulebooks,
    rules_of,
)
from upturn.rulebooks.calendar import DAY0, day_number
from upturn.rulebooks.validate import BOOK_KEYS, RULE_KEYS

HEAD = """\
rulebook: barset
title: Local rules of Barset
kind: local
source: Barset procedures, 2024
status: verified
"""


def overlay(tmp_path: Path, text: str, name: str = "barset") -> Path:
    file = tmp_path / f"{name}.yaml"
    file.write_text(HEAD.replace("rulebook: barset", f"rulebook: {name}") + text, "utf-8")
    return file


def of(rules: list[Rule], name: str) -> list[Rule]:
    return [r for r in rules if r.id == name]


FORTNIGHT = """\
rules:
  - id: cp-visit
    name: Child on a plan visited at least every 15 working days
    within: {working_days: 15}
    source: Barset procedures, section 4
"""


def test_an_overlay_takes_the_place_of_the_shipped_default(tmp_path: Path) -> None:
    books = load_rulebooks([overlay(tmp_path, FORTNIGHT)])
    (rule,) = of(rules_of(books), "cp-visit")
    (default,) = of(rules_of(load_rulebooks()), "cp-visit")
    assert (rule.edition, rule.within) == ("barset", Interval(15, "working_days"))
    assert (rule.status, rule.assumed) == ("verified", False)
    assert default.assumed
    assert (rule.starts, rule.stops, rule.coverage) == (
        default.starts,
        default.stops,
        default.coverage,
    )


def test_an_overlay_changes_no_other_rule(tmp_path: Path) -> None:
    before = {r.ref for r in rules_of(load_rulebooks())}
    after = {r.ref for r in rules_of(load_rulebooks([overlay(tmp_path, FORTNIGHT)]))}
    assert before - after == {"local-defaults/cp-visit"}
    assert after - before == {"barset/cp-visit"}


def test_an_overlay_can_take_a_default_out(tmp_path: Path) -> None:
    books = load_rulebooks([overlay(tmp_path, "drops: [care-dental]\n")])
    assert of(rules_of(books), "care-dental") == []


def test_without_defaults_only_the_law_and_the_overlays_are_left(tmp_path: Path) -> None:
    books = load_rulebooks([overlay(tmp_path, FORTNIGHT)], defaults=False)
    local = [r.ref for r in rules_of(books) if r.kind == "local"]
    assert local == ["barset/cp-visit"]
    assert [r for r in rules_of(load_rulebooks(defaults=False)) if r.kind == "local"] == []


def test_two_overlays_may_state_a_rule_for_different_times(tmp_path: Path) -> None:
    early = overlay(tmp_path, "in_force: {to: 2023-12-31}\n" + FORTNIGHT, "early")
    late = overlay(
        tmp_path, "in_force: {from: 2024-01-01}\n" + FORTNIGHT.replace("15", "5"), "late"
    )
    rules = of(rules_of(load_rulebooks([early, late])), "cp-visit")
    (family,) = compile_families(rules)
    days = [day_number(date(2023, 12, 31)) - DAY0, day_number(date(2024, 1, 1)) - DAY0]
    assert [family.rules[n].edition for n in family.edition_of[days]] == ["early", "late"]


def test_loading_overlays_leaves_the_shipped_rulebooks_as_they_were(tmp_path: Path) -> None:
    before = load_rulebooks()
    load_rulebooks([overlay(tmp_path, FORTNIGHT)])
    assert load_rulebooks() == before


#: The form an exemption takes. Which authorities the trial of 2011-13 let off is not known here, so
#: none is shipped; Barset is made up.
TRIAL = """\
exempts:
  - rule: initial-assessment
    councils: [Barset, Casterbridge]
    from: 2011-04-01
    to: 2012-03-31
    source: A letter to the authorities of the trial
  - {rule: core-assessment, councils: [Barset], from: 2011-04-01, source: The same letter}
"""


@pytest.mark.parametrize(
    ("council", "day", "runs", "because"),
    [
        (None, "2011-06-01", True, "no council was named, so none is exempt"),
        ("Barset", "2011-03-31", True, "the day before the exemption"),
        ("Barset", "2011-04-01", False, "its first day"),
        ("  BARSET ", "2012-03-31", False, "its last day; case and spaces make no difference"),
        ("Barset", "2012-04-01", True, "the day after it"),
        ("Casterbridge", "2011-06-01", False, "the other council of the list"),
        ("Melchester", "2011-06-01", True, "a council that is not in the list"),
    ],
)
def test_an_exemption_takes_a_rule_from_its_councils_for_its_dates(
    tmp_path: Path, council: str | None, day: str, runs: bool, because: str
) -> None:
    books = load_rulebooks([overlay(tmp_path, TRIAL)])
    rules = of(rules_of(books, council=council), "initial-assessment")
    start = date.fromisoformat(day)
    assert any(r.in_force_on(start) for r in rules) is runs, because
    (family,) = compile_families(rules)
    place = day_number(start) - DAY0
    assert bool(family.due[place] != NOT_IN_FORCE) is runs, because
    assert bool(family.edition_of[place] >= 0) is runs, because


def test_an_exemption_with_no_end_lasts(tmp_path: Path) -> None:
    books = load_rulebooks([overlay(tmp_path, TRIAL)])
    rules = of(rules_of(books, council="Barset"), "core-assessment")
    assert not any(r.in_force_on(date(2013, 4, 14)) for r in rules)
    assert any(r.in_force_on(date(2011, 3, 31)) for r in rules)


def test_no_exemption_is_shipped_because_the_names_were_not_read() -> None:
    assert [e for book in load_rulebooks() for e in book.exempts] == []


SOME = """\
rules:
  - {id: cp-visit, source: x, councils: [Barset]}
  - {id: cin-seen, source: x, not_councils: [Barset]}
"""


@pytest.mark.parametrize(
    ("council", "expected"),
    [
        (None, ["cin-seen"]),
        ("barset", ["cp-visit"]),
        ("Melchester", ["cin-seen"]),
    ],
)
def test_a_rule_of_some_councils_holds_only_where_they_are_named(
    tmp_path: Path, council: str | None, expected: list[str]
) -> None:
    books = load_rulebooks([overlay(tmp_path, SOME)])
    rules = rules_of(books, council=council)
    assert [r.id for r in rules if r.edition == "barset"] == expected


def examples() -> list[str]:
    page = Path(rulebooks.__file__).with_name("README.md").read_text("utf-8")
    return [block.split("```")[0] for block in page.split("```yaml\n")[1:]]


@pytest.mark.parametrize("text", examples())
def test_every_rulebook_the_page_on_their_form_shows_is_a_sound_one(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(text, "utf-8")
    assert check_rulebook(file) == []


def test_the_page_on_their_form_names_every_key() -> None:
    page = Path(rulebooks.__file__).with_name("README.md").read_text("utf-8")
    assert examples()
    for key in (*BOOK_KEYS, *RULE_KEYS):
        assert f"`{key}`" in page, key
