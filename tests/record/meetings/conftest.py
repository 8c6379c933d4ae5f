"""A board with two members, which takes part in a review. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.meetings.models import Meeting
    from bestvalue.record.reviews.models import Decision, Review

DAY = date(2026, 1, 5)


@pytest.fixture
def board(review: "Review", body: "Callable[..., Body]") -> "Body":
    from bestvalue.record.reviews.models import Part, ReviewBody

    made = body("The board", "board")
    ReviewBody.objects.create(review=review, body=made, part=Part.PROJECT_BOARD)
    return made


@pytest.fixture
def chair(person: "Callable[..., Person]", board: "Body") -> "Person":
    return person("Chair", role="board member", body=board)


@pytest.fixture
def member(person: "Callable[..., Person]", board: "Body") -> "Person":
    return person("Member", role="board member", body=board)


@pytest.fixture
def call(board: "Body", chair: "Person") -> "Callable[..., Meeting]":
    """Calls a meeting of the board as its chair."""
    from bestvalue.record.meetings import changes

    def make(**rest: Any) -> "Meeting":
        return changes.call_meeting(board, **{"on": DAY, "by": chair, **rest})

    return make


@pytest.fixture
def meeting(call: "Callable[..., Meeting]") -> "Meeting":
    return call()


@pytest.fixture
def held(meeting: "Meeting", chair: "Person") -> "Meeting":
    """A meeting at which the chair was present."""
    from bestvalue.record.meetings import changes

    return changes.record_attendance(meeting, present=[chair], by=chair)


@pytest.fixture
def question(review: "Review", board: "Body", manager: "Person") -> "Decision":
    """What the manager asks the board: whether to withdraw the review."""
    from bestvalue.record.reviews.models import Decision, ReviewStage

    ReviewStage.objects.create(review=review, stage="in review", on=DAY, by=manager, before_decisions=True)
    return Decision.objects.create(review=review, body=board, gate="report", asked_on=DAY, asked_by=manager, due=DAY)
