"""A survey answered by the public, and led by the review's team, in a real browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.browser.test_accessibility import PHONE, SIDEWAYS, TAGS
from tests.consulted import consult
from tests.world import World


@pytest.fixture
def survey(world: World) -> Any:
    """A survey that anybody can answer today."""
    from bestvalue.record.consultation import changes
    from bestvalue.record.consultation.models import Access, Survey, SurveyStep

    _, made = consult(world)
    made.access = Access.ANONYMOUS
    made.save()
    today = timezone.localdate()
    changes.take_survey_step(made, step=SurveyStep.OPENED, opens=today, closes=today + timedelta(days=7), by=world.manager)
    return Survey.objects.get(pk=made.pk)


def as_slow_as_people(survey: Any) -> None:
    for draft in survey.drafts.all():
        draft.started_at = timezone.now() - timedelta(minutes=2)
        draft.save()


def check(page: Page, *, phone: bool = False) -> None:
    assert page.faults(TAGS) == [], page.path
    if phone:
        assert page.evaluate(SIDEWAYS) == 0, page.path


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 1280), (True, PHONE)], ids=["desk", "without script", "phone"])
def test_somebody_answers_a_survey_goes_back_adds_another_and_sends_it_once(survey: Any, arrive: Arrive, script: bool, width: int) -> None:
    # given somebody without a sign-in who was given the address
    page = arrive(at=reverse("survey_start", args=[survey.key]), script=script, width=width)
    phone = width == PHONE

    def look() -> None:
        if script:
            check(page, phone=phone)

    look()
    page.check("English")
    page.press_button("Start now")
    # when they answer page by page, forget one, and go back
    look()
    page.press_button("Continue")
    assert page.title.startswith("Error: ")
    look()
    page.check("Unsafe")
    page.press_button("Continue")
    look()
    page.fill("Why do you feel unsafe?", "The lamps are out.")
    page.press_button("Continue")
    page.check("Yes")
    page.press_button("Continue")
    for box, text in (("Day", "5"), ("Month", "1"), ("Year", "2026")):
        page.fill(box, text)
    look()
    page.press_button("Continue")
    page.check("Advice")
    look()
    page.press_button("Continue")
    page.click("Back")
    assert page.heading.startswith("What was it about?")
    page.press_button("Continue")
    page.check("No")
    page.press_button("Continue")
    page.fill("How old are you?", "12")
    page.press_button("Continue")
    look()
    page.forget_complaints()
    page.fill("How old are you?", "40")
    page.press_button("Continue")
    page.check("Yes")
    page.press_button("Continue")
    # then they see all of it, change one answer, and send it
    assert page.heading == "Check your answers"
    look()
    assert "The lamps are out." in page.text()
    page.click("How old are you?")
    page.fill("How old are you?", "41")
    page.press_button("Continue")
    as_slow_as_people(survey)
    page.press_button("Send my answers")
    assert page.heading == "Answers sent"
    look()
    stored = survey.responses.get()
    assert stored.answers == {
        "safe": "2",
        "why": "The lamps are out.",
        "visit/1/day": "2026-01-05",
        "visit/1/about": "b",
        "age": "41",
        "may_be_quoted": "OK",
    }
    page.forget_complaints()


def test_somebody_answers_with_the_keyboard_alone_and_comes_back_later(survey: Any, arrive: Arrive) -> None:
    page = arrive(at=reverse("survey_start", args=[survey.key]))
    page.tab_to("Start now", tag="button")
    page.press("Enter")
    page.wait_for("How safe do you feel at night?")
    page.tab_to("Safe", tag="input")
    page.press("Space")
    page.tab_to("Continue", tag="button")
    page.press("Enter")
    page.wait_for("is there one to add?")
    page.click("Save and come back later")
    check(page)
    address = page.attribute("main .govuk-inset-text a", "href")
    later = arrive(at=address[address.index("/a/") :])
    assert later.heading == "Visit to a police station: is there one to add?"


def test_a_survey_is_answered_in_another_language(survey: Any, arrive: Arrive) -> None:
    page = arrive(at=reverse("survey_start", args=[survey.key]))
    page.check("Cymraeg")
    page.press_button("Start now")
    assert page.heading.startswith("Pa mor ddiogel")
    assert page.attribute("h1", "lang") == "cy"
    check(page)


def test_the_lead_reads_the_checks_and_records_what_changed(survey: Any, world: World, arrive: Arrive) -> None:
    # given the project manager on the page of the review
    page = arrive(world.manager, at=reverse("review", args=[world.review.pk]))
    # when they open its consultation, the survey, and record what changed
    page.click("Consultation: surveys, who was heard")
    check(page)
    page.click("S1 Safety at night")
    assert "Every question, when it is asked" in page.text()
    check(page)
    page.go(reverse("review_consultation", args=[world.review.pk]))
    page.click("H1 Residents")
    page.press_button("Record what changed")
    check(page)
    page.check("Something was changed", exact=True)
    page.fill("What changed, or why did nothing?", "Two units moved to nights.")
    page.press_button("Put it on record")
    # then the log says it to everybody
    assert "Two units moved to nights." in page.text()
    reader = arrive(world.board_member, at=reverse("review_consultation", args=[world.review.pk]))
    assert "Two units moved to nights." in reader.text()
    check(reader)


@pytest.mark.parametrize("width", [1280, PHONE])
def test_no_page_of_consultation_breaks_a_rule(survey: Any, world: World, arrive: Arrive, width: int) -> None:
    page = arrive(world.manager, width=width)
    heard = world.review.consultations.get().pk
    pages = [reverse(name, args=[world.review.pk]) for name in ("review_consultation", "review_consultation_add", "review_survey_add")]
    pages += [reverse(name, args=[survey.pk]) for name in ("review_survey", "review_survey_use")]
    pages += [reverse(name, args=[heard]) for name in ("review_heard", "review_heard_outcome")]
    pages += [reverse("review_survey_step", args=[survey.pk, name]) for name in ("extend", "close")]
    found, wide = {}, {}
    for path in pages:
        page.go(path)
        if faults := page.faults(TAGS):
            found[path] = faults
        if width == PHONE and (beyond := page.evaluate(SIDEWAYS)):
            wide[path] = beyond
    assert found == {}
    assert wide == {}
