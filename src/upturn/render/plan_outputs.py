"""An improvement plan as files: a page, a Word document, a workbook, JSON and the YAML to edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from upturn.improvement.file import plan_yaml
from upturn.improvement.measured import movement
from upturn.improvement.model import DONE, Action, Plan, PlanMeasure, Trace
from upturn.improvement.summary import DIFFERENCES, matrix, over_time
from upturn.render.delivery import delivered
from upturn.render.plan import plan_html
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets
from upturn.render.word_extra import left_out

#: The files that `write_plan` writes.
PLAN_OUTPUTS = ("plan.yaml", "plan.html", "plan.docx", "plan.xlsx", "plan.json")


def write_plan(
    plan: Plan,
    out: Path,
    *,
    progress: Callable[[str], None] | None = None,
    drawn_only: bool = False,
) -> list[Path]:
    """Write the plan into ``out`` in every form: all of them or none. Returns the paths.

    With ``drawn_only``, ``plan.yaml``, which people edit, is left as it is.

    The Word document is left out when its writer is not installed (`word_missing` says so). Raises
    `OutputError` when ``out`` cannot be written.
    """
    tell = progress or (lambda _: None)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        tell("Writing the plan")
        if not drawn_only:
            (staged / "plan.yaml").write_text(plan_yaml(plan), "utf-8", newline="\n")
        (staged / "plan.html").write_bytes(plan_html(plan).encode())
        if not word_missing():
            from upturn.render.plan_word import write_plan_word

            write_plan_word(plan, staged / "plan.docx")
        write_sheets(plan_sheets(plan), staged / "plan.xlsx")
        (staged / "plan.json").write_text(to_json(plan), "utf-8", newline="\n")
    return paths


def word_missing() -> str:
    """Why there will be no Word document, and what to do; empty when there will be one."""
    return left_out("plan.docx")


def plan_sheets(plan: Plan) -> dict[str, pl.DataFrame]:
    """The sheets of the workbook: the actions, their parts, and where each line is from."""
    actions = [_action(a) for a in plan.actions]
    measures = [_measure(a, n) for a in plan.actions for n in range(len(a.measures))]
    ratings = [row for a in plan.actions for row in _dated(a)]
    lines = [row for a in plan.actions for row in _lines(a)]
    about = [{"": "title", "value": plan.title}, {"": "authority", "value": plan.authority}]
    about += [
        {"": o.what, "value": f"{o.file} {o.dated or ''} SHA-256 {o.sha256}"} for o in plan.origins
    ]
    about += [{"": f"catalogue of {name}", "value": version} for name, version in plan.catalogues]
    about += [{"": "notice", "value": notice} for notice in plan.notices]
    readings = [row for a in plan.actions for row in _readings(a)]
    held = {
        "Actions": pl.DataFrame(actions, infer_schema_length=None),
        "Both ratings": pl.DataFrame(_matrix(plan)),
        "Over time": pl.DataFrame(_standings(plan)),
        "Measures": pl.DataFrame(measures, infer_schema_length=None),
        "Baselines and readings": pl.DataFrame(readings, infer_schema_length=None),
        "Ratings and notes": pl.DataFrame(ratings, infer_schema_length=None),
        "Where each line is from": pl.DataFrame(lines, infer_schema_length=None),
        "What this is": pl.DataFrame(about),
    }
    return {name: frame for name, frame in held.items() if frame.width}


def _action(a: Action) -> dict[str, object]:
    return {
        "action": a.id, "title": a.title, "asked": " ".join(t.words for t in a.asked),
        "where": "; ".join(t.place for t in a.asked), "timescale": a.timescale,
        "what to do": a.action, "what good looks like": " ".join(a.good), "owner": a.owner,
        "start": a.start, "due": a.due, "first due": a.first_due, "done": a.done_now,
        "made a difference": a.difference_now, "themes": "; ".join(a.themes),
        "likely causes": "; ".join(f"{c.text} ({c.state})" for c in a.causes),
        "evidence to gather": "; ".join(a.to_show),
        "evidence": "; ".join(e.what for e in a.evidence),
    }  # fmt: skip


def _measure(a: Action, n: int) -> dict[str, object]:
    m = a.measures[n]
    return {
        "action": a.id, "measure": m.id, "name": m.name, "good": m.good, "unit": m.unit,
        "baseline": m.baseline, "n": m.n, "of": m.of, "as at": m.as_at, "why none": m.why,
        "target": m.target, "target from": m.target_from,
        "latest": m.latest.value if m.latest else None,
        "latest as at": m.latest.as_at if m.latest else None,
        "against the baseline": movement(m), "where": m.trace.place,
    }  # fmt: skip


def _dated(a: Action) -> Iterator[dict[str, object]]:
    for kind, ratings in (("done", a.done), ("made a difference", a.difference)):
        for r in ratings:
            yield {
                "action": a.id, "on": r.on, "what": kind, "value": r.value, "by": r.by,
                "text": r.why, "evidence": "; ".join(r.evidence),
            }  # fmt: skip
    for n in a.notes:
        yield {
            "action": a.id, "on": n.on, "what": "note", "value": "", "by": n.by, "text": n.text,
            "evidence": "",
        }  # fmt: skip


def _readings(a: Action) -> Iterator[dict[str, object]]:
    for m in a.measures:
        if m.baseline is not None:
            yield _at(a, m, "baseline", m.as_at, m.baseline, m.n, m.of, m.trace.place, "")
        for r in m.readings:
            yield _at(a, m, "reading", r.as_at, r.value, r.n, r.of, r.source, r.why)


def _at(a: Action, m: PlanMeasure, what: str, *said: object) -> dict[str, object]:
    names = ("as at", "value", "n", "of", "from", "why none")
    first = {"action": a.id, "measure": m.id, "name": m.name, "unit": m.unit, "what": what}
    return {**first, **dict(zip(names, said, strict=True)), "target": m.target}


def _matrix(plan: Plan) -> list[dict[str, object]]:
    return [
        {"done": done, **{name: " ".join(ids) for name, ids in zip(DIFFERENCES, row, strict=True)}}
        for done, row in zip(DONE, matrix(plan), strict=True)
    ]


def _standings(plan: Plan) -> list[dict[str, object]]:
    return [
        {
            "on": one.on,
            **{f"done: {name}": n for name, n in zip(DONE, one.done, strict=True)},
            **{f"difference: {name}": n
               for name, n in zip(DIFFERENCES, one.difference, strict=True)},
        }
        for one in over_time(plan)
    ]  # fmt: skip


def _lines(a: Action) -> Iterator[dict[str, object]]:
    for trace in a.asked:
        yield _row(a, "asked", "", "", trace)
    for trace in a.supports:
        yield _row(a, "what else the report says", "", "", trace)
    for what, some in (("finding", a.findings), ("cause", a.causes), ("remedy", a.remedies)):
        for line in some:
            yield _row(a, what, line.text, line.state, line.trace)
    for m in a.measures:
        yield _row(a, "measure", m.name, "", m.trace)
    for text in (*a.good, *([a.action] if a.action else []), *a.to_show):
        yield _row(a, "suggestion", text, "", Trace("assumed"))


def _row(a: Action, what: str, text: str, state: str, trace: Trace) -> dict[str, object]:
    return {
        "action": a.id, "what": what, "text": text, "state": state, "basis": trace.basis,
        "page": trace.page, "paragraph": trace.paragraph, "words": trace.words,
        "source": trace.source,
    }  # fmt: skip
