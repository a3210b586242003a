"""The checks every row and cell of Annex A passes, or goes to quarantine: what each says and advises.

``reason`` may use ``{value}`` (the cell as found), ``{column}`` (its header as found) and ``{other}``
(what it was compared with, in words).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckText:
    """One check: ``level`` is what happens to what fails it (see `upturn.records.quarantine`)."""

    level: str
    name: str
    reason: str
    what_to_do: str


CHECKS: dict[str, CheckText] = {
    "no-child-id": CheckText(
        "row",
        "No child identifier",
        "The row has no usable child identifier ({value}).",
        "Put the child's identifier in the row, or delete the row.",
    ),
    "total-row": CheckText(
        "row",
        "Total row",
        "The row is a total, not a child ({value}).",
        "Nothing, or delete the total from the list.",
    ),
    "repeated-header": CheckText(
        "row",
        "Header row again",
        "The row repeats the headers.",
        "Nothing, or delete the row.",
    ),
    "no-key-date": CheckText(
        "row",
        "No date to place the row by",
        "{column} is needed to place the row in time and cannot be used: {other}.",
        "Put the date in the case record and run the extract again.",
    ),
    "duplicate-row": CheckText(
        "row",
        "Duplicate row",
        "The row is the same in every column as {other}.",
        "Nothing; the first of them is used. Look for the join that doubles it.",
    ),
    "second-sheet": CheckText(
        "row",
        "A second sheet for the same list",
        "The row is on a sheet that was not used: {other}.",
        "Remove or rename the sheet that is not wanted, or choose one with --sheet.",
    ),
    "date-not-understood": CheckText(
        "cell",
        "Date not understood",
        "{column} holds “{value}”, which is not a date in day, month, year order.",
        "Correct the date in the case record.",
    ),
    "date-impossible": CheckText(
        "cell",
        "Impossible date",
        "{column} is {value}, outside 1990 to 2099.",
        "Correct the date in the case record.",
    ),
    "date-after-extract": CheckText(
        "cell",
        "Date after the extract",
        "{column} is {value}, after the extract's date of {other}.",
        "Correct the date in the case record, or give the right date with --as-at.",
    ),
    "out-of-sequence": CheckText(
        "cell",
        "Ends before it starts",
        "{column} is {value}, before {other}.",
        "Correct whichever of the two dates is wrong.",
    ),
    "born-after-event": CheckText(
        "cell",
        "Born after the event",
        "{column} is {value}, more than nine months after {other}.",
        "Correct the date of birth or the date of the event.",
    ),
    "conference-on-weekend": CheckText(
        "cell",
        "Conference at a weekend",
        "{column} is {value}, a {other}; conferences are not held at weekends.",
        "Correct the date of the conference.",
    ),
    "contradictory-rows": CheckText(
        "cell",
        "Rows that contradict each other",
        "{column} is “{value}” here and different in {other}, for the same child and event.",
        "Find out which row is right and delete or correct the other.",
    ),
    "value-not-understood": CheckText(
        "cell",
        "Value not understood",
        "{column} holds “{value}”, which the value mapping does not know.",
        "Correct it, or add the spelling to a mapping file of your own.",
    ),
    "number-not-understood": CheckText(
        "cell",
        "Number not understood",
        "{column} holds “{value}”, which is not a number.",
        "Correct it in the case record.",
    ),
    "error-value": CheckText(
        "cell",
        "Spreadsheet error",
        "{column} holds the spreadsheet error {value}, so what should be there is not known.",
        "Repair the formula, or put in the value itself.",
    ),
    "unborn": CheckText(
        "note",
        "Before the birth",
        "{column} is {value}, after {other}: read as a child not yet born then.",
        "Nothing, if the child was unborn; otherwise correct the date of birth.",
    ),
    "child-contradicted": CheckText(
        "note",
        "Lists disagree about a child",
        "{column} of this child is {value}; the most frequent is used.",
        "Correct the child's record.",
    ),
    "unknown-child": CheckText(
        "note",
        "Child not among the children in need",
        "The child is in {other} and not in list 6, which should hold every child with an open case.",
        "Find out why the child in need episode is missing from the extract.",
    ),
    "open-twice": CheckText(
        "note",
        "Open twice",
        "The child has {other} rows open at once in this list.",
        "Close the one that has ended.",
    ),
}
