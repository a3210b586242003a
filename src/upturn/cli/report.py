"""``upturn report``: published inspection reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from upturn.cli.groups import group
from upturn.cli.options import AsAt, AsJson, MappingFile
from upturn.cli.plan import show_plan
from upturn.cli.run import UNUSABLE
from upturn.cli.screen import progress, show, show_json

app = group("Read published inspection reports: what was said, where, and what is said again.")

READ_EXAMPLES = """
[bold]Examples[/bold]

  upturn report read report.pdf

  upturn report read reports/*.pdf --out read

  upturn report read report.pdf --json
"""
COMPARE_EXAMPLES = """
[bold]Examples[/bold]

  upturn report compare report-2019.pdf report-2024.pdf --out compared
"""
CORPUS_EXAMPLES = """
[bold]Examples[/bold]

  upturn report corpus reports --library reports.db

  upturn report corpus reports --library reports.db --out library
"""
SEARCH_EXAMPLES = """
[bold]Examples[/bold]

  upturn report search reports.db "return interviews" --polarity concern

  upturn report search reports.db --theme workload --grade inadequate --asked-for
"""
PLAN_EXAMPLES = """
[bold]Examples[/bold]

  upturn report plan report.pdf --source annex_a.xlsx --out plan

  upturn report plan report.pdf --json
"""


@app.command(epilog=READ_EXAMPLES)
def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Reports: PDF, web pages, Word documents or plain text.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the page, the workbook, the CSV files and the JSON.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Read reports: grades, dates, paragraphs, what is asked for; each with its page and its words.

    What is not in a report is said to be not found, with the place looked at.
    """
    import upturn

    with progress(quiet=json) as tell:
        readings = upturn.report.read(files, out=out, progress=tell)
    if json:
        from upturn.published.report.tables import record_of

        refused = [{"file": name, "why": why} for name, why in readings.refused]
        show_json({"reports": [record_of(r) for r in readings.reports], "not_read": refused})
    else:
        from upturn.render.read_reports_terminal import many_reports, one_report

        few = len(readings.reports) <= 2
        show(*map(one_report, readings.reports)) if few else show(many_reports(readings.reports))
        if out is not None:
            show(f"Everything read is in {out / 'reports.html'} and {out / 'reports.xlsx'}.")
    for _, why in readings.refused:
        typer.echo(f"upturn: not read: {why}", err=True)
    if readings.refused:
        raise typer.Exit(UNUSABLE)


@app.command(epilog=COMPARE_EXAMPLES)
def compare(
    one: Annotated[
        Path, typer.Argument(metavar="ONE", help="A report of an authority.", show_default=False)
    ],
    other: Annotated[
        Path,
        typer.Argument(metavar="OTHER", help="Another report of the same.", show_default=False),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the page, the workbook and the JSON.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what an earlier report asked for and a later one asks for, or says, again.

    Not found again does not mean put right: the later report may not have looked.
    """
    import upturn

    found = upturn.report.compare(one, other, out=out)
    if json:
        from upturn.render.read_reports import comparison_record

        show_json(comparison_record(found))
        return
    from upturn.render.read_reports_terminal import comparison_table

    show(comparison_table(found))
    if out is not None:
        show(f"All of it is in {out / 'compared.html'} and {out / 'compared.xlsx'}.")


@app.command(epilog=CORPUS_EXAMPLES)
def corpus(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of reports.", show_default=False)
    ],
    library: Annotated[
        Path, typer.Option(metavar="FILE", help="The library: one file, made if it is not there.")
    ] = Path("reports.db"),
    leads: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A CSV file of yours (inspector, region), to count by the lead inspector's region.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for a page and a workbook on the whole library.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Keep many reports in one local file that can be searched. Nothing leaves the machine."""
    import upturn

    with progress(quiet=json) as tell:
        made = upturn.report.corpus(folder, library=library, leads=leads, out=out, progress=tell)
    if json:
        show_json(made)
    else:
        show(
            f"{len(made.read)} read into {made.path}, {len(made.known)} already there, "
            f"{len(made.refused)} not read."
        )
        if made.thin:
            show(f"Too few inspectors to count by: {', '.join(made.thin)}.")
        if made.own:
            show(f"{len(made.own)} left out, which Upturn wrote: {', '.join(made.own)}.")
        if out is not None:
            show(f"The whole library is in {out / 'library.html'} and {out / 'library.xlsx'}.")
    for _, why in made.refused:
        typer.echo(f"upturn: not read: {why}", err=True)
    if made.refused:
        raise typer.Exit(UNUSABLE)


@app.command(epilog=SEARCH_EXAMPLES)
def search(
    library: Annotated[
        Path,
        typer.Argument(
            metavar="LIBRARY", help="The file that upturn report corpus made.", show_default=False
        ),
    ],
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help="Words in any form; quoted ones stay together.")
    ] = "",
    authority: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name, part of one, or code.", show_default=False),
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year of the fieldwork.", show_default=False)
    ] = None,
    theme: Annotated[
        str | None,
        typer.Option(metavar="ID", help="A theme, such as assessment.", show_default=False),
    ] = None,
    grade: Annotated[
        str | None, typer.Option(metavar="GRADE", help="The grade of the area.", show_default=False)
    ] = None,
    area: Annotated[
        str, typer.Option(metavar="AREA", help="The area that the grade is of.")
    ] = "overall",
    polarity: Annotated[
        str | None,
        typer.Option(
            metavar="WORD", help="strength, concern, mixed or neither.", show_default=False
        ),
    ] = None,
    asked_for: Annotated[
        bool, typer.Option("--asked-for", help="Only what reports ask for.", show_default=False)
    ] = False,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many at most.")] = 20,
    json: AsJson = False,
) -> None:
    """Search a library by words, authority, year, theme and grade."""
    import upturn

    found = upturn.report.search(
        library,
        words,
        authority=authority,
        year=year,
        theme=theme,
        grade=grade,
        area=area,
        polarity=polarity,
        asked_for=asked_for,
        limit=limit,
    )
    if json:
        show_json(found)
        return
    if found.is_empty():
        show("Nothing found. Fewer words, or fewer conditions, find more.")
        return
    import polars as pl

    from upturn.render.terminal import frame_table

    shown = ["authority", "year", "overall", "page", "paragraph", "text"]
    # A year is a name, not an amount: as text it has no comma.
    table = found.select(shown).with_columns(pl.col("year").cast(pl.String))
    show(frame_table(table, f"{found.height} found"))


@app.command(epilog=PLAN_EXAMPLES)
def plan(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A published report.", show_default=False)
    ],
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="EXTRACT",
            help="The council's own extract, to test what the report says. May be given again.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the plan as page, Word, Excel, JSON, and YAML to edit.",
            show_default=False,
        ),
    ] = None,
    as_at: AsAt = None,
    mapping: MappingFile = None,
    json: AsJson = False,
) -> None:
    """Draft an improvement plan: one action for each thing the report asks for, owners left blank.

    Every line says where it comes from. Causes that the report names come first; others are to be tested.
    """
    import upturn

    with progress(quiet=json) as tell:
        drafted = upturn.report.plan(
            file, source=source or None, out=out, as_at=as_at, mapping=mapping, progress=tell
        )
    if json:
        show_json(drafted)
    else:
        show_plan(drafted, out)
