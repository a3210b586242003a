"""``upturn national``: the published figures and judgements of every authority."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from upturn.cli.groups import group
from upturn.cli.options import AsJson, parse_date
from upturn.cli.run import UNUSABLE
from upturn.cli.screen import progress, show, show_json


class ShowsByDefault(TyperGroup):
    """``upturn national Darlington`` is ``upturn national show Darlington``."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """A first word that is no command is an authority to show."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


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
EFFECTS_EXAMPLES = """
[bold]Examples[/bold]

  upturn national effects

  upturn national effects referrals

  upturn national effects agency --after "requires improvement"
"""
RECOVERIES_EXAMPLES = """
[bold]Examples[/bold]

  upturn national recoveries

  upturn national recoveries --json
"""
ALIKE_EXAMPLES = """
[bold]Examples[/bold]

  upturn national alike Liverpool

  upturn national alike Liverpool --most 10
"""
REPORT_EXAMPLES = """
[bold]Examples[/bold]

  upturn national report --out field

  upturn national report --out field --as-at 2026-06-29

  upturn national report --out field --library reports.db
"""


class After(StrEnum):
    """The kinds of judgement that the studies start from."""

    INADEQUATE = "inadequate"
    REQUIRES_IMPROVEMENT = "requires improvement"
    GOOD = "good"


PanelFile = Annotated[
    Path,
    typer.Option("--panel", metavar="FILE", help="The panel that `upturn national import` made."),
]
Authority = Annotated[
    str,
    typer.Argument(
        metavar="AUTHORITY", help="An authority's name or three-figure code.", show_default=False
    ),
]
Topic = Annotated[
    str | None,
    typer.Option(
        "--topic",
        metavar="TOPIC",
        help="Only the figures about this, such as workforce or who refers.",
        show_default=False,
    ),
]
PANEL = Path("national.db")


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
        typer.Option(
            "--published",
            parser=parse_date,
            metavar="DATE",
            help="The day these files were published, if known.",
            show_default=False,
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
    if json:
        refused = [{"file": name, "why": why} for name, why in found.refused]
        show_json({"sources": found.sources, "not_read": refused})
    else:
        from upturn.render.national_terminal import sources_table

        show(sources_table(found.sources, into.name))
        show(f"Next: upturn national show AUTHORITY --panel {into}")
    for _, why in found.refused:
        typer.echo(f"upturn: not read: {why}", err=True)
    if found.refused:
        raise typer.Exit(UNUSABLE)


@app.command("figures", epilog=FIGURES_EXAMPLES)
def figures(
    topic: Topic = None,
    panel: Annotated[
        Path | None,
        typer.Option(
            "--panel",
            metavar="FILE",
            help="A panel, to say which years of each figure it has.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the figures that a panel can hold: what each is, and where it stands in which table."""
    import upturn

    found = upturn.national.figures(topic=topic, panel=panel)
    if json:
        show_json(found)
        return
    from upturn.render.national_terminal import figures_table

    show(figures_table(found))


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    authority: Authority,
    topic: Topic = None,
    panel: PanelFile = PANEL,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the page, the workbook, the CSV file and the JSON. "
            "Without it, nothing is written.",
            show_default=False,
        ),
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
    if json:
        from upturn.render.national_outputs import authority_record

        show_json(authority_record(found))
        return
    from upturn.render.national_terminal import authority_tables

    show(authority_tables(found, every=topic is not None))
    if out is not None:
        show(f"Open {out / 'national.html'} in a browser; the workbook is {out / 'national.xlsx'}.")


@app.command("effects", epilog=EFFECTS_EXAMPLES)
def effects(
    measure: Annotated[
        str, typer.Argument(metavar="MEASURE", help="A figure of the panel: vacancy, agency ...")
    ] = "vacancy",
    after: Annotated[
        After, typer.Option("--after", help="The judgement to look after.")
    ] = After.INADEQUATE,
    panel: PanelFile = PANEL,
    json: AsJson = False,
) -> None:
    """Say what happened to a figure after authorities were judged.

    From the last census before publication, beside other authorities; the censuses before it are shown too.
    It describes. No cause is identified, and nothing is predicted.
    """
    import upturn

    found = upturn.national.effects(measure, after=after.value, panel=panel)
    if json:
        from upturn.render.national_outputs import effects_record

        show_json(effects_record(found))
        return
    from upturn.render.national_terminal import effects_tables

    show(effects_tables(found))


@app.command("recoveries", epilog=RECOVERIES_EXAMPLES)
def recoveries(panel: PanelFile = PANEL, json: AsJson = False) -> None:
    """List every past recovery from inadequate, and what moved first."""
    import upturn

    found = upturn.national.recoveries(panel=panel)
    if json:
        show_json(found)
        return
    from upturn.render.national_terminal import recoveries_table

    show(recoveries_table(found))


@app.command("alike", epilog=ALIKE_EXAMPLES)
def alike(
    authority: Authority,
    panel: PanelFile = PANEL,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, max=50, help="How many to show.")
    ] = 5,
    json: AsJson = False,
) -> None:
    """Show authorities that were where this one is and got out, and what moved first."""
    import upturn

    found = upturn.national.alike(authority, panel=panel, most=most)
    if json:
        show_json(found)
        return
    from upturn.render.national_terminal import alike_tables

    show(alike_tables(found))


@app.command("report", epilog=REPORT_EXAMPLES)
def report(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the report and its files.", show_default=False
        ),
    ],
    panel: PanelFile = PANEL,
    as_at: Annotated[
        date | None,
        typer.Option(
            "--as-at",
            parser=parse_date,
            metavar="DATE",
            help="Until when authorities are watched. Without it, the panel's latest judgement.",
            show_default=False,
        ),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            metavar="FILE",
            help="A library of reports, made by upturn report corpus, for what they ask for.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Write the state of the field: a report in which every figure can be traced.

    Writes national_report.html, national_report.docx, national_report.xlsx, national_report.json and
    national_trace.csv.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.national.report(
            out=out, panel=panel, as_at=as_at, library=library, progress=tell
        )
    from upturn.render.field import field_record, word_missing

    if json:
        show_json(field_record(found))
        return
    show(f"{len(found.facts)} facts, {found.trace.height:,} lines behind them.")
    show(f"Open {out / 'national_report.html'} in a browser.")
    if word_missing():
        show(word_missing())
