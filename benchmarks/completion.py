"""How long does the forecast of a large plan take? Goal: 500 open actions, dependencies included, 10,000 draws in under 1 s.

Usage: python benchmarks/completion.py

Measured beside the same walk through the plan written as a loop over draws, in one run, so that the ratio holds on a loaded machine.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from bestvalue.analysis.delivery.completion_model import Delay
from bestvalue.analysis.delivery.completion_network import draw_ends
from bestvalue.analysis.delivery.completion_plan import Plans

ACTIONS, DRAWS, LOOPED_DRAWS, ROUNDS = 500, 10_000, 50, 5


def main() -> None:
    """Time both ways in turn and print seconds and the ratio."""
    chance = np.random.default_rng(1)
    plans = _plans(chance)
    spread = np.full(200, 0.4)
    delay = Delay(factor=1.2, low=1.1, high=1.3, confidence=0.9, mean=chance.normal(0.2, 0.05, (200, 2)), spread=spread)
    ways = {
        "vectorised": lambda: draw_ends(plans, delay, on=50.0, draws=DRAWS, chance=np.random.default_rng(2)),
        "looped": lambda: _looped(plans, np.random.default_rng(2)),
    }
    seconds = {name: _median(work) for name, work in ways.items()}
    looped = seconds["looped"] * DRAWS / LOOPED_DRAWS
    print(f"{ACTIONS} open actions, {sum(map(len, plans.waits_for))} dependencies, {DRAWS:,} draws, median of {ROUNDS} rounds")
    print(f"vectorised over draws   {seconds['vectorised']:7.2f} s   {seconds['vectorised']:5.2f} of the goal of 1 s")
    print(f"a loop over draws       {looped:7.1f} s   {looped / seconds['vectorised']:5.0f} x (from {LOOPED_DRAWS} draws)")


def _plans(chance: np.random.Generator) -> Plans:
    starts = chance.integers(0, 100, ACTIONS).astype(np.float64)
    ends = starts + chance.integers(50, 300, ACTIONS)
    waits = tuple(tuple(np.unique(chance.integers(0, at, chance.integers(0, 3))).tolist()) if at else () for at in range(ACTIONS))
    return Plans(
        number=tuple(map(str, range(ACTIONS))),
        plan=("P",) * ACTIONS,
        title=("",) * ACTIONS,
        lead=("",) * ACTIONS,
        starts=starts,
        original_end=ends,
        agreed_end=ends,
        ended=np.full(ACTIONS, np.nan),
        complete=np.zeros(ACTIONS, dtype=np.bool_),
        waits_for=waits,
        moves=((),) * ACTIONS,
    )


def _looped(plans: Plans, chance: np.random.Generator) -> float:
    last = 0.0
    for _ in range(LOOPED_DRAWS):
        ends: list[float] = []
        for place in range(ACTIONS):
            begin = max([plans.starts[place], *(ends[other] for other in plans.waits_for[place])])
            ends.append(begin + plans.planned_days[place] * np.exp(chance.normal(0.2, 0.4)))
        last = max(last, *ends)
    return last


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    main()
