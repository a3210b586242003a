"""The made-up council's children in need census, cut from the same truth as its Annex A workbook.

The XML is put together column by column: each element is a column of text, each block the elements of a
row one after the other, and each outer block has its inner ones joined in.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from upturn.rulebooks.calendar import add_working_days
from upturn.synthetic.annex_a.write import save
from upturn.synthetic.council import Council

#: The forms of the census that can be written.
FIRST_FORM, LAST_FORM = 2017, 2026
#: Factors a worker might tick at the end of an assessment, by the child's primary need. Assumed.
_FACTORS = {
    "N1": ["3B", "16A", "17A"],
    "N2": ["6A"],
    "N3": ["4B", "5B"],
    "N4": ["4B", "2B"],
    "N5": ["3B", "1B"],
    "N6": ["14A", "15A"],
    "N7": ["20"],
    "N8": ["20"],
}
_GENDER = {"M": "1", "F": "2", "U": "0"}
_DISABILITIES = ["LD", "AUT", "BEH", "COMM", "MOB"]


def write_cin_census(council: Council, path: Path, *, year: int = LAST_FORM) -> None:
    """Write the council's census in XML, whole or not at all, in the form of ``year`` (2017 to 2026).

    It holds every episode of need open on any day from the 1 April before ``council.as_at`` up to that
    date, with all its assessments, enquiries, plans and reviews. A real census is as at 31 March; as at
    any other date this is a mid-year extract in the same form, whose header says that date, so that it
    can be laid beside the council's other extracts. The same council gives the same bytes.

    Raises ValueError for a year without a form, OSError when ``path`` cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from upturn.synthetic import make_council
    >>> with TemporaryDirectory() as folder:
    ...     write_cin_census(make_council(faults=[]), Path(folder) / "census.xml")
    ...     Path(folder, "census.xml").read_text().splitlines()[1]
    '<Message>'
    """
    if not FIRST_FORM <= year <= LAST_FORM:
        raise ValueError(f"There is no form of {year}; there are {FIRST_FORM} to {LAST_FORM}.")
    save(census_text(council, year=year).encode(), Path(path))


def census_text(council: Council, *, year: int) -> str:
    """The whole return as one text."""
    said = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n',
        _header(council.as_at, year),
        "  <Children>\n",
        *_children(council, year=year)["text"],
        "  </Children>\n</Message>\n",
    ]
    return "".join(said)


def year_start(as_at: date) -> date:
    """The 1 April that begins the census year which ``as_at`` is in.

    >>> year_start(date(2026, 3, 31)), year_start(date(2026, 9, 30))
    (datetime.date(2025, 4, 1), datetime.date(2026, 4, 1))
    """
    april = date(as_at.year, 4, 1)
    return april if as_at >= april else date(as_at.year - 1, 4, 1)


def _header(as_at: date, year: int) -> str:
    source = {
        "SourceLevel": "L",
        "LEA": "999",
        "SoftwareCode": "Made up",
        "Release": "1",
        "SerialNo": "1",
        "DateTime": f"{as_at}T09:00:00",
    }
    about = {"Collection": "CIN", "Year": str(year), "ReferenceDate": str(as_at)}
    lines = ["  <Header>", "    <CollectionDetails>"]
    lines += [f"      <{k}>{v}</{k}>" for k, v in about.items()]
    lines += ["    </CollectionDetails>", "    <Source>"]
    lines += [f"      <{k}>{v}</{k}>" for k, v in source.items()]
    return "\n".join([*lines, "    </Source>", "  </Header>", ""])


def _element(name: str, value: pl.Expr, depth: int) -> pl.Expr:
    """``<name>value</name>`` on a line of its own; nothing where the value is null."""
    text = pl.format(f"{'  ' * depth}<{name}>{{}}</{name}>\n", value.cast(pl.String))
    return pl.when(value.is_not_null()).then(text).otherwise(pl.lit(""))


def _block(name: str, depth: int, *parts: pl.Expr) -> pl.Expr:
    """The parts, one after the other, inside ``<name>``. A part that is null is left out."""
    space = "  " * depth
    inner = pl.concat_str(*(part.fill_null("") for part in parts))
    return pl.format(f"{space}<{name}>\n{{}}{space}</{name}>\n", inner)


def _true(flag: pl.Expr) -> pl.Expr:
    """The form's 1 and 0."""
    return flag.cast(pl.Int8)


def _joined(rows: pl.DataFrame, key: str, text: pl.Expr, name: str) -> pl.DataFrame:
    """The texts of the rows with the same ``key``, one after the other."""
    return rows.group_by(key, maintain_order=True).agg(text.str.join("").alias(name))


def _children(council: Council, *, year: int) -> pl.DataFrame:
    """One text for each child with an episode in the year."""
    episodes = _joined(_episodes(council, year=year), "child_id", pl.col("text"), "episodes")
    rows = council.children.join(episodes, on="child_id", maintain_order="left")
    nth = pl.col("child_id").cast(pl.Int64) % len(_DISABILITIES)
    kind = nth.replace_strict(dict(enumerate(_DISABILITIES)), return_dtype=pl.String)
    disability = pl.when("disability").then(kind).otherwise(pl.lit("NONE"))
    expected = pl.col("born") > council.as_at
    sex = pl.col("sex") if year >= 2025 else pl.col("sex").replace(_GENDER)
    who = _block(
        "ChildIdentifiers",
        3,
        _element("LAchildID", pl.col("child_id"), 4),
        _element("PersonBirthDate", pl.when(~expected).then("born"), 4),
        _element("ExpectedPersonBirthDate", pl.when(expected).then("born"), 4),
        _element("Sex" if year >= 2025 else "GenderCurrent", sex, 4),
    )
    character = _block(
        "ChildCharacteristics",
        3,
        _element("Ethnicity", pl.col("ethnicity"), 4),
        _block("Disabilities", 4, _element("Disability", disability, 5)),
    )
    return rows.select(text=_block("Child", 2, who, character, pl.col("episodes")))


def _episodes(council: Council, *, year: int) -> pl.DataFrame:
    """The episodes open in the year: ``child_id`` and ``text``."""
    since = year_start(council.as_at)
    need = council.cin_periods.select("referral_id", "primary_need", "reason")
    rows = (
        council.referrals.filter(pl.col("closed").is_null() | (pl.col("closed") >= since))
        .sort("referred", "child_id")
        .join(need, on="referral_id", how="left", maintain_order="left")
    )
    for inner in (
        _assessments(council),
        _cin_plans(council) if year >= 2022 else _nothing("cin_plans"),
        _enquiries(council),
        _plans(council),
    ):
        rows = rows.join(inner, on="referral_id", how="left", maintain_order="left")
    source, reason = pl.col("source"), pl.col("reason").fill_null("RC8")
    if year < 2023:  # codes that came in with the form of 2023
        source, reason = source.replace({"5D": "5A"}), reason.replace({"RC9": "RC8"})
    text = _block(
        "CINdetails",
        3,
        _element("CINreferralDate", pl.col("referred"), 4),
        _element("ReferralSource", source, 4),
        _element("PrimaryNeedCode", pl.when(~pl.col("nfa")).then("primary_need"), 4),
        _element("CINclosureDate", pl.col("closed"), 4),
        _element("ReasonForClosure", pl.when(pl.col("closed").is_not_null()).then(reason), 4),
        pl.col("assessments"),
        pl.col("cin_plans"),
        pl.col("enquiries"),
        _element("ReferralNFA", _true(pl.col("nfa")), 4),
        pl.col("plans"),
    )
    return rows.select("child_id", text=text)


def _nothing(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema={"referral_id": pl.String, name: pl.String})


def _assessments(council: Council) -> pl.DataFrame:
    need = council.cin_periods.select("referral_id", "primary_need")
    rows = council.assessments.sort("started").join(
        need, on="referral_id", how="left", maintain_order="left"
    )
    done = pl.col("authorised").is_not_null()
    ticked = {
        code: "".join(f"            <AssessmentFactors>{f}</AssessmentFactors>\n" for f in factors)
        for code, factors in _FACTORS.items()
    }
    none = "            <AssessmentFactors>21</AssessmentFactors>\n"
    factors = pl.col("primary_need").replace_strict(ticked, default=none, return_dtype=pl.String)
    text = _block(
        "Assessments",
        4,
        _element("AssessmentActualStartDate", pl.col("started"), 5),
        _element("AssessmentAuthorisationDate", pl.col("authorised"), 5),
        pl.when(done).then(_block("FactorsIdentifiedAtAssessment", 5, factors)),
    )
    return _joined(rows, "referral_id", text, "assessments")


def _cin_plans(council: Council) -> pl.DataFrame:
    """A child in need plan from the first assessment that found a need, where no protection plan was made."""
    first = (
        council.assessments.filter(pl.col("needs_support"))
        .group_by("referral_id", maintain_order=True)
        .agg(start=pl.col("authorised").min())
    )
    rows = council.cin_periods.join(first, on="referral_id", maintain_order="left")
    rows = rows.join(council.cp_plans, on="referral_id", how="anti", maintain_order="left")
    rows = rows.filter(pl.col("ended").is_null() | (pl.col("start") <= pl.col("ended")))
    text = _block(
        "CINPlanDates",
        4,
        _element("CINPlanStartDate", pl.col("start"), 5),
        _element("CINPlanEndDate", pl.col("ended"), 5),
    )
    return _joined(rows, "referral_id", text, "cin_plans")


def _enquiries(council: Council) -> pl.DataFrame:
    """Enquiries with the conference that was held. The target is 15 working days on."""
    held = council.conferences.select("enquiry_id", "held").drop_nulls()
    rows = council.enquiries.sort("started").join(
        held, on="enquiry_id", how="left", maintain_order="left"
    )
    days = rows["started"].unique().to_list()
    targets = {day: add_working_days(day, 15) for day in days}
    target = pl.col("started").replace_strict(targets, return_dtype=pl.Date)
    not_needed = (~pl.col("conference_needed")).fill_null(False) & pl.col("held").is_null()
    text = _block(
        "Section47",
        4,
        _element("S47ActualStartDate", pl.col("started"), 5),
        _element("InitialCPCtarget", target, 5),
        _element("DateOfInitialCPC", pl.col("held"), 5),
        _element("ICPCnotRequired", _true(not_needed), 5),
    )
    return _joined(rows, "referral_id", text, "enquiries")


def _plans(council: Council) -> pl.DataFrame:
    reviews = council.cp_reviews.sort("day")
    held = _element("CPPreviewDate", pl.col("day"), 6)
    rows = council.cp_plans.sort("started").join(
        _joined(reviews, "plan_id", held, "reviews"),
        on="plan_id",
        how="left",
        maintain_order="left",
    )
    text = _block(
        "ChildProtectionPlans",
        4,
        _element("CPPstartDate", pl.col("started"), 5),
        _element("CPPendDate", pl.col("ended"), 5),
        _element("InitialCategoryOfAbuse", pl.col("category"), 5),
        _element("LatestCategoryOfAbuse", pl.col("latest_category"), 5),
        _element("NumberOfPreviousCPP", pl.col("previous_plans"), 5),
        pl.when(pl.col("reviews").is_not_null()).then(_block("Reviews", 5, pl.col("reviews"))),
    )
    return _joined(rows, "referral_id", text, "plans")
