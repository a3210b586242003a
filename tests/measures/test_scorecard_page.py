"""The scorecard in a real browser: every number opens, nobody is shut out, nothing is fetched."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from in_browser import keeps_the_rules, needs_chromium, watched

from upturn.measures.load import catalogue
from upturn.measures.scorecard import Scorecard, make_scorecard
from upturn.measures.targets import Comment, Target
from upturn.render.scorecard_outputs import write_scorecard

pytestmark = needs_chromium

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def card(made_up) -> Scorecard:
    targets = {"icpc-15": Target(99, 1), "referrals": Target(400)}
    comments = {"icpc-15": [Comment(date(2026, 9, 1), SCRIPT, "A manager")]}
    some = [one for one in catalogue() if one.key or one.id.startswith("assessments-d")]
    return make_scorecard(
        made_up, measures=some, population=60_000, targets=targets, comments=comments
    )


@pytest.fixture(scope="module")
def address(card, tmp_path_factory) -> str:
    out = tmp_path_factory.mktemp("page")
    write_scorecard(card, out)
    return (out / "scorecard.html").as_uri()


@pytest.fixture
def open_page(browser, address):
    """Open the page; what it says to the console, asks of a network or pops up fails the test."""
    ready = (lambda page: page.evaluate("Scorecard.ready.then(() => 1)"),)
    with watched(browser, address, *ready) as opened:
        yield opened


@pytest.mark.parametrize("anchor", ["", "#m=icpc-15&side=out", "#m=assessments-duration"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_view_breaks_an_accessibility_rule_or_spills_over(open_page, anchor, width):
    page = open_page(anchor, width=width)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    # The long table is the same markup over and over: the first of it will do.
    page.evaluate(
        "document.querySelectorAll('#scroll-every tbody:nth-of-type(n + 3)').forEach((t) => t.remove())"
    )
    keeps_the_rules(page, width=width)


def test_every_number_opens_to_as_many_rows(open_page, card):
    page = open_page()
    for entry in card.entries:
        for side, rows in (("in", entry.value.n), ("out", entry.value.of - entry.value.n)):
            found = page.evaluate(
                "([id, side]) => rowsOf(id, side).length", [entry.measure.id, side]
            )
            assert found == rows, (entry.measure.id, side)


def test_a_number_opens_to_its_children_and_the_way_back_is_kept(open_page, card):
    page = open_page()
    value = next(e.value for e in card.entries if e.measure.id == "icpc-15")
    page.locator('#scroll-keys a.n[href="#m=icpc-15&side=in"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("section.about.open .members button")
    assert page.evaluate("document.activeElement.id") == "t-icpc-15"
    assert page.inner_text("#live").startswith(f"Counted in: {value.n} rows")
    page.click('section.open button[data-side="out"]')
    page.wait_for_function(
        "() => document.getElementById('live').textContent.startsWith('Not counted in')"
    )
    shown = page.locator("section.open .members tbody tr")
    assert shown.count() == value.of - value.n
    children = set(page.locator("section.open .members tbody th").all_inner_texts())
    assert children == set(value.children_out["child_id"])
    page.click("section.open .back")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#m=icpc-15&side=in"


def test_a_list_is_paged_and_can_be_taken_away(open_page, card, tmp_path):
    page = open_page("#m=referrals&side=in")
    n = next(e.value.n for e in card.entries if e.measure.id == "referrals")
    assert page.locator("section.open .members tbody tr").count() == 50
    page.click("section.open .page-on")
    assert page.evaluate("Scorecard.page") == 1
    with page.expect_download() as got:
        page.click("text=Download these as CSV")
    got.value.save_as(tmp_path / "list.csv")
    assert pl.read_csv(tmp_path / "list.csv", infer_schema=False).height == n


def test_a_script_in_a_comment_stays_a_text(open_page):
    page = open_page("#m=icpc-15")
    assert SCRIPT in page.inner_text("section.open")
    assert page.locator("script").count() == 2


def test_without_a_script_every_measure_is_there_to_read(open_page, card):
    page = open_page(script=False)
    assert page.locator("section.about:visible").count() == len(card.entries)
    assert "scorecard_children.csv" in page.inner_text("body")
