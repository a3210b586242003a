"""What the reader of a report should know of how a return was taken."""

from __future__ import annotations

from upturn.records.cin_census.collect import Collector
from upturn.records.cin_census.layout import Census
from upturn.records.cin_census.stream import Return

NOT_HELD = (
    "The census holds no contacts, visits, core groups, outcomes of conferences, teams or workers; "
    "the rules that need them are not tested."
)


def remarks(found: Return, collector: Collector, layout: Census, *, form: int) -> tuple[str, ...]:
    """Plain sentences: what the header says, what was passed over and where, what the form does not hold."""
    said = [_header(found, form), NOT_HELD]
    if not layout.first_form <= form <= layout.last_form:
        said.append(
            f"The form of {form} is not among those known here ({layout.first_form} to "
            f"{layout.last_form}); it was read as the nearest of them."
        )
    said += _year(found) + _mid_year(found)
    said += _passed_over(collector, found)
    said += [
        f"{n:,} {_times(n)} text stands between the elements of {block}, first on line {line:,}; "
        "it was not read."
        for block, (n, line) in collector.stray.items()
    ]
    return (*said, *_of_other_forms(collector, layout, form))


def _times(n: int) -> str:
    return "time" if n == 1 else "times"


def _header(found: Return, form: int) -> str:
    said = found.header
    about = [f"Children in need census, form of {form}"]
    if said.get("LEA"):
        about.append(f"authority {said['LEA'][:20]}")
    if said.get("SoftwareCode"):
        about.append(f"written by {said['SoftwareCode'][:60]}")
    return ", ".join(about) + "."


def _year(found: Return) -> list[str]:
    """Where the header's year is not that of its reference date. A mid-year extract is in the last form."""
    year, reference = found.header.get("Year", ""), found.header.get("ReferenceDate", "")
    if not reference[:4].isdecimal() or year == reference[:4]:
        return []
    return [
        f"The header says year {year[:10] or 'nothing'}, and its reference date is {reference[:10]}."
    ]


def _mid_year(found: Return) -> list[str]:
    reference = found.header.get("ReferenceDate", "")
    if not reference or reference[4:10] == "-03-31":
        return []
    return [f"The reference date, {reference[:10]}, is not a 31 March: this is a mid-year extract."]


def _passed_over(collector: Collector, found: Return) -> list[str]:
    said = [
        f"{n:,} {'element' if n == 1 else 'elements'} {path}, first on line {line:,}, "
        "passed over: the forms known here have none there."
        for path, (n, line) in collector.elsewhere.items()
    ]
    said += [f"Element {name} on line {line:,} passed over." for name, line in found.others[:20]]
    if len(found.others) > 20:
        said.append(f"{len(found.others) - 20:,} more elements outside the children passed over.")
    return said


def _of_other_forms(collector: Collector, layout: Census, form: int) -> list[str]:
    said = []
    for kind in collector.kinds.values():
        for name, n in kind.seen.items():
            first, last = layout.forms.get(name, (layout.first_form, layout.last_form))
            if name in layout.forms and not first <= form <= last:
                said.append(
                    f"{name} stands {n:,} {_times(n)}, though it is in the forms of {first} to {last}."
                )
    return said
