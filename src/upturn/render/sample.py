"""A drawn sample as files: the list auditors fill in, the frame it was drawn from, and its record."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from upturn.inspection.results import audit_list
from upturn.inspection.sampling import Sample
from upturn.render.delivery import delivered
from upturn.render.summary import to_json
from upturn.render.tables import write_table


def write_sample(sample: Sample, frame: pl.DataFrame, out: Path) -> list[Path]:
    """Write ``sample.csv``, ``sample.xlsx``, ``frame.csv`` and ``sample.json`` into ``out``, all or none.

    Raises OutputError, with one line, when ``out`` cannot be written.
    """
    paths: list[Path] = []
    listed = audit_list(sample)
    with delivered(out, paths) as folder:
        write_table(listed, folder / "sample.csv")
        write_table(listed, folder / "sample.xlsx", title="Sample")
        write_table(frame, folder / "frame.csv")
        (folder / "sample.json").write_text(to_json(sample.record), encoding="utf-8")
    return paths
