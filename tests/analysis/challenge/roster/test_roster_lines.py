import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestvalue.analysis.challenge.roster_cover import least_cost
from bestvalue.analysis.challenge.roster_lines import Line, allowed_lines, cover, keeps_limits, line_cover
from bestvalue.analysis.working_time import WorkingTimeLimits
from bestvalue.errors import SpecError

LIMITS = WorkingTimeLimits()


def lines_of(*kinds: str, starts: tuple[str, ...] = (), pause: int = 45) -> tuple[Line, ...]:
    return allowed_lines(kinds, starts, break_minutes=pause, limits=LIMITS)


@pytest.mark.parametrize(
    ("hours", "days", "pause", "keeps"),
    [
        (8, 5, 45, True),
        (8, 6, 45, True),  # 48 hours and a day off: the limit, not above it
        (8, 7, 45, False),  # no day off
        (10, 4, 45, True),
        (10, 5, 45, False),  # 50 hours
        (12, 4, 45, True),
        (13, 3, 45, True),  # eleven hours between
        (14, 3, 45, False),  # ten hours between
        (8, 5, 15, False),  # a break of fifteen minutes
        (6, 5, 0, True),  # six hours need none
    ],
)
def test_a_line_is_allowed_when_it_keeps_the_limits_week_after_week(hours: float, days: int, pause: int, keeps: bool) -> None:
    line = Line(hours=hours, days=days, first_day=0, start_minute=7 * 60, break_minutes=pause)
    assert keeps_limits(line, LIMITS) is keeps


@pytest.mark.parametrize("text", ["8", "8x", "8x8", "x5", "25x1", "eight x five"])
def test_a_kind_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(SpecError, match="is no kind of line") as refused:
        lines_of(text)
    assert refused.value.where == "lines"


def test_a_start_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(SpecError, match="'24:00' is no time of day"):
        lines_of("8x5", starts=("24:00",))


def test_kinds_that_all_break_the_limits_are_refused() -> None:
    with pytest.raises(SpecError, match="None of 168 lines keeps the limits"):
        lines_of("8x7")


@given(st.lists(st.tuples(st.integers(0, 10_079), st.integers(1, 1_440), st.integers(1, 3)), min_size=1, max_size=6))
@settings(max_examples=50)
def test_cover_agrees_with_counting_minute_by_minute(turns: list[tuple[int, int, int]]) -> None:
    minutes = np.zeros(10_080)
    for start, length, count in turns:
        np.add.at(minutes, np.arange(start, start + length) % 10_080, count)
    start, length, count = (np.array(column) for column in zip(*turns, strict=True))
    assert cover(start, length, count.astype(float)) == pytest.approx(minutes.reshape(168, 60).mean(axis=1))


def day_need(units: int) -> np.ndarray:
    return np.array([units if 7 <= hour % 24 < 15 else 0 for hour in range(168)])


@pytest.mark.parametrize(("units", "crews"), [(1, 2), (2, 3), (3, 5), (5, 7), (10, 14)])
def test_five_days_on_cover_seven_with_seven_fifths_of_the_crews(units: int, crews: int) -> None:
    # The same number every day: ceil(7 n / 5) people with two days off in a row (Baker 1974, Operational Research Quarterly 25).
    pattern = least_cost(day_need(units), lines_of("8x5", starts=("07:00",)), gap=0.0)
    assert pattern.crews.sum() == crews
    assert pattern.weekly_hours == pattern.bound_hours == 40 * crews
    assert pattern.gap == 0


def test_the_pattern_covers_the_need_and_its_bound_is_below_its_hours() -> None:
    chance = np.random.default_rng(7)
    wanted = 3 + np.round(2 * np.sin(np.arange(168) / 24 * 2 * np.pi) + chance.uniform(0, 1, 168)).astype(int)
    pattern = least_cost(wanted, lines_of("8x5", "10x4", starts=("07:00", "11:00", "15:00", "23:00")), gap=0.05)
    assert (pattern.on_duty >= wanted - 1e-9).all()
    assert pattern.bound_hours <= pattern.weekly_hours
    assert pattern.gap <= 0.05
    assert pattern.weekly_hours == pytest.approx(pattern.on_duty.sum())
    assert pattern.on_duty == pytest.approx(sum(crews * line_cover(line) for line, crews in zip(pattern.lines, pattern.crews, strict=True)))


def test_more_kinds_of_line_never_cost_more() -> None:
    wanted = day_need(3) + np.roll(day_need(2), 9)
    few = least_cost(wanted, lines_of("8x5"), gap=0.0)
    many = least_cost(wanted, lines_of("8x5", "10x4"), gap=0.0)
    assert many.weekly_hours <= few.weekly_hours


def test_an_hour_that_no_turn_covers_is_named() -> None:
    with pytest.raises(SpecError, match="No allowed turn covers hour 0 of the week, which needs 1 units") as refused:
        least_cost(np.ones(168, dtype=int), lines_of("8x5", starts=("07:00",)), gap=0.0)
    assert "more starts" in refused.value.next_step


def test_no_need_takes_no_crew() -> None:
    pattern = least_cost(np.zeros(168, dtype=int), lines_of("8x5"), gap=0.0)
    assert (pattern.weekly_hours, pattern.gap, len(pattern.lines)) == (0, 0, 0)
