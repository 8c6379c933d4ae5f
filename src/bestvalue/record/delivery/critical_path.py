"""Which actions decide when a plan is complete?"""

from collections.abc import Mapping
from datetime import date


def critical_path(*, ends: Mapping[int, date], needs: Mapping[int, frozenset[int]]) -> tuple[int, ...]:
    """The chain of open actions that ends last: each waits for the one before it, which ends latest of all that it waits for.

    Args:
        ends: the day on which each open action is to be complete.
        needs: what each waits for; what is not among `ends` has ended, and holds nothing up.

    Returns:
        The chain in the order of work; empty without open actions. Of equal ends the lowest key.

    Example: 3 ends last and waits for 1 and 2; 2 ends later than 1.
        >>> day = date.fromisoformat
        >>> ends = {1: day("2026-03-01"), 2: day("2026-04-01"), 3: day("2026-06-01"), 4: day("2026-05-01")}
        >>> critical_path(ends=ends, needs={3: frozenset({1, 2})})
        (2, 3)
    """
    if not ends:
        return ()
    chain = [_latest(frozenset(ends), ends)]
    while before := needs.get(chain[0], frozenset()) & ends.keys():
        chain.insert(0, _latest(before, ends))
    return tuple(chain)


def _latest(actions: frozenset[int], ends: Mapping[int, date]) -> int:
    return min(actions, key=lambda action: (-ends[action].toordinal(), action))
