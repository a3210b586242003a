"""The kinds of record of each source, by the name the casebook has for the source."""

from __future__ import annotations

from collections.abc import Sequence

from upturn.records.lists.layout import ListLayout


def layouts(source: str) -> Sequence[ListLayout]:
    """Every kind of record that ``source`` holds; none for a source that has no layout of its own.

    >>> [layout.label for layout in layouts("annex_a")][:2]
    ['List 1', 'List 2']
    """
    if source == "annex_a":
        from upturn.records.annex_a.layout import annex_a

        return annex_a()
    if source == "cin_census":
        from upturn.records.cin_census.layout import record_layouts

        return record_layouts()
    if source == "ssd":
        from upturn.records.ssd.reader import layouts as ssd_layouts

        return ssd_layouts()
    return ()
