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
    heads = ["Driver", "Share", "90 % interval", "Changed", "Standing"]
    if why.england:
        heads.remove("Changed")  # against England every driver differs
    for head in heads:
        table.add_column(
            head, overflow="fold", justify="right" if head in ("Share", "Changed") else "left"
        )
    for c in (*view["causes"], *view["others"]):
        chance = () if why.england else (c["chance"],)
        table.add_row(c["name"], c["share"], c["interval"], *chance, c["standing"])
    doubt = [Text(view["doubt"], style="bold"), Text()] if view["doubt"] else []
    said = [Text(f"• {s}") for s in why.sentences]
    if why.spiral is not None:
        said += [Text(f"• {s}") for s in why.spiral.sentences]
    return Group(Text(why.answer, style="bold"), Text(), *doubt, *said, table)
