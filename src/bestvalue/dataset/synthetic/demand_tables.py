"""Writes what people asked of the synthetic force: incidents, grades and planned events."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.demand import GRADES, KINDS
from bestvalue.dataset.synthetic.deployments import Deployments
from bestvalue.dataset.synthetic.establishment import Establishment
from bestvalue.dataset.synthetic.events import Event
from bestvalue.dataset.synthetic.incidents import NO_SKILL, OUTCOMES, SKILLS, SOURCES, Incidents
from bestvalue.dataset.synthetic.parquet import TableWriter, clock, coded, numbered, numbers, write_table
from bestvalue.dataset.tables import demand

BATCH = 500_000
INCIDENT_PREFIX, INCIDENT_DIGITS = "INC-", 8

TARGET_MINUTES = (15.0, 60.0, 48 * 60.0, None)
TARGET_SHARES = (0.90, 0.85, 0.95, None)
BORROW_AFTER_MINUTES = (2.0, 10.0, 30.0, None)
"""By grade; none where nobody is sent."""


def incident_ids(serials: NDArray[np.integer]) -> object:
    """The ids of incidents by their number in order of time, from 0."""
    return numbered(INCIDENT_PREFIX, serials + 1, digits=INCIDENT_DIGITS)


def write_demand(folder: Path, events: tuple[Event, ...]) -> list[TableWriter]:
    """Write grades and planned_events."""
    grades = write_table(
        demand.GRADES,
        folder,
        {
            "grade": list(GRADES),
            "priority": list(range(1, len(GRADES) + 1)),
            "target_minutes": list(TARGET_MINUTES),
            "target_share": list(TARGET_SHARES),
            "borrow_after_minutes": list(BORROW_AFTER_MINUTES),
        },
    )
    planned = write_table(
        demand.PLANNED_EVENTS,
        folder,
        {
            "event_id": event_ids(len(events)),
            "event_name": [event.name for event in events],
            "kind": [event.kind for event in events],
            "area_id": [BOROUGHS[event.borough].code for event in events],
            "starts_at": [event.starts_at for event in events],
            "ends_at": [event.ends_at for event in events],
            "expected_attendance": [event.attendance for event in events],
        },
    )
    return [grades, planned]


def event_ids(count: int) -> list[str]:
    """Ids of the planned events, in their order."""
    return [f"EV-{number:04d}" for number in range(1, count + 1)]


def write_incidents(
    folder: Path, incidents: Incidents, first: Deployments, second: Deployments, closed: NDArray[np.int32], establishment: Establishment
) -> TableWriter:
    """Write incidents in order of time."""
    attendance = {wave: _by_incident(sent, len(closed)) for wave, sent in (("first", first), ("second", second))}
    bases = [f"{BOROUGHS[unit.base].name} base" for unit in establishment.units]
    with TableWriter(demand.INCIDENTS, folder) as writer:
        for part in batches(len(closed)):
            columns: dict[str, object] = {
                "incident_id": incident_ids(np.arange(part.start, part.stop)),
                "opened_at": clock(period.ORIGIN, incidents.opened[part]),
                "time_precision": coded(np.zeros(part.stop - part.start, dtype=np.int32), ["second"]),
                "area_id": coded(incidents.borough[part], [borough.code for borough in BOROUGHS]),
                "area_name": coded(incidents.borough[part], [borough.name for borough in BOROUGHS]),
                "easting_m": incidents.easting[part],
                "northing_m": incidents.northing[part],
                "grade": coded(incidents.grade[part], GRADES),
                "kind": coded(incidents.kind[part], [kind.name for kind in KINDS]),
                "source": coded(incidents.source[part], SOURCES),
                "outcome": coded(incidents.outcome[part], OUTCOMES),
                "support_skill": coded(incidents.skill[part], SKILLS, empty=incidents.skill[part] == NO_SKILL),
                "closed_at": clock(period.ORIGIN, closed[part]),
            }
            for wave, (seconds, unit) in attendance.items():
                nobody = unit[part] < 0
                columns[f"{wave}_attendance_seconds"] = numbers(seconds[part], empty=nobody)
                columns[f"{wave}_station"] = coded(unit[part], bases, empty=nobody)
            writer.write(columns)
    return writer


def batches(rows: int) -> Iterator[slice]:
    """Slices that cut so many rows into batches."""
    for start in range(0, rows, BATCH):
        yield slice(start, min(start + BATCH, rows))


def _by_incident(sent: Deployments, incidents: int) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """Seconds from sending to arrival and the unit, one for each incident; unit -1 where nobody was sent."""
    seconds = np.zeros(incidents, dtype=np.int32)
    unit = np.full(incidents, -1, dtype=np.int16)
    seconds[sent.incident] = sent.arrived - sent.assigned
    unit[sent.incident] = sent.unit
    return seconds, unit
