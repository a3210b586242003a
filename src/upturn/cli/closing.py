"""How a command ends: its result on the screen or as JSON, and where the files are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from upturn.cli.run import UNUSABLE
from upturn.cli.screen import show, show_json

if TYPE_CHECKING:
    from rich.console import RenderableType


def close(
    found: Any,
    *,
    json: bool,
    screen: Callable[[Any], RenderableType | Sequence[RenderableType]],
    record: Callable[[Any], object] | None = None,
    written: str = "",
    word: str = "",
) -> None:
    """Show what a command found, and say what it wrote.

    With ``json``, what ``record`` makes of it is printed and nothing else. Otherwise what ``screen`` makes of
    it, then the sentence ``written``, and for a Word document named ``word`` why it was left out, if it was.
    """
    if json:
        show_json(found if record is None else record(found))
        return
    shown = screen(found)
    show(*shown) if isinstance(shown, (list, tuple)) else show(shown)  # type: ignore[arg-type]
    if written:
        show(written)
    if written and word:
        from upturn.render.word_extra import left_out

        if left_out(word):
            show(left_out(word))


def page_and_workbook(out: Path | None, name: str) -> str:
    """Where the page and the workbook called ``name`` are; empty when nothing was written.

    >>> page_and_workbook(None, "why")
    ''
    """
    if out is None:
        return ""
    return f"Open {out / f'{name}.html'} in a browser; the workbook is {out / f'{name}.xlsx'}."


def end_with_refused(refused: Sequence[tuple[str, str]]) -> None:
    """Say on standard error which files were not read and why; nothing when all were.

    Raises `typer.Exit` when one was refused, though what came of the others is shown and written.
    """
    for _, why in refused:
        typer.echo(f"upturn: not read: {why}", err=True)
    if refused:
        raise typer.Exit(UNUSABLE)


def needs_out(option: str, *, out: Path | None) -> None:
    """Refuse ``option``, which only changes what is written, when nothing will be.

    Raises `typer.BadParameter` without ``out``.
    """
    if out is None:
        raise typer.BadParameter("say where to write it, with --out", param_hint=option)
