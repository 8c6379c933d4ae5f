"""The small pieces of the compiled simulation: event heap, nearest unit, bin of a time, lowest bit of a word.

Each takes few arrays on purpose: numba counts references an array a call, and a helper that took twenty made the simulation eleven times
slower. The event loop itself is therefore one function, in `resources_kernel`.

Whatever is an index is unsigned (`index`): numba lets a signed one count from the end of the array, and asks at every access which it
is. Unsigned and signed must not meet in a sum, which would be a float; so constants that meet an index are unsigned, too. With that
and flat arrays the loop went from 1.4 times the time of its twin in C++ to 1.0 times.
"""

from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from bestvalue.analysis.challenge.resources_model import BINS, Ints, Longs
from bestvalue.analysis.compiled import compiled

FAR: Any = np.iinfo(np.int64).max
"""A time that never comes, and the key of an empty place in the heap."""
LAST_TIME_US = (1 << 46) - 2
"""Two years and 83 days after time 0: the last time that fits beside a number in the heap. What would end later ends then."""
UNIT_BITS = 17
"""Low bits of a nearest key that hold the unit; the rest holds squared metres (to 8,000 km) or microseconds (to 2 years)."""
UNIT_MASK = (1 << UNIT_BITS) - 1
Whole = Any
"""A whole number in compiled code, where it has 64 bits and a sign or not: no type that a checker of Python knows."""
index: Any = np.uint64
UNIT_FIELDS: Any = index(24)
"""Numbers kept of one unit, one after the other: what is needed together lies in one line of the processor's cache."""
ONE, STEP_BITS, NARROW, DOUBLING, TOP, LAST_BIN = index(1), index(20), index(64), index(5), index(58), index(BINS - 1)


def _trailing_zeros(typing_context: Any, word: Any) -> Any:  # noqa: ARG001 - numba gives it
    """Number of the lowest set bit of a uint64 that is not 0."""
    if word != types.uint64:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001 - numba gives them
        return builder.cttz(arguments[0], numba.core.cgutils.true_bit)

    return types.uint64(types.uint64), generate


def _leading_zeros(typing_context: Any, word: Any) -> Any:  # noqa: ARG001 - numba gives it
    """Number of zero bits above the highest set bit of a uint64 that is not 0."""
    if word != types.uint64:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001 - numba gives them
        return builder.ctlz(arguments[0], numba.core.cgutils.true_bit)

    return types.uint64(types.uint64), generate


trailing_zeros: Any = intrinsic(_trailing_zeros)
leading_zeros: Any = intrinsic(_leading_zeros)


@compiled
def time_bin(time_us: Whole) -> Whole:
    """Bin of a time in the histograms of `Outcome`."""
    steps = index(time_us) >> STEP_BITS
    if steps < NARROW:
        return steps
    doubling = TOP - leading_zeros(steps)
    return min((doubling << DOUBLING) + (steps >> doubling), LAST_BIN)


@compiled
def heap_push(heap: Longs, size: Whole, key: Whole) -> None:
    """Add a key to a binary heap of `size` keys; places from `size` on hold FAR."""
    place = index(size)
    while place > 0:
        above = (place - ONE) >> ONE
        if heap[above] <= key:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = key


@compiled
def heap_replace(heap: Longs, size: Whole, key: Whole) -> None:
    """Put `key` in the place of the smallest key."""
    place, last = index(0), index(size)
    while True:
        below = (place << ONE) + ONE
        if below >= last:
            break
        below += index(heap[below + ONE] < heap[below])  # the place after the last holds FAR
        if heap[below] >= key:
            break
        heap[place] = heap[below]
        place = below
    heap[place] = key


@compiled
def heap_pop(heap: Longs, size: Whole) -> None:
    """Take the smallest of `size` keys away."""
    last = index(size) - ONE
    key = heap[last]
    heap[last] = FAR
    if last > 0:
        heap_replace(heap, last, key)


@compiled
def nearest(idle_x: Ints, idle_y: Ints, idle_unit: Ints, first: Whole, last: Whole, x: Whole, y: Whole, best: Whole) -> Whole:
    """Smallest of `best` and (squared metres << UNIT_BITS | unit) over the idle places first to last - 1.

    One pass without branches, which the compiler makes into vector code.
    """
    x32, y32 = np.int32(x), np.int32(y)
    for place in range(index(first), index(last)):
        dx = np.int64(np.int32(idle_x[place] - x32))
        dy = np.int64(np.int32(idle_y[place] - y32))
        best = min(best, ((dx * dx + dy * dy) << UNIT_BITS) | np.int64(idle_unit[place]))
    return best


@compiled
def nearest_by_zone(
    unit: Longs, zone_field: Whole, idle_unit: Ints, zone_travel: Longs, row: Whole, first: Whole, last: Whole, best: Whole
) -> Whole:
    """The same by (travel time from the unit's zone << UNIT_BITS | unit); `row` is where the incident's zone starts in `zone_travel`."""
    for place in range(index(first), index(last)):
        number = np.int64(idle_unit[place])
        zone = index(unit[index(number) * UNIT_FIELDS + index(zone_field)])
        best = min(best, (zone_travel[index(row) + zone] << UNIT_BITS) | number)
    return best
