"""The report "Why" as one page that needs nothing but itself."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from upturn.causes import words
from upturn.causes.model import Why
from upturn.render.drawing import Drawing, svg
from upturn.render.page import environment, policy_hash, static
from upturn.render.why_draw import evidence_drawing, outcome_drawing, shares_drawing
from upturn.render.why_draw_days import spiral_drawing, waiting_drawing
from upturn.render.why_view import why_view
from upturn.render.words import MONTHS


def why_html(why: Why) -> str:
    """The whole page."""
    style = static(".css") + "\n" + static("why.css", "templates")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    pictures: dict[str, Any] = {
        "months_picture": _drawn(outcome_drawing(why), "why-months"),
        "shares_picture": _drawn(shares_drawing(why), "why-shares"),
        "evidence_picture": lambda e: _drawn(evidence_drawing(e), "why-months"),
        "waiting_picture": lambda rows: _drawn(waiting_drawing(rows), "why-days"),
        "spiral_picture": _drawn(
            None if why.spiral is None else spiral_drawing(why.spiral), "why-spiral"
        ),
        "month": lambda day: f"{MONTHS[day.month - 1]} {day.year}",
        "number": _number,
        "whole": lambda n: "" if n is None else f"{n:,.0f}",
    }
    return environment().get_template("why.html.j2").render(
        **why_view(why), **pictures, policy=policy, style=Markup(style)
    )  # fmt: skip


def _drawn(drawing: Drawing | None, css: str) -> Markup:
    return Markup("") if drawing is None else svg(drawing, css)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "cannot tell"
    return f"{100 * value:.1f} %" if unit.startswith("share") else words.figure(value)
