"""A review with a panel and a board, one member each. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.reviews.models import Review
    from bestvalue.record.scrutiny.models import Challenge, ScopeQuestion

DAY = date(2026, 1, 5)


@pytest.fixture
def panel(review: "Review", body: "Callable[..., Body]") -> "Body":
    from bestvalue.record.reviews.models import Part, ReviewBody

    made = body("The panel", "panel")
    ReviewBody.objects.create(review=review, body=made, part=Part.PANEL)
    return made


@pytest.fixture
def board(review: "Review", body: "Callable[..., Body]") -> "Body":
    from bestvalue.record.reviews.models import Part, ReviewBody

    made = body("The board", "board")
    ReviewBody.objects.create(review=review, body=made, part=Part.PROJECT_BOARD)
    return made


@pytest.fixture
def friend(person: "Callable[..., Person]", panel: "Body") -> "Person":
    """The critical friend."""
    return person("Critical friend", role="panel member", body=panel)


@pytest.fixture
def chair(person: "Callable[..., Person]", board: "Body") -> "Person":
    return person("Chair", role="board member", body=board)


@pytest.fixture
def raise_one(review: "Review", friend: "Person") -> "Callable[..., Challenge]":
    """Raises a challenge as the critical friend."""
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import ChallengerKind

    def put(**rest: Any) -> "Challenge":
        least = {"kind": ChallengerKind.PANEL, "challenger": "The panel", "text": "Why not less?", "raised_on": DAY, "by": friend}
        return changes.raise_challenge(review, **{**least, **rest})

    return put


@pytest.fixture
def challenge(raise_one: "Callable[..., Challenge]") -> "Challenge":
    return raise_one()


@pytest.fixture
def question(review: "Review", manager: "Person") -> "ScopeQuestion":
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import QuestionKind

    return changes.add_scope_question(review, kind=QuestionKind.SCOPE, text="Is the air support in scope?", by=manager)
