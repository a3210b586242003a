"""Numbers as a person would type them."""

from __future__ import annotations

import math
from decimal import Decimal


def plain_number(value: float) -> str:
    """A number without ``.0`` and without an exponent.

    >>> plain_number(9212044.0), plain_number(1.5), plain_number(1e-7), plain_number(1e15)
    ('9212044', '1.5', '0.0000001', '1000000000000000')
    """
    if not math.isfinite(value):
        return str(value)
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")
