"""The specification, rendered from the tables that the tests run.

A file of tests named ``test_*_spec.py`` holds a list ``CASES``. Each case is a dict or a dataclass; its
``title`` (or ``name``) and ``because`` are sentences, and everything else is shown as given and expected.
A file may split its cases over several lists: any name in capitals that begins or ends with CASES.
"""

from __future__ import annotations

import importlib.util
import re
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


def page(tests: Path) -> str:
    """Every case of every specification under ``tests``, by room."""
    parts = [
        "# Specification",
        "These tables are the tests. Each says what is given, what must come of it, and why; the test suite "
        "runs them, and this page is written from them.",
    ]
    for file in sorted(tests.rglob("test_*_spec.py")):
        module = _load(file)
        cases = [case for listed in _lists(module) for case in listed]
        if cases:
            parts += [f"## {_heading(file)}", _first_paragraph(module)]
            parts += [_case(case) for case in cases]
    return "\n\n".join(part for part in parts if part)


def _load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"spec_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
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
    return words[:1].upper() + words[1:]


def _first_paragraph(module: ModuleType) -> str:
    return (module.__doc__ or "").strip()


def _case(case: Any) -> str:
    given = _as_mapping(case)
    title = next((str(given[key]) for key in TITLES if given.get(key)), "Case")
    because = next((str(given[key]) for key in REASONS if given.get(key)), "")
    rows = [
        (key.replace("_", " "), _value(value))
        for key, value in given.items()
        if key not in HIDDEN and value not in (None, "", (), [], {})
    ]
    parts = [f"### {title}", f"Because {because[:1].lower() + because[1:]}" if because else ""]
    return "\n\n".join([*[part for part in parts if part], table(["", ""], rows)])


def _as_mapping(case: Any) -> Mapping[str, Any]:
    if is_dataclass(case) and not isinstance(case, type):
        return {field.name: getattr(case, field.name) for field in fields(case)}
    if isinstance(case, Mapping):
        return case
    values = getattr(case, "values", None)  # a pytest.param
    if isinstance(values, tuple) and len(values) == 1:
        return _as_mapping(values[0])
    return {"title": getattr(case, "id", None) or "Case", "given": case}


def _value(value: Any) -> str:
    """A value as one line: lists one item to a line, dates as they are said."""
    if isinstance(value, pl.DataFrame):
        return _value(value.to_dicts())
    if isinstance(value, date):
        return f"{value:%a} {value.day} {value:%b %Y}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        nested = any(isinstance(item, (list, tuple, Mapping)) for item in value)
        return ("<br>" if nested else ", ").join(_value(item) for item in value)
    return str(value)
