"""``upturn demo``: a made-up council, and the main job run on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from upturn.cli.check import show_check
from upturn.cli.options import AsJson
from upturn.cli.screen import progress

EXAMPLES = """
[bold]Examples[/bold]

  upturn demo

  upturn demo --size county --seed 7 --out county
"""


def demo(
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="The same number makes the same council.")
    ] = 1,
    size: Annotated[
        Literal["small", "county"],
        typer.Option(
            "--size",
            metavar="small|county",
            help="A small council, or one as large as the largest authority.",
        ),
    ] = "small",
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for the workbook and the results."),
    ] = Path("demo"),
    json: AsJson = False,
) -> None:
    """Make up a council, write its Annex A workbook, and run the main job on it.

    No record is of a real child. The workbook has the faults that real ones have.
    """
    import upturn

    with progress(quiet=json) as tell:
        result = upturn.demo(seed=seed, size=size, out=out, progress=tell)
    show_check(result, out=out, json=json)
