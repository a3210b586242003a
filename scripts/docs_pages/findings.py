"""The page of findings: every question of the catalogue, in the words the command line shows."""

from __future__ import annotations

from docs_pages.markdown import table
from upturn.findings.load import catalogue_version, load_catalogue
from upturn.render.letter_terminal import question_lines

TESTED = {"full": "in full", "part": "in part", "none": "no"}


def page() -> str:
    """The questions as a table of what each source can answer, then each in full."""
    questions = load_catalogue()
    rows = [
        (
            f"[`{q.id}`](#{q.id})",
            q.title,
            *(TESTED[q.covered_by(s).tested] for s in ("annex_a", "cin_census", "ssd")),
        )
        for q in questions
    ]
    parts = [
        "# Questions an inspector asks",
        "What `upturn findings` asks an extract; [how it decides](../reference/findings.md). Version of the "
        f"catalogue: `{catalogue_version()}`.",
        table(["question", "", "Annex A", "CIN census", "SSD"], rows),
    ]
    for q in questions:
        head, *lines = question_lines(q)
        parts.append("\n".join([f"{head} {{#{q.id}}}", *lines]))
    return "\n\n".join(parts)
