"""When and where are incidents reported in the synthetic force? The true rates, from which the incidents are drawn.

The expected number in one hour is a product: area and kind, weekday and hour (by kind, and later in the night in the
middle of the city), season and trend (by kind), planted changes, and events. The number reported is Poisson.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS, at_night, daytime
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.events import Event

INCIDENTS_A_YEAR = 2_500_000
"""At scale 1."""

GRADES = ("immediate", "significant", "scheduled", "resolved without attendance")


@dataclass(frozen=True)  # by place, not by keyword: the twelve kinds below read as a table
class IncidentKind:
    """What incidents of one kind are like.

    Args:
        name: as in the incidents table.
        share: of all incidents, 0 to 1.
        day_shape: name of its shape over the day, in `DAY_SHAPES`.
        weekend: rate on Friday night to Sunday against other days.
        yearly_change: growth of the rate in a year, as a share.
        season, peak_month: height of the yearly wave as a share, and the month (1 to 12) in whose middle it is highest.
        grades: share of each of `GRADES`.
        on_scene_minutes: median time from arrival to clear, follow-up and paperwork included.
        skills: probability that the first wave asks for a support unit with this skill.
        central: rate in the middle of the city against the same number of people elsewhere.
    """

    name: str
    share: float
    day_shape: str
    weekend: float
    yearly_change: float
    season: float
    peak_month: int
    grades: tuple[float, float, float, float]
    on_scene_minutes: float
    skills: dict[str, float]
    central: float


# fmt: off
KINDS = (
    IncidentKind("violence", 0.12, "night", 1.35, 0.03, 0.10, 7, (0.35, 0.35, 0.10, 0.20),
                 60, {"public order": 0.010, "firearms": 0.012}, 1.3),
    IncidentKind("domestic", 0.10, "evening", 1.20, 0.05, 0.05, 8, (0.40, 0.40, 0.08, 0.12),
                 75, {"public order": 0.004, "firearms": 0.003}, 0.8),
    IncidentKind("burglary", 0.06, "day", 0.90, -0.04, 0.10, 11, (0.20, 0.30, 0.32, 0.18),
                 50, {"dog": 0.020}, 0.9),
    IncidentKind("robbery", 0.02, "evening", 1.15, 0.02, 0.08, 10, (0.60, 0.25, 0.05, 0.10),
                 65, {"dog": 0.025, "firearms": 0.030}, 1.4),
    IncidentKind("theft", 0.11, "day", 1.05, 0.04, 0.08, 12, (0.05, 0.20, 0.35, 0.40),
                 35, {"surveillance": 0.001}, 2.0),
    IncidentKind("vehicle crime", 0.05, "night", 0.95, -0.02, 0.05, 1, (0.08, 0.17, 0.30, 0.45),
                 30, {"dog": 0.006}, 0.7),
    IncidentKind("antisocial behaviour", 0.14, "evening", 1.30, -0.03, 0.22, 7, (0.10, 0.40, 0.15, 0.35),
                 25, {"public order": 0.005}, 1.1),
    IncidentKind("traffic collision", 0.07, "commuting", 0.85, 0.00, 0.06, 11, (0.35, 0.35, 0.08, 0.22),
                 55, {"collision investigation": 0.035}, 0.7),
    IncidentKind("welfare", 0.15, "waking", 1.00, 0.07, 0.04, 1, (0.35, 0.43, 0.07, 0.15),
                 75, {"air search": 0.004, "marine": 0.002}, 1.0),
    IncidentKind("suspicious activity", 0.10, "night", 1.05, 0.00, 0.05, 12, (0.30, 0.40, 0.05, 0.25),
                 20, {"dog": 0.008, "air search": 0.003}, 0.9),
    IncidentKind("public order", 0.04, "night", 1.70, 0.02, 0.08, 6, (0.45, 0.30, 0.03, 0.22),
                 40, {"public order": 0.035, "crowd horses": 0.004}, 2.2),
    IncidentKind("drugs", 0.04, "afternoon", 1.10, 0.03, 0.05, 6, (0.10, 0.30, 0.30, 0.30),
                 45, {"search": 0.030, "surveillance": 0.006}, 1.3),
)
# fmt: on

DAY_SHAPES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "day": ((14.0, 3.5, 1.0), (2.0, 3.0, 0.15)),
    "evening": ((20.0, 3.0, 1.0), (14.0, 4.0, 0.4)),
    "night": ((23.5, 2.6, 1.0), (16.5, 3.5, 0.55)),
    "commuting": ((8.5, 1.5, 0.8), (17.5, 2.2, 1.0), (13.0, 4.0, 0.4)),
    "waking": ((18.0, 4.5, 1.0), (11.0, 3.0, 0.5)),
    "afternoon": ((16.5, 3.5, 1.0), (22.0, 2.5, 0.4)),
}
"""Shapes over the day: humps of (hour of the top, width in hours, height), on a floor of 0.08."""

CITY_CENTRE = ("Westminster", "Camden", "Kensington and Chelsea", "Islington", "Southwark", "Lambeth", "Hackney", "Tower Hamlets")


@dataclass(frozen=True, kw_only=True)
class Change:
    """A lasting change of the rate, planted for `challenge.demand` to find."""

    on: date
    kind: str
    boroughs: tuple[str, ...]
    factor: float
    why: str


CHANGES = (
    Change(
        on=date(2024, 10, 1),
        kind="welfare",
        boroughs=tuple(borough.name for borough in BOROUGHS),
        factor=0.78,
        why="health services take over welfare calls where nobody is in danger",
    ),
    Change(
        on=date(2025, 1, 15),
        kind="violence",
        boroughs=("Newham", "Barking and Dagenham", "Havering"),
        factor=1.30,
        why="a feud in the east of the city",
    ),
)

EVENT_KINDS = ("violence", "theft", "antisocial behaviour", "public order", "drugs", "robbery")
"""Kinds whose rate an event raises."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """The true rates.

    Args:
        by_day: array (days, boroughs, kinds), expected incidents a day before events.
        by_hour: array (2, 7, 24, kinds): how a day is spread over its hours; first outside, then in the city centre.
        central: array (boroughs), 1 in the city centre.
        events: what raises the rate of one borough for some hours.
    """

    by_day: NDArray[np.float64]
    by_hour: NDArray[np.float64]
    central: NDArray[np.int64]
    events: tuple[Event, ...]

    def hourly(self, month: int) -> NDArray[np.float64]:
        """Expected incidents, array (hours of the month, boroughs, kinds)."""
        days = np.flatnonzero(month == period.MONTH_OF_DAY)
        spread = self.by_hour[self.central][:, period.WEEKDAYS[days]]  # boroughs, days, hours, kinds
        rates = (self.by_day[days][:, None] * spread.transpose(1, 2, 0, 3)).reshape(len(days) * 24, len(BOROUGHS), len(KINDS))
        first = int(days[0]) * 24
        raised = [index for index, kind in enumerate(KINDS) if kind.name in EVENT_KINDS]
        for event in self.events:
            low, high = max(event.first_hour - first, 0), min(event.last_hour + 1 - first, len(rates))
            if low < high:
                rates[low:high, event.borough, raised] *= event.factor
        for hour in period.skipped_hours():
            if first <= hour < first + len(rates):
                rates[hour - first] = 0.0
        return rates


def true_demand(*, scale: float, seed: int, events: tuple[Event, ...]) -> Demand:
    """The rates of a force of this size: before events they add up to `scale` times 2.5 million a year."""
    central = np.array([borough.name in CITY_CENTRE for borough in BOROUGHS], dtype=np.int64)
    unscaled = _area_kind(central, seed)[None] * _day_factors()[:, None] * _change_factors()
    by_day = unscaled * (INCIDENTS_A_YEAR * period.YEARS * scale / unscaled.sum())
    return Demand(by_day=by_day, by_hour=_hour_shares(), central=central, events=events)


def _area_kind(central: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Relative rate of each borough and kind: people, the middle of the city, and what makes each place itself."""
    present = np.array([(2 * borough.residents + daytime(borough) + at_night(borough)) / 4 for borough in BOROUGHS])
    own_character = np.exp(stream(seed, "demand", "areas").normal(0.0, 0.18, size=(len(BOROUGHS), len(KINDS))))
    raised = np.array([[kind.central if is_central else 1.0 for kind in KINDS] for is_central in central])
    rates = present[:, None] * own_character * raised
    share: NDArray[np.float64] = np.array([kind.share for kind in KINDS])
    relative: NDArray[np.float64] = rates / rates.sum(axis=0) * share
    return relative


def _day_factors() -> NDArray[np.float64]:
    """Weekday, season and trend, array (days, kinds)."""
    factors = np.empty((period.DAYS, len(KINDS)))
    years = np.arange(period.DAYS) / 365.25
    of_year = (period.DATES - period.DATES.astype("datetime64[Y]")).astype(np.int64)
    for index, kind in enumerate(KINDS):
        peak = (kind.peak_month - 0.5) / 12 * 365.25
        season = 1 + kind.season * np.cos(2 * math.pi * (of_year - peak) / 365.25)
        weekday = np.where(period.WEEKDAYS >= 4, kind.weekend, 1.0)
        factors[:, index] = season * (1 + kind.yearly_change) ** years * weekday
    relative: NDArray[np.float64] = factors / factors.mean(axis=0)
    return relative


def _change_factors() -> NDArray[np.float64]:
    factors = np.ones((period.DAYS, len(BOROUGHS), len(KINDS)))
    names = [borough.name for borough in BOROUGHS]
    kinds = [kind.name for kind in KINDS]
    for change in CHANGES:
        places = [names.index(name) for name in change.boroughs]
        factors[period.day_number(change.on) :, places, kinds.index(change.kind)] *= change.factor
    return factors


def _hour_shares() -> NDArray[np.float64]:
    """Spread of a day over its hours, array (outside or centre, weekday, hour, kind); each day sums to one."""
    hours = np.arange(24) + 0.5
    shares = np.empty((2, 7, 24, len(KINDS)))
    for index, kind in enumerate(KINDS):
        for centre in (0, 1):
            for weekday in range(7):
                shape = np.full(24, 0.08)
                late = 1.5 if weekday in (4, 5) else 0.0  # Friday and Saturday go on later, in the centre later still
                for top, width, height in DAY_SHAPES[kind.day_shape]:
                    moved = top + (late * (1 + 0.5 * centre) if top >= 18 else 0.0)
                    apart = np.abs((hours - moved + 12) % 24 - 12)
                    shape += height * np.exp(-0.5 * (apart / width) ** 2)
                shares[centre, weekday, :, index] = shape / shape.sum()
    return shares
