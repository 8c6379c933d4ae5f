"""What is the least-cost mix if each pool may have a size of its own? Chosen from the curves of the pools, tested by simulation.

Scaling every pool by one factor shows, area by area and skill by skill, what each pool does at that size, because a pool answers for its
own area or skills. From those curves an integer programme chooses a factor for each pool. Two things then say how good the choice is:

- the chosen mix is simulated on other incidents, and must meet each target surely; if it does not, the targets are set higher and it is
  chosen anew;
- the Lagrangian of the programme (Geoffrion 1974, Mathematical Programming Study 2) bounds from below what any choice costs. Its
  minimum over noisy curves is too low rather than too high (Mak, Morton and Wood 1999, Operations Research Letters 24), and the lower end
  of its interval over replications is taken.

Where areas lend to each other a pool also answers for others; the test holds, the bound takes each pool to answer for its own.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_model import Floats, Longs
from bestvalue.analysis.challenge.resources_scenarios import WEEKS_A_YEAR, Scenario, scaled, today
from bestvalue.analysis.challenge.resources_sweep import Means, Sweep, estimate, sweep
from bestvalue.analysis.challenge.resources_tally import AREA, REPORTED, SKILL, SUPPORT, Key
from bestvalue.analysis.contract import Progress

TRIES = 5
"""Choices that are tested at most; the confidence is shared out over them."""

TESTED = (8, 16, 32)
"""Replications of the test of a choice, until it is sure either way."""

LEAST_RAISE = 0.0005


@dataclass(frozen=True, kw_only=True)
class PoolMix:
    """The answer.

    Args:
        pools: names of the pools with units; pools of support that share a skill have one factor.
        factors: of each pool.
        units, units_today: of each pool.
        cost: pounds a year, or units where a pool has no price; cost_today of today's force.
        cost_of, cost_today_of: of each pool.
        shares: of the chosen mix by key: value, low and high, from incidents that it was not chosen on.
        bound: no choice of these factors costs less.
        replications: of the test.
        by_price: costs are pounds.
        lends: areas lend, so that the bound is for pools that answer for their own.
        confidence: of test and bound together.
    """

    pools: tuple[str, ...]
    factors: Floats
    units: Longs
    units_today: Longs
    cost: float
    cost_today: float
    cost_of: Floats
    cost_today_of: Floats
    shares: Mapping[Key, tuple[float, float, float]]
    bound: float
    replications: int
    by_price: bool
    lends: bool
    confidence: float

    @property
    def gap(self) -> float:
        """Share of its cost that the answer may be dearer than the least."""
        return max(0.0, 1 - self.bound / self.cost) if self.cost > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class _Curves:
    """What each group of pools does and costs at each factor. K groups, F factors, T targets, R replications.

    Args:
        group: array (P,): group of each pool, -1 without units.
        factors: (F,).
        copies: (F, U): how often each unit is there.
        cost: (K, F), a year or in units.
        hits: (R, T, K, F): incidents a week within target.
        asked: (R, T): incidents a week.
    """

    group: Longs
    factors: Floats
    copies: Longs
    cost: Floats
    hits: Floats
    asked: Floats


def find_pool_mix(
    force: Force,
    *,
    factors: Sequence[float],
    wanted: Mapping[Key, float],
    weeks: int,
    replications: int,
    confidence: float,
    seed: int,
    progress: Progress,
    means: Means,
) -> PoolMix | None:
    """Choose a factor for each pool; None where no choice meets the targets.

    Args:
        force: as calibrated.
        factors: that a pool may have.
        wanted: share that is to be within target, by key.
        weeks: counted in each replication.
        replications: that the curves are read from.
        confidence: of the whole answer.
        seed: of chance; the test has the next one.
        progress: told how far it is.
        means: with what it is played.
    """
    chosen_factors = sorted({*factors, 1.0})
    options = {"weeks": weeks, "half_width": 0.0, "means": means}
    curves = _curves(
        sweep(
            force,
            [scaled(force, "all", factor) for factor in chosen_factors],
            most_replications=replications,
            first=replications,
            confidence=confidence,
            seed=seed,
            progress=lambda share, doing: progress(0.4 * share, f"Searching the mix by pool: {doing}"),
            **options,  # type: ignore[arg-type] # one mapping for both sweeps
        ),
        chosen_factors,
        list(wanted),
    )
    targets = np.array(list(wanted.values()))
    required = targets
    level = 1 - (1 - confidence) / 2 / TRIES
    for number in range(TRIES):
        choice = _choice(curves, required)
        if choice is None:
            return None
        scenario = _scenario(force, curves, choice)
        for many in TESTED:
            tested = sweep(
                force,
                [scenario],
                most_replications=many,
                first=many,
                confidence=level,
                seed=seed + 1,
                progress=lambda share, doing, n=number: progress(0.4 + 0.12 * (n + share), f"Searching the mix by pool: {doing}"),
                **options,  # type: ignore[arg-type] # as above
            )
            found = [tested.estimate(0, key) for key in wanted]
            low, high = (np.array([getattr(one, end) for one in found]) for end in ("low", "high"))
            if (low >= targets).all() or (high < targets).any():
                break
        if (low >= targets).all():
            return _answer(force, curves, choice, scenario, tested, wanted, confidence)
        # More than this choice promised on its curves, by what it fell short: who chooses by noisy curves chooses luck.
        promised = curves.hits.mean(axis=0)[:, np.arange(len(choice)), choice].sum(axis=1) / curves.asked.mean(axis=0)
        short = np.maximum(targets - low, LEAST_RAISE)
        required = np.minimum(np.where(low < targets, np.maximum(required, promised + short), required), 1.0)
    return None


def _curves(played: Sweep, factors: Sequence[float], wanted: Sequence[Key]) -> _Curves:
    force = played.force
    group = _groups(force)
    copies = np.array([scenario.copies for scenario in played.scenarios])
    hours, pence = (
        force.weekly_hours(),
        np.array([np.nan if pool.unit_hour_pence is None else pool.unit_hour_pence for pool in force.pools]),
    )
    price = hours * pence[force.unit_pool] * WEEKS_A_YEAR / 100
    each = price if np.isfinite(price).all() else np.ones(len(price))
    groups = int(group.max()) + 1
    cost = np.array([np.bincount(group[force.unit_pool], each * many, groups) for many in copies]).T
    replications = played.replications
    hits, asked = np.zeros((replications, len(wanted), groups, len(factors))), np.zeros((replications, len(wanted)))
    for target, key in enumerate(wanted):
        for owner, part in _parts(force, group, key):
            share = np.nan_to_num(played.values[:, :, played.column(replace(key, by=part[0], name=part[1]))])
            count = played.values[:, :, played.column(Key(REPORTED, key.grade, *part))]
            asked[:, target] += count.mean(axis=0)
            if owner >= 0:
                hits[:, target, owner] += (share * count).T
    return _Curves(group=group, factors=np.array(factors), copies=copies, cost=cost, hits=hits, asked=asked)


def _parts(force: Force, group: Longs, key: Key) -> list[tuple[int, tuple[str, str]]]:
    """Areas, or skills, with the group that answers for them; -1 for nobody."""
    if key.grade != SUPPORT:
        return [(int(group[number]), (AREA, name)) for number, name in enumerate(force.area_names)]
    found = []
    for bit, skill in enumerate(force.skills):
        able = (force.unit_skills >> np.uint64(bit)) & np.uint64(1) > 0
        pools = force.unit_pool[able & force.is_support[force.unit_pool]]
        found.append((int(group[pools[0]]) if len(pools) else -1, (SKILL, skill)))
    return found


def _groups(force: Force) -> Longs:
    """One group a pool, but for pools of support that share a skill."""
    groups = np.arange(len(force.pools))
    support = force.is_support[force.unit_pool]
    for bit in range(len(force.skills)):
        able = support & ((force.unit_skills >> np.uint64(bit)) & np.uint64(1) > 0)
        sharing = np.unique(groups[force.unit_pool[able]])
        groups[np.isin(groups, sharing)] = sharing[0] if len(sharing) else -1
    groups[~np.isin(np.arange(len(groups)), force.unit_pool)] = -1
    names = np.unique(groups[groups >= 0])
    return np.where(groups >= 0, np.searchsorted(names, groups), -1).astype(np.int64)


def _constraints(curves: _Curves, targets: Floats) -> tuple[csr_array, Floats, csr_array]:
    """Rows of incidents within target, what they must reach, and rows that give each group one factor."""
    groups, factors = curves.cost.shape
    hits = curves.hits.mean(axis=0).reshape(len(targets), -1)
    one_each = csr_array(np.kron(np.eye(groups), np.ones(factors)))
    return csr_array(hits), targets * curves.asked.mean(axis=0), one_each


def _choice(curves: _Curves, targets: Floats) -> Longs | None:
    """Place of the factor of each group that meets the targets on the curves at least cost; None where none does."""
    hits, least, one_each = _constraints(curves, targets)
    found = milp(
        curves.cost.ravel(),
        integrality=np.ones(curves.cost.size),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(hits, lb=least), LinearConstraint(one_each, lb=1, ub=1)],
        options={"mip_rel_gap": 1e-4},
    )
    return None if found.x is None else found.x.reshape(curves.cost.shape).argmax(axis=1).astype(np.int64)


def _bound(curves: _Curves, targets: Floats, confidence: float) -> float:
    """What no choice undercuts: the Lagrangian at the prices of the relaxed programme, at the lower end of its interval."""
    hits, least, one_each = _constraints(curves, targets)
    relaxed = linprog(
        curves.cost.ravel(), A_ub=-hits, b_ub=-least, A_eq=one_each, b_eq=np.ones(len(curves.cost)), bounds=(0, 1), method="highs"
    )
    if relaxed.x is None:
        return 0.0
    prices = np.maximum(-relaxed.ineqlin.marginals, 0.0)  # pounds for one more incident within target a week
    worth = np.einsum("t,rtkf->rkf", prices, curves.hits)
    best = (curves.cost - worth.mean(axis=0)).argmin(axis=1)
    groups = np.arange(len(best))
    by_replication = curves.cost[groups, best].sum() - worth[:, groups, best].sum(axis=1) + curves.asked @ (prices * targets)
    return estimate(by_replication, confidence).low


def _scenario(force: Force, curves: _Curves, choice: Longs) -> Scenario:
    units = np.arange(len(force.unit_pool))
    copies = curves.copies[choice[curves.group[force.unit_pool]], units]
    return replace(today(force), name="each pool its own factor", kind="mix", copies=copies)


def _answer(
    force: Force, curves: _Curves, choice: Longs, scenario: Scenario, tested: Sweep, wanted: Mapping[Key, float], confidence: float
) -> PoolMix:
    with_units = np.flatnonzero(curves.group >= 0)
    by_price = all(force.pools[number].unit_hour_pence is not None for number in with_units)
    each = np.ones(len(force.unit_pool))
    if by_price:
        pence = np.array([force.pools[number].unit_hour_pence for number in force.unit_pool], dtype=np.float64)
        each = force.weekly_hours() * pence * WEEKS_A_YEAR / 100

    def by_pool(values: NDArray[np.float64]) -> Floats:
        return np.bincount(force.unit_pool, values, len(force.pools)).astype(np.float64)[with_units]

    cost_of, cost_today_of = by_pool(each * scenario.copies), by_pool(each)
    found = {key: tested.estimate(0, key) for key in wanted}
    return PoolMix(
        pools=tuple(force.pools[number].name for number in with_units),
        factors=curves.factors[choice[curves.group[with_units]]],
        units=by_pool(scenario.copies.astype(float)).astype(np.int64),
        units_today=by_pool(np.ones(len(force.unit_pool))).astype(np.int64),
        cost=float(cost_of.sum()),
        cost_today=float(cost_today_of.sum()),
        cost_of=cost_of,
        cost_today_of=cost_today_of,
        shares={key: (one.value, one.low, one.high) for key, one in found.items()},
        bound=_bound(curves, np.array(list(wanted.values())), 1 - (1 - confidence) / 2),
        replications=tested.replications,
        by_price=by_price,
        lends=bool(np.isfinite(force.borrow_after_minutes).any()),
        confidence=confidence,
    )


def pool_mix_rows(mix: PoolMix) -> pl.DataFrame:
    """The choice as a table: pool, factor, units_today, units, pounds_a_year_today, pounds_a_year (empty without prices), change."""
    pounds = [mix.cost_today_of, mix.cost_of] if mix.by_price else [np.full(len(mix.pools), math.nan)] * 2
    return pl.DataFrame(
        {
            "pool": mix.pools,
            "factor": mix.factors,
            "units_today": mix.units_today,
            "units": mix.units,
            "pounds_a_year_today": pounds[0],
            "pounds_a_year": pounds[1],
            "change": pounds[1] - pounds[0],
        }
    ).fill_nan(None)
