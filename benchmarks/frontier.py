"""How fast are frontier scores and their bootstrap? Compiled path against HiGHS and scipy in one run.

Usage: python benchmarks/frontier.py [units] [replicates]

Data: variable returns, input orientation, 3 inputs and 3 outputs. Where R is there with its package lpSolve (Debian: r-cran-lpsolve),
the same scores are worked out by lp_solve from R in the same run. R's Benchmarking uses the same engine, but keeps one model warm; it is
not in Debian and was not measured here: an earlier measurement on another machine had it at 1.07 s for 1,000 units and at 1.05 to 1.53 s
for one bootstrap replicate.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from bestvalue.analysis.compare.dea_bootstrap import bootstrap
from bestvalue.analysis.compare.dea_lp import envelopment
from bestvalue.analysis.compare.dea_simplex import VARIABLE, fast_scores

ROUNDS = 5
Floats = NDArray[np.float64]


def main() -> None:
    """Make the data, score them in each way, and print seconds and ratios."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    replicates = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    chance = np.random.default_rng(1)
    inputs = chance.uniform(1, 10, (units, 3))
    efficiency = np.exp(-np.abs(chance.normal(0, 0.3, (units, 1))))
    outputs = (inputs.prod(axis=1) ** (0.8 / 3))[:, None] * chance.dirichlet(np.full(3, 5.0), units) * efficiency
    print(f"{units:,} units, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")

    fast_scores(**_data(inputs[:10], outputs[:10]))  # compiles
    fast, score = _best(lambda: fast_scores(**_data(inputs, outputs)).score)
    highs, reference = _best(lambda: _highs(inputs, outputs), rounds=2)
    some = min(units, 100)
    cold, _ = _best(lambda: [_scipy(inputs, outputs, o) for o in range(some)], rounds=1)
    print(f"compiled simplex          {fast:8.3f} s")
    print(f"HiGHS, one model          {highs:8.3f} s   {highs / fast:6.1f} x")
    print(f"scipy linprog, a unit each {cold * units / some:7.1f} s   {cold * units / some / fast:6.1f} x (from {some} units)")
    print(f"largest difference from HiGHS {np.abs(score - reference).max():.1e}")
    if (by_r := _by_r(inputs, outputs)) is not None:
        seconds, scores = by_r
        print(
            f"R lpSolve, a unit each    {seconds:8.3f} s   {seconds / fast:6.1f} x   largest difference {np.abs(score - scores).max():.1e}"
        )

    before, clock = _processor(), time.perf_counter()
    found = bootstrap(
        inputs=inputs,
        outputs=outputs,
        score=score,
        output_oriented=False,
        returns=VARIABLE,
        replicates=replicates,
        confidence=0.95,
        seed=1,
        threads=os.cpu_count() or 1,
        progress=_quiet,
    )
    seconds, processor = time.perf_counter() - clock, _processor() - before
    print(f"bootstrap, {replicates:,} replicates {seconds:6.1f} s on the clock, {processor:.1f} s of processor")
    print(f"a replicate {1000 * processor / replicates:26.1f} ms of processor")
    print(f"mean score {score.mean():.4f}, bias-corrected {found.corrected.mean():.4f}")


def _data(inputs: Floats, outputs: Floats) -> dict:
    return {
        "reference_inputs": inputs,
        "reference_outputs": outputs,
        "inputs": inputs,
        "outputs": outputs,
        "own": np.arange(len(inputs)),
        "output_oriented": False,
        "returns": VARIABLE,
    }


def _highs(inputs: Floats, outputs: Floats) -> Floats:
    return envelopment(
        reference_inputs=inputs,
        reference_outputs=outputs,
        inputs=inputs,
        outputs=outputs,
        orientation="input",
        returns="variable",
        slacks=False,
    ).score


def _scipy(inputs: Floats, outputs: Floats, o: int) -> float:
    n, m = inputs.shape
    upper = np.vstack([np.column_stack([-inputs[o], inputs.T]), np.column_stack([np.zeros(outputs.shape[1]), -outputs.T])])
    right = np.concatenate([np.zeros(m), -outputs[o]])
    return linprog(
        np.append(1.0, np.zeros(n)), A_ub=upper, b_ub=right, A_eq=np.append(0.0, np.ones(n))[None], b_eq=[1.0], method="highs"
    ).fun


def _by_r(inputs: Floats, outputs: Floats) -> tuple[float, Floats] | None:
    """Seconds and scores of lp_solve from R; None where R or its package is not there."""
    if shutil.which("Rscript") is None:
        return None
    header = ",".join([*(f"x{column}" for column in range(inputs.shape[1])), *(f"y{column}" for column in range(outputs.shape[1]))])
    with tempfile.TemporaryDirectory() as folder:
        data, scores = Path(folder) / "data.csv", Path(folder) / "scores.csv"
        np.savetxt(data, np.column_stack([inputs, outputs]), delimiter=",", header=header, comments="", fmt="%.17g")
        command = ["Rscript", str(Path(__file__).parent / "r" / "frontier.R"), str(data), str(scores)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        return (float(ran.stdout), np.loadtxt(scores)) if ran.returncode == 0 else None


def _best(run: Callable[[], Floats], *, rounds: int = ROUNDS) -> tuple[float, Floats]:
    """The least of several times, and the answer: other work on the machine only ever adds to a time."""
    least = np.inf
    for _ in range(rounds):
        clock = time.perf_counter()
        answer = run()
        least = min(least, time.perf_counter() - clock)
    return least, answer


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _quiet(share: float, doing: str) -> None:
    """Say nothing."""


if __name__ == "__main__":
    main()
