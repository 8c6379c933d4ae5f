"""How long do things take in the synthetic force? The true times of response, from which deployments are drawn.

A unit patrols: the nearest of the idle ones, spread evenly over its ground, is at a distance whose square is exponential
(the square-root law, Kolesar and Blum 1973), drives a detour, and speed depends on the grade and the hour.
"""

import math

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic.demand import IncidentKind

DETOUR = 1.3
"""Road metres for each metre of straight line."""

ATTENDED_GRADES = 3
"""The first three grades are attended; the numbers below are in their order."""

SPEED_METRES_A_SECOND = np.array([11.5, 8.0, 7.0])
TURNOUT_MEDIAN_SECONDS = np.array([45.0, 100.0, 180.0])
HANDLING_MEDIAN_SECONDS = np.array([75.0, 240.0, 900.0])
"""From report to the call being ready to send."""

SPREAD = 0.5
"""Sigma of the logarithm of handling and turnout."""

SCHEDULED_DELAY_HOURS = 5.0
"""Mean time for which a scheduled visit is put off on purpose."""

ON_SCENE_SPREAD = 0.6
SUPPORT_SPEED_METRES_A_SECOND = 13.0
SUPPORT_TURNOUT_MEDIAN_SECONDS = 120.0
MEAN_TRAVEL_HOURS = 0.15
"""Turnout and travel together, as staffing reckons with it."""

IDLE_SHARE = 0.45
"""Share of a borough's units on duty that are idle, as the distance reckons with it."""


def hour_speed(hour: NDArray[np.integer]) -> NDArray[np.float64]:
    """Speed against the mean at this hour of the day: slow in the two rush hours, fast at night."""
    by_hour = np.array([1.2] * 6 + [1.0, 0.85, 0.8, 0.85] + [0.95] * 6 + [0.85, 0.8, 0.85, 0.95] + [1.05] * 2 + [1.15] * 2)
    return np.asarray(by_hour[hour])


def mean_on_scene_hours(kind: IncidentKind) -> float:
    """Mean, not median, of the time on scene."""
    return kind.on_scene_minutes / 60 * math.exp(ON_SCENE_SPREAD**2 / 2)


def lognormal(chance: np.random.Generator, median: NDArray[np.float64] | float, spread: float, size: int) -> NDArray[np.float64]:
    """Draws around a median, `spread` being sigma of the logarithm; never below a tenth of the median or above ten times."""
    drawn = np.exp(spread * chance.standard_normal(size, dtype=np.float32))
    return np.asarray(np.clip(drawn, 0.1, 10.0) * median, dtype=np.float64)


def nearest_metres(chance: np.random.Generator, idle_units: NDArray[np.float64], area_km2: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance to the nearest of `idle_units` spread evenly over the area, array like `idle_units`."""
    density = idle_units / (area_km2 * 1e6)
    drawn = np.sqrt(chance.standard_exponential(len(idle_units), dtype=np.float32) / (math.pi * density))
    return np.asarray(np.minimum(drawn, np.sqrt(area_km2) * 1_000.0))
