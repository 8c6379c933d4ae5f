"""How long do alpha and omega with 1,000 resamples take, and four models of invariance?

Usage: python benchmarks/reliability.py

5,000 people, 20 questions. Measured beside the plain way (a resample of rows, numpy's covariance, alpha) in one run: what a loop around
pingouin does, less its tables. pingouin and R's psych are GPL and lavaan is R; benchmarks/beside_r.py runs R's where R is installed.
Reference figures put pingouin at 7 to 18 times and R's psych at 30 to 48 times our alpha, and lavaan's four fits at 0.41 s.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from bestvalue.analysis.consult.confirmatory import moments_of
from bestvalue.analysis.consult.invariance import measure_invariance
from bestvalue.analysis.consult.one_factor import fit_one_factor
from bestvalue.analysis.consult.reliability_scale import mcdonald_omega

PEOPLE, QUESTIONS, RESAMPLES, LOOPED, ROUNDS = 5_000, 20, 1_000, 100, 3


def main() -> None:
    """Time each way and print seconds and ratios."""
    chance = np.random.default_rng(1)
    loading = chance.uniform(0.4, 0.8, QUESTIONS)
    hidden = chance.standard_normal((PEOPLE, 1)) * loading + chance.standard_normal((PEOPLE, QUESTIONS)) * np.sqrt(1 - loading**2)
    scores = 1.0 + np.searchsorted([-1.3, -0.5, 0.3, 1.2], hidden)
    ours = _median(lambda: mcdonald_omega(scores, chance=np.random.default_rng(2), bootstraps=RESAMPLES))
    alpha = _median(lambda: _alpha_by_loop(scores)) * RESAMPLES / LOOPED
    both = _median(lambda: _alpha_by_loop(scores, omega=True)) * RESAMPLES / LOOPED
    print(f"{PEOPLE:,} people, {QUESTIONS} questions, {RESAMPLES:,} resamples, median of {ROUNDS} rounds")
    print(f"alpha and omega, ours            {ours:7.2f} s")
    print(f"alpha alone, row by row          {alpha:7.2f} s   {alpha / ours:5.1f} x (from {LOOPED})")
    print(f"alpha and omega, one by one      {both:7.2f} s   {both / ours:5.1f} x (from {LOOPED})")
    factors = chance.multivariate_normal(np.zeros(3), [[1, 0.4, 0.3], [0.4, 1, 0.5], [0.3, 0.5, 1]], size=301)
    belongs = (0, 0, 0, 1, 1, 1, 2, 2, 2)
    answers = factors[:, belongs] * 0.7 + chance.standard_normal((301, 9)) * 0.7
    groups = {"one": moments_of(answers[:156]), "two": moments_of(answers[156:])}
    fits = _median(lambda: measure_invariance(groups, belongs))
    print(f"four fits of invariance          {fits:7.3f} s   9 questions, 301 people, two groups (lavaan, by reference: 0.41 s)")


def _alpha_by_loop(scores: np.ndarray, *, omega: bool = False) -> float:
    chance, total = np.random.default_rng(3), 0.0
    k = scores.shape[1]
    for _ in range(LOOPED):
        drawn = scores[chance.integers(0, len(scores), len(scores))]
        covariance = np.cov(drawn.T)
        total += k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
        if omega:
            total += float(fit_one_factor(covariance[None]).omega[0])
    return total


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    main()
