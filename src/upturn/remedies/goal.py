"""A goal in words, such as "assessments in time >= 90% within 9 months", and whether a run met it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upturn.records.sheets import SourceError
from upturn.twin.series import OUTCOMES, pooled

Floats = npt.NDArray[np.float64]
#: The months, up to the deadline, that a goal is judged over: one month alone is mostly chance.
WINDOW = 3
#: Words for outcomes, beside their names: words -> outcome, and whether one less the outcome is meant.
_WORDS = {
    "assessments in time": ("assessment-lateness", True),
    "assessments late": ("assessment-lateness", False),
    "conferences in time": ("conference-lateness", True),
    "conferences late": ("conference-lateness", False),
    "visits in time": ("visit-lateness", True),
    "visits late": ("visit-lateness", False),
    "reviews in time": ("review-lateness", True),
    "reviews late": ("review-lateness", False),
    "children without a worker": ("unallocated", False),
    "children a worker": ("caseload", False),
    "days overdue": ("child-days-overdue", False),
}
_SIGNS = {
    ">=": True, "≥": True, ">": True, "=>": True, "at least": True, "over": True, "above": True,
    "<=": False, "≤": False, "<": False, "=<": False, "at most": False, "under": False, "below": False,
}  # fmt: skip
_NUMBERS = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "twelve": 12,
}
_FORM = re.compile(
    rf"(?P<what>.+?)\s*(?P<sign>{'|'.join(re.escape(s) for s in sorted(_SIGNS, key=len, reverse=True))})\s*"
    r"(?P<value>\d+(?:[.,]\d+)*)\s*(?P<cent>%|per cent|percent)?\s+(?:with)?in\s+"
    rf"(?P<many>\d+|{'|'.join(_NUMBERS)})\s+(?P<unit>month|year)s?\.?",
    re.IGNORECASE,
)
_MOST_MONTHS = 36


@dataclass(frozen=True)
class Goal:
    """An outcome at or beyond ``target`` by the end of month ``months``, over the three months up to it.

    ``turned`` says that one less the outcome is meant (in time, and not late); ``above`` that more is
    better. ``target`` of a share is from 0 to 1.
    """

    text: str
    what: str
    outcome: str
    turned: bool
    above: bool
    target: float
    months: int

    @property
    def share(self) -> bool:
        """Whether it is told in per cent."""
        return OUTCOMES[self.outcome].unit.startswith("share")

    def at(self, monthly: npt.NDArray[np.floating], month: int | None = None) -> Floats:
        """The value over the three months up to ``month`` (the deadline): ``[..., months, series]`` to [...].

        nan where there was nothing to be a share of.
        """
        end = self.months if month is None else month
        found = np.asarray(pooled(monthly[..., max(0, end - WINDOW) : end, :], self.outcome), float)
        return 1.0 - found if self.turned else found

    def short(self, values: Floats) -> Floats:
        """How far values fall short of the target, in its unit; 0 where it is met. nan falls wholly short.

        >>> parse_goal("assessments in time >= 90% within 9 months").short(np.array([0.85, 0.95])).round(2)
        array([0.05, 0.  ])
        """
        gap = self.target - values if self.above else values - self.target
        return np.asarray(np.maximum(np.nan_to_num(gap, nan=abs(self.target)), 0.0))

    def met(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Whether values meet the target; nan does not."""
        return np.asarray((values >= self.target) if self.above else (values <= self.target))


def forms() -> str:
    """The forms a goal can be written in, in one line."""
    words = ", ".join(_WORDS)
    return (
        'write a goal as "assessments in time >= 90% within 9 months": what, >= or <=, a number, and within '
        f"how many months (1 to {_MOST_MONTHS}); what is one of: {words}, {', '.join(OUTCOMES)}"
    )


def parse_goal(text: str) -> Goal:
    """A goal from its words. Raises SourceError, with the known forms, for anything else.

    >>> goal = parse_goal("assessments in time >= 90% within 9 months")
    >>> goal.outcome, goal.turned, goal.target, goal.months
    ('assessment-lateness', True, 0.9, 9)
    """
    found = _FORM.fullmatch(" ".join(text.split()))
    if found is None:
        if _FORM.fullmatch(f"{' '.join(text.split())} within 9 months"):
            raise SourceError(f"{text!r} has no deadline; add one, such as: within 9 months")
        raise SourceError(f"{text!r} is not a goal; {forms()}")
    what = found["what"].lower().strip()
    outcome, turned = _WORDS.get(what, (what.replace(" ", "-"), False))
    if outcome not in OUTCOMES:
        raise SourceError(f"{found['what']!r} cannot be a goal; {forms()}")
    many = found["many"].lower()
    months = int(_NUMBERS.get(many, 0) or many) * (12 if found["unit"].lower() == "year" else 1)
    if not 1 <= months <= _MOST_MONTHS:
        raise SourceError(f"{text!r}: the deadline can be 1 to {_MOST_MONTHS} months away")
    target = _target(text, found["value"], bool(found["cent"]), outcome)
    above = _SIGNS[found["sign"].lower()]
    _refuse_worse(text, outcome, turned=turned, above=above)
    return Goal(" ".join(text.split()), what, outcome, turned, above, target, months)


def _refuse_worse(text: str, outcome: str, *, turned: bool, above: bool) -> None:
    """Raise SourceError for a goal that is met by getting worse: a sign the wrong way round is a slip."""
    good = OUTCOMES[outcome].good
    if good == "neither" or above == ((good == "high") != turned):
        return
    better, sign = ("less", "<=") if above else ("more", ">=")
    raise SourceError(f"{text!r} asks for worse: {better} of it is better, so write {sign}")


def _target(text: str, value: str, cent: bool, outcome: str) -> float:
    number = float(value.replace(",", ""))
    if not OUTCOMES[outcome].unit.startswith("share"):
        if cent:
            raise SourceError(
                f"{text!r}: {outcome} is counted in {OUTCOMES[outcome].unit}, not in per cent"
            )
        return number
    target = number / 100 if cent or number > 1 else number
    if not 0 <= target <= 1:
        raise SourceError(f"{text!r}: a share is from 0 to 100 %")
    return target
