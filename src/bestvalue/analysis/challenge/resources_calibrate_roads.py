"""How far is a drive, if units stand where the simulation has them? Recorded distances against simulated ones, quantile by quantile."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import nnls

LONGEST_DRIVE_METRES = 200_000.0
"""Farther off than this, a starting place is a slip of the keyboard."""

FEWEST_TO_FIT = 30
LEVELS = np.arange(1, 20) / 20
"""Quantiles that are compared: from one in twenty to nineteen in twenty."""


@dataclass(frozen=True, kw_only=True)
class Road:
    """A drive of `along` * d + `root` * sqrt(d) crow-fly metres where the simulation sees d.

    The root stands for what makes long drives shorter than they look: patrols that close gaps, dispatchers who plan, fast roads.
    """

    along: float
    root: float


THE_CROW = Road(along=1.0, root=0.0)
"""Where distances are not recorded, the simulated ones are taken as they are."""


def fit_road(recorded: NDArray[np.float64], simulated: NDArray[np.float64]) -> Road:
    """The road that turns the simulated distances into the recorded ones, by relative least squares over `LEVELS`, nothing negative.

    Args:
        recorded: metres that units drove, any order.
        simulated: metres between units and incidents in the simulation.

    Example: drives twice as far as simulated.
        >>> metres = np.linspace(100.0, 5000.0, 100)
        >>> road = fit_road(2 * metres, metres)
        >>> round(road.along, 6), round(road.root, 6)
        (2.0, 0.0)
    """
    if len(recorded) < FEWEST_TO_FIT or len(simulated) < FEWEST_TO_FIT:
        return THE_CROW
    seen, found = np.quantile(recorded, LEVELS), np.quantile(simulated, LEVELS)
    usable = (seen > 0) & (found > 0)
    if not usable.any():
        return THE_CROW
    weights = 1 / seen[usable]
    shares, _ = nnls(np.column_stack([found[usable], np.sqrt(found[usable])]) * weights[:, None], np.ones(len(weights)))
    return Road(along=float(shares[0]), root=float(shares[1]))


def metres_driven(deployments: pl.DataFrame) -> NDArray[np.float64]:
    """Crow-fly metres from where a unit was to the scene, where both are recorded and believable."""
    apart = deployments.select(
        metres=((pl.col("easting_m") - pl.col("from_easting_m")) ** 2 + (pl.col("northing_m") - pl.col("from_northing_m")) ** 2).sqrt()
    )["metres"]
    return apart.filter(apart.is_not_null() & (apart <= LONGEST_DRIVE_METRES)).to_numpy()


def further_seconds(
    drives: pl.DataFrame, simulated: NDArray[np.float64], skill: NDArray[np.float64], skills: tuple[str, ...]
) -> NDArray[np.float64]:
    """Seconds that drives for each skill take more than simulated ones, in the mean; array (S,), 0 where too few are known to tell.

    Args:
        drives: deployments of support, with the skill asked for.
        simulated: seconds from sending to arrival of simulated drives.
        skill: its number, for each of those drives.
        skills: names.
    """
    took = drives.select("support_skill", seconds=(pl.col("arrived_at") - pl.col("assigned_at")).dt.total_seconds())
    found = np.zeros(len(skills))
    for number, name in enumerate(skills):
        recorded, played = took.filter(pl.col("support_skill") == name)["seconds"].to_numpy(), simulated[skill == number]
        if min(len(recorded), len(played)) >= FEWEST_TO_FIT:
            found[number] = recorded.mean() - played.mean()
    return found
