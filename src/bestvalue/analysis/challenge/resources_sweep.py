"""All scenarios, replication after replication, until the interval is as narrow as was asked.

Every scenario of a replication meets the same incidents, with the same lengths of time (common random numbers), so that their
difference is not blurred by luck. A job is one replication of all scenarios, in a thread: the compiled engine lets go of the
interpreter. The numbers do not depend on how many threads there are.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate_force import Force, draw, world_of
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_scenarios import Scenario, played
from bestvalue.analysis.challenge.resources_tally import REACHED, WITHIN, Key, Tally, keys_of, tally
from bestvalue.analysis.contract import Progress

LEAST_REACHED = 0.99
"""Below this share the queue has no end in the time simulated."""

THREADS = 2
FIRST_REPLICATIONS, STEP = 4, 4
"""Replications before the interval is looked at, and between two looks."""


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What came of all scenarios.

    Args:
        force: whose.
        scenarios: the first is the one that the others are compared with.
        keys: what the numbers are.
        values: array (scenarios, replications, keys).
        sent: array (scenarios, areas, pools), units sent, all replications together.
        weeks: counted in each replication.
        incidents: played in all.
        confidence: level of the intervals.
    """

    force: Force
    scenarios: tuple[Scenario, ...]
    keys: tuple[Key, ...]
    values: NDArray[np.float64]
    sent: NDArray[np.int64]
    weeks: int
    incidents: int
    confidence: float

    @property
    def replications(self) -> int:
        """How many there were."""
        return int(self.values.shape[1])

    def column(self, key: Key) -> int:
        """Number of a key."""
        return self.keys.index(key)

    def estimate(self, scenario: int, key: Key) -> "Estimate":
        """Mean over replications with its interval."""
        return estimate(self.values[scenario, :, self.column(key)], self.confidence)

    def difference(self, scenario: int, key: Key, *, base: int = 0) -> "Estimate":
        """Mean difference to the base scenario, replication by replication, with its interval."""
        column = self.column(key)
        return estimate(self.values[scenario, :, column] - self.values[base, :, column], self.confidence)

    def reports(self, key: Key) -> int:
        """Incidents that a share of this key was counted on, all replications of one scenario together."""
        weekly = self.values[0, :, self.column(key)]
        return round(float(np.nansum(weekly)) * self.weeks)

    def place(self, name: str) -> int:
        """Number of a scenario."""
        return [scenario.name for scenario in self.scenarios].index(name)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over replications with Student's interval; all NaN or infinite where runs gave no number."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2


def estimate(values: NDArray[np.float64], confidence: float) -> Estimate:
    """Mean and interval of one number over replications.

    Example:
        >>> found = estimate(np.array([1.0, 2.0, 3.0]), 0.95)
        >>> round(found.value, 3), round(found.half_width, 3)   # 4.303 / sqrt(3)
        (2.0, 2.484)
    """
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Estimate(value=float("nan"), low=float("nan"), high=float("nan"))
    if not np.isfinite(known).all():
        middle = float(np.median(known))
        return Estimate(value=middle, low=float(known.min()), high=float(known.max()))
    mean = float(known.mean())
    if len(known) < 2:
        return Estimate(value=mean, low=float("nan"), high=float("nan"))
    half = float(stats.t.ppf((1 + confidence) / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return Estimate(value=mean, low=mean - half, high=mean + half)


def sweep(
    force: Force,
    scenarios: Sequence[Scenario],
    *,
    weeks: int,
    half_width: float,
    most_replications: int,
    confidence: float,
    seed: int,
    progress: Progress,
    threads: int = THREADS,
    first: int = FIRST_REPLICATIONS,
    watched: Sequence[Key] = (Key(WITHIN),),
) -> Sweep:
    """Play the scenarios.

    Args:
        force: as calibrated.
        scenarios: the first is the base.
        weeks: counted in each replication.
        half_width: half of the interval that is narrow enough, of the watched shares in every scenario.
        most_replications: stop here in any case.
        confidence: level of the interval.
        seed: of chance.
        progress: told incidents, replications and the half-width; a cancel takes effect here.
        threads: replications at once; no number depends on it.
        first: replications before the first look.
        watched: the shares whose interval decides.

    Raises:
        Cancelled: the user asked to stop.
    """
    keys = keys_of(force)
    columns = [keys.index(key) for key in watched]
    done: list[list[Tally]] = []
    incidents = 0
    reached = float("inf")
    with ThreadPoolExecutor(max_workers=threads) as workers:
        while len(done) < most_replications and (len(done) < first or reached > half_width):
            upto = min(most_replications, first if len(done) < first else len(done) + STEP)
            jobs = [workers.submit(_replication, force, scenarios, weeks, seed, number) for number in range(len(done), upto)]
            for job in jobs:
                tallies, played_incidents = job.result()
                done.append(tallies)
                incidents += played_incidents
                said = f"{incidents:,} incidents, {len(done)} replications of {len(scenarios)} scenarios"
                if np.isfinite(reached):
                    said += f", interval +-{100 * reached:.1f} points of +-{100 * half_width:.1f} asked"
                try:
                    progress(min(0.99, len(done) / most_replications), said)
                except BaseException:
                    workers.shutdown(wait=True, cancel_futures=True)
                    raise
            reached = _widest(done, columns, keys.index(Key(REACHED)), confidence)
    values = np.array([[run.values for run in runs] for runs in done]).transpose(1, 0, 2)
    sent = np.array([[run.sent for run in runs] for runs in done]).sum(axis=0)
    return Sweep(
        force=force,
        scenarios=tuple(scenarios),
        keys=keys,
        values=values,
        sent=sent,
        weeks=weeks,
        incidents=incidents,
        confidence=confidence,
    )


def _widest(done: list[list[Tally]], columns: list[int], reached: int, confidence: float) -> float:
    """Half-width of the widest interval among the watched shares of all scenarios that are steady.

    Where the queue has no end, what is reached hangs on the weeks that were drawn, and no number of replications is worth waiting for.
    """
    if len(done) < 2:
        return float("inf")
    watched = np.array([[run.values[columns] for run in runs] for runs in done])  # replications, scenarios, columns
    steady = np.array([[run.values[reached] for run in runs] for runs in done]).mean(axis=0) >= LEAST_REACHED
    spread = np.nan_to_num(watched.std(axis=0, ddof=1))[steady]
    if spread.size == 0:
        return 0.0
    return float(stats.t.ppf((1 + confidence) / 2, len(done) - 1) * spread.max() / np.sqrt(len(done)))


def _replication(force: Force, scenarios: Sequence[Scenario], weeks: int, seed: int, number: int) -> tuple[list[Tally], int]:
    """One replication of every scenario; those with the same demand meet the same incidents."""
    drawn = {}
    tallies, incidents = [], 0
    for scenario in scenarios:
        if scenario.demand_factor not in drawn:
            drawn[scenario.demand_factor] = draw(force, weeks=weeks, demand_factor=scenario.demand_factor, seed=seed, replication=number)
        asked = drawn[scenario.demand_factor]
        world, rules = world_of(
            played(force, scenario),
            copies=scenario.copies,
            drawn=asked,
            seed=seed,
            replication=number,
            pool_of_unit=scenario.pool_of_unit,
            borrow_after_minutes=scenario.borrow_after_minutes,
        )
        if scenario.diverts:
            measured = np.flatnonzero(force.measured)
            rules = replace(rules, diverts_for=int(measured[0]), diverts_from=int(measured[-1]))
        outcome = simulate(world, asked.demand, rules, keep_rows=True)
        tallies.append(tally(force, asked, outcome))
        incidents += len(asked.demand.time_us)
    return tallies, incidents
