"""Do 95% bootstrap intervals of frontier scores hold the truth in 95% of cases, with and without the step that keeps the variance?

Usage: python benchmarks/frontier_coverage.py [units] [samples] [replicates]

A known frontier with one input and one output: x = (5 + y^1.5 / 3) e^u, y uniform on 1 to 9, u exponential with mean 1/3, so that the true
score of a unit is e^-u. Variable returns, input orientation. Prints the share of intervals that hold the truth, and the mean bias of the
score of one inner point as it is and as the bootstrap sees it.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.compare.dea_bootstrap import EFFICIENT, _bandwidth, draw_scores
from bestvalue.analysis.compare.dea_simplex import VARIABLE, fast_scores

Floats = NDArray[np.float64]
INNER_OUTPUT, INNER_LOG_EXCESS = 5.0, 0.25


def main() -> None:
    """Draw samples, bootstrap each in both ways, and print how often the truth was held."""
    units, samples, replicates = (int(given) for given in (*sys.argv[1:4], *("50", "120", "300")[len(sys.argv) - 1 :]))
    chance = np.random.default_rng(7)
    held: dict[tuple[bool, str], list[float]] = {}
    for _ in range(samples):
        y, u = chance.uniform(1, 9, units), chance.exponential(1 / 3, units)
        x, truth = _cost(y) * np.exp(u), np.append(np.exp(-u), np.exp(-INNER_LOG_EXCESS))
        every_x = np.append(x, _cost(np.array([INNER_OUTPUT])) * np.exp(INNER_LOG_EXCESS))
        every_y = np.append(y, INNER_OUTPUT)
        score = _score(x, y, every_x, every_y)
        own = score[:units]
        for keeps_variance in (False, True):
            found = (
                np.array([_replicate(x, y, every_x, every_y, own, keeps_variance=keeps_variance, chance=chance) for _ in range(replicates)])
                - score
            )
            from_below, from_above = np.quantile(found, [0.025, 0.975], axis=0)
            holds = (score - from_above <= truth) & (truth <= np.minimum(score - from_below, 1))
            for name, value in (
                ("all units", holds[:units].mean()),
                ("units on the frontier", holds[:units][own > EFFICIENT].mean()),
                ("an inner point", float(holds[-1])),
                ("bias of the inner point, bootstrap", found[:, -1].mean()),
                ("bias of the inner point, true", score[-1] - truth[-1]),
            ):
                held.setdefault((keeps_variance, name), []).append(value)
    print(f"{units} units, {samples} samples, {replicates} replicates")
    for (keeps_variance, name), values in held.items():
        print(f"{'with' if keeps_variance else 'without'} the step: {name:36} {np.mean(values):.4f}")


def _cost(y: Floats) -> Floats:
    return 5 + y**1.5 / 3


def _score(x: Floats, y: Floats, every_x: Floats, every_y: Floats) -> Floats:
    return fast_scores(
        reference_inputs=x[:, None],
        reference_outputs=y[:, None],
        inputs=every_x[:, None],
        outputs=every_y[:, None],
        own=None,
        output_oriented=False,
        returns=VARIABLE,
    ).score


def _replicate(
    x: Floats, y: Floats, every_x: Floats, every_y: Floats, own: Floats, *, keeps_variance: bool, chance: np.random.Generator
) -> Floats:
    bandwidth = _bandwidth(own)
    drawn = draw_scores(own, bandwidth=bandwidth, chance=chance)
    if keeps_variance:
        drawn = drawn.mean() + (drawn - drawn.mean()) / np.sqrt(1 + bandwidth**2 / own.var(ddof=1))
    return _score(x * own / drawn, y, every_x, every_y)


if __name__ == "__main__":
    main()
