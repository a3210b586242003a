"""What an inspector would see: the letter and the scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from upturn.verbs.given import Progress, clocks_of, path_of, workforce_in

if TYPE_CHECKING:
    from upturn.findings.model import Findings
    from upturn.measures.scorecard import Scorecard
    from upturn.records.read import Sources


def letter(
    source: Sources,
    *,
    framework: str = "ilacs-2026",
    out: str | Path | None = None,
    earlier: Sources | None = None,
    workforce: str | Path | None = None,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Say what an inspector would find: the command line's ``upturn findings``.

    ``framework`` is the one the letter follows: ``ilacs-2026``, ``ilacs-2018``, ``sif-2013``, ``ucra-2009``
    or ``jtai``. ``earlier`` is an extract of before, read as at its own latest date, to say which weaknesses
    remain the case. ``workforce`` is a file of posts as in `caseloads`: without it, leavers' work and demand
    against posts are not tested. ``source``, ``as_at``, ``overlays``, ``mapping``, ``council`` and ``sheets``
    are those of `check`. With ``out``, the letter as a page and a Word document, a workbook of the children
    and JSON are written into that folder. No grade is computed or predicted.

    Returns a `upturn.findings.model.Findings`. Raises `SourceError` for input that cannot be used,
    `RulebookError` for a wrong overlay or framework and `OutputError` when ``out`` cannot be written.

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = upturn.demo(size="small", out=folder)
    ...     found = letter(Path(folder) / "annex_a.xlsx", framework="jtai")
    >>> found.framework.id, "unallocated" in [f.pattern.id for f in found.of("found")]
    ('jtai', True)
    """
    from upturn.findings.load import framework as known
    from upturn.findings.run import findings_of

    known(framework)
    people = workforce_in(workforce)
    now = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets,
        progress=progress,
    )  # fmt: skip
    before = None
    if earlier is not None:
        before = clocks_of(
            earlier, overlays=overlays, mapping=mapping, council=council, progress=progress
        )
    found = findings_of(
        now, framework_id=framework, earlier=before, workforce=people, progress=progress
    )
    if out is not None:
        from upturn.render.letter_outputs import write_findings

        write_findings(found, Path(out), progress=progress)
    return found


def scorecard(
    source: Sources,
    *,
    out: str | Path | None = None,
    targets: str | Path | None = None,
    comments: str | Path | None = None,
    steps: str | Path | None = None,
    by: Sequence[str] = (),
    publish: bool = False,
    benchmark: str | Path | None = None,
    la: str | None = None,
    workforce: str | Path | None = None,
    population: int | None = None,
    as_at: date | None = None,
    overlays: Sequence[str | Path] = (),
    mapping: str | Path | None = None,
    council: str | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Scorecard:
    """Every measure of the catalogue beside its target, England and its own past.

    ``targets`` is a file with the columns measure, target and tolerance; ``comments`` one with measure, date,
    comment and by (CSV or YAML); ``steps`` one with measure, date and reason: the limits of a chart are
    worked out anew from each. ``by`` breaks every measure down by age, sex, ethnicity, disability or team.
    ``benchmark`` is a file that `upturn.benchmark.import_files` wrote, looked at from the authority ``la``
    (a name or three-figure code). ``workforce`` is a file of posts as in `caseloads`, for vacancies, agency
    workers, turnover and sickness. ``population`` is the children aged 0 to 17, for rates. ``source``,
    ``as_at``, ``overlays``, ``mapping``, ``council`` and ``sheets`` are those of `check`. With ``out``, the
    page, the workbook, the CSV files and the JSON are written into that folder; with ``publish``, only
    figures fit for publication, small numbers suppressed and no child named.

    Returns a `upturn.measures.scorecard.Scorecard`. Raises `SourceError` for input that cannot be used,
    `RulebookError` for a wrong overlay and `OutputError` when ``out`` cannot be written.

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = upturn.demo(size="small", out=folder)
    ...     card = scorecard(Path(folder) / "annex_a.xlsx")
    >>> value = next(line.value for line in card.entries if line.measure.id == "referrals-nfa")
    >>> (value.children_in.height, value.children_out.height) == (value.n, value.of - value.n)
    True
    """
    from upturn.measures.benchmark.compare import benchmark_at
    from upturn.measures.breakdown import chosen
    from upturn.measures.load import catalogue
    from upturn.measures.scorecard import make_scorecard
    from upturn.measures.targets import read_comments, read_steps, read_targets
    from upturn.workload.figures import figures_of

    # The small files first: a slip in one is known before the extract is read.
    aims = read_targets(Path(targets)) if targets is not None else None
    remarks = read_comments(Path(comments)) if comments is not None else None
    changes = read_steps(Path(steps)) if steps is not None else None
    groups = chosen(by)
    people = workforce_in(workforce)
    others = benchmark_at(path_of(benchmark), la)
    checked = clocks_of(
        source, as_at=as_at, overlays=overlays, mapping=mapping, council=council, sheets=sheets,
        progress=progress,
    )  # fmt: skip
    card = make_scorecard(
        checked,
        population=population,
        targets=aims,
        comments=remarks,
        steps=changes,
        by=groups,
        benchmark=others,
        beside=figures_of(checked.casebook, catalogue(), workforce=people),
        progress=progress,
    )
    if out is not None:
        from upturn.render.scorecard_outputs import write_scorecard
        from upturn.render.scorecard_publish import write_published

        (write_published if publish else write_scorecard)(card, Path(out), progress=progress)
    return card
