from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.bodies.places import whose
from bestvalue.record.demo import build_worked_review
from bestvalue.record.duties import duties_of
from bestvalue.record.meetings.models import AgendaItem, Meeting
from bestvalue.record.reviews.models import Review
from bestvalue.workspace import Workspace


def test_the_demo_shows_a_meeting_that_was_held_and_the_next_with_its_decision_and_aims_clear_and_not(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    following, held = Meeting.objects.filter(marking="OFFICIAL").order_by("-on")
    assert (held.is_held, following.is_held) == (True, False)
    assert AgendaItem.objects.exclude(decision=None).get().meeting == following
    assert [bool(aim.weaknesses) for aim in Review.objects.get().aims.all()] == [False, True, True]
    manager = Person.objects.get(name="Project manager")
    owed = {duty.kind for duty in duties_of(whose(manager), on=timezone.localdate())}
    assert {"meetings.actionarising", "scrutiny.challenge"} <= owed


def test_the_demo_shows_a_sensitive_meeting_that_the_rest_of_its_body_does_not_find(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    meeting = Meeting.objects.get(marking="OFFICIAL-SENSITIVE")
    readers = {person.name for person in Person.objects.all() if person.user and Meeting.objects.visible_to(person.user).contains(meeting)}
    assert readers == {"Lead for resources", "Project manager", "Chair of the project board"}
