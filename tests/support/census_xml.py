"""Small returns of the census, put together for a test."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "<Header><CollectionDetails><Collection>{collection}</Collection><Year>{year}</Year>"
    "<ReferenceDate>{reference}</ReferenceDate></CollectionDetails>"
    "<Source><SourceLevel>L</SourceLevel><LEA>999</LEA></Source></Header>"
)


def child(*episodes: str, child_id: str = "C1", who: str = "", more: str = "") -> str:
    """One child with these episodes."""
    return (
        f"<Child>\n<ChildIdentifiers>\n<LAchildID>{child_id}</LAchildID>\n{who}</ChildIdentifiers>\n"
        f"<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>\n"
        f"{''.join(episodes)}{more}</Child>\n"
    )


def episode(*blocks: str, referred: str = "2026-01-05", nfa: str = "0", more: str = "") -> str:
    """One episode with these blocks in it."""
    return (
        f"<CINdetails>\n<CINreferralDate>{referred}</CINreferralDate>\n"
        f"<ReferralSource>6</ReferralSource>\n{more}{''.join(blocks)}"
        f"<ReferralNFA>{nfa}</ReferralNFA>\n</CINdetails>\n"
    )


def assessment(started: str, authorised: str | None = None, *factors: str) -> str:
    """One assessment."""
    done = (
        f"<AssessmentAuthorisationDate>{authorised}</AssessmentAuthorisationDate>\n"
        if authorised
        else ""
    )
    codes = "".join(f"<AssessmentFactors>{f}</AssessmentFactors>" for f in factors)
    return (
        f"<Assessments>\n<AssessmentActualStartDate>{started}</AssessmentActualStartDate>\n{done}"
        f"<FactorsIdentifiedAtAssessment>{codes}</FactorsIdentifiedAtAssessment>\n</Assessments>\n"
    )


def enquiry(started: str, conference: str | None = None, *, not_required: str = "false") -> str:
    """One section 47 enquiry."""
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>\n" if conference else ""
    return (
        f"<Section47>\n<S47ActualStartDate>{started}</S47ActualStartDate>\n{held}"
        f"<ICPCnotRequired>{not_required}</ICPCnotRequired>\n</Section47>\n"
    )


def plan(started: str, *reviews: str, ended: str | None = None) -> str:
    """One child protection plan with its reviews."""
    over = f"<CPPendDate>{ended}</CPPendDate>\n" if ended else ""
    dates = "".join(f"<CPPreviewDate>{r}</CPPreviewDate>\n" for r in reviews)
    return (
        f"<ChildProtectionPlans>\n<CPPstartDate>{started}</CPPstartDate>\n{over}"
        f"<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>\n<Reviews>\n{dates}</Reviews>\n"
        "</ChildProtectionPlans>\n"
    )


def text(
    *children: str, year: str = "2026", reference: str = "2026-03-31", collection: str = "CIN"
) -> str:
    """A whole return."""
    header = HEADER.format(collection=collection, year=year, reference=reference)
    return f"<Message>\n{header}\n<Children>\n{''.join(children)}</Children>\n</Message>\n"


def written(folder: Path, *children: str, **header: str) -> Path:
    """A return in a file."""
    path = folder / "census.xml"
    path.write_text(text(*children, **header), encoding="utf-8")
    return path
