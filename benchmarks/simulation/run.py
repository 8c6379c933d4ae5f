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

from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_model import WEEK_US, Demand, Rules, World
from bestvalue.analysis.challenge.resources_pattern import draw_demand
from bestvalue.analysis.challenge.resources_prepare import prepared
from bestvalue.analysis.challenge.resources_replicate import Scenario, sweep
from bestvalue.analysis.challenge.resources_workspace import Workspace

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


def by_scale(title: str, world: World, rules: Rules, demand: Demand, other: twin.Twin | None, rounds: int) -> None:
    """Incidents a second by scale, and against the twin in C++."""
    n, room = len(demand.time_us), Workspace()
    print(f"\n{title}: {n:,} incidents")
    for scale in SCALES:
        ready = prepared(model.scaled(world, scale), rules)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(seconds(lambda ready=ready: run(ready, demand, workspace=room)))
            if other is not None:
                theirs.append(seconds(lambda ready=ready: other.run(ready, demand)))
        line = f"  x{scale:<5} {n / np.median(ours) / 1e6:5.2f} million incidents/s ({np.median(ours) / n * 1e9:.0f} ns each)"
        if other is not None:
            agree = twin.same(run(ready, demand), other.run(ready, demand))
            line += f", {np.median(np.array(ours) / np.array(theirs)):.2f} times C++; counts {'the same' if agree else 'DIFFER'}"
        print(line, flush=True)


def peers(world: World, rules: Rules, demand: Demand, which: str, incidents: int, rounds: int) -> None:
    """Against a peer in Python, on the first incidents of the year."""
    few = first(demand, incidents)
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


def threads(world: World, rules: Rules) -> None:
    """Two threads against one, by the clock."""
    scenarios = [Scenario(name=f"x{s}", world=model.scaled(world, s), rules=rules, pattern=model.pattern()) for s in (0.5, 1, 2)]
    times, cpu = [], []
    for workers in (1, 2):
        begin, cpu_begin = time.perf_counter(), time.process_time()
        sweep(scenarios, seed=1, replications=4, workers=workers)
        times.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - cpu_begin)
    print(f"\ntwo threads are {times[0] / times[1]:.2f} times as fast as one by the clock (12 runs; needs two free cores),")
    print(f"  with {cpu[1] / cpu[0]:.2f} times its CPU time", flush=True)


def whole_sweep(world: World, rules: Rules) -> None:
    """The sweep that answers the question: 9 scales, 20 replications."""
    pattern = model.pattern()
    scenarios = [Scenario(name=f"x{s}", world=model.scaled(world, s), rules=rules, pattern=pattern) for s in SWEEP_SCALES]
    begin, cpu = time.perf_counter(), time.process_time()
    found = sweep(scenarios, seed=1, replications=20, workers=2)
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    counted = sum(int(outcome.reported.sum()) for outcomes in found.outcomes.values() for outcome in outcomes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nsweep: {counted / 1e6:.0f} million counted incidents in {wall:.0f} s by the clock, {cpu:.0f} s of CPU, {peak:.0f} MB at most")
    print("  (incidents drawn and reports gathered included; two threads)", flush=True)


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
    world, rules = model.world(), model.rules()
    print(f"{len(world.unit_pool) - model.SUPPORT_UNITS:,} response units, {model.SUPPORT_UNITS} support units, {model.AREAS} areas")
    run(prepared(world, rules), draw_demand(model.pattern(weeks=1), seed=1, replication=0))  # compile
    if "sweep" in parts:  # first, so that the memory it reports is its own
        whole_sweep(world, rules)
    if "threads" in parts:
        threads(world, rules)
    if "start" in parts:
        start()
    if parts & {"plain", "every", "heapq", "simpy"}:
        one_core(world, rules, parts, given.rounds, given.peer_incidents)


def one_core(world: World, rules: Rules, parts: set[str], rounds: int, peer_incidents: int) -> None:
    """The parts that need one core."""
    demand = draw_demand(model.pattern(), seed=1, replication=0)
    other = twin.built(Path(tempfile.mkdtemp()))
    print("\nC++ twin built" if other else "\nno C++ compiler: no twin")
    if "plain" in parts:
        by_scale("plain model", world, rules, demand, other, rounds)
    if "every" in parts:
        busy, with_diversion, pattern = model.every_option()
        by_scale("every option on", busy, with_diversion, draw_demand(pattern, seed=1, replication=0), other, rounds)
    for which in ("heapq", "simpy"):
        if which in parts:
            peers(world, rules, demand, which, peer_incidents, min(rounds, 3))


if __name__ == "__main__":
    main()
