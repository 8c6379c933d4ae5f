"""Which streets are slower than the ground around them? What is left of attendances near a place, drawn towards none where few tell.

One-way systems, rivers, railways and locked gates make a few streets slow that a straight line knows nothing of. They show in what
the law of the drive, the hour, the kind and the station's ground leave over of the attendances nearby.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

WIDTH_METRES = 250.0
"""Of the bell by which nearby attendances count. Of 250, 400 and 700 metres the one that predicted weeks left out best; published
places are rounded to 50 metres, and few streets have more neighbours than this reaches."""

PRIOR_ATTENDANCES = 8.0
"""So many attendances at the very spot count as much as knowing nothing; 6 and 12 predicted weeks left out equally well."""

REACH = 3.0
"""Widths beyond which an attendance no longer counts."""

BLOCK = 5_000
"""Places asked about at a time, so that their neighbours fit into memory."""


@dataclass(frozen=True, kw_only=True)
class Streets:
    """What attendances left over, and where.

    Args:
        east, north: array (n), metres.
        left: array (n), what the law and its factors leave of the logarithm of the seconds.
    """

    east: NDArray[np.float64]
    north: NDArray[np.float64]
    left: NDArray[np.float64]

    def factor(self, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much longer than the ground around says it takes to each of these places.

        Source: Nadaraya (1964) and Watson (1964), weighted means of neighbours; the prior as in empirical Bayes.
        Example: eight attendances that took e times as long at the spot, as many as the prior: half of that in the logarithm.
            >>> spot = Streets(east=np.zeros(8), north=np.zeros(8), left=np.ones(8))
            >>> np.log(spot.factor(np.array([0.0, 5_000.0]), np.array([0.0, 0.0]))).tolist()
            [0.5, 0.0]
        """
        return np.concatenate([np.exp(self._mean(east[rows], north[rows])) for rows in _blocks(len(east))])

    def own_factor(self) -> NDArray[np.float64]:
        """The same for the places of the attendances themselves, each judged by the others alone."""
        return np.concatenate(
            [np.exp(self._mean(self.east[rows], self.north[rows], itself=rows.start)) for rows in _blocks(len(self.left))]
        )

    def _mean(self, east: NDArray[np.float64], north: NDArray[np.float64], *, itself: int | None = None) -> NDArray[np.float64]:
        """Weighted mean around each place; `itself` is the number of the attendance at the first of them, to be left out."""
        here, there = cKDTree(np.column_stack([east, north])), cKDTree(np.column_stack([self.east, self.north]))
        near = here.sparse_distance_matrix(there, REACH * WIDTH_METRES, output_type="ndarray")
        place, other = near["i"], near["j"]
        weight = np.exp(-0.5 * (near["v"] / WIDTH_METRES) ** 2)
        if itself is not None:
            weight[other == place + itself] = 0.0
        total = np.bincount(place, weight, len(east))
        return np.asarray(np.bincount(place, weight * self.left[other], len(east)) / (total + PRIOR_ATTENDANCES))


def _blocks(size: int) -> Iterator[slice]:
    yield from (slice(low, min(low + BLOCK, size)) for low in range(0, max(size, 1), BLOCK))
