"""The specification, rendered from the tables that the tests run.

A file of tests named ``test_*_spec.py`` holds a list ``CASES``. Each case is a dict or a dataclass; its
``title`` (or ``name``) and ``because`` are sentences, and everything else is shown as given and expected.
A file may split its cases over several lists: any name in capitals that begins or ends with CASES.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from docs_pages.markdown import table

TITLES, REASONS = ("title", "name", "id"), ("because", "why")
HIDDEN = (*TITLES, *REASONS)
SINGLE = (str, int, float, date, type(None))


def page(tests: Path) -> str:
    """Every case of every specification under ``tests``, by room."""
    parts = [
        "# Specification",
        "These tables are the tests. Each says what is given, what must come of it, and why; the "
        "test suite runs them, and this page is written from them.",
    ]
    for file in sorted(tests.rglob("test_*_spec.py")):
        module = _load(file, tests)
        listed = [[_as_mapping(case) for case in cases] for cases in _lists(module) if cases]
        if listed:
            parts += [f"## {_heading(file)}", (module.__doc__ or "").strip(), _read_on(module)]
            parts += [part for cases in listed for part in _cases(cases)]
    return "\n\n".join(part for part in parts if part)


def _load(file: Path, tests: Path) -> ModuleType:
    # By its place and not by its name: some packages install a top-level `tests` of their own.
    name = f"specification_{'_'.join(file.relative_to(tests).with_suffix('').parts)}"
    found = importlib.util.spec_from_file_location(name, file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.path[:0] = [str(tests.parent), str(tests / "support")]
    sys.modules[name] = module  # dataclasses look their module up
    try:
        found.loader.exec_module(module)
    finally:
        del sys.path[:2]
    return module


def _lists(module: ModuleType) -> list[Iterable[Any]]:
    return [
        value
        for name, value in vars(module).items()
        if re.fullmatch(r"CASES(_[A-Z0-9_]+)?|[A-Z0-9_]+_CASES", name)
        and isinstance(value, (list, tuple))
    ]


def _heading(file: Path) -> str:
    words = file.stem.removeprefix("test_").removesuffix("_spec").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}".replace("Annex a", "Annex A")


def _read_on(module: ModuleType) -> str:
    day = getattr(module, "AS_AT", None)
    return f"Read on {_value(day)}, unless a case says otherwise." if day else ""


def _cases(cases: list[Mapping[str, Any]]) -> list[str]:
    """Cases of single values make one table; others have a table each."""
    if all(isinstance(value, SINGLE) for case in cases for value in case.values()):
        return [_together(cases)]
    return [_apart(case) for case in cases]


def _together(cases: list[Mapping[str, Any]]) -> str:
    heads = dict.fromkeys(key for case in cases for key in case if key not in HIDDEN)
    rows = [
        [_said(case, TITLES), *(_value(case.get(key)) for key in heads), _said(case, REASONS)]
        for case in cases
    ]
    return table(["case", *(head.replace("_", " ") for head in heads), "because"], rows)


def _apart(case: Mapping[str, Any]) -> str:
    because = _said(case, REASONS)
    rows = [
        (key.replace("_", " "), _value(value, wide=True))
        for key, value in case.items()
        if key not in HIDDEN and value not in ("", (), [], {})
    ]
    reason = f"Because {because[:1].lower()}{because[1:]}." if because else ""
    parts = [
        f"### {_said(case, TITLES) or 'Case'}",
        reason.replace("..", "."),
        table(["", ""], rows),
    ]
    return "\n\n".join(part for part in parts if part)


def _said(case: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(case[key]) for key in keys if case.get(key)), "")


def _as_mapping(case: Any) -> Mapping[str, Any]:
    if is_dataclass(case) and not isinstance(case, type):
        return {field.name: getattr(case, field.name) for field in fields(case)}
    if isinstance(case, Mapping):
        return case
    values = getattr(case, "values", None)  # a pytest.param
    if isinstance(values, tuple) and len(values) == 1:
        return _as_mapping(values[0])
    return {"title": getattr(case, "id", None) or "Case", "given": case}


def _value(value: Any, *, wide: bool = False) -> str:
    """A value in a cell: what is nested, or ``wide``, has a line for each part; dates are as said."""
    if value is None:
        return "–"
    if isinstance(value, pl.DataFrame):
        return _value(value.to_dicts())
    if isinstance(value, date):
        return f"{value:%a} {value.day} {value:%b %Y}"
    if isinstance(value, Mapping):
        # A bare number is the number of a list of Annex A.
        names = {key: f"List {key}" if isinstance(key, int) else key for key in value}
        parts = [f"{names[key]}: {_value(inner)}" for key, inner in value.items()]
        return ("<br>" if wide or any(map(_nested, value.values())) else ", ").join(parts)
    if isinstance(value, (list, tuple)):
        return ("<br>" if any(map(_nested, value)) else ", ").join(map(_value, value))
    return str(value)


def _nested(value: Any) -> bool:
    return isinstance(value, (list, tuple, Mapping))
