"""The force of the benchmark: 32 boroughs, 1,371 response units in three shifts, 60 support units, 2.5 million incidents a year.

`force` is response, borrowing and second wave. `every_option` switches on the rest as well: turnout, luck of the road, meal breaks,
absences, reserves, speeds by hour and the acceleration term; `world` can add diversion. It is drawn from and swept as the analysis does it.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate_force import Force, Spells, draw, spread_copies, world_of
from bestvalue.analysis.challenge.resources_calibrate_times import QUANTILES, along
from bestvalue.analysis.challenge.resources_calibrate_units import Pool
from bestvalue.analysis.challenge.resources_calibrate_weeks import Drawn, History, Lengths
from bestvalue.analysis.challenge.resources_model import HOUR_US, HOURS_OF_WEEK, Rules, World
from bestvalue.analysis.challenge.resources_scenarios import Scenario

COLUMNS, ROWS, CELL_M = 8, 4, 7000
AREAS = COLUMNS * ROWS
SHIFT_STARTS_H = (7, 15, 23)
SHIFT_H = 8
INCIDENTS_A_YEAR = 2_500_000
GRADES = ("immediate", "soon", "scheduled")
GRADE_SHARES = (0.2, 0.35, 0.45)
SPEEDS_KMH = (50.0, 40.0, 30.0)
DETOUR = 1.3
SKILLS = ("public order", "dogs", "traffic", "armed")
SUPPORT_UNITS = 60
SECOND_WAVE_SHARE = 0.05
UNITS = 1371
NO_ROW = np.zeros(0, np.int64)


def rng() -> np.random.Generator:
    """The numbers that lay out the force: always the same."""
    return np.random.Generator(np.random.Philox(20031))


def area_weights() -> np.ndarray:
    """Share of incidents of each area; the busiest has about three times those of the quietest."""
    weights = rng().uniform(0.5, 1.5, AREAS)
    return weights / weights.sum()


def hour_profile() -> np.ndarray:
    """How busy each hour of the day is, mean 1: three times as busy at five in the afternoon as at five in the morning."""
    return 1.0 + 0.5 * np.cos((np.arange(24) - 17.0) / 24 * 2 * np.pi)


def units_by_turn() -> np.ndarray:
    """Units of each area and shift, (AREAS, 3): what demand offers, at 80% use, one spare, 8 to 40; in all 1,371."""
    profile = hour_profile()
    hours = [[(start + hour) % 24 for hour in range(SHIFT_H)] for start in SHIFT_STARTS_H]
    per_hour = INCIDENTS_A_YEAR / 365 / 24 * np.outer(area_weights(), [profile[h].mean() for h in hours])
    offered = per_hour * 68 / 60  # erlangs: an hour on scene and the drive
    units = np.clip(np.ceil(offered / 0.8) + 1, 8, 40).astype(int)
    order = np.argsort(-offered.ravel() / units.ravel(), kind="stable")
    flat = units.ravel()
    short = UNITS - flat.sum()
    step = 1 if short > 0 else -1
    for place in range(abs(short)):
        flat[order[place % len(order)] if step > 0 else order[-1 - place % len(order)]] += step
    return flat.reshape(units.shape)


@dataclass(frozen=True)
class Draw:
    """Lengths of time: an hour at the scene in the mean, for both waves; `every` adds turnout and the luck of the road."""

    every: bool = False

    def __call__(self, luck: np.random.Generator, chosen: np.ndarray, seconds: np.ndarray) -> Lengths:  # noqa: ARG002 - all are of one kind
        """See `resources_calibrate_force.DrawLengths`."""
        size = len(seconds)
        scene, support, turnout, road = luck.random((4, size))
        none = np.zeros(size)
        return Lengths(
            handling=none,
            turnout=60 + 60 * turnout if self.every else none,
            drive_factor=along(_road(), NO_ROW, road) if self.every else np.ones(size),
            scene=along(_scene(), NO_ROW, scene),
            asked=none,
            support_turnout=none,
            support=along(_scene(), NO_ROW, support),
        )


@cache
def _scene() -> np.ndarray:
    """A gamma law of seconds, mean 61 minutes, as quantiles."""
    return (60 * stats.gamma.ppf(QUANTILES.clip(None, 1 - 1e-4), 2.0, scale=30.0) + 60)[None]


@cache
def _road() -> np.ndarray:
    """Luck on the road: lognormal, as quantiles."""
    return np.exp(0.3 * stats.norm.ppf(QUANTILES.clip(0.001, 0.999)))[None]


def away_of(spells: np.ndarray):
    """Units that are away: rows of unit, first and last microsecond of the run."""

    def away(number, _copy, _weeks, _seed, _replication) -> Spells:
        here = np.argsort(number, kind="stable")
        at = np.searchsorted(number[here], spells[:, 0])
        there = (at < len(number)) & (number[here[np.minimum(at, len(number) - 1)]] == spells[:, 0])
        return Spells(unit=here[at[there]], from_us=spells[there, 1], to_us=spells[there, 2])

    return away


def force(*, weeks: int = 52) -> Force:
    """Areas on a grid, each lending to the eight around it after 2, 10 and 30 minutes; units stay where their last job ended."""
    chance, counts = rng(), units_by_turn()
    column, row = np.arange(AREAS) % COLUMNS, np.arange(AREAS) // COLUMNS
    near = (np.abs(np.subtract.outer(column, column)) <= 1) & (np.abs(np.subtract.outer(row, row)) <= 1) & ~np.eye(AREAS, dtype=bool)
    home = np.repeat(np.arange(AREAS), counts.sum(axis=1))
    turn = np.concatenate([np.repeat(np.arange(3), counts[k]) for k in range(AREAS)])
    local, kind = len(home), np.sort(np.arange(SUPPORT_UNITS) % len(SKILLS))
    base_x = [column[home] * CELL_M + chance.integers(0, CELL_M, local), chance.integers(0, COLUMNS * CELL_M, SUPPORT_UNITS)]
    base_y = [row[home] * CELL_M + chance.integers(0, CELL_M, local), chance.integers(0, ROWS * CELL_M, SUPPORT_UNITS)]
    pace = DETOUR * 3.6 / np.array(SPEEDS_KMH)
    areas = tuple(f"borough {number + 1}" for number in range(AREAS))
    day = np.tile(np.arange(7), local)
    of_local = np.repeat(np.arange(local), 7)
    turns = [of_local, 1440 * day + 60 * np.array(SHIFT_STARTS_H)[turn[of_local]], np.full(7 * local, 60 * SHIFT_H), np.full(7 * local, 45)]
    always = [local + np.arange(SUPPORT_UNITS), np.zeros(SUPPORT_UNITS), np.full(SUPPORT_UNITS, 10_080), np.zeros(SUPPORT_UNITS)]
    return Force(
        area_codes=areas,
        area_names=areas,
        pools=tuple(
            Pool(pool_id=name, name=name, area=number if number < AREAS else None, minimum_units=0, unit_hour_pence=9_000)
            for number, name in enumerate((*areas, *SKILLS))
        ),
        unit_pool=np.concatenate([home, AREAS + kind]).astype(np.int32),
        unit_east=np.concatenate(base_x).astype(float),
        unit_north=np.concatenate(base_y).astype(float),
        unit_skills=np.concatenate([np.zeros(local), 2.0**kind]).astype(np.uint64),
        unit_base=("",) * (local + SUPPORT_UNITS),
        turns=np.concatenate([np.stack(turns, axis=1), np.stack(always, axis=1)]).astype(np.int64),
        takes_breaks=False,
        lender_keeps=0,
        returns=False,
        borrows=near,
        borrow_after_minutes=np.array([2.0, 10.0, 30.0]),
        grades=GRADES,
        skills=SKILLS,
        kinds=("any",),
        measured=np.ones(3, bool),
        target_minutes=np.array([15.0, 60.0, 240.0]),
        support_target_minutes=30.0,
        places=(np.zeros((0, 2)),) * (AREAS + len(SKILLS)),
        pace=np.stack([np.repeat(pace[:, None], HOURS_OF_WEEK, axis=1), np.full((3, HOURS_OF_WEEK), pace[0])]),
        root_pace=np.zeros((2, 3)),
        history=(history := _history(weeks)),
        growth=np.ones(len(history)),
        draw_lengths=Draw(),
        away=away_of(np.zeros((0, 3), np.int64)),
    )


def _history(weeks: int) -> History:
    """A year's incidents, or some weeks of it: by the hour's and the area's share, a grade each, one in twenty asking for a skill."""
    chance, size = rng(), INCIDENTS_A_YEAR * weeks // 52
    hour = chance.choice(24, size, p=hour_profile() / 24)
    seconds = np.sort(chance.integers(0, 7 * weeks, size) * 86_400 + hour * 3_600 + chance.integers(0, 3_600, size))
    area = chance.choice(AREAS, size, p=area_weights())
    east, north = (
        part[area] * CELL_M + chance.integers(0, CELL_M, size) for part in (np.arange(AREAS) % COLUMNS, np.arange(AREAS) // COLUMNS)
    )
    skill = np.where(chance.random(size) < SECOND_WAVE_SHARE, chance.integers(0, len(SKILLS), size), -1)
    return History(
        weeks=weeks,
        week=(seconds // 604_800).astype(np.int32),
        second=(seconds % 604_800).astype(np.int32),
        east=east.astype(float),
        north=north.astype(float),
        area=area.astype(np.int32),
        grade=chance.choice(3, size, p=GRADE_SHARES).astype(np.int32),
        kind=np.zeros(size, np.int32),
        skill=skill.astype(np.int32),
    )


def every_option(plain: Force) -> Force:
    """The same force with every option of the model switched on; the scenario adds diversion."""
    chance, hours = rng(), np.arange(HOURS_OF_WEEK) % 24
    absent = 20 * 52
    first = chance.integers(0, 52 * 7 * 24 * 4, absent) * (HOUR_US // 4)
    return replace(
        plain,
        takes_breaks=True,
        lender_keeps=1,
        pace=plain.pace * (1.0 + 0.3 * ((hours >= 7) & (hours < 19))),
        root_pace=np.full((2, 3), 1.2),
        draw_lengths=Draw(every=True),
        away=away_of(np.column_stack([chance.integers(0, UNITS, absent), first, first + 8 * HOUR_US])),
    )


def scaled(base: Force, factor: float) -> Scenario:
    """Every pool at `factor` times its size."""
    copies = spread_copies(base, np.full(len(base.unit_pool), factor))
    return Scenario(name=f"x{factor:g}", kind="scaled", pools="all", factor=factor, copies=copies)


def drawn(base: Force, *, weeks: int) -> Drawn:
    """The incidents of one replication."""
    return draw(base, weeks=weeks, demand_factor=1.0, seed=1, replication=0)


def world(base: Force, asked: Drawn, factor: float, *, diverts: bool = False) -> tuple[World, Rules]:
    """The force at a scale, and its rules."""
    made, rules = world_of(base, copies=scaled(base, factor).copies, drawn=asked, seed=1, replication=0)
    return made, replace(rules, diverts_for=0, diverts_from=2) if diverts else rules
