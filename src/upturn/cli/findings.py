"""``upturn findings`` and ``upturn finding``: what would an inspector find, and which questions are put."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from upturn.cli.closing import close
from upturn.cli.completing import complete_questions
from upturn.cli.extract import CLOCKS, Reading, reads_extract
from upturn.cli.groups import group
from upturn.cli.options import (
    AsJson,
    Source,
    SourceName,
    file_option,
    folder_option,
    id_argument,
    option,
    source_option,
)
from upturn.cli.screen import progress

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


@reads_extract(*CLOCKS)
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
        folder_option(
            "the letter (findings.html, findings.docx), the workbook of children and the JSON"
        ),
    ] = None,
    earlier: Annotated[
        Path | None,
        option(
            "--earlier", "SOURCE", "An extract of before, to say which weaknesses remain the case."
        ),
    ] = None,
    workforce: Annotated[
        Path | None,
        file_option(
            "--workforce",
            "Posts and who held them (CSV or workbook, as for `upturn workload`), for work left with "
            "leavers and demand against posts.",
        ),
    ] = None,
    *,
    reading: Reading,
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
            **reading,
            progress=tell,
        )
    from upturn.render.letter_outputs import letter_record
    from upturn.render.letter_terminal import letter_table

    page = "" if out is None else str(out / "findings.html")
    close(
        found,
        json=json,
        record=letter_record,
        screen=letter_table,
        written=page and f"Open {page} in a browser; every number opens to its children.",
        word="findings.docx",
    )


@app.command("list", epilog=LIST_EXAMPLES)
def list_(
    framework: Annotated[
        Name | None,
        option("--framework", _NAMES, "Only questions that this framework looks at."),
    ] = None,
    source: Annotated[
        SourceName | None,
        source_option("Only questions that this source can answer, in full or in part."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the questions: what each asks, and which sources can answer it."""
    import upturn
    from upturn.render.letter_terminal import questions_table

    found = upturn.finding.list(framework=framework, source=source)
    close(found, json=json, screen=questions_table)


@app.command("show", epilog=SHOW_EXAMPLES)
def show_(
    finding: Annotated[str, id_argument("Id of a question.", autocompletion=complete_questions)],
    json: AsJson = False,
) -> None:
    """Show one question: whom it is asked of, how it is tested, against what, and what to ask next."""
    import upturn
    from upturn.render.letter_terminal import question_text

    close(upturn.finding.show(finding), json=json, screen=question_text)
