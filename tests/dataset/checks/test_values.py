# ruff: noqa: DTZ001 - times of a force's clock have no zone
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.dataset.checks.values import CLOCK_REPEATS, CLOCK_SKIPS, MOVED_TO_CLOCK, ONLY_A_DATE, read_values
from bestvalue.dataset.contracts import STORED_AS, Kind


def read(kind: Kind, *texts: str | None, zone: str = "Europe/London") -> list[object]:
    values = read_values(pl.Series("column", texts, dtype=pl.String()), kind, time_zone=zone).values
    assert values.dtype == STORED_AS[kind]
    return values.to_list()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, "0012", "0012"),
        (Kind.WHOLE_NUMBER, "0012", 12),
        (Kind.WHOLE_NUMBER, "-3", -3),
        (Kind.WHOLE_NUMBER, "319.0", 319),
        (Kind.WHOLE_NUMBER, "3.5", None),
        (Kind.WHOLE_NUMBER, "1,250", None),
        (Kind.WHOLE_NUMBER, "99999999999999999999", None),
        (Kind.NUMBER, "1250.5", 1250.5),
        (Kind.NUMBER, "1e3", 1000.0),
        (Kind.NUMBER, "3,5", None),
        (Kind.NUMBER, "NaN", None),
        (Kind.NUMBER, "inf", None),
        (Kind.PENCE, "1234", 1234),
        (Kind.PENCE, "£12.34", None),
        (Kind.YES_NO, "Yes", True),
        (Kind.YES_NO, "FALSE", False),
        (Kind.YES_NO, "0", False),
        (Kind.YES_NO, "maybe", None),
        (Kind.DATE, "2025-04-01", date(2025, 4, 1)),
        (Kind.DATE, "01/04/2025", date(2025, 4, 1)),
        (Kind.DATE, "2025-04-01 00:00:00", date(2025, 4, 1)),
        (Kind.DATE, "2025-04-01 10:00:00", None),
        (Kind.DATE, "2025-02-31", None),
        (Kind.DATE, "04/13/2025", None),
        (Kind.TIME, "2025-04-01 18:05:00", datetime(2025, 4, 1, 18, 5)),
        (Kind.TIME, "2025-04-01T18:05", datetime(2025, 4, 1, 18, 5)),
        (Kind.TIME, "2025-04-01 18:05:00.25", datetime(2025, 4, 1, 18, 5, 0, 250_000)),
        (Kind.TIME, "01/04/2025 18:05", datetime(2025, 4, 1, 18, 5)),
        (Kind.TIME, "01/04/2025 18:05:09", datetime(2025, 4, 1, 18, 5, 9)),
        (Kind.TIME, "01/04/2025", datetime(2025, 4, 1)),
        (Kind.TIME, "2025-02-29 10:00:00", None),
        (Kind.TIME, "2024-02-29 10:00:00", datetime(2024, 2, 29, 10)),
        (Kind.TIME, "13/13/2025 10:00", None),
        (Kind.TIME, "2025-04-01 24:00:00", None),
        (Kind.TIME, "2025-04-01 18:05:00 hours", None),
        (Kind.TIME, "45748.75", None),
    ],
)
def test_a_text_is_read_as_the_kind_says(kind: Kind, text: str, value: object) -> None:
    assert read(kind, text, None) == [value, None]


@pytest.mark.parametrize(
    ("text", "clock", "value"),
    [
        ("2025-07-01T17:05:00Z", "Europe/London", datetime(2025, 7, 1, 18, 5)),
        ("2025-01-01T17:05:00+00:00", "Europe/London", datetime(2025, 1, 1, 17, 5)),
        ("2025-07-01 17:05:00+02:00", "Europe/London", datetime(2025, 7, 1, 16, 5)),
        ("2025-07-01 17:05:00.5-0700", "America/Los_Angeles", datetime(2025, 7, 1, 17, 5, 0, 500_000)),
        ("2025-12-31T23:30:00Z", "Europe/Berlin", datetime(2026, 1, 1, 0, 30)),
    ],
)
def test_a_time_with_an_offset_is_turned_into_the_local_clock(text: str, clock: str, value: datetime) -> None:
    assert read(Kind.TIME, text, zone=clock) == [value]


def test_each_text_of_a_column_may_be_written_in_its_own_way() -> None:
    texts = ("2025-04-01 18:05:00", "02/04/2025 07:00", None, "2025-07-01T17:05:00Z", "2025-04-03", "31/04/2025")
    days = [datetime(2025, 4, 1, 18, 5), datetime(2025, 4, 2, 7), None, datetime(2025, 7, 1, 18, 5), datetime(2025, 4, 3), None]
    assert read(Kind.TIME, *texts) == days


def test_readings_that_a_person_should_know_of_are_counted() -> None:
    # In 2025 London's clocks leave out 01:00 to 02:00 on 30 March and run through it twice on 26 October.
    texts = pl.Series(["2025-03-30 01:30:00", "2025-10-26 01:30:00", "2025-04-03", "2025-07-01T17:05:00Z", "2025-10-26 00:59:59"])
    assert read_values(texts, Kind.TIME, time_zone="Europe/London").notes == {
        ONLY_A_DATE: 1,
        MOVED_TO_CLOCK: 1,
        CLOCK_SKIPS: 1,
        CLOCK_REPEATS: 1,
    }


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))))
def test_every_whole_number_of_64_bits_reads_back(numbers: list[int | None]) -> None:
    assert read(Kind.WHOLE_NUMBER, *(None if number is None else str(number) for number in numbers)) == numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_every_finite_number_reads_back_to_the_last_digit(numbers: list[float]) -> None:
    assert read(Kind.NUMBER, *(repr(number) for number in numbers)) == numbers


@given(st.lists(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 12, 31))))
def test_every_time_reads_back_to_the_microsecond(times: list[datetime]) -> None:
    assert read(Kind.TIME, *(time.isoformat(sep=" ") for time in times)) == times


@given(st.sampled_from(list(Kind)), st.lists(st.text()))
def test_no_text_stops_the_reading(kind: Kind, texts: list[str]) -> None:
    assert len(read(kind, *texts)) == len(texts)
