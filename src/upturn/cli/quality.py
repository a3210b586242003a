"""``upturn quality``: what is wrong with an extract, as a list somebody can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from upturn.cli.closing import close
from upturn.cli.extract import RECORDS, Reading, reads_extract
from upturn.cli.options import AsJson, Source, folder_option
from upturn.cli.screen import progress

Out = Annotated[
    Path | None,
    folder_option("the same tables as CSV files and one Excel workbook", optional=False),
]
EXAMPLES = """
[bold]Examples[/bold]

  upturn quality annex_a.xlsx

  upturn quality annex_a.xlsx --out faults
"""


@reads_extract(*RECORDS)
def quality(
    source: Source,
    out: Out = None,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Say what is wrong with an extract, by list, column, team and worker.

    The problems come worst first, each with what to do about it.
    """
    import upturn

    with progress(quiet=json) as tell:
        report = upturn.quality(source, out=out, **reading, progress=tell)
    from upturn.cli.quality_screen import quality_on_screen
    from upturn.render.quality import quality_record

    workbook = "" if out is None else str(out / "quality.xlsx")
    close(
        report,
        json=json,
        record=quality_record,
        screen=quality_on_screen,
        written=workbook and f"Open {workbook}; the same tables are beside it as CSV files.",
    )
