"""Intervals: how far a figure may be from what it stands for, by chance alone.

Every function takes ``z``, the number of standard deviations; 1.96 gives 95 per cent.
"""

from __future__ import annotations

import math

Z95 = 1.959963984540054
Interval = tuple[float, float]


def wilson(n: float, of: float, *, z: float = Z95) -> Interval:
    """The score interval for a proportion of ``n`` in ``of``, both ends between 0 and 1.

    Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 1927; 22: 209-212. Raises ValueError unless 0 <= n <= of and of > 0.

    >>> [round(end, 4) for end in wilson(81, 263)]  # Newcombe 1998, table I, method 3
    [0.2553, 0.3662]
    """
    if of <= 0 or not 0 <= n <= of:
        raise ValueError(f"{n} of {of} is not a proportion")
    share, spread = n / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return (0.0 if n == 0 else middle - half), (1.0 if n == of else middle + half)


def difference(
    first: tuple[int, int], second: tuple[int, int], *, z: float = Z95
) -> tuple[float, float, float]:
    """The difference of two proportions (first less second) with its interval.

    Each is ``(n, of)``. Newcombe RG. Interval estimation for the difference between independent
    proportions. Statistics in Medicine 1998; 17: 873-890 (method 10, from Wilson's limits).
    Returns the difference, lower and upper end. Raises ValueError as `wilson` does.

    >>> [round(x, 4) for x in difference((56, 70), (48, 80))]  # Newcombe 1998, table II, example (a)
    [0.2, 0.0524, 0.3339]
    """
    (low1, high1), (low2, high2) = wilson(*first, z=z), wilson(*second, z=z)
    p1, p2 = first[0] / first[1], second[0] / second[1]
    down = math.hypot(p1 - low1, high2 - p2)
    up = math.hypot(high1 - p1, p2 - low2)
    return p1 - p2, p1 - p2 - down, p1 - p2 + up


def byar(events: int, *, z: float = Z95) -> Interval:
    """An interval for a count of events, close to the exact one from about five events up.

    Breslow NE, Day NE. Statistical Methods in Cancer Research, volume II. IARC 1987, page 69. Divide both
    ends by the population for a rate. Raises ValueError for a negative count.

    >>> [round(end, 2) for end in byar(100)]
    [81.36, 121.63]
    """
    if events < 0:
        raise ValueError(f"{events} is not a count of events")

    def end(count: int, sign: int) -> float:
        return count * (1 - 1 / (9 * count) + sign * z / (3 * math.sqrt(count))) ** 3

    return (end(events, -1) if events else 0.0), end(events + 1, 1)


def exact_poisson(events: int, *, z: float = Z95) -> Interval:
    """The exact interval for a count of events.

    Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936; 28: 437-442. Raises ValueError
    for a negative count.

    >>> [round(end, 3) for end in exact_poisson(10)]  # Garwood 1936: 4.795 and 18.390
    [4.795, 18.39]
    """
    if events < 0:
        raise ValueError(f"{events} is not a count of events")
    from scipy.special import gammaincinv  # here, because it takes a while to load

    tail = 0.5 * math.erfc(z / math.sqrt(2))
    low = float(gammaincinv(events, tail)) if events else 0.0
    return low, float(gammaincinv(events + 1, 1 - tail))


def median_ranks(count: int, *, z: float = Z95) -> tuple[int, int]:
    """The ranks (from 1) of the ordered values that an interval for their median runs between.

    Campbell MJ, Gardner MJ. Calculating confidence intervals for some non-parametric analyses. British
    Medical Journal 1988; 296: 1454-1456. Raises ValueError for no values.

    >>> median_ranks(100)  # Campbell and Gardner 1988: the 40th and the 61st
    (40, 61)
    """
    if count < 1:
        raise ValueError("no values have no median")
    half = z * math.sqrt(count) / 2
    low, high = round(count / 2 - half), round(1 + count / 2 + half)
    return max(low, 1), min(high, count)
