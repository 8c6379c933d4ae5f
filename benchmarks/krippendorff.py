"""How long does Krippendorff's alpha with 1,000 resampled intervals take on 10,000 units and 20 coders?

Usage: python benchmarks/krippendorff.py

Measured beside a call to a plain function for each resample (the way of the krippendorff package, which is GPL and not installed:
reference figures put a call of it at 9 to 61 ms). The plain function counts with numpy and is given the counts, not the codes, so it is
faster than such a call.
"""

import time
from statistics import median

import numpy as np

from bestvalue.analysis.consult.krippendorff import krippendorff_alpha
from bestvalue.analysis.consult.ratings import count_ratings

UNITS, CODERS, CODES, GAPS, RESAMPLES, CALLS, ROUNDS = 10_000, 20, 5, 0.3, 1_000, 20, 3
PACKAGE_SECONDS = 0.009
"""The fastest call of the krippendorff package among the reference figures."""


def main() -> None:
    """Time both ways and print seconds and ratios."""
    chance = np.random.default_rng(1)
    true = chance.integers(0, CODES, (UNITS, 1))
    given = np.where(chance.random((UNITS, CODERS)) < 0.7, true, chance.integers(0, CODES, (UNITS, CODERS))).astype(float)
    ratings = np.where(chance.random((UNITS, CODERS)) < GAPS, np.nan, given)
    print(f"{UNITS:,} units, {CODERS} coders, {GAPS:.0%} missing, {RESAMPLES:,} resamples, median of {ROUNDS} rounds")
    for metric in ("nominal", "ordinal"):
        taken, called = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            krippendorff_alpha(ratings, metric=metric, bootstraps=RESAMPLES, chance=np.random.default_rng(2))  # type: ignore[arg-type]
            taken.append(time.perf_counter() - started)
            started = time.perf_counter()
            for _ in range(CALLS):
                _plain(ratings[chance.integers(0, UNITS, UNITS)], metric)
            called.append((time.perf_counter() - started) / CALLS)
        ours, plain = median(taken), median(called) * RESAMPLES
        package = PACKAGE_SECONDS * RESAMPLES
        print(f"{metric:8} ours {ours:6.2f} s   plain calls {plain:7.1f} s, {plain / ours:5.0f} x")
        print(f"         the package by reference {package:.0f} s or more, {package / ours:4.0f} x")


def _plain(ratings: np.ndarray, metric: str) -> float:
    counts = count_ratings(ratings).counts
    size = counts.sum(axis=1)
    coincidence = (counts / (size - 1)[:, None]).T @ counts - np.diag((counts / (size - 1)[:, None]).sum(axis=0))
    margin = coincidence.sum(axis=1)
    if metric == "nominal":
        apart = 1 - np.eye(len(margin))
    else:
        middle = np.cumsum(margin) - margin / 2
        apart = (middle[:, None] - middle[None, :]) ** 2
    return float(1 - (margin.sum() - 1) * (coincidence * apart).sum() / (np.outer(margin, margin) * apart).sum())


if __name__ == "__main__":
    main()
