"""Who holds what, and how that bears on delay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from upturn.verbs.given import Progress, path_of, workforce_in

if TYPE_CHECKING:
    from upturn.records.read import Sources
    from upturn.workload.result import Workload


def caseloads(
    source: Sources,
    *,
    workforce: str | Path | None = None,
    weights: str | Path | None = None,
    names: bool = False,
    as_at: date | None = None,
    mapping: str | Path | None = None,
    sheets: Mapping[int, str] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Workload:
    """Say who holds what, and how load bears on delay: the command line's ``upturn workload``.

    ``workforce`` is a CSV file or workbook with a row for each spell of a post or an absence: post, worker,
    team, role, hours, start, end, agency, newly_qualified, kind. ``weights`` is a file with a scheme of your
    own, or the id of one that comes with Upturn (``"hundred-points"``, ``"four-to-ten"``, ``"plain"``).
    ``source``, ``as_at``, ``mapping`` and ``sheets`` are those of `check`. With ``out``, the page, the
    workbook, CSV files and JSON are written into that folder; workers are named in them only with ``names``,
    and never on the page.

    Returns a `upturn.workload.result.Workload`. Raises `SourceError` for input that cannot be used,
    `RulebookError` for a wrong scheme and `OutputError` when ``out`` cannot be written.

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = upturn.demo(size="small", out=folder)
    ...     held = caseloads(Path(folder) / "annex_a.xlsx", workforce=Path(folder) / "workforce.csv")
    >>> held.told, held.children.n > 30, held.posts.vacant > 0
    ('part', True, True)
    """
    from upturn.records.read import read_source
    from upturn.workload.result import run_workload
    from upturn.workload.weights import chosen

    # The small files first: a slip in one is known before the extract is read.
    scheme = chosen(weights)
    people = workforce_in(workforce)
    casebook = read_source(
        source,
        as_at=as_at,
        mapping=path_of(mapping),
        sheets=sheets,
        progress=progress,
    )
    found = run_workload(casebook, scheme=scheme, workforce=people, progress=progress)
    if out is not None:
        from upturn.render.workload_outputs import write_workload

        write_workload(found, Path(out), names=names, progress=progress)
    return found
