"""What things cost, as the user says: read from a YAML or CSV file. There is no default for money."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from upturn.records.sheets import SourceError
from upturn.rulebooks.entry import did_you_mean
from upturn.rulebooks.located import Document, read_yaml

#: Each input of a cost file: unit and what it is. A remedy whose inputs are missing is left out, and said so.
INPUTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "social_worker_a_year": ("pounds a year", "A case-holder with employer's costs"),
        "agency_worker_a_year": ("pounds a year", "An agency social worker with the agency's fee"),
        "manager_a_year": (
            "pounds a year",
            "A team manager or practice supervisor with employer's costs",
        ),
        "business_support_a_year": ("pounds a year", "A support worker with employer's costs"),
        "early_help_worker_a_year": ("pounds a year", "An early-help worker with employer's costs"),
        "conference_chair_a_year": (
            "pounds a year",
            "A conference chair with minute taking and employer's costs",
        ),
        "director_a_year": (
            "pounds a year",
            "One senior post that could be given up, with employer's costs",
        ),
        "academy_place_a_year": (
            "pounds a year",
            "A place in an academy: training and the practice lead's share, not the salary",
        ),
        "recruitment_each": ("pounds", "Filling one post: advert, checks, induction"),
        "recruitment_campaign_a_year": ("pounds a year", "A standing recruitment drive"),
        "training_day_each": ("pounds", "A day's training for one worker, with the time it takes"),
        "project_day": ("pounds", "A day of somebody who redesigns work"),
        "overtime_hour": ("pounds", "An hour of overtime of a case-holder with employer's costs"),
        "on_cost_factor": (
            "times",
            "Pay times this is what it costs: 1.3 with 30 % employer's costs",
        ),
    }
)
#: The figures of the example file. They are of no council and no source; they only show what a file holds.
_EXAMPLE = {
    "social_worker_a_year": 60_000, "agency_worker_a_year": 90_000, "manager_a_year": 75_000,
    "business_support_a_year": 35_000, "early_help_worker_a_year": 42_000,
    "conference_chair_a_year": 85_000, "director_a_year": 150_000, "academy_place_a_year": 10_000,
    "recruitment_each": 5_000, "recruitment_campaign_a_year": 80_000, "training_day_each": 300,
    "project_day": 500, "overtime_hour": 40, "on_cost_factor": 1.3,
}  # fmt: skip
#: The most that an input can be: anything above is a slip.
_MOST = 10_000_000.0
EXAMPLE_LABEL = "EXAMPLE COSTS: these figures are of no council. Nothing here may be decided on."


@dataclass(frozen=True)
class Costs:
    """The user's prices by name of input; ``example`` when they are those of the example file."""

    values: Mapping[str, float]
    name: str
    sha256: str
    example: bool


def read_costs(path: str | Path) -> Costs:
    """The prices of a file: YAML (``input: value``) or CSV (columns input and value).

    A file that says ``example: true`` is an example, and every output says so. Raises SourceError, in one
    line, for a file that is not there, an input that is not known and a value that cannot be.

    >>> read_costs("no-such-file.yaml")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-file.yaml: there is no such file
    """
    file = Path(path)
    if not file.is_file():
        raise SourceError(f"{file}: there is no such file")
    rows = _from_csv(file) if file.suffix.lower() == ".csv" else _from_yaml(file)
    example = _flag(file, rows.pop("example", False))
    values = {str(name): _value(file, str(name), value) for name, value in rows.items()}
    if not values:
        raise SourceError(f"{file.name}: holds no price; it can hold {', '.join(INPUTS)}")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Costs(MappingProxyType(values), file.name, digest, example)


def _from_yaml(file: Path) -> dict[str, object]:
    document: Document = read_yaml(file)
    if document.faults:
        raise SourceError(document.faults[0])
    if not isinstance(document.data, dict):
        raise SourceError(f"{file.name}: should be a list of inputs, each with its value")
    return dict(document.data)


def _from_csv(file: Path) -> dict[str, object]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError(f"{file.name}: is not text in UTF-8") from None
    rows = list(csv.DictReader(StringIO(text)))
    if not rows or not {"input", "value"} <= set(rows[0]):
        raise SourceError(f"{file.name}: should have the columns input and value")
    names = [str(row["input"]).strip() for row in rows]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise SourceError(f"{file.name}: {twice!r} is written twice")
    return {name: (row["value"] or "").strip() for name, row in zip(names, rows, strict=True)}


def _flag(file: Path, given: object) -> bool:
    text = str(given).strip().lower()
    if text in ("true", "yes", "1"):
        return True
    if text in ("false", "no", "0", ""):
        return False
    raise SourceError(f"{file.name}: example should be true or false, not {given!r}")


def _value(file: Path, name: str, given: object) -> float:
    if name not in INPUTS:
        raise SourceError(
            f"{file.name}: {name!r} is not an input of a cost file{did_you_mean(name, INPUTS)}"
        )
    try:
        value = math.nan if isinstance(given, bool) else float(str(given).replace(",", ""))
    except ValueError:
        value = math.nan
    if not 0 < value <= _MOST:
        raise SourceError(f"{file.name}: {name}: {given!r} is not an amount of money above 0")
    if name == "on_cost_factor" and not 1 <= value <= 3:
        raise SourceError(f"{file.name}: on_cost_factor: {given!r} should be from 1 to 3")
    return value


def example_costs() -> str:
    """The text of an example cost file, which says that it is one.

    >>> example_costs().splitlines()[2]
    'example: true'
    """
    lines = [
        f"# {EXAMPLE_LABEL}",
        "# Put your own figures here, and then take out the next line. Leave out what you do not know: the",
        "example: true",
        "# remedies that need it are then not tried, and the answer says which.",
    ]
    for name, (unit, meaning) in INPUTS.items():
        lines += [f"# {meaning} ({unit})", f"{name}: {_EXAMPLE[name]}"]
    return "\n".join(lines) + "\n"
