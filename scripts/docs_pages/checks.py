"""The page of the checks that send a row or a cell to quarantine."""

from __future__ import annotations

from upturn.records.lists.checks import CHECKS
from upturn.records.quarantine import LEVELS

SAID = {
    "row": "The row was not accepted.",
    "cell": "The cell was set aside; the rest of the row was accepted, and what rests on the cell is "
    "*cannot tell*.",
    "note": "Used as it stood, but somebody should look.",
}


def page() -> str:
    """Every check: its id, what it says and what to do, by level."""
    parts = [
        "# Faults found in an extract",
        "What sends a row or a cell to quarantine. In `quarantine.csv` the column `check` holds the id. "
        "Words in braces stand for what was found. How to go about it: "
        "[mend what is in quarantine](../how-to/mend-quarantine.md).",
    ]
    for level in LEVELS:
        parts += [f"## {level}", SAID[level]]
        for id_, check in CHECKS.items():
            if check.level == level:
                parts += [
                    f"### {check.name} {{#{id_}}}",
                    f"`{id_}`. {check.reason}",
                    f"What to do: {check.what_to_do}",
                ]
    return "\n\n".join(parts)
