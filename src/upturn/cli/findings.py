"""``upturn findings`` and ``upturn finding``: what would an inspector find, and which questions are put."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from upturn.cli.groups import group
from upturn.cli.options import (
    AsAt,
    AsJson,
    Council,
    MappingFile,
    Overlays,
    Sheets,
    Source,
    parse_sheets,
)
from upturn.cli.screen import progress, show, show_json

if TYPE_CHECKING:
    from upturn.findings.model import Findings

app = group("The questions an inspector asks: list them, show one.")

FINDINGS_EXAMPLES = """
[bold]Examples[/bold]

  upturn findings annex_a.xlsx --out letter

  upturn findings annex_a.xlsx --framework sif-2013 --earlier march.xlsx --out letter

  upturn findings annex_a.xlsx --workforce workforce.csv --out letter

  upturn findings annex_a.xlsx --json
"""
LIST_EXAMPLES = """
[bold]Examples[/bold]

  upturn finding list

  upturn finding list --framework jtai --source annex_a
"""
SHOW_EXAMPLES = """
[bold]Examples[/bold]

  upturn finding show assessments-late
"""
Name = Literal["ilacs-2026", "ilacs-2018", "sif-2013", "ucra-2009", "jtai"]
_NAMES = "ilacs-2026|ilacs-2018|sif-2013|ucra-2009|jtai"


def findings(
    source: Source,
    framework: Annotated[
        Name,
        typer.Option(
            "--framework", metavar=_NAMES, help="The inspection framework the letter follows."
        ),
    ] = "ilacs-2026",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the letter (findings.html, findings.docx), the workbook of children and "
            "the JSON. Without it, nothing is written.",
            show_default=False,
        ),
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--earlier",
            metavar="SOURCE",
            help="An extract of before, to say which weaknesses remain the case.",
            show_default=False,
        ),
    ] = None,
    workforce: Annotated[
        Path | None,
        typer.Option(
            "--workforce",
            metavar="FILE",
            help="Posts and who held them (CSV or workbook, as for `upturn workload`), for work left with "
            "leavers and demand against posts.",
            show_default=False,
        ),
    ] = None,
    as_at: AsAt = None,
    overlay: Overlays = None,
    mapping: MappingFile = None,
    council: Council = None,
    sheet: Sheets = None,
    json: AsJson = False,
) -> None:
    """Say what an inspector would find, with the children behind each finding.

    Puts every question of the catalogue to an extract and writes a mock inspector's letter by framework
    area: strengths as well as weaknesses, and what could not be tested. No grade is computed or predicted.
    """
    import upturn

    with progress(quiet=json) as tell:
        found = upturn.letter(
            source,
            framework=framework,
            out=out,
            earlier=earlier,
            workforce=workforce,
            as_at=as_at,
            overlays=overlay or (),
            mapping=mapping,
            council=council,
            sheets=parse_sheets(sheet or ()),
            progress=tell,
        )
    if json:
        from upturn.render.letter_outputs import letter_record

        show_json(letter_record(found))
    else:
        _show(found, out)


def _show(found: Findings, out: Path | None) -> None:
    from upturn.render.letter_outputs import word_missing
    from upturn.render.letter_terminal import letter_table

    show(letter_table(found))
    if out is not None:
        show(f"Open {out / 'findings.html'} in a browser; every number opens to its children.")
        if word_missing():
            show(word_missing())


@app.command("list", epilog=LIST_EXAMPLES)
def list_(
    framework: Annotated[
        Name | None,
        typer.Option(
            "--framework",
            metavar=_NAMES,
            help="Only questions that this framework looks at.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        Literal["annex_a", "cin_census", "ssd"] | None,
        typer.Option(
            "--source",
            metavar="annex_a|cin_census|ssd",
            help="Only questions that this source can answer, in full or in part.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the questions: what each asks, and which sources can answer it."""
    import upturn

    found = upturn.finding.list(framework=framework, source=source)
    if json:
        show_json(found)
        return
    from upturn.render.letter_terminal import questions_table

    show(questions_table(found))


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    finding: Annotated[str, typer.Argument(metavar="ID", help="Id of a question.")],
    json: AsJson = False,
) -> None:
    """Show one question: whom it is asked of, how it is tested, against what, and what to ask next."""
    import upturn

    found = upturn.finding.show(finding)
    if json:
        show_json(found)
        return
    from upturn.render.letter_terminal import question_text

    show(question_text(found))
