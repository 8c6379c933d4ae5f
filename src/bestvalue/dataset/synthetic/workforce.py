"""Who crews the units, and how long did they really work? Staff and their duties in the last year.

Overtime has three causes: a job that runs past the end of the shift (which follows from demand and establishment and is
the structural part), operations planned to run on, and turns worked on days off. What was paid follows Police Regulations
2003, Annex G, but for a few errors that are planted.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.deployments import Deployments
from bestvalue.dataset.synthetic.establishment import (
    OFFICER_HOUR_PENCE,
    SHIFT_SECONDS,
    TURNS,
    Establishment,
    turn_start,
    turn_weekday,
)

FIRST_TURN = period.day_number(period.LAST_YEAR_FIRST_DAY) * 3 + 1
"""First turn of the last year."""

PEOPLE_A_CREW_PLACE = 1.5
"""Staff for each place in a unit, so that a person works two days of three."""

LONGEST_RUN_ON = 5 * period.HOUR
"""After that the crew is relieved at the scene."""

PLANNED_SHARE, REST_DAY_SHARE, COURT_SHARE = (0.015, 0.25), (0.010, 0.12), 0.003
"""Share of turns that are planned to run on, and of days off that are worked, in local and in support pools; of nights before court."""

UNPAID_OCCASIONS, UNPAID_MINUTES, PAID_UNIT_MINUTES = 4, 30, 15
"""Annex G: half an hour is dropped on each of the first four untold occasions of a week; then completed quarters are paid."""

ERROR_SHARE, ERROR_MINUTES = 0.01, 30
SERGEANT_EVERY, SERGEANT_HOUR_PENCE = 8, 4_900

DUTY_KINDS = ("rostered", "rest day", "recall")
REASONS = ("incident ran on", "planned operation", "cover for absence", "court")
NOT_TOLD = -1


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Crews: for each person the pool, the unit that they crew and their pay; each unit's people are numbered on from `first`."""

    pool: NDArray[np.int64]
    unit: NDArray[np.int64]
    hour_pence: NDArray[np.int64]
    first: NDArray[np.int64]
    of_unit: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Duties:
    """Duties in order of person and time; seconds of the period, codes into `DUTY_KINDS` and `REASONS` (-1 for none)."""

    staff: NDArray[np.int64]
    unit: NDArray[np.int64]
    kind: NDArray[np.int64]
    planned_start: NDArray[np.int64]
    planned_end: NDArray[np.int64]
    started: NDArray[np.int64]
    ended: NDArray[np.int64]
    reason: NDArray[np.int64]
    told: NDArray[np.int64]
    paid_minutes: NDArray[np.int64]
    wrongly_paid: NDArray[np.bool_]

    @property
    def overtime_minutes(self) -> NDArray[np.int64]:
        """Minutes beyond the plan; a day off or a recall counts in full."""
        beyond = np.maximum(0, self.ended - self.planned_end)
        return np.where(self.kind == 0, beyond, self.ended - self.started) // 60


def employ(establishment: Establishment) -> Staff:
    """The people of every unit."""
    crews = np.array([establishment.pools[unit.pool].crew for unit in establishment.units])
    of_unit = np.ceil(PEOPLE_A_CREW_PLACE * crews).astype(np.int64)
    unit = np.repeat(np.arange(len(crews)), of_unit)
    pool = np.array([unit.pool for unit in establishment.units])[unit]
    sergeant = np.arange(len(unit)) % SERGEANT_EVERY == 0
    return Staff(
        pool=pool,
        unit=unit,
        hour_pence=np.where(sergeant, SERGEANT_HOUR_PENCE, OFFICER_HOUR_PENCE),
        first=np.cumsum(of_unit) - of_unit,
        of_unit=of_unit,
    )


def work(staff: Staff, establishment: Establishment, waves: tuple[Deployments, ...], *, seed: int) -> Duties:
    """Every duty of the last year."""
    chance = stream(seed, "duties")
    pools = [establishment.pools[unit.pool] for unit in establishment.units]
    support = np.array([pool.borough is None for pool in pools]).astype(np.int64)
    crews = np.array([pool.crew for pool in pools])
    unit, turn = _turns_worked(establishment)
    run_on = _run_on(establishment, waves)[turn - FIRST_TURN, unit]
    goes_on = chance.random(len(unit)) < np.array(PLANNED_SHARE)[support[unit]]
    planned = np.where(goes_on, 60 * chance.integers(60, 241, len(unit)), 0)
    start, day = turn_start(0) + turn * SHIFT_SECONDS, (turn - 1) // 3
    turns = pl.DataFrame(
        {
            "unit": unit,
            "day": day,
            "start": start,
            "longer": np.maximum(planned, run_on),
            "reason": np.select([planned > run_on, run_on > 0], [REASONS.index("planned operation"), REASONS.index("incident ran on")], -1),
            "told": np.where(planned > run_on, start - _notice(chance, len(unit)), NOT_TOLD),
        }
    ).cast(pl.Int64)
    rostered = _rostered(staff, turns, crews)
    return _paid(pl.concat([rostered, _extra(staff, turns, crews, support, chance)]).sort("staff", "planned_start", "kind"), chance)


def _rostered(staff: Staff, turns: pl.DataFrame, crews: NDArray[np.int64]) -> pl.DataFrame:
    """One duty for each place of each crew; the people of a unit take turns, day by day."""
    size = crews[turns["unit"].to_numpy()]
    place = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    each = turns[np.repeat(np.arange(len(size)), size)]
    unit = each["unit"].to_numpy()
    person = staff.first[unit] + (each["day"].to_numpy() + place) % staff.of_unit[unit]
    return each.select(
        pl.Series("staff", person),
        "unit",
        kind=pl.lit(DUTY_KINDS.index("rostered"), pl.Int64),
        planned_start="start",
        planned_end=pl.col("start") + SHIFT_SECONDS,
        ended=pl.col("start") + SHIFT_SECONDS + pl.col("longer"),
        reason="reason",
        told="told",
    )


def _turns_worked(establishment: Establishment) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of unit and turn in the last year in which the unit had a crew, whatever it did."""
    no_crew = {(absence.turn, absence.unit) for absence in establishment.absences if absence.reason == "sickness"}
    pairs = [
        (number, turn)
        for number, unit in enumerate(establishment.units)
        for turn in range(FIRST_TURN + unit.shift, TURNS, 3)
        if unit.rank < establishment.pools[unit.pool].on_duty[unit.shift, turn_weekday(turn)] and (turn, number) not in no_crew
    ]
    both = np.array(pairs, dtype=np.int64)
    return both[:, 0], both[:, 1]


def _run_on(establishment: Establishment, waves: tuple[Deployments, ...]) -> NDArray[np.int64]:
    """Seconds by which each unit finished after its turn, array (turns of the last year, units)."""
    run_on = np.zeros((TURNS - FIRST_TURN, len(establishment.units)), dtype=np.int64)
    for sent in waves:
        turn = (sent.assigned.astype(np.int64) - turn_start(0)) // SHIFT_SECONDS
        late = sent.cleared - (turn_start(0) + (turn + 1) * SHIFT_SECONDS)
        counts = (turn >= FIRST_TURN) & (turn < TURNS) & (late > 0)
        np.maximum.at(run_on, (turn[counts] - FIRST_TURN, sent.unit[counts].astype(np.int64)), late[counts])
    return np.minimum(run_on, LONGEST_RUN_ON)


def _notice(chance: np.random.Generator, size: int) -> NDArray[np.int64]:
    """Seconds before the start at which people were told: for one in seven less than the eight hours that are due."""
    late = chance.random(size) < 1 / 7
    return np.where(late, chance.integers(1, 8, size), chance.integers(10, 72, size)) * period.HOUR


def _extra(
    staff: Staff, turns: pl.DataFrame, crews: NDArray[np.int64], support: NDArray[np.int64], chance: np.random.Generator
) -> pl.DataFrame:
    """Turns worked on days off, and mornings in court after a night that ended on time."""
    unit, day, start, longer = (turns[name].to_numpy() for name in ("unit", "day", "start", "longer"))
    off = staff.first[unit] + (day + crews[unit]) % staff.of_unit[unit]  # the first of the unit's people who is off that day
    on = staff.first[unit] + day % staff.of_unit[unit]
    rest = np.flatnonzero((staff.of_unit > crews)[unit] & (chance.random(len(unit)) < np.array(REST_DAY_SHARE)[support[unit]]))
    ended_on_time = (start // period.HOUR % 24 == 23) & (longer == 0)
    court = np.flatnonzero(ended_on_time & (chance.random(len(unit)) < COURT_SHARE))
    begins = np.concatenate([start[rest], start[court] + SHIFT_SECONDS + 3 * period.HOUR])
    lasts = np.concatenate([np.full(len(rest), SHIFT_SECONDS), chance.integers(2, 5, len(court)) * period.HOUR])
    why_rest = np.where(support[unit[rest]] == 1, REASONS.index("planned operation"), REASONS.index("cover for absence"))
    return pl.DataFrame(
        {
            "staff": np.concatenate([off[rest], on[court]]),
            "unit": np.full(len(begins), -1),
            "kind": np.repeat([DUTY_KINDS.index("rest day"), DUTY_KINDS.index("recall")], [len(rest), len(court)]),
            "planned_start": begins,
            "planned_end": begins + lasts,
            "ended": begins + lasts,
            "reason": np.concatenate([why_rest, np.full(len(court), REASONS.index("court"))]),
            "told": begins - _notice(chance, len(begins)),
        }
    ).cast(pl.Int64)


def _paid(duties: pl.DataFrame, chance: np.random.Generator) -> Duties:
    """Work out what was paid, with errors in one duty of overtime in a hundred."""
    columns = {name: duties[name].cast(pl.Int64).to_numpy() for name in duties.columns}
    minutes = np.where(columns["kind"] == 0, columns["ended"] - columns["planned_end"], columns["ended"] - columns["planned_start"]) // 60
    untold = (columns["told"] == NOT_TOLD) & (minutes >= UNPAID_MINUTES)
    week = (columns["planned_start"] // period.DAY + period.WEEKDAYS[0]) // 7
    occasion = _rank_within(columns["staff"] * 1_000 + week, untold)
    dropped = np.where(untold & (occasion <= UNPAID_OCCASIONS), UNPAID_MINUTES, 0)
    counted = np.where((columns["told"] == NOT_TOLD) & (minutes < UNPAID_MINUTES), 0, minutes - dropped)
    paid = counted // PAID_UNIT_MINUTES * PAID_UNIT_MINUTES
    wrong = (minutes >= UNPAID_MINUTES) & (chance.random(len(paid)) < ERROR_SHARE)
    return Duties(**columns, started=columns["planned_start"], paid_minutes=paid + ERROR_MINUTES * wrong, wrongly_paid=wrong)


def _rank_within(group: NDArray[np.int64], counted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of the rows so far in the same group are counted; `group` is in order."""
    running = np.cumsum(counted)
    begins = np.concatenate([[True], group[1:] != group[:-1]])
    before = np.where(begins, running - counted, 0)
    return np.asarray(running - np.maximum.accumulate(before))
