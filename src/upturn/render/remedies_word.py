"""The report "What would turn it round?" as a Word document, for a board's papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from upturn.remedies.advice import Advice
from upturn.render.remedies_draw import frontier_drawing, paths_drawing
from upturn.render.remedies_view import remedies_view
from upturn.render.word_parts import bullets, new_document, picture, save, small, table

FRONTIER = (
    "Across: what has to be set aside. Up: children's days overdue. The numbers are the rows of the "
    "table."
)


def write_remedies_word(advice: Advice, path: Path) -> None:
    """Write the report to ``path``. The same advice gives the same bytes."""
    view = remedies_view(advice)
    document = new_document("What would turn it round?", advice.as_at)
    document.add_heading("What would turn it round?", 0)
    if view["example"]:
        document.add_paragraph().add_run(view["example"]).bold = True
    document.add_paragraph(f"{view['goal']}, within {view['budget']}")
    document.add_paragraph().add_run(view["answer"]).bold = True
    document.add_paragraph().add_run(view["what_this_is"]).italic = True
    bullets(document, view["sentences"])
    picture(document, paths_drawing(advice), caption=_months_said(view))
    _options(document, view)
    _rest(document, view)
    save(document, path)


def _months_said(view: dict[str, Any]) -> str:
    goal = view["goal"]
    return (
        f"{goal[0].upper()}{goal[1:]}: over the three months up to each month. Lines are the middle run, "
        "bands nine runs in ten."
    )


def _options(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("The best few, and doing nothing", 1)
    rows = [
        [o["mix"], o["set_aside"], o["chance"], o["saved"], o["shows"]] for o in view["options"]
    ]
    heads = ("Option", "Set aside", "Goal met", "Days overdue saved", "Effect shows")
    _table(document, heads, rows, (6.2, 2.4, 3.6, 2.2, 2.2))
    for o in view["options"]:
        document.add_heading(o["name"], 2)
        if o["why"]:
            document.add_paragraph(f"{o['why'][0].upper()}{o['why'][1:]}.")
        bullets(document, o["said"])
        parts = [[p["what"], p["when"], p["moves"], p["evidence"]] for p in o["parts"]]
        _table(
            document, ("Remedy", "When", "What it moves", "How sure"), parts, (4.2, 4.0, 5.0, 3.4)
        )
        if o["watch"]:
            document.add_paragraph(f"Watch: {'; '.join(o['watch'])}.")
            said = document.add_paragraph("What may go wrong:")
            said.paragraph_format.keep_with_next = True
            bullets(document, [f"{title}: {text}" for title, text in o["wrong"]])


def _rest(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What money buys", 1)
    picture(document, frontier_drawing(view["advice"]), caption=FRONTIER)
    rows = [
        [str(n), r["mix"], r["set_aside"], r["overdue"], r["saved"]]
        for n, r in enumerate(view["frontier"], 1)
    ]
    columns = ("No", "Mix", "Set aside", "Days overdue", "Fewer than doing nothing")
    _table(document, columns, rows, (1.0, 7.2, 2.8, 2.8, 2.8))
    if view["spiral"]:
        document.add_heading("What stops the spiral", 1)
        document.add_paragraph(view["spiral"].sentence)
    document.add_heading("What would change the advice", 1)
    moved = [[s["what"], s["ends"], s["chance"], s["changes"]] for s in view["swings"]]
    heads = ("What is moved", "From and to", "Chance of the goal", "Changes it")
    _table(document, heads, moved, (7.0, 3.4, 3.6, 2.6))
    if view["dearer"]:
        dearer = [[s["what"], s["ends"], s["cost"], s["changes"]] for s in view["dearer"]]
        heads = ("Costs a fifth more", "From and to", "Option A at most", "Over the budget")
        _table(document, heads, dearer, (7.0, 3.4, 3.6, 2.6))
    document.add_heading("What it rests on", 1)
    bullets(document, view["notes"])
    bullets(document, [f"Not tried: {title}: {reason}." for title, reason in view["left_out"]])
    prices = [[what, price, label] for what, price, label in view["prices"]]
    _table(document, ("What", "Price", "It is"), prices, (9.0, 4.6, 3.0))
    for name, value in view["facts"]:
        small(document, f"{name}: {value}")


def _table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> None:
    table(document, heads, [[str(value) for value in row] for row in rows], widths)
