"""Data quality of a casebook: by list, column, team and worker, and the faults somebody can put right."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.layouts import layouts
from upturn.records.lists.checks import CHECKS
from upturn.records.lists.layout import Column, ListLayout

_LEVELS = ("row", "cell", "note")


@dataclass(frozen=True)
class QualityReport:
    """Tables of what is wrong, worst first.

    ``by_list``: rows in, accepted, quarantined, cells set aside, notes. ``by_column``: for each column
    kept, how many accepted rows have it filled, blank, set aside. ``by_team`` and ``by_worker``: faults and
    the children they touch. ``problems``: every entry of the quarantine with what to do, in the order of
    team, worker and child, ready to hand out. Of several sources, ``disagreements`` says where they
    differ and ``by_source`` what came of each; of one source both are empty. ``casebook`` is what the
    report is about.
    """

    by_list: pl.DataFrame
    by_column: pl.DataFrame
    by_team: pl.DataFrame
    by_worker: pl.DataFrame
    by_check: pl.DataFrame
    problems: pl.DataFrame
    casebook: Casebook
    by_source: pl.DataFrame
    disagreements: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by the name they are shown under."""
        several = {"By source": self.by_source, "Disagreements": self.disagreements}
        return {
            "By list": self.by_list,
            "By column": self.by_column,
            "By team": self.by_team,
            "By worker": self.by_worker,
            "By check": self.by_check,
            "Problems": self.problems,
            **(several if self.casebook.parts else {}),
        }


def quality_report(casebook: Casebook) -> QualityReport:
    """The data-quality report of ``casebook``; it needs nothing else."""
    faults = casebook.quarantine
    return QualityReport(
        by_list=_by_list(casebook),
        by_column=_by_column(casebook),
        by_team=_by_holder(faults, ["team"]),
        by_worker=_by_holder(faults, ["team", "worker"]),
        by_check=_by_check(faults),
        problems=_problems(faults),
        casebook=casebook,
        by_source=by_source(casebook),
        disagreements=casebook.disagreements,
    )


def by_source(casebook: Casebook) -> pl.DataFrame:
    """What came of each of several sources, the newest first; no rows for one source.

    ``children`` are those that an accepted row names, ``children_elsewhere`` those of them whom another
    source names too; ``disagreements`` are those in which the source is the newer or the earlier.
    """
    from upturn.records.combine.parts import parts_of

    parts = parts_of(casebook.parts)
    rows = []
    for part, label in zip(parts, casebook.labels, strict=True):
        book, others = part.book, (p.children for p in parts if p is not part)
        come = [(c.rows_in, c.accepted, c.quarantined) for c in book.counts]
        places = casebook.disagreements.select(
            pl.any_horizontal(
                pl.col(place).str.starts_with(f"{label} ")
                for place in ("newer_place", "earlier_place")
            ).sum()
        )
        rows.append(
            (
                label, book.source, book.as_at, *(sum(n) for n in zip(*come, strict=True)),
                len(part.children), len(part.children & frozenset[str]().union(*others)),
                int(places.item()), book.sha256,
            )
        )  # fmt: skip
    return pl.DataFrame(rows, schema=_BY_SOURCE, orient="row")


_BY_SOURCE: dict[str, pl.DataType] = {
    "source": pl.String(), "kind": pl.String(), "as_at": pl.Date(), "rows_in": pl.Int64(),
    "accepted": pl.Int64(), "quarantined": pl.Int64(), "children": pl.Int64(),
    "children_elsewhere": pl.Int64(), "disagreements": pl.Int64(), "sha256": pl.String(),
}  # fmt: skip


def _count(level: str) -> pl.Expr:
    return (pl.col("level") == level).sum().cast(pl.Int64)


def _by_list(casebook: Casebook) -> pl.DataFrame:
    came = pl.DataFrame(
        [
            (c.source_list, c.name, c.source_sheet, c.rows_in, c.accepted, c.quarantined)
            for c in casebook.counts
        ],
        schema={
            "source_list": pl.String,
            "name": pl.String,
            "sheet": pl.String,
            "rows_in": pl.Int64,
            "accepted": pl.Int64,
            "quarantined": pl.Int64,
        },
        orient="row",
    )
    faults = casebook.quarantine.group_by("source_list", sheet="source_sheet").agg(
        cells_set_aside=_count("cell"), notes=_count("note")
    )
    return came.join(
        faults, on=["source_list", "sheet"], how="left", maintain_order="left"
    ).with_columns(pl.col("cells_set_aside", "notes").fill_null(0))


def _by_column(casebook: Casebook) -> pl.DataFrame:
    rows = [
        row
        for label, book in zip(casebook.labels or ("",), casebook.parts or (casebook,), strict=True)
        for row in _columns_of(book, f"{label} " if label else "")
    ]
    schema = {
        "source_list": pl.String,
        "column": pl.String,
        "rows": pl.Int64,
        "filled": pl.Int64,
        "set_aside": pl.Int64,
    }
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .with_columns(
            blank=pl.col("rows") - pl.col("filled") - pl.col("set_aside"),
            share_filled=(pl.col("filled") / pl.col("rows")).round(4),
        )
        .sort("set_aside", descending=True, maintain_order=True)
    )


def _columns_of(casebook: Casebook, before: str) -> list[tuple[str, str, int, int, int]]:
    """The columns of one source, whose lists may have the source's name before theirs."""
    accepted = {c.source_list: c.accepted for c in casebook.counts if c.accepted}
    return [
        (label, column.header, *_filled(casebook, layout, label, column, accepted[label]))
        for layout in layouts(casebook.source)
        for label in [f"{before}{layout.label}"]
        if label in accepted
        for column in layout.columns
        if column.table not in (None, "person") and column.field not in casebook.absent_fields
    ]


def _filled(
    casebook: Casebook, layout: ListLayout, label: str, column: Column, accepted: int
) -> tuple[int, int, int]:
    """How many rows of the list there are, how many have the column filled, how many had it set aside.

    Rows that make one of the casebook's together (episodes of a period of care) count once.
    """
    table = casebook.table(column.table or "").filter(pl.col("source_list") == label)
    field = column.field
    rows = min(accepted, table.height) if column.table == layout.main else accepted
    if column.table == "cla_health" and field not in table.columns:
        table = table.filter(pl.col("clah_health_check_type") == field.replace("_", " "))
        field = "clah_health_check_date"
    aside = int(table["set_aside"].list.contains(field).sum() or 0)
    return rows, table.height - table[field].null_count(), aside


def _by_holder(faults: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return (
        faults.with_columns(pl.col(by).fill_null("not recorded"))
        .group_by(by)
        .agg(
            rows_quarantined=_count("row"),
            cells_set_aside=_count("cell"),
            notes=_count("note"),
            children=pl.col("child_id").n_unique().cast(pl.Int64),
        )
        .with_columns(faults=pl.col("rows_quarantined") + pl.col("cells_set_aside"))
        .sort(pl.col("faults"), *by, descending=[True, *[False for _ in by]])
    )


def _by_check(faults: pl.DataFrame) -> pl.DataFrame:
    names = {k: c.name for k, c in CHECKS.items()}
    return (
        faults.group_by("check", "level", "source_list", "column")
        .agg(count=pl.len().cast(pl.Int64), example=pl.col("value").drop_nulls().first())
        .with_columns(
            name=pl.col("check").replace(names),
            example=pl.when(pl.col("level") != "row").then("example"),
        )
        .select("name", "check", "level", "source_list", "column", "count", "example")
        .sort(
            "count",
            "check",
            "source_list",
            "column",
            descending=[True, False, False, False],
            nulls_last=True,
        )
    )


def _problems(faults: pl.DataFrame) -> pl.DataFrame:
    order = pl.col("level").replace_strict(_LEVELS, range(len(_LEVELS)), default=9)
    return faults.sort(
        "team",
        "worker",
        "child_id",
        order,
        "source_list",
        "source_row",
        nulls_last=True,
        maintain_order=True,
    ).select(
        "team",
        "worker",
        "child_id",
        "level",
        "source_list",
        "source_row",
        "column",
        "value",
        "reason",
        "what_to_do",
    )
