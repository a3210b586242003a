"""Write the pages of the site that come from the program itself into docs/generated.

Usage: python scripts/make_docs.py [DOCS_FOLDER]

Commands, rules, checks, tables and the specification are read from the code and its data, and the output
in the tutorial is what the commands print today, so none of them can fall behind.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from docs_pages import (
    checks,
    commands,
    coverage,
    findings,
    mappings,
    measures,
    panel_figures,
    remedies,
    rules,
    runs,
    specification,
    tables,
    twin,
)

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    """Replace ``generated`` in the given docs folder (the project's own when none is given)."""
    docs = Path(arguments[0]) if arguments else ROOT / "docs"
    generated = docs / "generated"
    shutil.rmtree(generated, ignore_errors=True)
    pages = {
        "commands.md": commands.page(),
        "checks.md": checks.page(),
        "mappings.md": mappings.page(),
        "coverage.md": coverage.page(),
        "findings.md": findings.page(),
        "measures.md": measures.page(),
        "figures.md": panel_figures.page(),
        "remedies.md": remedies.page(),
        "tables.md": tables.page(),
        "twin.md": twin.page(),
        "specification.md": specification.page(ROOT / "tests"),
        "benchmarks.md": benchmarks(ROOT / "benchmarks" / "results"),
        **rules.pages(),
    }
    for name, text in pages.items():
        write(generated / name, text)
    runs.write(generated)
    sys.stdout.write(f"{len(pages)} pages written to {generated}\n")


def write(path: Path, text: str) -> None:
    """Write one page, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def benchmarks(results: Path) -> str:
    """Every table of results, in the order of their names; says so when there are none yet."""
    found = sorted(results.glob("*.md"))
    parts = [
        re.sub(r"^#", "##", file.read_text(encoding="utf-8").strip(), flags=re.MULTILINE)
        for file in found
    ]
    return "\n\n".join(
        [
            "# Benchmarks",
            "Measured by `make bench`, side by side in one run. Ratios travel from one machine to "
            "another; seconds do not.",
            *(parts or ["No results are stored in this copy."]),
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
