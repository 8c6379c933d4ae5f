from datetime import date

import pytest

from bestvalue.record.delivery.statutory_clock import clock, last_day_to_comment


def test_the_day_of_publication_is_day_one() -> None:
    # Golden: a report of 1 March 2024; 56 days that begin with it end on 25 April 2024.
    assert last_day_to_comment(date(2024, 3, 1)) == date(2024, 4, 25)


@pytest.mark.parametrize(("on", "left", "passed"), [("2024-03-01", 56, False), ("2024-04-25", 1, False), ("2024-04-26", 0, True)])
def test_the_last_day_still_counts(on: str, left: int, passed: bool) -> None:
    running = clock(published=date(2024, 3, 1), exact=True, on=date.fromisoformat(on))
    assert running is not None
    assert (running.days_left, running.has_passed) == (left, passed)


def test_a_report_from_before_the_act_or_without_its_day_has_no_clock() -> None:
    assert clock(published=date(2016, 3, 1), exact=True, on=date(2024, 4, 1)) is None
    assert clock(published=date(2024, 3, 1), exact=False, on=date(2024, 4, 1)) is None
    assert clock(published=None, exact=True, on=date(2024, 4, 1)) is None
