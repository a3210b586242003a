"""What holds for any text in a coded column."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from upturn.records.mapping import HOW, apply_mapping, load_mappings

EVERY = load_mappings()
MAPPING = st.sampled_from(list(EVERY.values()))
KNOWN = {name: [s.spelling for s in m.spellings.values()] for name, m in EVERY.items()}
_WORDS = """white black asian mixed and other & + not no yes seen alone neglect physical police court early
help N1 RC7 5D irish traveller ( ) / - ? refused unknown school nurse health housing a) #N/A"""
WORDS = st.sampled_from(_WORDS.split())
ANY = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join))
SPACE = st.sampled_from([" ", "  ", "\u00a0", "\t", "\u2009", " \n"])
QUOTE = st.sampled_from(["", "'", "’", "‘", '"', "“", "”", "\u200b"])


@st.composite
def noisy(draw: st.DrawFn) -> tuple[str, str, str]:
    """A mapping, one of its spellings, and the same spelling as somebody might have typed it."""
    name = draw(st.sampled_from(list(KNOWN)))
    clean = draw(st.sampled_from(KNOWN[name]))
    case = draw(st.sampled_from([str.upper, str.lower, str.title]))
    quote = draw(QUOTE)
    words = [quote + case(w) if w[0].isalpha() else w for w in clean.split(" ")]
    dash = draw(st.sampled_from("-–—‑"))
    text = draw(SPACE).join(words).replace(" - ", f" {dash} ")
    return (
        name,
        clean,
        draw(SPACE) + text + draw(QUOTE) + draw(st.sampled_from(["", ".", " ;", ","])),
    )


@given(noisy())
def test_case_spaces_quotes_and_dashes_never_change_the_answer(case: tuple[str, str, str]) -> None:
    name, clean, dirty = case
    assert EVERY[name].understand(dirty).code == EVERY[name].understand(clean).code


@given(MAPPING, st.sampled_from(["a) ", "b)", "p1) ", "c. ", "(d) "]), st.data())
def test_a_pick_list_letter_never_changes_the_answer(mapping, letter, data) -> None:  # type: ignore[no-untyped-def]
    clean = data.draw(st.sampled_from(KNOWN[mapping.name]))
    assert mapping.understand(letter + clean).code == mapping.understand(clean).code


@given(MAPPING, ANY)
def test_any_text_at_all_has_an_answer_and_a_reason(mapping, text) -> None:  # type: ignore[no-untyped-def]
    found = mapping.understand(text)
    assert found.how in HOW
    assert found.because
    assert (found.code is None) == (found.how in ("blank", "ambiguous", "not understood"))
    assert found.code is None or found.code in mapping.codes


@given(MAPPING, ANY, st.lists(SPACE, min_size=2, max_size=2))
def test_spaces_around_any_text_never_change_the_answer(mapping, text, around) -> None:  # type: ignore[no-untyped-def]
    padded = around[0] + text + around[1]
    assert mapping.understand(padded).code == mapping.understand(text).code


@given(MAPPING, st.lists(st.one_of(st.none(), ANY), max_size=20))
def test_a_column_is_mapped_cell_by_cell(mapping, cells) -> None:  # type: ignore[no-untyped-def]
    found = apply_mapping(mapping, pl.Series(cells, dtype=pl.String))
    one_by_one = [mapping.understand(cell or "") for cell in cells]
    assert found["code"].to_list() == [u.code for u in one_by_one]
    assert found["how"].to_list() == [u.how for u in one_by_one]


@given(ANY)
def test_seen_alone_is_never_a_yes_unless_the_text_says_alone_or_answers_yes(text: str) -> None:
    found = EVERY["seen_alone"].understand(text)
    if found.code == "yes":
        said = text.casefold()
        assert "alone" in said or "yes" in said or found.because.split()[-1] in _PLAIN_YES


_PLAIN_YES = {"'y'", "'true'", "'t'", "'1'", "'Yes'", "'yes'"}
