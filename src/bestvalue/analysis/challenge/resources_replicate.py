"""Many replications of many scenarios: the same incidents for every scenario of a replication, spread over threads.

A job is one replication: its incidents are drawn once and every scenario meets them. Results are kept by replication, so neither the number
of workers nor the order in which jobs end can change a figure. A cancel keeps the replications that are finished.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_model import Outcome, Rules, World
from bestvalue.analysis.challenge.resources_pattern import DemandPattern, draw_demand
from bestvalue.analysis.challenge.resources_prepare import Prepared, prepared
from bestvalue.analysis.challenge.resources_workspace import Workspace
from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.errors import Cancelled, SpecError

LOOK_AGAIN_SECONDS = 0.2
"""How often the waiting thread tells progress and looks for a cancel."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One way that things might be: who can be sent, by which rules, to meet which demand.

    Scenarios that hold the same pattern object meet the same incidents; patterns that differ little share most of theirs.
    """

    name: str
    world: World
    rules: Rules
    pattern: DemandPattern


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What came out.

    Args:
        outcomes: by name of scenario, one outcome a replication; replication r is the same incidents in each.
        replications: numbers of the replications, rising.
        complete: False where a cancel came first.
    """

    outcomes: Mapping[str, tuple[Outcome, ...]]
    replications: tuple[int, ...]
    complete: bool = True


Played = tuple[Outcome, ...]
Spread = Callable[[Sequence[Scenario], int, Sequence[int]], Mapping[int, Played]]
"""Plays the replications named last, with a seed, somewhere else than in threads of this process; see `sweep`."""


def sweep(
    scenarios: Sequence[Scenario],
    *,
    seed: int,
    replications: int,
    workers: int = 1,
    progress: Progress = no_progress,
    enough: Callable[[Sweep], bool] | None = None,
    step: int = 5,
    spread: Spread | None = None,
) -> Sweep:
    """Play every scenario on the same replications.

    Args:
        scenarios: what to compare; names differ.
        seed: of all random numbers.
        replications: how many at most, from number 0 on.
        workers: threads; each holds one replication's incidents (about 90 MB for 2.5 million) and one run (about 60 MB).
        progress: told incidents and replications done; may raise `Cancelled`.
        enough: asked after each `step` replications whether that will do, e.g. whether a half-width is reached. It sees fixed numbers of
            replications, so the answer does not depend on the workers.
        step: see there.
        spread: plays a step's replications elsewhere, such as on a cluster, by calling `play_replication` there; the results are the same.

    Returns:
        Sweep: outcomes by scenario and replication.

    Raises:
        SpecError: a world, rules or pattern that cannot be played, or two scenarios of one name.
        Cancelled: cancelled before any replication was finished.
    """
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len(names) or not names or replications < 1:
        raise SpecError(
            "scenarios need different names, and a replication at least", where="scenarios", next_step="Name each by what it changes."
        )
    played: dict[int, Played] = {}
    ready = [prepared(scenario.world, scenario.rules) for scenario in scenarios]
    while len(played) < replications:
        batch = range(len(played), min(len(played) + (step if enough else replications), replications))
        cancelled = _told(progress, len(played) / replications, f"{len(played)} of {replications} replications done")
        if cancelled is None and spread is not None:
            played |= spread(scenarios, seed, batch)
        elif cancelled is None:
            cancelled = _in_threads(scenarios, ready, seed, batch, played, replications, workers=workers, progress=progress)
        if cancelled is not None and not played:
            raise cancelled
        so_far = _gathered(names, played, complete=cancelled is None)
        if cancelled is not None or (enough is not None and enough(so_far)):
            break
    return so_far


def play_replication(
    scenarios: Sequence[Scenario],
    *,
    seed: int,
    replication: int,
    ready: Sequence[Prepared] | None = None,
    finished: Callable[[int], None] | None = None,
    workspace: Workspace | None = None,
) -> Played:
    """Draw one replication's incidents and play every scenario on them; `finished` is told the incidents of each run that is over."""
    held = workspace or Workspace()
    made = ready if ready is not None else [prepared(scenario.world, scenario.rules) for scenario in scenarios]
    drawn, demand, fits = None, None, None
    outcomes = []
    for scenario, world in zip(scenarios, made, strict=True):
        if demand is None or drawn is not scenario.pattern:  # one at a time: they are large
            drawn, demand = scenario.pattern, draw_demand(scenario.pattern, seed=seed, replication=replication, workspace=held)
            fits = None
        sizes = (world.areas, world.grades, world.skills, world.zones)
        outcomes.append(run(world, demand, checked=sizes == fits, workspace=held))
        fits = sizes
        if finished is not None:
            finished(len(demand.time_us))
    return tuple(outcomes)


class _Watch:
    """Counts runs and incidents of all threads, and tells them to stop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.runs = 0
        self.incidents = 0

    def finished(self, incidents: int) -> None:
        with self._lock:
            self.runs += 1
            self.incidents += incidents
        if self._stop.is_set():
            raise Cancelled("stopped between two runs")

    def stop(self) -> None:
        self._stop.set()


def _in_threads(
    scenarios: Sequence[Scenario],
    ready: Sequence[Prepared],
    seed: int,
    batch: Sequence[int],
    played: dict[int, Played],
    replications: int,
    *,
    workers: int,
    progress: Progress,
) -> Cancelled | None:
    """Play a batch of replications into `played`; the cancel, if one came."""
    watch, before, cancelled, own = _Watch(), len(played), None, threading.local()

    def play(number: int) -> Played:
        own.workspace = getattr(own, "workspace", None) or Workspace()
        return play_replication(scenarios, seed=seed, replication=number, ready=ready, finished=watch.finished, workspace=own.workspace)

    with ThreadPoolExecutor(max_workers=max(workers, 1)) as pool:
        jobs: dict[Future[Played], int] = {pool.submit(play, number): number for number in batch}
        open_jobs = set(jobs)
        while open_jobs:
            done, open_jobs = wait(open_jobs, timeout=LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for job in done:
                if job.cancelled() or isinstance(job.exception(), Cancelled):
                    continue
                played[jobs[job]] = job.result()
            if cancelled is None:
                share = (before * len(scenarios) + watch.runs) / (replications * len(scenarios))
                cancelled = _told(progress, share, f"{watch.incidents:,} incidents simulated, {len(played)} replications done")
                if cancelled is not None:
                    watch.stop()
                    for job in open_jobs:
                        job.cancel()
    return cancelled


def _told(progress: Progress, share: float, doing: str) -> Cancelled | None:
    """Tell how far it is; the cancel, if that is the answer."""
    try:
        progress(min(share, 1.0), doing)
    except Cancelled as stop:
        return stop
    return None


def _gathered(names: Sequence[str], played: Mapping[int, Played], *, complete: bool) -> Sweep:
    numbers = tuple(sorted(played))
    return Sweep(
        outcomes={name: tuple(played[number][place] for number in numbers) for place, name in enumerate(names)},
        replications=numbers,
        complete=complete,
    )
