"""``upturn demo``: a made-up council, and the main job run on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from upturn.cli.check import show_check
from upturn.cli.options import AsJson, option, parse_date, seed_option
from upturn.cli.screen import progress

EXAMPLES = """
[bold]Examples[/bold]

  upturn demo

  upturn demo --size county --seed 7 --out county

  upturn demo --format all --out three
"""


def demo(
    seed: Annotated[int, seed_option("The same number makes the same council.")] = 1,
    size: Annotated[
        Literal["small", "county"],
        typer.Option(
            "--size",
            metavar="small|county",
            help="A small council, or one as large as the largest authority.",
        ),
    ] = "small",
    format: Annotated[
        Literal["annex-a", "cin-census", "ssd", "all"],
        typer.Option(
            "--format",
            metavar="annex-a|cin-census|ssd|all",
            help="What to write: Annex A, the children in need census, the Standard Safeguarding Dataset, "
            "or each of them side by side, read as one longer casebook.",
        ),
    ] = "annex-a",
    as_at: Annotated[
        date | None,
        option(
            "--as-at",
            "DATE",
            "The date of the extract, from 2019 to 2032. Without it, 30 September 2026.",
            parser=parse_date,
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for the extract and the results."),
    ] = Path("demo"),
    json: AsJson = False,
) -> None:
    """Make up a council, write its extract, and run the main job on it.

    No record is of a real child. The workbook has the faults that real ones have.
    """
    import upturn

    with progress(quiet=json) as tell:
        result = upturn.demo(
            seed=seed, size=size, format=format, as_at=as_at, out=out, progress=tell
        )
    show_check(result, out=out, json=json)
