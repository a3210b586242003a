"""Upturn: a workbench for English children's services.

This is the public face: the verbs of the command line, with the same names and the same options.
Each verb lives in `upturn.verbs` and imports what it needs when it is called, so that ``import upturn``
is quick. What the rooms behind it are called may change; what is named here does not change without a
word in the changelog.

    >>> import upturn
    >>> sorted(upturn.__all__)[:6]
    ['OutputError', 'RulebookError', 'SourceError', '__version__', 'advise', 'benchmark']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from upturn._version import __version__
from upturn.verbs.advising import advise
from upturn.verbs.explaining import why
from upturn.verbs.judging import letter, scorecard
from upturn.verbs.making import demo
from upturn.verbs.reading import check, child, quality
from upturn.verbs.workload import caseloads

if TYPE_CHECKING:
    from upturn import benchmark as benchmark
    from upturn import finding as finding
    from upturn import mapping as mapping
    from upturn import measures as measures
    from upturn import national as national
    from upturn import plan as plan
    from upturn import remedy as remedy
    from upturn import report as report
    from upturn import rules as rules
    from upturn import sample as sample
    from upturn import twins as twins
    from upturn.records.sheets import SourceError as SourceError
    from upturn.render.outputs import OutputError as OutputError
    from upturn.rulebooks import RulebookError as RulebookError

__all__ = [
    "OutputError",
    "RulebookError",
    "SourceError",
    "__version__",
    "advise",
    "benchmark",
    "caseloads",
    "check",
    "child",
    "demo",
    "finding",
    "letter",
    "mapping",
    "measures",
    "national",
    "plan",
    "quality",
    "remedy",
    "report",
    "rules",
    "sample",
    "scorecard",
    "twins",
    "why",
]

#: Names that are fetched from their room the first time somebody asks for them.
_ELSEWHERE = {
    "SourceError": "upturn.records.sheets",
    "RulebookError": "upturn.rulebooks",
    "OutputError": "upturn.render.outputs",
    "plan": "upturn",
    "rules": "upturn",
    "benchmark": "upturn",
    "finding": "upturn",
    "mapping": "upturn",
    "measures": "upturn",
    "national": "upturn",
    "remedy": "upturn",
    "report": "upturn",
    "sample": "upturn",
    "twins": "upturn",
}


def __getattr__(name: str) -> object:
    """Fetch a name of the public face from the room it lives in."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'upturn' has no attribute {name!r}")
    if _ELSEWHERE[name] == "upturn":
        return importlib.import_module(f"upturn.{name}")
    return getattr(importlib.import_module(_ELSEWHERE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
