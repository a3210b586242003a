"""``upturn mapping``: what the spellings in an extract are taken to mean."""

from __future__ import annotations

from typing import Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.completing import complete_mappings
from upturn.cli.groups import group
from upturn.cli.options import AsJson, MappingFile

app = group("What the spellings in an extract are taken to mean.")

LIST_EXAMPLES = """
[bold]Examples[/bold]

  upturn mapping list

  upturn mapping list --mapping our-spellings.yaml
"""
SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn mapping show ethnicity

  upturn mapping show gender --mapping our-spellings.yaml --json
"""


@app.command("list", epilog=LIST_EXAMPLES)
def list_(mapping: MappingFile = None, json: AsJson = False) -> None:
    """List the mappings, with how many meanings and spellings each has."""
    import upturn
    from upturn.render.terminal import frame_table

    found = upturn.mapping.list(mapping=mapping)
    close(found, json=json, screen=lambda table: frame_table(table, "Mappings"))


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Name of a mapping.", autocompletion=complete_mappings),
    ],
    mapping: MappingFile = None,
    json: AsJson = False,
) -> None:
    """Show one mapping: which spellings and patterns mean what, in the order they are tried."""
    import upturn
    from upturn.render.terminal import frame_table

    shown = ["spelling", "words", "code", "kind", "origin"]
    close(
        upturn.mapping.show(name, mapping=mapping),
        json=json,
        screen=lambda table: frame_table(table.select(shown), f"Mapping: {name}"),
    )
