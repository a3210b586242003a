"""What a sentence of a report says: its themes, its polarity, what it states and the causes it names."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.published.themes import classify, load_rules, sentences
from upturn.published.themes.lean import load_lean
from upturn.published.themes.load import RULES, read_rules
from upturn.published.themes.model import KINDS, POLARITIES
from upturn.published.themes.sentences import fingerprint, one_line
from upturn.rulebooks import RulebookError

ROOT = Path(__file__).parents[3]
REPORTS = ROOT.parent / "shared" / "data" / "reports"

POLARITY = [
    ("Not all assessments are good.", "concern", "a negated good is no praise"),
    ("No child was left waiting.", "strength", "a negated bad is praise"),
    ("Children do not wait for help.", "strength", "not waiting is good"),
    ("Plans do not drift.", "strength", "not drifting is good"),
    ("Visits are made without delay.", "strength", "without delay is good"),
    ("Visits are often delayed.", "concern", "delay is bad"),
    ("Managers prevent drift and delay well.", "strength", "what is prevented is not there"),
    ("Assessments are timely and thorough.", "strength", "praise"),
    ("Assessments are thorough, but plans are weak.", "mixed", "it turns in the middle"),
    ("While assessments are thorough, plans are weak.", "mixed", "it turns after its first part"),
    ("However, too few plans say what must change.", "concern", "however begins a concern"),
    ("Plans are not good enough.", "concern", "good is there and does not count"),
    ("The town has one children's home.", "neither", "a fact is neither"),
    ("Workers rarely see children alone.", "concern", "rarely"),
    ("Children only come into care when they cannot live safely at home.", "strength", "as it should be"),
    ("Despite this good start, plans are weak.", "concern", "what is granted is set aside"),
    ("Despite delays in the courts, plans are strong.", "strength", "so it is the other way round"),
    ("Leaders have acted swiftly to address gaps and delays.", "strength", "what is mended is not there"),
    ("Leaders have been slow to address gaps.", "concern", "but slowly mended is"),
    ("Plans are weak, and this is now being addressed.", "mixed", "amiss and in hand"),
    ("The rate of turnover is low.", "strength", "little of a bad thing is good"),
    ("The rate of attendance is low.", "concern", "little of a good thing is bad"),
    ("Where this is not possible, kin are found swiftly.", "strength", "a condition is no finding"),
    ("Much progress has been made against the plan.", "strength", "against is no negation"),
    ("There is more to do.", "concern", "work that is left"),
    ("Children are kept at the heart of decisions by all staff.", "strength", "its words lean so"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "polarity", "because"), POLARITY, ids=[p[0] for p in POLARITY])
def test_polarity_is_right(text: str, polarity: str, because: str) -> None:
    assert classify([text])["polarity"].to_list() == [polarity], because


def test_a_sentence_without_a_cue_goes_by_the_way_its_words_lean() -> None:
    text = ["Kin are glad of it."]
    for weight, said in ((2.0, "strength"), (-2.0, "concern"), (0.0, "neither")):
        weights = pl.DataFrame({"gram": ["glad of"], "weight": [weight]})
        assert classify(text, weights=weights)["polarity"].to_list() == [said]


def test_a_fact_is_neither_however_its_words_lean() -> None:
    weights = pl.DataFrame({"gram": ["^"], "weight": [3.0]})
    assert classify(["The town has 3 homes."], weights=weights)["polarity"].to_list() == ["neither"]


def test_the_weights_name_no_place_and_are_each_there_once() -> None:
    weights = load_lean()
    assert weights["gram"].n_unique() == len(weights) > 1000
    assert weights["weight"].is_finite().all()
    words = {word for gram in weights["gram"] for word in gram.split()}
    places = {file.stem.split("_")[0].split("-")[0] for file in REPORTS.glob("*.pdf")}
    assert not words & (places - {"east", "isle", "north", "reading", "south", "west"})


def test_what_is_asked_for_is_a_concern_whatever_its_words() -> None:
    said = classify(["Ensure that all children are seen regularly."], asked=[True])
    assert said["polarity"].to_list() == ["concern"]


THEMES = [
    ("Care leavers wait too long for a pathway plan.", {"leavers", "timely-response", "planning"}),
    ("Return interviews are offered to every child.", {"missing"}),
    ("Return home is planned too late for some.", {"permanence", "timely-response"}),
    ("Police seldom attend strategy discussions.", {"strategy", "partners"}),
    ("Homeless young people are not assessed.", {"specific-groups"}),
    ("Performance information is not accurate.", {"quality-assurance"}),
    ("Foster carers are well trained.", {"homes"}),
    ("Training for social workers is poor.", {"workforce"}),
    ("Recruitment of foster carers is slow.", {"homes", "timely-response"}),
    ("Recruitment of social workers is slow.", {"workforce", "timely-response"}),
    ("It rained on the last day.", set()),
]


@pytest.mark.parametrize(("text", "themes"), THEMES, ids=[t[0] for t in THEMES])
def test_themes_are_those_a_reader_would_give(text: str, themes: set[str]) -> None:
    assert set(classify([text])["themes"][0]) == themes


KIND = [
    ("High caseloads mean that visits are late.", "cause", {"workload"}),
    ("Caseloads are low and manageable.", "neither", set()),
    ("Turnover of social workers is too high.", "cause", {"turnover"}),
    ("Supervision is not regular.", "cause", {"supervision"}),
    ("Parental mental capacity is not assessed.", "symptom", set()),
    ("Too few foster carers were recruited.", "symptom", set()),
    ("The recording system is slow and unreliable.", "cause", {"it"}),
    ("Cuts to the budget have left gaps.", "cause", {"money"}),
    ("Screening by managers is not thorough.", "symptom", set()),
    ("Plans are weak, although caseloads are low.", "symptom", set()),
    ("Supervision is regular, but it is not reflective.", "cause", {"supervision"}),
    ("Police do not always attend discussions.", "cause", {"partners"}),
    ("Children wait too long in police cells.", "symptom", set()),
    ("A backlog of assessments is not cleared.", "symptom", set()),
    ("Plans are too vague.", "symptom", set()),
    ("Leaders have appointed six more workers, and this is improving visits.", "remedy", set()),
]


@pytest.mark.parametrize(("text", "kind", "causes"), KIND, ids=[k[0] for k in KIND])
def test_a_cause_a_symptom_and_a_remedy_are_told_apart(
    text: str, kind: str, causes: set[str]
) -> None:
    row = classify([text]).to_dicts()[0]
    assert (row["kind"], set(row["causes"])) == (kind, causes)


def test_put_it_right_is_a_symptom_and_a_means_is_a_remedy() -> None:
    said = classify(
        ["Ensure that plans are clear.", "Introduce a panel that reads plans."], asked=[True, True]
    )
    assert said["kind"].to_list() == ["symptom", "remedy"]


@given(st.lists(st.text(max_size=200), max_size=5))
@settings(max_examples=15, deadline=None)
def test_any_text_gets_one_row_of_known_words(texts: list[str]) -> None:
    said = classify(texts)
    assert said["text"].to_list() == texts
    assert set(said["polarity"]) <= set(POLARITIES)
    assert set(said["kind"]) <= set(KINDS)
    known = {theme.id for theme in load_rules().themes}
    assert {theme for some in said["themes"] for theme in some} <= known


SPLIT = [
    ("One is late. Two is not.", ["One is late.", "Two is not."]),
    ("12. Visits are late.\n13.Plans are not.", ["Visits are late.", "Plans are not."]),
    ("Help is late. 14.Plans are not.", ["Help is late.", "Plans are not."]),
    ("\u25fc Plans for care\nleavers.\n\u25fc Visits", ["Plans for care leavers.", "Visits"]),
    ("Mr. Lee came, e.g. At nine.", ["Mr. Lee came, e.g. At nine."]),
    ("It was 3.5 days. It is 4.", ["It was 3.5 days.", "It is 4."]),
    ("Co-\nworking helps.", ["Co-working helps."]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SPLIT, ids=[repr(s[0]) for s in SPLIT])
def test_a_text_falls_into_its_sentences(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


@given(st.text(alphabet="ab. A1\n\u25fc", max_size=120))
@settings(max_examples=150, deadline=None)
def test_sentences_stand_in_order_and_say_what_stands_there(text: str) -> None:
    at = 0
    for sentence in sentences(text):
        assert at <= sentence.start < sentence.end <= len(text)
        assert sentence.text == one_line(text[sentence.start : sentence.end])
        at = sentence.end
    letters = [c for s in sentences(text) for c in s.text if c.isalpha()]
    assert letters == [c for c in text if c.isalpha()]


FAULTS = [
    ("words: ['\\bx']", "words: ['(x']", "not a regular expression"),
    ("id: a", "id: timely-response", "the findings' catalogue has a theme 'timely-response'"),
    ("title: A", "titel: A", "unknown key 'titel'"),
    ("outweighs: 2", "outweighs: much", "'outweighs' should be a number"),
    ("lean: {", "leaning: {", "'lean' should have praise, concern, outweighs"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_faulty_file_of_rules_is_refused_with_its_line(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    text = (
        "themes:\n  - id: a\n    title: A\n    words: ['\\bx']\n"
        "factors:\n  - {id: f, title: F, words: ['y']}\n"
        "remedies: {words: ['z'], unless: ['q z'], asked: ['^do']}\n"
        "polarity: {contrast: ['but'], neutral: ['a few'], good_negatives: ['no q'],\n"
        "  in_hand: ['mending'], concern: ['bad'], praise: ['good'], facts: ['\\d']}\n"
        "lean: {praise: 1, concern: -1, outweighs: 2}\n"
    )
    file = tmp_path / "rules.yaml"
    file.write_text(text)
    assert read_rules(file).themes[0].id == "a"
    file.write_text(text.replace(old, new))
    with pytest.raises(RulebookError, match=r"rules\.yaml, line \d+") as caught:
        read_rules(file)
    assert fault in str(caught.value)


def test_the_shipped_rules_have_every_cause_the_field_speaks_of() -> None:
    assert read_rules(RULES) == load_rules()
    assert [factor.id for factor in load_rules().factors] == [
        "workload", "posts", "turnover", "supervision", "partners", "leadership", "money", "it",
    ]  # fmt: skip


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not here")
def test_every_labelled_sentence_stands_where_the_labels_say() -> None:
    pdf = pytest.importorskip("pypdfium2")
    rows = list(csv.DictReader((ROOT / "benchmarks" / "report_themes_labels.csv").open()))
    assert len(rows) >= 300
    assert not {r["report"] for r in rows if r["part"] == "first"} & {
        r["report"] for r in rows if r["part"] != "first"
    }
    assert len({r["fingerprint"] for r in rows}) == len(rows)
    themes = {theme.id for theme in load_rules().themes}
    for row in rows[::7]:
        page = pdf.PdfDocument(str(REPORTS / row["report"]))[int(row["page"]) - 1]
        text = page.get_textpage().get_text_range().replace("\r\n", "\n")
        there = one_line(text[int(row["start"]) : int(row["end"])])
        assert fingerprint(there) == row["fingerprint"]
        assert set(row["themes"].split()) <= themes
