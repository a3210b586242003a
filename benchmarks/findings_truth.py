"""Is each finding made where its fault was planted, and not where none was? On made-up councils.

``python benchmarks/findings_truth.py [--seeds 20] [--clean 20]`` writes ``benchmarks/results/findings.md``.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from upturn.findings.load import catalogue_version, load_catalogue
from upturn.findings.run import findings_of
from upturn.journeys.check import run_check
from upturn.synthetic import (
    fault_catalogue,
    make_council,
    write_annex_a,
    write_ssd,
    write_workforce,
)
from upturn.workload.workforce import read_workforce

HERE = Path(__file__).parent
#: Councils that nobody looked at while tolerances and faults were settled (those were 1 to 10, 101 on, 501 to
#: 510 and 901 to 940).
FIRST_PLANTED, FIRST_CLEAN = 601, 1001
#: finding: the faults that are meant to bring it, how wide they run, and whether the workbook is messy.
PLANTED: dict[str, tuple[list[str], float]] = {
    "contacts-held": (["held-contacts"], 4),
    "no-action-came-back": (["families-come-back", "no-action-came-back"], 1),
    "re-referrals": (["families-come-back"], 1),
    "thresholds-month": (["no-action-in-one-month"], 1),
    "thresholds-source": (["no-action-by-source"], 1),
    "demand-contacts": (["contacts-surge"], 1),
    "demand-referrals": (["referrals-surge"], 1),
    "conferences-late": (["conferences-late"], 1),
    "conferences-piled-up": (["conferences-to-the-deadline"], 1),
    "assessments-late": (["late-assessments-in-one-team"], 1),
    "assessments-late-team": (["late-assessments-in-one-team"], 1),
    "assessments-piled-up": (["assessments-to-the-deadline"], 1),
    "assessments-unfinished": (["assessments-never-finished"], 4),
    "assessments-begun-late": (["assessments-begun-late"], 1),
    "assessed-not-seen": (["assessment-not-seen"], 4),
    "thresholds-team": (["thresholds-of-one-team"], 1),
    "cp-not-visited": (["team-with-unseen-children"], 1),
    "cp-not-seen-alone": (["not-seen-alone"], 4),
    "cin-not-seen": (["cin-not-seen"], 4),
    "cp-reviews-late": (["reviews-lapsed"], 4),
    "plans-over-two-years": (["plans-drift"], 8),
    "plans-repeat": (["plans-repeat"], 1),
    "stepped-down-too-soon": (["stepped-down-too-soon"], 1),
    "care-not-visited": (["care-visits-late"], 8),
    "care-reviews-late": (["care-reviews-late"], 4),
    "care-health-late": (["health-overdue"], 8),
    "placement-moves": (["moved-too-often"], 1),
    "no-permanence-plan": (["no-permanence-plan"], 1),
    "return-interviews": (["return-interview-not-offered"], 6),
    "leavers-out-of-touch": (["care-leavers-out-of-touch"], 4),
    "pathway-plans-late": (["pathway-plans-overdue"], 6),
    "leavers-unsuitable-homes": (["unsuitable-homes"], 1),
    "unallocated": (["unallocated"], 1),
    "caseloads-high": (["overloaded-worker"], 1),
    "caseloads-uneven": (["caseloads-uneven"], 1),
    "left-with-leavers": (["left-with-leavers"], 1),
    "demand-outruns-posts": (["referrals-surge"], 1),
    "worker-changes": (["workers-change-often"], 1),
    "worker-changes-in-team": (["workers-change-often"], 1),
    "held-by-nobody": (["nobody-between-workers"], 1),
    "reviews-not-quorate": (["reviews-not-quorate"], 1),
    "pre-proceedings-drift": (["pre-proceedings-drift"], 1),
    "recording": (["(every fault of data)"], 1),
}
#: What Annex A cannot show is asked of the same councils' Standard Safeguarding Dataset.
DATASET = (
    "worker-changes",
    "worker-changes-in-team",
    "held-by-nobody",
    "reviews-not-quorate",
    "pre-proceedings-drift",
)
Answer = tuple[dict[str, str], int]


def verdicts(seed: int, faults: list[str], spread: float, *, dataset: bool = False) -> Answer:
    """The verdict of every question on one council, and how many children the truth names."""
    if faults == ["(every fault of data)"]:
        kinds = fault_catalogue()
        faults = kinds.filter(kinds["kind"] == "data")["id"].to_list()
    council = make_council(seed=seed, faults=faults, spread=spread)
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("ssd" if dataset else "annex_a.xlsx")
        if dataset:
            write_ssd(council, path)
        else:
            write_annex_a(council, path, messy=_data(faults))
        write_workforce(council, Path(folder) / "workforce.csv")
        people = read_workforce(Path(folder) / "workforce.csv")
        found = findings_of(run_check(path), workforce=people)
    return {f.pattern.id: f.verdict for f in found.findings}, council.truth["child_id"].n_unique()


def _data(faults: list[str]) -> bool:
    kinds = dict(fault_catalogue().select("id", "kind").iter_rows())
    return any(kinds[fault] == "data" for fault in faults)


def _planted(job: tuple[str, int]) -> Answer:
    name, seed = job
    return verdicts(seed, *PLANTED[name], dataset=name in DATASET)


def _clean(seed: int) -> Answer:
    """Annex A's answers; of what only the dataset can answer, the dataset's."""
    annex_a, _ = verdicts(seed, [], 1.0)
    dataset, children = verdicts(seed, [], 1.0, dataset=True)
    return annex_a | {name: dataset[name] for name in DATASET}, children


def _seeds(seeds: int) -> range:
    return range(FIRST_PLANTED, FIRST_PLANTED + seeds)


def page(seeds: int, clean: int) -> str:
    """The table, measured now."""
    jobs = [(name, seed) for name in PLANTED for seed in _seeds(seeds)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        planted = dict(zip(jobs, pool.map(_planted, jobs, chunksize=4), strict=True))
        quiet = list(pool.map(_clean, range(FIRST_CLEAN, FIRST_CLEAN + clean), chunksize=4))
    lines = [_row(name, planted, quiet, seeds) for name in PLANTED]
    false = [sum(v == "found" for v in answer.values()) for answer, _ in quiet]
    return TEXT.format(
        seeds=seeds, clean=clean, version=catalogue_version(), rows="\n".join(lines),
        some=sum(n > 0 for n in false), each=sum(false) / max(1, clean), no=_not_planted(),
    )  # fmt: skip


def _row(name: str, planted: dict[tuple[str, int], Answer], quiet: list[Answer], seeds: int) -> str:
    faults, spread = PLANTED[name]
    answers = [planted[name, seed] for seed in _seeds(seeds)]
    hit = sum(v[name] == "found" for v, _ in answers)
    unsure = sum(v[name] == "cannot tell" for v, _ in answers)
    false = sum(v[name] == "found" for v, _ in quiet)
    children = sorted(n for _, n in answers)[len(answers) // 2]
    form = ", as the dataset" if name in DATASET else ""
    wide = f", run {spread:g} times as wide" if spread > 1 else ""
    fault = f"{', '.join(faults)}{wide}{form}"
    return f"| `{name}` | {fault} | {children} | {hit} of {seeds} | {unsure} | {false} of {len(quiet)} |"


def _not_planted() -> str:
    rest = [p.id for p in load_catalogue() if p.kind and p.id not in PLANTED]
    return ", ".join(f"`{name}`" for name in rest) or "none"


TEXT = """# Findings where they should be, and where they should not

Small made-up councils (about 500 children open at once), as Annex A with a workforce file; what Annex A
cannot show, as the Standard Safeguarding Dataset. Each fault was planted alone in
{seeds} councils; {clean} others have no fault at all. *Found* counts the councils in which the finding was
made where its fault was planted; *too few* those in which the question was left open because the cases
were too few to tell; *false alarms* the councils without any fault in which it was made all the same.
Catalogue `{version}`.

| finding | fault planted | children touched (middle) | found | too few | false alarms |
| --- | --- | --- | --- | --- | --- |
{rows}

Of the {clean} councils without a fault, {some} had a false alarm; on average {each:.2f} each, of {questions}
questions put. By the 95 % interval alone about one question in forty whose true share is exactly that of
its comparator would be one. Questions with a test for which nothing is planted here: {no}.

Faults touch a few children in a small council. Where the table says that a fault was run wider, it was
because a handful of children cannot be told from chance at the usual width: then `due.xlsx` names each
of them, and the letter says that there are too few cases to tell.

Written by `python benchmarks/findings_truth.py`.
""".replace("{questions}", str(len([p for p in load_catalogue() if p.kind])))


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="councils for each fault")
    parser.add_argument("--clean", type=int, default=40, help="councils without a fault")
    parser.add_argument("--peers", action="store_true", help="accepted and ignored: there are none")
    args = parser.parse_args()
    (HERE / "results" / "findings.md").write_text(page(args.seeds, args.clean), encoding="utf-8")


if __name__ == "__main__":
    main()
