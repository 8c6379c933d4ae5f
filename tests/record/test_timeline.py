"""The history of a record: who changed what, before and after, and what it said on a day."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.changes import add_aim, edit_aim, edit_finding
from bestvalue.record.reviews.models import Finding, Review
from bestvalue.record.timeline import history_of, state_at

TODAY = timezone.localdate()


def _move_back(thing: Any, *, days: int) -> None:
    """Let the versions that there are be of an earlier day, as if time had passed since."""
    for row in thing.history.all():
        row.history_date -= timedelta(days=days)
        row.save()


def test_an_event_tells_who_and_each_field_before_and_after(finding: Finding, manager: Person) -> None:
    edit_finding(finding, version=finding.row_version, mine={"text": "Calls wait too long."}, by=manager)
    newest, oldest = history_of(finding, user=manager.user)
    assert (newest.who, newest.what) == ("Project manager", "finding.edited")
    assert [(change.label, change.before, change.after) for change in newest.changes] == [("Text", "Calls wait.", "Calls wait too long.")]
    assert (oldest.what, oldest.changes) == ("finding.added", ())


def test_a_choice_and_a_day_are_told_in_words(review: Review, manager: Person) -> None:
    aim = add_aim(review, text="Answer in time.", measure="calls", by=manager)
    edit_aim(aim, version=1, mine={"direction": "up", "due": date(2027, 3, 31)}, by=manager)
    told = {change.label: (change.before, change.after) for change in history_of(aim, user=manager.user)[0].changes}
    assert told == {"Direction": ("nothing", "Higher is better"), "Due": ("nothing", "31 March 2027")}


def test_the_state_of_a_day_is_what_it_said_at_its_end(finding: Finding, manager: Person) -> None:
    _move_back(finding, days=10)
    edit_finding(finding, version=finding.row_version, mine={"text": "Calls wait too long."}, by=manager)
    said = [state_at(finding, on=TODAY - timedelta(days=days), fields=("text", "tone")) for days in (0, 5, 11)]
    assert said == [
        (("Text", "Calls wait too long."), ("Tone", "Negative")),
        (("Text", "Calls wait."), ("Tone", "Negative")),
        None,
    ]


def test_a_record_that_was_made_by_another_change_tells_its_first_own_change(review: Review, manager: Person) -> None:
    from decimal import Decimal

    from bestvalue.record.reviews.models import Aim

    aim = Aim.objects.create(review=review, number=1, text="Answer in time.")  # as the proposal of the review makes it
    edit_aim(aim, version=1, mine={"measure": "calls", "target": Decimal("85.5000")}, by=manager)
    (event,) = history_of(aim, user=manager.user)
    assert {change.label: change.after for change in event.changes} == {"Measure": "calls", "Target": "85.5"}
