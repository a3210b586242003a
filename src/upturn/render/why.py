"""The report "Why" as one page that needs nothing but itself."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from upturn.causes import words
from upturn.causes.model import Why
from upturn.render import why_draw
from upturn.render.page import environment, policy_hash, static
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
        "months_picture": Markup(
            why_draw.months_picture(
                why.months, why.outcome.unit, f"{why.outcome.meaning}, by month"
            )
        ),
        "shares_picture": Markup(why_draw.shares_picture(why)),
        "evidence_picture": lambda e: Markup(why_draw.evidence_picture(e)),
        "waiting_picture": lambda rows: Markup(why_draw.waiting_picture(rows)),
        "spiral_picture": Markup("" if why.spiral is None else why_draw.spiral_picture(why.spiral)),
        "month": lambda day: f"{MONTHS[day.month - 1]} {day.year}",
        "number": _number,
        "whole": lambda n: "" if n is None else f"{n:,.0f}",
    }
    return environment().get_template("why.html.j2").render(
        **why_view(why), **pictures, policy=policy, style=Markup(style)
    )  # fmt: skip


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "cannot tell"
    return f"{100 * value:.1f} %" if unit.startswith("share") else words.figure(value)
