"""``upturn quality``: what is wrong with an extract, as a list somebody can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.options import AsAt, AsJson, MappingFile, Sheets, Source, parse_sheets
from upturn.cli.screen import progress, show, show_json

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder for the same tables as CSV files and one Excel workbook.",
        show_default=False,
    ),
]
EXAMPLES = """
[bold]Examples[/bold]

  upturn quality annex_a.xlsx

  upturn quality annex_a.xlsx --out faults
"""


def quality(
    source: Source,
    out: Out = None,
    as_at: AsAt = None,
    mapping: MappingFile = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """Say what is wrong with an extract, by list, column, team and worker.

    The problems come worst first, each with what to do about it.
    """
    import upturn

    with progress(quiet=json) as tell:
        report = upturn.quality(
            source,
            as_at=as_at,
            mapping=mapping,
            sheets=parse_sheets(sheet or ()),
            out=out,
            progress=tell,
        )
    if json:
        from upturn.render.quality import quality_record

        show_json(quality_record(report))
        return
    from upturn.cli.quality_screen import quality_on_screen

    show(*quality_on_screen(report))
    if out is not None:
        show(f"Open {out / 'quality.xlsx'}; the same tables are beside it as CSV files.")
