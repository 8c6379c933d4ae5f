"""Which forces are compared? Pools scaled, units moved, rules, turns and demand changed: each a scenario beside the force as it is."""

import re
from collections.abc import Iterable
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
        lender_keeps: idle units that a lender keeps; None for as today.
        diverts: (g, h): grade g and more urgent ones may take a unit under way to grade h or a less urgent one; None for nobody.
        turns: other turns of duty, in the form of the force's; None for today's.
        demand_factor: incidents against today.
    """

    name: str
    kind: Kind
    pools: str = ""
    factor: float = 1.0
    copies: NDArray[np.int64] = field(repr=False)
    pool_of_unit: NDArray[np.int32] | None = field(default=None, repr=False)
    borrow_after_minutes: NDArray[np.float64] | None = None
    lender_keeps: int | None = None
    diverts: tuple[int, int] | None = None
    turns: NDArray[np.int64] | None = field(default=None, repr=False)
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
    pool = pool_named(force, name)
    if wanted in levels:
        found = levels[wanted]
    elif pool is not None:
        found = force.unit_pool == pool
    else:
        found = np.array([base.casefold() == wanted for base in force.unit_base], dtype=np.bool_)
        if not found.any():
            raise no_pool(force, name)
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
    pool = pool_named(force, name)
    return force.unit_base[int(np.flatnonzero(chosen)[0])] if pool is None else force.pools[pool].name


def pool_named(force: Force, name: str) -> int | None:
    """Number of a pool by its name or code, however spelt; None where there is none."""
    wanted = name.strip().casefold()
    return next((number for number, pool in enumerate(force.pools) if wanted in (pool.name.casefold(), pool.pool_id.casefold())), None)


def no_pool(force: Force, name: str) -> SpecError:
    """The error that says which pools there are."""
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


def played(force: Force, scenario: Scenario) -> Force:
    """The force with the turns of duty and the rules of the scenario."""
    changed = {
        "turns": scenario.turns,
        "borrow_after_minutes": scenario.borrow_after_minutes,
        "lender_keeps": scenario.lender_keeps,
    }
    return replace(force, **{name: value for name, value in changed.items() if value is not None})  # type: ignore[arg-type] # of their kinds


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
    hours = np.bincount(pool, scenario.copies * played(force, scenario).weekly_hours(), len(force.pools))
    pence = np.array([np.nan if one.unit_hour_pence is None else one.unit_hour_pence for one in force.pools])
    return float(np.sum(np.where(hours > 0, hours * pence, 0.0)) * WEEKS_A_YEAR / 100)


def price_of(pool: Pool, hours_a_week: float) -> float:
    """Pounds a year of a unit on duty so many hours a week; NaN where not given."""
    return float("nan") if pool.unit_hour_pence is None else pool.unit_hour_pence * hours_a_week * WEEKS_A_YEAR / 100


def curve(force: Force, pools: Iterable[str], factors: Iterable[float]) -> tuple[Scenario, ...]:
    """Today first, then each of the pools at each factor but 1."""
    return (today(force), *(scaled(force, name, factor) for name in pools for factor in factors if factor != 1))
