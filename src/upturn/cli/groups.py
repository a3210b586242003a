"""A noun of the command line: commands under one name, and its help when no command is given."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup


def group(help_: str, **settings: Any) -> typer.Typer:
    """A Typer application that prints its help, and ends well, when it is given no command."""
    app = typer.Typer(help=help_, rich_markup_mode="rich", **settings)
    app.callback(invoke_without_command=True)(help_if_alone)
    return app


def help_if_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


class ShowsByDefault(TyperGroup):
    """``upturn national Darlington`` is ``upturn national show Darlington``."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """A first word that is no command is an authority to show."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)
