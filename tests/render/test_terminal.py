"""What the terminal shows: true to the clocks, and deaf to what an extract tries to say to it."""

from __future__ import annotations

import io

import polars as pl
import pytest
from rich.console import Console

from upturn.render.summary import child_record, to_json
from upturn.render.terminal import child_panel, frame_table, summary_table
from upturn.render.view import once, worst_first


def _shown(renderable, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(renderable)
    return console.file.getvalue()


def test_the_summary_says_what_came_in_and_who_needs_us(check):
    shown = _shown(summary_table(check))
    overdue = once(worst_first(check)).filter(pl.col("state") == "overdue")
    assert f"{overdue.height} clocks overdue for {overdue['child_id'].n_unique()} children" in shown
    assert "4,810 rows in = 4,800 accepted + 10 quarantined" in shown
    assert check.casebook.sha256 in shown
    assert "as at Wed 30 Sep 2026" in shown
    assert "local-made-up 0123456789ab" in shown
    assert "1 rule not at all, 4 in part" in shown


def test_an_extract_with_nothing_in_it_says_so(empty_check):
    assert "No clock ran" in _shown(summary_table(empty_check))


def test_it_fits_a_terminal_of_eighty_columns(check):
    for shown in (summary_table(check), child_panel(check, "C000050")):
        assert max(len(line) for line in _shown(shown, 80).splitlines()) <= 80


def test_a_child_is_shown_with_every_clock_and_its_reason(check):
    shown = " ".join(_shown(child_panel(check, "C000050"), 200).split())
    clocks = check.clocks.filter(pl.col("child_id") == "C000050")
    assert f"Clocks ({clocks.height})" in shown
    for reason in clocks["reason"].to_list():
        assert reason[:60] in shown


def test_a_child_that_is_not_there_is_named(check):
    for show in (child_panel, child_record):
        with pytest.raises(LookupError, match=r"no accepted row of .* names 'nobody'"):
            show(check, "nobody")


def test_neither_markup_nor_control_sequences_have_any_effect(check):
    shown = _shown(summary_table(check)) + _shown(child_panel(check, "[red]team[/red] \x1b[31mred"))
    assert "\x1b" not in shown
    assert "[red]team[/red]" in shown


def test_any_frame_is_shown_nulls_lists_and_all(check):
    frame = pl.DataFrame({"child_id": ["C1", None], "list": [["a", "b"], None], "n": [1234, None]})
    shown = _shown(frame_table(frame, "A [bold]title"))
    assert "A [bold]title" in shown
    assert "child id" in shown
    assert "a; b" in shown
    assert "1,234" in shown


def test_a_child_as_json_holds_its_clocks_and_what_they_rest_on(check):
    record = child_record(check, "C000050")
    text = to_json(record)
    assert check.casebook.sha256 in text
    assert '"child_id": "C000050"' in text
    assert '"as_at": "2026-09-30"' in text
