"""The answer to "why" in the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.causes.model import Why
from upturn.render.why_view import why_view


def why_text(why: Why) -> RenderableType:
    """The answer, the sentences, and every driver with its share."""
    view = why_view(why)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Driver", "Share", "90 % interval", "Changed", "Standing"):
        table.add_column(
            head, overflow="fold", justify="right" if head in ("Share", "Changed") else "left"
        )
    for c in (*view["causes"], *view["others"]):
        table.add_row(c["name"], c["share"], c["interval"], c["chance"], c["standing"])
    said = [Text(f"• {s}") for s in why.sentences]
    if why.spiral is not None:
        said += [Text(f"• {s}") for s in why.spiral.sentences]
    return Group(Text(why.answer, style="bold"), Text(), *said, table)
