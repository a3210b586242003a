"""A noun of the command line: commands under one name, and its help when no command is given."""

from __future__ import annotations

from typing import Any

import typer


def group(help_: str, **settings: Any) -> typer.Typer:
    """A Typer application that prints its help, and ends well, when it is given no command."""
    app = typer.Typer(help=help_, rich_markup_mode="rich", **settings)
    app.callback(invoke_without_command=True)(help_if_alone)
    return app


def help_if_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
