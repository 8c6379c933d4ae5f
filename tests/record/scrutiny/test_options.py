from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Review, ReviewStage
from bestvalue.record.scrutiny.changes import add_option, add_scope_question, decide_option
from bestvalue.record.scrutiny.models import Option, OptionDecision, QuestionKind, ScopeQuestion, Verdict

DAY = date(2026, 1, 5)
AddOption = Callable[..., Option]


@pytest.fixture
def add(question: ScopeQuestion, manager: Person) -> AddOption:
    def one(**rest: Any) -> Option:
        return add_option(question, **{"text": "Leave it out.", "cost": "None.", "effect": "A later review.", "by": manager, **rest})

    return one


def decide(option: Option, *, body: Body, by: Person, **rest: Any) -> OptionDecision:
    return decide_option(option, **{"verdict": Verdict.WRITTEN_OFF, "body": body, "on": DAY, "reason": "Too dear.", "by": by, **rest})


def test_options_are_numbered_within_their_question_and_a_rejected_one_stays(add: AddOption, board: Body, manager: Person) -> None:
    first, second = add(), add(text="Buy a fleet.", is_blue_sky=True)
    decide(second, body=board, by=manager)
    decide(first, body=board, by=manager, verdict=Verdict.CHOSEN)
    found = Option.objects.all()
    assert [(option.reference, option.verdict, option.is_blue_sky) for option in found] == [
        ("1.1", Verdict.CHOSEN, False),
        ("1.2", Verdict.WRITTEN_OFF, True),
    ]
    assert found[0].question.chosen == first


@pytest.mark.parametrize("missing", ["text", "cost", "effect"])
def test_an_option_says_what_it_is_what_it_costs_and_what_it_changes(add: AddOption, missing: str) -> None:
    with pytest.raises(RuleError) as refused:
        add(**{missing: " "})
    assert refused.value.where == missing


@pytest.mark.parametrize("verdict", list(Verdict))
def test_whether_chosen_or_written_off_the_reason_is_required(add: AddOption, board: Body, manager: Person, verdict: Verdict) -> None:
    option = add()
    with pytest.raises(RuleError) as refused:
        decide(option, body=board, by=manager, verdict=verdict, reason="  ")
    assert refused.value.where == "reason"
    with pytest.raises(IntegrityError), transaction.atomic():
        OptionDecision.objects.create(option=option, verdict=verdict, body=board, on=DAY, reason="", by=manager)


def test_one_option_stands_chosen_until_it_is_written_off_and_both_decisions_stay(add: AddOption, board: Body, manager: Person) -> None:
    first, second = add(), add()
    decide(first, body=board, by=manager, verdict=Verdict.CHOSEN, reason="Cheap.")
    with pytest.raises(RuleError, match=r"Option 1\.1 is chosen"):
        decide(second, body=board, by=manager, verdict=Verdict.CHOSEN)
    decide(first, body=board, by=manager, reason="It failed.")
    decide(second, body=board, by=manager, verdict=Verdict.CHOSEN)
    assert [decision.reason for decision in first.decisions.all()] == ["Cheap.", "It failed."]
    assert ScopeQuestion.objects.get().chosen == second


def test_the_same_verdict_is_not_recorded_twice_nor_before_the_earlier_one_nor_of_a_day_to_come(
    add: AddOption, board: Body, manager: Person
) -> None:
    option = add()
    with pytest.raises(RuleError, match="not a day on which"):
        decide(option, body=board, by=manager, on=timezone.localdate() + timedelta(days=1))
    decide(option, body=board, by=manager)
    with pytest.raises(RuleError, match="written off already"):
        decide(option, body=board, by=manager)
    with pytest.raises(RuleError, match="04 January 2026 is not a day on which"):
        decide(option, body=board, by=manager, verdict=Verdict.CHOSEN, on=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("manager", "board", True),
        ("manager", "authority", True),
        ("manager", "force", False),
        ("chair", "board", True),
        ("chair", "authority", False),
        ("friend", "panel", False),
    ],
)
def test_who_records_whose_decision(
    add: AddOption,
    review: Review,
    board: Body,
    panel: Body,
    manager: Person,
    chair: Person,
    friend: Person,
    who: str,
    whose: str,
    may: bool,
) -> None:
    body = {"board": board, "panel": panel, "authority": review.authority, "force": review.force}[whose]
    by = {"manager": manager, "chair": chair, "friend": friend}[who]
    option = add()
    if may:
        assert decide(option, body=body, by=by).body == body
    else:
        with pytest.raises(RuleError, match="may not record"):
            decide(option, body=body, by=by)
        assert not OptionDecision.objects.exists()


def test_only_the_team_adds_questions_and_options(review: Review, question: ScopeQuestion, add: AddOption, friend: Person) -> None:
    with pytest.raises(RuleError, match="Critical friend may not add to this review"):
        add(by=friend)
    with pytest.raises(RuleError, match="Critical friend may not add to this review"):
        add_scope_question(review, kind=QuestionKind.SCOPE, text="?", by=friend)


def test_a_question_says_something_and_its_strand_is_of_the_review(
    review: Review, start_review: Callable[..., Review], manager: Person
) -> None:
    from bestvalue.record.reviews.changes import add_strand

    elsewhere = add_strand(start_review("Custody"), name="Cells", question="?", by=manager)
    with pytest.raises(RuleError, match="A question says something"):
        add_scope_question(review, kind=QuestionKind.PROBLEM, text=" ", by=manager)
    with pytest.raises(RuleError, match="belongs to another review"):
        add_scope_question(review, kind=QuestionKind.PROBLEM, text="?", by=manager, strand=elsewhere)


def test_a_review_that_ended_takes_no_more_decisions(add: AddOption, review: Review, board: Body, manager: Person, chair: Person) -> None:
    option = add()
    ReviewStage.objects.create(review=review, stage="closed", on=timezone.localdate(), by=manager, before_decisions=True)
    with pytest.raises(RuleError, match="The review is closed"):
        decide(option, body=board, by=chair)


def test_whoever_sees_the_review_sees_its_options_and_nobody_else(
    add: AddOption, review: Review, person: Callable[..., Person], sign_in: Callable[[Person], User], body: Callable[..., Body]
) -> None:
    option = add()
    inside = sign_in(person("Officer", role="observer", body=review.force))
    outside = sign_in(person("Stranger", role="board member", body=body("Elsewhere", "board")))
    assert list(Option.objects.visible_to(inside)) == [option]
    assert list(ScopeQuestion.objects.visible_to(inside)) == [option.question]
    assert not Option.objects.visible_to(outside).exists()
    assert not ScopeQuestion.objects.visible_to(outside).exists()


def test_each_change_is_one_entry_of_the_ledger(add: AddOption, board: Body, manager: Person) -> None:
    option = add()
    decide(option, body=board, by=manager)
    assert [entry.action for entry in AuditEvent.objects.about(option)] == ["option.added", "option.decided"]
    assert [entry.action for entry in AuditEvent.objects.about(option.question)] == ["scope_question.added"]
