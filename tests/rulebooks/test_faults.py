"""A wrong rulebook is refused, with the file, the line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.rulebooks import RulebookError, check_rulebook, load_rulebooks

SOUND = """\
rulebook: barset
title: Local rules of Barset
kind: local
source: Barset procedures, 2024
status: verified
rules:
  - id: cp-visit
    within: {working_days: 15}
    source: Barset procedures, section 4
  - id: tea-with-the-team
    name: Tea within a day
    group: Staff
    pattern: deadline
    episode: worker
    starts: employment_started
    stops: [supervision]
    within: {calendar_days: 1}
    source: Barset procedures, section 9
    sources:
      annex_a: {tested: none, because: not held}
"""

NATIONAL = """\
rulebook: barset-2030
title: A national edition
kind: national
in_force: {from: 2040-01-01}
source: none
status: draft
continues: working-together-2026
rules: []
"""

# what is replaced, by what, the line of the fault, words of the fault
LOCAL_FAULTS = [
    ("title: Local", "titel: Local", 2, "unknown key 'titel'; did you mean 'title'?"),
    ("title: Local rules of Barset\n", "", 1, "'title' is missing"),
    ("kind: local", "kind: county", 3, "unknown kind of rulebook 'county'"),
    ("status: verified", "status: certain", 5, "unknown status 'certain'"),
    ("rulebook: barset", "rulebook: Barset!", 1, "small letters, digits and hyphens"),
    ("rulebook: barset", "rulebook: local-defaults", 1, "is already in local-defaults.yaml"),
    ("kind: local", "kind: local\ncontinues: working-together-2023", 4, "only a national edition"),
    ("kind: local", "kind: local\ndrops: [cp-visist]", 4, "did you mean 'cp-visit'?"),
    ("    name: Tea within a day\n", "", 10, "'tea-with-the-team': 'name' is missing"),
    ("    episode: worker\n", "", 10, "'episode' is missing"),
    ("    stops: [supervision]\n", "", 10, "'stops' is missing"),
    ("    stops: [supervision]", "    stops: []", 16, "'stops' names no event"),
    ("    stops: [supervision]", "    stops: [4]", 16, "should be a list of words, not 4"),
    ("    stops: [supervision]", "    stops: [supervison]", 16, "did you mean 'supervision'?"),
    ("starts: employment_started", "starts: hired", 15, "unknown event 'hired'"),
    ("episode: worker", "episode: work", 14, "unknown episode 'work'"),
    ("pattern: deadline", "pattern: deadlin", 13, "unknown pattern 'deadlin'"),
    ("    group: Staff", "    kind: lokal\n    group: Staff", 12, "unknown kind 'lokal'"),
    ("    group: Staff", "    kind: statutory\n    group: Staff", 12, "local rulebook cannot hold"),
    ("    group: Staff", "    colour: red\n    group: Staff", 12, "unknown key 'colour'"),
    ("    group: Staff", "    group: 7", 12, "'group' should be text, not 7"),
    ("    group: Staff", "    group: Staff\n    which: some", 13, "unknown answer to 'which'"),
    ("    group: Staff", "    group: Staff\n    assumed: maybe", 13, "should be true or false"),
    ("    group: Staff", "    group: Staff\n    group: Team", 13, "'group' is written twice"),
    ("within: {calendar_days: 1}", "within: 1", 17, "one length of time"),
    ("within: {calendar_days: 1}", "within: {fortnights: 1}", 17, "unknown unit 'fortnights'"),
    ("within: {calendar_days: 1}", "within: {calendar_days: 0}", 17, "a whole number above 0"),
    ("within: {calendar_days: 1}", "within: {calendar_days: ten}", 17, "a whole number above 0"),
    ("within: {calendar_days: 1}", "within: {months: 1.5}", 17, "a whole number above 0"),
    ("within: {calendar_days: 1}", "within: {months: true}", 17, "a whole number above 0"),
    ("within: {calendar_days: 1}", "within: {months: 1, calendar_days: 1}", 17, "one length"),
    ("    within: {calendar_days: 1}\n", "", 10, "a deadline needs 'within'"),
    ("pattern: deadline", "pattern: check", 17, "a check has no time limit"),
    ("pattern: deadline", "pattern: precedence", 17, "a precedence has no time limit"),
    ("    group: Staff", "    group: Staff\n    failed_by: [cp_visit]", 13, "only for a check"),
    ("    group: Staff", "    group: Staff\n    in_force: {from: 2024-13-01}", 13, "'2024-13-01'"),
    ("    group: Staff", "    group: Staff\n    in_force: {from: spring}", 13, "should be a date"),
    ("    group: Staff", "    group: Staff\n    in_force: {since: 2024-01-01}", 13, "'since'"),
    ("    group: Staff", "    group: Staff\n    in_force: {from: 2025-01-01, to: 2024-01-01}",
     13, "'from' (2025-01-01) is after 'to' (2024-01-01)"),
    ("id: tea-with-the-team", "id: cp-visit", 10, "used already on line 7"),
    ("id: tea-with-the-team", "id: Tea", 10, "small letters"),
    ("  - id: tea-with-the-team\n    name", "  - name", 10, "rule number 2: 'id' is missing"),
    ("id: tea-with-the-team", "id: s47-to-conference", 10, "cannot change the national rule"),
    ("annex_a: {tested", "annex_b: {tested", 20, "unknown source 'annex_b'"),
    ("tested: none, because: not held", "tested: mostly", 20, "unknown answer to 'tested'"),
    ("tested: none, because: not held", "tested: part", 20, "'because' should say why"),
    ("tested: none, because: not held", "tested: full, by: me", 20, "unknown key 'by'"),
    ("    sources:\n      annex_a: {tested: none, because: not held}\n", "", 10, "'sources' is mis"),
    ("    source: Barset procedures, section 4\n", "", 7, "'cp-visit': 'source' is missing"),
    ("rules:", "exempts: [{rule: cp-visits, councils: [Barset], source: us}]\nrules:", 6,
     "exempts from an unknown rule 'cp-visits'; did you mean 'cp-visit'?"),
    ("rules:", "exempts: [{rule: cp-visit, councils: [], source: us}]\nrules:", 6, "names nobody"),
    ("rules:", "exempts: [{rule: cp-visit, source: us}]\nrules:", 6, "'councils' is missing"),
    ("rules:", "exempts: Barset\nrules:", 6, "'exempts' should be a list"),
    ("rules:", "rules: none\nother:", 6, "'rules' should be a list"),
    ("  - id: cp-visit", "  - cp-visit\n  - id: cp-visit", 7, "should be a list of keys and values"),
    ("title: Local", "title: [Local", 3, "not YAML"),
    ("title: Local", "title: \tx: y: Local", 2, "not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), LOCAL_FAULTS)
def test_a_wrong_overlay_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in SOUND
    file = tmp_path / "barset.yaml"
    file.write_text(SOUND.replace(old, new, 1), "utf-8")
    faults = check_rulebook(file)
    assert any(f.startswith(f"barset.yaml, line {line}: ") and words in f for f in faults), faults
    with pytest.raises(RulebookError) as refused:
        load_rulebooks([file])
    assert set(faults) <= set(refused.value.faults)


NATIONAL_FAULTS = [
    ("{from: 2040-01-01}", "{from: 2040-01-01, to: 2039-01-01}", 4, "is after 'to'"),
    ("continues: working-together-2026", "continues: working-together-2027", 7, "unknown rulebook"),
    ("continues: working-together-2026", "continues: barset-2030", 7, "goes round in a circle"),
    ("rules: []", "drops: [cp-visit]", 8, "'drops' names a rule it does not have: 'cp-visit'"),
    ("rulebook: barset-2030", "rulebook: working-together-2018", 1, "is already in"),
    ("status: draft", "status: draft\ncarried_status: maybe", 7, "unknown status 'maybe'"),
    (
        "{from: 2040-01-01}",
        "{from: 2020-01-01}",
        4,
        "rule 'referral-decided', carried over: barset-2030 and working-together-2018",
    ),
    (
        "rules: []",
        "rules: [{id: referral-decided, source: x, in_force: {from: 2039-01-01}}]",
        8,
        "in force on days when its edition is not",
    ),
    (
        "rules: []",
        "rules: [{id: referral-decided, source: x, kind: local}]",
        8,
        "a national rulebook cannot hold a local rule",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), NATIONAL_FAULTS)
def test_a_wrong_national_edition_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in NATIONAL
    text = NATIONAL.replace(old, new, 1)
    file = tmp_path / "barset-2030.yaml"
    file.write_text(text, "utf-8")
    found = check_rulebook(file)
    assert any(f.startswith(f"barset-2030.yaml, line {line}: ") and words in f for f in found), (
        found
    )


def test_two_editions_that_continue_each_other_are_refused(tmp_path: Path) -> None:
    for one, other in (("aa", "bb"), ("bb", "aa")):
        text = NATIONAL.replace("barset-2030", one).replace("working-together-2026", other)
        (tmp_path / f"{one}.yaml").write_text(text, "utf-8")
    with pytest.raises(RulebookError, match="goes round in a circle"):
        load_rulebooks([tmp_path / "aa.yaml", tmp_path / "bb.yaml"])


def test_a_rule_two_overlays_both_state_is_refused_for_the_days_they_share(tmp_path: Path) -> None:
    files = []
    for name in ("north", "south"):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(SOUND.replace("rulebook: barset", f"rulebook: {name}"), "utf-8")
    with pytest.raises(RulebookError, match="south and north are both in force at all times"):
        load_rulebooks(files)


def test_a_clash_is_found_beside_a_rule_without_an_id(tmp_path: Path) -> None:
    files = []
    for name in ("north", "south"):
        text = SOUND.replace("rulebook: barset", f"rulebook: {name}")
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(text.replace("id: tea-with-the-team\n    ", ""), "utf-8")
    with pytest.raises(RulebookError) as refused:
        load_rulebooks(files)
    text = str(refused.value)
    assert "south.yaml, line 7: rule 'cp-visit': south and north are both in force" in text
    assert "south.yaml, line 10: rule number 2: 'id' is missing" in text


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    file = tmp_path / "barset.yaml"
    text = SOUND.replace("pattern: deadline", "pattern: wish").replace("starts: emp", "starts: xmp")
    file.write_text(text.replace("working_days: 15", "working_weeks: 3"), "utf-8")
    faults = check_rulebook(file)
    assert [f.split(":")[0] for f in faults] == [
        "barset.yaml, line 8",
        "barset.yaml, line 13",
        "barset.yaml, line 15",
    ]


TRAPS = [
    ("", "line 1: not a rulebook"),
    ("just words", "line 1: not a rulebook"),
    ("[" * 5_000, "not YAML"),
    ("[" * 5_000 + "]" * 5_000, "line 1: not YAML: nested too deeply"),
    ("rulebook: &a [*a]", "line 1: an anchor here holds itself"),
    ("a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*{'a' if not n else f'b{n - 1}'}, *a]"
                                  for n in range(40)), "line "),
    ("a: &a {k: v, k2: v}\n" + "b0: &b0 [*a, *a]\n"
     + "\n".join(f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]" for n in range(1, 40)), "too large"),
    ("? [1, 2]\n: x", "line 1: unknown key '?'"),
    ("rulebook: !!python/object:os.system x", "line 1: cannot be read"),
    ("rulebook: x\x00y", "line 1: not YAML"),
    ("a: 1\n--- \nb: 2", "not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), TRAPS)
def test_a_file_that_is_no_rulebook_is_a_fault_and_never_a_stack_trace(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(text, "utf-8")
    faults = check_rulebook(file)
    assert any(words in f for f in faults), faults
    assert all(f.startswith("odd.yaml, line ") for f in faults)


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"^none\.yaml: cannot be read: No such file"):
        check_rulebook(tmp_path / "none.yaml")
    binary = tmp_path / "photo.yaml"
    binary.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(RulebookError, match=r"^photo\.yaml: is not text in UTF-8$"):
        load_rulebooks([binary])


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "barset.yaml"
    file.write_text("\ufeff" + SOUND, "utf-8")
    assert check_rulebook(file) == []
