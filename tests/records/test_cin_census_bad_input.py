"""What is no whole census is refused in one line, whatever its bytes; nothing of it is used."""

from __future__ import annotations

import resource
from pathlib import Path

import census_xml as made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upturn.records.cin_census.reader import read_cin_census
from upturn.records.cin_census.recognise import is_census
from upturn.records.read import read_source
from upturn.records.sheets import SourceError

GOOD = made.text(
    made.child(
        made.episode(
            made.assessment("2026-01-06", "2026-02-20", "3A"),
            made.enquiry("2026-01-12", "2026-01-30"),
            made.plan("2026-01-30", "2026-03-18"),
        ),
        who="<PersonBirthDate>2015-03-27</PersonBirthDate><Sex>F</Sex>",
    ),
    made.child(made.episode(nfa="true"), child_id="C2"),
)
LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [\n <!ENTITY a "ha">\n'
    + "".join(f' <!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">\n' for n in range(9))
    + "]>\n"
    + GOOD.replace("<LEA>999</LEA>", "<LEA>&j;</LEA>")
)
EXTERNAL = '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + GOOD.replace(
    "C2", "&x;"
)
REMOTE = '<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/census.dtd">' + GOOD
LATIN = ('<?xml version="1.0" encoding="UTF-8"?>' + GOOD.replace("C2", "Zoë")).encode("latin-1")
NOT_SAID = GOOD.replace("C2", "Zoë").encode("latin-1")

BAD = [
    ("empty", b"", "is empty"),
    ("not XML", b"Child ID,Date\n1,2026-01-01\n", "is not XML"),
    ("cut short", GOOD[: GOOD.index("</Section47>")].encode(), "stops short at line 21"),
    ("cut short in a word", GOOD[: GOOD.index("S47ActualStartDate") + 4].encode(), "stops short at line"),
    ("cut short before the last word", GOOD.rstrip()[:-3].encode(), "stops short at line"),
    ("not well formed", GOOD.replace("</Section47>", "</Section48>").encode(), "not well-formed XML at line"),
    ("bytes of another encoding", LATIN, "bytes that are not of the encoding"),
    ("bytes of no encoding", NOT_SAID, "bytes that are not of the encoding"),
    ("an unknown encoding", b'<?xml version="1.0" encoding="klingon"?>' + GOOD.encode(), "encoding"),
    ("billion laughs", LAUGHS.encode(), "document type declaration"),
    ("an entity from a file", EXTERNAL.encode(), "document type declaration"),
    ("a document type from the network", REMOTE.encode(), "document type declaration"),
    ("an entity nobody defined", GOOD.replace("C2", "&x;").encode(), "entity"),
    ("another collection", GOOD.replace(">CIN<", ">CLA<").encode(), "looked-after children return"),
    ("an unknown collection", GOOD.replace(">CIN<", ">XYZ<").encode(), "the collection “XYZ”"),
    ("another document", b"<Message><Pupils/></Message>", "no Message with Children"),
    ("no children", made.text().encode(), "has no child in it"),
    ("no reference date", GOOD.replace("2026-03-31", "").encode(), "it has no reference date; give the date"),
    ("a wrong reference date", GOOD.replace("2026-03-31", "31/3").encode(), "its reference date is “31/3”"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "says"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_is_no_census_is_refused_in_one_line(tmp_path, content, says):
    path = tmp_path / "census.xml"
    path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        read_source(path)
    message = str(refused.value)
    assert says in message
    assert message.startswith("census.xml")
    assert "\n" not in message
    assert len(message) < 200


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"census\.xml"):
        read_cin_census(tmp_path / "census.xml")


@pytest.mark.parametrize("where", ["outside", "in a child"])
def test_ten_million_levels_of_nesting_are_refused_without_filling_memory(tmp_path, where):
    path, depth = tmp_path / "deep.xml", 10_000_000
    before, after = ("<Message>", "") if where == "outside" else GOOD.split("<CINdetails>", 1)
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        for _ in range(depth // 1_000_000):
            file.write("<a>" * 1_000_000)
        file.write(after)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SourceError, match=r"nested far too deeply at line"):
        read_cin_census(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 100_000  # kB


def test_a_huge_file_without_a_child_is_refused_before_it_is_read_to_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("upturn.records.cin_census.stream.LARGEST_CHILD", 1 << 20)
    path = tmp_path / "census.xml"
    path.write_text("<Message><Children>" + "<x/>" * 1_000_000, encoding="utf-8")
    with pytest.raises(SourceError, match="1 MB without a child"):
        read_cin_census(path)


@pytest.mark.parametrize(
    ("name", "content", "census"),
    [
        ("a.xml", GOOD, True),
        ("a.txt", GOOD, True),
        ("a.xml", '<?xml version="1.0"?>\n<!-- <html> -->\n' + GOOD, True),
        ("a.xml", GOOD.encode("utf-16"), True),
        ("a.xml", "not XML at all", True),
        ("a.xml", '<?xml version="1.0"?><Workbook/>', False),
        ("a.xls", "<html><table></table></html>", False),
        ("a.csv", "Child Unique ID,Gender", False),
        ("a.xml", b"PK\x03\x04", False),
    ],
)
def test_a_census_is_told_by_its_bytes(tmp_path, name, content, census):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert is_census(path) == census


def test_utf_16_is_read(tmp_path):
    path = tmp_path / "census.xml"
    path.write_bytes(('<?xml version="1.0" encoding="UTF-16"?>' + GOOD).encode("utf-16"))
    assert read_source(path).table("person").height == 2


def adds_up(path: Path) -> None:
    """Read or refused in one line; what is read adds up."""
    refused = ""
    try:
        book = read_cin_census(path)
    except SourceError as error:
        refused = str(error)
    assert "\n" not in refused
    if refused:
        return
    assert sum(c.quarantined for c in book.counts) == book.quarantine.filter(level="row").height
    kinds = (
        "cin_episodes",
        "cin_assessments",
        "cin_plans",
        "s47_enquiry",
        "cp_plans",
        "cp_reviews",
    )
    for count, name in zip(book.counts[1:], (kinds[0], kinds[1], *kinds[2:]), strict=True):
        assert book.table(name).height == count.accepted


SOME = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SOME
@given(at=st.integers(0, len(GOOD) - 1), length=st.integers(0, 60), new=st.text(max_size=20))
def test_any_stretch_of_text_replaced_is_read_quarantined_or_refused(tmp_path, at, length, new):
    path = tmp_path / "census.xml"
    text = GOOD[:at] + new + GOOD[at + length :]
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    adds_up(path)


@SOME
@given(at=st.integers(0, len(GOOD) - 1), new=st.binary(min_size=1, max_size=8))
def test_any_bytes_put_in_are_read_quarantined_or_refused(tmp_path, at, new):
    path = tmp_path / "census.xml"
    content = GOOD.encode()
    path.write_bytes(content[:at] + new + content[at:])
    adds_up(path)


LEAVES = sorted({part.split("<")[0] for part in GOOD.split(">")} - {"", "\n"})


@SOME
@given(leaf=st.sampled_from(LEAVES), new=st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_value_is_read_or_quarantined(tmp_path, leaf, new):
    path = tmp_path / "census.xml"
    safe = "".join(c for c in new if c.isprintable() and c not in "<&")
    path.write_text(GOOD.replace(f">{leaf}<", f">{safe}<"), encoding="utf-8")
    adds_up(path)
