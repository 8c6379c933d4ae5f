"""Decision tables from the words of the Working Time Regulations 1998, and slow plain twins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.working_time import (
    Turns,
    WorkingTimeLimits,
    daily_rest_breaches,
    daily_rest_hours,
    highest_night_average,
    highest_weekly_average,
    hours_by_day,
    joined,
    lacks_break,
    longest_run_of_days,
    night_hours,
    night_workers,
    runs_of_days,
    weekly_rest_breaches,
)

LIMITS = WorkingTimeLimits()


def turns_of(*spans: tuple[float, float], person: int = 0) -> Turns:
    """Turns of one person, in hours from Monday 00:00."""
    return Turns(
        person=np.full(len(spans), person),
        start=np.array([float(span[0]) for span in spans]),
        end=np.array([float(span[1]) for span in spans]),
    )


def of_several(*people: Turns) -> Turns:
    return Turns(
        person=np.concatenate([np.full(len(turns), number) for number, turns in enumerate(people)]),
        start=np.concatenate([turns.start for turns in people]),
        end=np.concatenate([turns.end for turns in people]),
    )


# Regulation 10: eleven consecutive hours in each 24-hour period during which a person works.
@pytest.mark.parametrize(
    ("spans", "breaches"),
    [
        (((7, 15), (31, 39)), 0),  # eight-hour turns a day apart
        (((7, 20), (31, 39)), 0),  # thirteen hours leave eleven
        (((7, 20.5), (31, 39)), 1),  # thirteen and a half leave ten and a half
        (((15, 23), (31, 39)), 1),  # a late turn and an early one: eight hours between, and sixteen hours worked in 24
        (((15, 23), (34, 42)), 0),  # eleven hours between
        (((23, 31), (34, 36), (47, 55)), 0),  # court from 10 to 12 after a night: eleven hours from noon to 23:00
        (((23, 31), (34, 37), (47, 55)), 1),  # an hour longer in court: ten hours are left
        (((7, 15), (18, 20), (31, 39)), 0),  # recalled in the evening: eleven hours from 20:00 to 07:00
        (((0, 20), (24, 44)), 2),  # a period a day, each too long
    ],
)
def test_a_daily_rest_is_eleven_hours_in_the_24_from_the_start_of_work(spans: tuple[tuple[float, float], ...], breaches: int) -> None:
    assert int(daily_rest_breaches(turns_of(*spans), LIMITS).sum()) == breaches


def test_one_person_s_turn_does_not_cut_another_s_rest() -> None:
    both = of_several(turns_of((15, 23)), turns_of((24, 32)))
    assert daily_rest_hours(both).tolist() == [16, 16]


# Regulation 11: 24 hours in each seven days, or two such rests or one of 48 hours in each fourteen.
@pytest.mark.parametrize(
    ("days_off", "breaches"),
    [
        ((6, 13), [0, 0]),  # each Sunday off
        ((12, 13), [0, 0]),  # seven days worked and more, but 48 hours in the fortnight
        ((6,), [0, 1]),  # the second week has none, and one in the fortnight does not make it good
        ((), [1, 1]),
        ((7, 9), [0, 0]),  # two in the second week
    ],
)
def test_a_week_needs_a_rest_of_a_day_unless_its_fortnight_makes_it_good(days_off: tuple[int, ...], breaches: list[int]) -> None:
    worked = turns_of(*[(24 * day + 8, 24 * day + 20) for day in range(14) if day not in days_off])
    assert weekly_rest_breaches(worked, LIMITS, weeks=2).astype(int).tolist() == [breaches]


def test_a_rest_of_35_hours_is_longer_than_a_sunday_off_between_late_and_early_turns() -> None:
    week = turns_of(*[(24 * day + 14, 24 * day + 24) for day in range(5)], (24 * 5 + 14, 24 * 5 + 24), (24 * 7 + 6, 24 * 7 + 14))
    assert not weekly_rest_breaches(week, LIMITS, weeks=1).any()  # Sunday 00:00 to Monday: 24 hours inside the week
    assert weekly_rest_breaches(week, replace(LIMITS, weekly_rest_hours=35), weeks=1).all()


# Regulation 4: an average of 48 hours for each seven days, in any seventeen weeks.
def test_forty_eight_hours_a_week_for_seventeen_weeks_is_the_limit_and_not_above_it() -> None:
    by_day = np.tile([8, 8, 8, 8, 8, 8, 0], 17)[None, :].astype(float)
    assert highest_weekly_average(by_day, LIMITS).tolist() == [48.0]


def test_the_worst_seventeen_weeks_count_wherever_they_begin() -> None:
    by_day = np.zeros((1, 365))
    by_day[0, 100 : 100 + 119] = 7.0
    assert highest_weekly_average(by_day, LIMITS).tolist() == [49.0]


def test_a_shorter_period_is_averaged_over_its_own_length() -> None:
    assert highest_weekly_average(np.full((1, 14), 10.0), LIMITS).tolist() == [70.0]


# Regulation 6: a night worker's hours average eight in 24, days of weekly rest set aside: A / (B - C).
def test_six_nights_of_eight_hours_a_week_average_eight_in_24() -> None:
    by_day = np.tile([8, 8, 8, 8, 8, 8, 0], 17)[None, :].astype(float)
    assert highest_night_average(by_day, LIMITS) == pytest.approx([8.0])


@pytest.mark.parametrize(("span", "hours"), [((23, 30), 7), ((22, 26), 3), ((6, 23), 0), ((3, 5), 2), ((0, 48), 14), ((20, 54), 14)])
def test_night_time_is_eleven_to_six(span: tuple[float, float], hours: float) -> None:
    assert night_hours(turns_of(span), LIMITS).tolist() == [hours]


def test_a_night_worker_is_one_who_works_three_hours_of_night_on_most_turns() -> None:
    night, day = (23, 31), (7, 15)
    mostly = turns_of(night, (47, 55), (24 * 3 + 7, 24 * 3 + 15))
    half = turns_of(day, (47, 55))
    short = turns_of((20, 25.5), (44, 49.5))  # two and a half hours of night
    assert night_workers(of_several(mostly, half, short), LIMITS).tolist() == [True, False, False]


# Regulation 12: twenty minutes where the daily working time is more than six hours.
@pytest.mark.parametrize(
    ("hours", "minutes", "lacks"), [(6.0, None, False), (6.1, None, True), (8, 0, True), (8, 19, True), (8, 20, False), (8, 45, False)]
)
def test_more_than_six_hours_need_a_break_of_twenty_minutes(hours: float, minutes: float | None, lacks: bool) -> None:
    assert lacks_break(turn_hours=hours, break_minutes=minutes, limits=LIMITS) is lacks


def test_a_run_of_days_ends_with_the_first_day_off() -> None:
    by_day = np.array([[1, 1, 1, 0, 1, 0, 1, 1.0], [0, 0, 0, 0, 0, 0, 0, 0]])
    assert runs_of_days(by_day).tolist() == [[0, 0, 3, 0, 1, 0, 0, 2], [0] * 8]
    assert longest_run_of_days(by_day).tolist() == [3, 0]


def test_hours_past_midnight_belong_to_the_next_day() -> None:
    assert hours_by_day(turns_of((23, 31), (50, 51)), days=3).tolist() == [[1, 7, 1]]


def test_overlapping_and_touching_turns_are_one() -> None:
    one, overlapping = joined(of_several(turns_of((0, 8), (2, 4), (8, 10), (12, 13)), turns_of((1, 2))))
    assert (one.person.tolist(), one.start.tolist(), one.end.tolist()) == ([0, 0, 1], [0, 12, 1], [10, 13, 2])
    assert overlapping == 1


# Plain twins on a grid of whole hours.
@st.composite
def _hours_worked(draw: st.DrawFn) -> tuple[Turns, np.ndarray]:
    lengths = draw(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 16)), min_size=1, max_size=20))
    now, spans = draw(st.integers(0, 30)), []
    for rest, work in lengths:
        spans.append((now, now + work))
        now += work + rest
    working = np.zeros(24 * 7 * 8, dtype=bool)
    for start, end in spans:
        working[start:end] = True
    return turns_of(*spans), working


def _longest_rest(working: np.ndarray) -> int:
    longest = current = 0
    for hour in working:
        current = 0 if hour else current + 1
        longest = max(longest, current)
    return longest


@given(_hours_worked())
def test_daily_rest_agrees_with_counting_hour_by_hour(worked: tuple[Turns, np.ndarray]) -> None:
    turns, working = worked
    counted = [_longest_rest(working[int(start) : int(start) + 24]) for start in turns.start]
    assert daily_rest_hours(turns).tolist() == counted


@given(_hours_worked())
def test_weekly_rest_agrees_with_counting_hour_by_hour(worked: tuple[Turns, np.ndarray]) -> None:
    turns, working = worked
    weeks = 4
    expected = []
    for week in range(weeks):
        fortnight = working[week // 2 * 336 : week // 2 * 336 + 336]
        rests = [len(part) // 24 for part in "".join("x" if hour else "." for hour in fortnight).split("x")]
        own = _longest_rest(working[168 * week : 168 * week + 168])
        expected.append(own < 24 and sum(rests) < 2)
    assert weekly_rest_breaches(turns, LIMITS, weeks=weeks).tolist() == [expected]


@given(_hours_worked())
def test_night_hours_agree_with_counting_hour_by_hour(worked: tuple[Turns, np.ndarray]) -> None:
    turns, _ = worked
    counted = [sum(hour % 24 >= 23 or hour % 24 < 6 for hour in range(int(a), int(b))) for a, b in zip(turns.start, turns.end, strict=True)]
    assert night_hours(turns, LIMITS).tolist() == counted
