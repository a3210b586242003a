"""The catalogue is whole, and a wrong entry is refused with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.measures.benchmark.england import figures
from upturn.measures.load import catalogue, catalogue_files, load_catalogue
from upturn.rulebooks import RulebookError
from upturn.rulebooks.model import SOURCES

HEAD = "group: G\nsource: S\nmeasures:\n"
ENTRY = (
    "  - {id: m, name: N, definition: D, good: low, unit: count, table: contacts, "
    "window: cont_contact_date%s}\n"
)
#: What is wrong, and what is said of it after the file's name.
FAULTS = [
    ("measures: 3", "line 1: 'measures' should be a list"),
    (HEAD + "  - {id: m}\n", "line 4: 'name' is missing"),
    (HEAD + ENTRY.replace("low", "lower") % "", "line 4: unknown direction 'lower'"),
    (HEAD + ENTRY % ", colour: red", "line 4: unknown key 'colour'"),
    (HEAD + ENTRY.replace("contact_date", "contact_dat") % "", "did you mean 'cont_contact_date'?"),
    (HEAD + ENTRY % ", where: [{field: cont_contact_date}]", "a condition is a field and one thing"),
    (HEAD + ENTRY % ", where: [{field: cont_contact_date, iss: 1}]", "unknown condition 'iss'"),
    (HEAD + ENTRY % ", where: [{field: cont_contact_source_code, is: 6}]", "needs a text (in quotes"),
    (HEAD + ENTRY % ", in: [{field: cpp_plan, is: 6}]", "no field 'cpp_plan' in or beside 'contacts'"),
    (HEAD + ENTRY % ", in: {annex_a: []}", "needs 'otherwise'"),
    (HEAD + ENTRY % ", per_child: two", "'per_child' should be a whole number"),
    (HEAD + ENTRY % "" + ENTRY % "", "measure 'm' is already in wrong.yaml"),
    (HEAD + ENTRY.replace("count,", "weeks,") % "", "a measure in weeks needs 'length'"),
    (
        HEAD + ENTRY % ", length: {from: cont_contact_date, unit: weeks, bands: {a: 5, b: 2}}",
        "the ends of the bands should rise",
    ),
    (
        HEAD + "  - {id: m, name: N, definition: D, good: low, unit: percent, form: clocks, "
        "rules: [cp-vist], of: [met]}\n",
        "no rule 'cp-vist'; did you mean 'cp-visit'?",
    ),
    (HEAD + "  - id: m\n    id: n\n", "line 5: 'id' is written twice"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_wrong_entry_is_refused_with_its_file_and_line(tmp_path: Path, text, said):
    file = tmp_path / "wrong.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RulebookError) as caught:
        load_catalogue([file])
    assert any(
        fault.startswith("wrong.yaml, line ") and said in fault for fault in caught.value.faults
    )


def test_every_measure_says_what_it_is_and_by_whom():
    assert len(catalogue()) > 100
    for one in catalogue():
        assert len(one.definition.split()) >= 5, one.id
        assert one.definition.endswith("."), one.id
        assert one.source, one.id
        assert one.good in ("high", "low", "neither")
        assert any(one.covered_by(source).tested != "none" for source in SOURCES), one.id


def test_what_is_published_is_among_the_figures_shipped_and_each_figure_is_used():
    published = {one.published for one in catalogue() if one.published}
    assert published == set(figures())
    for one in catalogue():
        if one.published:
            assert figures()[one.published].unit == one.unit, one.id


@pytest.mark.parametrize("page", [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_every_page_of_the_sectors_annex_a_tool_has_its_measures(page):
    lists = {1: "contacts", 2: "early-help", 3: "referrals", 4: "assessments", 5: "s47", 6: "cin",
             7: "cpp", 8: "cla", 9: "care-leavers"}  # fmt: skip
    assert len([one for one in catalogue() if one.id.startswith(lists[page])]) >= 5


def test_no_key_of_the_catalogue_is_undocumented():
    from upturn.measures import load

    page = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"
    text = page.read_text("utf-8")
    for key in (*load._KEYS, *load._HEADER, *load._BOUNDS):
        assert f"`{key}`" in text, key


def test_the_files_come_in_the_order_of_a_childs_way():
    assert [path.name[:2] for path in catalogue_files()] == [f"{n:02}" for n in range(1, 12)]
