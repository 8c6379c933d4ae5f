"""How long is a drive from area to area? The force's own travel times, in place of the plane, and how its units drive against them.

All places of an area are then equally near. So the matrix suits areas parted by a river or a motorway better than the crow's line, and
tells less within an area: whether it predicts better is seen in the test.
"""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_force import Force, draw, world_of
from bestvalue.analysis.challenge.resources_calibrate_rows import Rows
from bestvalue.analysis.challenge.resources_calibrate_times import Times
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_model import SECOND_US
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

FEWEST_DRIVES = 30
"""With fewer drives a grade has the factor of its wave."""

TABLE = "area_travel_times"


def read_travel_seconds(dataset: Dataset, areas: tuple[str, ...]) -> NDArray[np.float64]:
    """Seconds from each area to each, array (A, A).

    Raises:
        SpecError: there is no such table, or it lacks a pair of areas.
    """
    if TABLE not in dataset.tables:
        raise SpecError("There are no travel times between areas", where="travel", next_step=f"Give the table {TABLE}, or travel=plane.")
    rows = dataset.query(f"SELECT from_area_id, to_area_id, travel_minutes FROM {TABLE}")
    minutes = {(start, end): value for start, end, value in rows.iter_rows()}
    missing = [(start, end) for start in areas for end in areas if (start, end) not in minutes]
    if missing:
        raise SpecError(
            f"{len(missing):,} of {len(areas) ** 2:,} pairs of areas have no travel time, such as {missing[0][0]} to {missing[0][1]}",
            where=TABLE,
            next_step="Give every pair, an area to itself among them.",
        )
    return np.array([[60.0 * minutes[start, end] for end in areas] for start in areas])


def with_travel(force: Force, seconds: NDArray[np.float64], *, times: Times, rows: Rows, weeks: int, seed: int, replication: int) -> Force:
    """The force driving by these times, each wave and grade as much faster or slower than they say as the deployments show.

    Args:
        force: as calibrated on the plane.
        seconds: array (A, A).
        times: of the force.
        rows: deployments of the calibration.
        weeks: simulated to see which drives there are.
        seed: of chance.
        replication: whose chance: none that an answer uses.
    """
    plain = replace(force, zone_seconds=seconds, pace=np.ones_like(force.pace), root_pace=np.zeros_like(force.root_pace))
    drawn = draw(plain, weeks=weeks, demand_factor=1.0, seed=seed, replication=replication)
    copies = np.ones(len(force.unit_pool), dtype=np.int64)
    world, rules = world_of(plain, copies=copies, drawn=drawn, seed=seed, replication=replication)
    played = simulate(world, drawn.demand, rules, keep_rows=True).rows
    if played is None:
        raise RuntimeError("the engine was asked for rows and gave none")
    about = rows.incidents.select("incident_id", "grade")
    pace = np.ones_like(force.pace)
    for wave, (recorded, sent, scene) in enumerate(
        ((rows.first, played.sent_us, played.scene_us), (rows.second, played.support_sent_us, played.support_scene_us))
    ):
        drives = recorded.filter("clean").join(about, on="incident_id")
        drives = drives.with_columns(took=(pl.col("arrived_at") - pl.col("assigned_at")).dt.total_seconds())
        came = scene >= 0
        simulated = (scene - sent - drawn.demand.turnout_us)[came] / SECOND_US
        turnout = [spread.mean for spread in (times.turnout if wave == 0 else (times.support_turnout,) * len(force.grades))]
        whole = _factor(drives["took"].to_numpy(), simulated, float(np.mean(turnout)))
        for number, grade in enumerate(force.grades):
            mine, theirs = drives.filter(pl.col("grade") == grade)["took"].to_numpy(), simulated[drawn.demand.grade[came] == number]
            enough = min(len(mine), len(theirs)) >= FEWEST_DRIVES
            pace[wave, number] = _factor(mine, theirs, float(turnout[number])) if enough else whole
    return replace(plain, pace=pace)


def _factor(took: NDArray[np.float64], simulated: NDArray[np.float64], turnout: float) -> float:
    """Recorded seconds of driving for each second that the times say; 1 where nothing can be compared."""
    if len(took) == 0 or len(simulated) == 0 or simulated.mean() <= 0:
        return 1.0
    return max(float(took.mean()) - turnout, 1.0) / float(simulated.mean())
