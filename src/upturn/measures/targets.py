"""The user's own files: targets with their tolerance, dated comments, stated changes, as YAML or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from upturn.measures.load import catalogue
from upturn.records.sheets import SourceError
from upturn.rulebooks.entry import did_you_mean
from upturn.rulebooks.located import read_yaml


@dataclass(frozen=True)
class Target:
    """What a council aims for, in the measure's unit, and how far short it may fall."""

    target: float
    tolerance: float = 0.0


@dataclass(frozen=True)
class Comment:
    """A dated remark on a measure; ``by`` is who made it, if they say."""

    day: date
    text: str
    by: str = ""


@dataclass(frozen=True)
class Step:
    """A change that somebody states, so that what came before is not held against what came after."""

    day: date
    reason: str


Row = tuple[str, dict[str, Any]]  # where it stands ("targets.yaml, line 3"), and its cells


def read_targets(path: Path) -> dict[str, Target]:
    """The targets by measure. Raises SourceError for the first thing wrong, with its file and line.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "targets.csv"
    ...     _ = file.write_text("measure,target,tolerance\\nicpc-15,95,5\\n")
    ...     read_targets(file)
    {'icpc-15': Target(target=95.0, tolerance=5.0)}
    """
    found: dict[str, Target] = {}
    for place, row in _rows(path, ("measure", "target", "tolerance")):
        name = _measure(place, row)
        if name in found:
            raise SourceError(f"{place}: {name!r} has a target already")
        tolerance = _number(place, row, "tolerance", default=0.0)
        if tolerance < 0:
            raise SourceError(f"{place}: a tolerance cannot be below zero")
        found[name] = Target(_number(place, row, "target"), tolerance)
    return found


def read_comments(path: Path) -> dict[str, list[Comment]]:
    """The comments by measure. Raises SourceError for the first thing wrong, with its file and line."""
    found: dict[str, list[Comment]] = {}
    for place, row in _rows(path, ("measure", "date", "comment", "by")):
        text = str(row.get("comment") or "").strip()
        if not text:
            raise SourceError(f"{place}: the comment is empty")
        comment = Comment(_day(place, row.get("date")), text, str(row.get("by") or "").strip())
        found.setdefault(_measure(place, row), []).append(comment)
    return found


def read_steps(path: Path) -> dict[str, list[Step]]:
    """The stated changes by measure. Raises SourceError for the first thing wrong, with its file and line.

    A step without a reason is refused: limits are not worked out anew to make a signal go away.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "steps.csv"
    ...     _ = file.write_text("measure,date,reason\\nreferrals,2026-04-01,New front door\\n")
    ...     read_steps(file)
    {'referrals': [Step(day=datetime.date(2026, 4, 1), reason='New front door')]}
    """
    found: dict[str, list[Step]] = {}
    for place, row in _rows(path, ("measure", "date", "reason")):
        reason = str(row.get("reason") or "").strip()
        if not reason:
            raise SourceError(f"{place}: a step change needs its reason")
        step = Step(_day(place, row.get("date")), reason)
        found.setdefault(_measure(place, row), []).append(step)
    return found


def _rows(path: Path, known: tuple[str, ...]) -> Iterator[Row]:
    rows = _yaml_rows(path) if path.suffix.lower() in (".yaml", ".yml") else _csv_rows(path)
    for place, row in rows:
        for key in row:
            if key not in known:
                raise SourceError(f"{place}: unknown column {key!r}{did_you_mean(str(key), known)}")
        yield place, row


def _csv_rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path.name}: is not text in UTF-8; save it as CSV or YAML") from None
    except OSError as error:
        why = error.strerror or str(error)
        raise SourceError(f"{path.name}: cannot be read: {why}") from None
    if not text.strip():
        raise SourceError(f"{path.name}: is empty; export it again")
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        plain = {str(k or "").strip().lower(): v for k, v in row.items() if k or v}
        yield f"{path.name}, line {reader.line_num}", plain


def _yaml_rows(path: Path) -> Iterator[Row]:
    """A list of entries, or a mapping from each measure to its entry."""
    doc = read_yaml(path)
    if doc.faults:
        raise SourceError(doc.faults[0])
    items = doc.data
    if isinstance(items, Mapping):
        items = [
            {"measure": key, **(value if isinstance(value, Mapping) else {"target": value})}
            for key, value in items.items()
        ]
        lines = [doc.line_of.get((key,), 1) for key in doc.data]
    elif isinstance(items, list):
        lines = [doc.line_of.get((n,), 1) for n in range(len(items))]
    else:
        raise SourceError(f"{path.name}: should be a list of measures")
    for line, item in zip(lines, items, strict=True):
        if not isinstance(item, dict):
            raise SourceError(f"{path.name}, line {line}: should have keys and values")
        yield f"{path.name}, line {line}", item


def _measure(place: str, row: Mapping[str, Any]) -> str:
    name, known = str(row.get("measure") or "").strip(), [one.id for one in catalogue()]
    if name not in known:
        raise SourceError(f"{place}: no measure {name!r}{did_you_mean(name, known)}")
    return name


def _number(place: str, row: Mapping[str, Any], key: str, *, default: float | None = None) -> float:
    raw = row.get(key)
    if (raw is None or not str(raw).strip()) and default is not None:
        return default
    try:
        return float(str(raw).strip().rstrip("%"))
    except ValueError:
        raise SourceError(f"{place}: {key} should be a number, not {raw!r}") from None


def _day(place: str, raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    text = str(raw or "").strip()
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise SourceError(f"{place}: {text!r} is not a date such as 2026-09-30") from None
