"""Episodes of the front door: contacts, referrals, assessments.

Annex A has no number that joins its lists, so an assessment is linked to its referral by child and
date. A link that could be to more than one is marked ``maybe`` on each.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from upturn.journeys.events import BLANK, NOT_HELD, UNDATED, Thread, thread
from upturn.journeys.histories import reaches_back_to
from upturn.journeys.links import link, named
from upturn.records.casebook import Casebook

#: A referral this soon after a contact, with no other contact between, is taken to have come of it.
CONTACT_TO_REFERRAL_DAYS = 10


def contacts(casebook: Casebook) -> list[pl.DataFrame]:
    """Contact episodes. The decision is not in Annex A; a referral that follows shows it was made by then."""
    t = thread(
        casebook,
        "contacts",
        episode="contact",
        child="cont_person_id",
        named_by="cont_contact_date",
    )
    if "cine_referral_date" in casebook.absent_fields or t.rows.is_empty():
        return [
            t.said("contact", "cont_contact_date"),
            t.in_doubt("contact_decided", NOT_HELD, where=pl.lit(True)),
        ]
    follows = _next_referral(t, casebook)
    t = Thread(casebook, t.episode, t.rows.with_columns(follows))
    followed = pl.col("_referral").is_not_null()
    return [
        t.said("contact", "cont_contact_date"),
        t.at("contact_followed", pl.col("_referral"), where=followed, certainty="latest"),
        t.at(
            "contact_decided",
            pl.col("_referral"),
            where=followed,
            certainty="latest",
            note="shown by the referral that followed",
        ),
        t.in_doubt("contact_decided", NOT_HELD, where=~followed),
    ]


def _next_referral(contacts: Thread, casebook: Casebook) -> pl.Series:
    """For each contact the date of the referral that came of it, or null."""
    referrals = (
        casebook.table("cin_episodes")
        .select(child_id="cine_person_id", _referral="cine_referral_date")
        .drop_nulls()
        .sort("_referral")
    )
    dated = (
        contacts.rows.select("child_id", day="cont_contact_date").with_row_index("_i").sort("day")
    )
    next_contact = (
        dated.select("child_id", "day")
        .unique()
        .sort("child_id", "day")
        .with_columns(_next=pl.col("day").shift(-1).over("child_id"))
    )
    found = (
        dated.join(next_contact, on=["child_id", "day"], how="left")
        .sort("day")
        .join_asof(
            referrals,
            left_on="day",
            right_on="_referral",
            by="child_id",
            strategy="forward",
            tolerance=timedelta(days=CONTACT_TO_REFERRAL_DAYS),
            check_sortedness=False,
        )
    )
    before_next = pl.col("_next").is_null() | (pl.col("_referral") < pl.col("_next"))
    return found.with_columns(_referral=pl.when(before_next).then("_referral")).sort("_i")[
        "_referral"
    ]


def referrals(casebook: Casebook) -> list[pl.DataFrame]:
    """Referral episodes, each with the assessments linked to it."""
    t = thread(
        casebook,
        "cin_episodes",
        episode="referral",
        child="cine_person_id",
        named_by="cine_referral_date",
    )
    links = link_assessments(t.rows, casebook.table("cin_assessments"))
    t = Thread(
        casebook,
        t.episode,
        t.rows.join(
            links.group_by("own_id").agg(_assessments=pl.len()),
            on="own_id",
            how="left",
            maintain_order="left",
        ),
    )
    no_answer = pl.col("cine_referral_nfa").is_null() & pl.col("_assessments").is_null()
    reach = pl.lit(reaches_back_to(casebook), dtype=pl.Date)
    before = (pl.col("cine_referral_date") < reach).fill_null(False)
    return [
        t.said("referral", "cine_referral_date"),
        t.at(
            "referral_no_further_action",
            pl.col("cine_referral_date"),
            where=pl.col("cine_referral_nfa") & pl.col("cine_referral_date").is_not_null(),
        ),
        t.in_doubt(
            "assessment_authorised",
            "whether it ended in no further action is blank",
            where=no_answer,
        ),
        t.in_doubt(
            "assessment_authorised",
            "the dataset does not reach back to it, so its assessment may not be there",
            where=before & pl.col("_assessments").is_null(),
        ),
        t.in_doubt(
            "assessment_authorised",
            "an assessment of this referral is in quarantine",
            where=pl.col("set_aside").list.contains("cina_assessment_start_date"),
        ),
        *_linked_assessments(t, links),
        *_decisions(t, links),
        *_unlinked_assessments(casebook, links),
    ]


def link_assessments(referrals: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    """Which referral each assessment came of: one row for each candidate (see `upturn.journeys.links`).

    Where the source numbers its referrals, the number is the link. A referral closed with no further
    action led to none.
    """
    numbered = assessments["cina_referral_id"].drop_nulls().implode()
    nfa = pl.col("cine_referral_nfa").fill_null(False)
    led_on = referrals.filter(~nfa | pl.col("own_id").is_in(numbered))
    started = assessments.filter(pl.col("cina_assessment_start_date").is_not_null()).select(
        "cina_assessment_start_date",
        "cina_assessment_auth_date",
        "team",
        "worker",
        "set_aside",
        "source_list",
        "source_row",
        child_id="cina_person_id",
        day="cina_assessment_start_date",
        number="cina_referral_id",
    )
    return link(named(led_on, "cine_referral_date"), started)


def _linked_assessments(t: Thread, links: pl.DataFrame) -> list[pl.DataFrame]:
    names = t.rows.select("own_id", "episode_id")
    rows = (
        links.drop_nulls("own_id")
        .join(names, on="own_id", maintain_order="left")
        .with_columns(source=pl.format("{} row {}", "source_list", "source_row"))
    )
    linked = Thread(t.casebook, t.episode, rows)
    sure = pl.col("candidates") == 1
    either = pl.format("it came of the referral of {}", "between")
    parts = []
    for event, field in (
        ("assessment_started", "cina_assessment_start_date"),
        ("assessment_authorised", "cina_assessment_auth_date"),
    ):
        parts.append(linked.said(event, field, where=sure))
        parts.append(linked.said(event, field, certainty="maybe", where=~sure, note=either))
    if "cina_assessment_start_date" in t.casebook.absent_fields:
        parts.append(t.in_doubt("assessment_authorised", NOT_HELD, where=pl.lit(True)))
    return parts


def _decisions(t: Thread, links: pl.DataFrame) -> list[pl.DataFrame]:
    """The decision on a referral is not in Annex A; work that began on it shows it was made by then."""
    began = (
        links.filter(pl.col("candidates") == 1)
        .group_by("own_id")
        .agg(_began=pl.col("cina_assessment_start_date").min())
    )
    t = Thread(
        t.casebook, t.episode, t.rows.join(began, on="own_id", how="left", maintain_order="left")
    )
    shown = pl.col("_began").is_not_null()
    return [
        t.at(
            "referral_decided",
            pl.col("_began"),
            where=shown,
            certainty="latest",
            note="shown by the assessment that started",
        ),
        t.in_doubt("referral_decided", NOT_HELD, where=~shown),
        t.in_doubt("referral_acknowledged", NOT_HELD, where=pl.lit(True)),
    ]


def _unlinked_assessments(casebook: Casebook, links: pl.DataFrame) -> list[pl.DataFrame]:
    """Assessments whose referral is not in the extract: their clock from referral cannot be told."""
    alone = links.filter(pl.col("own_id").is_null()).with_columns(
        episode_id=pl.format("referral before assessment {}", "cina_assessment_start_date"),
        source=pl.format("{} row {}", "source_list", "source_row"),
    )
    t = Thread(casebook, "referral", alone)
    return [
        t.in_doubt(
            "referral", "no referral for this assessment is in the extract", where=pl.lit(True)
        ),
        t.said("assessment_started", "cina_assessment_start_date"),
        t.said("assessment_authorised", "cina_assessment_auth_date"),
    ]


def assessments(casebook: Casebook) -> list[pl.DataFrame]:
    """Assessment episodes: start, authorisation, and whether the child was seen by then."""
    t = thread(
        casebook,
        "cin_assessments",
        episode="assessment",
        child="cina_person_id",
        named_by="cina_assessment_start_date",
    )
    by_then = pl.col("cina_assessment_auth_date").fill_null(pl.lit(casebook.as_at))
    seen = pl.col("cina_assessment_child_seen")
    open_now = pl.col("cina_assessment_auth_date").is_null()
    absent = "cina_assessment_child_seen" in casebook.absent_fields
    return [
        t.said("assessment_started", "cina_assessment_start_date"),
        t.said("assessment_authorised", "cina_assessment_auth_date"),
        t.at("child_seen_in_assessment", by_then, where=seen, certainty="latest", note=UNDATED),
        t.at("child_not_seen_in_assessment", by_then, where=~seen & ~open_now),
        t.in_doubt("child_seen_in_assessment", NOT_HELD if absent else BLANK, where=seen.is_null()),
    ]
