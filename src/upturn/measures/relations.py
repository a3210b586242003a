"""Where a field lives, and which row of another table stands beside a row.

The only joins a measure may ask for: the person of a row, and of a plan, a period or an enquiry the latest
visit, review, placement, legal status or conference that belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from upturn.records.tables import PROVENANCE, TABLES


@dataclass(frozen=True)
class Relation:
    """Rows of ``table`` belong to a row whose ``own`` equals their ``theirs``; the latest by ``by``."""

    table: str
    own: str
    theirs: str
    by: str = ""


_BESIDE = {
    "cp_plans": (
        Relation("cp_visits", "cppl_cp_plan_id", "cppv_cp_plan_id", "cppv_cp_visit_date"),
        Relation("cp_reviews", "cppl_cp_plan_id", "cppr_cp_plan_id", "cppr_cp_review_date"),
    ),
    "cin_plans": (
        Relation("cin_visits", "cinp_cin_plan_id", "cinv_cin_plan_id", "cinv_cin_visit_date"),
    ),
    "s47_enquiry": (
        Relation(
            "initial_cp_conference", "s47e_s47_enquiry_id", "icpc_s47_enquiry_id", "icpc_icpc_date"
        ),
    ),
    "initial_cp_conference": (
        Relation("s47_enquiry", "icpc_s47_enquiry_id", "s47e_s47_enquiry_id"),
    ),
    "cla_episodes": (
        Relation("cla_reviews", "clae_cla_episode_id", "clar_cla_id", "clar_cla_review_date"),
        Relation("cla_visits", "clae_cla_episode_id", "clav_cla_id", "clav_cla_visit_date"),
        Relation(
            "cla_placement", "clae_cla_episode_id", "clap_cla_id", "clap_cla_placement_start_date"
        ),
        Relation(
            "legal_status",
            "clae_cla_episode_id",
            "lega_cla_episode_id",
            "lega_legal_status_start_date",
        ),
        Relation("missing", "clae_cla_episode_id", "miss_cla_id"),
    ),
}  # fmt: skip

#: The table of every field; a row's own team and worker belong to no table.
TABLE_OF = {field: table.name for table in TABLES.values() for field in table.columns}
OWN = tuple(name for name in PROVENANCE if name in ("team", "worker"))
#: Fields worked out from others: the child's age in whole years on the as-at date.
WORKED_OUT = ("age",)


def relation(base: str, field: str) -> Relation | None:
    """How to reach ``field`` from a row of ``base``; None when it is the row's own.

    Raises LookupError for a field that does not exist or that no relation leads to.

    >>> relation("cp_plans", "cppv_cp_visit_date").table
    'cp_visits'
    """
    table = "person" if field in WORKED_OUT else TABLE_OF.get(field, "")
    if field in OWN or table == base:
        return None
    if table == "person":
        child = TABLES[base].child
        if child is None:
            raise LookupError(f"{base!r} has no children")
        return Relation("person", child, "pers_person_id")
    found = next((r for r in _BESIDE.get(base, ()) if r.table == table), None)
    if found is None:
        raise LookupError(f"no field {field!r} in or beside {base!r}")
    return found
