"""``upturn rules``: the law and the local rules, as Upturn holds them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.completing import complete_editions, complete_rules
from upturn.cli.groups import group
from upturn.cli.options import (
    AsJson,
    Council,
    Overlays,
    SourceName,
    option,
    source_option,
)
from upturn.cli.run import UNUSABLE

app = group("The rules: list them, show one, check a file of them.")

LIST_EXAMPLES = """
[bold]Examples[/bold]

  upturn rules list

  upturn rules list --edition working-together-2018 --source annex_a
"""
SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn rules show assessment-45-from-referral

  upturn rules show working-together-2018/assessment-45-from-referral
"""
CHECK_EXAMPLES = """
[bold]Examples[/bold]

  upturn rules check our-rules.yaml
"""


@app.command("list", epilog=LIST_EXAMPLES)
def list_(
    edition: Annotated[
        str | None,
        option(
            "--edition",
            "EDITION",
            "Rules of one edition as they were then, or of all. "
            "Without it, each rule as its newest edition has it.",
            autocompletion=complete_editions,
        ),
    ] = None,
    source: Annotated[
        SourceName | None,
        source_option("Only rules that this source can test, in full or in part."),
    ] = None,
    overlay: Overlays = None,
    council: Council = None,
    json: AsJson = False,
) -> None:
    """List the rules: what each allows, whether it is law, and how sure we are of it."""
    import upturn
    from upturn.cli.tables import rules_table

    found = upturn.rules.list(
        edition=edition, source=source, overlays=overlay or (), council=council
    )
    close(found, json=json, screen=rules_table)


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Id of a rule, or EDITION/ID.", autocompletion=complete_rules
        ),
    ],
    overlay: Overlays = None,
    council: Council = None,
    json: AsJson = False,
) -> None:
    """Show one rule: what starts it and stops it, its source, and the editions that have it."""
    import upturn
    from upturn.cli.tables import rule_text

    found = upturn.rules.show(rule, overlays=overlay or (), council=council)
    close(found, json=json, screen=rule_text)


@app.command(epilog=CHECK_EXAMPLES)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A rulebook or overlay (YAML).")],
    json: AsJson = False,
) -> None:
    """Check a rulebook or overlay: each fault with its line. Exit 2 if it has any."""
    import upturn

    faults = upturn.rules.check(file)
    close(
        faults,
        json=json,
        record=lambda found: {"file": str(file), "faults": found},
        screen=lambda found: found or [f"{file}: no faults"],
    )
    if faults:
        raise typer.Exit(UNUSABLE)
