"""Where do the stations stand, and how long does a drive take? Both are read from who came first, whence unknown, and how fast.

A vehicle gathers speed over the first stretch, so that time goes with the square root of the distance, and cruises beyond, so
that time goes with the distance. A station's place is where, by that law, its own attendances fit best: what a seismologist
does with arrival times.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.spatial import cKDTree

from bestvalue.analysis.challenge.resources_stations_records import FirstArrivals

NEAREST_METRES = 50.0
"""Published places are rounded to 50 metres, so nothing is nearer."""

ROBUST_WIDTH = 0.2
"""Residuals of the logarithm beyond this pull on the fit less and less: a locked gate is not a slow road."""

SWEEPS, LONGEST_STEP_METRES = 60, 300.0


@dataclass(frozen=True, kw_only=True)
class DriveLaw:
    """Seconds from sending to arrival over a straight line of so many metres: turnout, gathering speed, cruising.

    Source: Kolesar, Walker and Hausner (1975), Operations Research 23, 614-627, found the root for short drives and the straight
    line for long ones among New York's fire engines; here both stand in one sum, as in `resources_model.World`.
    """

    turnout_seconds: float
    root_seconds: float
    cruise_seconds: float

    def seconds(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Expected seconds.

        Example: 70 seconds to turn out, 4 for each root of a metre, 0.02 for each metre.
            >>> DriveLaw(turnout_seconds=70, root_seconds=4, cruise_seconds=0.02).seconds(np.array([400.0, 2500.0])).tolist()
            [158.0, 320.0]
        """
        return np.asarray(self.turnout_seconds + self.root_seconds * np.sqrt(metres) + self.cruise_seconds * metres)

    def slope(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds for one metre more."""
        return np.asarray(self.root_seconds / (2 * np.sqrt(metres)) + self.cruise_seconds)


def nearest_station(
    station_east: NDArray[np.float64], station_north: NDArray[np.float64], east: NDArray[np.float64], north: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Number of the nearest station of each place, and metres to it."""
    metres, station = cKDTree(np.column_stack([station_east, station_north])).query(np.column_stack([east, north]))
    return np.asarray(station, dtype=np.int64), np.asarray(metres)


def metres_driven(east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of these lines, at least the roundness of places."""
    return np.asarray(np.maximum(np.hypot(east, north), NEAREST_METRES))


def place_stations(arrivals: FirstArrivals) -> tuple[NDArray[np.float64], NDArray[np.float64], DriveLaw]:
    """Metres east and north of each station, and the law of the drive.

    Gauss-Newton on all places at once, the law fitted again every fifth step; starts from each station's median incident.
    """
    stations = len(arrivals.stations)
    middle = [[np.median(axis[arrivals.station == number]) for number in range(stations)] for axis in (arrivals.east, arrivals.north)]
    east, north = np.array(middle[0], dtype=np.float64), np.array(middle[1], dtype=np.float64)
    law = DriveLaw(turnout_seconds=80.0, root_seconds=4.0, cruise_seconds=0.02)
    for sweep in range(SWEEPS):
        metres = _metres(arrivals, east, north)
        if sweep % 5 == 0:
            law = _fit_law(metres, arrivals.attendance, law)
        step = _step(arrivals, east, north, metres, law)
        east, north = east + step[:, 0], north + step[:, 1]
    return east, north, _fit_law(_metres(arrivals, east, north), arrivals.attendance, law)


def _metres(arrivals: FirstArrivals, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
    return metres_driven(arrivals.east - east[arrivals.station], arrivals.north - north[arrivals.station])


def _step(
    arrivals: FirstArrivals, east: NDArray[np.float64], north: NDArray[np.float64], metres: NDArray[np.float64], law: DriveLaw
) -> NDArray[np.float64]:
    """How far to move each station, array (stations, 2), metres."""
    stations = len(arrivals.stations)
    expected = law.seconds(metres)
    left = np.log(arrivals.attendance) - np.log(expected)
    weight = 1 / np.sqrt(1 + (left / ROBUST_WIDTH) ** 2)
    away = np.stack([east[arrivals.station] - arrivals.east, north[arrivals.station] - arrivals.north])
    gradient = law.slope(metres) / expected / metres * away
    pull = np.stack([np.bincount(arrivals.station, weight * axis * left, stations) for axis in gradient], axis=1)
    curvature = np.empty((stations, 2, 2))
    for row in range(2):
        for column in range(2):
            curvature[:, row, column] = np.bincount(arrivals.station, weight * gradient[row] * gradient[column], stations)
    # A ridge of a tenth of an incident: a station whose incidents lie on one line is not thrown out of town.
    curvature += np.eye(2) * 0.1 * np.mean(gradient**2)
    step = np.linalg.solve(curvature, pull[..., None])[..., 0]
    length = np.hypot(step[:, 0], step[:, 1])
    return np.asarray(step * np.minimum(1.0, LONGEST_STEP_METRES / np.maximum(length, 1e-9))[:, None])


def _fit_law(metres: NDArray[np.float64], attendance: NDArray[np.float64], start: DriveLaw) -> DriveLaw:
    seen = np.log(attendance)

    def left_over(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        turnout, root, cruise = parameters
        return seen - np.log(DriveLaw(turnout_seconds=turnout, root_seconds=root, cruise_seconds=cruise).seconds(metres))

    found = least_squares(
        left_over,
        [start.turnout_seconds, start.root_seconds, start.cruise_seconds],
        loss="soft_l1",
        f_scale=ROBUST_WIDTH,
        x_scale=[100.0, 5.0, 0.05],
        bounds=([1.0, 0.0, 0.0], [1_000.0, 50.0, 1.0]),
    )
    return DriveLaw(turnout_seconds=float(found.x[0]), root_seconds=float(found.x[1]), cruise_seconds=float(found.x[2]))
