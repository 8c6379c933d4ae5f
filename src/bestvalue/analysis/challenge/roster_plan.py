"""What does one pool need, which pattern covers it, and how does today's compare? The whole of the method, for one pool."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.roster_check import Replay, Shares, Turns, play, reachable_in, replays, turns_of_need, turns_of_pattern
from bestvalue.analysis.challenge.roster_cover import Pattern, least_cost
from bestvalue.analysis.challenge.roster_jobs import Floats, Integers, Jobs, Work
from bestvalue.analysis.challenge.roster_lines import Line, cover
from bestvalue.analysis.challenge.roster_need import HOURS, Load, first_need, need, offered_load, with_breaks
from bestvalue.dataset.dataset import Dataset

SAFETY_STEPS = tuple(step / 20 for step in range(61))
"""Times the formula's margin that are tried: 0 to 3."""

PATTERN_STEP = 2
"""How many steps further when a pattern is not enough: each try solves a programme."""

SHIFTS = """
    SELECT u.pool_id, u.unit_id, s.weekday, s.starts_minute, s.length_minutes, COALESCE(s.break_minutes, 0) AS break_minutes
    FROM units u JOIN shifts s ON s.unit_id = u.unit_id
"""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a plan must keep, and how closely it is checked.

    Args:
        targets: share in time of each grade of the work, NaN without one, array (grades).
        give_share: where even without waiting fewer are in time, so many points below that.
        at_all_times: targets hold in each quarter of the day, not only over the week.
        break_minutes: meal break in a turn; 0 where breaks take no unit away. break_share: of a turn.
        lines: allowed.
        gap: at which the search for a pattern may stop.
        weeks_each, replications: of the simulation.
        confidence: level of intervals.
        seed: of chance.
    """

    targets: Floats
    give_share: float
    at_all_times: bool
    break_minutes: int
    break_share: float
    lines: tuple[Line, ...]
    gap: float
    weeks_each: int
    replications: int
    confidence: float
    seed: int

    def wanted(self, reachable: Floats) -> Floats:
        """What is asked of a roster: the target, or a little less than what can be reached; array like `reachable`, grades last."""
        return np.minimum(self.targets, np.maximum(reachable - self.give_share, 0.0))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One pool.

    Args:
        pool_id: whose.
        jobs: how many, absences not counted.
        load: without breaks.
        reachable, wanted, recorded: shares in time: if nobody waited, asked of the roster, and in truth; arrays (grades).
        first: units by the formula, array (168).
        units: units needed, simulation-checked, array (168).
        safety: times the formula's margin that this took.
        enough: the simulation of the needed units meets what is wanted.
        least: minimum cover.
        pattern: the cheapest lines found.
        today: units on duty today, array (168); NaN-free, zero for a pool without shifts.
        today_hours: unit-hours a week today.
        simulated_today, simulated_plan: shares in time, the same weeks for both; None for a pool without shifts.
    """

    pool_id: str
    jobs: int
    load: Load
    reachable: Floats
    wanted: Floats
    recorded: Floats
    first: Integers
    units: Integers
    safety: float
    enough: bool
    least: int
    pattern: Pattern
    today: Floats
    today_hours: float
    simulated_today: Shares | None
    simulated_plan: Shares

    @property
    def over_hours(self) -> float:
        """Unit-hours a week that today's roster has above the need."""
        return float(np.clip(self.today - self.units, 0, None).sum())

    @property
    def under_hours(self) -> float:
        """Unit-hours a week that it has below the need."""
        return float(np.clip(self.units - self.today, 0, None).sum())


def turns_today(dataset: Dataset) -> dict[str, Turns]:
    """Turns of duty of each pool as the shifts table has them."""
    rows = dataset.query(SHIFTS).sort("pool_id", "unit_id", "weekday", "starts_minute")
    rows = rows.with_columns(number=pl.col("unit_id").rank("dense").over("pool_id").cast(pl.Int64) - 1)
    found = {}
    for key, part in rows.group_by("pool_id", maintain_order=True):
        columns = part.select(pl.col("number", "weekday", "starts_minute", "length_minutes", "break_minutes").cast(pl.Int64))
        unit, weekday, minute, length, pause = (columns[name].to_numpy() for name in columns.columns)
        found[str(key[0])] = Turns(unit=unit, start=(weekday - 1) * 1_440 + minute, length=length, pause=pause)
    return found


def draw(jobs: Jobs, work: Work, wishes: Wishes) -> tuple[Replay, ...]:
    """The weeks against which every roster of a pool is played."""
    return replays(jobs, weeks=work.weeks, weeks_each=wishes.weeks_each, replications=wishes.replications, seed=wishes.seed)


def plan(jobs: Jobs, work: Work, today: Turns | None, *, least: int, wishes: Wishes) -> Plan:
    """Work out need, pattern and comparison for one pool.

    Args:
        jobs: of the pool.
        work: of all pools, for grades and weeks.
        today: its turns; None where it has none.
        least: minimum cover.
        wishes: what to keep.

    Raises:
        SpecError: the allowed lines cannot cover an hour.
    """
    grades = len(work.grades)
    load = offered_load(jobs, weeks=work.weeks, grades=grades)
    drawn = draw(jobs, work, wishes)
    reachable = reachable_in(drawn, grades=grades)
    wanted = wishes.wanted(reachable.mean)
    busy = with_breaks(load, wishes.break_share)
    first = first_need(busy, jobs, wanted=wanted, least=least)
    trial = _Trial(
        load=busy, first=first, drawn=drawn, grades=work.grades, wanted=wanted, reachable=reachable.by_quarter, least=least, wishes=wishes
    )
    step, pattern, simulated, enough = _checked_pattern(trial)
    on_duty = np.zeros(HOURS) if today is None else cover(today.start, today.length, np.ones(len(today.start)))
    return Plan(
        pool_id=jobs.pool_id,
        jobs=int((jobs.grade > 0).sum()),
        load=load,
        reachable=reachable.mean,
        wanted=wanted,
        recorded=recorded_shares(jobs, grades=grades),
        first=first,
        units=trial.units(step),
        safety=SAFETY_STEPS[step],
        enough=enough,
        least=least,
        pattern=pattern,
        today=on_duty,
        today_hours=float(on_duty.sum()),
        simulated_today=None if today is None else play(today, drawn, grades=work.grades, confidence=wishes.confidence),
        simulated_plan=simulated,
    )


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """What margins are tried on; `reachable` by part of the day, array (grades, 4)."""

    load: Load
    first: Integers
    drawn: tuple[Replay, ...]
    grades: tuple[str, ...]
    wanted: Floats
    reachable: Floats
    least: int
    wishes: Wishes

    def units(self, step: int) -> Integers:
        """Units needed with a margin."""
        return need(self.load, self.first, safety=SAFETY_STEPS[step], least=self.least)

    def played(self, turns: Turns) -> tuple[Shares, bool]:
        """Shares in time, and whether they are what is wanted."""
        shares = play(turns, self.drawn, grades=self.grades, confidence=self.wishes.confidence)
        enough = _all_at_least(shares.mean, self.wanted)
        if self.wishes.at_all_times:
            quarters = self.wishes.wanted(self.reachable.T).T
            enough = enough and _all_at_least(shares.by_quarter, quarters)
        return shares, enough


def _all_at_least(shares: Floats, wanted: Floats) -> bool:
    asked = np.isfinite(wanted) & np.isfinite(shares)
    return bool((shares[asked] >= wanted[asked] - 1e-9).all())


def _checked_pattern(trial: _Trial) -> tuple[int, Pattern, Shares, bool]:
    """The least margin whose units, and then whose pattern of lines, meet what is wanted in the simulation."""
    step = _least_step(trial)
    while True:
        pattern = least_cost(trial.units(step), trial.wishes.lines, gap=trial.wishes.gap)
        shares, enough = trial.played(turns_of_pattern(pattern, breaks_taken=trial.wishes.break_minutes > 0))
        if enough or step == len(SAFETY_STEPS) - 1:
            return step, pattern, shares, enough
        step = min(step + PATTERN_STEP, len(SAFETY_STEPS) - 1)


def _least_step(trial: _Trial) -> int:
    """By halving: one more unit never makes it worse."""
    low, high = -1, len(SAFETY_STEPS) - 1
    while high - low > 1:
        middle = (low + high) // 2
        turns = turns_of_need(trial.units(middle), pause_minutes=trial.wishes.break_minutes)
        low, high = (low, middle) if trial.played(turns)[1] else (middle, high)
    return high


def recorded_shares(jobs: Jobs, *, grades: int) -> Floats:
    """Share in time in truth, array (grades)."""
    known = ~np.isnan(jobs.in_time)
    all_jobs = np.bincount(jobs.grade[known], minlength=grades)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(jobs.grade[known], weights=jobs.in_time[known], minlength=grades) / np.where(all_jobs, all_jobs, np.nan)
