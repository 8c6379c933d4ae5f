"""Which forces are compared? Pools scaled, units moved, rules, turns and demand changed: each a scenario beside the force as it is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_force import Force, spread_copies
from bestvalue.analysis.challenge.resources_calibrate_units import MINUTES_OF_WEEK, Pool
from bestvalue.errors import SpecError

WEEKS_A_YEAR = 365.25 / 7
Kind = Literal["today", "scaled", "together", "one unit", "moved", "rule", "turns", "demand", "mix"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One force to be played.

    Args:
        name: as tables and sentences say it.
        kind: which question it belongs to.
        pools: what is scaled: "all", "local", "support", or the name of a pool or base; "" for none; the line itself for several at once.
        factor: by how much; 1 for several at once.
        copies: array (U,), how often each unit of today is there.
        pool_of_unit: array (U,), where units are moved; None for as today.
        borrow_after_minutes: array (G,), another rule of borrowing; None for today's.
        diverts: the most urgent grade may take a unit under way to the least urgent one.
        turns_later_minutes: every turn of duty starts so much later.
        demand_factor: incidents against today.
    """

    name: str
    kind: Kind
    pools: str = ""
    factor: float = 1.0
    copies: NDArray[np.int64] = field(repr=False)
    pool_of_unit: NDArray[np.int32] | None = field(default=None, repr=False)
    borrow_after_minutes: NDArray[np.float64] | None = None
    diverts: bool = False
    turns_later_minutes: int = 0
    demand_factor: float = 1.0


def today(force: Force) -> Scenario:
    """The force as it is."""
    return Scenario(name="As today", kind="today", copies=np.ones(len(force.unit_pool), dtype=np.int64))


def scaled(force: Force, pools: str, factor: float) -> Scenario:
    """One pool, one base, one level or all pools, scaled.

    Raises:
        SpecError: there is no such pool or base.
    """
    factors = np.where(units_named(force, pools), factor, 1.0)
    return Scenario(
        name=f"{said_pools(force, pools)} x{factor:g}", kind="scaled", pools=pools, factor=factor, copies=spread_copies(force, factors)
    )


_PART = re.compile(r"^(.+?)\s+x\s*(\d+(?:\.\d*)?|\.\d+)$", re.IGNORECASE)
MOST_TIMES = 8.0


def together(force: Force, line: str) -> Scenario:
    """Several pools scaled at once, e.g. "local x0.5 + support x2"; a pool named later goes before the level that it is in.

    Raises:
        SpecError: the line cannot be read, a factor is above 8, or there is no such pool or base.
    """
    factors, said, own = np.ones(len(force.unit_pool)), [], []
    for part in line.split("+"):
        found = _PART.match(part.strip())
        if not found or float(found[2]) > MOST_TIMES:
            raise SpecError(
                f"{line!r} does not name pools with factors from 0 to {MOST_TIMES:g}",
                where="together",
                next_step="Write for example: local x0.5 + support x2",
            )
        name, factor = own_name(force, found[1]), float(found[2])
        factors[units_named(force, name)] = factor
        said.append(f"{said_pools(force, name)} x{factor:g}")
        own.append(f"{name} x{factor:g}")
    return Scenario(name=" + ".join(said), kind="together", pools=" + ".join(own), copies=spread_copies(force, factors))


def units_named(force: Force, name: str) -> NDArray[np.bool_]:
    """Units of that name, bool (U,): "all", "local", "support", a pool's name or code, or a base or station.

    Raises:
        SpecError: there is no such pool or base, or nobody is in it.
    """
    support = force.is_support[force.unit_pool]
    wanted = name.strip().casefold()
    levels = {"all": np.ones(len(support), dtype=np.bool_), "local": ~support, "support": support}
    pool = _pool_named(force, name)
    if wanted in levels:
        found = levels[wanted]
    elif pool is not None:
        found = force.unit_pool == pool
    else:
        found = np.array([base.casefold() == wanted for base in force.unit_base], dtype=np.bool_)
        if not found.any():
            raise _no_pool(force, name)
    if not found.any():
        raise SpecError(f"Nobody is in {name!r}", where="pools", next_step="Choose a pool that has units with shifts.")
    return found


def own_name(force: Force, name: str) -> str:
    """The name as the data spell it.

    Raises:
        SpecError: there is no such pool or base, or nobody is in it.
    """
    chosen = units_named(force, name)
    wanted = name.strip().casefold()
    if wanted in ("all", "local", "support"):
        return wanted
    pool = _pool_named(force, name)
    return force.unit_base[int(np.flatnonzero(chosen)[0])] if pool is None else force.pools[pool].name


def _pool_named(force: Force, name: str) -> int | None:
    wanted = name.strip().casefold()
    return next((number for number, pool in enumerate(force.pools) if wanted in (pool.name.casefold(), pool.pool_id.casefold())), None)


def _no_pool(force: Force, name: str) -> SpecError:
    listed = ", ".join(pool.name for pool in force.pools[:6])
    return SpecError(
        f"There is no pool or base {name!r}",
        where="pools",
        next_step=f"Give all, local, support, or a pool such as {listed}{', ...' if len(force.pools) > 6 else ''}.",
    )


def said_pools(force: Force, pools: str) -> str:
    """How a sentence names what is scaled."""
    many = force.unit_word[1]
    return {"all": f"All {many}", "local": f"Local {many}", "support": f"Support {many}"}.get(pools, pools)


def one_unit(force: Force, pool: int, change: Literal[-1, 1]) -> Scenario:
    """One unit more or fewer in a pool: the one that works most hours, so that the price is that of a full post."""
    mine = np.flatnonzero(force.unit_pool == pool)
    most = int(mine[np.argmax(force.weekly_hours()[mine])])
    copies = np.ones(len(force.unit_pool), dtype=np.int64)
    copies[most] += change
    word = f"One {force.unit_word[0]} {'more' if change > 0 else 'fewer'}"
    return Scenario(name=f"{word} in {force.pools[pool].name}", kind="one unit", pools=force.pools[pool].name, factor=change, copies=copies)


_MOVE = re.compile(r"^\s*(\d+)\s+from\s+(.+?)\s+to\s+(.+?)\s*$", re.IGNORECASE)


def moved(force: Force, line: str) -> Scenario:
    """Units moved from one pool to another, e.g. "2 from Territorial support to Hackney response".

    Raises:
        SpecError: the line cannot be read, there is no such pool, or it has too few units.
    """
    found = _MOVE.match(line)
    if not found:
        raise SpecError(
            f"{line!r} is not a move", where="moves", next_step="Write for example: 2 from Territorial support to Hackney response"
        )
    count, source, target = int(found[1]), _one_pool(force, found[2]), _one_pool(force, found[3])
    mine = np.flatnonzero(force.unit_pool == source)
    if not 1 <= count <= len(mine):
        raise SpecError(
            f"{count} units cannot be moved: {force.pools[source].name} has {len(mine)}", where="moves", next_step="Move fewer."
        )
    new = force.unit_pool.copy()
    # Evenly along the roster, so that no one shift gives them all.
    new[mine[np.floor((np.arange(count) + 0.5) * len(mine) / count).astype(np.int64)]] = target
    return Scenario(
        name=f"{count} moved from {force.pools[source].name} to {force.pools[target].name}",
        kind="moved",
        copies=np.ones(len(new), dtype=np.int64),
        pool_of_unit=new,
    )


def _one_pool(force: Force, name: str) -> int:
    found = _pool_named(force, name)
    if found is None:
        raise _no_pool(force, name)
    return found


def changed_rules(force: Force, borrow_by_grade: Sequence[float | None]) -> tuple[Scenario, ...]:
    """Today's units under another rule: areas lend to each other where they do not, and the other way round; and diversion."""
    as_is = today(force)
    lends = bool(np.isfinite(force.borrow_after_minutes).any())
    found = []
    if not lends and force.borrows.any() and any(minutes is not None for minutes in borrow_by_grade):
        after = np.array([np.nan if minutes is None else minutes for minutes in borrow_by_grade])
        found.append(replace(as_is, name="Areas lend to neighbours, as the grades allow", kind="rule", borrow_after_minutes=after))
    if lends and not force.returns:
        never = np.full(len(force.grades), np.nan)
        found.append(replace(as_is, name="No area lends to another", kind="rule", borrow_after_minutes=never))
    if np.count_nonzero(force.measured) > 1 and not force.returns:
        urgent, patient = _ends(force)
        found.append(replace(as_is, name=f"Units under way to {patient} calls are diverted to {urgent} ones", kind="rule", diverts=True))
    return tuple(found)


def _ends(force: Force) -> tuple[str, str]:
    measured = np.flatnonzero(force.measured)
    return force.grades[measured[0]], force.grades[measured[-1]]


def played(force: Force, scenario: Scenario) -> Force:
    """The force whose turns of duty are those of the scenario."""
    if scenario.turns_later_minutes == 0:
        return force
    turns = force.turns.copy()
    turns[:, 1] = (turns[:, 1] + scenario.turns_later_minutes) % MINUTES_OF_WEEK
    return replace(force, turns=turns)


def units_in(force: Force, scenario: Scenario) -> NDArray[np.int64]:
    """Units in each pool, array (P,)."""
    pool = force.unit_pool if scenario.pool_of_unit is None else scenario.pool_of_unit
    return np.bincount(pool, scenario.copies, len(force.pools)).astype(np.int64)


def hours_below_minimum(force: Force, scenario: Scenario) -> int:
    """Hours of the week, all pools together, in which fewer units are rostered than the pool's minimum; looked at half past."""
    pool = force.unit_pool if scenario.pool_of_unit is None else scenario.pool_of_unit
    turns = played(force, scenario).turns
    half_past = np.arange(168) * 60 + 30
    since = (half_past[None, :] - turns[:, 1:2]) % MINUTES_OF_WEEK
    on_duty = (since < turns[:, 2:3]) * scenario.copies[turns[:, 0]][:, None]
    rostered = np.zeros((len(force.pools), len(half_past)), dtype=np.int64)
    np.add.at(rostered, pool[turns[:, 0]], on_duty)
    least = np.array([one.minimum_units for one in force.pools])
    return int(np.count_nonzero(rostered < least[:, None]))


def pounds_a_year(force: Force, scenario: Scenario) -> float:
    """What the units on duty cost in a year; NaN where a pool that has units has no price."""
    pool = force.unit_pool if scenario.pool_of_unit is None else scenario.pool_of_unit
    hours = np.bincount(pool, scenario.copies * force.weekly_hours(), len(force.pools))
    pence = np.array([np.nan if one.unit_hour_pence is None else one.unit_hour_pence for one in force.pools])
    return float(np.sum(np.where(hours > 0, hours * pence, 0.0)) * WEEKS_A_YEAR / 100)


def price_of(pool: Pool, hours_a_week: float) -> float:
    """Pounds a year of a unit on duty so many hours a week; NaN where not given."""
    return float("nan") if pool.unit_hour_pence is None else pool.unit_hour_pence * hours_a_week * WEEKS_A_YEAR / 100


def curve(force: Force, pools: Iterable[str], factors: Iterable[float]) -> tuple[Scenario, ...]:
    """Today first, then each of the pools at each factor but 1."""
    return (today(force), *(scaled(force, name, factor) for name in pools for factor in factors if factor != 1))
