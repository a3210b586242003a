"""The page of commands, read from the application itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from docs_pages.markdown import code, table
from upturn.cli.app import app


def page(heading: str = "Commands") -> str:
    """Every command with its arguments, options and examples."""
    root = typer.main.get_command(app)
    parts = [
        f"# {heading}",
        "Results go to standard output, everything else to standard error. How each ends: "
        "[exit codes](../reference/exit-codes.md).",
        "## upturn",
        root.help or "",
        _parameters(root),
    ]
    for path, command in walk(root):
        parts += _command(path, command)
    return "\n\n".join(part for part in parts if part)


def walk(command: Any, path: str = "upturn") -> Iterator[tuple[str, Any]]:
    """Every command below ``command`` that does something, with its full name."""
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from walk(below, f"{path} {name}")
        else:
            yield f"{path} {name}", below


def _command(path: str, command: Any) -> list[str]:
    arguments = [p.metavar or p.name.upper() for p in command.params if _is_argument(p)]
    examples = [
        line.strip()
        for line in (command.epilog or "").splitlines()
        if line.strip() and "Examples" not in line
    ]
    return [
        f"## {path}",
        code(" ".join([path, *arguments, "[OPTIONS]"])),
        "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n")),
        _parameters(command),
        "Examples:\n\n" + code("\n".join(examples), "console") if examples else "",
    ]


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _parameters(command: Any) -> str:
    rows = [_row(p) for p in command.params if not getattr(p, "hidden", False)]
    return table(["", "", "if not given"], rows) if rows else ""


def _row(parameter: Any) -> list[object]:
    spelled = parameter.metavar if _is_argument(parameter) else ", ".join(parameter.opts)
    is_switch = getattr(parameter, "is_flag", False)
    takes = "" if is_switch or _is_argument(parameter) else f" {parameter.metavar or ''}".rstrip()
    said = parameter.help or ""
    if parameter.envvar:
        said += f" Environment variable: `{parameter.envvar}`."
    return [f"`{spelled}{takes}`", said, _without(parameter, is_switch)]


def _without(parameter: Any, is_switch: bool) -> str:
    if parameter.required:
        return "needed"
    if is_switch or parameter.default in (None, (), []):
        return ""
    return f"`{parameter.default}`"
