"""How long does the first arrival take? The law of the drive, times what hour, errand, place and ground make of it, times luck.

What is left over when all that is known has had its say is luck. Some of it spreads more than others: who comes to a road finds it
less surely than who comes to a care home.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_stations_law import DriveLaw, metres_driven, nearest_station, place_stations
from bestvalue.analysis.challenge.resources_stations_records import FirstArrivals
from bestvalue.analysis.challenge.resources_stations_streets import Streets

FAR_OUT = 0.5
"""Residuals of the logarithm beyond this are brought in for the means of groups: an engine that stood before the door tells nothing
about the hour. Of 0.5, 0.7 and 1 the one that predicted weeks left out best."""

NEXT_TO_NOTHING = 0.01
"""Residuals smaller than this are taken for it where the logarithm of their size is asked for."""

RANGES = 3
"""Incidents are parted by how near a station is, as many in each part: near the station luck is most of the time."""

HOURS = 48
"""The hours of a day from Monday to Friday, then those of a day of the weekend."""


def hour_group(seconds_of_week: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of the `HOURS`, by seconds from a Monday midnight.

    Example:
        >>> hour_group(3_600 * np.array([0, 119, 120, 168])).tolist()   # Monday, Friday night, Saturday, Monday again
        [0, 23, 24, 0]
    """
    return np.asarray(seconds_of_week // 3_600 % 24 + 24 * (seconds_of_week // 86_400 % 7 >= 5))


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is known of single incidents, whoever comes and when; one array a column.

    Args:
        factor: how much longer than the law says, by errand, place, ground and street.
        power: how much luck spreads, against the mean of its range.
        near: which of the ranges.
    """

    factor: NDArray[np.float64]
    power: NDArray[np.float64]
    near: NDArray[np.int64]

    def of(self, number: NDArray[np.int64]) -> "Expected":
        """Those of some of them."""
        return Expected(factor=self.factor[number], power=self.power[number], near=self.near[number])


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """How long the first arrival takes: the law times factors, times chance.

    Args:
        east, north: array (stations), where each stands.
        law: the drive in the mean over everything else.
        hour_factor: array (`HOURS`), drawn towards 1 as far as few incidents ask for, as are the next three.
        outcome_factor, place_factor: arrays (outcomes), (place_kinds): what the engine was called to, and to what sort of place.
        ground_factor: array (stations), by the station that an incident is nearest to: streets differ.
        streets: what is slower or faster than the ground around it.
        outcome_power, place_power: arrays as above: how much luck spreads there, against the mean; drawn towards 1.
        chance: what is left over, as factors, by how near the nearest station is: a sorted array for each of the `ranges`.
        ranges: upper limits of those distances, metres, the last infinite.
    """

    east: NDArray[np.float64]
    north: NDArray[np.float64]
    law: DriveLaw
    hour_factor: NDArray[np.float64]
    outcome_factor: NDArray[np.float64]
    place_factor: NDArray[np.float64]
    ground_factor: NDArray[np.float64]
    streets: Streets
    outcome_power: NDArray[np.float64]
    place_power: NDArray[np.float64]
    chance: tuple[NDArray[np.float64], ...]
    ranges: NDArray[np.float64]

    def from_every_station(self, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
        """Expected seconds, array (places, stations), before hour and errand."""
        return self.law.seconds(metres_driven(east[:, None] - self.east, north[:, None] - self.north))

    def expected(self, arrivals: FirstArrivals, *, fitted_to: bool) -> Expected:
        """What is known of incidents.

        Args:
            arrivals: the incidents; who came to them and how fast is not looked at.
            fitted_to: they are those that this was fitted to, and streets are judged by the others alone.
        """
        ground, metres = nearest_station(self.east, self.north, arrivals.east, arrivals.north)
        streets = self.streets.own_factor() if fitted_to else self.streets.factor(arrivals.east, arrivals.north)
        errand = self.outcome_factor[arrivals.outcome] * self.place_factor[arrivals.place_kind]
        return Expected(
            factor=errand * self.ground_factor[ground] * streets,
            power=self.outcome_power[arrivals.outcome] * self.place_power[arrivals.place_kind],
            near=np.searchsorted(self.ranges, metres),
        )


def fit_attendance(arrivals: FirstArrivals) -> Attendance:
    """Find the stations and the law of the drive together, then the factors of hour, errand, place and ground, streets, and luck.

    Args:
        arrivals: at least some hundred; a station needs about ten to be placed within a few hundred metres.
    """
    east, north, law = place_stations(arrivals)
    metres = metres_driven(arrivals.east - east[arrivals.station], arrivals.north - north[arrivals.station])
    left = np.log(arrivals.attendance) - np.log(law.seconds(metres))
    ground, to_nearest = nearest_station(east, north, arrivals.east, arrivals.north)
    errands = ((arrivals.outcome, len(arrivals.outcomes)), (arrivals.place_kind, len(arrivals.place_kinds)))
    groups = ((hour_group(arrivals.seconds_of_week), HOURS), *errands, (ground, len(arrivals.stations)))
    effects = _effects(_brought_in(left), groups)
    left = left - sum(effect[group] for effect, (group, _) in zip(effects, groups, strict=True))
    ranges = np.append(np.quantile(to_nearest, np.arange(1, RANGES) / RANGES), np.inf)
    of_range = np.searchsorted(ranges, to_nearest)
    powers = _powers(left, of_range, errands)
    power = powers[0][arrivals.outcome] * powers[1][arrivals.place_kind]
    streets = Streets(east=arrivals.east, north=arrivals.north, left=_brought_in(left), weight=1 / power**2)
    luck = np.exp((left - np.log(streets.own_factor())) / power)
    factors = [np.exp(effect) for effect in effects]
    return Attendance(
        east=east,
        north=north,
        law=law,
        hour_factor=factors[0],
        outcome_factor=factors[1],
        place_factor=factors[2],
        ground_factor=factors[3],
        streets=streets,
        outcome_power=powers[0],
        place_power=powers[1],
        chance=tuple(np.sort(luck[of_range == number]) for number in range(RANGES)),
        ranges=ranges,
    )


Groups = Sequence[tuple[NDArray[np.int64], int]]
"""For each way of parting incidents: the group of each, and how many groups there are."""


def _brought_in(left: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(left, -FAR_OUT, FAR_OUT)


def _effects(values: NDArray[np.float64], groups: Groups) -> list[NDArray[np.float64]]:
    """Means of the groups, each way of parting taking what the ones before it left."""
    effects = []
    for group, size in groups:
        effect = shrunk_means(values, group, size)
        values = values - effect[group]
        effects.append(effect)
    return effects


def _powers(left: NDArray[np.float64], of_range: NDArray[np.int64], groups: Groups) -> list[NDArray[np.float64]]:
    """How far from the middle attendances of each group lie, against the others of their range: means of the logarithm, as factors."""
    size = np.log(np.maximum(np.abs(_brought_in(left) - np.median(left)), NEXT_TO_NOTHING))
    mean = np.bincount(of_range, size, RANGES) / np.maximum(np.bincount(of_range, minlength=RANGES), 1)
    return [np.exp(effect) for effect in _effects(size - mean[of_range], groups)]


def shrunk_means(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """Mean of each group, drawn towards 0 by how little the group tells: empirical Bayes with moments.

    Source: Efron and Morris (1973), Journal of the American Statistical Association 68.
    Example: with no spread between groups beyond chance, nothing is left of the means.
        >>> shrunk_means(np.array([1.0, -1.0, -1.0, 1.0]), np.array([0, 0, 1, 1]), 2).tolist()
        [0.0, 0.0]
    """
    count = np.bincount(group, minlength=groups).astype(np.float64)
    known = count > 0
    mean = np.bincount(group, values, groups) / np.maximum(count, 1)
    within = float(np.mean((values - mean[group]) ** 2))
    between = max(0.0, float(np.average(mean[known] ** 2 - within / count[known], weights=count[known])))
    if between == 0.0:
        return np.zeros(groups)
    return np.where(known, mean * between / (between + within / np.maximum(count, 1)), 0.0)
