from datetime import date

import pytest

from bestvalue.analysis.public_holidays import easter_sunday, public_holidays

# The lists that the government publishes (gov.uk/bank-holidays, England and Wales).
PUBLISHED = {
    2021: ("01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"),
    2022: ("01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"),
    2023: ("01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"),
    2024: ("01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"),
    2025: ("01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"),
    2026: ("01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"),
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_rule_gives_the_published_bank_holidays(year: int) -> None:
    published = {date.fromisoformat(f"{year}-{day}") for day in PUBLISHED[year]}
    # Police Regulations count Christmas and Boxing Day themselves as well as the day given instead of a weekend.
    assert set(public_holidays(year)) == published | {date(year, 12, 25), date(year, 12, 26)}


def test_the_early_may_holiday_of_2020_was_on_ve_day() -> None:
    assert date(2020, 5, 8) in public_holidays(2020)
    assert date(2020, 5, 4) not in public_holidays(2020)


@pytest.mark.parametrize(
    ("year", "day"), [(1954, date(1954, 4, 18)), (2000, date(2000, 4, 23)), (2008, date(2008, 3, 23)), (2038, date(2038, 4, 25))]
)
def test_easter_is_where_the_tables_have_it(year: int, day: date) -> None:
    assert easter_sunday(year) == day  # Meeus, Astronomical Algorithms, ch. 8, and the almanac for the two extremes
