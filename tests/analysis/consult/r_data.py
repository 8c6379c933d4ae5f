"""Answers and ratings made by arithmetic, without a random generator: Python and R read the same numbers on any machine.

benchmarks/r/golden.py writes them as CSV, lets R work on them, and keeps what R says in r_numbers.json.
"""

import numpy as np
from scipy import special

PEOPLE, ITEMS = 600, 12
BELONGS = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2)
LOADINGS = np.array([0.8, 0.7, 0.75, 0.6, 0.7, 0.65, 0.8, 0.55, 0.75, 0.7, 0.6, 0.65])
FACTORS = np.array([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]])
CUTS = np.array([[-1.4, -0.6, 0.3, 1.1], [-1.0, -0.2, 0.6, 1.5], [-1.6, -0.8, 0.1, 0.9]])
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


def radical_inverse(number: int, base: int) -> float:
    """The digits of a number mirrored at the point: fills the unit interval evenly (van der Corput)."""
    value, unit = 0.0, 1.0 / base
    while number:
        number, digit = divmod(number, base)
        value += digit * unit
        unit /= base
    return value


def answers() -> tuple[np.ndarray, np.ndarray]:
    """Answers on three scales of four questions from 1 to 5, array (600, 12), and two groups that differ in the mean of the first."""
    places = range(20, PEOPLE + 20)
    normal = special.ndtri(np.array([[radical_inverse(place, prime) for prime in PRIMES] for place in places]))
    group = np.arange(PEOPLE) % 2
    hidden = normal[:, :3] @ np.linalg.cholesky(FACTORS).T
    hidden[:, 0] += 0.4 * group
    feeling = hidden[:, BELONGS] * LOADINGS + normal[:, 3:] * np.sqrt(1 - LOADINGS**2)
    made = np.column_stack([1 + np.searchsorted(CUTS[BELONGS[item]], feeling[:, item]) for item in range(ITEMS)])
    return made.astype(float), group


def ratings() -> np.ndarray:
    """Four judges of forty people from 1 to 5, array (40, 4), without gaps."""
    places = range(20, 60)
    normal = special.ndtri(np.array([[radical_inverse(place, prime) for prime in PRIMES[:5]] for place in places]))
    seen = normal[:, :1] + normal[:, 1:] * 0.7 + np.array([0.0, 0.3, -0.2, 0.1])
    return (1.0 + np.searchsorted([-1.2, -0.4, 0.4, 1.2], seen)).astype(float)


def with_moments(covariance: np.ndarray, people: int) -> np.ndarray:
    """Scores whose covariance (with n - 1) is exactly the one that is given: what depends on covariances alone can be held to R."""
    k = len(covariance)
    plain = special.ndtri(
        np.array([[radical_inverse(place, PRIMES[0] + item * 2 + 1) for item in range(k)] for place in range(7, 7 + people)])
    )
    plain -= plain.mean(axis=0)
    white = plain @ np.linalg.inv(np.linalg.cholesky(np.cov(plain.T))).T
    scores: np.ndarray = white @ np.linalg.cholesky(covariance).T
    return scores
