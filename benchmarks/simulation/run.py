"""How fast is the simulation of response, beside what else could be used? Prints ratios from one run.

    python benchmarks/simulation/run.py            # about three minutes on two free cores
    python benchmarks/simulation/run.py --parts plain,twin --rounds 9

Parts: plain, every (options), twin (C++, where a compiler is), heapq, simpy (where it is installed), sweep, threads, start. All figures of
one core are process CPU time; engines take turns in each round, and a ratio is the median of the rounds' ratios.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import model
import numpy as np
import peer_heapq
import twin

from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_model import WEEK_US, Demand
from bestvalue.analysis.challenge.resources_prepare import prepared
from bestvalue.analysis.challenge.resources_sweep import Means, Sweep, sweep
from bestvalue.analysis.challenge.resources_tally import REPORTED, Key
from bestvalue.analysis.challenge.resources_workspace import Workspace
from bestvalue.analysis.contract import no_progress
from bestvalue.dataset.engines.workers import Threads

SCALES = (0.25, 0.5, 1, 2, 4)
SWEEP_SCALES = (0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.5, 2, 4)
PARTS = ("plain", "every", "heapq", "simpy", "threads", "sweep", "start")
START = """
import time
begin = time.perf_counter()
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_examples import one_grade, two_incidents, world_of
imported = time.perf_counter()
simulate(world_of(units_by_area=[1]), two_incidents(), one_grade())
print(imported - begin, time.perf_counter() - imported, time.process_time())
"""


def seconds(work: Callable[[], object]) -> float:
    """CPU time of this process for a piece of work."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def by_scale(title: str, force: Force, other: twin.Twin | None, rounds: int, *, diverts: bool = False) -> None:
    """Incidents a second by scale, and against the twin in C++."""
    asked, room = model.drawn(force, weeks=52), Workspace()
    demand, n = asked.demand, len(asked.demand.time_us)
    print(f"\n{title}: {n:,} incidents")
    for scale in SCALES:
        ready = prepared(*model.world(force, asked, scale, diverts=diverts))
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(seconds(lambda ready=ready: run(ready, demand, checked=True, workspace=room)))
            if other is not None:
                theirs.append(seconds(lambda ready=ready: other.run(ready, demand)))
        line = f"  x{scale:<5} {n / np.median(ours) / 1e6:5.2f} million incidents/s ({np.median(ours) / n * 1e9:.0f} ns each)"
        if other is not None:
            agree = twin.same(run(ready, demand), other.run(ready, demand))
            line += f", {np.median(np.array(ours) / np.array(theirs)):.2f} times C++; counts {'the same' if agree else 'DIFFER'}"
        print(line, flush=True)


def peers(base: Force, which: str, incidents: int, rounds: int) -> None:
    """Against a peer in Python, on the first incidents of the year."""
    asked = model.drawn(base, weeks=3)
    few = first(asked.demand, incidents)
    world, rules = model.world(base, asked, 1.0)
    ready, room = prepared(world, rules), Workspace()
    force, columns = peer_heapq.Force(world, rules), peer_heapq.Columns(few)
    if which == "simpy":
        try:
            import peer_simpy as peer  # noqa: PLC0415 - simpy may not be installed
        except ModuleNotFoundError:
            print("\nsimpy is not installed: left out")
            return
    else:
        peer = peer_heapq
    rows = run(ready, few, keep_rows=True).rows
    found = peer.play(force, columns)
    agree = rows.scene_us.tolist() == found.scene and rows.support_scene_us.tolist() == found.support_scene
    ratios, speeds = [], []
    for _ in range(rounds):
        theirs = seconds(lambda: peer.play(force, columns))
        ours = seconds(lambda: [run(ready, few, workspace=room) for _ in range(10)]) / 10
        ratios.append(theirs / ours)
        speeds.append(len(few.time_us) / theirs)
    same = "every incident the same" if agree else "incidents DIFFER"
    print(f"\n{which}: {np.median(speeds):,.0f} incidents/s; we are {np.median(ratios):.0f} times as fast; {same}", flush=True)


def first(demand: Demand, incidents: int) -> Demand:
    """The first incidents of a demand, counted from the first."""
    kept = {name: values[:incidents] for name, values in vars(demand).items() if isinstance(values, np.ndarray)}
    end = (int(kept["time_us"][-1]) // WEEK_US + 1) * WEEK_US
    return Demand(**kept, count_from_us=0, end_us=end, stop_us=end)


def played(force: Force, scales: tuple[float, ...], *, replications: int, workers: int) -> Sweep:
    """A sweep as the analysis makes it, drawing and counting included."""
    return sweep(
        force,
        [model.scaled(force, scale) for scale in scales],
        weeks=52,
        half_width=0.0,
        most_replications=replications,
        first=replications,
        confidence=0.95,
        seed=1,
        progress=no_progress,
        means=Means(workers=Threads(count=workers)),
    )


def threads(force: Force, rounds: int) -> None:
    """Two threads against one, by the clock, in turns."""
    ratios, cpu_ratios = [], []
    for _ in range(rounds):
        times, cpu = [], []
        for workers in (1, 2):
            begin, cpu_begin = time.perf_counter(), time.process_time()
            played(force, (0.5, 1, 2), replications=4, workers=workers)
            times.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - cpu_begin)
        ratios.append(times[0] / times[1])
        cpu_ratios.append(cpu[1] / cpu[0])
    print(f"\ntwo threads are {np.median(ratios):.2f} times as fast as one by the clock (from {min(ratios):.2f} to {max(ratios):.2f} in")
    print(f"  {rounds} rounds of 12 runs; needs two free cores), with {np.median(cpu_ratios):.2f} times its CPU time", flush=True)


def whole_sweep(force: Force) -> None:
    """The sweep that answers the question: 9 scales, 20 replications."""
    begin, cpu = time.perf_counter(), time.process_time()
    found = played(force, SWEEP_SCALES, replications=20, workers=2)
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    counted = found.reports(Key(REPORTED)) * len(SWEEP_SCALES)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nsweep: {counted / 1e6:.0f} million counted incidents in {wall:.0f} s by the clock, {cpu:.0f} s of CPU, {peak:.0f} MB at most")
    print("  (incidents drawn and counts gathered included; two threads)", flush=True)


def start() -> None:
    """The first call of a new process, with nothing compiled before and with it."""
    with tempfile.TemporaryDirectory() as cache:
        for what in ("nothing compiled before", "compiled before"):
            done = subprocess.run(
                [sys.executable, "-c", START],
                env={"NUMBA_CACHE_DIR": cache, "PATH": "/usr/bin"},
                check=True,
                capture_output=True,
                text=True,
            )
            imported, called, cpu = (float(word) for word in done.stdout.split())
            print(f"first call, {what}: {called:.2f} s after {imported:.2f} s of imports ({cpu:.1f} s of CPU)", flush=True)


def main() -> None:
    """Run the parts asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--parts", default=",".join(PARTS))
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--peer-incidents", type=int, default=100_000)
    given = asked.parse_args()
    parts = set(given.parts.split(","))
    force = model.force()
    print(f"{len(force.unit_pool) - model.SUPPORT_UNITS:,} response units, {model.SUPPORT_UNITS} support units, {model.AREAS} areas")
    asked = model.drawn(force, weeks=1)
    run(prepared(*model.world(force, asked, 1.0)), asked.demand)  # compile
    if "sweep" in parts:  # first, so that the memory it reports is its own
        whole_sweep(force)
    if "threads" in parts:
        threads(force, given.rounds)
    if "start" in parts:
        start()
    if parts & {"plain", "every", "heapq", "simpy"}:
        one_core(force, parts, given.rounds, given.peer_incidents)


def one_core(force: Force, parts: set[str], rounds: int, peer_incidents: int) -> None:
    """The parts that need one core."""
    other = twin.built(Path(tempfile.mkdtemp()))
    print("\nC++ twin built" if other else "\nno C++ compiler: no twin")
    if "plain" in parts:
        by_scale("plain model", force, other, rounds)
    if "every" in parts:
        by_scale("every option on", model.every_option(force), other, rounds, diverts=True)
    for which in ("heapq", "simpy"):
        if which in parts:
            peers(force, which, peer_incidents, min(rounds, 3))


if __name__ == "__main__":
    main()
