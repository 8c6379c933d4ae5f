"""Who was heard, and what came of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.consultation.changes import record_consultation, record_outcome
from bestvalue.record.consultation.models import Changed, Consultation, How
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Finding, Review

DAY = date(2026, 1, 5)


@pytest.fixture
def hear(review: Review, manager: Person) -> Callable[..., Consultation]:
    def put(**rest: object) -> Consultation:
        least = {"who": "Residents", "on": DAY, "how": How.MEETING, "said": "Nights are dark.", "by": manager}
        return record_consultation(review, **{**least, **rest})  # type: ignore[arg-type]

    return put


Hear = Callable[..., Consultation]


def test_what_was_said_stays_and_what_came_of_it_is_added(hear: Hear, manager: Person, finding: Finding) -> None:
    heard = hear(finding=finding, people=40)
    assert (heard.reference, heard.newest) == ("H1", None)
    record_outcome(heard, changed=Changed.NO, text="No money.", on=DAY, by=manager)
    record_outcome(heard, changed=Changed.YES, text="Lamps came.", on=DAY, by=manager, finding=finding)
    assert heard.newest is not None
    assert heard.newest.text == "Lamps came."
    assert heard.outcomes.count() == 2
    assert list(AuditEvent.objects.filter(action__startswith="consultation").values_list("action", flat=True)) == [
        "consultation.recorded",
        "consultation.answered",
        "consultation.answered",
    ]


@pytest.mark.parametrize(
    ("rest", "where"),
    [({"who": " "}, "who"), ({"said": ""}, "said"), ({"on": date(2999, 1, 1)}, "on")],
    ids=["nobody", "nothing", "a day to come"],
)
def test_a_row_that_says_too_little_is_refused(hear: Hear, rest: dict[str, object], where: str) -> None:
    with pytest.raises(RuleError) as refused:
        hear(**rest)
    assert refused.value.where == where


def test_a_row_about_another_review_is_refused(hear: Hear, start_review: Callable[..., Review], manager: Person) -> None:
    from bestvalue.record.reviews import changes

    other = changes.add_strand(start_review("Another"), name="Else", question="What?", by=manager)
    with pytest.raises(RuleError, match="The strand belongs to another review"):
        hear(strand=other)


def test_who_only_reads_records_nobody(hear: Hear, person: Callable[..., Person], body: Callable[..., Body]) -> None:
    chair = person("Chair", role="board member", body=body("A board", "board"))
    with pytest.raises(RuleError, match="may not add to this review"):
        hear(by=chair)
    with pytest.raises(RuleError, match="may not add to this review"):
        record_outcome(hear(), changed=Changed.YES, text="So.", on=DAY, by=chair)


def test_what_came_of_it_is_not_of_a_day_before(hear: Hear, manager: Person) -> None:
    with pytest.raises(RuleError, match="They were heard on 05 January 2026"):
        record_outcome(hear(), changed=Changed.YES, text="So.", on=DAY - timedelta(days=1), by=manager)
    with pytest.raises(RuleError, match="They were heard on"):
        record_outcome(hear(), changed=Changed.YES, text="So.", on=timezone.localdate() + timedelta(days=1), by=manager)
