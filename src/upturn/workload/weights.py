"""How a caseload is weighed: the schemes that come with Upturn, and a council's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from upturn.rulebooks.entry import did_you_mean
from upturn.rulebooks.located import Document, Place, RulebookError, read_yaml

#: The kinds of case that have points, the first that holds for a child being its kind.
KINDS_OF_CASE = ("looked after", "child protection", "assessment", "child in need", "care leaver")
_OWN = Path(__file__).with_name("weights.yaml")
_NEEDED = ("id", "name", "source", "full", "points")
_KEYS = (
    *_NEEDED, "default", "status", "stable", "newly_qualified", "newly_qualified_months",
    "most_newly_qualified", "points_status",
)  # fmt: skip
_NUMBERS = ("full", "stable", "newly_qualified", "newly_qualified_months", "most_newly_qualified")


@dataclass(frozen=True)
class Scheme:
    """One way to weigh a caseload.

    ``points`` is for one child of each kind of case. ``full`` is the points a full-time worker holds at most,
    ``stable`` of them whatever the cases. ``newly_qualified`` is the share of ``full`` for a worker in the
    first ``newly_qualified_months``; ``most_newly_qualified`` the children such a worker holds at most, where
    the scheme says. ``status`` and ``points_status`` say how sure we are of the ceiling and of the points.
    """

    id: str
    name: str
    source: str
    full: float
    points: dict[str, float]
    stable: float = 0.0
    newly_qualified: float = 1.0
    newly_qualified_months: int = 12
    most_newly_qualified: int | None = None
    status: str = "yours"
    points_status: str = "yours"
    default: bool = False


@cache
def schemes() -> tuple[Scheme, ...]:
    """The schemes that come with Upturn.

    >>> [scheme.id for scheme in schemes()]
    ['hundred-points', 'four-to-ten', 'plain']
    """
    doc = read_yaml(_OWN)
    return tuple(_scheme(doc, entry, ("schemes", n)) for n, entry in enumerate(doc.data["schemes"]))


def scheme(name: str | None = None) -> Scheme:
    """The scheme with this id, or the default. Raises RulebookError for an id that there is not.

    >>> scheme().id, scheme("plain").points["child protection"]
    ('hundred-points', 1.0)
    """
    known = {one.id: one for one in schemes()}
    if name is None:
        return next(one for one in schemes() if one.default)
    if name not in known:
        raise RulebookError([f"no weighting scheme {name!r}{did_you_mean(name, known)}"])
    return known[name]


def chosen(weights: str | Path | None) -> Scheme:
    """The scheme asked for: a file, the id of one that comes with Upturn, or the default for None.

    Raises RulebookError for a name that is neither.

    >>> chosen("plain").name
    'Children counted'
    """
    if weights is None:
        return scheme()
    path = Path(weights)
    if isinstance(weights, str) and path.suffix == "" and not path.exists():
        return scheme(weights)
    return read_weights(path)


def read_weights(path: Path) -> Scheme:
    """The council's own scheme from a YAML file. Raises RulebookError with the file and line of each fault.

    >>> from tempfile import TemporaryDirectory
    >>> text = "id: ours\\nname: Ours\\nsource: Cabinet 2025\\nfull: 20\\npoints: {child in need: 1, "
    >>> text += "assessment: 1, child protection: 2, looked after: 1, care leaver: 0.5}"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "weights.yaml"
    ...     _ = file.write_text(text)
    ...     read_weights(file).points["child protection"]
    2.0
    """
    doc = read_yaml(path)
    if not doc.faults and not isinstance(doc.data, dict):
        doc.faults.append(f"{path.name}: should have the keys {', '.join(_NEEDED)}")
    if doc.faults:
        raise RulebookError(doc.faults)
    return _scheme(doc, doc.data, ())


def _scheme(doc: Document, entry: dict[str, Any], at: Place) -> Scheme:
    for key in entry:
        if key not in _KEYS:
            doc.fault((*at, key), f"unknown key {key!r}{did_you_mean(str(key), _KEYS)}")
    for key in _NEEDED:
        if entry.get(key) in (None, ""):
            doc.fault(at, f"{key!r} is missing")
    for key in _NUMBERS:
        if key in entry and not _is_number(entry[key]):
            doc.fault((*at, key), f"{key!r} should be a number of 0 or more, not {entry[key]!r}")
    points = _points(doc, entry.get("points"), (*at, "points"))
    if not doc.faults:
        _within(doc, entry, at)
    if doc.faults:
        raise RulebookError(doc.faults)
    said: dict[str, Any] = {key: entry[key] for key in _KEYS if key in entry}
    for key in ("full", "stable", "newly_qualified"):
        if key in said:
            said[key] = float(said[key])
    said["points"] = points
    return Scheme(**said)


def _points(doc: Document, points: Any, at: Place) -> dict[str, float]:
    if not isinstance(points, dict):
        doc.fault(at, f"'points' should give points to {', '.join(KINDS_OF_CASE)}")
        return {}
    for kind in points:
        if kind not in KINDS_OF_CASE:
            doc.fault(
                (*at, kind), f"no kind of case {kind!r}{did_you_mean(str(kind), KINDS_OF_CASE)}"
            )
        elif not _is_number(points[kind]):
            doc.fault(
                (*at, kind), f"{kind!r} should have points of 0 or more, not {points[kind]!r}"
            )
    missing = [kind for kind in KINDS_OF_CASE if kind not in points]
    if missing:
        doc.fault(at, f"no points for {', '.join(missing)}")
    if doc.faults:
        return {}
    return {kind: float(points[kind]) for kind in KINDS_OF_CASE}


def _within(doc: Document, entry: dict[str, Any], at: Place) -> None:
    if not 0 < float(entry.get("newly_qualified", 1)) <= 1:
        doc.fault(
            (*at, "newly_qualified"), "'newly_qualified' should be a share above 0 and up to 1"
        )
    if float(entry.get("stable", 0)) >= float(entry["full"]):
        doc.fault((*at, "stable"), "'stable' should be less than 'full'")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
