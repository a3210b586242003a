"""The draft of a plan: one action for each thing asked, each line with its place, no owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.findings.run import findings_of
from upturn.improvement import Plan, plan_yaml, read_plan_text
from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.published.plan import draft_plan
from upturn.published.plan.evidence import named_paragraphs
from upturn.published.plan.load import CATALOGUE, load_guides, read_guides
from upturn.published.report.model import Fact, Paragraph, Recommendation, Report
from upturn.published.themes import load_rules
from upturn.records.sheets import SourceError
from upturn.remedies.load import remedies
from upturn.rulebooks import RulebookError
from upturn.synthetic import make_council, write_annex_a

NONE = Fact(None, "not found")
ASKED = (
    "Caseloads, so that children have a worker who stays.",
    "The timeliness of assessments (paragraph 3).",
    "The cake at meetings.",
    "The timeliness of replies.",
)
SAID = (
    (1, 3, "Caseloads are too high. Leaders have recruited six more workers to reduce caseloads."),
    (2, 3, "Assessments of most children are thorough. Some assessments are late because of turnover."),
    (3, 4, "Parking is difficult for visitors."),
    (4, 5, "Plans are reviewed well and children do not wait."),
)  # fmt: skip


def report(asked: tuple[str, ...] = ASKED) -> Report:
    found = Fact("Cumbria", "found")
    return Report(
        file="report.pdf", sha256="0" * 64, kind="pdf", pages=9, framework=NONE, authority=found,
        authority_code=NONE, fieldwork_start=NONE, fieldwork_end=NONE, published=NONE,
        inspectors=NONE, judgements=(), statements=(), since=(),
        paragraphs=tuple(Paragraph(n, page, text, "Help", "help_protection") for n, page, text in SAID),
        recommendations=tuple(
            Recommendation(n, None, "what needs to improve", "", 2, text)
            for n, text in enumerate(asked, 1)
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    path: Path = tmp_path_factory.mktemp("council") / "annex_a.xlsx"
    write_annex_a(make_council(seed=3, faults=["late-assessments-in-one-team"]), path, messy=False)
    return run_check(path)


@pytest.fixture(scope="module")
def drafted() -> Plan:
    return draft_plan(report())


def test_there_is_an_action_for_each_thing_asked_in_its_own_words(drafted: Plan) -> None:
    assert tuple(a.asked[0].words for a in drafted.actions) == ASKED
    assert [a.asked[0].page for a in drafted.actions] == [2] * 4
    assert (drafted.title, drafted.draft) == ("Improvement plan: Cumbria", True)


def test_nobody_is_named_and_no_date_is_set(drafted: Plan) -> None:
    for action in drafted.actions:
        assert (action.owner, action.start, action.due) == ("", None, None)
        assert (action.done_now, action.difference_now) == ("not started", "not rated")


def test_a_cause_that_the_report_names_comes_first_with_its_place(drafted: Plan) -> None:
    late = drafted.action("A2")
    first = late.causes[0]
    assert (first.id, first.state) == ("turnover", "named in the report")
    assert (first.trace.page, first.trace.paragraph) == (3, 2)
    assert "turnover" in first.trace.words
    others = [c for c in late.causes if c.state == "to be tested"]
    assert {c.trace.basis for c in others} == {"assumed"}
    assert "turnover" not in {c.id for c in others}


def test_a_paragraph_that_is_cited_stands_beside_the_action(drafted: Plan) -> None:
    supports = drafted.action("A2").supports
    assert supports[0].paragraph == 3
    assert any("turnover" in trace.words for trace in supports)


def test_praise_is_no_support_for_a_concern(drafted: Plan) -> None:
    said = [trace.words for action in drafted.actions for trace in action.supports]
    assert not any("thorough" in words or "do not wait" in words for words in said)


def test_what_has_begun_already_is_said(drafted: Plan) -> None:
    begun = [line for line in drafted.action("A1").remedies if line.state == "begun"]
    assert [r.trace.words for r in begun] == [
        "Leaders have recruited six more workers to reduce caseloads."
    ]


def test_options_come_from_the_catalogue_of_remedies_with_their_evidence(drafted: Plan) -> None:
    for action in drafted.actions:
        options = [line for line in action.remedies if line.state != "begun"]
        assert len(options) <= 4
        for line in options:
            assert line.trace.basis == "catalogue"
            assert line.text == remedies()[line.id].title
            assert line.state == f"an option; evidence: {remedies()[line.id].strength}"
    assert any(line.id == "permanent-posts" for a in drafted.actions for line in a.remedies)


def test_what_fits_no_theme_gets_no_option(drafted: Plan) -> None:
    assert not drafted.action("A3").themes
    assert not drafted.action("A3").remedies


def test_in_time_brings_its_measures_only_when_it_stands_alone(drafted: Plan) -> None:
    of_assessments = {m.id for m in drafted.action("A2").measures}
    alone = {m.id for m in drafted.action("A4").measures}
    assert "icpc-due-in-time" in alone
    assert "icpc-due-in-time" not in of_assessments
    assert "assessments-due-in-time" in of_assessments


def test_what_has_no_theme_is_said_to_have_none(drafted: Plan) -> None:
    cake = drafted.action("A3")
    assert cake.title == "Not placed under a theme: read it"
    assert (cake.measures, cake.causes, cake.good) == ((), (), ())


def test_without_an_extract_every_question_is_said_not_to_be_tested(drafted: Plan) -> None:
    findings = [line for action in drafted.actions for line in action.findings]
    assert findings
    assert {line.state for line in findings} == {"not tested"}
    assert all("no extract was given" in line.trace.source for line in findings)
    measures = [m for action in drafted.actions for m in action.measures]
    assert {(m.baseline, m.target, m.why) for m in measures} == {
        (None, None, "no extract was given")
    }


def test_with_an_extract_the_findings_and_baselines_are_its_own(check: Check) -> None:
    plan = draft_plan(report(), check=check)
    late = plan.action("A2")
    own = next(f for f in findings_of(check).findings if f.pattern.id == "assessments-late")
    line = next(line for line in late.findings if line.id == "assessments-late")
    assert (line.state, line.text) == (own.verdict, own.sentence)
    assert f"{own.n:,} of {own.of:,}" in line.trace.source
    measure = next(m for m in late.measures if m.id == "assessments-45-from-start")
    assert measure.n is not None
    assert measure.of
    assert measure.baseline == round(100 * measure.n / measure.of, 1)
    assert measure.as_at == check.as_at
    assert plan.origins[1].sha256 == check.casebook.sha256


def test_a_target_is_only_suggested_where_england_is_better(check: Check) -> None:
    plan = draft_plan(report(), check=check)
    for m in (m for a in plan.actions for m in a.measures if m.target is not None):
        assert "assumed" in m.target_from
        assert m.baseline is not None
        assert m.target > m.baseline if m.good == "high" else m.target < m.baseline


def test_every_line_can_be_traced(check: Check) -> None:
    plan = draft_plan(report(), check=check)
    for action in plan.actions:
        traces = [*action.asked, *action.supports, *(m.trace for m in action.measures)]
        traces += [ln.trace for ln in (*action.findings, *action.causes, *action.remedies)]
        for trace in traces:
            assert (trace.page and trace.words) if trace.basis == "report" else trace.source


def test_the_draft_comes_back_from_its_file(check: Check) -> None:
    plan = draft_plan(report(), check=check)
    assert read_plan_text("plan.yaml", plan_yaml(plan)) == plan
    assert draft_plan(report(), check=check) == plan


def test_a_report_that_asks_for_nothing_is_refused_in_one_line() -> None:
    with pytest.raises(SourceError, match=r"report\.pdf: no recommendation") as caught:
        draft_plan(report(asked=()))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Do it (paragraph 9).", [9]),
        ("Do it (paragraphs 9, 11 and 12).", [9, 11, 12]),
        ("Do it (paragraphs 9\u201311).", [9, 10, 11]),
        ("Do it in 9 days.", []),
        ("Do it (paragraphs 9-99999).", list(range(9, 60))),
    ],
)
def test_cited_paragraphs_are_read(text: str, cited: list[int]) -> None:
    assert named_paragraphs(text) == cited


def test_a_list_that_a_comma_cut_in_two_would_begin_in_the_middle_of_a_sentence() -> None:
    said = [
        text for guide in load_guides().values() for text in (*guide.show, guide.good, guide.first)
    ]
    assert [text for text in said if not text[0].isupper()] == []


def test_every_theme_has_its_guide() -> None:
    assert list(load_guides()) == [theme.id for theme in load_rules().themes]


FAULTS = [
    ("measures: [contacts, referrals]", "measures: [contact, referrals]", "unknown measure 'contact'"),
    ("factors: [partners, workload]", "factors: [partner]", "unknown factor 'partner'"),
    ("  - id: demand\n", "  - id: demands\n", "unknown theme 'demands'"),
    ("    good: Leaders see", "    god: Leaders see", "unknown key 'god'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_faulty_guide_is_refused_with_its_line(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    text = CATALOGUE.read_text("utf-8")
    assert old in text
    file = tmp_path / "catalogue.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulebookError, match=r"catalogue\.yaml, line \d+") as caught:
        read_guides(file)
    assert any(fault in one for one in caught.value.faults)
