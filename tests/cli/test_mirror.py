"""The command line and Python are one thing said twice: same verbs, same options, same defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import typer.main

import upturn
from upturn.cli.app import app

#: What is only for a screen, or only for a program.
ONLY_CLI, ONLY_PYTHON = {"json", "example_costs"}, {"progress"}
#: An option that may be repeated is a plural in Python.
PLURALS = {
    "overlay": "overlays",
    "sheet": "sheets",
    "not_worker": "not_workers",
    "period": "periods",
    "scenario": "scenarios",
}

PAIRS: list[tuple[str, Callable[..., Any]]] = [
    ("check", upturn.check),
    ("child", upturn.child),
    ("quality", upturn.quality),
    ("demo", upturn.demo),
    ("findings", upturn.letter),
    ("finding list", upturn.finding.list),
    ("finding show", upturn.finding.show),
    ("rules list", upturn.rules.list),
    ("rules show", upturn.rules.show),
    ("rules check", upturn.rules.check),
    ("mapping list", upturn.mapping.list),
    ("mapping show", upturn.mapping.show),
    ("scorecard", upturn.scorecard),
    ("workload", upturn.caseloads),
    ("why", upturn.why),
    ("remedies", upturn.advise),
    ("remedy list", upturn.remedy.list),
    ("remedy show", upturn.remedy.show),
    ("benchmark import", upturn.benchmark.import_files),
    ("national import", upturn.national.import_files),
    ("national figures", upturn.national.figures),
    ("national show", upturn.national.show),
    ("national effects", upturn.national.effects),
    ("national recoveries", upturn.national.recoveries),
    ("national alike", upturn.national.alike),
    ("national report", upturn.national.report),
    ("measures list", upturn.measures.list),
    ("measures show", upturn.measures.show),
    ("plan show", upturn.plan.show),
    ("plan rate", upturn.plan.rate),
    ("plan measure", upturn.plan.measure),
    ("plan write", upturn.plan.write),
    ("report read", upturn.report.read),
    ("report compare", upturn.report.compare),
    ("report corpus", upturn.report.corpus),
    ("report search", upturn.report.search),
    ("report plan", upturn.report.plan),
    ("sample populations", upturn.sample.populations),
    ("twin fit", upturn.twins.fit),
    ("twin run", upturn.twins.run),
    ("sample draw", upturn.sample.draw),
    ("sample estimate", upturn.sample.estimate),
]


def command(path: str) -> Any:
    found: Any = typer.main.get_command(app)
    for name in path.split():
        found = found.commands[name]
    return found


@pytest.mark.parametrize(("path", "function"), PAIRS, ids=[path for path, _ in PAIRS])
def test_a_command_and_its_function_take_the_same(path: str, function: Callable[..., Any]) -> None:
    options = {PLURALS.get(p.name, p.name): p for p in command(path).params if p.name != "help"}
    parameters = inspect.signature(function).parameters
    assert set(options) - ONLY_CLI == set(parameters) - ONLY_PYTHON


@pytest.mark.parametrize(("path", "function"), PAIRS, ids=[path for path, _ in PAIRS])
def test_a_command_and_its_function_have_the_same_defaults(
    path: str, function: Callable[..., Any]
) -> None:
    parameters = inspect.signature(function).parameters
    for option in command(path).params:
        same = parameters.get(PLURALS.get(option.name, option.name))
        if same is None or same.default is inspect.Parameter.empty:
            continue
        assert str(option.default or "") == str(same.default or ""), option.name


@pytest.mark.parametrize(("path", "function"), PAIRS, ids=[path for path, _ in PAIRS])
def test_what_a_command_needs_its_function_needs(path: str, function: Callable[..., Any]) -> None:
    needed = {p.name for p in command(path).params if p.required}
    bare = inspect.Parameter.empty
    assert needed == {
        name for name, p in inspect.signature(function).parameters.items() if p.default is bare
    }


@pytest.mark.parametrize(("path", "function"), PAIRS, ids=[path for path, _ in PAIRS])
def test_every_function_says_what_it_means(path: str, function: Callable[..., Any]) -> None:
    said = inspect.getdoc(function) or ""
    assert ">>> " in said
    for name in inspect.signature(function).parameters:
        assert name in said or name in ONLY_PYTHON or "options are those of `check`" in said, name


def test_every_public_name_is_there_and_no_other() -> None:
    for name in upturn.__all__:
        assert getattr(upturn, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'chekc'"):
        getattr(upturn, "chekc")  # noqa: B009
