"""What was reported? Every incident of the period, drawn from the true rates."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period, response
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import pick, stream
from bestvalue.dataset.synthetic.demand import KINDS, Demand
from bestvalue.dataset.synthetic.establishment import Establishment

SOURCES = ("emergency call", "non-emergency call", "online report", "officer initiated")
SOURCE_SHARES = np.array([[0.88, 0.06, 0.0, 0.06], [0.55, 0.33, 0.04, 0.08], [0.12, 0.62, 0.22, 0.04], [0.15, 0.50, 0.33, 0.02]])
"""By grade."""

OUTCOMES = ("resolved at scene", "crime recorded", "arrest", "no trace", "advice given", "passed to another service")
_OUTCOME_SHARES = {
    "violence": (0.18, 0.45, 0.20, 0.10, 0.06, 0.01),
    "domestic": (0.30, 0.36, 0.20, 0.03, 0.08, 0.03),
    "burglary": (0.08, 0.72, 0.06, 0.08, 0.06, 0.00),
    "robbery": (0.04, 0.74, 0.14, 0.06, 0.02, 0.00),
    "theft": (0.08, 0.74, 0.07, 0.05, 0.06, 0.00),
    "vehicle crime": (0.05, 0.80, 0.04, 0.06, 0.05, 0.00),
    "antisocial behaviour": (0.52, 0.06, 0.03, 0.24, 0.13, 0.02),
    "traffic collision": (0.70, 0.12, 0.03, 0.02, 0.11, 0.02),
    "welfare": (0.58, 0.02, 0.01, 0.08, 0.09, 0.22),
    "suspicious activity": (0.38, 0.05, 0.05, 0.44, 0.08, 0.00),
    "public order": (0.40, 0.22, 0.19, 0.13, 0.06, 0.00),
    "drugs": (0.16, 0.38, 0.26, 0.14, 0.06, 0.00),
}
OUTCOME_SHARES = np.array([_OUTCOME_SHARES[kind.name] for kind in KINDS])
"""By kind."""

SKILLS = tuple(dict.fromkeys(skill for kind in KINDS for skill in kind.skills))
NO_SKILL = len(SKILLS)
HOTSPOTS, HOTSPOT_SHARE, HOTSPOT_METRES = 8, 0.55, 220.0
"""Busy places in each borough, the share of incidents that falls on them, and their spread (sigma)."""


@dataclass(frozen=True, kw_only=True)
class Incidents:
    """Every incident, in order of time; one array a column, codes into the lists of names.

    `opened` and `ready` are seconds of the period, `travel` (turnout and drive) and `on_scene` seconds, places metres on the
    grid. `ready`, when a unit can be sent, and what follows it say what the first wave finds if one is sent: nobody is where
    the grade is not attended.
    """

    opened: NDArray[np.int32]
    borough: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    grade: NDArray[np.uint8]
    source: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    skill: NDArray[np.uint8]
    easting: NDArray[np.int32]
    northing: NDArray[np.int32]
    ready: NDArray[np.int32]
    travel: NDArray[np.int32]
    on_scene: NDArray[np.int32]
    from_easting: NDArray[np.int32]
    from_northing: NDArray[np.int32]


def report(demand: Demand, establishment: Establishment, *, seed: int) -> Incidents:
    """Draw every incident of the period."""
    hotspots = _hotspots(seed)
    idle = _idle_units(establishment)
    # Each month has its own stream, so that two threads may draw months side by side; numpy lets go of the interpreter.
    with ThreadPoolExecutor(max_workers=2) as workers:
        months = list(workers.map(lambda month: _month(demand, idle, hotspots, month, seed), range(len(period.MONTHS))))
    return Incidents(**{field.name: np.concatenate([getattr(month, field.name) for month in months]) for field in fields(Incidents)})


def _hotspots(seed: int) -> NDArray[np.int32]:
    """Busy places, array (boroughs, hotspots, 2): metres east and north, inside a disc as large as the borough."""
    chance = stream(seed, "hotspots")
    centres = np.array([(borough.easting_m, borough.northing_m) for borough in BOROUGHS])
    reach = np.sqrt(np.array([borough.area_km2 for borough in BOROUGHS]) * 1e6 / np.pi)
    away = 0.8 * reach[:, None] * np.sqrt(chance.random((len(BOROUGHS), HOTSPOTS)))
    turn = 2 * np.pi * chance.random((len(BOROUGHS), HOTSPOTS))
    return np.asarray(centres[:, None] + np.stack([away * np.cos(turn), away * np.sin(turn)], axis=2), dtype=np.int32)


def _idle_units(establishment: Establishment) -> NDArray[np.float64]:
    """Units that are usually idle, array (boroughs, hours of the week): what the distance to the nearest depends on."""
    idle = np.empty((len(BOROUGHS), 168))
    for hour in range(168):
        weekday, of_day = divmod(hour, 24)
        shift = ((of_day - 7) % 24) // 8
        began = (weekday - 1) % 7 if of_day < 7 else weekday
        idle[:, hour] = [pool.on_duty[shift, began] for pool in establishment.pools[: len(BOROUGHS)]]
    return np.maximum(1.0, response.IDLE_SHARE * idle)


def _month(demand: Demand, idle: NDArray[np.float64], hotspots: NDArray[np.int32], month: int, seed: int) -> Incidents:
    chance = stream(seed, "incidents", str(period.MONTHS[month]))
    counts = chance.poisson(demand.hourly(month))
    hours, places, kinds = (axis.repeat(counts.ravel()) for axis in (index.ravel() for index in np.indices(counts.shape, dtype=np.int32)))
    within = chance.integers(0, period.HOUR, size=len(hours), dtype=np.int32)
    first_hour = int(np.argmax(month == period.MONTH_OF_DAY)) * 24
    opened = (hours + first_hour) * period.HOUR + within
    order = np.argsort(opened, kind="stable")
    opened, borough, kind = opened[order], places[order].astype(np.uint8), kinds[order].astype(np.uint8)
    grade = pick(chance, np.array([kind.grades for kind in KINDS]), kind)
    easting, northing = _places(chance, hotspots, borough)
    ready, travel, distance = _on_the_way(chance, idle, opened, borough, grade)
    turn = np.float32(2 * np.pi) * chance.random(len(opened), dtype=np.float32)
    return Incidents(
        opened=opened,
        borough=borough,
        kind=kind,
        grade=grade,
        source=pick(chance, SOURCE_SHARES, grade),
        outcome=_outcomes(chance, kind, grade),
        skill=_skills(chance, kind, grade),
        easting=easting,
        northing=northing,
        ready=ready,
        travel=travel,
        on_scene=_on_scene(chance, kind),
        from_easting=easting + (distance * np.cos(turn)).astype(np.int32),
        from_northing=northing + (distance * np.sin(turn)).astype(np.int32),
    )


def _places(
    chance: np.random.Generator, hotspots: NDArray[np.int32], borough: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Metres east and north: a busy place or anywhere in a disc as large as the borough."""
    size = len(borough)
    reach = np.sqrt(np.array([place.area_km2 for place in BOROUGHS], dtype=np.float32) * 1e6 / np.pi)[borough]
    away = reach * np.sqrt(chance.random(size, dtype=np.float32))
    turn = np.float32(2 * np.pi) * chance.random(size, dtype=np.float32)
    centres = np.array([(place.easting_m, place.northing_m) for place in BOROUGHS], dtype=np.float32)[borough]
    anywhere = centres + np.stack([away * np.cos(turn), away * np.sin(turn)], axis=1)
    spread = HOTSPOT_METRES * chance.standard_normal((size, 2), dtype=np.float32)
    busy = hotspots[borough, chance.integers(0, HOTSPOTS, size=size, dtype=np.uint8)] + spread
    chosen = np.where(chance.random((size, 1), dtype=np.float32) < HOTSPOT_SHARE, busy, anywhere).astype(np.int32)
    return chosen[:, 0], chosen[:, 1]


def _on_the_way(
    chance: np.random.Generator, idle: NDArray[np.float64], opened: NDArray[np.int32], borough: NDArray[np.uint8], grade: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """When a unit can be sent, seconds of turnout and travel, and metres from unit to scene; used where the grade is attended."""
    size = len(opened)
    rank = np.minimum(grade, response.ATTENDED_GRADES - 1)
    put_off = np.where(grade == 2, chance.standard_exponential(size, dtype=np.float32) * response.SCHEDULED_DELAY_HOURS * period.HOUR, 0.0)
    handling = response.lognormal(chance, response.HANDLING_MEDIAN_SECONDS[rank], response.SPREAD, size)
    ready = opened + (handling + put_off).astype(np.int32)
    hour_of_week = (ready // period.HOUR + period.WEEKDAYS[0] * 24) % 168
    area = np.array([place.area_km2 for place in BOROUGHS])[borough]
    distance = response.nearest_metres(chance, idle[borough, hour_of_week], area)
    speed = response.SPEED_METRES_A_SECOND[rank] * response.hour_speed(hour_of_week % 24)
    turnout = response.lognormal(chance, response.TURNOUT_MEDIAN_SECONDS[rank], response.SPREAD, size)
    travel = (turnout + response.DETOUR * distance / speed).astype(np.int32)
    return ready, travel, distance.astype(np.float32)


def _on_scene(chance: np.random.Generator, kind: NDArray[np.uint8]) -> NDArray[np.int32]:
    medians = np.array([60.0 * kind.on_scene_minutes for kind in KINDS])
    return response.lognormal(chance, medians[kind], response.ON_SCENE_SPREAD, len(kind)).astype(np.int32)


def _outcomes(chance: np.random.Generator, kind: NDArray[np.uint8], grade: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How it ended; nobody is arrested, or sought in vain, where nobody was sent."""
    outcome = pick(chance, OUTCOME_SHARES, kind)
    needs_a_visit = np.isin(outcome, [OUTCOMES.index(name) for name in ("resolved at scene", "arrest", "no trace")])
    return np.where((grade == response.ATTENDED_GRADES) & needs_a_visit, np.uint8(OUTCOMES.index("advice given")), outcome)


def _skills(chance: np.random.Generator, kind: NDArray[np.uint8], grade: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Skill asked for from the scene; `NO_SKILL` for most."""
    asked = np.array([[kind.skills.get(skill, 0.0) for skill in SKILLS] for kind in KINDS])
    skill = pick(chance, np.column_stack([asked, 1 - asked.sum(axis=1)]), kind)
    return np.where(grade < response.ATTENDED_GRADES, skill, np.uint8(NO_SKILL))
