"""Tests about children who come back: held contacts, closed referrals, plans ended too soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from upturn.findings.cases import as_cases, lately, said_day, table_rows, together
from upturn.findings.model import Cases
from upturn.findings.shared import asked
from upturn.journeys.result import Check
from upturn.measures.days import working_days


def contacts_held(check: Check, test: Mapping[str, Any]) -> Cases:
    """Enquiries soon after a child's first referral, after so many contacts that led to no referral.

    A contact led to none when no referral of the child follows within ten days of it.
    """
    book = check.casebook
    referrals = table_rows(book, "cin_episodes").filter(lately("cine_referral_date", check.as_at))
    first = referrals.sort("cine_referral_date").unique(
        "child_id", keep="first", maintain_order=True
    )
    enquiries = book.table("s47_enquiry").select(
        child_id="s47e_person_id", s47="s47e_s47_start_date"
    )
    soon = timedelta(days=test["soon_days"])
    led = (
        first.join(enquiries.drop_nulls(), on="child_id")
        .filter(pl.col("s47").is_between("cine_referral_date", pl.col("cine_referral_date") + soon))
        .unique("child_id", keep="first", maintain_order=True)
    )
    before = _earlier_contacts(check, led, test["within_days"])
    led = led.join(before, on="child_id", how="left", maintain_order="left").with_columns(
        pl.col("held").fill_null(0)
    )
    reason = pl.format(
        "{} contacts without a referral ({}), then a referral on {} and a section 47 enquiry on {}",
        "held", pl.col("on"), said_day("cine_referral_date"), said_day("s47"),
    )  # fmt: skip
    cases = as_cases(
        led.with_columns(
            source_rows=pl.concat_str("source_rows", "rows", separator="; ", ignore_nulls=True)
        ),
        hit=pl.col("held") >= test["contacts"],
        day=pl.col("cine_referral_date"),
        reason=reason,
        cluster=together(pl.col("cine_referral_date"), pl.col("s47"), pl.col("team")),
    )
    return Cases(cases)


def _earlier_contacts(check: Check, led: pl.DataFrame, within: int) -> pl.DataFrame:
    contacts = table_rows(check.casebook, "contacts").select(
        "child_id", day="cont_contact_date", rows="source_rows"
    )
    near = contacts.join(led.select("child_id", "cine_referral_date"), on="child_id")
    gap = (pl.col("cine_referral_date") - pl.col("day")).dt.total_days()
    held = near.filter(gap.is_between(11, within)).unique(["child_id", "day"]).sort("day")
    return held.group_by("child_id").agg(
        held=pl.len(), on=said_day("day").str.join(", "), rows=pl.col("rows").str.join("; ")
    )


def no_action_came_back(check: Check, test: Mapping[str, Any]) -> Cases:
    """Decisions to take no further action after which there was a referral or a section 47 enquiry.

    Decisions of the last ``settle_days`` days are left out: there was hardly time to come back.
    """
    decided = closed_without_action(check)
    old = decided.filter(
        pl.col("cine_referral_date") <= pl.lit(check.as_at - timedelta(days=test["settle_days"]))
    )
    cases = as_cases(
        old,
        hit=pl.col("referred_again").is_not_null() | pl.col("enquiry").is_not_null(),
        day=pl.col("cine_referral_date"),
        reason=pl.col("came_back"),
        cluster=together(pl.col("cine_referral_date"), pl.col("team"), pl.col("worker")),
    )
    return Cases(cases)


def closed_without_action(check: Check) -> pl.DataFrame:
    """Every referral of the last twelve months closed with no further action, with what came after it.

    Adds ``referred_again`` and ``enquiry`` (the first later day of each), ``contacts_after`` (how many, on
    how many days), ``born`` and ``came_back`` (all of it in words).
    """
    book = check.casebook
    rows = table_rows(book, "cin_episodes").filter(lately("cine_referral_date", check.as_at))
    closed = rows.filter(pl.col("cine_referral_nfa")).with_row_index("i")
    after = closed.select("i", "child_id", since="cine_referral_date")
    for name, table, child, day in (
        ("referred_again", "cin_episodes", "cine_person_id", "cine_referral_date"),
        ("enquiry", "s47_enquiry", "s47e_person_id", "s47e_s47_start_date"),
    ):
        later = _later(after, book.table(table).select(child_id=child, day=day))
        first = later.group_by("i").agg(pl.col("day").min().alias(name))
        closed = closed.join(first, on="i", how="left", maintain_order="left")
    contacts = book.table("contacts").select(child_id="cont_person_id", day="cont_contact_date")
    many = _later(after, contacts).group_by("i").agg(contacts_after=pl.col("day").n_unique())
    born = (
        book.table("person").select(child_id="pers_person_id", born="pers_dob").unique("child_id")
    )
    closed = closed.join(many, on="i", how="left", maintain_order="left").join(
        born, on="child_id", how="left", maintain_order="left"
    )
    return closed.with_columns(pl.col("contacts_after").fill_null(0)).with_columns(
        came_back=pl.concat_str(
            pl.format("Closed with no further action on {}", said_day("cine_referral_date")),
            _when("referred_again", "referred again on {}"),
            _when("enquiry", "section 47 enquiry on {}"),
            pl.when(pl.col("contacts_after") > 0).then(
                pl.format("contacts on {} later days", "contacts_after")
            ),
            separator="; ",
            ignore_nulls=True,
        )
    )


def _when(column: str, text: str) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null()).then(pl.format(text, said_day(column)))


def _later(after: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Each of ``after`` with the events of its child on a later day."""
    return after.join(events.drop_nulls(), on="child_id").filter(pl.col("day") > pl.col("since"))


def re_referred(check: Check, test: Mapping[str, Any]) -> Cases:
    """Referrals of the last six months, and those within twelve months of an earlier one of the child.

    Where the source counts a child's referrals of the last twelve months, more than it holds rows for means
    that there was an earlier one.
    """
    rows = table_rows(check.casebook, "cin_episodes").drop_nulls("cine_referral_date")
    rows = rows.sort("child_id", "cine_referral_date", maintain_order=True).with_columns(
        before=pl.col("cine_referral_date").shift(1).over("child_id"),
        held=lately("cine_referral_date", check.as_at).sum().over("child_id"),
    )
    since = (pl.col("cine_referral_date") - pl.col("before")).dt.total_days()
    first = pl.col("before").is_null()
    counted = (first & (pl.col("cine_referrals_last_12_months") > pl.col("held"))).fill_null(False)
    rows = rows.filter(lately("cine_referral_date", check.as_at, months=6))
    reason = (
        pl.when(counted)
        .then(pl.format("Referred {}; counted with an earlier one", said_day("cine_referral_date")))
        .otherwise(
            pl.format(
                "Referred {}, and before on {}", said_day("cine_referral_date"), said_day("before")
            )
        )
    )
    cases = as_cases(
        rows,
        hit=counted | (since <= 365).fill_null(False),
        day=pl.col("cine_referral_date"),
        reason=reason,
        cluster=together(
            pl.col("cine_referral_date"), pl.col("cine_referral_source_code"), pl.col("team")
        ),
    )
    return Cases(cases)


def stepped_up(check: Check, test: Mapping[str, Any]) -> Cases:
    """Plans that ended in the last six months, and those after which an enquiry or a plan began."""
    book = check.casebook
    ended = table_rows(book, "cp_plans").drop_nulls("cppl_cp_plan_end_date")
    ended = ended.filter(
        pl.col("cppl_cp_plan_end_date") > pl.lit(check.as_at).dt.offset_by("-6mo")
    ).with_row_index("i")
    after = ended.select("i", "child_id", since="cppl_cp_plan_end_date")
    events = pl.concat(
        [
            book.table("s47_enquiry").select(
                child_id="s47e_person_id",
                day="s47e_s47_start_date",
                what=pl.lit("section 47 enquiry"),
            ),
            book.table("cp_plans").select(
                child_id="cppl_person_id", day="cppl_cp_plan_start_date", what=pl.lit("plan")
            ),
        ]
    )
    first = _later(after, events).sort("day").unique("i", keep="first").select("i", "day", "what")
    rows = ended.join(first, on="i", how="left", maintain_order="left")
    cases = as_cases(
        rows,
        hit=pl.col("day").is_not_null(),
        day=pl.col("cppl_cp_plan_end_date"),
        reason=pl.format(
            "Plan ended on {}; new {} on {}",
            said_day("cppl_cp_plan_end_date"),
            "what",
            said_day("day"),
        ),
        cluster=together(pl.col("cppl_cp_plan_end_date"), pl.col("team"), pl.col("worker")),
    )
    return Cases(cases)


def begun_late(check: Check, test: Mapping[str, Any]) -> Cases:
    """Assessments that began more than so many working days after the one referral they can come of."""
    referrals, links = asked(check).referrals, asked(check).links
    from_referral = referrals.select("own_id", referred="cine_referral_date", theirs="source_rows")
    sure = links.filter(pl.col("candidates") == 1).join(from_referral, on="own_id")
    first = sure.sort("day").unique("own_id", keep="first", maintain_order=True)
    first = first.with_columns(
        waited=working_days(pl.col("referred"), pl.col("day")).cast(pl.Int64),
        source_rows=pl.format("{} row {}; {}", "source_list", "source_row", "theirs"),
    )
    told = first.drop_nulls("waited").filter(lately("referred", check.as_at))
    cases = as_cases(
        told,
        hit=pl.col("waited") > test["working_days"],
        day=pl.col("day"),
        reason=pl.format(
            "Referral {}; assessment began {}, {} working days later",
            said_day("referred"),
            said_day("day"),
            "waited",
        ),
        cluster=together(pl.col("referred"), pl.col("day"), pl.col("team"), pl.col("worker")),
    )
    return Cases(cases, untold=links.height - cases.height)
