"""The mappings as a whole: what is shipped, a user's own file, the report, and bad files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from upturn.records.annex_a.layout import annex_a
from upturn.records.mapping import (
    HOW,
    MAPPINGS,
    SHOWN,
    SPELLINGS,
    MappedColumn,
    MappingError,
    apply_mapping,
    empty,
    load_mappings,
    plain,
    show_mapping,
    spellings_report,
    to_flag,
)
from upturn.records.sheets import ERROR_VALUES, SourceError

EVERY = load_mappings()


def own(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_mapping_that_annex_a_names_is_there() -> None:
    named = {c.codes for lst in annex_a() for c in lst.columns if c.codes}
    assert named <= set(EVERY)
    assert "yes_no" in EVERY


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_code_and_its_words_are_spellings_of_it(name: str) -> None:
    mapping = EVERY[name]
    for code, words in mapping.codes.items():
        assert mapping.understand(code).code == code
        assert mapping.understand(words).code == code


@pytest.mark.parametrize("name", MAPPINGS)
def test_no_two_codes_of_a_mapping_share_their_words(name: str) -> None:
    words = [plain(w) for w in EVERY[name].codes.values()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", MAPPINGS)
@pytest.mark.parametrize("text", sorted(ERROR_VALUES))
def test_a_failed_formula_is_blank_in_every_mapping(name: str, text: str) -> None:
    assert EVERY[name].understand(text).how == "blank"


@pytest.mark.parametrize(
    "name", ["yes_no", "referral_nfa", "child_seen", "seen_alone", "disability"]
)
def test_a_question_has_three_answers_and_no_more(name: str) -> None:
    assert set(EVERY[name].codes) == {"yes", "no", "unknown"}


def test_flags_are_true_false_or_null() -> None:
    codes = pl.Series("seen", ["yes", "no", "unknown", None])
    flags = to_flag(codes)
    assert flags.to_list() == [True, False, None, None]
    assert flags.dtype == pl.Boolean
    assert flags.name == "seen"


def test_a_column_of_nulls_or_of_no_rows_is_mapped_too() -> None:
    none = apply_mapping(EVERY["gender"], pl.Series([None, None]))
    assert none.rows() == [(None, "blank"), (None, "blank")]
    assert none.schema == {"code": pl.String(), "how": pl.String()}
    assert apply_mapping(EVERY["gender"], pl.Series([], dtype=pl.String)).height == 0


def test_a_pattern_that_disagrees_with_another_names_both() -> None:
    found = EVERY["ethnicity"].understand("Gypsy or Irish Traveller")
    assert found.how == "ambiguous"
    assert "WIRT" in found.because
    assert "WROM" in found.because


def test_text_far_too_long_for_a_pick_list_is_not_searched_for_words() -> None:
    found = EVERY["source"].understand("police " * 100)
    assert found.how == "not understood"
    assert "longer than" in found.because


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("gender: {spellings: {Youth: M}}", "M"),
        ("gender: {spellings: {M: [Youth, Lad]}}", "M"),
        ('gender:\n  spellings:\n    " YOUTH. ": F\n', "F"),
    ],
)
def test_a_spelling_of_yours_is_added(tmp_path: Path, file: str, code: str) -> None:
    gender = load_mappings(own(tmp_path, file))["gender"]
    found = gender.understand("youth")
    assert (found.code, found.how) == (code, "yours")
    assert "ours.yaml line" in found.because


def test_yours_comes_before_what_is_shipped(tmp_path: Path) -> None:
    mine = load_mappings(own(tmp_path, "yes_no: {spellings: {U: no, '#N/A': no, yes: unknown}}"))
    assert mine["yes_no"].understand("u").code == "no"
    assert mine["yes_no"].understand("#N/A").code == "no"
    assert mine["yes_no"].understand("YES").code == "unknown"
    assert mine["referral_nfa"] == EVERY["referral_nfa"]


def test_yours_may_say_that_a_spelling_is_blank(tmp_path: Path) -> None:
    mine = load_mappings(own(tmp_path, "closure_reason: {spellings: {Not yet closed: blank}}"))
    found = mine["closure_reason"].understand("Not yet closed")
    assert (found.code, found.how) == (None, "blank")


def test_an_empty_file_of_yours_changes_nothing(tmp_path: Path) -> None:
    assert load_mappings(own(tmp_path, "# nothing yet\n")) == EVERY


def test_the_example_in_the_documentation_works(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/reference/mapping.md").read_text("utf-8")
    mine = load_mappings(own(tmp_path, page.split("```yaml")[1].split("```")[0]))
    assert mine["gender"].understand("youth").code == "M"
    assert mine["yes_no"].understand("done").code == "yes"
    assert mine["closure_reason"].understand("Not yet closed").how == "blank"


def test_yours_leaves_what_is_shipped_alone(tmp_path: Path) -> None:
    load_mappings(own(tmp_path, "gender: {spellings: {Youth: M}}"))
    assert load_mappings()["gender"].understand("Youth").how == "not understood"


BAD = [
    ("gnder: {spellings: {Boy: M}}", "line 1: there is no mapping 'gnder'; did you mean gender?"),
    ("gender:\n  spellings:\n    Boy: X\n", "line 3: 'X' is not a code of gender"),
    ("gender: {codes: {X: Other}}", "line 1: 'codes' cannot be changed here"),
    ("gender:\n  spellings: {Boy: M, boy.: F}", "line 2: 'boy.' means F here and M above"),
    ("gender: {spellings: {'--': M}}", "has no letter or number in it"),
    ("gender: {spellings: {Boy: {M: 1}}}", "the code for 'Boy' should be a word"),
    ("gender: {spellings: [Boy]}", "spellings should be 'name: value' lines"),
    ("gender: {spellings: {Boy: M}}\ngender: {}", "line 2: 'gender' stands twice"),
    ("gender: [Boy\nsource: M", "line 2: is not YAML"),
    ("just a sentence", "line 1: the file should be 'name: value' lines"),
    ("[" * 200_000, "ours.yaml: is nested too deeply to be a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD, ids=[says for _, says in BAD])
def test_a_bad_file_is_refused_with_its_line_and_the_reason(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(MappingError) as error:
        load_mappings(own(tmp_path, text))
    assert says in str(error.value)
    assert str(error.value).startswith("ours.yaml")
    assert "\n" not in str(error.value)
    assert isinstance(error.value, SourceError)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        load_mappings(tmp_path / "no.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00gender")
    with pytest.raises(MappingError, match="not UTF-8"):
        load_mappings(tmp_path / "binary.yaml")


def test_the_report_counts_every_cell_with_something_in_it() -> None:
    cells = pl.Series(["Yes", "yes", "#N/A", "-", "perhaps", None, "", "  ", "Yes"])
    report = spellings_report([MappedColumn("List 7", "Seen?", "yes_no", cells)], EVERY)
    assert report.schema == SPELLINGS
    assert report.select("spelling", "count", "code", "words", "how").rows() == [
        ("Yes", 2, "yes", "Yes", "exact"),
        ("#N/A", 1, None, None, "blank"),
        ("-", 1, None, None, "blank"),
        ("perhaps", 1, None, None, "not understood"),
        ("yes", 1, "yes", "Yes", "exact"),
    ]
    assert set(report["how"]) <= set(HOW)
    assert report["source_list"].unique().to_list() == ["List 7"]


def test_the_report_of_nothing_is_empty_and_typed() -> None:
    assert empty().schema == SPELLINGS
    assert spellings_report([], EVERY).equals(empty())
    blank = ("List 1", "Gender", "gender", pl.Series([None, None]))
    assert spellings_report([blank], EVERY).equals(empty())


def test_a_mapping_can_be_seen_whole_and_yours_is_first(tmp_path: Path) -> None:
    shown = show_mapping("gender", own(tmp_path, "gender: {spellings: {Youth: M}}"))
    assert shown.schema == SHOWN
    first = shown.row(0, named=True)
    assert first["kind"] == "yours"
    assert first["origin"] == "ours.yaml line 1"
    assert set(shown["kind"]) == {"yours", "spelling", "pattern", "blank"}
    codes = shown.filter(pl.col("kind") == "spelling")["code"]
    assert set(codes) == set(EVERY["gender"].codes)


def test_a_mapping_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(MappingError, match="there is no mapping 'sex'; there are yes_no"):
        show_mapping("sex")
