"""``upturn report``: published inspection reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upturn.cli.closing import close, end_with_refused
from upturn.cli.extract import Reading, reads_extract
from upturn.cli.groups import group
from upturn.cli.options import AsJson, file_option, folder_option, option
from upturn.cli.plan import page_to_fill_in
from upturn.cli.screen import progress

if TYPE_CHECKING:
    import polars as pl
    from rich.console import RenderableType

    from upturn.published.report.corpus import Made
    from upturn.report import Readings

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
        folder_option("the page, the workbook, the CSV files and the JSON", optional=False),
    ] = None,
    json: AsJson = False,
) -> None:
    """Read reports: grades, dates, paragraphs, what is asked for; each with its page and its words.

    What is not in a report is said to be not found, with the place looked at.
    """
    import upturn

    with progress(quiet=json) as tell:
        readings = upturn.report.read(files, out=out, progress=tell)
    close(
        readings,
        json=json,
        record=_readings_record,
        screen=_readings_text,
        written=_is_in(out, "reports", "Everything read"),
    )
    end_with_refused(readings.refused)


def _readings_record(readings: Readings) -> dict[str, Any]:
    from upturn.published.report.tables import record_of

    refused = [{"file": name, "why": why} for name, why in readings.refused]
    return {"reports": [record_of(r) for r in readings.reports], "not_read": refused}


def _readings_text(readings: Readings) -> list[RenderableType]:
    from upturn.render.read_reports_terminal import many_reports, one_report

    if len(readings.reports) <= 2:
        return [one_report(report) for report in readings.reports]
    return [many_reports(readings.reports)]


def _is_in(out: Path | None, name: str, what: str) -> str:
    """Where the page and the workbook called ``name`` are, which hold ``what``."""
    return "" if out is None else f"{what} is in {out / f'{name}.html'} and {out / f'{name}.xlsx'}."


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
        folder_option("the page, the workbook and the JSON", optional=False),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what an earlier report asked for and a later one asks for, or says, again.

    Not found again does not mean put right: the later report may not have looked.
    """
    import upturn

    found = upturn.report.compare(one, other, out=out)
    from upturn.render.read_reports import comparison_record
    from upturn.render.read_reports_terminal import comparison_table

    close(
        found,
        json=json,
        record=comparison_record,
        screen=comparison_table,
        written=_is_in(out, "compared", "All of it"),
    )


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
        file_option(
            "--leads",
            "A CSV file of yours (inspector, region), to count by the lead inspector's region.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        folder_option("a page and a workbook on the whole library", optional=False),
    ] = None,
    json: AsJson = False,
) -> None:
    """Keep many reports in one local file that can be searched. Nothing leaves the machine."""
    import upturn

    with progress(quiet=json) as tell:
        made = upturn.report.corpus(folder, library=library, leads=leads, out=out, progress=tell)
    written = _is_in(out, "library", "The whole library")
    close(made, json=json, screen=_library_text, written=written)
    end_with_refused(made.refused)


def _library_text(made: Made) -> list[str]:
    said = [
        f"{len(made.read)} read into {made.path}, {len(made.known)} already there, "
        f"{len(made.refused)} not read."
    ]
    if made.thin:
        said.append(f"Too few inspectors to count by: {', '.join(made.thin)}.")
    if made.own:
        said.append(f"{len(made.own)} left out, which Upturn wrote: {', '.join(made.own)}.")
    return said


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
        str | None, option("--authority", "NAME", "Name, part of one, or code.")
    ] = None,
    year: Annotated[int | None, option("--year", "YEAR", "Year of the fieldwork.")] = None,
    theme: Annotated[str | None, option("--theme", "ID", "A theme, such as assessment.")] = None,
    grade: Annotated[str | None, option("--grade", "GRADE", "The grade of the area.")] = None,
    area: Annotated[
        str, typer.Option(metavar="AREA", help="The area that the grade is of.")
    ] = "overall",
    polarity: Annotated[
        str | None, option("--polarity", "WORD", "strength, concern, mixed or neither.")
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
    close(found, json=json, screen=_found_text)


def _found_text(found: pl.DataFrame) -> RenderableType:
    import polars as pl

    if found.is_empty():
        return "Nothing found. Fewer words, or fewer conditions, find more."
    from upturn.render.terminal import frame_table

    shown = ["authority", "year", "overall", "page", "paragraph", "text"]
    # A year is a name, not an amount: as text it has no comma.
    table = found.select(shown).with_columns(pl.col("year").cast(pl.String))
    return frame_table(table, f"{found.height} found")


@app.command(epilog=PLAN_EXAMPLES)
@reads_extract("as_at", "mapping")
def plan(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A published report.", show_default=False)
    ],
    source: Annotated[
        list[str] | None,
        option(
            "--source",
            "EXTRACT",
            "The council's own extract, to test what the report says. May be given again.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        folder_option("the plan as page, Word, Excel, JSON, and YAML to edit", optional=False),
    ] = None,
    *,
    reading: Reading,
    json: AsJson = False,
) -> None:
    """Draft an improvement plan: one action for each thing the report asks for, owners left blank.

    Every line says where it comes from. Causes that the report names come first; others are to be tested.
    """
    import upturn

    with progress(quiet=json) as tell:
        drafted = upturn.report.plan(file, source=source or None, out=out, **reading, progress=tell)
    from upturn.render.plan_terminal import plan_table

    close(drafted, json=json, screen=plan_table, written=page_to_fill_in(out), word="plan.docx")
