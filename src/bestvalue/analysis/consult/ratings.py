"""Codings as counts: how many coders gave each code to each unit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """Counts of codings.

    Args:
        values: array (v,), the codes as numbers, rising.
        all_counts: array (u, v), of every unit coded by somebody.
        counts: array (p, v), of units coded twice or more: only they can agree or not.
    """

    values: Floats
    all_counts: Floats
    counts: Floats


def count_ratings(ratings: Floats) -> Ratings:
    """Count an array (units, coders); NaN where a coder did not code the unit.

    Raises:
        SpecError: no unit was coded twice, or only one code was ever given.
    """
    known = ~np.isnan(ratings)
    values, codes = np.unique(ratings[known], return_inverse=True)
    if len(values) < 2:
        raise SpecError("Only one code was ever given", where="ratings", next_step="Agreement beyond chance needs two codes that are used.")
    unit = np.broadcast_to(np.arange(len(ratings))[:, None], ratings.shape)[known]
    counts = np.bincount(unit * len(values) + codes, minlength=len(ratings) * len(values)).reshape(len(ratings), -1).astype(np.float64)
    size = counts.sum(axis=1)
    if not (size >= 2).any():
        raise SpecError(
            "No unit was coded by two coders", where="ratings", next_step="Have a sample of answers coded twice, blind to each other."
        )
    return Ratings(values=values, all_counts=counts[size >= 1], counts=counts[size >= 2])
