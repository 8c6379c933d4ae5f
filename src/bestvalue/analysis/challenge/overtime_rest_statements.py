"""What the checks of working time say, in sentences that a board can read."""

import polars as pl

from bestvalue.analysis.challenge.overtime_counts import total
from bestvalue.analysis.challenge.overtime_rest import Rest
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain
from bestvalue.analysis.working_time import WorkingTimeLimits


def rest(found: Rest, limits: WorkingTimeLimits, long_run_days: int) -> tuple[Statement, ...]:
    """The checks of working time and of the life beside it."""
    people, turns = found.people, int(total(found.people, "turns"))
    said, of_people = f"{turns:,} turns of {people.height:,} people", f"{people.height:,} people"
    daily, weekly = int(total(people, "daily_rest_breaches")), int(total(people, "weekly_rest_breaches"))
    over = people.filter(pl.col("weekly_average_hours") > limits.weekly_hours).height
    nights = people.filter(pl.col("night_worker"))
    night_over = nights.filter(pl.col("night_average_hours") > limits.night_hours).height
    affected = people.filter(pl.col("daily_rest_breaches") > 0).height
    checks = Statement(
        text=f"Rest: {_count(daily, 'time', 'times')} a person had less than {limits.daily_rest_hours:g} hours' rest in the 24 hours from the start of a turn ({affected:,} of {of_people}; {said}). "
        f"{_count(weekly, 'week', 'weeks')} of a person had no rest of {limits.weekly_rest_hours:g} hours that the fortnight made good. "
        f"{_none(over)} of {of_people} averaged more than {limits.weekly_hours:g} hours a week over some {limits.weekly_weeks} weeks; the highest average is {plain(float(people['weekly_average_hours'].max() or 0.0))} hours. "  # type: ignore[arg-type]  # a column of floats
        f"{_none(night_over)} of {nights.height:,} night workers averaged more than {limits.night_hours:g} hours in 24.",
        figures=(
            Figure(name="daily rests too short", value=daily, unit="turns", base=said, base_count=turns),
            Figure(name="weeks without weekly rest", value=weekly, unit="weeks", base=of_people, base_count=people.height),
            Figure(
                name=f"people above {limits.weekly_hours:g} hours a week",
                value=over,
                unit="people",
                base=of_people,
                base_count=people.height,
            ),
            Figure(
                name="night workers above the limit",
                value=night_over,
                unit="people",
                base=f"{nights.height:,} night workers",
                base_count=nights.height,
            ),
        ),
    )
    long = people.filter(pl.col("long_runs") > 0).height
    late, days_off = int(total(people, "late_ends")), int(total(people, "rest_days_worked"))
    longest = int(people["longest_run_days"].max() or 0)  # type: ignore[arg-type]  # a column of whole numbers
    life = Statement(
        text=f"Life beside work: {_none(long, start=False)} of {of_people} worked {long_run_days} or more days one after the other, the longest run being {longest} days; {days_off:,} days off were worked, and {percent(late / turns)} of turns ended an hour or more after their plan ({said}).",
        figures=(
            Figure(
                name=f"people with runs of {long_run_days} days or more",
                value=long,
                unit="people",
                base=of_people,
                base_count=people.height,
            ),
            Figure(name="longest run of days worked", value=longest, unit="days", base=of_people, base_count=people.height),
            Figure(name="days off worked", value=days_off, unit="days", base=said, base_count=turns),
            Figure(name="turns that ended an hour late or more", value=late / turns, unit="share", base=said, base_count=turns),
        ),
    )
    return checks, life, *_breaks(found, limits), *_too_short(found, limits)


def _breaks(found: Rest, limits: WorkingTimeLimits) -> tuple[Statement, ...]:
    if found.turns_with_shift == 0:
        return (Statement(kind="limit", text="Breaks cannot be checked: the shifts of the units that people crewed are not in the data."),)
    said = f"{found.turns_with_shift:,} ordinary turns whose shift is known"
    figure = Figure(
        name="turns without a break on record", value=found.without_break, unit="turns", base=said, base_count=found.turns_with_shift
    )
    text = (
        f"{_none(found.without_break)} of {said} are longer than {limits.break_after_hours:g} hours and have no break of {limits.break_minutes} minutes in the roster; "
        "whether breaks were taken is not recorded."
    )
    return (Statement(text=text, figures=(figure,)),)


def _too_short(found: Rest, limits: WorkingTimeLimits) -> tuple[Statement, ...]:
    if not found.short_period:
        return ()
    text = f"The duties cover less than {limits.weekly_weeks} weeks, so the weekly and nightly averages are over the whole of them."
    return (Statement(kind="limit", text=text),)


def _none(count: int, *, start: bool = True) -> str:
    return f"{count:,}" if count else "None" if start else "none"


def _count(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
