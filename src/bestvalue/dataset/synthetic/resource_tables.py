"""Writes what the synthetic force answers with: pools, units, skills, shifts, absences and deployments."""

from datetime import timedelta
from pathlib import Path

import numpy as np

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.demand_tables import batches, event_ids, incident_ids
from bestvalue.dataset.synthetic.deployments import Deployments
from bestvalue.dataset.synthetic.establishment import (
    BREAK_MINUTES,
    FIRST_SHIFT_MINUTE,
    SHIFT_MINUTES,
    SHIFTS,
    Establishment,
    turn_start,
)
from bestvalue.dataset.synthetic.events import Event
from bestvalue.dataset.synthetic.parquet import TableWriter, clock, coded, numbered, write_table
from bestvalue.dataset.tables import resources


def write_resources(folder: Path, establishment: Establishment, events: tuple[Event, ...]) -> list[TableWriter]:
    """Write pools, units, unit_skills, shifts and abstractions."""
    return [
        _write_pools(folder, establishment),
        _write_units(folder, establishment),
        _write_skills(folder, establishment),
        _write_shifts(folder, establishment),
        _write_absences(folder, establishment, events),
    ]


def write_deployments(folder: Path, first: Deployments, second: Deployments, establishment: Establishment) -> TableWriter:
    """Write the deployments of both waves, first wave in order of its incidents, then second wave in order of time."""
    call_signs = [unit.unit_id for unit in establishment.units]
    written = 0
    with TableWriter(resources.DEPLOYMENTS, folder) as writer:
        for wave, sent in enumerate((first, second), start=1):
            for part in batches(len(sent.unit)):
                count = part.stop - part.start
                writer.write(
                    {
                        "deployment_id": numbered("DEP-", np.arange(written + 1, written + count + 1), digits=8),
                        "incident_id": incident_ids(sent.incident[part]),
                        "unit_id": coded(sent.unit[part], call_signs),
                        "wave": np.full(count, wave, dtype=np.int64),
                        "assigned_at": clock(period.ORIGIN, sent.assigned[part]),
                        "arrived_at": clock(period.ORIGIN, sent.arrived[part]),
                        "cleared_at": clock(period.ORIGIN, sent.cleared[part]),
                        "from_easting_m": sent.from_easting[part],
                        "from_northing_m": sent.from_northing[part],
                    }
                )
                written += count
    return writer


def _write_pools(folder: Path, establishment: Establishment) -> TableWriter:
    return write_table(
        resources.POOLS,
        folder,
        {
            "pool_id": [pool.pool_id for pool in establishment.pools],
            "pool_name": [pool.name for pool in establishment.pools],
            "level": ["support" if pool.borough is None else "local" for pool in establishment.pools],
            "area_id": [None if pool.borough is None else BOROUGHS[pool.borough].code for pool in establishment.pools],
            "minimum_units": [int(pool.on_duty.min()) for pool in establishment.pools],
            "crew": [pool.crew for pool in establishment.pools],
            "unit_hour_pence": [pool.unit_hour_pence for pool in establishment.pools],
        },
    )


def _write_units(folder: Path, establishment: Establishment) -> TableWriter:
    support = [establishment.pools[unit.pool].support for unit in establishment.units]
    return write_table(
        resources.UNITS,
        folder,
        {
            "unit_id": [unit.unit_id for unit in establishment.units],
            "pool_id": [establishment.pools[unit.pool].pool_id for unit in establishment.units],
            "base_name": [f"{BOROUGHS[unit.base].name} base" for unit in establishment.units],
            "base_area_id": [BOROUGHS[unit.base].code for unit in establishment.units],
            "base_easting_m": [unit.easting_m for unit in establishment.units],
            "base_northing_m": [unit.northing_m for unit in establishment.units],
            "weekly_maximum_taskings": [None if kind is None else kind.weekly_maximum for kind in support],
        },
    )


def _write_skills(folder: Path, establishment: Establishment) -> TableWriter:
    pairs = [
        (unit.unit_id, skill)
        for unit in establishment.units
        if (kind := establishment.pools[unit.pool].support) is not None
        for skill in kind.skills
    ]
    return write_table(resources.UNIT_SKILLS, folder, {"unit_id": [pair[0] for pair in pairs], "skill": [pair[1] for pair in pairs]})


def _write_shifts(folder: Path, establishment: Establishment) -> TableWriter:
    rows = [
        (unit, weekday)
        for unit in establishment.units
        for weekday in range(7)
        if unit.rank < establishment.pools[unit.pool].on_duty[unit.shift, weekday]
    ]
    return write_table(
        resources.SHIFTS,
        folder,
        {
            "unit_id": [unit.unit_id for unit, _ in rows],
            "shift_name": [SHIFTS[unit.shift] for unit, _ in rows],
            "weekday": [weekday + 1 for _, weekday in rows],
            "starts_minute": [FIRST_SHIFT_MINUTE + unit.shift * SHIFT_MINUTES for unit, _ in rows],
            "length_minutes": [SHIFT_MINUTES] * len(rows),
            "break_minutes": [BREAK_MINUTES] * len(rows),
        },
    )


def _write_absences(folder: Path, establishment: Establishment, events: tuple[Event, ...]) -> TableWriter:
    ids = event_ids(len(events))
    starts = [period.ORIGIN + timedelta(seconds=turn_start(absence.turn)) for absence in establishment.absences]
    return write_table(
        resources.ABSTRACTIONS,
        folder,
        {
            "abstraction_id": [f"AB-{number:06d}" for number in range(1, len(starts) + 1)],
            "unit_id": [establishment.units[absence.unit].unit_id for absence in establishment.absences],
            "reason": [absence.reason for absence in establishment.absences],
            "event_id": [None if absence.event is None else ids[absence.event] for absence in establishment.absences],
            "starts_at": starts,
            "ends_at": [start + timedelta(minutes=SHIFT_MINUTES) for start in starts],
        },
    )
