"""How fast is the simulation of an appraisal? Goal: 20 options, 30 years, 100,000 draws in 2 s.

Beside it the same by the plain way, one option and one sort of money at a time through a full correlation matrix and
scipy's normal laws, on fewer draws and scaled up.

Usage: python benchmarks/appraisal.py
"""

import os
import statistics
import time

import numpy as np
from scipy import stats

from bestvalue.analysis.compete.appraisal_flows import CATEGORIES
from bestvalue.analysis.compete.appraisal_simulation import TENTH, Correlations, simulate

OPTIONS, YEARS, DRAWS, PLAIN_DRAWS = 20, 30, 100_000, 4_000
REPEATS = 5


def money() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Central, low and high estimates of one stream of running cost an option, and discount factors."""
    central = np.zeros((OPTIONS, len(CATEGORIES), YEARS + 1))
    central[:, CATEGORIES.index("running"), 1:] = np.random.default_rng(1).lognormal(14, 1, (OPTIONS, YEARS))
    return central, central * 0.9, central * 1.3, 1.035 ** -np.arange(YEARS + 1.0)


def plainly(central: np.ndarray, low: np.ndarray, high: np.ndarray, factors: np.ndarray, *, draws: int) -> np.ndarray:
    """The same law of the money, year by year through one matrix of correlations."""
    place = CATEGORIES.index("running")
    given = Correlations()
    option = np.repeat(np.arange(OPTIONS), YEARS)
    alike = np.where(option[:, None] == option[None], given.years, given.options)
    np.fill_diagonal(alike, 1.0)
    scores = stats.multivariate_normal(np.zeros(OPTIONS * YEARS), alike, allow_singular=True, seed=1).rvs(draws)
    cost = np.zeros((draws, OPTIONS))
    for number in range(OPTIONS):
        for year in range(1, YEARS + 1):
            score = scores[:, number * YEARS + year - 1]
            middle, down, up = (table[number, place, year] for table in (central, low, high))
            cost[:, number] += factors[year] * np.where(
                score < 0, middle + score * (middle - down) / TENTH, middle + score * (up - middle) / TENTH
            )
    return cost


def main() -> None:
    """Print what each takes, and that both draw from one law."""
    central, low, high, factors = money()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        drawn = simulate(central, low, high, factors, correlations=Correlations(), draws=DRAWS, seed=1)
        times.append(time.perf_counter() - started)
    took = statistics.median(times)
    started = time.perf_counter()
    plain = plainly(central, low, high, factors, draws=PLAIN_DRAWS)
    scaled = (time.perf_counter() - started) * DRAWS / PLAIN_DRAWS
    apart = float(np.abs(drawn.std(axis=0) / plain.std(axis=0) - 1).max())
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {REPEATS}")
    print(f"{OPTIONS} options x {YEARS} years x {DRAWS:,} draws: {took:.2f} s   (goal 2: {took / 2:.2f} of it)")
    print(f"plainly {scaled:.1f} s (scaled up from {PLAIN_DRAWS:,} draws): {scaled / took:.1f} times as long")
    by_chance = 2 / np.sqrt(2 * PLAIN_DRAWS)
    print(f"spreads of the options differ by at most {apart:.1%}, of which {by_chance:.1%} is the chance of the plain draws")


if __name__ == "__main__":
    main()
