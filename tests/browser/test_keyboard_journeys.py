"""The main tasks with the keyboard alone: propose a review, take a decision, cite evidence, answer a challenge, record minutes."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.world import World


def _type_day(page: Page, *, first: bool = True) -> None:
    """Today, in the three boxes of a date; the focus is on the box before the first, or on the first itself."""
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        if not first:
            page.tab_to(part, tag="input")
        page.type(str(value))
        first = False


def _choose(page: Page, label: str, *, downs: int = 1) -> None:
    page.tab_to(label, tag="select")
    for _ in range(downs):
        page.press("ArrowDown")


def _write(page: Page, label: str, text: str, *, tag: str = "") -> None:
    page.tab_to(label, tag=tag)
    page.type(text)


def _send(page: Page, button: str, *, then: str) -> None:
    page.tab_to(button, tag="button")
    page.press("Enter")
    page.wait_for(then)


def test_a_review_is_proposed_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    # given the project manager on the page of a candidate service
    page = arrive(world.manager, at=reverse("programme_service", args=[world.service.pk]))
    page.tab_to("Propose a review of it", tag="a")
    page.press("Enter")
    page.wait_for("Title of the review")
    # when they fill in the form
    _write(page, "Title of the review", "Custody", tag="input")
    _write(page, "What does it set out to achieve?", "Nobody dies in a cell.", tag="textarea")
    for label in ("Review team", "Committee of the authority"):
        _choose(page, label)
    # then the review is proposed
    _send(page, "Propose the review", then="“Custody” is proposed")


def test_a_decision_is_taken_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    # given a member of the board, who finds the decision in their list
    page = arrive(world.board_member, at=reverse("duties"))
    page.tab_to("Decide whether to put the report forward")
    page.press("Enter")
    page.wait_for("Record the decision")
    page.tab_to("Record the decision", tag="a")
    page.press("Enter")
    page.wait_for("What did it decide?")
    # when they return the report
    page.tab_to("Agreed", tag="input")
    page.press("ArrowDown")  # the next of the radio buttons
    page.tab_to("Day", tag="input")
    _type_day(page)
    _write(page, "Where does the minute stand?", "Minutes, item 4", tag="input")
    _write(page, "Why?", "Say who waits.", tag="textarea")
    page.tab_to(world.board_member.name, tag="input")
    page.press("Space")
    # then it is recorded
    _send(page, "Record the decision", then="The decision is recorded")
    assert "Returned" in page.text()


def test_evidence_is_cited_in_a_finding_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    # given the project manager, who reads a piece of evidence
    page = arrive(world.manager, at=reverse("evidence", args=[world.answer.pk]))
    page.tab_to("Draw a finding from it", tag="a")
    page.press("Enter")
    page.wait_for("What did we learn?")
    # when they say what it teaches; the evidence is cited already
    _choose(page, "Which strand does it answer?")
    _write(page, "What did we learn?", "Half of the demand falls before one.", tag="textarea")
    page.tab_to("A strength", tag="input")
    page.press("Space")
    # then the finding cites it
    _send(page, "Save the finding", then="Finding 1.2 is recorded")
    assert page.offers("E3 When demand falls")


def test_a_recommendation_is_drafted_and_costed_from_a_finding_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    # given the project manager, who reads a finding
    page = arrive(world.manager, at=reverse("finding", args=[world.finding.pk]))
    page.tab_to("Recommend something because of this finding", tag="a")
    page.press("Enter")
    page.wait_for("Which findings does it rest on?")
    # when they say what is asked, what it costs and what it brings, but forget the unit of its measure
    _write(page, "What is asked?", "Put two units on nights.", tag="textarea")
    _write(page, "What does it cost once, in pounds?", "12,000", tag="input")
    _write(page, "How many full-time posts more does it need?", "-1.5", tag="input")
    _write(page, "What does it bring that is no money?", "Shorter waits at night.", tag="textarea")
    _write(page, "What is measured?", "support within 20 minutes", tag="input")
    _write(page, "Value that shows that it has worked", "85", tag="input")
    _send(page, "Save the recommendation", then="There is a problem")
    # then the summary leads to the field, where what was typed still stands
    page.tab_to("The measure has no unit", tag="a")
    page.press("Enter")
    page.type("%")
    _send(page, "Save the recommendation", then="Recommendation 2 is drafted")
    told = page.text()
    assert all(words in told for words in ("£12,000", "1.5 full-time posts fewer", "Shorter waits at night.", "to 85 %"))
    assert page.offers(f"Finding {world.finding.reference}")


def test_a_challenge_is_answered_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    # given the project manager, whose start page says that a challenge waits
    page = arrive(world.manager, at=reverse("home"))
    page.tab_to("Answer challenge C1")
    page.press("Enter")
    page.wait_for("What do you answer?")
    # when they answer, and say what it changed
    _write(page, "What do you answer?", "All officers of the units were asked.", tag="textarea")
    page.tab_to("None; the answer says why", tag="input")
    page.press("Space")
    # then it stands answered in the log; the day was filled in already
    _send(page, "Answer the challenge", then="Challenge C1: answered")


def test_minutes_are_recorded_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    # given a meeting of the board that was called for today, with an item
    meeting = _meeting(world)
    page = arrive(world.board_member, at=reverse("meeting", args=[meeting.pk]))
    # when a member records who was there
    page.tab_to("Record who was there", tag="a")
    page.press("Enter")
    page.wait_for("Who was present?")
    page.tab_to(world.board_member.name, tag="input")
    page.press("Space")
    _send(page, "Record the attendance", then="It is on record who was there")
    # and minutes the item
    page.tab_to("Minute it", tag="a")
    page.press("Enter")
    page.wait_for("What was said or agreed?")
    _write(page, "What was said or agreed?", "The board asks for the report in May.", tag="textarea")
    _send(page, "Record the minute", then="Item 1 is minuted")
    # then the minute stands under its item
    assert "The board asks for the report in May." in page.text()


def _meeting(world: World) -> Any:
    from bestvalue.record.meetings.changes import add_item, call_meeting

    meeting = call_meeting(world.question.body, on=timezone.localdate(), by=world.board_member)
    add_item(meeting, text="Where the review stands", about=world.review, by=world.board_member)
    return meeting
