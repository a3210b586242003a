"""A made-up council to try everything on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from upturn.verbs.given import Progress
from upturn.verbs.reading import check

if TYPE_CHECKING:
    from upturn.journeys.result import Check
    from upturn.synthetic import Council

Format = Literal["annex-a", "cin-census", "ssd", "all"]


def demo(
    *,
    seed: int = 1,
    size: Literal["small", "county"] = "small",
    format: Format = "annex-a",
    as_at: date | None = None,
    out: str | Path = "demo",
    progress: Progress | None = None,
) -> Check:
    """Make up a council, write its extract, and run the main job on it.

    No record is of a real child. ``seed`` gives the same council each time; ``size`` is a small council or
    one as large as the largest authority. ``format`` is what it is written as: ``out/annex_a.xlsx`` with the
    faults of real workbooks, ``out/cin_census.xml``, or ``out/ssd`` (the Standard Safeguarding Dataset); with
    ``all``, each of them from the same truth, read as one longer casebook. ``as_at`` is the date of the
    extract. The council's posts and who held them are ``out/workforce.csv``; the results are beside them.
    Raises `OutputError` when ``out`` cannot be written and `SourceError` for a date that no council can
    be made up for.

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made_up = upturn.demo(seed=3, size="small", format="cin-census", out=folder)
    ...     sorted(file.name for file in Path(folder).iterdir())[:2]
    ['cin_census.xml', 'clocks.csv']
    """
    from upturn.records.sheets import SourceError
    from upturn.synthetic import make_council
    from upturn.synthetic.council import AS_AT

    if progress is not None:
        progress("Making up a council")
    try:
        council = make_council(seed=seed, size=size, as_at=as_at or AS_AT)
    except ValueError as error:
        raise SourceError(f"no council can be made up: {error}") from error
    return check(_written(council, format, Path(out), progress), out=out, progress=progress)


def _written(
    council: Council, format: Format, out: Path, progress: Progress | None
) -> list[str | Path]:
    """The council's extracts in the formats asked for, in the order of the formats' names."""
    from upturn.render.delivery import delivered
    from upturn.synthetic import write_annex_a, write_cin_census, write_ssd, write_workforce

    wanted = ("annex-a", "cin-census", "ssd") if format == "all" else (format,)
    files: list[Path] = []
    if progress is not None:
        progress(f"Writing {', '.join(wanted)}")
    with delivered(out, files) as folder:
        if "annex-a" in wanted:
            write_annex_a(council, folder / "annex_a.xlsx", messy=True)
        if "cin-census" in wanted:
            write_cin_census(council, folder / "cin_census.xml")
        write_workforce(council, folder / "workforce.csv")
    sources: list[str | Path] = [file for file in files if file.name != "workforce.csv"]
    if "ssd" in wanted:
        with delivered(out / "ssd", []) as folder:
            write_ssd(council, folder)
        sources.append(out / "ssd")
    return sources
