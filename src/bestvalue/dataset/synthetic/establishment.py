"""Which units does the synthetic force have, when are they on duty, and what takes them away?

Local response is staffed by the square-root rule: a borough's shift has the units that its expected load keeps busy, and a
margin of so many times the square root of that. So a force of any scale answers about as well as the whole one does.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.demand import GRADES, KINDS, Demand
from bestvalue.dataset.synthetic.events import Event
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

ROUTINE_ABSENCES = {"training": 0.012, "sickness": 0.009, "court": 0.005, "vehicle": 0.005, "local aid": 0.004}
"""Share of turns that each takes from a unit; the reasons are those of the abstractions table."""


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
    SupportKind("TSG", "Territorial support", 18, 7, 75, 5, ("public order", "search"), ("Lambeth", "Newham", "Brent")),
    SupportKind("DOG", "Dog support", 9, 1, 40, 5, ("dog",), ("Bromley", "Enfield")),
    SupportKind("TRF", "Roads and transport", 9, 2, 120, 4, ("collision investigation",), ("Merton", "Redbridge")),
    SupportKind("ARV", "Armed response", 9, 3, 45, 4, ("firearms",), ("Lewisham", "Ealing")),
    SupportKind("SRV", "Surveillance", 6, 6, 150, 5, ("surveillance",), ("Southwark",)),
    SupportKind("MAR", "Marine", 3, 3, 90, 4, ("marine", "search"), ("Tower Hamlets",)),
    SupportKind("MTD", "Mounted", 3, 4, 90, 4, ("crowd horses",), ("Westminster",)),
    SupportKind("AIR", "Air and drones", 3, 2, 35, 5, ("air search",), ("Redbridge",)),
)
# fmt: on

SUPPORT_SHIFT_SHARES = (0.33, 0.42, 0.25)
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
        away: array (turns, units), true where the unit could not be sent.
        absences: the same as rows, in order of turn.
    """

    pools: tuple[Pool, ...]
    units: tuple[Unit, ...]
    away: NDArray[np.bool_]
    absences: tuple[Absence, ...]

    def roster(self, pool: Pool, turn: int) -> list[int]:
        """Numbers of the pool's units that can be sent in a turn."""
        shift, weekday = turn_shift(turn), turn_weekday(turn)
        first = pool.first[shift]
        last = first + int(pool.on_duty[shift, weekday])
        if turn >= len(self.away):
            return list(range(first, last))
        return [int(unit) for unit in first + np.flatnonzero(~self.away[turn, first:last])]


def turn_shift(turn: int) -> int:
    """Which of `SHIFTS` a turn is."""
    return (turn - 1) % 3


def turn_weekday(turn: int) -> int:
    """Weekday on which a turn begins, 0 Monday to 6 Sunday."""
    return int((period.WEEKDAYS[0] + (turn - 1) // 3) % 7)


def turn_start(turn: int) -> int:
    """Second of the period in which a turn begins; negative for the first."""
    return FIRST_SHIFT_MINUTE * 60 + (turn - 1) * SHIFT_SECONDS


def establish(*, demand: Demand, scale: float, seed: int) -> Establishment:
    """Staff the force for this demand."""
    pools: list[Pool] = []
    units: list[Unit] = []
    for number, (borough, on_duty) in enumerate(zip(BOROUGHS, _local_need(demand, scale), strict=True)):
        pool_id, name = f"response-{borough.code}", f"{borough.name} response"
        pools.append(Pool(pool_id=pool_id, name=name, borough=number, support=None, first=_numbers(len(units), on_duty), on_duty=on_duty))
        units += _units(pools, code=borough.code, bases=[number], seed=seed)
    names = [borough.name for borough in BOROUGHS]
    for kind in SUPPORT:
        # The square root again: a tenth of the demand needs more than a tenth of so small a pool.
        size = [max(1, round(kind.units * share * math.sqrt(scale))) for share in SUPPORT_SHIFT_SHARES]
        on_duty = np.array([[max(1, round(count * (0.7 if weekday == 6 else 1.0))) for weekday in range(7)] for count in size])
        first = _numbers(len(units), on_duty)
        pools.append(Pool(pool_id=f"support-{kind.code}", name=kind.name, borough=None, support=kind, first=first, on_duty=on_duty))
        units += _units(pools, code=kind.code, bases=[names.index(base) for base in kind.bases], seed=seed)
    absences = _absences(tuple(pools), tuple(units), demand.events, seed)
    away = np.zeros((TURNS, len(units)), dtype=np.bool_)
    away[[absence.turn for absence in absences], [absence.unit for absence in absences]] = True
    return Establishment(pools=tuple(pools), units=tuple(units), away=away, absences=absences)


def minimum_units(scale: float) -> int:
    """Units that must be on duty in a borough at every hour."""
    return max(2, round(MINIMUM_UNITS * scale))


def _local_need(demand: Demand, scale: float) -> NDArray[np.int64]:
    """Units wanted on duty, array (boroughs, shifts, weekdays), from the load of the last year."""
    last_year = np.arange(period.DAYS) >= period.day_number(period.LAST_YEAR_FIRST_DAY)
    busy = np.array(
        [(1 - kind.grades[GRADES.index("resolved without attendance")]) * (mean_on_scene_hours(kind) + MEAN_TRAVEL_HOURS) for kind in KINDS]
    )
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


def _absences(pools: tuple[Pool, ...], units: tuple[Unit, ...], events: tuple[Event, ...], seed: int) -> tuple[Absence, ...]:
    """Routine absences at their rates, then aid to events; the first unit of a shift is never taken."""
    chance = stream(seed, "absences")
    reasons = list(ROUTINE_ABSENCES)
    edges = np.cumsum(list(ROUTINE_ABSENCES.values()))
    taken: dict[tuple[int, int], Absence] = {}
    for number, unit in enumerate(units):
        turns = np.arange(unit.shift + 1 if unit.shift < 2 else 0, TURNS, 3)
        drawn = chance.random(len(turns))
        if unit.rank == 0:
            continue
        weekdays = (period.WEEKDAYS[0] + (turns - 1) // 3) % 7
        lost = (unit.rank < pools[unit.pool].on_duty[unit.shift, weekdays]) & (drawn < edges[-1])
        for turn, where in zip(turns[lost], drawn[lost], strict=True):
            reason = reasons[int(np.searchsorted(edges, where, side="right"))]
            taken[int(turn), number] = Absence(unit=number, turn=int(turn), reason=reason, event=None)
    for index, event in enumerate(events):
        for turn, number in _aid(pools, event, chance):
            taken.setdefault((turn, number), Absence(unit=number, turn=turn, reason="central aid", event=index))
    return tuple(taken[key] for key in sorted(taken))


def _aid(pools: tuple[Pool, ...], event: Event, chance: np.random.Generator) -> list[tuple[int, int]]:
    """The (turn, unit) pairs that an event takes from other boroughs and from territorial support."""
    starts, ends = period.second_number(event.starts_at), period.second_number(event.ends_at)
    first_turn = (starts - turn_start(0)) // SHIFT_SECONDS
    last_turn = (ends - 1 - turn_start(0)) // SHIFT_SECONDS
    pairs = []
    for turn in range(first_turn, min(last_turn, TURNS - 1) + 1):
        shift, weekday = turn_shift(turn), turn_weekday(turn)
        for pool in pools:
            lends = pool.borough is not None and pool.borough != event.borough
            crowd_unit = pool.support is not None and "public order" in pool.support.skills
            share = event.aid_share if lends else min(0.5, 4 * event.aid_share) if crowd_unit else 0.0
            spare = int(pool.on_duty[shift, weekday]) - 1
            count = int(chance.binomial(spare, share))
            if count:
                ranks = 1 + chance.choice(spare, size=count, replace=False)
                pairs += [(turn, pool.first[shift] + int(rank)) for rank in ranks]
    return pairs
