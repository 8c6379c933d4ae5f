"""Decisions on the pages: who is offered to take them, what the errors say, where they show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.world import DAY, World

BrowserOf = Callable[[Any], Client]
MINUTE = {"minute": "Minutes of 5 January, item 2", "taken_on_day": "5", "taken_on_month": "1", "taken_on_year": "2026"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def member(world: World, browser_of: BrowserOf) -> Client:
    return browser_of(world.board_member)


@pytest.fixture
def address(world: World) -> str:
    return reverse("review_decision", args=[world.question.pk])


def test_an_overdue_decision_of_a_body_that_never_met_shows_on_review_programme_and_the_home_of_its_members(
    world: World, manager: Client, member: Client, address: str
) -> None:
    quiet(world)
    said = "Project board has 1 decision overdue, and no engagement of it is recorded"
    for page in (reverse("review", args=[world.review.pk]), reverse("programme", args=[world.review.programme_id])):
        shown = text(manager.get(page))
        assert said in shown
        assert address in shown
    assert address in text(member.get(reverse("home")))
    assert address not in text(manager.get(reverse("home")))  # it does not wait for the team


def quiet(world: World) -> None:
    """Have the challenge raised for another body than the board."""
    world.challenge.body = world.review.force
    world.challenge.save()


def silent_on(world: World, manager: Client) -> list[bool]:
    """Whether the board is silent: on the page of the review, of its decisions, of the programme, and in the inspection pack."""
    from bestvalue.record.assessment.review_pack import pack_content

    contexts = [
        manager.get(reverse(page, args=[key])).context
        for page, key in (("review", world.review.pk), ("programme", world.review.programme_id), ("review_decisions", world.review.pk))
    ]
    pack = pack_content(world.review, user=world.manager.user, on=timezone.localdate())
    (listing,) = [one for one in pack.listings if one.heading == "Engagement of the bodies"]
    told = [context["overdue"][0].is_silent for context in contexts[:2]]
    (line,) = [line for line, *_ in contexts[2]["engagement"] if line.body == "Project board"]
    (row,) = [row for row in listing.rows if row[0] == "Project board"]
    return [*told, line.is_silent, row[-1] == "yes"]


def meet_about_it(world: World, *, attended: bool, number: int = 1) -> Any:
    from bestvalue.record.meetings.models import AgendaItem, Meeting, Presence

    meeting = Meeting.objects.create(body=world.question.body, number=number, on=DAY, called_by=world.manager)
    AgendaItem.objects.create(meeting=meeting, number=1, text="Progress", review=world.review, added_by=world.manager)
    was = "present" if attended else "absent"
    Presence.objects.create(meeting=meeting, person=world.board_member, name="Member", was=was)
    Presence.objects.create(meeting=meeting, name="A guest", was="in attendance")
    return meeting


def test_a_body_is_silent_everywhere_or_nowhere(world: World, manager: Client) -> None:
    assert silent_on(world, manager) == [False] * 4  # a challenge is engagement
    quiet(world)
    assert silent_on(world, manager) == [True] * 4
    meet_about_it(world, attended=False)
    assert silent_on(world, manager) == [True] * 4
    meet_about_it(world, attended=True, number=2)
    assert silent_on(world, manager) == [False] * 4
    shown = text(manager.get(reverse("review_decisions", args=[world.review.pk])))
    assert "50% (1 of 2 places)" in shown  # the guest holds no place


def test_who_decided_at_a_meeting_is_counted_in_the_decision_alone(world: World, manager: Client) -> None:
    from bestvalue.record.meetings.models import AgendaItem
    from bestvalue.record.reviews.models import Attendance

    meeting = meet_about_it(world, attended=True)
    AgendaItem.objects.create(meeting=meeting, number=2, text="Decide", decision=world.question, added_by=world.manager)
    page = reverse("review_decisions", args=[world.review.pk])
    assert manager.get(page).context["engagement"][0][0].met == 1
    Attendance.objects.create(decision=world.question, person=world.board_member, attended=True)
    world.question.taken_on, world.question.outcome, world.question.minute = DAY, "agreed", "1"
    world.question.recorded_by = world.board_member
    world.question.save()
    line = manager.get(page).context["engagement"][0][0]
    assert (line.attended, line.met, line.met_places) == (1, 0, 0)


def test_a_body_that_decided_before_is_late_but_not_said_to_be_silent(world: World, manager: Client) -> None:
    from bestvalue.record.reviews.models import Decision

    Decision.objects.create(
        review=world.review,
        body=world.question.body,
        gate="begin",
        asked_on=DAY,
        asked_by=world.manager,
        due=DAY,
        taken_on=DAY,
        outcome="agreed",
        minute="1",
        recorded_by=world.board_member,
    )
    shown = text(manager.get(reverse("review", args=[world.review.pk])))
    assert "Project board has 1 decision overdue:" in shown


def test_whoever_decides_reads_before_the_form_why_the_body_cannot_agree_with_the_way_to_it(
    world: World, manager: Client, member: Client, address: str
) -> None:
    findings = reverse("review_findings", args=[world.review.pk])
    for shown in (text(member.get(address)), text(manager.get(address)), text(member.get(f"{address}?record=1"))):
        assert f'<a class="govuk-link" href="{findings}">a strand has no finding</a>' in shown
    assert "“Agreed” is not possible now" in text(member.get(f"{address}?record=1"))
    from bestvalue.record.reviews import changes

    changes.withdraw_strand(world.review.strands.get(name="Supply"), reason="Out of scope.", by=world.manager)
    assert "a strand has no finding" not in text(member.get(f"{address}?record=1"))


def test_the_review_says_why_a_body_cannot_agree_yet(world: World, manager: Client) -> None:
    shown = text(manager.get(reverse("review", args=[world.review.pk])))
    assert "Cannot be agreed yet, because a strand has no finding and no report is published since the review began." in shown


def test_a_member_records_a_decision_with_who_was_there_and_what_they_declared(world: World, member: Client, address: str) -> None:
    from bestvalue.record.bodies.models import Membership, Person

    torn = Person.objects.create(name="Torn member")
    Membership.objects.create(person=torn, body=world.question.body, role="board member", starts=DAY)
    form = {**MINUTE, "outcome": "returned", "reason": "Say who waits.", "attended": [world.board_member.pk, torn.pk]}
    answer = member.post(address, {**form, f"interest_{torn.pk}": "Leads the units"}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "Leads the units" in text(answer)
    world.question.refresh_from_db()
    assert (world.question.outcome, world.question.recorded_by) == ("returned", world.board_member)


def test_agreeing_to_what_is_not_ready_says_everything_that_is_missing_on_the_form(world: World, member: Client, address: str) -> None:
    answer = member.post(address, {**MINUTE, "outcome": "agreed", "attended": [world.board_member.pk]})
    assert "Cannot put the report forward yet, because a strand has no finding, and no report is published" in text(answer)
    assert "govuk-error-summary" in text(answer)
    world.question.refresh_from_db()
    assert not world.question.is_taken


def test_a_fault_stands_beside_its_field(world: World, member: Client, address: str) -> None:
    answer = member.post(address, {**MINUTE, "outcome": "refused", "attended": [world.board_member.pk]})
    assert "reason" in answer.context["form"].errors
    answer = member.post(address, {"outcome": "refused", "reason": "No.", "attended": [world.board_member.pk]})
    assert {"taken_on", "minute"} <= set(answer.context["form"].errors)


@pytest.mark.parametrize("who", ["manager", "observer"])
def test_who_does_not_decide_in_the_body_is_told_who_does_and_changes_nothing(
    world: World, browser_of: BrowserOf, address: str, who: str
) -> None:
    browser = browser_of(getattr(world, who))
    assert "Record the decision" not in text(browser.get(address))
    refused = browser.post(address, {**MINUTE, "outcome": "refused", "reason": "Mine.", "attended": [world.board_member.pk]})
    assert refused.status_code == 409
    assert "Ask a board or authority member of Project board who did not put the question." in text(refused)
    world.question.refresh_from_db()
    assert not world.question.is_taken


def test_the_project_manager_puts_a_question_to_the_body_that_the_table_names(world: World, manager: Client) -> None:
    due = timezone.localdate() + timedelta(days=7)
    form = {"gate": "rescope", "due_day": due.day, "due_month": due.month, "due_year": due.year}
    answer = manager.post(reverse("review_decision_ask", args=[world.review.pk]), form)
    assert answer.url == reverse("review_decisions", args=[world.review.pk])
    assert [(asked.gate, asked.body.name) for asked in world.review.decisions.filter(due=due)] == [("rescope", "Project board")]


def test_a_question_of_another_stage_is_not_offered(world: World, manager: Client) -> None:
    answer = manager.post(reverse("review_decision_ask", args=[world.review.pk]), {"gate": "approve"})
    assert "gate" in answer.context["form"].errors


def test_a_question_that_no_body_takes_part_to_decide_says_what_to_do_first(world: World, manager: Client) -> None:
    form = {"gate": "withdraw", "due_day": "1", "due_month": "1", "due_year": "2199"}
    answer = manager.post(reverse("review_decision_ask", args=[world.review.pk]), form)
    assert "No committee of the authority takes part in this review" in text(answer)


def test_a_review_without_a_financial_adviser_is_warned_until_one_takes_a_place(world: World, manager: Client) -> None:
    from bestvalue.record.bodies.models import Membership, Person

    page = reverse("review", args=[world.review.pk])
    assert "No financial adviser sits on the project board" in text(manager.get(page))
    adviser = Person.objects.create(name="Adviser")
    team = world.review.parts.get(part="team").body
    Membership.objects.create(person=adviser, body=team, role="financial adviser", starts=DAY)
    assert "No financial adviser sits on the project board" in text(manager.get(page))  # in the team they have no voice on the board
    Membership.objects.create(person=adviser, body=world.question.body, role="financial adviser", starts=DAY)
    assert "No financial adviser" not in text(manager.get(page))


def test_engagement_shows_its_bases(world: World, manager: Client) -> None:
    shown = text(manager.get(reverse("review_decisions", args=[world.review.pk])))
    assert "0 of 1" in shown
    # The board took no decision, but one of its members raised a challenge: that is engagement.
    assert "No engagement recorded" not in shown
    assert "Challenges raised" in shown


def test_what_moved_names_the_decision_for_those_who_see_it_and_nobody_else(
    world: World, manager: Client, member: Client, outsider: Client, address: str
) -> None:
    member.post(address, {**MINUTE, "outcome": "refused", "reason": "Not yet.", "attended": [world.board_member.pk]})
    assert "Decision taken" in text(manager.get(reverse("home")))
    assert "Decision taken" not in text(outsider.get(reverse("home")))
