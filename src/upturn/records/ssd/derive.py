"""What a table says in its own way, in the casebook's: outcomes, factors, answers from other tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from upturn.records.lists.rows import Rows, set_aside
from upturn.records.mapping import load_mappings
from upturn.records.ssd.layout import ssd
from upturn.records.ssd.tables import Table, with_values

#: Factor codes are a number and a letter or two ("1A", "18B"), or a number alone.
_FACTOR = re.compile(r"^\d{1,2}[A-Z]{0,2}$")


def derived(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables with what has to be worked out from outcomes and from other tables."""
    rows = {name: table.rows for name, table in tables.items()}
    for name, work in _WORK.items():
        if name in rows and rows[name].at.len():
            rows[name] = work(rows[name], rows)
    return {name: table.with_rows(rows[name]) for name, table in tables.items()}


@cache
def outcome(text: str, wanted: str) -> bool | None:
    """Whether an outcome column says that ``wanted`` (of ``ssd.yaml``) came of it; null when it does not say.

    Read as a JSON object of flags under the keys of any case system, as a JSON list, or as text.

    >>> outcome('{"CP_CONFERENCE_FLAG": "Y"}', "conference")
    True
    >>> outcome('{"OUTCOME_CP_CONFERENCE_FLAG": "N", "NFA_FLAG": "1"}', "conference")
    False
    >>> outcome("Initial Child Protection Conference, Other", "conference")
    True
    >>> outcome('{"OTHER_OUTCOMES_EXIST_FLAG": ""}', "conference") is None
    True
    """
    said, words = ssd().outcomes[wanted], _parsed(text)
    if isinstance(words, dict):
        plain = {str(k).strip().upper(): v for k, v in words.items()}
        answers = [_flag(plain[key]) for key in said["keys"].values() if key in plain]
        return next((a for a in answers if a is not None), None)
    text = ", ".join(str(w) for w in words) if isinstance(words, list) else text
    return bool(re.search(said["text"], text)) if re.search(r"[A-Za-z]{3}", text) else None


def _parsed(text: str) -> Any:
    """The JSON the text holds; None for text that is not JSON."""
    if text.strip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _flag(value: object) -> bool | None:
    code = load_mappings()["yes_no"].understand("" if value is None else str(value)).code
    return {"yes": True, "no": False}.get(code or "")


def broken(text: str) -> bool:
    """Whether the text begins as JSON and is none."""
    return text.strip()[:1] in ("{", "[") and _parsed(text) is None


def factors(text: str) -> str | None:
    """The factor codes of an assessment, with commas between; from a JSON list, an object, or text.

    >>> factors('["2B", "4B"]'), factors('{"1A": "Yes", "2C": "No"}'), factors("3A, 3B")
    ('2B,4B', '1A', '3A,3B')
    """
    words = _parsed(text)
    if isinstance(words, dict):
        found: Iterable[object] = [k for k, v in words.items() if _flag(v) is not False and v]
    elif isinstance(words, list):
        found = words
    else:
        found = re.split(r"[,;|]", text)
    codes = [str(f).strip().upper() for f in found]
    return ",".join(dict.fromkeys(c for c in codes if _FACTOR.match(c))) or None


def _texts(rows: Rows, header: str) -> pl.Series:
    if header in rows.values.columns:
        return rows.values[header]
    return pl.Series(header, [None] * rows.at.len(), dtype=pl.String)


def _flags(rows: Rows, header: str, wanted: str) -> pl.Series:
    texts = _texts(rows, header).to_list()
    return pl.Series([None if t is None else outcome(t, wanted) for t in texts], dtype=pl.Boolean)


def _checked(rows: Rows, header: str) -> Rows:
    """Outcomes that begin as JSON and are none, set aside."""
    if header not in rows.values.columns:
        return rows
    bad = pl.Series([t is not None and broken(t) for t in rows.values[header].to_list()])
    problem = pl.select(pl.when(bad).then(pl.lit("outcome-not-understood"))).to_series()
    return set_aside(rows, header, problem)


def _enquiries(rows: Rows, _: Mapping[str, Rows]) -> Rows:
    """Whether a conference was decided against: only of an enquiry that has ended."""
    header = "s47e_s47_outcome_json"
    rows = _checked(rows, header)
    conference = _flags(rows, header, "conference")
    nothing = _flags(rows, header, "no_further_action")
    ended = _ended(rows, "s47e_s47_end_date")
    answer = (
        pl.when(conference)
        .then(pl.lit(False))
        .when((~conference | nothing) & ended)
        .then(pl.lit(True))
    )
    rows = with_values(rows, "s47e_icpc_not_required", pl.select(answer).to_series())
    if header not in rows.problems.columns:
        return rows
    return replace(
        rows,
        problems=rows.problems.with_columns(rows.problems[header].alias("s47e_icpc_not_required")),
    )


def _ended(rows: Rows, header: str) -> pl.Series:
    if header in rows.values.columns:
        return rows.values[header].is_not_null()
    return pl.Series([True] * rows.at.len())


def _assessments(rows: Rows, others: Mapping[str, Rows]) -> Rows:
    """Support is needed unless the assessment ended in no further action; and the factors found."""
    nothing = "cina_assessment_outcome_nfa"
    if nothing in rows.values.columns:
        rows = with_values(rows, "cina_assessment_needs_support", ~rows.values[nothing])
    found, own = others.get("ssd_assessment_factors"), "cina_assessment_id"
    key, text = "cinf_assessment_id", "cinf_assessment_factors_json"
    if found is None or text not in found.values.columns or own not in rows.values.columns:
        return rows
    codes = found.values.select(id=key, factors=text).with_columns(
        pl.col("factors").map_elements(factors, return_dtype=pl.String)
    )
    codes = (
        codes.drop_nulls().group_by("id", maintain_order=True).agg(pl.col("factors").str.join(","))
    )
    said = rows.values.select(id=own).join(codes, on="id", how="left", maintain_order="left")
    return with_values(rows, "cina_assessment_factors", said["factors"])


def _persons(rows: Rows, others: Mapping[str, Rows]) -> Rows:
    """The expected date of birth where there is no other; disability and asylum from their tables."""
    if "pers_expected_dob" in rows.values.columns:
        born = _texts(rows, "pers_dob").cast(pl.Date)
        unborn = pl.select(pl.coalesce(born, rows.values["pers_expected_dob"])).to_series()
        rows = with_values(rows, "pers_dob", unborn)
    if (found := others.get("ssd_disability")) is not None:
        rows = _said_of(rows, found, "disa_disability_code", "pers_disability")
    if (found := others.get("ssd_immigration_status")) is not None:
        header = "immi_immigration_status"
        alone = _texts(found, header).str.contains(ssd().unaccompanied)
        rows = _said_of(rows, with_values(found, header, alone), header, "pers_uasc")
    if "pers_surname" in rows.values.columns:
        marked = rows.values["pers_surname"].is_not_null()
        problem = pl.select(pl.when(marked).then(pl.lit("duplicate-child"))).to_series()
        rows = set_aside(rows, "pers_surname", problem)
    return rows


def _said_of(rows: Rows, found: Rows, header: str, field: str) -> Rows:
    """True for a child of whom any row of another table says so, false where one says no."""
    if header not in found.values.columns:
        return rows
    said = pl.DataFrame({"child": found.filled_by("child"), field: found.values[header]})
    by_child = said.group_by("child").agg(
        pl.when(pl.col(field).is_not_null().any()).then(pl.col(field).any())
    )
    children = pl.DataFrame({"child": rows.filled_by("child")})
    answers = children.join(by_child, on="child", how="left", maintain_order="left")[field]
    return with_values(rows, field, answers)


def _health(rows: Rows, _: Mapping[str, Rows]) -> Rows:
    """The kind of check in the casebook's words; a kind it has no word for stays as it is."""
    header = "clah_health_check_type"
    kind = pl.lit(_texts(rows, header))
    named = [
        pl.when(kind.str.contains(pattern)).then(pl.lit(words))
        for words, pattern in ssd().health_checks.items()
    ]
    rows = with_values(rows, header, pl.select(pl.coalesce(*named, kind)).to_series())
    status = "clah_health_check_status"
    return with_values(rows, status, _texts(rows, status).str.to_lowercase())


def _permanence(rows: Rows, _: Mapping[str, Rows]) -> Rows:
    """The order's date where the order is one of adoption."""
    order = _texts(rows, "perm_permanence_order_date").cast(pl.Date)
    adoption = _texts(rows, "perm_permanence_order_type").str.contains("(?i)adopt")
    day = pl.select(pl.when(adoption.fill_null(False)).then(order)).to_series()
    return with_values(rows, "perm_adoption_order_date", day)


_WORK = {
    "ssd_s47_enquiry": _enquiries,
    "ssd_cin_assessments": _assessments,
    "ssd_cla_health": _health,
    "ssd_permanence": _permanence,
    "ssd_person": _persons,
}
