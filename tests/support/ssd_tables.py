"""Small extracts of the Standard Safeguarding Dataset for tests: a table is a list of rows as text."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]

PERSON = {"pers_person_id": "1", "pers_sex": "F", "pers_dob": "2015-05-01 00:00:00"}
REFERRAL = {
    "cine_referral_id": "R1", "cine_person_id": "1", "cine_referral_date": "2026-01-05 00:00:00",
    "cine_referral_nfa": "N",
}  # fmt: skip
ENQUIRY = {
    "s47e_s47_enquiry_id": "Q1", "s47e_person_id": "1", "s47e_referral_id": "R1",
    "s47e_s47_start_date": "2026-01-12 00:00:00", "s47e_s47_end_date": "2026-01-26 00:00:00",
    "s47e_s47_outcome_json": '{"CP_CONFERENCE_FLAG": "Y"}',
}  # fmt: skip
CONFERENCE = {
    "icpc_icpc_id": "I1", "icpc_person_id": "1", "icpc_s47_enquiry_id": "Q1",
    "icpc_icpc_target_date": "2026-02-02 00:00:00", "icpc_icpc_date": "2026-01-30 00:00:00",
    "icpc_icpc_outcome_cp_flag": "Y", "icpc_icpc_transfer_in": "N",
}  # fmt: skip
PLAN = {
    "cppl_cp_plan_id": "P1", "cppl_person_id": "1", "cppl_icpc_id": "I1",
    "cppl_cp_plan_start_date": "2026-01-30 00:00:00", "cppl_cp_plan_end_date": "",
}  # fmt: skip
VISIT = {
    "cppv_cp_visit_id": "V1", "cppv_person_id": "1", "cppv_cp_plan_id": "P1",
    "cppv_cp_visit_date": "2026-02-05 00:00:00", "cppv_cp_visit_seen": "Y",
    "cppv_cp_visit_seen_alone": "Y",
}  # fmt: skip
CARE = {
    "clae_cla_episode_id": "E1", "clae_person_id": "1", "clae_cla_id": "L1",
    "clae_cla_episode_start_date": "2025-03-03 00:00:00",
    "clae_entered_care_date": "2025-03-03 00:00:00", "clae_cla_episode_ceased_date": "",
    "clae_cla_episode_ceased_reason": "",
}  # fmt: skip


def write(folder: Path, tables: Mapping[str, Sequence[Row]], *, encoding: str = "utf-8") -> Path:
    """Write each table as a CSV file named like it; a table without rows is an empty file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            if rows:
                headers = list(dict.fromkeys(h for row in rows for h in row))
                writer = csv.DictWriter(file, headers)
                writer.writeheader()
                writer.writerows(rows)
    return folder


def many(row: Row, key: str, n: int, **changes: object) -> list[dict[str, object]]:
    """The row ``n`` times, each with an identifier of its own."""
    return [{**row, **changes, key: f"{row[key]}-{i}"} for i in range(n)]
