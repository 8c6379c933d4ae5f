"""What somebody has to do: each thing once, from every app, for whom it is and for nobody else."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.bodies.places import whose
from bestvalue.record.delivery import changes as delivery
from bestvalue.record.delivery.models import UpdateRequest
from bestvalue.record.delivery.models.completion import Seen
from bestvalue.record.duties import Duty, duties_of, sources
from bestvalue.record.meetings import changes as meetings
from bestvalue.record.reviews.models import Decision, Finding, Part, Review, ReviewBody, ReviewStage
from bestvalue.record.scrutiny.changes import raise_challenge, take_step
from bestvalue.record.scrutiny.models import ChallengerKind, Effect, Step

DAY, DUE = date(2026, 1, 5), date(2026, 2, 2)


def owed(person: Person) -> list[tuple[str, str, date | None]]:
    return [(duty.kind, duty.step, duty.due) for duty in duties_of(whose(person), on=DUE)]


@pytest.fixture
def board(review: Review, body: Callable[..., Body]) -> Body:
    made = body("The board", "board")
    ReviewBody.objects.create(review=review, body=made, part=Part.PROJECT_BOARD)
    return made


@pytest.fixture
def chair(person: Callable[..., Person], board: Body) -> Person:
    return person("Chair", role="board member", body=board)


def test_every_app_that_knows_of_duties_is_asked() -> None:
    assert set(sources()) >= {"decisions", "challenges", "actions", "updates", "completions", "transfers", "arising"}


def test_a_decision_is_owed_by_who_decides_in_the_body_and_did_not_ask_for_it(
    review: Review, board: Body, chair: Person, manager: Person
) -> None:
    question = Decision.objects.create(review=review, body=board, gate="select", asked_on=DAY, asked_by=manager, due=DAY)
    assert owed(chair) == [("reviews.decision", "", DAY)]
    assert owed(manager) == []
    Decision.objects.filter(pk=question.pk).delete()
    Decision.objects.create(review=review, body=board, gate="select", asked_on=DAY, asked_by=chair, due=DAY)
    assert owed(chair) == []


def test_a_challenge_is_owed_by_the_team_until_it_answers_and_then_by_the_challenger(
    review: Review, chair: Person, manager: Person
) -> None:
    challenge = raise_challenge(review, kind=ChallengerKind.BOARD, challenger="The board", text="Why?", raised_on=DAY, by=chair)
    assert owed(manager) == [("scrutiny.challenge", "answer", None)]
    assert owed(chair) == []
    take_step(challenge, step=Step.ANSWERED, text="So.", on=DAY, effect=Effect.NONE, by=manager)
    assert owed(manager) == []
    assert owed(chair) == [("scrutiny.challenge", "", None)]
    take_step(challenge, step=Step.ACCEPTED, text="", on=DAY, by=chair)
    assert owed(chair) == []


def test_a_challenge_to_a_review_that_has_ended_is_owed_by_nobody(review: Review, chair: Person, manager: Person) -> None:
    raise_challenge(review, kind=ChallengerKind.BOARD, challenger="The board", text="Why?", raised_on=DAY, by=chair)
    ReviewStage.objects.create(review=review, stage="withdrawn", on=DAY, by=manager, before_decisions=True)
    assert owed(manager) == []


def test_an_action_an_update_and_an_action_arising_are_owed_by_who_leads_them_with_their_days(
    review: Review, finding: Finding, board: Body, chair: Person, manager: Person
) -> None:
    recommendation = delivery.draft_recommendation(review, text="Do it.", findings=[finding], on=DAY, by=manager)
    said = {"what": "Do it", "why": "It is asked", "how": "By doing it", "target": "Done"}
    action = delivery.add_action(recommendation, lead=manager, original_date=date(2026, 3, 1), by=manager, **said)
    UpdateRequest.objects.create(recommendation=recommendation, action=action, asked_of=manager, asked_on=DAY, due=DUE)
    meeting = meetings.call_meeting(board, on=DAY, by=chair)
    meetings.record_attendance(meeting, present=[chair], by=chair)
    meetings.add_action_arising(meeting, what="Ask the union", who=manager, due=date(2026, 1, 20), by=chair)
    assert owed(manager) == [
        ("meetings.actionarising", "", date(2026, 1, 20)),
        ("delivery.action", "update", DUE),
        ("delivery.action", "", date(2026, 3, 1)),
    ]
    assert [duty.about for duty in duties_of(whose(manager), on=DUE)][1:] == [action.reference, action.reference]


def test_a_request_for_completion_is_to_be_verified_first_and_then_decided_by_the_body_that_owns_it(
    review: Review, finding: Finding, board: Body, chair: Person, manager: Person
) -> None:
    one = delivery.draft_recommendation(review, text="Do it.", findings=[finding], on=DAY, by=manager)
    delivery.own(one, body=board, lead=manager, on=DAY, by=manager)
    from bestvalue.record.delivery.models import CompletionRequest, Verification

    CompletionRequest.objects.create(recommendation=one, on=DAY, text="Done.", by=manager)
    assert owed(chair) == [("delivery.recommendation", "verify", None)]
    assert owed(manager) == []
    Verification.objects.create(recommendation=one, kind=Seen.DOCUMENT, on=DAY, seen="It is done.", holds=True, by=chair)
    assert owed(chair) == [("delivery.recommendation", "decide", None)]


def test_a_sensitive_challenge_is_owed_by_those_in_its_group_and_its_words_stay_out_of_the_list(
    review: Review, chair: Person, manager: Person
) -> None:
    from bestvalue.record.reviews.models import GroupPlace, NeedToKnowGroup

    challenge = raise_challenge(review, kind=ChallengerKind.BOARD, challenger="The board", text="Whose source?", raised_on=DAY, by=chair)
    group = NeedToKnowGroup.objects.create(review=review, name="Sources", need="They are named.", made_at=timezone.now(), made_by=chair)
    challenge.marking, challenge.group = "OFFICIAL-SENSITIVE", group
    challenge.save()
    assert owed(manager) == []
    GroupPlace.objects.create(group=group, person=manager, reason="Answers it.", starts=DAY, by=chair)
    (duty,) = duties_of(whose(manager), on=DUE)
    assert duty.about == review.title


def test_late_is_what_was_due_before_today() -> None:
    duty = Duty(kind="delivery.action", key=1, what="Do it", about="Action 1.1", why="You lead it", due=DAY)
    assert (duty.is_late(on=DAY), duty.is_late(on=DUE)) == (False, True)


def test_however_much_is_owed_the_database_is_asked_twice(review: Review, board: Body, chair: Person, manager: Person) -> None:
    for number in range(5):
        raise_challenge(review, kind=ChallengerKind.BOARD, challenger="The board", text=f"Why {number}?", raised_on=DAY, by=chair)
    with CaptureQueriesContext(connection) as asked:
        assert len(duties_of(whose(manager), on=DUE)) == 5
    assert len(asked) == 2
