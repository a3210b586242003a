"""The national panel of the public face: import published files, an authority beside others, what followed.

The command line's ``upturn national`` has the same verbs; ``import`` is `import_files` here, since Python
keeps the word. Nothing here predicts a grade.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

    from upturn.published.national.beside import Beside
    from upturn.published.national.effects import Effects
    from upturn.published.national.field import Field
    from upturn.published.national.recovery import Alike

__all__ = [
    "Imported",
    "alike",
    "effects",
    "figures",
    "import_files",
    "recoveries",
    "report",
    "show",
]

PANEL = "national.db"


@dataclass(frozen=True)
class Imported:
    """What came of an import: every file the panel holds, and the files that were not read, each with why.

    ``sources`` has a row for each version of each file: name, sha256, kind, family, published, rows_in,
    accepted, quarantined, unread (its columns that are no figure of the panel) and figures (their ids).
    """

    sources: pl.DataFrame
    refused: tuple[tuple[str, str], ...]


def import_files(
    files: Sequence[str | Path],
    *,
    into: str | Path = PANEL,
    published: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Imported:
    """Read published ``files`` into the panel at ``into``, beside what it holds.

    Knows the department's children in need and workforce tables, the long file of its interactive tool,
    population estimates, statistical neighbours, and lists of Ofsted's judgements (`figures` lists the
    figures). A file given again changes nothing; a newer one is a new version beside the old. A file that
    holds nothing known is told with the reason, and the others are read. ``published`` is the day they
    came out, if known. Raises `SourceError` when not one of them can be read, or when one cannot have come
    out that day (nothing is imported then), and `OutputError` when ``into`` cannot be written.

    >>> import_files(["no-such-file.csv"])
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-file.csv: there is no such file
    """
    from upturn.published.national.store import add_files, copy_of, sources_at
    from upturn.render.delivery import delivered

    panel, paths = Path(into), [Path(file) for file in files]
    with delivered(panel.parent, [], inside=True) as staged:
        copy_of(panel, staged / panel.name)
        refused = add_files(paths, staged / panel.name, published=published, progress=progress)
    return Imported(sources_at(panel), refused)


def figures(*, topic: str | None = None, panel: str | Path | None = None) -> pl.DataFrame:
    """Every figure that a panel can hold: what it is, its unit and census, and where it stands.

    ``topic`` leaves only those about it. With ``panel``, the file that `import_files` made, also the years it
    has, and the authorities with a value and without one in the latest. Raises `SourceError` for a topic or a
    panel that there is not.

    >>> figures(topic="who refers")["figure"].to_list()[:2]
    ['from-individual', 'from-schools']
    """
    from upturn.published.national.listing import figures_listed
    from upturn.published.national.panel import panel_at

    return figures_listed(topic, None if panel is None else panel_at(Path(panel)))


def show(
    authority: str,
    *,
    topic: str | None = None,
    panel: str | Path = PANEL,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Beside:
    """``authority`` (name or three-figure code) beside its neighbours and England, with its inspections.

    ``authority`` may be England, by itself. ``topic`` leaves only the figures about it (`figures` lists
    them). Reads the ``panel`` that `import_files` made. With ``out``, writes national.html, national.xlsx,
    national.csv and national.json there. Raises `SourceError` for an authority, a topic or a panel that there
    is not.

    >>> show("Darlington", panel="no-such-panel.db")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-panel.db: there is no such panel; make one with `upturn national import FILES`
    """  # noqa: E501
    from upturn.published.national.beside import beside
    from upturn.published.national.panel import panel_at
    from upturn.render.national_outputs import write_authority

    found = beside(panel_at(Path(panel)), authority, topic=topic)
    if out is not None:
        write_authority(found, Path(out), progress=progress)
    return found


def effects(
    measure: str = "vacancy",
    *,
    after: Literal["inadequate", "requires improvement", "good"] = "inadequate",
    panel: str | Path = PANEL,
) -> Effects:
    """What happened to ``measure`` after authorities were judged ``after``, with intervals and leads.

    Net of the median authority of England; by Callaway and Sant'Anna; by Sun and Abraham; with other ways of
    reckoning. Reads the ``panel`` that `import_files` made. It describes; no cause is identified. Raises
    `SourceError` for a figure or a kind of judgement that there is not.

    >>> effects("vacancies", panel="no-such-panel.db")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no figure 'vacancies'; did you mean vacancy?
    """
    from upturn.published.national.effects import effects_of
    from upturn.published.national.panel import figure_of, panel_at

    figure_of(measure)
    return effects_of(panel_at(Path(panel)), measure, after=after)


def recoveries(*, panel: str | Path = PANEL) -> pl.DataFrame:
    """Every past recovery from inadequate: who, when, to what, and which drivers moved, in what order.

    Reads the ``panel`` that `import_files` made. Raises `SourceError` when there is none.

    >>> recoveries(panel="no-such-panel.db")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-panel.db: there is no such panel; make one with `upturn national import FILES`
    """  # noqa: E501
    from upturn.published.national.panel import panel_at
    from upturn.published.national.recovery import recoveries as past

    return past(panel_at(Path(panel)))


def alike(authority: str, *, panel: str | Path = PANEL, most: int = 5) -> Alike:
    """Authorities that were where ``authority`` is and got out, and what moved first; the nearest ``most``.

    Reads the ``panel`` that `import_files` made. It says who was in a like position, not that the same would
    follow. Raises `SourceError` for an authority or a panel that there is not.

    >>> alike("Darlington", panel="no-such-panel.db")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-panel.db: there is no such panel; make one with `upturn national import FILES`
    """  # noqa: E501
    from upturn.published.national.panel import panel_at
    from upturn.published.national.recovery import like_for_like

    return like_for_like(panel_at(Path(panel)), authority, most=most)


def report(
    *,
    out: str | Path,
    panel: str | Path = PANEL,
    as_at: date | None = None,
    library: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Field:
    """The state of the field, written into ``out`` as a page, a Word document, a workbook, its trace and JSON.

    Reads the ``panel`` that `import_files` made. ``as_at`` is until when authorities are watched; without
    it, the day of the panel's latest judgement. ``library`` is a file that `upturn.report.corpus` made: then it
    also says how often what reports ask for names a cause. Raises `SourceError` for a panel without judgements
    and a file that is no library, and `OutputError` when ``out`` cannot be written.

    >>> report(out="report", panel="no-such-panel.db")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-panel.db: there is no such panel; make one with `upturn national import FILES`
    """  # noqa: E501
    from upturn.published.national.field import state_of_the_field
    from upturn.published.national.panel import panel_at
    from upturn.render.field import write_field

    reports = None if library is None else Path(library)
    found = state_of_the_field(
        panel_at(Path(panel)), as_at=as_at, library=reports, progress=progress
    )
    write_field(found, Path(out), progress=progress)
    return found
