"""Scenarios: a service's values month by month, and what changes them.

Everything that can happen to the twin (a trend, a shock, a remedy, another period's staffing) is a
matrix with a row for each month and a column for each parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.entry import did_you_mean
from upturn.rulebooks.located import RulebookError, read_yaml
from upturn.twin.parameters import PARAMETERS, Department, parameters

#: ``float64[months, parameters]``.
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """One parameter is changed from a month (0 is the first) to before another (None: to the end).

    Exactly one of ``set``, ``add`` and ``times``. Over ``ramp_months`` the change grows from nothing to
    the whole in equal steps; the first month of a ramp already has its first step. ``fade_months``, after
    which half of it is left, lets a change wear off.
    """

    parameter: str
    from_month: int = 0
    to_month: int | None = None
    set: float | None = None
    add: float | None = None
    times: float | None = None
    ramp_months: int = 0
    fade_months: float = 0.0

    def faults(self) -> list[str]:
        """What is wrong with it, in words."""
        found = []
        if self.parameter not in PARAMETERS:
            hint = did_you_mean(self.parameter, list(PARAMETERS))
            found.append(f"{self.parameter!r} is not a parameter of the twin{hint}")
        if sum(v is not None for v in (self.set, self.add, self.times)) != 1:
            found.append(f"{self.parameter}: give one of set, add and times")
        given = [v for v in (self.set, self.add, self.times, self.fade_months) if v is not None]
        if not all(np.isfinite(v) for v in given):
            found.append(f"{self.parameter}: give a number that is not endless")
        if self.from_month < 0 or self.ramp_months < 0 or self.fade_months < 0:
            found.append(f"{self.parameter}: months are counted from 0")
        if self.to_month is not None and self.to_month <= self.from_month:
            found.append(f"{self.parameter}: to_month must be after from_month")
        return found


@dataclass(frozen=True)
class Scenario:
    """A name and what it changes, in order."""

    name: str
    changes: tuple[Change, ...]
    source: str = "given"


#: Shocks by name. The first is Upturn's own event study of 64 first inadequate judgements, 2014 to 2026
#: (referrals +13 % at the first census after, +5 % at the third; vacancies +7.3 and agency +6.6 points;
#: enquiries +32 per 10,000, about a sixth). Recorded turnover did not rise, so it does not here. How
#: much fewer posts filled and how much lower a threshold give those figures is assumed.
SHOCKS: Mapping[str, Scenario] = {
    "inadequate judgement": Scenario(
        "inadequate judgement",
        (
            Change("shock_contacts", times=1.14, fade_months=18),
            Change("section47_threshold", add=-0.2, fade_months=18),
            Change("vacancy_fill_days", times=1.6, to_month=36),
        ),
        "event study of 64 first inadequate judgements, 2014 to 2026; no cause is shown",
    ),
    "tragedy": Scenario(
        "tragedy",
        (
            Change("shock_contacts", times=1.3, fade_months=4),
            Change("section47_threshold", add=-0.3, fade_months=6),
            Change("referral_threshold", add=-0.15, fade_months=6),
        ),
        "assumed: no published figure for one council",
    ),
}


def plan(dept: Department, *, months: int, changes: Iterable[Change] = ()) -> Matrix:
    """The service's values month by month, with changes made in order. ``float64[months, parameters]``.

    A changed value is held within the parameter's bounds. Raises RulebookError for a change that
    cannot be.

    >>> from upturn.twin.parameters import department
    >>> P = plan(department(), months=3, changes=[Change("posts", from_month=1, add=8, ramp_months=2)])
    >>> P[:, PARAMETERS["posts"]].tolist()
    [60.0, 64.0, 68.0]
    """
    if months < 1:
        raise RulebookError([f"a scenario has at least one month; {months} were asked for"])
    matrix = np.tile(np.array(dept.values, dtype=np.float64), (months, 1))
    for change in changes:
        faults = change.faults()
        if faults:
            raise RulebookError(faults)
        _apply(matrix, change)
    return matrix


def _apply(matrix: Matrix, change: Change) -> None:
    low, high = parameters()[change.parameter].bounds
    place = PARAMETERS[change.parameter]
    matrix[:, place] = np.clip(applied(matrix[:, place], change), low, high)


def applied(values: NDArray[np.float64], change: Change) -> NDArray[np.float64]:
    """The values of one parameter month by month with a change made, before they are held within bounds.

    >>> applied(np.array([1.0, 1.0, 1.0]), Change("posts", add=-4, from_month=1)).tolist()
    [1.0, -3.0, -3.0]
    """
    made, months = values.copy(), len(values)
    last = months if change.to_month is None else min(change.to_month, months)
    since = np.arange(last - change.from_month)
    if since.size == 0:
        return made
    part = (
        np.minimum((since + 1) / change.ramp_months, 1.0) if change.ramp_months else 1.0 + 0 * since
    )
    if change.fade_months:
        part = part * 0.5 ** (np.maximum(since - change.ramp_months, 0) / change.fade_months)
    was = values[change.from_month : last]
    if change.set is not None:
        new = was + part * (change.set - was)
    elif change.add is not None:
        new = was + part * change.add
    else:
        new = was * (1.0 + part * ((change.times or 0.0) - 1.0))
    made[change.from_month : last] = new
    return made


def impossible(change: Change) -> list[str]:
    """What no service could be given, in words: a ``set`` out of bounds, a negative multiple.

    >>> impossible(Change("no_further_action", set=1.4))
    ['no_further_action: set 1.4 is out of bounds: the twin takes 0 to 1']
    """
    if change.faults():
        return change.faults()
    low, high = parameters()[change.parameter].bounds
    if change.set is not None and not low <= change.set <= high:
        most = f"{low:g} to {high:g}" if high < 1e9 else f"{low:g} or more"
        return [f"{change.parameter}: set {change.set:g} is out of bounds: the twin takes {most}"]
    if change.times is not None and change.times < 0:
        return [f"{change.parameter}: times {change.times:g} is negative"]
    return []


def read_scenario(path: Path | str) -> Scenario:
    """A scenario from a YAML file.

    ``name``; ``changes``, a list of entries with the fields of `Change`; ``shocks``, a list of names of
    `SHOCKS` or ``{name, from_month}``. Raises RulebookError with the file and line of each fault.
    """
    doc = read_yaml(Path(path))
    if not doc.faults and not isinstance(doc.data, dict):
        doc.fault((), "should have a name and changes")
    if doc.faults:
        raise RulebookError(doc.faults)
    for key in doc.data:
        if key not in ("name", "changes", "shocks"):
            doc.fault((key,), f"{key!r} is not known here; it is name, changes or shocks")
    changes: list[Change] = []
    for n, entry in enumerate(_list(doc.data.get("shocks"))):
        found, fault = _shock(entry)
        changes += found
        if fault:
            doc.fault(("shocks", n), fault)
    for n, entry in enumerate(_list(doc.data.get("changes"))):
        found, fault = _change(entry)
        changes += found
        if fault:
            doc.fault(("changes", n), fault)
    if doc.faults:
        raise RulebookError(doc.faults)
    return Scenario(str(doc.data.get("name", Path(path).stem)), tuple(changes), doc.name)


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _shock(entry: Any) -> tuple[list[Change], str]:
    name, begin = (
        (entry.get("name"), entry.get("from_month", 0)) if isinstance(entry, dict) else (entry, 0)
    )
    if not isinstance(name, str) or name not in SHOCKS:
        return [], f"{name!r} is not a shock{did_you_mean(str(name), list(SHOCKS))}"
    if not isinstance(begin, int) or begin < 0:
        return [], "from_month is a whole number from 0"
    return [moved(change, begin) for change in SHOCKS[name].changes], ""


def moved(change: Change, months: int) -> Change:
    """The same change, that many months later.

    >>> moved(Change("posts", add=1, to_month=3), 6).to_month
    9
    """
    values = {f.name: getattr(change, f.name) for f in fields(Change)}
    end = None if change.to_month is None else change.to_month + months
    return Change(**{**values, "from_month": change.from_month + months, "to_month": end})


def _change(entry: Any) -> tuple[list[Change], str]:
    known = {f.name for f in fields(Change)}
    if not isinstance(entry, dict):
        return [], "a change has a parameter and one of set, add and times"
    extra = sorted(str(k) for k in set(entry) - known)
    if extra:
        return [], f"{extra[0]!r} is not known here{did_you_mean(extra[0], sorted(known))}"
    for key, value in entry.items():
        whole = key in ("from_month", "to_month", "ramp_months")
        wanted: Any = str if key == "parameter" else int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            return [], f"{key}: {value!r} is not a {'name' if wanted is str else 'number'}"
    if "parameter" not in entry:
        return [], "has no parameter"
    change = Change(**entry)
    wrong = impossible(change)
    return ([], "; ".join(wrong)) if wrong else ([change], "")
