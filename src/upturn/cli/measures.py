"""``upturn measures``: what is counted, how, and by whose definition."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

from upturn.cli.closing import close
from upturn.cli.completing import complete_measures
from upturn.cli.groups import group
from upturn.cli.options import AsJson, SourceName, id_argument, option, source_option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from upturn.measures.model import Measure

app = group("The measures: list them, show one.")

LIST_EXAMPLES = """
[bold]Examples[/bold]

  upturn measures list

  upturn measures list --group assessments --source annex_a
"""
SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn measures show assessments-45-from-start
"""
GOOD = {"high": "higher is better", "low": "lower is better", "neither": "neither way is better"}
SUFFICES = {"full": "in full", "part": "in part", "none": "no"}


@app.command("list", epilog=LIST_EXAMPLES)
def list_(
    group: Annotated[
        str | None,
        option("--group", "NAME", "Only this group."),
    ] = None,
    source: Annotated[
        SourceName | None,
        source_option("Only measures that this source suffices for, in full or in part."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the measures: what each is called, its unit, and which way is better."""
    import upturn

    close(upturn.measures.list(group=group, source=source), json=json, screen=_table)


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    measure: Annotated[
        str,
        id_argument("Id of a measure.", autocompletion=complete_measures),
    ],
    json: AsJson = False,
) -> None:
    """Show one measure: its definition and source, and what each source of records suffices for."""
    import upturn

    close(upturn.measures.show(measure), json=json, screen=_text)


def _table(measures: Sequence[Measure]) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for heading in ("name", "unit", "good", "Annex A suffices"):
        table.add_column(heading, overflow="fold")
    for name, members in groupby(measures, key=lambda one: one.group):
        table.add_section()
        table.add_row(Text(name, style="bold"))
        for one in members:
            suffices = SUFFICES[one.covered_by("annex_a").tested]
            table.add_row(one.id, one.name, one.unit, one.good, suffices)
    return table


def _text(one: Measure) -> RenderableType:
    from rich.markdown import Markdown

    from upturn.rulebooks.model import SOURCES

    names = {
        "annex_a": "Annex A",
        "cin_census": "CIN census",
        "ssd": "Standard Safeguarding Dataset",
    }
    lines = [f"# {one.name}", f"`{one.id}` · {one.group} · {one.unit} · {GOOD[one.good]}"]
    lines += [one.definition, f"Source: {one.source}."]
    for source in SOURCES:
        cover = one.covered_by(source)
        because = f": {cover.because}" if cover.because else ""
        lines.append(f"- {names[source]} suffices: {SUFFICES[cover.tested]}{because}")
    if one.published:
        from upturn.measures.benchmark.england import figures

        figure = figures()[one.published]
        year, value = figure.latest
        lines.append(f"England {year}: {value:g} ({figure.source}).")
    return Markdown("\n\n".join(lines))
