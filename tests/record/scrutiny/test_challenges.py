from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, User
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Finding, Review, ReviewStage
from bestvalue.record.scrutiny.challenge_steps import STEPS, open_steps
from bestvalue.record.scrutiny.changes import raise_challenge, take_step
from bestvalue.record.scrutiny.models import Challenge, ChallengerKind, ChallengeStep, Effect, Side, Step

DAY = date(2026, 1, 5)
RaiseOne = Callable[..., Challenge]
MakePerson = Callable[..., Person]


def answer(challenge: Challenge, *, by: Person, **rest: Any) -> ChallengeStep:
    return take_step(challenge, **{"step": Step.ANSWERED, "text": "Because.", "on": DAY, "effect": Effect.NONE, "by": by, **rest})


@pytest.mark.parametrize(
    ("where", "role", "may"),
    [
        ("panel", "panel member", True),
        ("board", "board member", True),
        ("authority", "authority member", True),
        ("board", "inspector", True),
        ("panel", "observer", False),
        ("team", "project manager", False),
        ("team", "board member", False),
        ("force", "board member", False),
        ("elsewhere", "panel member", False),
    ],
)
def test_who_may_challenge(
    review: Review, panel: Body, board: Body, team: Body, person: MakePerson, body: Callable[..., Body], where: str, role: str, may: bool
) -> None:
    bodies = {"panel": panel, "board": board, "team": team, "authority": review.authority, "force": review.force}
    someone = person("Someone", role=role, body=bodies.get(where) or body("Elsewhere", "panel"))
    said = {"kind": ChallengerKind.UNION, "challenger": "The union", "text": "Who asked staff?", "raised_on": DAY}
    if may:
        assert raise_challenge(review, by=someone, **said).challenger == "The union"
    else:
        with pytest.raises(RuleError, match="Someone may not challenge this review"):
            raise_challenge(review, by=someone, **said)
        assert not Challenge.objects.exists()


def test_a_challenge_to_a_finding_is_of_the_strand_of_the_finding_and_gets_the_next_number(raise_one: RaiseOne, finding: Finding) -> None:
    raise_one()
    second = raise_one(finding=finding)
    assert (second.reference, second.strand) == ("C2", finding.strand)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": "  "}, "text"), ({"challenger": " "}, "challenger"), ({"raised_on": date(2199, 1, 1)}, "raised_on")],
)
def test_a_challenge_without_words_or_whose_or_of_a_day_to_come_is_refused_at_its_field(
    raise_one: RaiseOne, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleError) as refused:
        raise_one(**wrong)
    assert refused.value.where == field


def test_strand_and_finding_are_of_the_challenged_review(
    raise_one: RaiseOne, start_review: Callable[..., Review], manager: Person, finding: Finding
) -> None:
    from bestvalue.record.reviews.changes import add_strand

    elsewhere = add_strand(start_review("Custody"), name="Cells", question="?", by=manager)
    here = add_strand(finding.review, name="Supply", question="?", by=manager)
    with pytest.raises(RuleError, match="belongs to another review"):
        raise_one(strand=elsewhere)
    with pytest.raises(RuleError, match=r"Finding 1\.1 is of another strand"):
        raise_one(strand=here, finding=finding)
    Finding.objects.filter(pk=finding.pk).update(review=elsewhere.review)
    with pytest.raises(RuleError, match="finding belongs to another review"):
        raise_one(finding=Finding.objects.get())


@pytest.mark.parametrize("newest", [None, *Step])
@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("side", list(Side))
def test_every_step_follows_the_table_and_no_other_way(
    challenge: Challenge, friend: Person, manager: Person, board: Body, newest: Step | None, step: Step, side: Side
) -> None:
    told = {
        Step.ANSWERED: {"effect": Effect.WORDING},
        Step.ESCALATED: {"escalated_to": board},
    }
    if newest is not None:
        effect, to = ("wording" if newest is Step.ANSWERED else ""), (board if newest is Step.ESCALATED else None)
        ChallengeStep.objects.create(challenge=challenge, step=newest, text="So.", effect=effect, escalated_to=to, on=DAY, by=manager)
    by = manager if side is Side.TEAM else friend

    def take() -> ChallengeStep:
        return take_step(challenge, step=step, text="So it is.", on=DAY, by=by, **told.get(step, {}))

    if step in open_steps(newest, side=side):
        take()
        assert Challenge.objects.get().standing is step
    else:
        with pytest.raises(RuleError, match=r"may not|Nobody can"):
            take()
        assert Challenge.objects.get().standing is newest


def test_the_table_speaks_of_every_step() -> None:
    assert set(STEPS) == set(Step)


def test_an_answer_that_is_reopened_stays_in_view_beside_the_reason_and_the_next_answer(
    challenge: Challenge, friend: Person, manager: Person
) -> None:
    answer(challenge, by=manager, text="We looked.")
    take_step(challenge, step=Step.REOPENED, text="Not at nights.", on=DAY, by=friend)
    assert list(Challenge.objects.unanswered()) == [challenge]
    answer(challenge, by=manager, text="Now we did.", effect=Effect.EVIDENCE)
    assert not Challenge.objects.unanswered().exists()
    assert [step.text for step in challenge.steps.all()] == ["We looked.", "Not at nights.", "Now we did."]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"effect": None}, "effect"),
        ({"on": DAY - timedelta(days=1)}, "on"),
        ({"on": date(2199, 1, 1)}, "on"),
        ({"step": Step.ESCALATED, "effect": None}, "escalated_to"),
    ],
)
def test_a_step_that_says_too_little_or_is_of_a_wrong_day_is_refused_at_its_field(
    challenge: Challenge, manager: Person, friend: Person, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleError) as refused:
        answer(challenge, by=friend if wrong.get("step") is Step.ESCALATED else manager, **wrong)
    assert refused.value.where == field
    assert not ChallengeStep.objects.exists()


def test_a_challenge_is_escalated_to_a_board_of_the_review_and_waits_until_the_team_answers_again(
    challenge: Challenge, friend: Person, manager: Person, board: Body, panel: Body
) -> None:
    answer(challenge, by=manager)
    with pytest.raises(RuleError, match="to a board of this review"):
        take_step(challenge, step=Step.ESCALATED, text="No answer.", on=DAY, by=friend, escalated_to=panel)
    take_step(challenge, step=Step.ESCALATED, text="No answer.", on=DAY, by=friend, escalated_to=board)
    assert list(Challenge.objects.unanswered()) == [challenge]
    answer(challenge, by=manager)
    assert not Challenge.objects.unanswered().exists()


def test_when_a_term_ends_another_member_of_the_body_follows_the_challenge_and_the_former_no_longer_does(
    challenge: Challenge, friend: Person, manager: Person, panel: Body, person: MakePerson
) -> None:
    answer(challenge, by=manager)
    Membership.objects.filter(person=friend).update(ends=date(2026, 1, 6))
    with pytest.raises(RuleError, match="Critical friend may not reopen the challenge"):
        take_step(challenge, step=Step.REOPENED, text="Still no.", on=DAY, by=friend)
    take_step(challenge, step=Step.REOPENED, text="Still no.", on=DAY, by=person("Next", role="panel member", body=panel))
    assert Challenge.objects.get().standing is Step.REOPENED


def test_a_member_of_another_body_cannot_reopen_it(challenge: Challenge, manager: Person, chair: Person) -> None:
    answer(challenge, by=manager)
    with pytest.raises(RuleError, match="Chair may not reopen the challenge"):
        take_step(challenge, step=Step.REOPENED, text="Me too.", on=DAY, by=chair)


def test_nothing_is_added_to_the_log_of_a_review_that_ended(
    challenge: Challenge, raise_one: RaiseOne, review: Review, manager: Person, friend: Person
) -> None:
    ReviewStage.objects.create(review=review, stage="closed", on=timezone.localdate(), by=manager, before_decisions=True)
    for take in (raise_one, lambda: answer(challenge, by=manager)):
        with pytest.raises(RuleError, match="The review is closed"):
            take()
    assert challenge.steps_open_to(friend) == ()


def test_a_reopened_challenge_waits_since_it_was_reopened_and_an_answered_one_does_not_wait(
    challenge: Challenge, manager: Person, friend: Person
) -> None:
    waited = [challenge.waiting_since]
    for step, by, day, effect in ((Step.ANSWERED, manager, 6, Effect.NONE), (Step.REOPENED, friend, 9, None)):
        take_step(challenge, step=step, text="So.", on=date(2026, 1, day), by=by, effect=effect)
        waited.append(Challenge.objects.get().waiting_since)
    assert waited == [DAY, None, date(2026, 1, 9)]


def test_unanswered_challenges_come_oldest_first(raise_one: RaiseOne, manager: Person) -> None:
    late, early = raise_one(raised_on=DAY), raise_one(raised_on=DAY - timedelta(days=9))
    answer(raise_one(), by=manager)
    assert list(Challenge.objects.unanswered()) == [early, late]


def test_whoever_sees_the_review_sees_its_challenges_and_nobody_else(
    challenge: Challenge, review: Review, person: MakePerson, sign_in: Callable[[Person], User], body: Callable[..., Body]
) -> None:
    inside = sign_in(person("Officer", role="observer", body=review.force))
    outside = sign_in(person("Stranger", role="panel member", body=body("Elsewhere", "panel")))
    assert list(Challenge.objects.visible_to(inside)) == [challenge]
    assert not Challenge.objects.visible_to(outside).exists()


def test_each_change_is_one_entry_of_the_ledger_that_names_who_and_what(challenge: Challenge, manager: Person, friend: Person) -> None:
    answer(challenge, by=manager)
    take_step(challenge, step=Step.ACCEPTED, text="", on=DAY, by=friend)
    entries = AuditEvent.objects.about(challenge)
    assert [(entry.action, entry.actor_name) for entry in entries] == [
        ("challenge.raised", "Critical friend"),
        ("challenge.answered", "Project manager"),
        ("challenge.accepted", "Critical friend"),
    ]


@pytest.mark.parametrize("wrong", [{"effect": ""}, {"text": ""}, {"step": "shrugged"}, {"effect": "shame"}, {"step": "escalated"}])
def test_the_database_itself_refuses_a_step_that_says_too_little(challenge: Challenge, manager: Person, wrong: dict[str, str]) -> None:
    whole = {"challenge": challenge, "step": "answered", "text": "Because.", "effect": "none", "on": DAY, "by": manager}
    with pytest.raises(IntegrityError), transaction.atomic():
        ChallengeStep.objects.create(**{**whole, **wrong})
