"""What does one pool need, which pattern covers it, and how does today's compare? The whole of the method, for one pool."""

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.roster_check import Replay, Shares, Turns, play, reachable_in, replays, turns_of_need, turns_of_pattern
from bestvalue.analysis.challenge.roster_cover import Pattern, least_cost
from bestvalue.analysis.challenge.roster_jobs import Floats, Integers, Jobs, Work
from bestvalue.analysis.challenge.roster_judge import Asked, Verdict, judge
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
        at_all_times: no quarter of the day may miss its targets by more than chance; else only the week counts.
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
        enough: the simulation of the pattern meets what is wanted.
        today_enough: that of today's roster does, by the same rule; no hour of it is then called short but for the minimum cover.
        price_hours: unit-hours a week of the formula's margin taken because the targets are asked for in each quarter of the day.
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
    today_enough: bool
    price_hours: float
    least: int
    pattern: Pattern
    today: Floats
    today_hours: float
    simulated_today: Shares | None
    simulated_plan: Shares

    @property
    def over_hours(self) -> float:
        """Unit-hours a week that today's roster has above the need; in all where it is enough, else in the hours in which it has more."""
        if self.today_enough:
            return max(self.today_hours - float(self.units.sum()), 0.0)
        return float(np.clip(self.today - self.units, 0, None).sum())

    @property
    def under_hours(self) -> float:
        """Unit-hours a week that it has below the need; where it is enough, only those below the minimum cover."""
        need = np.full(HOURS, self.least) if self.today_enough else self.units
        return float(np.clip(need - self.today, 0, None).sum())


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
    asked = _asked(drawn, wishes, grades=grades)
    busy = with_breaks(load, wishes.break_share)
    first = first_need(busy, jobs, wanted=asked.wanted, least=least)
    trial = _Trial(load=busy, first=first, drawn=drawn, grades=work.grades, asked=asked, least=least, wishes=wishes)
    on_duty = np.zeros(HOURS) if today is None else cover(today.start, today.length, np.ones(len(today.start)))
    simulated_today, verdict = (None, None) if today is None else trial.played(today)
    found = _found(trial, verdict, on_duty)
    return Plan(
        pool_id=jobs.pool_id,
        jobs=int((jobs.grade > 0).sum()),
        load=load,
        reachable=asked.reachable.mean,
        wanted=asked.wanted,
        recorded=recorded_shares(jobs, grades=grades),
        first=first,
        units=found.units,
        safety=SAFETY_STEPS[found.step],
        enough=found.enough,
        today_enough=verdict is not None and verdict.enough,
        price_hours=found.price_hours,
        least=least,
        pattern=found.pattern,
        today=on_duty,
        today_hours=float(on_duty.sum()),
        simulated_today=simulated_today,
        simulated_plan=found.shares,
    )


def _asked(drawn: tuple[Replay, ...], wishes: Wishes, *, grades: int) -> Asked:
    return Asked(
        targets=wishes.targets,
        give_share=wishes.give_share,
        reachable=reachable_in(drawn, grades=grades),
        at_all_times=wishes.at_all_times,
        confidence=wishes.confidence,
    )


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """What margins are tried on; `most`: units by hour that are known to be enough, array (168)."""

    load: Load
    first: Integers
    drawn: tuple[Replay, ...]
    grades: tuple[str, ...]
    asked: Asked
    least: int
    wishes: Wishes
    most: Integers | None = None
    tried: dict[int, Verdict] = field(default_factory=dict)

    def up_to(self, on_duty: Floats) -> "_Trial":
        """The same, with never more than a roster that is enough; hours that it has in part do not count."""
        whole = np.floor(on_duty + 1e-9).astype(np.int64)
        return replace(self, most=np.maximum(whole, self.least), tried={})

    def units(self, step: int) -> Integers:
        """Units needed with a margin."""
        wanted = need(self.load, self.first, safety=SAFETY_STEPS[step], least=self.least)
        if self.most is None:
            return wanted
        return self.most if step == len(SAFETY_STEPS) - 1 else np.minimum(wanted, self.most)

    def played(self, turns: Turns) -> tuple[Shares, Verdict]:
        """Shares in time, and whether they are what is wanted."""
        shares = play(turns, self.drawn, grades=self.grades, confidence=self.wishes.confidence)
        return shares, judge(shares, self.asked)

    def verdict(self, step: int) -> Verdict:
        """Of the units needed with a margin."""
        if step not in self.tried:
            turns = turns_of_need(self.units(step), pause_minutes=self.wishes.break_minutes)
            self.tried[step] = self.played(turns)[1]
        return self.tried[step]


@dataclass(frozen=True, kw_only=True)
class _Found:
    step: int
    units: Integers
    pattern: Pattern
    shares: Shares
    enough: bool
    price_hours: float


def _found(trial: _Trial, today: Verdict | None, on_duty: Floats) -> _Found:
    """Need and pattern: where today's roster is enough, with never more units than it has unless that takes more in all."""
    capped = trial.up_to(on_duty) if today is not None and today.week else trial
    best = _cheaper(capped, trial) if today is not None and today.enough else trial
    step, pattern, shares, enough = _checked_pattern(best)
    price = 0.0
    if trial.wishes.at_all_times:
        week = _cheaper(capped, trial, week_only=True)
        price = max(_hours(best) - _hours(week, week_only=True), 0.0)
    return _Found(step=step, units=best.units(step), pattern=pattern, shares=shares, enough=enough, price_hours=price)


def _cheaper(capped: _Trial, free: _Trial, *, week_only: bool = False) -> _Trial:
    """The one that needs fewer unit-hours; the free one is only tried where no margin below the cap is enough."""
    at_cap = _least_step(capped, week_only=week_only) == len(SAFETY_STEPS) - 1
    hours = _hours(capped, week_only=week_only)
    if capped is free or not at_cap or hours <= capped.least * HOURS:
        return capped
    return free if _hours(free, week_only=week_only) < hours else capped


def _hours(trial: _Trial, *, week_only: bool = False) -> float:
    """Unit-hours a week with the least margin that is enough."""
    return float(trial.units(_least_step(trial, week_only=week_only)).sum())


def _checked_pattern(trial: _Trial) -> tuple[int, Pattern, Shares, bool]:
    """The least margin whose units, and then whose pattern of lines, meet what is wanted in the simulation."""
    step = _least_step(trial)
    while True:
        pattern = least_cost(trial.units(step), trial.wishes.lines, gap=trial.wishes.gap)
        shares, verdict = trial.played(turns_of_pattern(pattern, breaks_taken=trial.wishes.break_minutes > 0))
        if verdict.enough or step == len(SAFETY_STEPS) - 1:
            return step, pattern, shares, verdict.enough
        step = min(step + PATTERN_STEP, len(SAFETY_STEPS) - 1)


def _least_step(trial: _Trial, *, week_only: bool = False) -> int:
    """By halving: one more unit never makes it worse."""
    low, high = -1, len(SAFETY_STEPS) - 1
    while high - low > 1:
        middle = (low + high) // 2
        verdict = trial.verdict(middle)
        low, high = (low, middle) if (verdict.week if week_only else verdict.enough) else (middle, high)
    return high


def recorded_shares(jobs: Jobs, *, grades: int) -> Floats:
    """Share in time in truth, array (grades)."""
    known = ~np.isnan(jobs.in_time)
    all_jobs = np.bincount(jobs.grade[known], minlength=grades)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(jobs.grade[known], weights=jobs.in_time[known], minlength=grades) / np.where(all_jobs, all_jobs, np.nan)
