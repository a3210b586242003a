"""Which rows of several casebooks are the same record: by child and date, else by number.

Nobody is matched by name or birth date: a child whose identifier differs between sources is two children.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from upturn.records.combine.parts import Part
from upturn.records.tables import TABLES

#: The tables in an order in which what a row belongs to comes before the row.
ORDER = (
    "person", "contacts", "early_help_episodes", "cin_episodes", "cin_assessments", "s47_enquiry",
    "cp_plans", "initial_cp_conference", "cin_plans", "cla_episodes", "professionals",
    *(name for name in TABLES if name in {
        "cin_visits", "cp_visits", "cp_reviews", "legal_status", "cla_placement", "cla_reviews",
        "cla_visits", "cla_health", "missing", "care_leavers", "permanence", "adopters", "family",
        "involvements", "pre_proceedings", "department"}),
)  # fmt: skip
#: Fields that name a row of another table.
LINKS = {
    "cina_referral_id": "cin_episodes",
    "s47e_referral_id": "cin_episodes",
    "icpc_s47_enquiry_id": "s47_enquiry",
    "icpc_referral_id": "cin_episodes",
    "icpc_cp_plan_id": "cp_plans",
    "cinp_referral_id": "cin_episodes",
    "cinv_cin_plan_id": "cin_plans",
    "cppl_referral_id": "cin_episodes",
    "cppl_icpc_id": "initial_cp_conference",
    "cppv_cp_plan_id": "cp_plans",
    "cppr_cp_plan_id": "cp_plans",
    "lega_cla_episode_id": "cla_episodes",
    "clap_cla_id": "cla_episodes",
    "clar_cla_id": "cla_episodes",
    "clav_cla_id": "cla_episodes",
    "clah_cla_id": "cla_episodes",
    "miss_cla_id": "cla_episodes",
    "invo_professional_id": "professionals",
    "invo_referral_id": "cin_episodes",
}
#: What makes a row of a child this record and no other, beside the child.
NATURAL: dict[str, tuple[str, ...]] = {
    "person": (),
    "contacts": ("cont_contact_date",),
    "early_help_episodes": ("earl_episode_start_date",),
    "cin_episodes": ("cine_referral_date",),
    "cin_assessments": ("cina_assessment_start_date",),
    "s47_enquiry": ("s47e_s47_start_date",),
    # The conference of an enquiry is that enquiry's, whatever its date has come to be.
    "initial_cp_conference": ("icpc_s47_enquiry_id|icpc_icpc_date",),
    "cin_plans": ("cinp_cin_plan_start_date",),
    "cin_visits": ("cinv_cin_visit_date",),
    "cp_plans": ("cppl_cp_plan_start_date",),
    "cp_visits": ("cppv_cp_visit_date",),
    "cp_reviews": ("cppr_cp_review_date",),
    "pre_proceedings": ("prep_pre_pro_decision_date",),
    "cla_episodes": ("clae_entered_care_date",),
    "legal_status": ("lega_legal_status_start_date",),
    "cla_placement": ("clap_cla_placement_start_date",),
    "cla_reviews": ("clar_cla_review_date",),
    "cla_visits": ("clav_cla_visit_date",),
    "cla_health": ("clah_health_check_type", "clah_health_check_date"),
    "missing": ("miss_missing_episode_start_date", "miss_cla_id"),
    "care_leavers": (),
    "permanence": ("perm_adm_decision_date",),
    "adopters": ("adop_adopter_id",),
    "family": ("fami_family_id",),
    "professionals": ("prof_staff_id",),
    "involvements": ("invo_professional_id", "invo_involvement_start_date"),
    "department": ("dept_team_id",),
}
#: Tables whose first column is a name in itself, and not the place of a row.
_NAMED = ("person", "adopters")

Aligned = dict[str, list[pl.DataFrame]]


def aligned(parts: Sequence[Part]) -> Aligned:
    """Each table of each part, with ``_key``: the same for rows that are one record.

    The key is that of the newest part's row with the part's number before it (``1:L4.22``), and links are
    turned into keys, so that tables of different parts can be laid together.
    """
    keys: list[dict[str, pl.DataFrame]] = [{} for _ in parts]
    found: Aligned = {}
    for name in ORDER:
        found[name], known = [], _nothing_known()
        for part, own in zip(parts, keys, strict=True):
            # What a row belongs to has its key by now; a plan's conference comes after the plan.
            there = [field for field, table in LINKS.items() if table in own]
            rows = _linked(part.table(name), there, part, own)
            rows, known = _keyed(rows, name, part, known)
            own[name] = rows.select(_own=TABLES[name].key, _to="_key")
            found[name].append(rows)
    return {
        name: [
            _linked(rows, _later(name), part, own)
            for rows, part, own in zip(tables, parts, keys, strict=True)
        ]
        for name, tables in found.items()
    }


def _later(name: str) -> list[str]:
    """The links of a table to one that comes after it."""
    place = ORDER.index(name)
    return [field for field, table in LINKS.items() if ORDER.index(table) >= place]


def _nothing_known() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("_number", "_natural", "_key"), pl.String()))


def _linked(
    rows: pl.DataFrame, fields: Sequence[str], part: Part, keys: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The rows with these links turned into keys; one that leads nowhere is told from other parts'."""
    for field in (f for f in fields if f in rows.columns):
        rows = rows.join(
            keys[LINKS[field]].unique("_own", keep="first"), left_on=field, right_on="_own",
            how="left", maintain_order="left",
        )  # fmt: skip
        own = pl.format("{}:{}", pl.lit(str(part.number)), field)
        rows = rows.with_columns(pl.coalesce("_to", own).alias(field)).drop("_to")
    return rows


def _keyed(
    rows: pl.DataFrame, name: str, part: Part, known: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with ``_key``, and what is known by now with these rows added."""
    key = TABLES[name].key
    rows = rows.with_columns(_number=_number(name, part), _natural=_natural(name)).with_columns(
        _natural=pl.format("{}#{}", "_natural", pl.int_range(pl.len()).over("_natural"))
    )
    by_nature = known.unique("_natural", keep="first").select("_natural", _first="_key")
    rows = rows.join(by_nature, on="_natural", how="left", maintain_order="left")
    # What is left goes by its number: a date was corrected. Only then, since some systems number afresh.
    free = known.filter(~pl.col("_key").is_in(rows["_first"].drop_nulls().implode()))
    by_number = free.drop_nulls("_number").unique("_number").select("_number", _second="_key")
    rows = rows.join(by_number, on="_number", how="left", maintain_order="left")
    own = pl.col(key) if name in _NAMED else pl.format("{}:{}", pl.lit(str(part.number)), key)
    rows = rows.with_columns(_key=pl.coalesce("_first", "_second", own))
    known = pl.concat([known, rows.select("_number", "_natural", "_key")])
    return rows.drop("_first", "_second", "_number", "_natural"), known


def _number(name: str, part: Part) -> pl.Expr:
    """The record's own number with its child, where the source has such numbers: only the dataset does."""
    table = TABLES[name]
    if part.book.source != "ssd" or not table.child or table.child == table.key:
        return pl.lit(None, dtype=pl.String)
    return pl.format("{}|{}", table.key, table.child)


def _natural(name: str) -> pl.Expr:
    """The child and what makes the record this one, as one text."""
    child = TABLES[name].child
    words = [pl.col(child or TABLES[name].key).fill_null("")]
    if not child:
        words = []
    for field in NATURAL[name]:
        first, _, instead = field.partition("|")
        said = pl.col(first).cast(pl.String)
        words.append(pl.coalesce(said, pl.col(instead).cast(pl.String)) if instead else said)
    return pl.concat_str([w.fill_null("") for w in words] or [pl.lit("")], separator="|")
