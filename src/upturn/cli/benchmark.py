"""``upturn benchmark``: other authorities' published figures, in one local file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.closing import close
from upturn.cli.groups import group
from upturn.cli.options import AsJson

app = group("Published figures of other authorities, read into one local file.")

IMPORT_EXAMPLES = """
[bold]Examples[/bold]

  upturn benchmark import c1_referrals.csv c2_durations.csv neighbours.xlsx

  upturn benchmark import downloads/*.csv --out benchmark.csv
"""


@app.command("import", epilog=IMPORT_EXAMPLES)
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="The Department for Education's CSV files and statistical neighbours.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")] = Path(
        "benchmark.csv"
    ),
    json: AsJson = False,
) -> None:
    """Read the department's published files into one file for --benchmark.

    Knows the children in need tables C1, C2, C4, D1, D3, D5 and D6, the population estimates, and the
    statistical neighbours of 2021 and 2025. A suppressed figure stays suppressed.
    """
    import upturn
    from upturn.render.terminal import frame_table

    close(
        upturn.benchmark.import_files(files, out=out),
        json=json,
        screen=lambda read: frame_table(read, "What was read"),
        written=f"Written to {out}. Use it: upturn scorecard SOURCE --benchmark {out} --la NAME",
    )
