from collections.abc import Callable

import polars as pl
import pytest
from tests.analysis.challenge.overtime.conftest import duty, person

from bestvalue.analysis.challenge.overtime import ANALYSIS
from bestvalue.analysis.challenge.overtime_duties import Duties, read_duties
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.synthetic import SyntheticForce


def read(dataset: Dataset) -> Duties:
    duties = read_duties(dataset, longest_hours=24)
    assert duties is not None
    return duties


GOOD = duty("2025-06-02 07:00", "2025-06-02 15:00")


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (duty("2025-06-03 07:00", "2025-06-03 15:00", staff_id="nobody"), "The person is not in the staff table"),
        (duty("2025-06-03 07:00", "2025-06-03 15:00", ended_at="2025-06-03 06:00"), "The duty ends before it starts"),
        (duty("2025-06-03 07:00", "2025-06-03 07:00"), "The planned end is not after the planned start"),
        (duty("2025-06-03 07:00", "2025-06-03 15:00", ended_at="2025-06-04 07:01"), "The duty is longer than 24 hours"),
        (GOOD, "The same person, plan and times as another duty"),
    ],
)
def test_a_duty_that_cannot_be_right_is_named_and_left_out(small: Callable[..., Dataset], bad: dict[str, object], fault: str) -> None:
    duties = read(small([GOOD, bad]))
    assert (duties.found, duties.rows.height) == (2, 1)
    assert duties.faults.select("fault", "rows").rows() == [(fault, 1)]
    assert duties.faults["first"].to_list() == ["D1"]


def test_rows_in_are_rows_used_and_rows_left_out(small: Callable[..., Dataset]) -> None:
    bad = duty("2025-06-03 07:00", "2025-06-03 07:00", staff_id="nobody")
    duties = read(small([GOOD, GOOD, bad, bad]))
    left_out = duties.faults.filter(duties.faults["done"].str.starts_with("left out"))
    assert duties.found == duties.rows.height + left_out["rows"].sum() == 4


def test_overlapping_duties_and_pay_to_the_ineligible_are_named_and_counted(small: Callable[..., Dataset]) -> None:
    later = duty("2025-06-02 14:00", "2025-06-02 22:00", ended_at="2025-06-02 23:00", overtime_paid_minutes=60)
    duties = read(small([GOOD, later], [person(overtime_eligible=False)]))
    assert duties.rows.height == 2
    assert duties.faults["fault"].to_list() == [
        "The duty begins before another of the same person has ended",
        "Overtime was paid to a person who is not eligible",
    ]


def test_a_unit_without_shifts_is_named(small: Callable[..., Dataset]) -> None:
    units = [{"unit_id": "U", "pool_id": "P"}, {"unit_id": "V", "pool_id": "P"}]
    shifts = [{"unit_id": "U", "weekday": 1, "starts_minute": 420, "length_minutes": 480}]
    duties = read(small([GOOD], units=units, shifts=shifts))
    assert duties.faults.select("fault", "first").rows() == [("A unit has no shift in the shifts table", "V")]


@pytest.mark.parametrize(("evening", "morning", "hours"), [("2025-10-25", "2025-10-26", 9), ("2026-03-28", "2026-03-29", 7)])
def test_a_night_on_which_the_clocks_change_has_its_true_length(
    small: Callable[..., Dataset], evening: str, morning: str, hours: int
) -> None:
    duties = read(small([duty(f"{evening} 23:00", f"{morning} 07:00")]))
    assert duties.rows["worked_minutes"].to_list() == [60 * hours]
    assert duties.rows["overtime_minutes"].to_list() == [0]
    assert duties.faults["fault"].to_list() == ["The clocks changed during the duty"]


def test_a_time_that_no_clock_showed_is_moved_an_hour_on(small: Callable[..., Dataset]) -> None:
    duties = read(small([duty("2026-03-28 17:00", "2026-03-29 01:30")]))
    assert duties.rows["worked_minutes"].to_list() == [510]  # a clock nobody had turned would have shown 01:30
    assert "A time that the clock skipped in spring" in duties.faults["fault"].to_list()


def test_overtime_is_what_lies_beyond_the_plan_or_all_of_a_day_off(small: Callable[..., Dataset]) -> None:
    kept_on = duty("2025-06-02 07:00", "2025-06-02 15:00", ended_at="2025-06-02 16:40")
    day_off = duty("2025-06-03 07:00", "2025-06-03 15:00", duty_kind="rest day", unit_id=None)
    left_early = duty("2025-06-04 07:00", "2025-06-04 15:00", ended_at="2025-06-04 14:00")
    rows = read(small([kept_on, day_off, left_early])).rows
    assert rows["overtime_minutes"].to_list() == [100, 480, 0]
    assert rows["usual_unit"].to_list() == ["U", "U", "U"]


def test_no_duties_at_all_are_no_duties(small: Callable[..., Dataset]) -> None:
    assert read_duties(small([duty("2025-06-03 07:00", "2025-06-03 15:00", staff_id="nobody")]), longest_hours=24) is None


def test_every_row_of_a_force_is_accounted_for(force: SyntheticForce, force_dataset: Dataset) -> None:
    for pools in ((), (str(force_dataset.query("SELECT MIN(pool_id) AS pool_id FROM staff")["pool_id"][0]),)):
        account = ANALYSIS.run(force_dataset, ANALYSIS.Spec(pools=pools)).tables["rows_used"].rows
        for table in ("duties", "staff", "deployments"):
            assert account.filter(pl.col("table") == table)["rows"].sum() == force.rows[table], (pools, table)
