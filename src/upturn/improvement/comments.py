"""Comments that somebody wrote into a plan's file: writing the plan anew would lose them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import yaml


def comments_in(text: str) -> Iterator[int]:
    """The lines on which a comment stands after the file's first key, from 1.

    What stands before the first key is the file's own head. A ``#`` inside a text is no comment.

    >>> list(comments_in("# head\\nplan:\\n  title: 'A # b'  # ours\\n  # and this\\n  x: 1\\n"))
    [3, 4]
    """
    tokens = [t for t in yaml.scan(text) if not isinstance(t, yaml.StreamStartToken)]
    for token, after in pairwise(tokens):
        start, end = token.end_mark, after.start_mark
        for n, part in enumerate(text[start.index : end.index].split("\n")):
            if "#" in part:
                yield start.line + n + 1
