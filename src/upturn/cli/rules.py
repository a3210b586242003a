"""``upturn rules``: the law and the local rules, as Upturn holds them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from upturn.cli.groups import group
from upturn.cli.options import AsJson, Council, Overlays, complete_editions, complete_rules
from upturn.cli.run import UNUSABLE
from upturn.cli.screen import show, show_json

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
        typer.Option(
            "--edition",
            metavar="EDITION",
            help="Rules of one edition as they were then, or of all. "
            "Without it, each rule as its newest edition has it.",
            autocompletion=complete_editions,
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        Literal["annex_a", "cin_census", "ssd"] | None,
        typer.Option(
            "--source",
            metavar="annex_a|cin_census|ssd",
            help="Only rules that this source can test, in full or in part.",
            show_default=False,
        ),
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
    if json:
        show_json(found)
    else:
        show(rules_table(found))


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
    if json:
        show_json(found)
    else:
        show(rule_text(found))


@app.command(epilog=CHECK_EXAMPLES)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A rulebook or overlay (YAML).")],
    json: AsJson = False,
) -> None:
    """Check a rulebook or overlay: each fault with its line. Exit 2 if it has any."""
    import upturn

    faults = upturn.rules.check(file)
    if json:
        show_json({"file": str(file), "faults": faults})
    else:
        show(*(faults or [f"{file}: no faults"]))
    if faults:
        raise typer.Exit(UNUSABLE)
