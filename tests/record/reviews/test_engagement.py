"""Engagement of a body: what it was asked, what it did, who was there."""

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib.auth.models import AnonymousUser

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.reviews.engagement import Engagement, engagement
from bestvalue.record.reviews.life_cycle import Gate, Outcome, Part
from bestvalue.record.reviews.models import Decision, Review

DAY, DUE, LATER = date(2026, 1, 5), date(2026, 1, 20), date(2026, 1, 25)
Ask, Take = Callable[..., Decision], Callable[..., Decision]


def lines(review: Review, *, on: date) -> list[Engagement]:
    return list(engagement([review], review.decisions.select_related("body"), user=AnonymousUser(), on=on))


def test_a_body_with_an_overdue_decision_and_no_attendance_is_silent_from_the_day_after(governed: Review, ask: Ask) -> None:
    ask(governed, Gate.SELECT, due=DUE)
    (on_the_day,), (day_after,) = lines(governed, on=DUE), lines(governed, on=LATER)
    assert (on_the_day.overdue, on_the_day.is_silent) == (0, False)
    assert (day_after.asked, day_after.overdue, day_after.is_silent) == (1, 1, True)


def test_a_body_that_met_and_deferred_is_late_but_not_silent(governed: Review, ask: Ask, take: Take) -> None:
    take(ask(governed, Gate.SELECT, due=DUE), Outcome.DEFERRED)
    (line,) = lines(governed, on=date(2026, 3, 1))
    assert (line.asked, line.taken, line.overdue, line.is_silent) == (2, 1, 1, False)


def test_days_attendance_and_lateness_are_those_of_the_decisions(
    governed: Review, ask: Ask, take: Take, boards: Mapping[Part, Body], person: Callable[..., Person]
) -> None:
    person("Absent", role="authority member", body=boards[Part.COMMITTEE])
    take(ask(governed, Gate.SELECT, due=DUE), taken_on=LATER)
    (line,) = lines(governed, on=LATER)
    assert (line.taken, line.late, line.days, line.attended, line.places, line.attended_share) == (1, 1, 20, 1, 2, 0.5)


def test_what_lapsed_counts_against_nobody(governed: Review, ask: Ask, take: Take) -> None:
    ask(governed, Gate.SELECT, due=DAY)
    take(ask(governed, Gate.WITHDRAW))
    (line,) = lines(governed, on=LATER)
    assert (line.asked, line.overdue) == (1, 0)
