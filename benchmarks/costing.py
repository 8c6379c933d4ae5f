"""How fast is costing? Reciprocal allocation against a sparse LU, rounding to pence, and the bootstrap of a whole costing.

Goals, in one run: 20,000 reciprocal centres with 8 links each and 5,000 activities to 1e-12 in 100 ms (stretch 40), and 100
times as fast as a sparse LU of the same equations; 25,000 amounts to pence in 5 ms; 1,000 resamples of 200 centres, 60
activities and 5,000 diary days in 2 s.

Usage: python benchmarks/costing.py
"""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.linalg import splu

from bestvalue.analysis.compete.costing_activities import activity_costs
from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_sample import Diary, time_shares
from bestvalue.analysis.compete.costing_support import SupportNetwork, closed_loops, network_of, pass_on
from bestvalue.analysis.compete.costing_views import by_centre_and_activity
from bestvalue.analysis.pence import round_to_total

CENTRES, LINKS, ACTIVITIES = 20_000, 8, 5_000
REPEATS = 5


def chart_of_accounts(inside: float, *, centres: int = CENTRES, seed: int = 1) -> tuple[SupportNetwork, np.ndarray]:
    """A random network: each centre serves eight others, and an activity with the rest; the worst case for a direct solver."""
    chance = np.random.default_rng(seed)
    givers = np.repeat(np.arange(centres), LINKS)
    takers = chance.integers(0, centres, (centres, LINKS))
    quantity = chance.random((centres, LINKS))
    quantity *= inside / quantity.sum(axis=1, keepdims=True)
    network = network_of(
        np.concatenate([givers, np.arange(centres)]),
        np.concatenate([takers.ravel(), centres + chance.integers(0, ACTIVITIES, centres)]),
        np.concatenate([quantity.ravel(), np.full(centres, 1 - inside)]),
        support=centres,
        others=ACTIVITIES,
    )
    return network, chance.lognormal(12, 1, centres)


def median_seconds(work: Callable[[], object]) -> float:
    """Median of a few runs."""
    return statistics.median(_timed(work) for _ in range(REPEATS))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _factorise(system: sparse.csc_array, own: np.ndarray, answer: "multiprocessing.Queue[float]") -> None:
    started = time.perf_counter()
    splu(system).solve(own)
    answer.put(time.perf_counter() - started)


def lu_seconds(network: SupportNetwork, own: np.ndarray, *, limit: float) -> float | None:
    """Seconds that a sparse LU takes; None when it is stopped at the limit. In a process of its own, for it cannot be interrupted."""
    system = (sparse.eye_array(len(own), format="csr") - network.among).tocsc()
    answer: multiprocessing.Queue[float] = multiprocessing.Queue()
    worker = multiprocessing.Process(target=_factorise, args=(system, own, answer))
    worker.start()
    worker.join(limit)
    if worker.is_alive():
        worker.kill()
        worker.join()
        return None
    return answer.get()


def reciprocal() -> None:
    """The solve, with the search for closed loops before it, against LU."""
    for inside in (0.4, 0.9):
        network, own = chart_of_accounts(inside)
        loops = median_seconds(lambda given=network: closed_loops(given))
        solve = median_seconds(lambda given=network, spent=own: pass_on(given, spent))
        passed = pass_on(network, own)
        loaded = passed.loaded[:, 0]
        error = float(np.abs((own + network.among @ loaded - loaded) / loaded).max())
        lost = float(abs(passed.received.sum() / own.sum() - 1))
        print(
            f"reciprocal, {inside:.0%} inside: closed loops {loops * 1e3:6.1f} ms, solve {solve * 1e3:6.1f} ms, "
            f"largest relative residual {error:.1e}, money lost {lost:.1e}"
        )
        print(f"  together {(loops + solve) * 1e3:6.1f} ms   (goal 100: {(loops + solve) / 0.1:.2f} of it; stretch 40)")
        if inside == 0.9:
            limit = max(10.0, 150 * (loops + solve))
            direct = lu_seconds(network, own, limit=limit)
            took = f"{direct:.1f} s" if direct is not None else f"more than {limit:.1f} s, stopped"
            ratio = (direct or limit) / (loops + solve)
            print(f"  sparse LU {took}: {'' if direct else 'more than '}{ratio:,.0f} times as long   (goal 100)")
    network, own = chart_of_accounts(0.9, centres=2_000)
    ours, direct = median_seconds(lambda: pass_on(network, own)), lu_seconds(network, own, limit=60)
    if direct is not None:
        print(f"  with 2,000 centres: {ours * 1e3:.1f} ms, sparse LU {direct * 1e3:,.0f} ms, {direct / ours:,.0f} times as long")


def rounding() -> None:
    """25,000 amounts to whole pence that add up."""
    drawn = np.random.default_rng(3).lognormal(12, 1, CENTRES + ACTIVITIES)
    whole = round(float(drawn.sum()))
    amounts = drawn * (whole / drawn.sum())
    took = median_seconds(lambda: round_to_total(amounts, whole))
    exact = int(round_to_total(amounts, whole).sum()) == whole
    print(
        f"rounding {len(amounts):,} amounts: {took * 1e3:.1f} ms, {'exact' if exact else 'NOT EXACT'}   (goal 5: {took / 0.005:.2f} of it)"
    )


def whole_costing(*, centres: int = 200, activities: int = 60, people: int = 500, days: int = 10) -> None:
    """Shares with their draws, every cell in whole pence, and an interval for every cost centre and activity."""
    chance = np.random.default_rng(2)
    rows = people * days
    staff_ids = [f"S{number:04d}" for number in range(people)]
    home = [f"C{number % centres:03d}" for number in range(people)]
    diary = Diary(
        days=pl.DataFrame(
            {
                "staff_id": np.repeat(staff_ids, days),
                "cost_centre_id": np.repeat(home, days),
                "staff_group": np.repeat([("constable", "sergeant")[number % 8 == 0] for number in range(people)], days),
                "objective": np.repeat([f"Objective {number % centres % 5}" for number in range(people)], days),
                "day": np.tile(np.arange(days), people),
            }
        ),
        pairs=pl.DataFrame({"activity_id": [f"A{number:02d}" for number in range(activities)], "kind": [""] * activities}),
        minutes=chance.multinomial(48, chance.dirichlet(np.ones(activities)), size=rows) * 10.0,
    )
    direct = pl.DataFrame(
        {
            "cost_centre_id": [f"C{number:03d}" for number in range(centres)],
            "cost_centre_name": [f"Centre {number}" for number in range(centres)],
            "area_id": [f"E{number % 32:02d}" for number in range(centres)],
            "objective": [f"Objective {number % 5}" for number in range(centres)],
            **{f"{layer}_pence": chance.integers(10**7, 10**9, centres) for layer in ("direct", "support", "overhead")},
        }
    )
    staff = direct.select("cost_centre_id").join(pl.DataFrame({"staff_group": ["constable", "sergeant"]}), how="cross")
    staff = staff.with_columns(people=pl.lit(20), weekly_pence=pl.lit(3e6), weekly_hours=pl.lit(800.0))
    empty = pl.DataFrame(schema={"cost_centre_id": pl.String, "area_id": pl.String, "hours": pl.Float64})
    nothing = pl.DataFrame(schema={"what": pl.String, "why": pl.String, "pence": pl.Int64})
    layers = Layers(direct=direct, support=nothing, loaded=nothing, unallocated=nothing)
    names = pl.DataFrame({"activity_id": diary.pairs["activity_id"], "activity_name": diary.pairs["activity_id"]})

    def once() -> None:
        shares = time_shares(diary, draws=1_000)
        costs = activity_costs(layers, staff=staff, shares=shares, hours=empty)
        by_centre_and_activity(costs, names, direct, 0.95)

    took = median_seconds(once)
    print(
        f"bootstrap of a whole costing, 1,000 resamples, {centres} centres, {activities} activities, {rows:,} diary days: {took:.2f} s   "
        f"(goal 2: {took / 2:.2f} of it)"
    )


def main() -> None:
    """Print what each takes."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {REPEATS}")
    reciprocal()
    rounding()
    whole_costing()


if __name__ == "__main__":
    main()
