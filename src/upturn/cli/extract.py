"""The options that say how an extract is read, given to a command all together."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from upturn.cli.options import (
    AsAt,
    Council,
    DueWithin,
    MappingFile,
    Overlays,
    Sheets,
    parse_sheets,
)

#: How an extract is read, as the verbs of Python take it: keyword arguments by name.
Reading = dict[str, Any]

_OPTIONS: dict[str, tuple[Any, Any]] = {
    "as_at": (AsAt, None),
    "due_within": (DueWithin, 10),
    "overlay": (Overlays, None),
    "mapping": (MappingFile, None),
    "council": (Council, None),
    "sheet": (Sheets, None),
}
#: All that a command which runs the clocks is told.
CLOCKS = ("as_at", "overlay", "mapping", "council", "sheet")
#: All that a command which only reads the records is told.
RECORDS = ("as_at", "mapping", "sheet")


def reads_extract(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options in ``names`` where it has one parameter, ``reading``.

    The command is called with all of them as one `Reading`, to pass on to its verb: ``**reading``. The help
    shows each option by itself, in the order of ``names``, in the place of ``reading``.

    >>> @reads_extract("as_at", "sheet")
    ... def look(source: str, *, reading: Reading, json: bool = False) -> None: ...
    >>> list(inspect.signature(look).parameters)
    ['source', 'as_at', 'sheet', 'json']
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_reading(**given: Any) -> None:
            reading = _as_verbs_take({name: given.pop(name) for name in names})
            command(**given, reading=reading)

        # Typer asks a command for its signature and makes an option of each parameter in it.
        with_reading.__signature__ = _spread(command, names)  # type: ignore[attr-defined]
        return with_reading

    return decorate


def _spread(command: Callable[..., None], names: tuple[str, ...]) -> inspect.Signature:
    """The command's signature with the options in the place of ``reading``."""
    whole = inspect.signature(command, eval_str=True)
    spread: list[inspect.Parameter] = []
    for parameter in whole.parameters.values():
        if parameter.name == "reading":
            spread += [_parameter(name) for name in names]
        else:
            spread.append(parameter)
    return whole.replace(parameters=spread)


def _parameter(name: str) -> inspect.Parameter:
    annotation, default = _OPTIONS[name]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _as_verbs_take(given: dict[str, Any]) -> Reading:
    # An option that may be repeated is a plural in Python.
    if "overlay" in given:
        given["overlays"] = given.pop("overlay") or ()
    if "sheet" in given:
        given["sheets"] = parse_sheets(given.pop("sheet") or ())
    return given
