"""The casebook laid out for counting: tables with what stands beside each row, made once and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from upturn.journeys.events import thread
from upturn.journeys.result import Check
from upturn.measures.conditions import LOOK_BACK, column_of, flatten
from upturn.measures.in_need import in_need_alone
from upturn.measures.model import Condition
from upturn.measures.relations import Relation, relation
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES

#: Tables whose rows are episodes that clocks run in: the kind of episode, and the date that names it.
EPISODES = {
    "cin_episodes": ("referral", "cine_referral_date"),
    "cin_assessments": ("assessment", "cina_assessment_start_date"),
    "s47_enquiry": ("enquiry", "s47e_s47_start_date"),
    "cp_plans": ("cp_plan", "cppl_cp_plan_start_date"),
    "cin_plans": ("cin", "cinp_cin_plan_start_date"),
    "cla_episodes": ("care", "clae_entered_care_date"),
    "care_leavers": ("care_leaver", "clea_pathway_plan_review_date"),
}


@dataclass
class Desk:
    """One check, and the tables already laid out from its casebook."""

    check: Check
    _laid: dict[str, pl.DataFrame] = field(default_factory=dict)
    _episodes: dict[str, pl.Series] = field(default_factory=dict)
    _sides: dict[tuple[Relation, str], pl.DataFrame] = field(default_factory=dict)

    @property
    def casebook(self) -> Casebook:
        """The casebook of the check."""
        return self.check.casebook

    @property
    def as_at(self) -> date:
        """The date everything is read on."""
        return self.check.as_at

    def absent(self, name: str) -> bool:
        """Whether the source has no column for a field (a child's age rests on the date of birth)."""
        return ("pers_dob" if name == "age" else name) in self.casebook.absent_fields

    def table(
        self, name: str, fields: Iterable[str], conditions: Iterable[Condition] = ()
    ) -> pl.DataFrame:
        """The rows of a table with these fields, its own or beside it, as columns.

        Also ``child_id``, ``team``, ``source``, a column ``aside:FIELD`` for each field, and one for each
        look back among the conditions.
        """
        frame = self._laid.get(name)
        if frame is None:
            frame = self._start(name)
        for wanted in sorted(fields):
            if wanted not in frame.columns or f"aside:{wanted}" not in frame.columns:
                frame = self._with(frame, name, wanted)
        for condition in flatten(conditions):
            if condition.op in LOOK_BACK and column_of(condition) not in frame.columns:
                frame = self._look_back(frame, condition)
        self._laid[name] = frame
        return frame

    def with_episodes(self, frame: pl.DataFrame, name: str) -> pl.DataFrame:
        """The rows of `table`, all of them, with the ``episode_id`` that the clocks in each are known by."""
        if name not in self._episodes:
            table, (kind, named_by) = TABLES[name], EPISODES[name]
            child = table.child or table.key
            found = thread(self.casebook, name, episode=kind, child=child, named_by=named_by)
            self._episodes[name] = found.rows["episode_id"]
        return frame.with_columns(self._episodes[name])

    def _start(self, name: str) -> pl.DataFrame:
        table, rows = TABLES[name], self.casebook.table(name)
        child = table.child or table.key
        source = pl.format("{} row {}", "source_list", "source_row")
        return rows.with_columns(child_id=pl.col(child), source=source)

    def _with(self, frame: pl.DataFrame, name: str, wanted: str) -> pl.DataFrame:
        found = relation(name, wanted)
        if found is None:
            aside = pl.col("set_aside").list.contains(wanted).fill_null(False)
            return frame.with_columns(aside.alias(f"aside:{wanted}"))
        key = (
            replace(found, own=""),
            wanted,
        )  # the same side serves every table that it stands beside
        if key not in self._sides:
            self._sides[key] = self._beside(found, wanted)
        return frame.join(
            self._sides[key],
            left_on=found.own,
            right_on="_theirs",
            how="left",
            maintain_order="left",
        )

    def _beside(self, found: Relation, wanted: str) -> pl.DataFrame:
        """One row for each key: the wanted field of the latest row that had happened by then."""
        rows = self.casebook.table(found.table)
        if found.by:
            rows = rows.filter(pl.col(found.by).is_null() | (pl.col(found.by) <= self.as_at))
            rows = rows.sort(found.by, nulls_last=False, maintain_order=True)
        value = self._age() if wanted == "age" else pl.col(wanted)
        held = "pers_dob" if wanted == "age" else wanted
        return rows.select(
            value.alias(wanted),
            pl.col("set_aside").list.contains(held).fill_null(False).alias(f"aside:{wanted}"),
            _theirs=pl.col(found.theirs),
        ).unique("_theirs", keep="last", maintain_order=True)

    def _age(self) -> pl.Expr:
        born, today = pl.col("pers_dob"), self.as_at
        had = (born.dt.month() < today.month) | (
            (born.dt.month() == today.month) & (born.dt.day() <= today.day)
        )
        return (pl.lit(today.year) - born.dt.year() - (~had).cast(pl.Int32)).cast(pl.Int64)

    def _look_back(self, frame: pl.DataFrame, condition: Condition) -> pl.DataFrame:
        name = column_of(condition)
        if condition.op == "in_need_alone":
            return frame.with_columns(in_need_alone(self.casebook, frame).alias(name))
        if condition.op == "also_on":
            other = TABLES[str(condition.value)]
            assert other.child is not None
            if self.absent(_first_date(other.name)):
                return frame.with_columns(pl.lit(None, dtype=pl.Boolean).alias(name))
            ids = self.casebook.table(other.name)[other.child].drop_nulls().unique()
            return frame.with_columns(pl.col("child_id").is_in(ids.implode()).alias(name))
        return _earlier(frame, condition)


def _earlier(frame: pl.DataFrame, condition: Condition) -> pl.DataFrame:
    """Whether the child has an earlier row within the months; not known where history does not reach.

    Rows of one child on one day are one occasion.
    """
    day = pl.col(condition.field)
    same_child = pl.col("child_id") == pl.col("child_id").shift(1)
    days = (
        frame.select("child_id", condition.field)
        .drop_nulls()
        .unique()
        .sort("child_id", condition.field)
        .with_columns(_before=pl.when(same_child).then(day.shift(1)))
    )
    since = day.dt.offset_by(f"-{condition.value}mo")
    found = pl.when(pl.col("_before") >= since).then(True).when(since >= day.min()).then(False)
    return (
        frame.join(days, on=["child_id", condition.field], how="left", maintain_order="left")
        .with_columns(found.alias(column_of(condition)))
        .drop("_before")
    )


def _first_date(table: str) -> str:
    return next(name for name, kind in TABLES[table].columns.items() if kind == pl.Date)
