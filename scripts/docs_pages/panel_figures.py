"""The figures of the national panel, one by one."""

from __future__ import annotations

from docs_pages.markdown import table
from upturn.published.national.listing import figures_listed
from upturn.published.national.model import figures, topics

_CENSUS = {"march": "31 March, or the year to it", "september": "30 September, or the year to it"}
_CHANGE = {"log": "in proportion", "level": "in its unit"}

HEAD = """# Figures of the national panel

What `upturn national import` reads, figure by figure, and where each stands.
`upturn national figures` lists the same, and with `--panel` says which years a panel has.

The main figures are drawn on an authority's page and studied. The others are in its tables, its workbook and
its CSV file. Where two families of files have a figure, one is used for every year. Totals for England
(tables A1 and A2) are used where no table of authorities has the figure. A part of a split is its share, in
per cent to one decimal.
"""


def page() -> str:
    """The whole page."""
    return "\n\n".join([HEAD, *(_topic(topic) for topic in topics())]) + "\n"


def _topic(topic: str) -> str:
    rows = []
    known = figures()
    for one in figures_listed(topic).to_dicts():
        figure = known[one["figure"]]
        main = "main" if figure.main else ""
        rows.append(
            (f"`{figure.id}`", figure.name, figure.unit, figure.table, one["stands_in"], main,
             _CHANGE[figure.scale])
        )  # fmt: skip
    first = next(one for one in known.values() if one.topic == topic)
    heads = ("id", "figure", "unit", "table", "stands in", "", "change is reckoned")
    note = f"\n\n{first.note}" if first.note else ""
    return f"## {topic.capitalize()}\n\n{_CENSUS[first.census]}.{note}\n\n{table(heads, rows)}"
