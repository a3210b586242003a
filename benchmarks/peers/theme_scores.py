"""Precision, recall and what was taken for what: the tables of the themes of a report's sentences."""

from __future__ import annotations

from collections.abc import Sequence

from upturn.measures.statistics.intervals import wilson

Truth = Sequence[bool]


def score(truth: Truth, got: Truth) -> tuple[int, int, int]:
    """Right, wrongly said, missed."""
    pairs = list(zip(truth, got, strict=True))
    return sum(t and g for t, g in pairs), sum(g and not t for t, g in pairs), sum(
        t and not g for t, g in pairs
    )  # fmt: skip


def share(n: int, of: int) -> str:
    """n of N with its 95 % Wilson interval."""
    if not of:
        return "none"
    low, high = wilson(n, of)
    return f"{n} of {of} ({n / of:.0%}; {low:.0%} to {high:.0%})"


def line(name: str, truth: Truth, got: Truth) -> str:
    right, wrong, missed = score(truth, got)
    return f"| {name} | {share(right, right + wrong)} | {share(right, right + missed)} |"


def table(
    ids: Sequence[str], truth: Sequence[frozenset[str]], got: Sequence[frozenset[str]]
) -> str:
    """One line for each id, and one for all together."""
    head = "| | precision | recall |\n| --- | --- | --- |\n"
    lines = [line(f"`{i}`", [i in t for t in truth], [i in g for g in got]) for i in ids]
    every = [(i in t, i in g) for t, g in zip(truth, got, strict=True) for i in ids]
    lines.append(line("**all**", [t for t, _ in every], [g for _, g in every]))
    return head + "\n".join(lines)


def together(truth: Sequence[frozenset[str]], got: Sequence[frozenset[str]]) -> str:
    """Precision, recall and their harmonic mean over all ids."""
    ids = sorted({i for some in (*truth, *got) for i in some})
    parts = [score([i in t for t in truth], [i in g for g in got]) for i in ids]
    right, wrong, missed = (sum(p[n] for p in parts) for n in range(3))
    f = 2 * right / max(1, 2 * right + wrong + missed)
    return f"{right / max(1, right + wrong):.0%}, {right / max(1, right + missed):.0%}, {f:.0%}"


def one_word(labels: Sequence[str], got: Sequence[str]) -> str:
    """How many are right, and a table of what was taken for what."""
    words = sorted({*labels, *got})
    right = sum(a == b for a, b in zip(labels, got, strict=True))
    head = "| labelled | " + " | ".join(words) + " |\n|" + " --- |" * (len(words) + 1) + "\n"
    rows = [
        f"| {a} | "
        + " | ".join(str(sum(x == a and y == b for x, y in zip(labels, got, strict=True))) for b in words)
        + " |"
        for a in words
    ]  # fmt: skip
    return (
        f"Right: {share(right, len(labels))}. Rows as labelled, columns as the rules say:\n\n"
        + (head + "\n".join(rows))
    )
