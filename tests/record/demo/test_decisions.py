"""The demo shows what a body that engages looks like, and what one that does not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bestvalue.record.bodies.models import Membership
from bestvalue.record.demo import build_worked_review
from bestvalue.record.demo.decisions import PROPOSED
from bestvalue.record.demo.people import OTHERS
from bestvalue.record.demo.story import SECOND_TITLE, TITLE
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.meetings.models import AgendaItem
from bestvalue.record.reviews.life_cycle import Gate, Outcome, Stage
from bestvalue.record.reviews.models import Attendance, Decision, Review
from bestvalue.workspace import Workspace


@pytest.fixture
def built(db: None, demo: Workspace) -> None:
    build_worked_review(demo)


def test_the_reviews_bodies_were_quick_late_and_returned_a_gate_and_seldom_all_there(built: None) -> None:
    taken = Decision.objects.filter(review__title=TITLE).exclude(outcome="").order_by("taken_on")
    assert [decision.gate for decision in taken if decision.taken_on > decision.due] == [Gate.SANCTION]
    assert len({decision.days_taken for decision in taken}) == len(taken)
    places = [[place.attended for place in decision.attendances.all()] for decision in taken]
    assert {sum(attended) / len(attended) for attended in places} == {0.5, 0.75, 1.0}
    declared = Attendance.objects.exclude(interest="").get()
    assert (declared.person.name, declared.decision.gate) == ("Project board member for operations", Gate.SCOPE)
    assert [decision.outcome for decision in taken.filter(gate=Gate.SCOPE)] == [Outcome.RETURNED, Outcome.AGREED]


def test_the_second_review_waits_for_a_body_that_is_not_seen_to_engage(built: None) -> None:
    waiting = Review.objects.get(title=SECOND_TITLE)
    assert (waiting.stage, waiting.synthetic) == (Stage.SELECTED, True)
    (overdue,) = Decision.objects.overdue(on=timezone.localdate())
    assert (overdue.review, overdue.gate, overdue.body.name) == (waiting, Gate.SANCTION, "Management Board")
    assert not Attendance.objects.filter(decision__review=waiting, decision__body=overdue.body).exists()
    assert not waiting.challenges.exists()
    assert not AgendaItem.objects.filter(meeting__body=overdue.body, review=waiting).exists()


def test_one_term_of_office_has_ended_and_the_successors_began_the_day_after(built: None) -> None:
    (ended,) = Membership.objects.filter(person__name__in=OTHERS, ends__lt=timezone.localdate())
    successor = Membership.objects.get(body=ended.body, starts=ended.ends + timedelta(days=1))
    assert successor.role == ended.role
    assert ended.person.pk in Decision.objects.get(review__title=TITLE, gate=Gate.SELECT).attendances.values_list("person", flat=True)


def test_the_story_takes_seven_months_and_the_ledger_says_when_it_was_written(built: None) -> None:
    today = timezone.localdate()
    stages = [stage.on for stage in Review.objects.get(title=TITLE).stages.all()]
    assert (stages[0], len(set(stages))) == (today + PROPOSED, len(stages))
    assert {timezone.localdate(event.at_utc) for event in AuditEvent.objects.filter(action="decision.taken")} == {today}
