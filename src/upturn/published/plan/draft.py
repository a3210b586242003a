"""From a report to the draft of an improvement plan, each line with where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import polars as pl

from upturn.findings.load import catalogue_version
from upturn.improvement.model import Action, Line, Origin, Plan, Trace
from upturn.journeys.result import Check
from upturn.published.plan.evidence import MOST, beside, body, traces
from upturn.published.plan.load import Guide, guides_version, load_guides, remedies_of
from upturn.published.plan.tested import (
    NOTHING,
    Tested,
    finding_lines,
    measure_lines,
    signs,
    tested,
)
from upturn.published.report.model import Recommendation, Report
from upturn.published.themes import classify, load_rules
from upturn.records.sheets import SourceError
from upturn.remedies.load import catalogue_version as remedies_version
from upturn.remedies.load import remedies

NOTICES = (
    "This is a draft made by a program from a published report. Nothing in it is decided: owners and dates "
    "are yours to fill in.",
    "Themes and causes are read by rules, which err: each line says where it stands, so that it can be "
    "checked.",
    "What good looks like, first steps and evidence to gather are suggestions (assumed). A likely cause is a "
    "possibility to test until somebody has tested it.",
    "A plan has two ratings: whether an action was done, and whether it made a difference.",
)  # fmt: skip
_OWN_GLYPH = re.compile("[\ue000-\uf8ff]")
#: So many options of the catalogue of remedies stand beside an action.
MOST_OPTIONS = 4
#: The framework whose words a finding is put in does not matter here: none of them is shown.
_FRAMEWORK = "ilacs-2026"


def draft_plan(
    report: Report, *, check: Check | None = None, progress: Callable[[str], None] | None = None
) -> Plan:
    """A draft plan with one action for each thing the report asks for, in the report's order.

    With ``check``, the findings and measures of the council's own extract stand beside each. Raises
    SourceError when the report asks for nothing that could be read.
    """
    tell = progress or (lambda _: None)
    if not report.recommendations:
        raise SourceError(
            f"{report.file}: no recommendation or area for improvement was found in it, so there is nothing "
            "to plan from"
        )
    tell("Reading the report's sentences")
    said = body(report)
    asked = classify(
        [r.text for r in report.recommendations], asked=[True] * len(report.recommendations)
    )
    guides = load_guides()
    results = NOTHING
    if check is not None:
        tell("Testing the report's themes against the extract")
        every = [m for guide in guides.values() for m in guide.measures]
        results = tested(check, every, framework=_FRAMEWORK)
    actions = [
        _action(rec, row, said, results)
        for rec, row in zip(report.recommendations, asked.to_dicts(), strict=True)
    ]
    return Plan(
        title=f"Improvement plan: {report.authority.value or 'authority not found'}",
        authority=report.authority.value or "",
        actions=tuple(actions),
        origins=_origins(report, check),
        catalogues=(
            ("themes and causes", load_rules().version),
            ("from theme to plan", guides_version()),
            ("findings", catalogue_version()),
            ("remedies", remedies_version()),
        ),
        notices=NOTICES,
    )


def _origins(report: Report, check: Check | None) -> tuple[Origin, ...]:
    first = Origin("report", report.file, report.sha256, report.published.value)
    if check is None:
        return (first,)
    book = check.casebook
    return first, Origin("extract", book.source_name, book.sha256, book.as_at)


def _action(
    rec: Recommendation, row: dict[str, list[str]], said: pl.DataFrame, results: Tested
) -> Action:
    themes = _telling(row["themes"])
    guides = [load_guides()[theme] for theme in themes]
    near = beside(said, rec.text, themes, part=rec.part)
    worried = near.filter(pl.col("polarity").is_in(["concern", "mixed"]))
    ids = _from(guides, lambda guide: guide.findings)
    causes = _causes(rec, row, worried, guides)
    return Action(
        id=f"A{rec.order}",
        title="; ".join(g.title for g in guides[:2]) or "Not placed under a theme: read it",
        asked=(Trace("report", _shown(rec.text), rec.page, rec.number, rec.kind),),
        themes=tuple(row["themes"]),
        timescale=rec.timescale,
        action=_steps(guides),
        good=tuple(g.good for g in guides),
        supports=traces(worried.unique("text", keep="first", maintain_order=True).head(MOST)),
        findings=finding_lines(ids, results),
        causes=(*causes, *signs(ids, results)),
        remedies=(*_begun(near), *_options(guides, causes)),
        measures=measure_lines(_from(guides, lambda guide: guide.measures), results),
        to_show=_once(one for guide in guides for one in guide.show),
    )


def _shown(text: str) -> str:
    """The report's words with bullets that people can see: some reports use a font of their own for them."""
    return _OWN_GLYPH.sub("•", text)


def _telling(themes: Sequence[str]) -> list[str]:
    """What a thing is about before how it is done: "in time" says little where "assessments" is said too."""
    guides = load_guides()
    return sorted(themes, key=lambda theme: guides[theme].how)


def _from(guides: Sequence[Guide], ids: Callable[[Guide], Iterable[str]]) -> tuple[str, ...]:
    what = _once(one for guide in guides if not guide.how for one in ids(guide))
    return what or _once(one for guide in guides for one in ids(guide))


def _once(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(some))


def _steps(guides: Sequence[Guide]) -> str:
    if not guides:
        return ""
    first = " ".join(g.first for g in guides[:2])
    return f"{first} Then choose what to do about the causes that were found."


def _named(row: dict[str, list[str]], worried: pl.DataFrame) -> list[str]:
    """The factors that the recommendation names, then those its neighbours in the report do."""
    near = worried.head(MOST * 2)["causes"].explode().drop_nulls().to_list()
    return list(dict.fromkeys([*row["causes"], *near]))


def _causes(
    rec: Recommendation, row: dict[str, list[str]], worried: pl.DataFrame, guides: Sequence[Guide]
) -> tuple[Line, ...]:
    """Causes that the report names, with its words; then what the theme is often held back by."""
    titles = {factor.id: factor.title for factor in load_rules().factors}
    lines = []
    named = _named(row, worried)
    for factor in named:
        if factor in row["causes"]:
            where = Trace("report", _shown(rec.text), rec.page, rec.number)
        else:
            where = traces(worried.filter(pl.col("causes").list.contains(factor)).head(1))[0]
        lines.append(Line(titles[factor], where, factor, "named in the report"))
    for guide in guides:
        for factor in guide.factors:
            if factor not in named:
                named.append(factor)
                where = Trace("assumed", source=f"often behind {guide.title.lower()}")
                lines.append(Line(titles[factor], where, factor, "to be tested"))
    return tuple(lines)


def _options(guides: Sequence[Guide], causes: Sequence[Line]) -> tuple[Line, ...]:
    """What of the catalogue of remedies bears on the theme and on its likely causes: options, not advice."""
    wanted = [one for guide in guides for one in guide.remedies]
    wanted += [one for cause in causes for one in remedies_of().get(cause.id, ())]
    where = Trace("catalogue", source="remedies; price it and try it with upturn remedies")
    known = remedies()
    return tuple(
        Line(known[one].title, where, one, f"an option; evidence: {known[one].strength}")
        for one in _once(wanted)[:MOST_OPTIONS]
    )


def _begun(near: pl.DataFrame) -> tuple[Line, ...]:
    """What the report says has been done already on the same themes."""
    begun = near.filter((pl.col("kind") == "remedy") & (pl.col("common") > 0)).head(2)
    return tuple(
        Line("Begun already, the report says", trace, state="begun") for trace in traces(begun)
    )
