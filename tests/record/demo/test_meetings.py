from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.bodies.places import whose
from bestvalue.record.demo import build_worked_review
from bestvalue.record.demo.story import TITLE
from bestvalue.record.duties import duties_of
from bestvalue.record.meetings.models import AgendaItem, Meeting, Presence, Was
from bestvalue.record.reviews.models import Decision, Review
from bestvalue.workspace import Workspace


def test_the_demo_shows_a_meeting_that_was_held_and_the_next_with_its_decision_and_aims_clear_and_not(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    following, *held = Meeting.objects.filter(marking="OFFICIAL").order_by("-on")
    assert (following.is_held, {meeting.is_held for meeting in held}) == (False, {True})
    assert AgendaItem.objects.get(decision__in=Decision.objects.open()).meeting == following
    assert [bool(aim.weaknesses) for aim in Review.objects.get(title=TITLE).aims.all()] == [False, True, True]
    manager = Person.objects.get(name="Project manager")
    owed = {duty.kind for duty in duties_of(whose(manager), on=timezone.localdate())}
    assert {"meetings.actionarising", "scrutiny.challenge"} <= owed


def test_the_demos_meetings_say_who_came_who_sent_apologies_and_who_declared_an_interest(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    presences = Presence.objects.filter(meeting__marking="OFFICIAL")
    assert {Was.PRESENT, Was.APOLOGIES, Was.ABSENT} <= {presence.was for presence in presences}
    assert [presence.name for presence in presences.exclude(interest="")] == ["Project board member for operations"]


def test_the_demo_shows_a_sensitive_meeting_that_the_rest_of_its_body_does_not_find(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    meeting = Meeting.objects.get(marking="OFFICIAL-SENSITIVE")
    readers = {person.name for person in Person.objects.all() if person.user and Meeting.objects.visible_to(person.user).contains(meeting)}
    assert readers == {"Lead for resources", "Project manager", "Chair of the project board"}
