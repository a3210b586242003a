"""What is still to happen: a 4-ary heap of packed whole numbers.

A key is the day, then the kind, then the row of the child, in 31, 5 and 27 bits, so that comparing two
keys compares all three and no two are equal by chance. Four children to a node means half the levels
of a binary heap, and the four stand in one line of the cache.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

KIND_BITS, ROW_BITS = 5, 27
ROWS = 1 << ROW_BITS


def pack(day, kind, row):
    """One key of three numbers.

    >>> unpack(pack(70_000, 3, 12_345))
    (70000, 3, 12345)
    """
    return (day << (KIND_BITS + ROW_BITS)) | (kind << ROW_BITS) | row


def unpack(key):
    """The day, the kind and the row of a key."""
    return key >> 32, (key >> ROW_BITS) & 31, key & (ROWS - 1)


def heap_push(heap, size, key):
    """Put a key in; the new size."""
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if heap[above] <= key:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = key
    return size + 1


def heap_pop(heap, size):
    """Take the least key, heap[0], out; the new size."""
    size -= 1
    key = heap[size]
    place = 0
    first = 1
    while first + 4 <= size:  # the least of two pairs: no comparison waits for the one before
        one = first + (heap[first + 1] < heap[first])
        other = first + 2 + (heap[first + 3] < heap[first + 2])
        best = other if heap[other] < heap[one] else one
        if heap[best] >= key:
            heap[place] = key
            return size
        heap[place] = heap[best]
        place = best
        first = 4 * place + 1
    if first < size:  # the last node has fewer than four below it
        best = first
        for other in range(first + 1, size):
            best = other if heap[other] < heap[best] else best
        if heap[best] < key:
            heap[place] = heap[best]
            place = best
    heap[place] = key
    return size


JIT = (pack, unpack, heap_push, heap_pop)
