"""The checks every row and cell of a source passes, or goes to quarantine: what each says and advises.

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
        "{column} holds “{value}”, which is not a date in {order} order.",
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
    "code-not-in-form": CheckText(
        "note",
        "Code of another year",
        "{column} holds “{value}”, a code of other years: {other}.",
        "Correct it before the return is sent; it is read as what it means in its own years.",
    ),
    "code-left-out": CheckText(
        "note",
        "Code not understood among several",
        "{column} holds {other}, which the census does not have; the other codes are kept.",
        "Correct it in the case record.",
    ),
    "child-twice": CheckText(
        "note",
        "Child given more than once",
        "The child has {other} entries of their own; they are read as one child.",
        "Find out whether they are one child, and join the entries.",
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
    # What the Standard Safeguarding Dataset adds.
    "no-needed-column": CheckText(
        "row",
        "A column that is needed is not there",
        "The table has no column {column}, without which its rows cannot be used.",
        "Run the extract again with that column, or give the table its usual column names.",
    ),
    "admin-child": CheckText(
        "row",
        "An administrator's identifier",
        "The row is of {value}, which is no child but what case systems give to nobody.",
        "Nothing, or leave such rows out of the extract.",
    ),
    "no-child-through-parent": CheckText(
        "row",
        "No child to be found",
        "The table names no child, and {column} ({value}) leads to none: it is not in {other}.",
        "Find out why the row it should belong to is missing from the extract.",
    ),
    "same-id-again": CheckText(
        "row",
        "The same identifier again",
        "The row has the same identifier ({value}) as {other} and differs from it.",
        "Find out which row is right. Where they differ, neither is used.",
    ),
    "placeholder": CheckText(
        "cell",
        "Placeholder",
        "{column} holds “{value}”, which the extract writes where it has nothing.",
        "Have the extract finished, or leave the cell empty.",
    ),
    "admin-id": CheckText(
        "cell",
        "An identifier of nobody",
        "{column} is {value}, which case systems give to nobody.",
        "Put in who or what it should be, in the case record.",
    ),
    "outcome-not-understood": CheckText(
        "cell",
        "Outcome not understood",
        "{column} holds “{value}”, which is neither a list of outcomes nor known words.",
        "Correct the extract, or ask whoever keeps it what the text means.",
    ),
    "orphan": CheckText(
        "note",
        "Orphan",
        "{column} is {value}, which is not among this child's rows in {other}.",
        "Find out why the row it belongs to is missing. Where dates allow, the link is made by them.",
    ),
    "not-linked": CheckText(
        "note",
        "Not linked",
        "{column} is blank, and no row of the child in {other} fits the date.",
        "Link the record in the case system, or correct its date.",
    ),
    "child-not-in-person": CheckText(
        "note",
        "Child not among the persons",
        "The child is not in ssd_person, so age and sex are not known.",
        "Find out why the child is missing from ssd_person.",
    ),
    "duplicate-child": CheckText(
        "note",
        "Marked as a duplicate child",
        "The child's surname in the case system says that the record is a duplicate.",
        "Merge the child's records in the case system.",
    ),
    "target-date-differs": CheckText(
        "note",
        "Target date not to be trusted",
        "{column} is {value}; 15 working days after the enquiry started is {other}.",
        "Nothing for the clocks, which count for themselves. Check which day the enquiry started on, and the "
        "extract's list of bank holidays.",
    ),
    "constant-flag": CheckText(
        "note",
        "Always the same answer",
        "{column} is {value} in all {other} rows that have it, where answers should vary.",
        "Have the extract's rule for this column looked at; what rests on it means little.",
    ),
    "placeholder-column": CheckText(
        "note",
        "Nothing but placeholders",
        "{column} holds nothing but “{value}” ({other} rows) and is taken as not there.",
        "Nothing, until the extract fills the column.",
    ),
    "team-id-or-name": CheckText(
        "note",
        "Team by number and by name",
        "{column} holds numbers of teams and names of teams in one column ({other}).",
        "Have the extract write one of the two.",
    ),
    "time-of-day": CheckText(
        "note",
        "Times in a column of dates",
        "{column} has times of day in {other} rows ({value}); only the day is used.",
        "Nothing.",
    ),
    "caseload-one-day": CheckText(
        "note",
        "Caseload of one day",
        "{column} counts open cases on the last 30 September only ({other} rows), and is not used.",
        "Nothing; caseloads are counted from the involvements.",
    ),
}
