"""One replication's incidents, with their lengths of time, in the order in which units can be sent to them.

A year of them takes 150 MB, and a thread that made each column anew, and sorted it into another, took twice as much. So all is written
block by block into the memory of a `Workspace`, which the next replication uses again, and is sorted there one column at a time.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_weeks import DRAIN_US, History, Lengths
from bestvalue.analysis.challenge.resources_model import MINUTE_US, SECOND_US, WEEK_US, Demand, set_apart
from bestvalue.analysis.challenge.resources_workspace import Workspace

Array = NDArray[Any]

COLUMNS: dict[str, type[np.generic]] = {
    "time_us": np.int64,
    "x_m": np.int32,
    "y_m": np.int32,
    "area": np.int16,
    "grade": np.int8,
    "scene_us": np.int64,
    "need_skill": np.int8,
    "support_us": np.int64,
    "turnout_us": np.int32,
    "travel_factor": np.float32,
    "reported_us": np.int64,
    "support_before_us": np.int64,
}
"""Columns of `Demand` as the engine takes them."""

OF_SUPPORT = ("need_skill", "support_us", "support_before_us")
"""Columns that are left empty where nobody asks for support."""


class Asked:
    """What is asked of a force in one replication, gathered in no order and then put in order.

    Args:
        size: incidents, copies included.
        workspace: whose memory holds them: the last demand that was made in it is overwritten.
    """

    def __init__(self, size: int, workspace: Workspace) -> None:
        self._columns: dict[str, Array] = {name: workspace.array(name, size, dtype) for name, dtype in COLUMNS.items()}
        self._workspace = workspace
        self._written = 0

    def add(self, history: History, number: Array, seconds: Array, lengths: Lengths) -> None:
        """Incidents of the history at seconds of the run, with one row of lengths each, in whole microseconds.

        Support that nobody asks for takes no time.
        """
        here = slice(self._written, self._written + len(number))
        column = {name: values[here] for name, values in self._columns.items()}
        self._written = here.stop
        reported = seconds.astype(np.int64) * SECOND_US
        turnout, asks = _whole(lengths.turnout), history.skill[number] >= 0
        column["reported_us"][:] = reported
        column["time_us"][:] = reported + _whole(lengths.handling)
        column["x_m"][:] = np.rint(history.east[number])
        column["y_m"][:] = np.rint(history.north[number])
        for name, values in (("area", history.area), ("grade", history.grade), ("need_skill", history.skill)):
            column[name][:] = values[number]
        column["turnout_us"][:] = turnout
        column["travel_factor"][:] = lengths.drive_factor
        column["scene_us"][:] = _whole(lengths.scene)
        column["support_before_us"][:] = np.where(asks, _whole(lengths.asked + lengths.support_turnout) - turnout, 0)
        own_time = _whole(lengths.support_turnout + lengths.support) - turnout
        column["support_us"][:] = np.where(asks, np.maximum(own_time, 0), 0)

    def in_order(self, weeks: int) -> Demand:
        """All of them by when a unit can be sent, in a run of so many weeks; what would be ready after the end is left out."""
        end_us = weeks * WEEK_US
        ready = self._columns["time_us"][: self._written]
        order = np.argsort(ready, kind="stable")
        inside = int(np.count_nonzero(ready < end_us - MINUTE_US))
        columns = {name: self._sorted(values, order[:inside]) for name, values in self._columns.items()}
        columns["time_us"] &= ~np.int64(3)
        columns["time_us"] |= 1
        set_apart(columns["time_us"])
        if not (columns["need_skill"] >= 0).any():
            columns |= {name: columns[name][:0] for name in OF_SUPPORT}
        return Demand(**columns, count_from_us=WEEK_US, end_us=end_us, stop_us=end_us + DRAIN_US)

    def _sorted(self, values: Array, order: NDArray[np.int64]) -> Array:
        """The column in that order, in its own memory."""
        room = self._workspace.array("passing", len(values), np.int64).view(values.dtype)[: len(order)]  # the run's, which is not on yet
        np.take(values, order, out=room, mode="clip")  # the other modes go through one more copy
        values = values[: len(order)]
        values[:] = room
        return values


def _whole(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole microseconds."""
    return (seconds * SECOND_US).astype(np.int64)
