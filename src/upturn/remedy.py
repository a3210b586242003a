"""The remedies of the public face: list those of the catalogue, show one, write an example cost file.

The command line's ``upturn remedy`` has the same verbs. `upturn.advise` searches for the best mix.
"""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.remedies.model import Remedy

__all__ = ["example_costs", "list", "show"]


def list(  # `upturn.remedy.list()` reads as it is said; the built-in is not used in this file
    *, driver: str | None = None
) -> builtins.list[Remedy]:
    """The remedies of the catalogue, in order; with ``driver``, those that move it (``"posts"`` ...).

    Raises `RulebookError` for a driver that there is not.

    >>> [remedy.id for remedy in list(driver="partners")]
    ['duty-redesign', 'partner-agreement']
    """
    from upturn.remedies.load import remedies
    from upturn.rulebooks import RulebookError
    from upturn.rulebooks.entry import did_you_mean
    from upturn.twin.parameters import DRIVERS

    if driver is not None and driver not in DRIVERS:
        raise RulebookError([f"no driver {driver!r}{did_you_mean(driver, DRIVERS)}"])
    return [r for r in remedies().values() if driver is None or driver in r.drivers]


def show(remedy: str) -> Remedy:
    """One remedy of the catalogue by its id, ``remedy``.

    Raises `RulebookError` when there is no such remedy.

    >>> show("early-help").strength
    'association'
    """
    from upturn.remedies.load import remedies
    from upturn.rulebooks import RulebookError
    from upturn.rulebooks.entry import did_you_mean

    if remedy not in remedies():
        raise RulebookError([f"no remedy {remedy!r}{did_you_mean(remedy, remedies())}"])
    return remedies()[remedy]


def example_costs(file: str | Path) -> Path:
    """Write an example cost file to ``file``. It says that it is one, and so does all that rests on it.

    Raises `OutputError` when it cannot be written, or when there is a file of that name.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     example_costs(Path(folder) / "costs.yaml").name
    'costs.yaml'
    """
    from upturn.remedies.costs import example_costs as text
    from upturn.render.delivery import delivered
    from upturn.render.outputs import OutputError

    path = Path(file)
    if path.exists():
        raise OutputError(f"cannot write {path}: there is one already, and it may hold your prices")
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise OutputError(f"cannot write {path.name}: the name must end in .yaml")
    made: builtins.list[Path] = []
    with delivered(path.absolute().parent, made, inside=True) as staged:
        (staged / path.name).write_text(text(), encoding="utf-8", newline="\n")
    return made[0]
