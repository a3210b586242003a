"""What goes to the screen: results to standard output, progress to standard error.

Rich is loaded when something is printed and not before, so that ``--help`` stays quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


class PipeClosed(Exception):
    """Whoever was reading standard output has gone."""


def show(*things: RenderableType) -> None:
    """Print tables, panels and text to standard output; what is in brackets in a text is text."""
    console = _console()
    for thing in things:
        console.print(thing, markup=not isinstance(thing, str))


def show_json(result: object) -> None:
    """Print ``result`` as JSON to standard output and nothing else."""
    from upturn.render.summary import to_json

    try:
        sys.stdout.write(to_json(result))
        sys.stdout.flush()
    except BrokenPipeError:
        raise PipeClosed from None


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str], None] | None]:
    """A spinner on standard error that says what is being done; None where nobody would see it.

    ``quiet`` turns it off whatever the terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Starting") as status:
        yield lambda text: status.update(text)


@contextmanager
def bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on standard error with what is being done, how far it is and the time left.

    None where nobody would see it. It is told words, how much is done, how much there is (0: not known).
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)
        yield lambda text, done, of: shown.update(
            task, description=text, completed=done, total=of or None
        )


def _console() -> Console:
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            # Rich and Typer would each exit 1; upturn.cli.run decides how a closed pipe ends.
            raise PipeClosed

    # A pipe or a file has no width of its own: wide enough that no sentence is cut.
    return Quiet(soft_wrap=False) if sys.stdout.isatty() else Quiet(width=_width())


def _width() -> int:
    import os

    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) >= 40 else 120
