"""Random streams: one for each child and each post, read by place.

The stream of splitmix64 from a key is mix(key + n * GOLDEN) for n = 1, 2, …; so any place of it can be
read without the ones before (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014). Every purpose has places of its own. A child's draw for one purpose is then the same in
two scenarios whatever else happened to her, which is what makes scenarios comparable.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"

from __future__ import annotations

import math

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_C1, _C2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_PLACES = np.uint64(4096)
_ONE = np.uint64(1)
_STEP = 2.0**-52


def mix(x):
    """The finaliser of splitmix64; uint64 to uint64."""
    x = (x ^ (x >> _30)) * _C1
    x = (x ^ (x >> _27)) * _C2
    return x ^ (x >> _31)


def stem_of(seed, rep, domain):
    """What all streams of a seed, a replication and a domain have in common."""
    x = mix(np.uint64(seed) + GOLDEN)
    x = mix(x + GOLDEN * (np.uint64(rep) + _ONE))
    return mix(x + GOLDEN * (np.uint64(domain) + _ONE))


def key_on(stem, number):
    """The key of the stream of this number in a domain."""
    return mix(stem + GOLDEN * (np.uint64(number) + _ONE))


def key_of(seed, rep, domain, number):
    """The key of one stream: of a seed, a replication, a domain and a number in it."""
    return key_on(stem_of(seed, rep, domain), number)


def uniform(key, purpose, time):
    """A number in (0, 1), never 0 or 1: 52 bits and a half."""
    place = np.uint64(purpose) * _PLACES + np.uint64(time) + _ONE
    return (np.float64(mix(key + GOLDEN * place) >> _12) + 0.5) * _STEP


def exponential(key, purpose, time):
    """Exponential with mean 1."""
    return -math.log(uniform(key, purpose, time))


def normal(key, purpose, time):
    """Standard normal."""
    return quantile(uniform(key, purpose, time))


def quantile(p):
    """The standard normal's quantile: algorithm AS 241, PPND16 (Wichura, Applied Statistics 37, 1988).

    >>> round(quantile(0.975), 12)
    1.95996398454
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio_centre(r)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    value = _ratio_near(r - 1.6) if r <= 5.0 else _ratio_far(r - 5.0)
    return -value if q < 0.0 else value


# Each polynomial is added up by pairs (Estrin): half as many steps wait for the one before.
def _ratio_centre(r):
    square = r * r
    fourth = square * square
    top = (
        (3.387132872796366608 + 133.14166789178437745 * r)
        + (1971.5909503065514427 + 13731.693765509461125 * r) * square
    ) + (
        (45921.953931549871457 + 67265.770927008700853 * r)
        + (33430.575583588128105 + 2509.0809287301226727 * r) * square
    ) * fourth
    below = (
        (1.0 + 42.313330701600911252 * r)
        + (687.1870074920579083 + 5394.1960214247511077 * r) * square
    ) + (
        (21213.794301586595867 + 39307.89580009271061 * r)
        + (28729.085735721942674 + 5226.495278852545925 * r) * square
    ) * fourth
    return top / below


def _ratio_near(r):
    square = r * r
    fourth = square * square
    top = (
        (1.42343711074968357734 + 4.6303378461565452959 * r)
        + (5.7694972214606914055 + 3.64784832476320460504 * r) * square
    ) + (
        (1.27045825245236838258 + 0.24178072517745061177 * r)
        + (0.0227238449892691845833 + 7.7454501427834140764e-4 * r) * square
    ) * fourth
    below = (
        (1.0 + 2.05319162663775882187 * r)
        + (1.6763848301838038494 + 0.68976733498510000455 * r) * square
    ) + (
        (0.14810397642748007459 + 0.0151986665636164571966 * r)
        + (5.475938084995344946e-4 + 1.05075007164441684324e-9 * r) * square
    ) * fourth
    return top / below


def _ratio_far(r):
    square = r * r
    fourth = square * square
    top = (
        (6.6579046435011037772 + 5.4637849111641143699 * r)
        + (1.7848265399172913358 + 0.29656057182850489123 * r) * square
    ) + (
        (0.026532189526576123093 + 0.0012426609473880784386 * r)
        + (2.71155556874348757815e-5 + 2.01033439929228813265e-7 * r) * square
    ) * fourth
    below = (
        (1.0 + 0.59983220655588793769 * r)
        + (0.13692988092273580531 + 0.0148753612908506148525 * r) * square
    ) + (
        (7.868691311456132591e-4 + 1.8463183175100546818e-5 * r)
        + (1.4215117583164458887e-7 + 2.04426310338993978564e-15 * r) * square
    ) * fourth
    return top / below


JIT = (
    mix, stem_of, key_on, key_of, uniform, exponential, normal, quantile, _ratio_centre, _ratio_near,
    _ratio_far,
)  # fmt: skip
