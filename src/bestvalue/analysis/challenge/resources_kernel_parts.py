"""The small pieces of the compiled simulation: event heap, nearest unit, bin of a time, lowest bit of a word.

Each takes few arrays on purpose: numba counts references an array a call, and a helper that took twenty made the simulation eleven times
slower. The event loop itself is therefore one function, in `resources_kernel`.
"""

from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from bestvalue.analysis.challenge.resources_model import BINS, Ints, Longs
from bestvalue.analysis.compiled import compiled

FAR = np.iinfo(np.int64).max
"""A time that never comes, and the key of an empty place in the heap."""
UNIT_BITS = 17
"""Low bits of a nearest key that hold the unit; the rest holds squared metres (to 8,000 km) or microseconds (to 2 years)."""
UNIT_MASK = (1 << UNIT_BITS) - 1


@intrinsic
def trailing_zeros(typing_context: Any, word: Any) -> Any:  # noqa: ARG001 - numba gives it
    """Number of the lowest set bit of a uint64 that is not 0."""
    if word != types.uint64:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001 - numba gives them
        return builder.cttz(arguments[0], numba.core.cgutils.true_bit)

    return types.int64(types.uint64), generate


@intrinsic
def leading_zeros(typing_context: Any, word: Any) -> Any:  # noqa: ARG001 - numba gives it
    """Number of zero bits above the highest set bit of a uint64 that is not 0."""
    if word != types.uint64:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001 - numba gives them
        return builder.ctlz(arguments[0], numba.core.cgutils.true_bit)

    return types.int64(types.uint64), generate


@compiled
def time_bin(time_us: int) -> int:
    """Bin of a time in the histograms of `Outcome`."""
    steps = time_us >> 20
    if steps < 64:
        return steps
    doubling = 58 - leading_zeros(np.uint64(steps))
    place = (doubling << 5) + (steps >> doubling)
    return place if place < BINS else BINS - 1


@compiled
def heap_push(heap: Longs, size: int, key: int) -> None:
    """Add a key to a binary heap of `size` keys; places from `size` on hold FAR."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if heap[above] <= key:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = key


@compiled
def heap_replace(heap: Longs, size: int, key: int) -> None:
    """Put `key` in the place of the smallest key."""
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        below += heap[below + 1] < heap[below]  # the place after the last holds FAR
        if heap[below] >= key:
            break
        heap[place] = heap[below]
        place = below
    heap[place] = key


@compiled
def heap_pop(heap: Longs, size: int) -> None:
    """Take the smallest of `size` keys away."""
    key = heap[size - 1]
    heap[size - 1] = FAR
    if size > 1:
        heap_replace(heap, size - 1, key)


@compiled
def nearest(idle_x: Ints, idle_y: Ints, idle_unit: Ints, first: int, last: int, x: int, y: int, best: int) -> int:
    """Smallest of `best` and (squared metres << UNIT_BITS | unit) over the idle places first to last - 1.

    One pass without branches, which the compiler makes into vector code; that needs the unsigned index.
    """
    x32, y32 = np.int32(x), np.int32(y)
    for place in range(np.uint64(first), np.uint64(last)):
        dx = np.int64(np.int32(idle_x[place] - x32))
        dy = np.int64(np.int32(idle_y[place] - y32))
        key = ((dx * dx + dy * dy) << UNIT_BITS) | np.int64(idle_unit[place])
        best = min(best, key)
    return best


@compiled
def nearest_by_zone(unit_zone: Ints, idle_unit: Ints, travel_us: Longs, first: int, last: int, best: int) -> int:
    """The same by (travel time from the unit's zone << UNIT_BITS | unit); `travel_us` is the column of the incident's zone."""
    for place in range(np.uint64(first), np.uint64(last)):
        unit = np.int64(idle_unit[place])
        best = min(best, (travel_us[unit_zone[unit]] << UNIT_BITS) | unit)
    return best
