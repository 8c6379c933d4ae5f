"""Who was sent to which incident? The first wave from the boroughs, the second from support, and when all was done."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period, response
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.dispatch import dispatch
from bestvalue.dataset.synthetic.establishment import SUPPORT, Establishment
from bestvalue.dataset.synthetic.incidents import SKILLS, Incidents


@dataclass(frozen=True, kw_only=True)
class Deployments:
    """Units sent, one wave: for each the number of the incident, the unit, seconds of the period, and where it came from."""

    incident: NDArray[np.int64]
    unit: NDArray[np.int16]
    assigned: NDArray[np.int32]
    arrived: NDArray[np.int32]
    cleared: NDArray[np.int32]
    from_easting: NDArray[np.int32]
    from_northing: NDArray[np.int32]


def first_wave(incidents: Incidents, establishment: Establishment) -> Deployments:
    """Send local units, borough by borough."""
    attended = np.flatnonzero(incidents.grade < response.ATTENDED_GRADES)
    assigned = np.empty(len(attended), dtype=np.int32)
    unit = np.empty(len(attended), dtype=np.int16)
    for number, pool in enumerate(establishment.pools[: len(BOROUGHS)]):
        mine = np.flatnonzero(incidents.borough[attended] == number)
        mine = mine[np.argsort(incidents.ready[attended[mine]], kind="stable")]
        jobs = attended[mine]
        sent = dispatch(
            pool,
            establishment,
            ready=incidents.ready[jobs].astype(np.int64),
            busy=(incidents.travel[jobs] + incidents.on_scene[jobs]).astype(np.int64),
            grade=incidents.grade[jobs].astype(np.int64),
        )
        assigned[mine], unit[mine] = sent.start, sent.unit
    arrived = assigned + incidents.travel[attended]
    return Deployments(
        incident=attended,
        unit=unit,
        assigned=assigned,
        arrived=arrived,
        cleared=arrived + incidents.on_scene[attended],
        from_easting=incidents.from_easting[attended],
        from_northing=incidents.from_northing[attended],
    )


def second_wave(incidents: Incidents, first: Deployments, establishment: Establishment, *, seed: int) -> Deployments:
    """Send support units to the scenes that asked for their skill."""
    waves = [
        _support_wave(incidents, first, establishment, len(BOROUGHS) + number, stream(seed, "second wave", kind.code))
        for number, kind in enumerate(SUPPORT)
    ]
    joined = {field.name: np.concatenate([getattr(wave, field.name) for wave in waves]) for field in fields(Deployments)}
    order = np.argsort(joined["assigned"], kind="stable")
    return Deployments(**{name: column[order] for name, column in joined.items()})


def closing_times(incidents: Incidents, first: Deployments, second: Deployments, *, seed: int) -> NDArray[np.int32]:
    """When the last unit was done with each incident; a few minutes of talk where nobody was sent."""
    talk = response.lognormal(stream(seed, "talk"), 420.0, response.SPREAD, len(incidents.opened))
    closed = incidents.opened + talk.astype(np.int32)
    closed[first.incident] = first.cleared
    np.maximum.at(closed, second.incident, second.cleared)
    return closed


def _support_wave(
    incidents: Incidents, first: Deployments, establishment: Establishment, pool_number: int, chance: np.random.Generator
) -> Deployments:
    pool, kind = establishment.pools[pool_number], SUPPORT[pool_number - len(BOROUGHS)]
    answered = [SKILLS.index(skill) for skill in _own_skills(pool_number - len(BOROUGHS)) if skill in SKILLS]
    asking = np.flatnonzero(np.isin(incidents.skill[first.incident], answered))
    size = len(asking)
    asked = first.arrived[asking] + chance.integers(60, 901, size=size)
    order = np.argsort(asked, kind="stable")
    asking, ready = asking[order], asked[order]
    incident = first.incident[asking]
    idle = max(1, int(pool.on_duty.mean() / 2))
    come_from, distance = _nearest_patrol(chance, incidents.easting[incident], incidents.northing[incident], idle)
    speed = response.SUPPORT_SPEED_METRES_A_SECOND * response.hour_speed(ready // period.HOUR % 24)
    turnout = response.lognormal(chance, response.SUPPORT_TURNOUT_MEDIAN_SECONDS, response.SPREAD, size)
    travel = (turnout + response.DETOUR * distance / speed).astype(np.int64)
    on_scene = response.lognormal(chance, 60.0 * kind.on_scene_minutes, response.ON_SCENE_SPREAD, size).astype(np.int64)
    sent = dispatch(pool, establishment, ready=ready, busy=travel + on_scene, grade=incidents.grade[incident].astype(np.int64))
    arrived = (sent.start + travel).astype(np.int32)
    return Deployments(
        incident=incident,
        unit=sent.unit,
        assigned=sent.start,
        arrived=arrived,
        cleared=(arrived + on_scene).astype(np.int32),
        from_easting=come_from[:, 0],
        from_northing=come_from[:, 1],
    )


def _nearest_patrol(
    chance: np.random.Generator, easting: NDArray[np.int32], northing: NDArray[np.int32], idle: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Where the nearest of the idle support units is, each near the centre of some borough: its place and metres away."""
    centres = np.array([(borough.easting_m, borough.northing_m) for borough in BOROUGHS])
    size = len(easting)
    patrols = centres[chance.integers(0, len(BOROUGHS), size=(size, idle))] + chance.integers(-1_500, 1_501, size=(size, idle, 2))
    away = np.hypot(patrols[:, :, 0] - easting[:, None], patrols[:, :, 1] - northing[:, None])
    nearest = away.argmin(axis=1)
    rows = np.arange(size)
    return patrols[rows, nearest].astype(np.int32), away[rows, nearest]


def _own_skills(number: int) -> list[str]:
    """The skills that a support kind is sent for: those that no kind before it has."""
    earlier = {skill for kind in SUPPORT[:number] for skill in kind.skills}
    return [skill for skill in SUPPORT[number].skills if skill not in earlier]
