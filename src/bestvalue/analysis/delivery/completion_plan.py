"""The actions of improvement plans as arrays, in an order in which each stands after what it waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import TableError

Days = NDArray[np.float64]
EPOCH = date(1970, 1, 1)
LATEST_MOVE = """
    SELECT action_id, decided_on, agreed_end_on FROM plan_dates ORDER BY action_id, decided_on
"""


@dataclass(frozen=True, kw_only=True)
class Plans:
    """Every action of every plan; arrays (n,) in one order, days counted from 1 January 1970, not-a-number where unknown.

    Args:
        number, plan, title, lead: texts.
        starts, original_end, agreed_end: planned start; end as approved; end by the last decision.
        ended: day of acceptance or closure.
        complete: accepted (False with `ended`: closed, not implemented).
        waits_for: for each action, places of the actions that it waits for; all before its own.
        moves: for each action, (decided on, agreed end) in order; empty where no history of dates is known.
    """

    number: tuple[str, ...]
    plan: tuple[str, ...]
    title: tuple[str, ...]
    lead: tuple[str, ...]
    starts: Days
    original_end: Days
    agreed_end: Days
    ended: Days
    complete: NDArray[np.bool_]
    waits_for: tuple[tuple[int, ...], ...]
    moves: tuple[tuple[tuple[float, float], ...], ...]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def open(self) -> NDArray[np.bool_]:
        """Which actions have not ended."""
        return np.isnan(self.ended)

    @property
    def planned_days(self) -> Days:
        """Days from planned start to the end as approved."""
        return self.original_end - self.starts

    def begun(self) -> Days:
        """The first day on which each could be worked on: planned start, or end of what it waited for; unknown while that is open."""
        begun = self.starts.copy()
        for place, needed in enumerate(self.waits_for):
            for other in needed:
                begun[place] = np.maximum(begun[place], self.ended[other]) if not np.isnan(self.ended[other]) else np.nan
        return begun

    def as_known_on(self, day: float) -> "Plans":
        """The plans as they stood on an earlier day: what ended later is open, and agreed dates are those decided by then."""
        agreed = np.array(
            [
                max((move for move in moves if move[0] <= day), default=(0.0, original))[1]
                for moves, original in zip(self.moves, self.original_end, strict=True)
            ]
        )
        ended = np.where(self.ended <= day, self.ended, np.nan)
        return replace(self, ended=ended, complete=self.complete & ~np.isnan(ended), agreed_end=agreed)


def read_plans(dataset: Dataset) -> Plans:
    """The plans of a dataset.

    Raises:
        TableError: actions wait for one another in a circle; the message names it.
    """
    rows = dataset.query("SELECT * FROM plan_actions ORDER BY plan_id, action_id")
    waits = _waits(dataset)
    order = _in_order(rows["action_id"].to_list(), waits)
    place = {number: at for at, number in enumerate(order)}
    rows = rows.sort(pl.col("action_id").replace_strict(place, return_dtype=pl.Int64))
    moves: dict[str, list[tuple[float, float]]] = {}
    if "plan_dates" in dataset.tables:
        for number, decided, agreed in dataset.query(LATEST_MOVE).iter_rows():
            moves.setdefault(number, []).append((day_of(decided), day_of(agreed)))
    return Plans(
        number=tuple(order),
        plan=tuple(rows["plan_id"]),
        title=tuple(rows["title"]),
        lead=tuple(lead or "" for lead in rows["lead"]),
        starts=_days(rows["starts_on"]),
        original_end=_days(rows["original_end_on"]),
        agreed_end=_days(rows["agreed_end_on"]),
        ended=_days(rows["ended_on"]),
        complete=(rows["state"] == "complete").to_numpy(),
        waits_for=tuple(tuple(sorted(place[other] for other in waits.get(number, ()))) for number in order),
        moves=tuple(tuple(moves.get(number, ())) for number in order),
    )


def day_of(day: date) -> float:
    """Days from 1 January 1970."""
    return float((day - EPOCH).days)


def date_of(day: float) -> date:
    """The date of a number of days; the day on which it falls."""
    return date.fromordinal(EPOCH.toordinal() + int(np.floor(day)))


def _days(dates: pl.Series) -> Days:
    days: Days = dates.cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
    return days


def _waits(dataset: Dataset) -> Mapping[str, Sequence[str]]:
    waits: dict[str, list[str]] = {}
    if "plan_dependencies" in dataset.tables:
        listed = dataset.query("SELECT action_id, needs_action_id FROM plan_dependencies ORDER BY action_id, needs_action_id")
        for number, needed in listed.iter_rows():
            waits.setdefault(number, []).append(needed)
    return waits


def _in_order(numbers: Sequence[str], waits: Mapping[str, Sequence[str]]) -> list[str]:
    sorter = TopologicalSorter({number: waits.get(number, ()) for number in numbers})
    try:
        return list(sorter.static_order())
    except CycleError as cause:
        circle = " waits for ".join(reversed(cause.args[1]))
        raise TableError(
            f"Actions wait for one another in a circle: {circle}",
            where="plan_dependencies",
            next_step="Take out one of these dependencies.",
        ) from cause
