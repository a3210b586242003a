"""The documentation cannot fall behind: whatever the program has, the pages have."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main
import yaml

import upturn
from upturn.cli.app import app
from upturn.journeys.result import CLOCKS, STATES
from upturn.records.lists.checks import CHECKS
from upturn.records.mapping import MAPPINGS
from upturn.records.quarantine import LEVELS, SCHEMA
from upturn.records.tables import TABLES
from upturn.render.outputs import CLOCK_COLUMNS, OUTPUTS
from upturn.rulebooks import check_rulebook, load_rulebooks
from upturn.rulebooks.model import KINDS, STATUSES

ROOT = Path(__file__).resolve().parents[2]
ROOT_CLI: Any = typer.main.get_command(app)


def commands(command: Any, path: str = "upturn") -> Iterator[tuple[str, Any]]:
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from commands(below, f"{path} {name}")
        else:
            yield f"{path} {name}", below


@pytest.mark.parametrize(("path", "command"), list(commands(ROOT_CLI)), ids=lambda v: str(v)[:30])
def test_every_command_has_its_options_in_the_reference(
    path: str, command: Any, docs: Path
) -> None:
    page = (docs / "generated" / "commands.md").read_text("utf-8")
    assert f"\n## {path}\n" in page
    section = page.split(f"\n## {path}\n")[1].split("\n## ")[0]
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.hidden:
            assert parameter.opts[0] in section
            assert parameter.help in section
        if getattr(parameter, "envvar", None):
            assert parameter.envvar in section


def test_every_rule_has_a_page_that_the_index_leads_to(docs: Path) -> None:
    index = (docs / "generated" / "rules" / "index.md").read_text("utf-8")
    rules = upturn.rules.list(edition="all")
    assert rules
    for rule in rules:
        page = (docs / "generated" / "rules" / f"{rule.id}.md").read_text("utf-8")
        assert f"({rule.id}.md)" in index
        assert rule.ref in page
        assert rule.source in page


def test_every_rulebook_is_in_the_index_with_its_version(docs: Path) -> None:
    index = (docs / "generated" / "rules" / "index.md").read_text("utf-8")
    for book in load_rulebooks():
        assert book.id in index
        assert book.version in index


def test_every_quarantine_check_says_what_to_do(docs: Path) -> None:
    page = (docs / "generated" / "checks.md").read_text("utf-8")
    assert CHECKS
    for id_, check in CHECKS.items():
        assert f"{{#{id_}}}" in page
        assert check.what_to_do in page


def test_every_table_of_the_casebook_has_its_columns(docs: Path) -> None:
    page = (docs / "generated" / "tables.md").read_text("utf-8")
    for table in TABLES.values():
        assert f"\n## {table.name}\n" in page
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"`{column}`" in section


def test_every_mapping_has_its_codes(docs: Path) -> None:
    page = (docs / "generated" / "mappings.md").read_text("utf-8")
    for name in MAPPINGS:
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for code in upturn.mapping.show(name)["code"].drop_nulls().unique():
            assert f"| `{code}` |" in section


def test_every_file_that_is_written_is_described(docs: Path, written: set[str]) -> None:
    page = (docs / "reference" / "outputs.md").read_text("utf-8")
    assert {*OUTPUTS, "annex_a.xlsx", "quality.xlsx"} <= written
    for name in written:
        assert f"## {name}\n" in page or f"`{name}`" in page, name


def test_every_column_that_is_written_is_described(docs: Path) -> None:
    page = (docs / "reference" / "outputs.md").read_text("utf-8")
    for column in {*CLOCK_COLUMNS, *SCHEMA}:
        assert f"`{column}`" in page, column
    assert set(CLOCK_COLUMNS) <= set(CLOCKS)


def test_every_environment_variable_is_described(docs: Path) -> None:
    page = (docs / "reference" / "exit-codes.md").read_text("utf-8")
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "src").rglob("*.py"))
    found = set(re.findall(r"\bUPTURN_[A-Z_]+\b", source))
    assert {"UPTURN_SOURCE", "UPTURN_DEBUG"} <= found
    for variable in found:
        assert f"`{variable}`" in page, variable


def test_every_exit_code_is_described(docs: Path) -> None:
    from upturn.cli import run

    page = (docs / "reference" / "exit-codes.md").read_text("utf-8")
    codes = {run.OK, run.BUG, run.UNUSABLE, run.INTERRUPTED, run.PIPE_CLOSED}
    for code in codes:
        assert f"\n| {code} |" in page, code


@pytest.mark.parametrize("word", [*STATES, *LEVELS, *KINDS, *STATUSES])
def test_every_state_level_kind_and_status_is_in_the_glossary(word: str) -> None:
    assert f"`{word}`" in (ROOT / "GLOSSARY.md").read_text("utf-8")


def test_each_word_of_the_glossary_stands_once() -> None:
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    terms = re.findall(r"^(\S.*)\n:   ", text, flags=re.MULTILINE)
    assert len(terms) > 20
    assert sorted(terms) == sorted(set(terms))


def headings(page: Path) -> set[str]:
    """The anchors of a page, as the site makes them."""
    found = set()
    for line in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE):
        given = re.search(r"\{#([\w-]+)\}", line)
        plain = re.sub(r"[^\w\s-]", "", line.lower()).strip()
        found.add(given[1] if given else re.sub(r"[\s-]+", "-", plain))
    return found


def test_every_link_leads_somewhere(docs: Path) -> None:
    dead = []
    for page in docs.rglob("*.md"):
        text = re.sub(r"```.*?```|`[^`\n]+`", "", page.read_text("utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)|href=\"([^\"]+)\"", text):
            target, _, anchor = unquote(link[0] or link[1]).partition("#")
            if target.startswith(("http://", "https://", "mailto:")):
                continue
            place = (page.parent / target).resolve() if target else page
            if not place.is_file() or (anchor and anchor not in headings(place)):
                dead.append(f"{page.relative_to(docs)}: {link[0] or link[1]}")
    assert dead == []


@pytest.mark.parametrize("name", ["README.md", "GLOSSARY.md", "CHANGELOG.md"])
def test_every_link_of_the_pages_beside_the_code_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for link in re.findall(r"\]\(([^)\s#]+)\)", text):
        assert link.startswith("http") or (ROOT / link).exists(), link


def test_every_command_that_is_written_down_exists(docs: Path) -> None:
    wrong = []
    for page in [ROOT / "README.md", *docs.rglob("*.md")]:
        for line in re.findall(
            r"^(?:    |\$ )?(upturn .+)$", page.read_text("utf-8"), re.MULTILINE
        ):
            if not exists(shlex.split(line.split(" | ")[0])):
                wrong.append(f"{page.name}: {line}")
    assert wrong == []


def exists(words: list[str]) -> bool:
    """Whether the command is there and knows every option that is used."""
    command = ROOT_CLI
    for word in words[1:]:
        command = getattr(command, "commands", {}).get(word, command)
    known = {option for p in command.params for option in p.opts} | {"--help"}
    named = {word for word in words[1:] if word.startswith("--")}
    return named <= known and (command is not ROOT_CLI or named == set(words[1:]))


@pytest.mark.parametrize("target", ["demo", "test", "check", "docs", "bench"])
def test_make_knows_the_targets_that_are_promised(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:.*## ", makefile, flags=re.MULTILINE)


def test_the_machine_that_checks_runs_the_commands_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    checks = (ROOT / ".ci" / "run").read_text("utf-8")
    for command in ("make test", "make demo"):
        assert f"    {command}\n" in readme
        assert f"\n{command}\n" in checks


def yaml_blocks(docs: Path) -> list[tuple[str, dict[str, Any], str]]:
    return [
        (page.name, yaml.safe_load(text), text)
        for page in docs.rglob("*.md")
        for text in re.findall(r"```yaml\n(.+?)```", page.read_text("utf-8"), flags=re.DOTALL)
    ]


def test_every_rulebook_that_is_shown_is_a_good_one(docs: Path, tmp_path: Path) -> None:
    shown = [(name, text) for name, data, text in yaml_blocks(docs) if "rulebook" in data]
    assert shown
    for name, text in shown:
        file = tmp_path / "shown.yaml"
        file.write_text(text, "utf-8")
        assert check_rulebook(file) == [], name


def test_every_spelling_file_that_is_shown_is_a_good_one(docs: Path, tmp_path: Path) -> None:
    shown = [(name, text) for name, data, text in yaml_blocks(docs) if set(data) <= set(MAPPINGS)]
    assert shown
    for _, text in shown:
        file = tmp_path / "shown.yaml"
        file.write_text(text, "utf-8")
        assert upturn.mapping.list(mapping=file)["yours"].sum() > 0


def test_what_python_is_shown_to_have_is_there(everything: str) -> None:
    for dotted in set(re.findall(r"\bupturn\.([a-zA-Z_]+(?:\.[a-z_]+)?)\(", everything)):
        found: Any = upturn
        for name in dotted.split("."):
            found = getattr(found, name)
        assert callable(found)
