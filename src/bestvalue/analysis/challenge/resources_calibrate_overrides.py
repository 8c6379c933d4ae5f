"""What does the user know better than the data? Lines such as `scene_minutes:violence=70`, put in place of what was fitted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_times import Spread, Times
from bestvalue.analysis.challenge.resources_calibrate_units import Establishment
from bestvalue.analysis.challenge.resources_calibrate_weeks import History
from bestvalue.errors import SpecError

QUANTITIES: Mapping[str, str] = {
    "handling_minutes": "median minutes from report until a unit can be sent, by grade",
    "turnout_seconds": "median seconds from sending to moving, by grade",
    "speed_km_h": "speed along the crow's line, mean over the day, by grade, or support",
    "scene_minutes": "typical minutes of the first unit at the scene, by kind",
    "support_minutes": "typical minutes of a support unit at the scene, by skill",
    "demand": "incidents against today (1 is as today), by area, kind or skill asked for",
}


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """Values by quantity and key, e.g. {("scene_minutes", "violence"): 70.0}."""

    values: Mapping[tuple[str, str], float]

    def of_times(self, times: Times) -> Times:
        """The times with the user's values in them; shapes of distributions are kept.

        Raises:
            SpecError: a key that the quantity does not have.
        """
        grades, kinds, skills = times.grades, times.kinds, times.skills
        handling, turnout = list(times.handling), list(times.turnout)
        pace, support_pace = times.pace.copy(), times.support_pace.copy()
        scene, support = times.scene_minutes.copy(), times.support_minutes.copy()
        for (quantity, key), value in self.values.items():
            if quantity == "handling_minutes":
                at = _place(quantity, key, grades)
                handling[at] = _moved(handling[at], 60 * value)
            elif quantity == "turnout_seconds":
                at = _place(quantity, key, grades)
                turnout[at] = _moved(turnout[at], value)
            elif quantity == "speed_km_h" and key == "support":
                support_pace *= 3.6 / value / (1 / np.mean(1 / support_pace))
            elif quantity == "speed_km_h":
                at = _place(quantity, key, grades)
                pace[at] *= 3.6 / value / (1 / np.mean(1 / pace[at]))
            elif quantity == "scene_minutes":
                scene[_place(quantity, key, kinds)] = value
            elif quantity == "support_minutes":
                support[_place(quantity, key, skills)] = value
        return replace(
            times,
            handling=tuple(handling),
            turnout=tuple(turnout),
            pace=pace,
            support_pace=support_pace,
            scene_minutes=scene,
            support_minutes=support,
        )

    def growth(self, history: History, *, areas: Establishment, kinds: tuple[str, ...], skills: tuple[str, ...]) -> NDArray[np.float64]:
        """How often each incident of the history happens: 1, times what the user set for its area, kind and skill."""
        growth = np.ones(len(history))
        for (quantity, key), value in self.values.items():
            if quantity != "demand":
                continue
            groups = ((areas.areas, history.area), (areas.area_names, history.area), (kinds, history.kind), (skills, history.skill))
            found = [(names.index(key), column) for names, column in groups if key in names]
            if not found:
                raise _unknown(quantity, key, (*areas.area_names, *kinds, *skills))
            growth[found[0][1] == found[0][0]] *= value
        return growth


def parse_overrides(lines: Iterable[str]) -> Overrides:
    """Read lines of the form `quantity:key=value`.

    Raises:
        SpecError: a line of another form, a quantity that does not exist, or a value that is not above zero (demand may be 0).

    Example:
        >>> parse_overrides(["scene_minutes:violence=70"]).values
        {('scene_minutes', 'violence'): 70.0}
    """
    values: dict[tuple[str, str], float] = {}
    for line in lines:
        name, equals, number = line.rpartition("=")
        quantity, colon, key = (part.strip() for part in name.partition(":"))
        if not equals or not colon or not key:
            raise SpecError(
                f"{line!r} is not of the form quantity:key=value",
                where="overrides",
                next_step="Write for example scene_minutes:violence=70",
            )
        if quantity not in QUANTITIES:
            raise SpecError(f"There is no quantity {quantity!r}", where="overrides", next_step=f"There are: {', '.join(QUANTITIES)}.")
        try:
            value = float(number)
        except ValueError as cause:
            raise SpecError(f"{number!r} is not a number", where=f"overrides: {line}", next_step="Write a number, such as 70.") from cause
        if not (value > 0 or (value == 0 and quantity == "demand")) or not np.isfinite(value):
            raise SpecError(f"{quantity} of {key} cannot be {number}", where=f"overrides: {line}", next_step="Give a number above zero.")
        values[quantity, key] = value
    return Overrides(values=values)


def _place(quantity: str, key: str, names: tuple[str, ...]) -> int:
    if key not in names:
        raise _unknown(quantity, key, names)
    return names.index(key)


def _unknown(quantity: str, key: str, names: tuple[str, ...]) -> SpecError:
    return SpecError(
        f"{quantity} has no {key!r}", where=f"overrides: {quantity}:{key}", next_step=f"{QUANTITIES[quantity]}: {', '.join(names)}."
    )


def _moved(spread: Spread, median: float) -> Spread:
    return (
        spread.scaled(median / spread.median) if spread.median > 0 else Spread(values=np.full_like(spread.values, median), base=spread.base)
    )


Form = Literal["as seen", "by grade", "never"]
"""When one area's units go to another: as the deployments show, as the grades table says, or not at all."""
