"""Which streets are slower than the ground around them? What is left of attendances near a place, drawn towards none where few tell.

One-way systems, rivers, railways and locked gates make a few streets slow that a straight line knows nothing of. They show in what
the law of the drive, the hour, the errand and the station's ground leave over of the attendances nearby: first of a whole
neighbourhood, then of the street itself against its neighbourhood.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree


@dataclass(frozen=True, kw_only=True)
class Bell:
    """How nearby attendances count: by a bell of this width; and so many at the very spot count as much as knowing nothing."""

    width_metres: float
    prior_attendances: float


NEIGHBOURHOOD = Bell(width_metres=600.0, prior_attendances=10.0)
STREET = Bell(width_metres=100.0, prior_attendances=4.0)
"""Two bells predicted weeks left out better than one (of 100 to 400 metres). Neighbourhoods of 400 to 800 and streets of 80 to 150
metres did equally well; published places are rounded to 50 metres."""

REACH = 2.5
"""Widths beyond which an attendance no longer counts."""

BLOCK = 5_000
"""Places asked about at a time, so that their neighbours fit into memory."""


@dataclass(frozen=True, kw_only=True)
class Streets:
    """What attendances left over, and where.

    Args:
        east, north: array (n), metres.
        left: array (n), what the law and its factors leave of the logarithm of the seconds.
        weight: array (n), how much each tells: one over the square of how much luck spreads its kind.
    """

    east: NDArray[np.float64]
    north: NDArray[np.float64]
    left: NDArray[np.float64]
    weight: NDArray[np.float64]

    def factor(self, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much longer than the ground around says it takes to each of these places.

        Source: Nadaraya (1964) and Watson (1964), weighted means of neighbours; the prior as in empirical Bayes.
        Example: one attendance that took e times as long: in the logarithm, 1 / (1 + 10) for its neighbourhood and 1 / (1 + 4) for the
            spot; nothing 5 kilometres away.
            >>> spot = Streets(east=np.zeros(1), north=np.zeros(1), left=np.ones(1), weight=np.ones(1))
            >>> np.log(spot.factor(np.array([0.0, 5_000.0]), np.array([0.0, 0.0]))).round(4).tolist()
            [0.2909, 0.0]
        """
        narrow = self.left - self._own_neighbourhood
        parts = [
            self._mean(self.left, NEIGHBOURHOOD, east[rows], north[rows]) + self._mean(narrow, STREET, east[rows], north[rows])
            for rows in _blocks(len(east))
        ]
        return np.exp(np.concatenate(parts))

    def own_factor(self) -> NDArray[np.float64]:
        """The same for the places of the attendances themselves, each judged by the others alone."""
        return np.exp(self._own_neighbourhood + self._own_mean(self.left - self._own_neighbourhood, STREET))

    @cached_property
    def _own_neighbourhood(self) -> NDArray[np.float64]:
        return self._own_mean(self.left, NEIGHBOURHOOD)

    def _own_mean(self, left: NDArray[np.float64], bell: Bell) -> NDArray[np.float64]:
        parts = [self._mean(left, bell, self.east[rows], self.north[rows], itself=rows.start) for rows in _blocks(len(left))]
        return np.concatenate(parts)

    def _mean(
        self,
        left: NDArray[np.float64],
        bell: Bell,
        east: NDArray[np.float64],
        north: NDArray[np.float64],
        *,
        itself: int | None = None,
    ) -> NDArray[np.float64]:
        """Weighted mean around each place; `itself` is the number of the attendance at the first of them, to be left out."""
        here, there = cKDTree(np.column_stack([east, north])), cKDTree(np.column_stack([self.east, self.north]))
        near = here.sparse_distance_matrix(there, REACH * bell.width_metres, output_type="ndarray")
        place, other = near["i"], near["j"]
        weight = self.weight[other] * np.exp(-0.5 * (near["v"] / bell.width_metres) ** 2)
        if itself is not None:
            weight[other == place + itself] = 0.0
        total = np.bincount(place, weight, len(east))
        return np.asarray(np.bincount(place, weight * left[other], len(east)) / (total + bell.prior_attendances))


def _blocks(size: int) -> Iterator[slice]:
    yield from (slice(low, min(low + BLOCK, size)) for low in range(0, max(size, 1), BLOCK))
