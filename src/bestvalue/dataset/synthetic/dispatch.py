"""Which unit goes when? The synthetic force's dispatch: one pool at a time, idle units first come, then wait by grade.

No unit is ever in two places: a job starts when its unit is free, so waits, overtime and utilisation follow from the demand
and the establishment and are not drawn.
"""

from collections import deque
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic.establishment import Establishment, Pool, turn_start

_UNIT_BITS = 12
_UNIT_MASK = (1 << _UNIT_BITS) - 1


@dataclass(frozen=True, kw_only=True)
class Sent:
    """For each job, in the order given: when a unit was sent (second of the period) and which."""

    start: NDArray[np.int32]
    unit: NDArray[np.int16]


def dispatch(
    pool: Pool, establishment: Establishment, *, ready: NDArray[np.int64], busy: NDArray[np.int64], grade: NDArray[np.int64]
) -> Sent:
    """Send the pool's units to its jobs.

    At a change of shift new units take over the queue, and those that are out finish their job in overtime.

    Args:
        pool: whose units.
        establishment: who is on duty in each turn.
        ready: second from which a unit can be sent, ascending.
        busy: seconds for which the unit is taken.
        grade: 0, 1 or 2; waiting jobs of a lower number go first.
    """
    ready_list, busy_list, grade_list = ready.tolist(), busy.tolist(), grade.tolist()
    count = len(ready_list)
    start, unit = [0] * count, [0] * count
    queues: tuple[deque[int], ...] = (deque(), deque(), deque())
    waiting = job = turn = 0
    # One integer holds both when a unit is free and which it is: a heap of integers is twice as fast as one of pairs.
    while job < count or waiting:
        opening, closing = turn_start(turn) << _UNIT_BITS, turn_start(turn + 1)
        free = [opening + number for number in establishment.roster(pool, turn)]
        last = closing << _UNIT_BITS
        turn += 1
        while True:
            arrival = ready_list[job] if job < count else closing
            now = min(arrival, closing) << _UNIT_BITS
            while waiting and free[0] <= (now | _UNIT_MASK) and free[0] < last:
                queue = queues[0] or queues[1] or queues[2]
                served = queue.popleft()
                waiting -= 1
                first = free[0]
                start[served], unit[served] = first >> _UNIT_BITS, first & _UNIT_MASK
                heapreplace(free, first + (busy_list[served] << _UNIT_BITS))
            if arrival >= closing:
                break
            first = free[0]
            if first <= (now | _UNIT_MASK):
                start[job], unit[job] = arrival, first & _UNIT_MASK
                heapreplace(free, now + (busy_list[job] << _UNIT_BITS) | (first & _UNIT_MASK))
            else:
                queues[grade_list[job]].append(job)
                waiting += 1
            job += 1
    return Sent(start=np.array(start, dtype=np.int32), unit=np.array(unit, dtype=np.int16))
