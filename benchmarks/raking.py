"""How long does raking take? Goal: 100,000 people, 8 margins, to 1e-10, three times as fast as svy; 500 replicates likewise.

Usage: python benchmarks/raking.py [python with svy installed]

Measured beside a plain twin in numpy (one weighted count a category and margin), in one run. svy (MIT) is measured in the same run where
a Python that has it is named; benchmarks/beside_r.py runs R's survey package where R is installed (reference figures put it at 120 to 225
times our time).
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from bestvalue.analysis.consult.raking import Margin, rake

PEOPLE, CATEGORIES, ROUNDS, REPLICATES = 100_000, (2, 4, 6, 8, 10, 12, 20, 22), 5, 500

SVY = """
import sys, time
import numpy as np, polars as pl
from svy import Design, Sample
data = np.load(sys.argv[1])
codes, weights = data["codes"], data["weights"]
frame = pl.DataFrame({"w": weights} | {f"m{at}": code.astype(str) for at, code in enumerate(codes)})
controls = {f"m{at}": {str(cell): float(total) for cell, total in enumerate(data[f"t{at}"])} for at in range(len(codes))}
taken = []
for _ in range(int(sys.argv[2])):
    sample = Sample(frame, Design(wgt="w"))
    started = time.perf_counter()
    raked = sample.weighting.rake(controls=controls, tol=1e-10, max_iter=500)
    taken.append(time.perf_counter() - started)
made = raked.data[raked.design.wgt].to_numpy()
np.save(sys.argv[3], made)
print(sorted(taken)[len(taken) // 2])
"""


def main() -> None:
    """Time each way and print seconds and ratios."""
    chance = np.random.default_rng(1)
    weights = chance.uniform(0.5, 3, PEOPLE)
    known = chance.uniform(0.5, 2, PEOPLE)
    margins = []
    for at, size in enumerate(CATEGORIES):
        codes = chance.integers(0, size, PEOPLE)
        totals = np.bincount(codes, weights=known)
        margins.append(
            Margin(name=f"m{at}", categories=tuple(map(str, range(size))), codes=codes, targets=totals * (known.sum() / totals.sum()))
        )
    rake(weights[:1000], [Margin(name="m", categories=("0",), codes=np.zeros(1000, dtype=int), targets=np.array([1.0]))])  # compile
    ours = _median(lambda: rake(weights, margins))
    twin = _median(lambda: _plain(weights, margins))
    raked = rake(weights, margins)
    print(f"{PEOPLE:,} people, {len(margins)} margins ({sum(CATEGORIES)} categories), to 1e-10: {raked.sweeps} sweeps; {ROUNDS} rounds")
    print(f"ours                    {ours:8.3f} s")
    apart = np.abs(_plain(weights, margins) / raked.weights - 1).max()
    print(f"plain numpy             {twin:8.3f} s   {twin / ours:6.1f} x   largest difference {apart:.1e}")
    if len(sys.argv) > 1:
        _beside_svy(sys.argv[1], weights, margins, ours, raked.weights)
    sets = weights * chance.poisson(1.0, (REPLICATES, PEOPLE)).astype(float)
    started = time.perf_counter()
    rake(sets, margins)
    taken = time.perf_counter() - started
    each = 1000 * taken / REPLICATES
    print(f"{REPLICATES} replicate sets     {taken:8.1f} s   {each:.1f} ms each; the twin would take {REPLICATES * twin:,.0f} s")


def _beside_svy(python: str, weights: np.ndarray, margins: list[Margin], ours: float, made: np.ndarray) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "data.npz", Path(folder) / "out.npy"
        np.savez(
            file,
            codes=np.stack([one.codes for one in margins]),
            weights=weights,
            **{f"t{at}": one.targets for at, one in enumerate(margins)},
        )
        said = subprocess.run([python, "-c", SVY, str(file), str(ROUNDS), str(out)], capture_output=True, text=True, check=True)
        seconds = float(said.stdout.split()[-1])
        apart = np.abs(np.load(out) / made - 1).max()
    print(f"svy                     {seconds:8.3f} s   {seconds / ours:6.1f} x   largest difference {apart:.1e}")


def _plain(weights: np.ndarray, margins: list[Margin]) -> np.ndarray:
    made = weights * (margins[0].targets.sum() / weights.sum())
    for _ in range(500):
        worst = 0.0
        for one in margins:
            there = np.bincount(one.codes, weights=made, minlength=len(one.targets))
            factor = one.targets / there
            worst = max(worst, float(np.abs(there / one.targets - 1).max()))
            made = made * factor[one.codes]
        if worst <= 1e-10:
            break
    return made


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    main()
