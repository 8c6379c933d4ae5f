"""Challenges and options on the pages: what shows where, to whom what is offered, what the errors say."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World

BrowserOf = Callable[[Any], Client]
DAY = {"on_day": "5", "on_month": "1", "on_year": "2026"}
RAISED = {"raised_on_day": "5", "raised_on_month": "1", "raised_on_year": "2026"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def member(world: World, browser_of: BrowserOf) -> Client:
    return browser_of(world.board_member)


@pytest.fixture
def log(world: World) -> str:
    return reverse("review_challenges", args=[world.review.pk])


def step(world: World, name: str) -> str:
    return reverse("challenge_step", args=[world.challenge.pk, name])


def test_an_unanswered_challenge_shows_on_the_front_page_of_the_review_until_it_is_answered(world: World, manager: Client) -> None:
    page, address = reverse("review", args=[world.review.pk]), reverse("challenge", args=[world.challenge.pk])
    assert "1 challenge is not answered" in text(manager.get(page))
    assert address in text(manager.get(page))
    answered = manager.post(step(world, "answer"), {**DAY, "text": "We did.", "effect": "none"})
    assert answered.url == address
    assert "not answered" not in text(manager.get(page))


def test_the_log_begins_with_what_the_reader_raised(world: World, manager: Client, member: Client, log: str) -> None:
    assert "Yours</h2>" in text(member.get(log))
    assert "Yours</h2>" not in text(manager.get(log))
    assert "Not answered</h2>" in text(manager.get(log))


def test_a_member_raises_a_challenge_to_a_finding_and_it_stands_in_the_log(world: World, member: Client, log: str) -> None:
    form = {**RAISED, "kind": "advisory group", "challenger": "Residents", "text": "Is it so?", "finding": world.finding.pk}
    raised = member.post(reverse("challenge_add", args=[world.review.pk]), form, follow=True)
    assert "Challenge C2 is on record" in text(raised)
    shown = text(member.get(log))
    assert "C2 Is it so?" in shown
    assert "About finding 1.1." in shown


def test_a_finding_shows_who_challenged_it_and_offers_the_form_with_it_filled_in(world: World, manager: Client, member: Client) -> None:
    page, form = reverse("finding", args=[world.finding.pk]), reverse("challenge_add", args=[world.review.pk])
    offered = f"{form}?finding={world.finding.pk}"
    assert offered in text(member.get(page))
    assert offered not in text(manager.get(page))
    assert f'<option value="{world.finding.pk}" selected>' in text(member.get(offered))
    said = {**RAISED, "kind": "board", "challenger": "The board", "text": "On which nights?", "finding": world.finding.pk}
    member.post(form, said)
    assert "On which nights?" in text(manager.get(page))


def test_what_is_missing_stands_beside_its_field(world: World, manager: Client, member: Client) -> None:
    empty = member.post(reverse("challenge_add", args=[world.review.pk]), {"text": ""})
    assert set(empty.context["form"].errors) == {"kind", "challenger", "text", "raised_on"}
    assert set(manager.post(step(world, "answer"), {"text": ""}).context["form"].errors) == {"text", "effect", "on"}
    assert set(member.post(step(world, "escalate"), {"text": ""}).context["form"].errors) == {"text", "escalated_to", "on"}
    late = manager.post(step(world, "answer"), {**DAY, "on_year": "2025", "text": "We did.", "effect": "none"})
    assert set(late.context["form"].errors) == {"on"}
    decided = manager.post(reverse("option_decide", args=[world.option.pk]), {**DAY, "verdict": "written off", "reason": " "})
    assert set(decided.context["form"].errors) == {"body", "reason"}


def test_each_side_is_offered_its_own_steps_and_told_why_not_the_other(world: World, manager: Client, member: Client) -> None:
    address = reverse("challenge", args=[world.challenge.pk])
    assert ("Answer the challenge" in text(manager.get(address)), "Escalate" in text(manager.get(address))) == (True, False)
    assert ("Answer the challenge" in text(member.get(address)), "Escalate" in text(member.get(address))) == (False, True)
    refused = member.post(step(world, "answer"), {**DAY, "text": "Mine.", "effect": "none"})
    assert refused.status_code == 409
    assert "Ask the review&#x27;s team." in text(refused)
    early = member.get(step(world, "reopen"))
    assert early.status_code == 409
    assert "it is not answered yet" in text(early)
    assert not world.challenge.steps.exists()


def test_answer_reopening_and_escalation_all_stay_in_view(world: World, manager: Client, member: Client) -> None:
    manager.post(step(world, "answer"), {**DAY, "text": "We asked ten.", "effect": "evidence"})
    member.post(step(world, "reopen"), {**DAY, "text": "Ten are few."})
    member.post(step(world, "escalate"), {**DAY, "text": "No reply.", "escalated_to": world.question.body_id})
    shown = text(member.get(reverse("challenge", args=[world.challenge.pk])))
    for said in ("We asked ten.", "Effect on the review: Evidence was added", "Ten are few.", "Escalated to Project board", "No reply."):
        assert said in shown, said


def test_an_unknown_step_is_no_page(world: World, manager: Client) -> None:
    assert manager.get(step(world, "forget")).status_code == 404


def test_rejected_and_blue_sky_options_stay_in_view_with_who_when_and_why(world: World, manager: Client) -> None:
    page = reverse("review_options", args=[world.review.pk])
    added = reverse("option_add", args=[world.option.question_id])
    manager.post(added, {"text": "Buy a fleet.", "cost": "Not known.", "effect": "All of it.", "is_blue_sky": "on"})
    second = world.option.question.options.get(number=2)
    decided = {**DAY, "verdict": "written off", "body": world.question.body_id, "reason": "Beyond our means."}
    assert manager.post(reverse("option_decide", args=[second.pk]), decided).url == page
    shown = text(manager.get(page))
    assert "Blue sky: kept for another day" in shown
    assert "Written off by Project board, 5 Jan 2026: Beyond our means." in shown


def test_a_question_leads_on_to_its_first_option(world: World, manager: Client) -> None:
    form = {"kind": "problem", "text": "How do nights get cover?"}
    asked = manager.post(reverse("scope_question_add", args=[world.review.pk]), form)
    assert asked.url == reverse("option_add", args=[world.review.scope_questions.get(number=2).pk])


def test_a_reader_is_offered_no_change(world: World, browser_of: BrowserOf, log: str) -> None:
    reader = browser_of(world.observer)
    shown = text(reader.get(log)) + text(reader.get(reverse("review_options", args=[world.review.pk])))
    for words in ("Challenge the review", "Add a question", "Add an option", "Record what became of it"):
        assert words not in shown, words


@pytest.mark.parametrize("who", ["observer", "outsider"])
def test_who_may_not_changes_nothing_by_sending_the_forms_all_the_same(world: World, browser_of: BrowserOf, who: str) -> None:
    browser = browser_of(getattr(world, who))
    refused = {"observer": 409, "outsider": 404}[who]
    form = {**RAISED, **DAY, "kind": "staff", "challenger": "Me", "text": "x", "effect": "none", "cost": "x", "reason": "x"}
    form |= {"verdict": "chosen", "body": world.question.body_id}
    for name, target in (
        ("challenge_add", world.review.pk),
        ("scope_question_add", world.review.pk),
        ("option_add", world.option.question_id),
        ("option_decide", world.option.pk),
    ):
        assert browser.post(reverse(name, args=[target]), form).status_code == refused, name
    assert browser.post(step(world, "answer"), form).status_code == refused
    counts = (world.review.challenges.count(), world.review.scope_questions.count(), world.option.question.options.count())
    assert counts == (1, 1, 1)
    assert not world.challenge.steps.exists()
    assert not world.option.decisions.exists()
