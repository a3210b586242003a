"""The columns of `State.opening`: the open work of an extract, as the kernel reads it."""

from __future__ import annotations

#: Row 0 of `State.opening`: the day, and how many hold posts, of them agency; -1 where it is not told.
O_DAY, O_FILLED, O_AGENCY, O_WORKERS = range(4)
#: The other rows, a child each. Ages are working days up to the day, those called DAYS calendar days; -1 is
#: not so, or not told. A worker is a number, those with the most children first; -1 is nobody,
#: -2 somebody who is not named. FAMILY is a row, or -1.
(O_REFERRED_DAYS, O_ASSESSED, O_ASSESSED_DAYS, O_SEEN, O_ENQUIRED, O_ENQUIRED_DAYS, O_CONFERENCE, O_PLAN,
 O_PLAN_DAYS, O_VISITED, O_REVIEW_IN, O_CLOSING, O_WORKER, O_TEAM, O_WAITED, O_FAMILY,
 O_HAD_PLAN) = range(17)  # fmt: skip
OPENING = 17
#: In O_CONFERENCE: none is called, or it is and has no date yet; else the working days until it.
NOT_CALLED, NO_DATE = -2.0, -1.0
#: In O_REVIEW_IN: the source does not say.
NOT_TOLD = -100_000.0
#: Working days by which the open work that is taken for an example may differ more than the nearest.
NEAR = 3.0
