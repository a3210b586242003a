"""The report "What would turn it round?" as one page that needs nothing but itself."""

from __future__ import annotations

from markupsafe import Markup

from upturn.remedies.advice import Advice
from upturn.remedies.words import value_words
from upturn.render.drawing import Drawing, svg
from upturn.render.page import environment, policy_hash, static
from upturn.render.remedies_draw import frontier_drawing, paths_drawing
from upturn.render.remedies_view import month_name, remedies_view


def remedies_html(advice: Advice) -> str:
    """The whole page."""
    style = static(".css") + "\n" + static("remedies.css", "templates")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    return environment().get_template("remedies.html.j2").render(
        **remedies_view(advice),
        paths_picture=_drawn(paths_drawing(advice), "rem-paths"),
        frontier_picture=_drawn(frontier_drawing(advice), "rem-frontier"),
        path_rows=_path_rows(advice),
        policy=policy,
        style=Markup(style),
    )  # fmt: skip


def _drawn(drawing: Drawing | None, css: str) -> Markup:
    return Markup("") if drawing is None else svg(drawing, css)


def _path_rows(advice: Advice) -> list[dict[str, str]]:
    def told(value: float | None) -> str:
        return "cannot tell" if value is None else value_words(value, advice.goal)

    return [
        {"option": r["option"], "month": month_name(advice, r["month"]), "low": told(r["low"]),
         "middle": told(r["middle"]), "high": told(r["high"])}
        for r in advice.paths.rows(named=True)
        if r["option"] in (advice.best.name, advice.nothing.name)
    ]  # fmt: skip
