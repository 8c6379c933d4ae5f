"""All scenarios, replication after replication, until the interval is as narrow as was asked.

Every scenario of a replication meets the same incidents, with the same lengths of time (common random numbers), so that their
difference is not blurred by luck. A piece of work is one replication of all scenarios, in a thread (the compiled engine lets go of the
interpreter) or on an executor of a cluster. Its counts are kept by scenario and replication, so that neither who played it nor when can
change a number, and what is finished outlives a cancel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate_force import Force, draw, world_of
from bestvalue.analysis.challenge.resources_calibrate_weeks import Drawn
from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_kept import Kept, run_of, write
from bestvalue.analysis.challenge.resources_model import Floats
from bestvalue.analysis.challenge.resources_prepare import Prepared, prepared
from bestvalue.analysis.challenge.resources_scenarios import Scenario, played
from bestvalue.analysis.challenge.resources_tally import REACHED, WITHIN, Key, Tally, keys_of, tally
from bestvalue.analysis.challenge.resources_workspace import Workspace, Workspaces
from bestvalue.analysis.contract import Progress
from bestvalue.dataset.engines.workers import Threads, Workers

LEAST_REACHED = 0.99
"""Below this share the queue has no end in the time simulated."""

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


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a sweep is played with; no number depends on it.

    Args:
        workers: who plays the replications.
        kept: the runs of this force that are finished already.
        workspaces: memory that the sweeps of one analysis use one after the other.
    """

    workers: Workers = field(default_factory=Threads)
    kept: Kept = field(default_factory=Kept)
    workspaces: Workspaces = field(default_factory=Workspaces)


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
    means: Means | None = None,
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
        progress: told incidents, replications and the half-width; a cancel takes effect here, and what is finished stays kept.
        means: with what; threads, and nothing kept, when left out.
        first: replications before the first look.
        watched: the shares whose interval decides.

    Raises:
        Cancelled: the user asked to stop.
    """
    means = means or Means()
    keys = keys_of(force)
    columns, reached_at = [keys.index(key) for key in watched], keys.index(Key(REACHED))
    play = _Play(
        force=force,
        scenarios=tuple(scenarios),
        runs=tuple(run_of(scenario, weeks=weeks, seed=seed) for scenario in scenarios),
        weeks=weeks,
        seed=seed,
        folder=means.kept.folder,
        workspaces=means.workspaces,
    )
    done: list[list[Tally]] = []
    reached = float("inf")
    said = _Said(progress, most_replications, len(scenarios), half_width)
    while len(done) < most_replications and (len(done) < first or reached > half_width):
        upto = min(most_replications, first if len(done) < first else len(done) + STEP)
        _play_on(play, range(len(done), upto), means, said)
        for number in range(len(done), upto):
            rows = [means.kept.find(run, number) for run in play.runs]
            done.append([Tally.of_vector(row, keys=len(keys), areas=len(force.area_names)) for row in rows if row is not None])
        reached = said.reached = _widest(done, columns, reached_at, confidence)
    said()
    values = np.array([[run.values for run in runs] for runs in done]).transpose(1, 0, 2)
    sent = np.array([[run.sent for run in runs] for runs in done]).sum(axis=0)
    return Sweep(
        force=force,
        scenarios=tuple(scenarios),
        keys=keys,
        values=values,
        sent=sent,
        weeks=weeks,
        incidents=sum(run.incidents for runs in done for run in runs),
        confidence=confidence,
    )


def _play_on(play: "_Play", numbers: Sequence[int], means: Means, said: "_Said") -> None:
    """Play what is not finished of these replications, and keep it."""
    wanted = []
    for number in numbers:
        rows = [means.kept.find(run, number) for run in play.runs]
        said.incidents += sum(int(row[-1]) for row in rows if row is not None)
        wanted.append((number, tuple(place for place, row in enumerate(rows) if row is None)))
    missing = [item for item in wanted if item[1]]
    said.replications = numbers[0] + len(wanted) - len(missing)
    said()
    for item, played_rows in means.workers.each(play_replication, play, missing, look=said):
        for place, row in zip(item[1], played_rows, strict=True):
            means.kept.add(play.runs[place], item[0], row)
        said.replications += 1
        said.incidents += sum(int(row[-1]) for row in played_rows)
        said()


@dataclass
class _Said:
    """Tells how far a sweep is."""

    progress: Progress
    most: int
    scenarios: int
    half_width: float
    incidents: int = 0
    replications: int = 0
    reached: float = float("inf")

    def __call__(self) -> None:
        scenarios = f"{self.scenarios} scenario{'' if self.scenarios == 1 else 's'}"
        words = f"{self.incidents:,} incidents, {self.replications} replications of {scenarios}"
        if np.isfinite(self.reached):
            words += f", interval +-{100 * self.reached:.1f} points of +-{100 * self.half_width:.1f} asked"
        self.progress(min(0.99, self.replications / self.most), words)


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


@dataclass(frozen=True, kw_only=True)
class _Play:
    """What all replications of a sweep share. `runs` names what each scenario plays; `folder` keeps what is finished."""

    force: Force
    scenarios: tuple[Scenario, ...]
    runs: tuple[str, ...]
    weeks: int
    seed: int
    folder: Path | None
    workspaces: Workspaces


def play_replication(play: _Play, item: tuple[int, tuple[int, ...]]) -> list[Floats]:
    """One replication of some scenarios; those with the same demand meet the same incidents. The counts of each as one row of numbers."""
    number, places = item
    found: dict[int, Floats] = {}
    with play.workspaces.one() as workspace:
        for alike in _by_demand(play.scenarios, places):
            found |= _play_alike(play, alike, number, workspace)
    return [found[place] for place in places]


def _play_alike(play: _Play, places: Sequence[int], number: int, workspace: Workspace) -> dict[int, Floats]:
    """One replication of scenarios that meet the same incidents."""
    force, demand_factor = play.force, play.scenarios[places[0]].demand_factor
    asked = draw(force, weeks=play.weeks, demand_factor=demand_factor, seed=play.seed, replication=number, workspace=workspace)
    found = {}
    for rank, place in enumerate(places):
        ready = _prepared(play, place, asked, number)
        outcome = run(ready, asked.demand, checked=rank > 0, workspace=workspace)
        found[place] = tally(force, asked.demand, outcome).as_vector()
        if play.folder is not None:
            write(play.folder, play.runs[place], number, found[place])
    return found


def _by_demand(scenarios: Sequence[Scenario], places: Sequence[int]) -> list[list[int]]:
    """Scenarios that meet the same incidents go together: the incidents of one demand are in memory at a time."""
    groups: dict[object, list[int]] = {}
    for place in places:
        groups.setdefault(scenarios[place].demand_factor, []).append(place)
    return list(groups.values())


def _prepared(play: _Play, place: int, asked: Drawn, number: int) -> Prepared:
    """The scenario's world of this replication."""
    force, scenario = play.force, play.scenarios[place]
    world, rules = world_of(
        played(force, scenario),
        copies=scenario.copies,
        drawn=asked,
        seed=play.seed,
        replication=number,
        pool_of_unit=scenario.pool_of_unit,
    )
    if scenario.diverts is not None:
        rules = replace(rules, diverts_for=scenario.diverts[0], diverts_from=scenario.diverts[1])
    return prepared(world, rules)
