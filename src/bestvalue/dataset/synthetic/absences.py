"""What takes units away from incidents? Training, court, sickness, vehicles, and aid to events elsewhere."""

import numpy as np

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.establishment import (
    SHIFT_SECONDS,
    TURNS,
    Absence,
    Establishment,
    Pool,
    turn_shift,
    turn_start,
    turn_weekday,
)
from bestvalue.dataset.synthetic.events import Event

ROUTINE_ABSENCES = {"training": 0.012, "sickness": 0.009, "court": 0.005, "vehicle": 0.005, "local aid": 0.004}
"""Share of turns that each takes from a unit; the reasons are those of the abstractions table."""


def draw_absences(establishment: Establishment, events: tuple[Event, ...], *, seed: int) -> tuple[Absence, ...]:
    """Routine absences at their rates, then aid to events; the first unit of a shift is never taken."""
    pools, units = establishment.pools, establishment.units
    chance = stream(seed, "absences")
    reasons = list(ROUTINE_ABSENCES)
    edges = np.cumsum(list(ROUTINE_ABSENCES.values()))
    taken: dict[tuple[int, int], Absence] = {}
    for number, unit in enumerate(units):
        turns = np.arange(unit.shift + 1 if unit.shift < 2 else 0, TURNS, 3)
        drawn = chance.random(len(turns))
        if unit.rank == 0:
            continue
        weekdays = (period.WEEKDAYS[0] + (turns - 1) // 3) % 7
        lost = (unit.rank < pools[unit.pool].on_duty[unit.shift, weekdays]) & (drawn < edges[-1])
        for turn, where in zip(turns[lost], drawn[lost], strict=True):
            reason = reasons[int(np.searchsorted(edges, where, side="right"))]
            taken[int(turn), number] = Absence(unit=number, turn=int(turn), reason=reason, event=None)
    for index, event in enumerate(events):
        for turn, number in _aid(pools, event, chance):
            taken.setdefault((turn, number), Absence(unit=number, turn=turn, reason="central aid", event=index))
    return tuple(taken[key] for key in sorted(taken))


def _aid(pools: tuple[Pool, ...], event: Event, chance: np.random.Generator) -> list[tuple[int, int]]:
    """The (turn, unit) pairs that an event takes from other boroughs and from territorial support."""
    starts, ends = period.second_number(event.starts_at), period.second_number(event.ends_at)
    first_turn = (starts - turn_start(0)) // SHIFT_SECONDS
    last_turn = (ends - 1 - turn_start(0)) // SHIFT_SECONDS
    pairs = []
    for turn in range(first_turn, min(last_turn, TURNS - 1) + 1):
        shift, weekday = turn_shift(turn), turn_weekday(turn)
        for pool in pools:
            lends = pool.borough is not None and pool.borough != event.borough
            crowd_unit = pool.support is not None and "public order" in pool.support.skills
            share = event.aid_share if lends else min(0.5, 4 * event.aid_share) if crowd_unit else 0.0
            spare = int(pool.on_duty[shift, weekday]) - 1
            count = int(chance.binomial(spare, share))
            if count:
                ranks = 1 + chance.choice(spare, size=count, replace=False)
                pairs += [(turn, pool.first[shift] + int(rank)) for rank in ranks]
    return pairs
