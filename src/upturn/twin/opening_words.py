"""What the start of a simulated future rests on, in words: what the extract tells and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from upturn.records.casebook import Casebook
from upturn.twin import columns as C
from upturn.twin import today_columns as T
from upturn.twin.holding import elsewhere
from upturn.twin.opening import Basis
from upturn.twin.spans import Floats

#: What no extract tells, whatever it holds.
NEVER_TOLD = (
    ("How far open work has come", "the work done on an open assessment or enquiry is that of one of the "
     "service's usual state that has been open about as long"),
    ("Need of each child", "drawn above the threshold that the child's stage speaks of"),
    ("When plans end", "as plans end that have lasted as long"),
    ("Who comes back", "children closed before the day come back as in the service's usual state"),
    ("Leave, sickness and contacts waiting to be screened", "as in the service's usual state"),
)  # fmt: skip


def basis_of(
    book: Casebook, told: pl.DataFrame, rows: Floats, counts: Mapping[str, int]
) -> list[Basis]:
    """What each part of the start rests on: counts of the extract first, then what is assumed."""
    found = [Basis(what.capitalize(), n, "extract", "") for what, n in counts.items() if n]
    plan = rows[:, T.O_PLAN] != C.NO_PLAN
    untold = [
        ("Visits", bool((plan & (rows[:, T.O_VISITED] < 0)).any()),
         "the day of the last visit is drawn: the source does not hold it for every kind of plan"),
        ("Reviews", bool(((rows[:, T.O_PLAN] == C.CP) & (rows[:, T.O_REVIEW_IN] == T.NOT_TOLD)).any()),
         "the day of the next review is drawn: the source does not hold reviews"),
        ("Whether children have been seen", bool(((rows[:, T.O_ASSESSED] >= 0)
         & (rows[:, T.O_SEEN] < 0)).any()), "not told for every open assessment; then as in the usual state"),
        ("Who holds whom", not bool(told["named"].any()),
         "the source names no workers: children are shared out evenly"),
        ("Who is looked after", not any(book.table(n).height for n in ("cla_episodes", "care_leavers")),
         "the source does not say: everybody who is open is taken as the twin's own"),
        ("Families", told["family"].null_count() == told.height,
         "the source does not say who belongs together"),
    ]  # fmt: skip
    found += [Basis(what, None, "assumed", words) for what, yes, words in untold if yes]
    return [
        *found,
        *_assumed(book, told, rows),
        *(Basis(w, None, "assumed", t) for w, t in NEVER_TOLD),
    ]


def _assumed(book: Casebook, told: pl.DataFrame, rows: Floats) -> list[Basis]:
    """Children who were placed without a record that says where, and work that is left out."""
    nothing = told.select(
        pl.all_horizontal(pl.col(c).is_null() for c in ("assessed", "enquired", "protected"))
    ).to_series().to_numpy()  # fmt: skip
    need = told["need"].is_not_null() & (
        told["status"].is_null() | (told["status"] == "child-in-need")
    )
    bare = nothing & ~need.fill_null(False).to_numpy()
    found = []
    for what, those, words in (
        ("Referrals with no assessment on record", bare & (rows[:, T.O_ASSESSED] >= 0),
         "taken as assessments that are not begun"),
        ("Open children with nothing on record", bare & (rows[:, T.O_PLAN] == C.CIN),
         "taken as on a child in need plan"),
    ):  # fmt: skip
        n = int(np.count_nonzero(those))
        if n:
            found.append(Basis(what, n, "assumed", words))
    more = int(told["more"].fill_null(0).sum())
    if more:
        words = "a child has one at a time in the twin: the longest is kept"
        found.append(Basis("Further open assessments of the same child", more, "assumed", words))
    away = len(elsewhere(book))
    if away:
        words = "left out with their work: the twin's workers do not hold them"
        found.append(Basis("Children looked after and care leavers", away, "assumed", words))
    return found
