"""A made-up council to try everything on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from upturn.verbs.reading import check

if TYPE_CHECKING:
    from upturn.journeys.result import Check


Progress = Callable[[str], None]


def demo(
    *,
    seed: int = 1,
    size: Literal["small", "county"] = "small",
    out: str | Path = "demo",
    progress: Progress | None = None,
) -> Check:
    """Make up a council, write its Annex A workbook, and run the main job on it.

    No record is of a real child. ``seed`` gives the same council each time; ``size`` is a small council or
    one as large as the largest authority. The workbook is ``out/annex_a.xlsx``, the council's posts and who
    held them ``out/workforce.csv``; the results are beside them.
    Raises `OutputError` when ``out`` cannot be written.

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made_up = upturn.demo(seed=3, size="small", out=folder)
    ...     sorted(file.name for file in Path(folder).iterdir())[:2]
    ['annex_a.xlsx', 'clocks.csv']
    """
    from upturn.render.delivery import delivered
    from upturn.synthetic import make_council, write_annex_a, write_workforce

    if progress is not None:
        progress("Making up a council")
    council = make_council(seed=seed, size=size)
    written: list[Path] = []
    with delivered(Path(out), written) as folder:
        write_annex_a(council, folder / "annex_a.xlsx", messy=True)
        write_workforce(council, folder / "workforce.csv")
    return check(written[0], out=out, progress=progress)
