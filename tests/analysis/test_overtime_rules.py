"""Decision tables from the words of Police Regulations 2003, reg. 25, and Annexes G and H."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.overtime_rules import (
    POLICE_REGULATIONS,
    clear_days,
    early_minutes,
    has_due_notice,
    public_holiday_day_off,
    recall_minutes,
    rest_day_minutes,
    rest_day_rate,
    rules_on,
    told_minutes,
    untold_minutes,
)
from bestvalue.errors import SpecError

NOW, BEFORE_2012 = rules_on(date(2025, 6, 1)), rules_on(date(2011, 6, 1))


@pytest.mark.parametrize(
    ("worked", "paid"), [(0, 0), (14, 0), (15, 15), (29, 15), (30, 30), (44, 30), (45, 45), (59, 45), (60, 60), (127, 120)]
)
def test_told_overtime_pays_each_completed_quarter(worked: int, paid: int) -> None:
    assert told_minutes(worked, NOW) == paid


@pytest.mark.parametrize(
    ("worked", "first_to_fourth", "fifth_on"),
    [(0, 0, 0), (29, 0, 0), (30, 0, 30), (44, 0, 30), (45, 15, 45), (59, 15, 45), (60, 30, 60), (90, 60, 90), (134, 90, 120)],
)
def test_casual_overtime_drops_half_an_hour_on_four_occasions_and_pays_nothing_below_it(
    worked: int, first_to_fourth: int, fifth_on: int
) -> None:
    assert [untold_minutes(worked, occasion=occasion, rules=NOW) for occasion in (1, 2, 3, 4)] == [first_to_fourth] * 4
    assert [untold_minutes(worked, occasion=occasion, rules=NOW) for occasion in (5, 6, 7)] == [fifth_on] * 3


@pytest.mark.parametrize(("hours", "due"), [(7.99, False), (8.0, True), (8.01, True), (48.0, True)])
def test_due_notice_is_eight_hours_before_the_revised_start(hours: float, due: bool) -> None:
    start = datetime.fromisoformat("2025-03-04 05:00")
    assert has_due_notice(told_at=start - timedelta(hours=hours), starts_at=start, rules=NOW) is due


def test_an_early_start_nobody_was_told_of_has_no_due_notice() -> None:
    assert not has_due_notice(told_at=None, starts_at=datetime.fromisoformat("2025-03-04 05:00"), rules=NOW)


@pytest.mark.parametrize(
    ("due_notice", "day_already_worked", "paid"), [(False, True, 105), (False, False, 0), (True, True, 0), (True, False, 0)]
)
def test_an_early_start_is_overtime_only_without_due_notice_on_a_day_already_worked(
    due_notice: bool, day_already_worked: bool, paid: int
) -> None:
    assert early_minutes(119, due_notice=due_notice, day_already_worked=day_already_worked, rules=NOW) == paid


@pytest.mark.parametrize(("worked", "before", "now"), [(10, 240, 0), (100, 240, 90), (240, 240, 240), (250, 240, 240), (255, 255, 255)])
def test_a_recall_was_paid_four_hours_at_least_until_2012(worked: int, before: int, now: int) -> None:
    assert (recall_minutes(worked, BEFORE_2012), recall_minutes(worked, NOW)) == (before, now)


@pytest.mark.parametrize(
    ("worked", "called_in", "followed_on"),
    [(36, 240, 30), (60, 240, 60), (61, 240, 240), (240, 240, 240), (255, 255, 255), (480, 480, 480)],
)
def test_a_rest_day_is_paid_four_hours_at_least_but_for_an_hour_after_a_tour(worked: int, called_in: int, followed_on: int) -> None:
    assert rest_day_minutes(worked, follows_on=False, rules=NOW) == called_in
    assert rest_day_minutes(worked, follows_on=True, rules=NOW) == followed_on


@pytest.mark.parametrize(("told", "days"), [(date(2025, 3, 16), 0), (date(2025, 3, 15), 1), (date(2025, 3, 1), 15), (date(2025, 3, 17), 0)])
def test_neither_the_day_of_telling_nor_the_day_of_duty_is_notice(told: date, days: int) -> None:
    assert clear_days(told_on=told, duty_on=date(2025, 3, 17)) == days


@pytest.mark.parametrize(
    ("notice", "before", "now"),
    [
        (0, Fraction(2), Fraction(3, 2)),
        (4, Fraction(2), Fraction(3, 2)),
        (5, Fraction(3, 2), Fraction(3, 2)),
        (14, Fraction(3, 2), Fraction(3, 2)),
        (15, Fraction(0), Fraction(0)),
    ],
)
def test_a_rest_day_pays_by_notice_and_with_fifteen_days_another_is_given(notice: int, before: Fraction, now: Fraction) -> None:
    assert (rest_day_rate(notice_days=notice, rules=BEFORE_2012), rest_day_rate(notice_days=notice, rules=NOW)) == (before, now)


@pytest.mark.parametrize(("notice", "day_off"), [(0, True), (7, True), (8, False), (30, False)])
def test_a_public_holiday_told_late_gives_another_day_off(notice: int, day_off: bool) -> None:
    assert public_holiday_day_off(notice_days=notice, rules=NOW) is day_off


def test_rates_are_a_third_a_half_and_double() -> None:
    assert (NOW.overtime_rate, NOW.rest_day_rate, NOW.public_holiday_rate) == (Fraction(4, 3), Fraction(3, 2), 2)


def test_the_rules_of_a_day_are_the_last_ones_that_began_before_it() -> None:
    assert rules_on(date(2012, 3, 31)) is POLICE_REGULATIONS[0]
    assert rules_on(date(2012, 4, 1)) is POLICE_REGULATIONS[1]


def test_a_day_before_all_rules_is_refused() -> None:
    with pytest.raises(SpecError, match="no overtime rules for 2003-03-31") as refused:
        rules_on(date(2003, 3, 31))
    assert "2003-04-01" in refused.value.next_step


@given(worked=st.integers(0, 900), occasion=st.integers(1, 8))
def test_nobody_earns_more_untold_than_told_or_loses_with_longer_work(worked: int, occasion: int) -> None:
    paid = untold_minutes(worked, occasion=occasion, rules=NOW)
    assert 0 <= paid <= told_minutes(worked, NOW)
    assert paid <= untold_minutes(worked + 1, occasion=occasion, rules=NOW)
    assert paid <= untold_minutes(worked, occasion=occasion + 1, rules=NOW)
