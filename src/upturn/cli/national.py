"""``upturn national``: the published figures and judgements of every authority."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upturn.cli import national_studies
from upturn.cli.closing import close, end_with_refused, page_and_workbook
from upturn.cli.groups import ShowsByDefault, group
from upturn.cli.options import (
    PANEL,
    AsJson,
    Authority,
    PanelFile,
    file_option,
    folder_option,
    option,
    parse_date,
)
from upturn.cli.screen import progress

if TYPE_CHECKING:
    from upturn.national import Imported

app = group(
    "Published figures and judgements of every authority: one beside others, and what followed.",
    cls=ShowsByDefault,
)

IMPORT_EXAMPLES = """
[bold]Examples[/bold]

  upturn national import downloads/*.csv neighbours.xlsx

  upturn national import csww_indicators.csv --into national.db --published 2026-02-26
"""
SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn national show Darlington

  upturn national show Darlington --out results

  upturn national show Darlington --topic "who refers"

  upturn national show 841 --panel national.db --json
"""
FIGURES_EXAMPLES = """
[bold]Examples[/bold]

  upturn national figures

  upturn national figures --topic "who refers" --panel national.db
"""
Topic = Annotated[
    str | None,
    option("--topic", "TOPIC", "Only the figures about this, such as workforce or who refers."),
]


@app.command("import", epilog=IMPORT_EXAMPLES)
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Published files of the department and Ofsted (CSV; neighbours may be Excel).",
            show_default=False,
        ),
    ],
    into: Annotated[
        Path, typer.Option("--into", metavar="FILE", help="The panel to add to, made if need be.")
    ] = PANEL,
    published: Annotated[
        date | None,
        option(
            "--published",
            "DATE",
            "The day these files were published, if known.",
            parser=parse_date,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Read published files into one local panel, every version kept.

    Knows the department's children in need and workforce tables, the long file of its interactive tool,
    population estimates, statistical neighbours, and lists of Ofsted's judgements. A suppressed figure stays
    suppressed. A file that holds nothing known is told with the reason, and the others are read.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.national.import_files(files, into=into, published=published, progress=tell)
    from upturn.render.national_terminal import sources_table

    close(
        found,
        json=json,
        record=_imported_record,
        screen=lambda read: sources_table(read.sources, into.name),
        written=f"Next: upturn national show AUTHORITY --panel {into}",
    )
    end_with_refused(found.refused)


def _imported_record(found: Imported) -> dict[str, Any]:
    refused = [{"file": name, "why": why} for name, why in found.refused]
    return {"sources": found.sources, "not_read": refused}


@app.command("figures", epilog=FIGURES_EXAMPLES)
def figures(
    topic: Topic = None,
    panel: Annotated[
        Path | None,
        file_option("--panel", "A panel, to say which years of each figure it has."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the figures that a panel can hold: what each is, and where it stands in which table."""
    import upturn

    found = upturn.national.figures(topic=topic, panel=panel)
    from upturn.render.national_terminal import figures_table

    close(found, json=json, screen=figures_table)


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    authority: Authority,
    topic: Topic = None,
    panel: PanelFile = PANEL,
    out: Annotated[
        Path | None,
        folder_option("the page, the workbook, the CSV file and the JSON"),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show an authority beside its statistical neighbours and England over the years.

    Its inspections are marked. The word show may be left out, and AUTHORITY may be England. The screen has
    the main figures, or with --topic all about a topic. With --out, writes national.html, national.xlsx,
    national.csv and national.json.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.national.show(authority, topic=topic, panel=panel, out=out, progress=tell)
    from upturn.render.national_outputs import authority_record
    from upturn.render.national_terminal import authority_tables

    close(
        found,
        json=json,
        record=authority_record,
        screen=lambda shown: authority_tables(shown, every=topic is not None),
        written=page_and_workbook(out, "national"),
    )


app.command("effects", epilog=national_studies.EFFECTS_EXAMPLES)(national_studies.effects)
app.command("recoveries", epilog=national_studies.RECOVERIES_EXAMPLES)(national_studies.recoveries)
app.command("alike", epilog=national_studies.ALIKE_EXAMPLES)(national_studies.alike)
app.command("report", epilog=national_studies.REPORT_EXAMPLES)(national_studies.report)
