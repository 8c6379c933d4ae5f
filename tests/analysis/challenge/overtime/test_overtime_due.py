from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analysis.challenge.overtime.conftest import duty, person

from bestvalue.analysis.challenge.overtime_due import with_due, wrongly_paid
from bestvalue.analysis.challenge.overtime_duties import read_duties
from bestvalue.analysis.overtime_rules import (
    clear_days,
    early_minutes,
    has_due_notice,
    recall_minutes,
    rest_day_minutes,
    rest_day_rate,
    rules_on,
    told_minutes,
    untold_minutes,
)
from bestvalue.dataset.dataset import Dataset


def due(dataset: Dataset, **options: Any) -> pl.DataFrame:
    duties = read_duties(dataset, longest_hours=24)
    assert duties is not None
    return with_due(duties.rows, **{"day_starts_hour": 7, "short_occasions_count": False} | options)


def kept_on(day: int, minutes: int, **given: Any) -> dict[str, Any]:
    """An early turn of June 2025 that ran on."""
    start = datetime.fromisoformat(f"2025-06-{day:02d} 07:00")
    end = start + timedelta(hours=8, minutes=minutes)
    return duty(f"{start:%Y-%m-%d %H:%M}", f"2025-06-{day:02d} 15:00", ended_at=f"{end:%Y-%m-%d %H:%M}", **given)


def test_the_fifth_casual_overtime_of_a_week_keeps_its_half_hour(small: Callable[..., Dataset]) -> None:
    week = [kept_on(day, 50) for day in (2, 3, 4, 5, 6)]
    next_week = [kept_on(9, 50)]
    assert due(small(week + next_week))["due_minutes"].to_list() == [15, 15, 15, 15, 45, 15]


def test_overtime_too_short_to_be_paid_uses_up_an_occasion_only_where_the_force_says_so(small: Callable[..., Dataset]) -> None:
    week = [kept_on(day, 10) for day in (2, 3, 4, 5)] + [kept_on(6, 50)]
    assert due(small(week))["due_minutes"].to_list()[-1] == 15
    assert due(small(week), short_occasions_count=True)["due_minutes"].to_list()[-1] == 45


def test_told_overtime_is_no_occasion_and_loses_nothing(small: Callable[..., Dataset]) -> None:
    told = [kept_on(day, 50, overtime_told_at=f"2025-06-{day:02d} 07:00") for day in (2, 3, 4, 5)]
    assert due(small([*told, kept_on(6, 50)]))["due_minutes"].to_list() == [45, 45, 45, 45, 15]


def test_being_told_after_the_tour_began_is_not_being_told(small: Callable[..., Dataset]) -> None:
    assert due(small([kept_on(2, 50, overtime_told_at="2025-06-02 07:01")]))["due_minutes"].to_list() == [15]


@pytest.mark.parametrize(
    ("one", "rate", "minutes"),
    [
        (kept_on(2, 60), 4 / 3, 30),
        (duty("2025-06-07 07:00", "2025-06-07 09:00", duty_kind="rest day", overtime_told_at="2025-06-01 09:00"), 1.5, 240),
        (duty("2025-06-20 07:00", "2025-06-20 17:00", duty_kind="rest day", overtime_told_at="2025-06-04 09:00"), 0, 0),
        (duty("2025-06-20 07:00", "2025-06-20 17:00", duty_kind="rest day", overtime_told_at="2025-06-05 09:00"), 1.5, 600),
        (duty("2025-06-02 18:00", "2025-06-02 19:50", duty_kind="recall"), 4 / 3, 105),
        (duty("2025-12-25 07:00", "2025-12-25 15:00", ended_at="2025-12-25 16:30"), 2, 60),
        (duty("2025-12-25 15:00", "2025-12-25 23:00", ended_at="2025-12-26 01:00"), 2, 90),
        (duty("2025-12-26 23:00", "2025-12-27 07:00", ended_at="2025-12-27 08:00"), 4 / 3, 30),
        (duty("2011-06-04 07:00", "2011-06-04 09:00", duty_kind="rest day", overtime_told_at="2011-06-01 09:00"), 2, 240),
        (duty("2011-06-06 18:00", "2011-06-06 19:50", duty_kind="recall"), 4 / 3, 240),
    ],
)
def test_rate_and_minutes_of_each_kind_of_duty(small: Callable[..., Dataset], one: dict[str, Any], rate: float, minutes: int) -> None:
    row = due(small([one])).row(0, named=True)
    assert (row["rate"], row["due_minutes"]) == (pytest.approx(rate), minutes)
    assert row["due_pence"] == round(4_000 * rate * minutes / 60)  # whole pence


def test_an_early_start_without_notice_on_a_day_already_worked_is_paid(small: Callable[..., Dataset]) -> None:
    first = duty("2025-06-02 07:00", "2025-06-02 15:00")
    early = duty("2025-06-03 07:00", "2025-06-03 15:00", started_at="2025-06-03 05:00", overtime_told_at="2025-06-02 22:00")
    in_time = early | {"overtime_told_at": "2025-06-02 20:00"}
    assert due(small([first, early]))["due_minutes"].to_list() == [0, 120]
    assert due(small([first, in_time]))["due_minutes"].to_list() == [0, 0]
    assert due(small([early]))["due_minutes"].to_list() == [0]


def test_a_person_who_is_not_eligible_is_due_nothing(small: Callable[..., Dataset]) -> None:
    assert due(small([kept_on(2, 90)], [person(overtime_eligible=False)]))["due_minutes"].to_list() == [0]


def test_wrong_payments_are_listed_with_minutes_and_pounds(small: Callable[..., Dataset]) -> None:
    right, over = kept_on(2, 60, overtime_paid_minutes=30), kept_on(3, 60, overtime_paid_minutes=75)
    wrong = wrongly_paid(due(small([right, over])))
    assert wrong.select("duty_id", "due_minutes", "over_minutes").rows() == [("D1", 30, 45)]
    assert wrong["over_pounds"].to_list() == [pytest.approx(40)]  # three quarters of an hour at four thirds of £40


@st.composite
def _duties(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A fortnight of one person round Easter 2025, at most one duty a day."""
    days = draw(st.lists(st.integers(0, 13), min_size=1, max_size=14, unique=True))
    rows = []
    for day in sorted(days):
        start = datetime.fromisoformat("2025-04-14 00:00") + timedelta(days=day, hours=draw(st.sampled_from([7, 8, 13])))
        end = start + timedelta(hours=8)
        told = draw(st.one_of(st.none(), st.integers(-60, 24 * 20 * 60)))
        rows.append(
            {
                "kind": draw(st.sampled_from(["rostered", "rostered", "rostered", "rest day", "recall"])),
                "start": start,
                "end": end,
                "ended": end + timedelta(minutes=draw(st.integers(-100, 200))),
                "told": None if told is None else start - timedelta(minutes=told),
            }
        )
    return rows


def _slowly(rows: list[dict[str, Any]]) -> list[tuple[int, float]]:
    """Minutes and rate of each duty by the scalar rules, one after the other."""
    easter, found = (date(2025, 4, 18), date(2025, 4, 21)), []
    occasions: dict[tuple[int, int], int] = {}
    for row in rows:
        rostered = row["kind"] == "rostered"
        day = ((row["end"] if rostered else row["start"]) - timedelta(hours=7)).date()
        rules = rules_on(day)
        late = max(0, int((row["ended"] - row["end"]).total_seconds()) // 60)
        worked = int((row["ended"] - row["start"]).total_seconds()) // 60
        told = row["told"] is not None and row["told"] <= row["start"]
        notice = clear_days(told_on=row["told"].date(), duty_on=day) if row["told"] else 0
        rate = float(rules.overtime_rate)
        if row["kind"] == "rest day":
            minutes, rate = rest_day_minutes(worked, follows_on=False, rules=rules), float(rest_day_rate(notice_days=notice, rules=rules))
        elif row["kind"] == "recall":
            minutes = recall_minutes(worked, rules)
        elif told:
            minutes = told_minutes(late, rules)
        else:
            week = row["start"].isocalendar()[:2]
            occasions[week] = occasions.get(week, 0) + (late >= 30)
            minutes = untold_minutes(late, occasion=occasions[week], rules=rules)
        notified = has_due_notice(told_at=row["told"], starts_at=row["start"], rules=rules)
        minutes += early_minutes(0, due_notice=notified, day_already_worked=False, rules=rules)
        if day in easter:
            rate = float(rules.public_holiday_rate)
        found.append((minutes if rate else 0, rate))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_duties())
def test_the_columns_agree_with_the_rules_taken_one_duty_at_a_time(small: Callable[..., Dataset], rows: list[dict[str, Any]]) -> None:
    def text(moment: datetime | None) -> str | None:
        return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"

    duties = [
        duty(
            str(text(row["start"])),
            str(text(row["end"])),
            ended_at=text(row["ended"]),
            duty_kind=row["kind"],
            overtime_told_at=text(row["told"]),
        )
        for row in rows
    ]
    found = due(small(duties)).select("due_minutes", "rate").rows()
    for got, expected in zip(found, _slowly(rows), strict=True):
        assert got == (expected[0], pytest.approx(expected[1]))
