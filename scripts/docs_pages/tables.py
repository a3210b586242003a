"""The page of the casebook's tables, read from their definition."""

from __future__ import annotations

from docs_pages.markdown import table
from upturn.journeys.result import CLOCKS, COVERAGE, EVENTS
from upturn.records.quarantine import SCHEMA
from upturn.records.tables import PROVENANCE, TABLES
from upturn.workload.tables import ALLOCATIONS, WORKFORCE


def page() -> str:
    """Every table with its columns and types."""
    parts = [
        "# Tables of the casebook",
        "Names are those of the Standard Safeguarding Dataset, without `ssd_`. The first column of each "
        "table names the row. Every table also has the columns under "
        "[where a row came from](#where-a-row-came-from).",
    ]
    for one in TABLES.values():
        rows = [(f"`{name}`", type_) for name, type_ in one.columns.items()]
        parts += [f"## {one.name}", table(["column", "type"], rows)]
    for heading, schema in (
        ("Where a row came from", PROVENANCE),
        ("Quarantine", SCHEMA),
        ("Clocks", CLOCKS),
        ("Events", EVENTS),
        ("Coverage", COVERAGE),
        ("Workforce", WORKFORCE),
        ("Allocations", ALLOCATIONS),
    ):
        rows = [(f"`{name}`", type_) for name, type_ in schema.items()]
        parts += [f"## {heading}", table(["column", "type"], rows)]
    return "\n\n".join(parts)
