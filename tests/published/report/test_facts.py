"""Who, where and when: read off the front page, checked against the running heads, never made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_reports import ilacs, sif

from upturn.published.report.authorities import authorities, named_in
from upturn.published.report.dates import dates_in
from upturn.published.report.model import Report

Reader = Callable[..., Report]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Inspection date: 19 November – 11 December 2013", "2013-11-19", "2013-12-11"),
        ("28 January-5 February 2014", "2014-01-28", "2014-02-05"),
        ("1/06/2015 - 25/06/2015", "2015-06-01", "2015-06-25"),
        ("6 to 30 July 2015", "2015-07-06", "2015-07-30"),
        ("8 May to 31 May 2018", "2018-05-08", "2018-05-31"),
        ("5 November 2018 to 16 November 2018", "2018-11-05", "2018-11-16"),
        ("30 November – 11 January 2016", "2015-11-30", "2016-01-11"),
        ("13–24 March 2023", "2023-03-13", "2023-03-24"),
        ("Monday 3rd and Tuesday 4th September 2018", "2018-09-03", "2018-09-04"),
        ("12 October 2016", "2016-10-12", "2016-10-12"),
        ("10–14 June and 24–28 June 2013", "2013-06-10", "2013-06-28"),
    ],
)
def test_dates_are_read_however_they_are_printed(text: str, first: str, last: str) -> None:
    found = dates_in(text)
    assert (str(min(found)), str(max(found))) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "31 February 2015", "12", "in 2015", "6 to 30 July", "page 12 of 30", "1/13/2015"]
)
def test_what_is_no_date_is_no_date(text: str) -> None:
    assert dates_in(text) == ()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    assert all(isinstance(found, date) for found in dates_in(text))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_any_day_written_out_is_read_back(day: date) -> None:
    assert dates_in(f"Report published: {day.day} {day:%B %Y}") == (day,)


@pytest.mark.parametrize("authority", authorities(), ids=lambda a: f"{a.code} {a.name}")
def test_every_authority_is_found_by_its_own_name(authority: object) -> None:
    name, day = authority.name, authority.last or authority.first  # type: ignore[attr-defined]
    for title in (name, f"{name} Council", f"Inspection of {name} local authority", name.upper()):
        found = named_in(title, on=day)
        assert [a.code for a in found] == [authority.code], title  # type: ignore[attr-defined]


def test_dorset_is_another_authority_after_its_boundaries_changed() -> None:
    assert [a.code for a in named_in("Dorset County Council", on=date(2016, 2, 1))] == ["835"]
    assert [a.code for a in named_in("Dorset Council", on=date(2021, 9, 27))] == ["838"]


def test_the_facts_of_a_report_have_their_pages_and_words(read: Reader) -> None:
    report = read(sif())
    assert (report.framework.value, report.authority.value) == ("SIF", "Poole")
    assert report.authority_code.value == "836"
    assert report.fieldwork_start.value == date(2015, 3, 2)
    assert report.fieldwork_end.value == date(2015, 3, 26)
    assert report.published.value == date(2015, 5, 18)
    assert report.published.text == "Report published: 18 May 2015"
    assert report.inspectors.value == ("Ann Example", "Bo Sample", "Cy De Made", "Di Up")
    assert report.inspectors.page == 5


def test_a_date_that_is_not_printed_is_not_found(read: Reader) -> None:
    published = read(ilacs()).published
    assert (published.value, published.state) == (None, "not found")
    assert "Report published" in published.looked


def test_running_heads_that_give_other_dates_are_reported(read: Reader) -> None:
    report = read(ilacs(dates="Inspection dates: 6 to 17 February 2023"))
    assert (report.fieldwork_start.state, report.fieldwork_start.value) == ("disagree", None)
    assert [quote.page for quote in report.fieldwork_start.quotes] == [1, 2]


def test_running_heads_that_name_another_authority_are_reported(read: Reader) -> None:
    report = read(ilacs(title=("Inspection of Rutland local authority", "children’s services")))
    assert report.authority.state == "disagree"
    assert (report.authority.value, report.authority_code.value) == (None, None)


def test_an_authority_nobody_knows_is_not_found_and_the_rest_is_read(read: Reader) -> None:
    pages = ilacs(title=("Inspection of Barsetshire local authority", "children’s services"))
    pages = [[line.replace("Cumbria", "Barsetshire") for line in page] for page in pages]
    report = read(pages)
    assert (report.authority.value, report.authority.state) == (None, "not found")
    assert "the title on page 1" in report.authority.looked
    assert report.grade("overall") == "good"


def test_an_inspection_in_parts_is_said_to_be_in_parts(read: Reader) -> None:
    pages = sif()
    pages[0][6] = "Inspection date: 4–8 November 2013 and 13–24 January 2014"
    report = read(pages)
    assert (report.fieldwork_start.value, report.fieldwork_end.value) == (
        date(2013, 11, 4),
        date(2014, 1, 24),
    )
    assert any("The fieldwork was in parts" in note for note in report.notes)
