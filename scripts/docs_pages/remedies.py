"""The page of remedies: every option of the catalogue, and the prices a cost file can hold."""

from __future__ import annotations

from docs_pages.markdown import table
from upturn.remedies.costs import INPUTS
from upturn.remedies.load import catalogue_version, remedies
from upturn.render.remedies_terminal import remedy_lines


def page() -> str:
    """The remedies as a table, then each in full, then the inputs of a cost file."""
    rows = [
        (f"[`{r.id}`](#{r.id})", r.title, ", ".join(r.drivers), f"{r.lead}", r.strength, r.status)
        for r in remedies().values()
    ]
    parts = [
        "# Remedies",
        "What `upturn remedies` tries; [how](../how-to/remedies.md). Options, not advice. Most sizes are "
        "assumed: no source was read that measured them, and each says so. Version of the catalogue: "
        f"`{catalogue_version()}`.",
        table(["remedy", "", "moves", "begins after months", "evidence", "status"], rows),
    ]
    for remedy in remedies().values():
        head, *lines = remedy_lines(remedy)
        parts.append("\n".join([f"{head} {{#{remedy.id}}}", *lines]))
    inputs = [(f"`{name}`", unit, meaning) for name, (unit, meaning) in INPUTS.items()]
    parts += [
        "## Prices {#prices}",
        "What a cost file can hold. There is no default for money.",
        table(["input", "unit", "what it is"], inputs),
    ]
    return "\n\n".join(parts)
