"""What is a pool at half, or at twice, its size? Which units stay, which are added, and what it means to move some.

Units of a pool stand in one fixed order in which every stretch holds each turn of duty in its proportion; a pool of any size is the
start of that order, and beyond its own units the order goes on with copies. So a smaller pool is always part of a larger one, scenarios
that are near share nearly all of their units, and every turn of duty shrinks and grows alike.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bestvalue.analysis.challenge.resources_model import Ints, Longs, World
from bestvalue.errors import SpecError


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """Units of a world to be: the unit of the old world that each is made after, and its new pool; int64 (units,)."""

    unit: Longs
    pool: Ints


def scale_pool(world: World, pool: str, factor: float) -> World:
    """The world with one pool at `factor` times its units, rounded half up; copies have their original's base, turns, skills and absences.

    Args:
        world: the world as it is.
        pool: name of the pool.
        factor: 0 (nobody) and up; 1 gives the same world.

    Raises:
        SpecError: there is no such pool, or the factor is negative.

    Example:
        >>> from bestvalue.analysis.challenge.resources_examples import world_of
        >>> world = world_of(units_by_area=[4, 2])
        >>> [scale_pool(world, "area 0", factor).unit_pool.tolist() for factor in (0, 0.5, 1.5)]
        [[1, 1], [0, 0, 1, 1], [0, 0, 0, 0, 0, 0, 1, 1]]
    """
    return scale_pools(world, {pool: factor})


def scale_pools(world: World, factors: Mapping[str, float]) -> World:
    """The same for several pools at once; pools that are not named stay as they are."""
    for name, factor in factors.items():
        if not 0 <= factor < math.inf:
            raise SpecError(f"pool {name} cannot be {factor} times its size", where="factor", next_step="Give 0 or a positive number.")
    wanted = {pool_number(world, name): factor for name, factor in factors.items()}
    kept = []
    for pool in range(len(world.pools)):
        order = units_in_order(world, pool)
        size = math.floor(len(order) * wanted.get(pool, 1.0) + 0.5)
        copies, rest = divmod(size, len(order)) if len(order) else (0, 0)
        kept.append(np.concatenate([*([np.sort(order)] * copies), np.sort(order[:rest])]).astype(np.int64))
    units = np.concatenate(kept)
    return _made_of(world, _Sources(unit=units, pool=world.unit_pool[units]))


def move_units(world: World, *, from_pool: str, to_pool: str, units: int) -> World:
    """The world with some units of one pool moved to another, where they have the bases and skills of that pool's units in turn.

    Their turns of duty stay theirs. The units that `scale_pool` would take away first are the ones that move.

    Raises:
        SpecError: there is no such pool, it has not so many units, or nobody in the other pool to take bases from.
    """
    giver, taker = pool_number(world, from_pool), pool_number(world, to_pool)
    order, hosts = units_in_order(world, giver), np.sort(units_in_order(world, taker))
    if not 0 <= units <= len(order) or not len(hosts):
        raise SpecError(
            f"{units} units cannot move from {from_pool} ({len(order)} units) to {to_pool} ({len(hosts)})",
            where="units",
            next_step="Move at most what the pool has, to a pool that has units.",
        )
    movers = np.sort(order[len(order) - units :])
    host = hosts[np.arange(units) % len(hosts)]
    pool, changed = world.unit_pool.copy(), {}
    pool[movers] = taker
    for name in ("unit_x_m", "unit_y_m", "unit_zone", "unit_skills", "unit_returns"):
        values = getattr(world, name).copy()
        if len(values):
            values[movers] = values[host]
        changed[name] = values
    order_by_pool = np.argsort(pool, kind="stable").astype(np.int64)
    return _made_of(replace(world, **changed), _Sources(unit=order_by_pool, pool=pool[order_by_pool]))


def pool_number(world: World, name: str) -> int:
    """Number of a pool by its name.

    Raises:
        SpecError: there is no such pool.
    """
    if name not in world.pools:
        raise SpecError(f"there is no pool {name}", where="pool", next_step=f"Choose one of {', '.join(world.pools[:10])}, ...")
    return world.pools.index(name)


def units_in_order(world: World, pool: int) -> Longs:
    """Units of a pool in the order in which it grows from nothing: each turn of duty in its proportion all along."""
    units = np.flatnonzero(world.unit_pool == pool)
    groups: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for unit in units.tolist():
        mine = world.shift_unit == unit
        groups.setdefault(tuple(zip(world.shift_from_us[mine].tolist(), world.shift_to_us[mine].tolist(), strict=True)), []).append(unit)
    places = []
    for number, turns in enumerate(sorted(groups)):
        members = groups[turns]
        places += [((rank + 0.5) / len(members), _spread(number), unit) for rank, unit in enumerate(members)]
    return np.array([unit for _, _, unit in sorted(places)], np.int64)


def _spread(number: int) -> float:
    """Van der Corput's sequence: neighbours in the list of turns come far apart, so that single units do not all go from one night."""
    value, step = 0.0, 0.5
    while number:
        value, number, step = value + step * (number & 1), number >> 1, step / 2
    return value


def _made_of(world: World, sources: _Sources) -> World:
    """A world of units made after those of another, with their turns of duty and absences."""
    unit = sources.unit
    turn_of, turns = _records_of(world.shift_unit, unit)
    absence_of, absences = _records_of(world.away_unit, unit)
    return replace(
        world,
        unit_pool=sources.pool.astype(np.int32),
        unit_x_m=world.unit_x_m[unit],
        unit_y_m=world.unit_y_m[unit],
        unit_zone=world.unit_zone[unit] if len(world.unit_zone) else world.unit_zone,
        unit_skills=world.unit_skills[unit],
        unit_returns=world.unit_returns[unit],
        shift_unit=turn_of,
        shift_from_us=world.shift_from_us[turns],
        shift_to_us=world.shift_to_us[turns],
        shift_break_us=world.shift_break_us[turns],
        shift_break_after_us=world.shift_break_after_us[turns],
        away_unit=absence_of,
        away_from_us=world.away_from_us[absences],
        away_to_us=world.away_to_us[absences],
    )


def _records_of(owner: Ints, units: Longs) -> tuple[Ints, Longs]:
    """For units made after old ones: the new unit of each record, and which record of the old owners it is."""
    order = np.argsort(owner, kind="stable")
    first, last = np.searchsorted(owner[order], units, "left"), np.searchsorted(owner[order], units, "right")
    counts = last - first
    new = np.repeat(np.arange(len(units)), counts)
    start = np.repeat(first - np.cumsum(counts) + counts, counts)
    return new.astype(np.int32), order[start + np.arange(counts.sum())].astype(np.int64)
