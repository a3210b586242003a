"""The report page as a file: self-contained, true to the clocks, and nothing in it runs but its own."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser

import polars as pl
import pytest

from upturn.journeys.result import STATES
from upturn.render.report import FALLBACK_REASONS, link, report_html
from upturn.render.view import PRESSING, once, worst_first


class Page(HTMLParser):
    """Collects tags, links, tables and the text of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(check) -> str:
    return report_html(check, worst_first(check))


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


def unpacked(text: str) -> dict:
    packed = re.search(r'id="packed">([^<]*)<', text)[1]
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def test_nothing_is_fetched_from_anywhere(page):
    for tag, attrs in page.tags:
        for name in ("src", "srcset", "data", "action", "poster", "xlink:href"):
            assert name not in attrs, (tag, attrs)
        assert not (attrs.get("href") or "#").startswith(("http", "//")), attrs


def test_the_policy_lets_only_the_page_s_own_script_and_style_run(page, text):
    policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    for tag in ("script", "style"):
        own = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(own) == 1
        sha = base64.b64encode(hashlib.sha256(own[0].encode()).digest()).decode()
        assert f"'sha256-{sha}'" in policy


def test_no_cell_of_the_extract_becomes_markup(page, text):
    assert "<script>alert(1)" not in text
    assert "<img" not in text
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert not [attrs for _, attrs in page.tags if "style" in attrs]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7 * 7 }}" in text


def test_the_page_says_what_it_rests_on(check, text):
    for said in (check.casebook.sha256, "Wed 30 Sep 2026", check.casebook.as_at_reason,
                 "Child-level data: keep it inside the council.", "annex a &lt;b&gt;.xlsx",
                 "4,810 rows in = 4,800 accepted + 10 quarantined", "0123456789ab",
                 "Annex A does not hold core groups.", "List 11: Private fostering",
                 "2 merged ranges were filled.", "local, assumed", "published statistic"):  # fmt: skip
        assert said in text, said


def test_each_count_by_rule_is_the_number_of_its_clocks(check, text):
    for rule in check.clocks["rule"].unique().to_list():
        for state in STATES:
            mine = check.clocks.filter(rule=rule, state=state)
            href = link(rule=rule, state=state).replace("&", "&amp;")
            shown = re.search(rf'href="{re.escape(href)}">([\d,]+)<', text)
            assert int(shown[1].replace(",", "") if shown else 0) == mine.height, (rule, state)


def test_every_table_has_a_caption_and_every_heading_a_scope(page):
    tables = len(page.all("table"))
    assert tables > 5
    assert len(page.all("caption")) == tables
    assert all("scope" in attrs for attrs in page.all("th"))


def test_what_is_packed_is_every_clock_event_and_quarantine_entry(check, text):
    data, clocks = unpacked(text), worst_first(check)
    words = data["words"]

    def column(table: str, name: str) -> list:
        codes = data[table][name]
        return [None if code is None else words[name][code] for code in codes]

    assert column("clocks", "child") == clocks["child_id"].to_list()
    assert column("clocks", "state") == clocks["state"].to_list()
    assert data["clocks"]["reason"] == clocks["reason"].to_list()
    ago = (pl.Series([check.as_at]) - clocks["due_on"]).dt.total_days().to_list()
    assert data["clocks"]["due"] == ago
    assert len(data["events"]["child"]) == check.events.height
    assert data["quarantine"]["value"] == check.casebook.quarantine["value"].to_list()


def test_without_a_script_every_overdue_and_due_soon_clock_is_listed(check, text):
    fallback = text[text.rindex("<noscript>") : text.rindex("</noscript>")]
    pressing = once(worst_first(check)).filter(pl.col("state").is_in(PRESSING))
    assert fallback.count('<tr><th scope="row">') == pressing.height
    assert all(reason in fallback for reason in pressing["reason"].drop_nulls().to_list())


def test_a_county_s_page_stays_small(make):
    check = make(6000, 24_000, hostile=False)
    text = report_html(check, worst_first(check))
    assert (
        once(worst_first(check)).filter(pl.col("state").is_in(PRESSING)).height > FALLBACK_REASONS
    )
    assert "the reasons are left to" in text
    # A quarter of the largest county: a quarter of ten megabytes.
    assert len(text.encode()) < 2_500_000
