"""The scorecard as one page that needs nothing but itself; every number opens to its children."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from markupsafe import Markup

from upturn.measures.model import FIGURES
from upturn.measures.moving import moving
from upturn.measures.scorecard import Entry, Scorecard
from upturn.measures.words import day_words, figure_words, interval_words, number
from upturn.render.page import environment, policy_hash, static
from upturn.render.scorecard_draw import chart, sparkline
from upturn.render.scorecard_funnel import funnel_picture, funnel_rows, funnel_words
from upturn.render.scorecard_groups import group_tables
from upturn.render.scorecard_pack import pack_members
from upturn.render.summary import provenance
from upturn.render.words import BANNER, weekday

GOOD = {"high": "higher is better", "low": "lower is better", "neither": "neither way is better"}
#: What stands behind a number that is not a share; otherwise rows.
ROWS = {"children": ("child held", "children held"), "days": ("child", "children")}
#: What the amount of each row is, where it is no length of time.
AMOUNT = {
    **dict.fromkeys((f for f in FIGURES if f.startswith("caseload")), "Its worker holds"),
    **dict.fromkeys(("workers-three", "workers-three-cla"), "Workers"),
    "allocation-wait": "Working days",
    "nobody-days": "Days",
    "nobody-over": "Days running",
}
MOVING = ("improving", "getting worse", "rising", "falling")
_PLACE = "static/scorecard"


def scorecard_html(card: Scorecard) -> str:
    """The whole page."""
    style = static(".css") + "\n" + static(".css", _PLACE)
    script = static(".js", _PLACE)
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'; script-src '{policy_hash(script)}'"
    )
    lines = [_line(card, entry) for entry in card.entries]
    return environment().get_template("scorecard.html.j2").render(
        banner=BANNER,
        casebook=card.check.casebook,
        facts=provenance(card.check),
        as_at=weekday(card.as_at),
        window=f"{day_words(card.window[0])} to {day_words(card.window[1])}",
        population=card.population,
        la=card.la,
        together=moving(card.entries),
        moving=[line for line in lines if line["direction"].split(":")[0] in MOVING],
        keys=[line for line in lines if line["key"]],
        groups=[(name, list(some)) for name, some in groupby(lines, key=lambda x: x["group"])],
        lines=lines,
        commented=any(line["comments"] for line in lines),
        targeted=any(line["target"] for line in lines),
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        packed=Markup(pack_members(card)),
    )  # fmt: skip


def _line(card: Scorecard, entry: Entry) -> dict[str, Any]:
    """What the page says of one measure, in words."""
    value, one = entry.value, entry.measure
    cover = one.covered_by(card.check.casebook.source)
    return {
        "id": one.id,
        "name": one.name,
        "group": one.group,
        "key": one.key,
        "definition": one.definition,
        "source": one.source,
        "good": GOOD[one.good],
        "in_part": cover.because if cover.tested == "part" else "",
        "said": figure_words(value),
        "figure": "" if value.value is None else number(value.value, one.unit),
        "unit": _unit(entry),
        "told": value.value is not None,
        "why": value.why,
        "share": one.unit == "percent",
        "opens": value.members.height > 0,
        "posts": value.value is not None and value.of > 0 and value.members.is_empty(),
        "amount": AMOUNT.get(one.figure, "Length"),
        "rows": ROWS.get(one.unit, ("row", "rows")),
        "n": value.n,
        "of": value.of,
        "out": value.of - value.n,
        "unknown": value.cannot_tell.height,
        "missing": value.missing,
        "excluded": list(value.excluded.items()),
        "interval": interval_words(value),
        "bands": [(words, n, _share(n, value.bands)) for words, n in value.bands],
        "target": _target(entry),
        "status": entry.status,
        "england": _england(entry),
        "published": _published(entry),
        "spark": sparkline(entry),
        "chart": chart(entry),
        "direction": entry.direction,
        "steps": [(day_words(step.day), step.reason) for step in entry.steps],
        "funnel": funnel_picture(entry),
        "funnel_words": funnel_words(entry) if entry.funnel else "",
        "funnel_year": entry.funnel.year if entry.funnel else None,
        "funnel_rows": funnel_rows(entry),
        "groups": group_tables(card, entry),
        "special": entry.special,
        "limits": entry.series is not None and entry.series.chart is not None,
        "comments": [(day_words(c.day), c.text, c.by) for c in entry.comments],
    }


def _unit(entry: Entry) -> str:
    if entry.measure.form == "overdue":
        return "days"
    return {"percent": "%", "count": "", "rate": "per 10,000", "children": "a worker"}.get(
        entry.measure.unit, entry.measure.unit
    )


def _share(n: int, bands: tuple[tuple[str, int], ...]) -> float:
    return round(100 * n / (max(m for _, m in bands) or 1), 1)


def _target(entry: Entry) -> str:
    """The target with its tolerance, and how far the value is from it."""
    target, unit = entry.target, entry.measure.unit
    if target is None:
        return ""
    said = number(target.target, unit)
    if target.tolerance:
        said += f", tolerance {number(target.tolerance, unit)}"
    if entry.gap is None:
        return said
    side = "above" if entry.gap > 0 else "below"
    apart = number(abs(entry.gap), unit)
    return f"{said}; {apart} {side}" if abs(entry.gap) > 1e-9 else f"{said}; at it"


def _england(entry: Entry) -> str:
    if entry.england is None:
        return ""
    year, value = entry.england.latest
    said = f"England {number(value, entry.england.unit)} ({year})"
    return f"{said}; here {entry.england_band}" if entry.england_band else said


def _published(entry: Entry) -> list[str]:
    """The authority's own published figure, its region, neighbours and rank, in words."""
    found = entry.published
    if found is None:
        return []
    unit = entry.measure.unit
    own = number(found.own, unit) if found.own is not None else found.status or "not published"
    said = [f"Published {found.year}: {own}"]
    if found.region is not None:
        said.append(f"{found.region_name} {number(found.region, unit)}")
    if found.neighbours is not None:
        said.append(
            f"neighbours {number(found.neighbours, unit)} "
            f"(middle of {found.neighbours_with_value} of {found.neighbours_all})"
        )
    if found.rank is not None:
        end = {"high": "highest", "low": "lowest"}.get(entry.measure.good, "highest")
        said.append(f"{found.rank} of {found.ranked} from the {end}")
    return said
