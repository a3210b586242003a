"""What each spelling in the source means: as data that can be seen, changed and counted.

`load_mappings` reads the mappings that come with Upturn and puts a user's own file before them;
`apply_mapping` turns a column of cells into codes; `spellings_report` says which spellings were taken
for what, how often, and which were not understood. The meaning is in ``mappings/*.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

import polars as pl

from upturn.records.mapping_model import (
    HOW,
    How,
    Spelling,
    Understood,
    ValueMapping,
    plain,
)
from upturn.records.mapping_yaml import MappingError, read_blanks, read_mapping, read_yours

__all__ = [
    "HOW",
    "MAPPINGS",
    "SHOWN",
    "SPELLINGS",
    "How",
    "MappedColumn",
    "MappingError",
    "Understood",
    "ValueMapping",
    "apply_mapping",
    "empty",
    "load_mappings",
    "plain",
    "show_mapping",
    "spellings_report",
    "to_flag",
]

#: The mappings there are; a mapping that is like another comes after it.
MAPPINGS: tuple[str, ...] = (
    "yes_no", "referral_nfa", "child_seen", "seen_alone", "disability", "gender", "ethnicity", "source",
    "primary_need", "closure_reason", "case_status", "abuse", "in_touch",
)  # fmt: skip

#: The value-mapping report: one row per list, column and spelling found in the source.
SPELLINGS: dict[str, pl.DataType] = {
    "source_list": pl.String(),
    "column": pl.String(),
    "mapping": pl.String(),
    "spelling": pl.String(),  # the cell as it stands
    "count": pl.Int64(),
    "code": pl.String(),
    "words": pl.String(),
    "how": pl.String(),  # see HOW
    "because": pl.String(),
}

#: What `show_mapping` gives: one row per spelling or pattern.
SHOWN: dict[str, pl.DataType] = {
    "code": pl.String(),  # null: the cell is read as empty
    "words": pl.String(),
    "kind": pl.String(),  # spelling, pattern, yours or blank
    "spelling": pl.String(),  # or the pattern
    "unless": pl.String(),
    "round": pl.String(),
    "because": pl.String(),
    "origin": pl.String(),
}


class MappedColumn(NamedTuple):
    """One coded column of one list: the mapping it is read with and its raw cells."""

    source_list: str  # "List 4"
    column: str  # header as found in the file
    mapping: str  # name of the mapping
    cells: pl.Series


@lru_cache(maxsize=1)
def _shipped() -> dict[str, ValueMapping]:
    with as_file(files("upturn.records") / "mappings") as folder:
        blanks = read_blanks(folder / "blank.yaml")
        found: dict[str, ValueMapping] = {}
        for name in MAPPINGS:
            found[name] = read_mapping(folder / f"{name}.yaml", found)
    return {name: _with_blanks(mapping, blanks) for name, mapping in found.items()}


def _with_blanks(mapping: ValueMapping, blanks: dict[str, Spelling]) -> ValueMapping:
    """The mapping with the shared blanks, less those it gives a meaning of its own."""
    own = {form: blank for form, blank in blanks.items() if form not in mapping.spellings}
    return replace(mapping, blanks=own)


def load_mappings(user_file: Path | None = None) -> dict[str, ValueMapping]:
    """Every mapping by name. ``user_file`` adds spellings to them or changes what one means.

    A user's file looks like ``{gender: {spellings: {Boy: M}}}``; the code ``blank`` means "read it as
    empty". Raises MappingError, with the file, the line and the reason, for a file that cannot be used.

    >>> load_mappings()["gender"].understand("1 - Male").code
    'M'
    """
    shipped = _shipped()
    return read_yours(Path(user_file), shipped) if user_file else dict(shipped)


def mapping_version(user_file: Path | None) -> str:
    """The user's mapping file by name, with the first twelve characters of its SHA-256; "" for none.

    >>> mapping_version(None)
    ''
    """
    if user_file is None:
        return ""
    return f"{user_file.name} {sha256(user_file.read_bytes()).hexdigest()[:12]}"


def apply_mapping(mapping: ValueMapping, cells: pl.Series) -> pl.DataFrame:
    """Codes for a column of cells: String columns ``code`` (null when there is none) and ``how``.

    One row per cell, in order. Each distinct spelling is looked at once, so 60,000 cells take
    milliseconds.

    >>> apply_mapping(load_mappings()["yes_no"], pl.Series(["Y", None, "perhaps"])).rows()
    [('yes', 'exact'), (None, 'blank'), (None, 'not understood')]
    """
    text = cells.cast(pl.String).rename("cell")
    table = _table(mapping, text.unique())
    joined = text.to_frame().join(
        table, on="cell", how="left", nulls_equal=True, maintain_order="left"
    )
    return joined.select("code", "how")


def _table(mapping: ValueMapping, unique: pl.Series) -> pl.DataFrame:
    """What each distinct cell means. A cell that is not there at all is blank."""
    cells = unique.to_list()
    found = [mapping.understand(cell or "") for cell in cells]
    return pl.DataFrame(
        {
            "cell": cells,
            "code": [u.code for u in found],
            "words": [mapping.words(u.code) for u in found],
            "how": [u.how for u in found],
            "because": [u.because for u in found],
        },
        schema=dict.fromkeys(("cell", "code", "words", "how", "because"), pl.String()),
    )


def to_flag(codes: pl.Series) -> pl.Series:
    """Codes of a yes/no mapping as true, false or null. ``unknown`` and no code at all are null.

    >>> to_flag(pl.Series(["yes", "no", "unknown", None])).to_list()
    [True, False, None, None]
    """
    return codes.cast(pl.String).replace_strict(
        {"yes": True, "no": False}, default=None, return_dtype=pl.Boolean
    )


def empty() -> pl.DataFrame:
    """An empty value-mapping report with every column typed.

    >>> empty().columns[:4]
    ['source_list', 'column', 'mapping', 'spelling']
    """
    return pl.DataFrame(schema=SPELLINGS)


def spellings_report(
    columns: Iterable[tuple[str, str, str, pl.Series]], mappings: Mapping[str, ValueMapping]
) -> pl.DataFrame:
    """Which spellings were found in each column, how often, and what they were taken for.

    ``columns`` are `MappedColumn` tuples, or plain ones in the same order. Shape: see `SPELLINGS`. Cells
    with nothing in them are left out; texts that were *read* as empty (``#N/A``, ``null``) are in, as
    ``blank``. The commonest spelling of each column comes first. Raises KeyError for a mapping that is
    not in ``mappings``.

    >>> column = MappedColumn("List 1", "Gender", "gender", pl.Series(["M", "M", "f", None]))
    >>> spellings_report([column], load_mappings()).select("spelling", "count", "words").rows()
    [('M', 2, 'Male'), ('f', 1, 'Female')]
    """
    every = [MappedColumn(*c) for c in columns]
    used = {c.mapping: mappings[c.mapping] for c in every}
    if not every:
        return empty()
    counts = _counted(every)
    meant = [_meant(name, mapping, counts) for name, mapping in used.items()]
    return (
        counts.join(pl.concat(meant), on=["mapping", "spelling"])
        .sort("place", "count", "spelling", descending=[False, True, False])
        .select(pl.col(name).cast(dtype) for name, dtype in SPELLINGS.items())
    )


def _counted(columns: Sequence[MappedColumn]) -> pl.DataFrame:
    """How often each spelling is in each column; ``place`` is the column's among them all."""
    places = pl.DataFrame(
        [(i, c.source_list, c.column, c.mapping) for i, c in enumerate(columns)],
        schema=["place", "source_list", "column", "mapping"],
        orient="row",
    )
    cells = [
        c.cells.cast(pl.String).to_frame("spelling").with_columns(place=pl.lit(i, dtype=pl.Int64))
        for i, c in enumerate(columns)
    ]
    counts = pl.concat(cells).group_by("place", "spelling").len("count")
    return counts.filter(pl.col("spelling").str.strip_chars() != "").join(places, on="place")


def _meant(name: str, mapping: ValueMapping, counts: pl.DataFrame) -> pl.DataFrame:
    """What this mapping makes of each spelling found in its columns."""
    spellings = counts.filter(pl.col("mapping") == name)["spelling"].unique()
    table = _table(mapping, spellings).rename({"cell": "spelling"})
    return table.with_columns(mapping=pl.lit(name))


def show_mapping(name: str, user_file: Path | None = None) -> pl.DataFrame:
    """Everything one mapping says, in the order in which it is tried. Shape: see `SHOWN`.

    Raises MappingError for a name that is not a mapping, and for a ``user_file`` that cannot be used.

    >>> show_mapping("gender").filter(pl.col("spelling") == "Male").select("code", "origin").row(0)
    ('M', 'gender.yaml')
    """
    mappings = load_mappings(user_file)
    if name not in mappings:
        raise MappingError(f"there is no mapping {name!r}; there are {', '.join(mappings)}")
    mapping = mappings[name]
    rows = [_shown(mapping, "yours", s) for s in mapping.yours.values()]
    rows += [_shown(mapping, "spelling", s) for s in mapping.spellings.values()]
    rows += [
        (p.code, mapping.words(p.code), "pattern", p.fits.pattern,
         p.unless.pattern if p.unless else None, one.name, p.because, p.origin)
        for one in mapping.rounds
        for p in one.patterns
    ]  # fmt: skip
    rows += [_shown(mapping, "blank", s) for s in mapping.blanks.values()]
    return pl.DataFrame(rows, schema=SHOWN, orient="row")


def _shown(mapping: ValueMapping, kind: str, s: Spelling) -> tuple[str | None, ...]:
    words = mapping.words(s.code) or "read as empty"
    return (s.code, words, kind, s.spelling, None, None, None, s.origin)
