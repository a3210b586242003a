"""The region that a lead inspector works from, where somebody has a list of them: no report prints it.

Names are used while reports are read and are not kept. A region with few inspectors would stand for a person,
so it is not used at all.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from upturn.published.report.model import Report
from upturn.records.sheets import SourceError

#: A region is counted when it has at least so many inspectors in the list.
FEWEST = 3


@dataclass(frozen=True)
class Leads:
    """The region of each inspector by name; ``thin`` are regions with too few inspectors to be used."""

    regions: Mapping[str, str]
    thin: tuple[str, ...] = ()

    def region_of(self, report: Report) -> str | None:
        """The region of the report's lead inspector; None where it or the name is not known."""
        names = report.inspectors.value or ()
        return self.regions.get(plain_name(names[0])) if names else None


def read_leads(path: Path) -> Leads:
    """The list in ``path``: a CSV file with the columns ``inspector`` and ``region``.

    Raises SourceError for a file that cannot be read, without those columns or rows, or with an inspector in
    two regions.
    """
    try:
        raw = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{path.name}: cannot be read as a CSV file") from None
    raw.columns = [name.strip().lstrip("\ufeff").lower() for name in raw.columns]
    if not {"inspector", "region"} <= set(raw.columns):
        raise SourceError(f"{path.name}: it should have the columns inspector and region")
    found: dict[str, str] = {}
    for line, (name, region) in enumerate(raw.select("inspector", "region").iter_rows(), 2):
        if not (name and region and name.strip() and region.strip()):
            continue
        key, said = plain_name(name), region.strip()
        if found.setdefault(key, said) != said:
            raise SourceError(f"{path.name}, line {line}: this inspector is in two regions")
    if not found:
        raise SourceError(f"{path.name}: it names no inspector with a region")
    sizes = Counter(found.values())
    thin = tuple(sorted(region for region, n in sizes.items() if n < FEWEST))
    return Leads({name: region for name, region in found.items() if region not in thin}, thin)


def plain_name(name: str) -> str:
    """A name as it is compared: without accents, case or double spaces.

    >>> plain_name(" M\u00e1ire  Atherton")
    'maire atherton'
    """
    parts = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).casefold().split())
