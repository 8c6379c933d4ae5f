"""When will each open action be complete, if it takes as much longer than planned as others did, and waits for what it needs?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.analysis.delivery.completion_model import Delay
from bestvalue.analysis.delivery.completion_plan import Days, Plans

NEARLY_ONE = 1 - 1e-7


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Drawn days of completion.

    Args:
        open: (m,) places of the open actions in the plans.
        day: (m, draws) days of completion.
        decides: (m,) share of draws in which the action is on the chain that ends last in its plan.
    """

    open: NDArray[np.int64]
    day: NDArray[np.float32]
    decides: Days

    def by(self, agreed: Days) -> Days:
        """(m,) probability that each open action is complete by these days (n,), the day itself included."""
        share: Days = (self.day < (agreed[self.open] + 1)[:, None]).mean(axis=1, dtype=np.float64)
        return share


def draw_ends(plans: Plans, delay: Delay, *, on: float, draws: int, chance: np.random.Generator) -> Ends:
    """Draw the day on which each open action is complete.

    An action begins at its planned start, or when what it waits for is complete. One that has begun takes at least as long as it
    has taken. Every draw takes one draw of the model: actions of a plan are late together.

    Args:
        plans: as known on the day.
        delay: the fitted model.
        on: today, in days from 1 January 1970.
        draws: how many.
        chance: for the draws.
    """
    places = np.flatnonzero(plans.open)
    row = {int(place): at for at, place in enumerate(places)}
    names = {name: at for at, name in enumerate(dict.fromkeys(plans.plan))}
    model = np.arange(draws) % len(delay.spread)
    day = np.empty((len(places), draws), dtype=np.float32)
    last = np.full((len(places), draws), -1, dtype=np.int32)
    for at, place in enumerate(places):
        begin, came_last = _begin(plans, day, row, int(place), draws)
        last[at] = came_last
        mean, spread = delay.mean[model, names[plans.plan[place]]], delay.spread[model]
        passed = np.log(np.maximum(on - begin, 1e-9) / plans.planned_days[place])
        least = special.ndtr((passed - mean) / spread)
        uniform = least + (1 - least) * chance.random(draws)
        factor = np.exp(mean + spread * special.ndtri(np.clip(uniform, 1e-12, NEARLY_ONE)))
        day[at] = np.maximum(begin + plans.planned_days[place] * factor, on)
    return Ends(open=places, day=day, decides=_decides(plans, places, day, last))


def _begin(plans: Plans, day: NDArray[np.float32], row: dict[int, int], place: int, draws: int) -> tuple[Days, NDArray[np.int32]]:
    """When an action can begin, and which open action it waited for longest (-1 for none)."""
    begin = np.full(draws, plans.starts[place])
    came_last = np.full(draws, -1, dtype=np.int32)
    for other in plans.waits_for[place]:
        at = row.get(other)
        if at is None:
            begin = np.maximum(begin, plans.ended[other])
        else:
            later = day[at] > begin
            came_last = np.where(later, np.int32(at), came_last)
            begin = np.where(later, day[at], begin)
    return begin, came_last


def _decides(plans: Plans, places: NDArray[np.int64], day: NDArray[np.float32], last: NDArray[np.int32]) -> Days:
    """How often each open action is on the chain that ends last in its plan: followed back from that end."""
    share = np.zeros(len(places))
    owner = np.array([plans.plan[place] for place in places])
    for name in dict.fromkeys(owner.tolist()):
        rows = np.flatnonzero(owner == name)
        at = rows[day[rows].argmax(axis=0)]
        draws = np.arange(day.shape[1])
        while len(at):
            np.add.at(share, at, 1.0)
            at = last[at, draws]
            draws, at = draws[at >= 0], at[at >= 0]
    counted: Days = share / day.shape[1]
    return counted
