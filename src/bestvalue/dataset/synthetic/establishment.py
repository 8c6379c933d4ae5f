"""Which units does the synthetic force have, when are they on duty, and what takes them away?

Local response is staffed by the square-root rule: a borough's shift has the units that its expected load keeps busy, and a
margin of so many times the square root of that. So a force of any scale answers about as well as the whole one does.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.demand import GRADES, KINDS, Demand
from bestvalue.dataset.synthetic.response import MEAN_TRAVEL_HOURS, mean_on_scene_hours

SHIFTS = ("early", "late", "night")
FIRST_SHIFT_MINUTE, SHIFT_MINUTES, BREAK_MINUTES = 7 * 60, 8 * 60, 45
SHIFT_SECONDS = SHIFT_MINUTES * 60
TURNS = period.DAYS * 3 + 1
"""Turns of duty in the period; turn 0 is the night shift that began on the evening before the first day."""

MARGIN = 1.5
"""Units above the load, in square roots of the load."""

MINIMUM_UNITS = 8
"""On duty in any borough at any hour, at scale 1; never fewer than two at any scale."""


@dataclass(frozen=True)  # by place, not by keyword: the eight kinds below read as a table
class SupportKind:
    """One kind of pan-London support unit.

    Args:
        code, name: its code and name.
        units: how many there are at scale 1.
        crew: officers in one.
        on_scene_minutes: median from arrival to clear.
        weekly_maximum: taskings that one unit may be given in a week.
        skills: what it can do.
        bases: boroughs in which its bases stand.
    """

    code: str
    name: str
    units: int
    crew: int
    on_scene_minutes: float
    weekly_maximum: int
    skills: tuple[str, ...]
    bases: tuple[str, ...]


# fmt: off
SUPPORT = (
    SupportKind("TSG", "Territorial support", 15, 7, 75, 5, ("public order", "search"), ("Lambeth", "Newham", "Brent")),
    SupportKind("DOG", "Dog support", 9, 1, 40, 5, ("dog",), ("Bromley", "Enfield")),
    SupportKind("TRF", "Roads and transport", 9, 2, 120, 4, ("collision investigation",), ("Merton", "Redbridge")),
    SupportKind("ARV", "Armed response", 9, 3, 45, 4, ("firearms",), ("Lewisham", "Ealing")),
    SupportKind("SRV", "Surveillance", 6, 6, 150, 5, ("surveillance",), ("Southwark",)),
    SupportKind("MAR", "Marine", 3, 3, 90, 4, ("marine", "search"), ("Tower Hamlets",)),
    SupportKind("MTD", "Mounted", 3, 4, 90, 4, ("crowd horses",), ("Westminster",)),
    SupportKind("AIR", "Air and drones", 3, 2, 35, 5, ("air search",), ("Redbridge",)),
)
# fmt: on

SUPPORT_SHIFT_SHARES, LEAST_SUPPORT_UNITS = (0.33, 0.42, 0.25), (2, 2, 1)
SUNDAY = 6
LOCAL_CREW = 2
OFFICER_HOUR_PENCE, VEHICLE_HOUR_PENCE = 4_150, 620


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One pool: its units are numbered on from `first[shift]`, and `on_duty[shift, weekday]` of them work that turn."""

    pool_id: str
    name: str
    borough: int | None
    support: SupportKind | None
    first: tuple[int, int, int]
    on_duty: NDArray[np.int64]

    @property
    def crew(self) -> int:
        """Officers in a unit."""
        return LOCAL_CREW if self.support is None else self.support.crew

    @property
    def unit_hour_pence(self) -> int:
        """Cost of a unit on duty for an hour."""
        return self.crew * OFFICER_HOUR_PENCE + VEHICLE_HOUR_PENCE


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of a pool, in one shift."""

    unit_id: str
    pool: int
    shift: int
    rank: int
    base: int
    easting_m: int
    northing_m: int


@dataclass(frozen=True, kw_only=True)
class Absence:
    """One turn that a unit did not work for incidents."""

    unit: int
    turn: int
    reason: str
    event: int | None


@dataclass(frozen=True, kw_only=True)
class Establishment:
    """All pools and units, and the turns on which a unit was away.

    Args:
        pools: local ones first, in order of borough, then support.
        units: in the order of their numbers.
        absences: turns on which a unit could not be sent, in order.
        away: the same for looking up: the units away in each turn that has any.
    """

    pools: tuple[Pool, ...]
    units: tuple[Unit, ...]
    absences: tuple[Absence, ...] = ()
    away: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def roster(self, pool: Pool, turn: int) -> list[int]:
        """Numbers of the pool's units that can be sent in a turn."""
        shift = turn_shift(turn)
        first = pool.first[shift]
        on_duty = range(first, first + int(pool.on_duty[shift, turn_weekday(turn)]))
        away = self.away.get(turn)
        return list(on_duty) if away is None else [unit for unit in on_duty if unit not in away]

    def taken_by(self, absences: tuple[Absence, ...]) -> "Establishment":
        """The same establishment with more turns taken."""
        every = sorted((*self.absences, *absences), key=lambda absence: (absence.turn, absence.unit))
        units_of_turn = {turn: frozenset(one.unit for one in ones) for turn, ones in groupby(every, key=lambda absence: absence.turn)}
        return replace(self, absences=tuple(every), away=units_of_turn)


def turn_shift(turn: int) -> int:
    """Which of `SHIFTS` a turn is."""
    return (turn - 1) % 3


def turn_weekday(turn: int) -> int:
    """Weekday on which a turn begins, 0 Monday to 6 Sunday."""
    return (period.FIRST_DAY.weekday() + (turn - 1) // 3) % 7


def turn_start(turn: int) -> int:
    """Second of the period in which a turn begins; negative for the first."""
    return FIRST_SHIFT_MINUTE * 60 + (turn - 1) * SHIFT_SECONDS


def establish(*, demand: Demand, scale: float, seed: int) -> Establishment:
    """Staff the force for this demand; nobody is away yet."""
    pools: list[Pool] = []
    units: list[Unit] = []
    for number, (borough, on_duty) in enumerate(zip(BOROUGHS, _local_need(demand, scale), strict=True)):
        pool_id, name = f"response-{borough.code}", f"{borough.name} response"
        pools.append(Pool(pool_id=pool_id, name=name, borough=number, support=None, first=_numbers(len(units), on_duty), on_duty=on_duty))
        units += _units(pools, code=borough.code, bases=[number], seed=seed)
    names = [borough.name for borough in BOROUGHS]
    for kind in SUPPORT:
        # The square root again: a tenth of the demand needs more than a tenth of so small a pool.
        size = [
            max(least, round(kind.units * share * math.sqrt(scale)))
            for least, share in zip(LEAST_SUPPORT_UNITS, SUPPORT_SHIFT_SHARES, strict=True)
        ]
        on_duty = np.array([[max(1, round(count * (0.7 if weekday == SUNDAY else 1.0))) for weekday in range(7)] for count in size])
        first = _numbers(len(units), on_duty)
        pools.append(Pool(pool_id=f"support-{kind.code}", name=kind.name, borough=None, support=kind, first=first, on_duty=on_duty))
        units += _units(pools, code=kind.code, bases=[names.index(base) for base in kind.bases], seed=seed)
    return Establishment(pools=tuple(pools), units=tuple(units))


def minimum_units(scale: float) -> int:
    """Units that must be on duty in a borough at every hour."""
    return max(2, round(MINIMUM_UNITS * scale))


def _local_need(demand: Demand, scale: float) -> NDArray[np.int64]:
    """Units wanted on duty, array (boroughs, shifts, weekdays), from the load of the last year."""
    last_year = np.arange(period.DAYS) >= period.day_number(period.LAST_YEAR_FIRST_DAY)
    unattended = GRADES.index("resolved without attendance")
    busy = np.array([(1 - kind.grades[unattended]) * (mean_on_scene_hours(kind) + MEAN_TRAVEL_HOURS) for kind in KINDS])
    need = np.empty((len(BOROUGHS), 3, 7), dtype=np.int64)
    for weekday in range(7):
        a_day = demand.by_day[last_year & (weekday == period.WEEKDAYS)].mean(axis=0)  # boroughs, kinds
        a_next_day = demand.by_day[last_year & ((weekday + 1) % 7 == period.WEEKDAYS)].mean(axis=0)
        shares, next_shares = demand.by_hour[demand.central, weekday], demand.by_hour[demand.central, (weekday + 1) % 7]
        hourly = np.concatenate([a_day[:, None] * shares, a_next_day[:, None] * next_shares], axis=1)  # boroughs, 48 hours, kinds
        load = (hourly * busy).sum(axis=2)
        for shift in range(3):
            start = FIRST_SHIFT_MINUTE // 60 + shift * SHIFT_MINUTES // 60
            erlangs = load[:, start : start + SHIFT_MINUTES // 60].mean(axis=1)
            need[:, shift, weekday] = np.maximum(minimum_units(scale), np.ceil(erlangs + MARGIN * np.sqrt(erlangs)))
    return need


def _numbers(first: int, on_duty: NDArray[np.int64]) -> tuple[int, int, int]:
    """Number of the first unit of each shift, when the pool's units are numbered on from `first`."""
    size = on_duty.max(axis=1)
    return first, first + int(size[0]), first + int(size[0] + size[1])


def _units(pools: list[Pool], *, code: str, bases: list[int], seed: int) -> list[Unit]:
    """The units of the last pool, in the order of their numbers."""
    places = {base: _base_place(base, seed) for base in bases}
    units = []
    for shift, size in enumerate(pools[-1].on_duty.max(axis=1)):
        for rank in range(int(size)):
            base = bases[rank % len(bases)]
            easting, northing = places[base]
            unit_id = f"{code}-{SHIFTS[shift][0].upper()}{rank + 1:02d}"
            units.append(
                Unit(unit_id=unit_id, pool=len(pools) - 1, shift=shift, rank=rank, base=base, easting_m=easting, northing_m=northing)
            )
    return units


def _base_place(borough: int, seed: int) -> tuple[int, int]:
    """Where a borough's base stands: within 600 metres of its centroid, invented."""
    east, north = stream(seed, "bases", BOROUGHS[borough].code).integers(-600, 601, size=2)
    return BOROUGHS[borough].easting_m + int(east), BOROUGHS[borough].northing_m + int(north)
