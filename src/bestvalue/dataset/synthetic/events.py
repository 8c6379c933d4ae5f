"""Which events does the synthetic force police? Carnival, New Year, marches and matches, every year, all invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream


@dataclass(frozen=True, kw_only=True)
class Event:
    """One planned event.

    Args:
        name, kind: as in the planned_events table.
        borough: number of the borough, from 0.
        starts_at, ends_at: local clock.
        attendance: people expected.
        factor: by how much it multiplies the borough's incidents of the kinds that crowds bring.
        aid_share: share of every other borough's units on duty that it takes.
    """

    name: str
    kind: str
    borough: int
    starts_at: datetime
    ends_at: datetime
    attendance: int
    factor: float
    aid_share: float

    @property
    def first_hour(self) -> int:
        """Hour of the period in which it starts."""
        return period.second_number(self.starts_at) // period.HOUR

    @property
    def last_hour(self) -> int:
        """Last hour of the period that it touches."""
        return (period.second_number(self.ends_at) - 1) // period.HOUR


def planned_events(*, seed: int) -> tuple[Event, ...]:
    """All events of the period, in order of time."""
    chance = stream(seed, "events")
    events: list[Event] = []
    for year in range(period.FIRST_DAY.year, period.DAY_AFTER.year):
        events += [_carnival(year), _new_year(year), *_marches(year, chance), *_matches(year, chance)]
    inside = [event for event in events if event.starts_at.date() >= period.FIRST_DAY and event.ends_at.date() < period.DAY_AFTER]
    return tuple(sorted(inside, key=lambda event: (event.starts_at, event.name)))


def _borough(name: str) -> int:
    return [borough.name for borough in BOROUGHS].index(name)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def _carnival(year: int) -> Event:
    last_monday = date(year, 8, 31) - timedelta(days=date(year, 8, 31).weekday())
    return Event(
        name=f"Summer carnival {year}",
        kind="carnival",
        borough=_borough("Kensington and Chelsea"),
        starts_at=_at(last_monday - timedelta(days=1), 9),
        ends_at=_at(last_monday, 23),
        attendance=900_000,
        factor=4.0,
        aid_share=0.15,
    )


def _new_year(year: int) -> Event:
    return Event(
        name=f"New Year's Eve {year}",
        kind="celebration",
        borough=_borough("Westminster"),
        starts_at=_at(date(year, 12, 31), 18),
        ends_at=_at(date(year + 1, 1, 1), 4),
        attendance=120_000,
        factor=3.5,
        aid_share=0.12,
    )


def _marches(year: int, chance: np.random.Generator) -> list[Event]:
    first_saturday = date(year, 4, 1) + timedelta(days=(5 - date(year, 4, 1).weekday()) % 7)
    weeks = np.sort(chance.choice(51, size=12, replace=False))
    return [
        Event(
            name=f"March {year}-{number}",
            kind="march",
            borough=_borough("Westminster"),
            starts_at=_at(first_saturday + timedelta(weeks=int(week)), 11),
            ends_at=_at(first_saturday + timedelta(weeks=int(week)), 18),
            attendance=int(chance.integers(5, 80)) * 1_000,
            factor=2.0,
            aid_share=0.04,
        )
        for number, week in enumerate(weeks, start=1)
    ]


def _matches(year: int, chance: np.random.Generator) -> list[Event]:
    grounds = ("Brent", "Newham", "Haringey", "Islington", "Hammersmith and Fulham")
    days = np.sort(chance.choice(270, size=25, replace=False))
    matches = []
    for number, day in enumerate(days, start=1):
        on = date(year, 8, 1) + timedelta(days=int(day))
        matches.append(
            Event(
                name=f"Match {year}-{number}",
                kind="match",
                borough=_borough(grounds[int(chance.integers(len(grounds)))]),
                starts_at=_at(on, 16),
                ends_at=_at(on, 22),
                attendance=int(chance.integers(18, 62)) * 1_000,
                factor=1.8,
                aid_share=0.01,
            )
        )
    return matches
