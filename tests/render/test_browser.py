"""The report page in a real browser: safe, usable by keyboard, open to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from in_browser import hold_to_the_rules, keeps_the_rules, needs_chromium, watched

from upturn.render.outputs import write_check
from upturn.render.view import once, worst_first

pytestmark = needs_chromium

SCRIPT = "<script>alert(1)</script>"
VIEWS = ("", "#state=overdue", "#rule=cp-visit&state=met+late", "#child=C000050", "#quarantine=",
         "#child=nobody")  # fmt: skip


@pytest.fixture(scope="module")
def address(check, tmp_path_factory) -> str:
    out = tmp_path_factory.mktemp("page")
    write_check(check, out)
    return (out / "report.html").as_uri()


@pytest.fixture
def open_page(browser, address):
    """Open the page; whatever it says to the console, asks of a network or pops up fails the test."""
    ready = (
        lambda page: page.evaluate("Upturn.ready.then(() => 1)"),
        lambda page: page.wait_for_function(
            "!location.hash || panel.hidden === false || !overview.hidden"
        ),
    )
    with watched(browser, address, *ready) as opened:
        yield opened


def _title(page) -> str:
    page.wait_for_selector("#panel-title")
    return page.inner_text("#panel-title")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<main><h1>A</h1><img src='data:,'></main>", "image-alt"),
        ("<main><h1>A</h1><p style='width: 500px'>wide</p></main>", "<= 320"),
    ],
    ids=["a picture without words", "too wide for a telephone"],
)
def test_what_pages_are_held_against_finds_a_fault(
    browser: Any, tmp_path: Path, body: str, says: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        "<!doctype html><html lang='en'><title>A page</title>"
        f"<meta name='viewport' content='width=device-width'>{body}</html>"
    )
    with pytest.raises(AssertionError, match=says):
        hold_to_the_rules(browser, file.as_uri(), width=320)


@pytest.mark.parametrize("anchor", VIEWS)
@pytest.mark.parametrize("width", [1280, 320])
def test_no_view_breaks_an_accessibility_rule_or_spills_over(open_page, anchor, width):
    page = open_page(anchor, width=width)
    if anchor:
        page.wait_for_selector("#panel-title")
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    # The long spellings and worker tables are the same markup over and over: a few rows of each will do.
    page.evaluate(
        "document.querySelectorAll('tbody tr:nth-child(n + 12)').forEach((r) => r.remove())"
    )
    keeps_the_rules(page, width=width)


def test_a_script_in_an_identifier_stays_a_text(open_page):
    page = open_page()
    page.fill("#find", SCRIPT)
    page.press("#find", "Enter")
    assert _title(page) == f"Child {SCRIPT}"
    assert page.locator("script").count() == 2
    page.evaluate("location.hash = '#find='")  # every clock, every hostile name among the filters
    page.evaluate("location.hash = '#state=overdue,due+soon,cannot+tell'")
    page.wait_for_selector(".list tbody tr")
    assert page.locator("img").count() == 0


def test_a_number_opens_to_as_many_clocks_and_the_way_back_is_kept(open_page, check):
    page = open_page()
    wanted = check.clocks.filter(rule="cp-visit", state="overdue")
    number = page.locator('a.n[href="#rule=cp-visit&state=overdue"]')
    assert number.inner_text().split()[0] == str(wanted.height)
    number.focus()
    page.keyboard.press("Enter")
    assert "Overdue · Statutory visit every 10 working days" in _title(page)
    assert page.evaluate("document.activeElement.id") == "panel-title"
    said = page.inner_text("#live")
    assert said.startswith(f"{wanted.height} clocks for {wanted['child_id'].n_unique()} children")
    assert page.locator(".list tbody tr").count() == min(25, wanted.height)
    assert "Made-up source, section 4.9" in page.inner_text(".rulebox")
    page.click("text=Back to the overview")
    assert (
        page.evaluate("document.activeElement.getAttribute('href')")
        == "#rule=cp-visit&state=overdue"
    )


def test_a_child_opens_to_its_picture_and_all_its_reasons(open_page, check):
    page = open_page("#child=C000050")
    assert _title(page) == "Child C000050"
    text = page.inner_text("#panel")
    mine = pl.col("child_id") == "C000050"
    for reason in check.clocks.filter(mine)["reason"].to_list():
        assert reason in text
    events = check.events.filter(mine)
    assert page.locator(".events li").count() == events.height
    page.wait_for_selector(".timeline svg")
    assert page.locator(".timeline svg circle").count() == events["date"].drop_nulls().len()
    assert f"{events['date'].drop_nulls().len()} events" in page.get_attribute(
        ".timeline svg", "aria-label"
    )


def test_a_list_is_paged_and_sorted_and_keeps_the_focus(open_page, check):
    page = open_page("#state=met")
    _title(page)
    total = once(worst_first(check)).filter(state="met").height
    assert f"{total} clocks" in page.inner_text("#live")
    page.click("#page-on")
    page.wait_for_function("document.getElementById('live').textContent.includes('26 to 50')")
    assert page.evaluate("document.activeElement.id") == "page-on"
    page.click("#sort-child")
    page.wait_for_selector('th[aria-sort="ascending"]')
    assert page.evaluate("document.activeElement.id") == "sort-child"
    first = page.locator(".list tbody th").first.inner_text()
    met = once(worst_first(check)).filter(state="met")["child_id"].drop_nulls().unique()
    assert first == met.sort().item(0)
    page.go_back()
    page.wait_for_function("document.getElementById('live').textContent.includes('26 to 50')")


def test_filters_narrow_the_list(open_page, check):
    page = open_page("#state=overdue")
    _title(page)
    page.select_option("#pick-team", label="Looked after")
    page.click("text=List these")
    page.wait_for_function("location.hash.includes('team=Looked')")
    wanted = once(worst_first(check)).filter(state="overdue", team="Looked after")
    page.wait_for_function(
        f"document.getElementById('live').textContent.startsWith('{wanted.height} clock')"
    )


def test_no_team_is_a_team_to_ask_for(open_page, check):
    page = open_page("#team=&state=overdue")
    assert _title(page) == "Overdue · No team"
    blank = pl.col("team").is_null() | (pl.col("team").str.strip_chars() == "")
    wanted = check.clocks.filter(blank, state="overdue")
    assert page.inner_text("#live").startswith(f"{wanted.height} clock")


def test_the_list_can_be_taken_away_as_csv(open_page, check, tmp_path: Path):
    page = open_page("#state=overdue")
    _title(page)
    with page.expect_download() as got:
        page.click("text=Download these as CSV")
    got.value.save_as(tmp_path / "list.csv")
    raw = (tmp_path / "list.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    frame = pl.read_csv(tmp_path / "list.csv", infer_schema=False)
    assert frame.height == once(worst_first(check)).filter(state="overdue").height
    cells = [cell for row in frame.rows() for cell in row if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@"]


def test_what_could_not_be_read_is_listed(open_page, check):
    page = open_page("#quarantine=cell&list=List+4")
    assert _title(page) == "Cells set aside · List 4"
    wanted = check.casebook.quarantine.filter(level="cell", source_list="List 4")
    assert page.inner_text("#live").startswith(f"{wanted.height} entries")


def test_without_a_script_the_tables_and_the_lists_are_there(open_page, check):
    page = open_page(script=False)
    text = page.inner_text("body")
    assert "Lists, timelines and search need JavaScript" in text
    assert "Clocks by rule and state" in text
    pressing = once(worst_first(check)).filter(pl.col("state").is_in(["overdue", "due soon"]))
    assert page.locator("noscript tbody tr").count() == pressing.height
    assert not page.locator("#search").is_visible()


def test_it_prints_without_its_buttons(open_page):
    page = open_page("#state=overdue")
    _title(page)
    page.emulate_media(media="print")
    assert not page.locator("form.filters").is_visible()
    assert not page.locator("text=Download these").is_visible()
    assert page.locator(".list tbody tr").first.is_visible()
