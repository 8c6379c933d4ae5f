"""An inspector grades and publishes with a second; the inspected body grades itself and says what is not right."""

import pytest
from django.urls import reverse
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.inspected import Inspected, inspect, take_up
from tests.world import World

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def inspected(world: World) -> Inspected:
    return inspect(world)


def sound(page: Page) -> None:
    assert page.faults(TAGS) == []
    assert page.complaints() == []


def test_an_inspector_plans_grades_and_hears_and_sees_what_is_missing_to_share(world: World, arrive: Arrive) -> None:
    # given an inspector
    page = arrive(world.inspector, at=reverse("inspections"))
    page.press_button("Plan an inspection")
    # when they plan an inspection of the force against the blank framework
    page.fill("Title of the inspection and of its report", "Inspection of dogs")
    page.fill("Which service is inspected?", "Dogs")
    page.check("Blank framework, to copy")
    page.choose("Which body inspects?", "Inspectorate of Constabulary")
    page.choose("Which force is inspected?", "Metropolitan Force")
    page.choose("Which authority is inspected?", "Police Authority")
    for end in ("First", "Last"):
        for part, text in (("Day", "1"), ("Month", "12"), ("Year", "2026")):
            page.evaluate(
                f"document.querySelector('[name=fieldwork_{'starts' if end == 'First' else 'ends'}_{part.lower()}]').value = '{text}'"
            )
    page.press_button("Plan the inspection")
    assert page.heading == "Inspection of dogs"
    # and start the fieldwork
    page.press_button("Start the fieldwork")
    page.press_button("Start the fieldwork")
    # then sharing too early says what is missing
    page.press_button("Share the grades")
    page.press_button("Share the grades")
    assert "1 of 1 criteria have no grade" in page.text()
    # and a grade with its reason is kept
    page.go(reverse("inspections"))
    page.click("Inspection of dogs")
    page.click("What is to be seen?")
    page.press_button("Grade it")
    page.check("Good.")
    page.fill("Why this grade?", "Dogs were seen.")
    page.press_button("Keep the grade")
    assert "The grade is kept" in page.text()
    sound(page)


def test_the_inspected_body_says_what_is_not_right_and_the_inspector_answers_beside_the_paragraph(
    world: World, inspected: Inspected, arrive: Arrive
) -> None:
    # given somebody of the force with the draft
    force = arrive(world.manager, at=reverse("inspection", args=[inspected.inspection.pk]))
    force.click("The report as it stands")
    force.click("Comment on paragraph 2.1.1")
    # when they say what is not right
    force.fill("What is not right, and where can it be seen?", "It is seen in the log of May.")
    force.press_button("Put the comment on record")
    assert "It is seen in the log of May." in force.text()
    sound(force)
    # then the inspector finds it beside the paragraph, answers it, and changes the text
    inspector = arrive(world.inspector, at=reverse("inspection", args=[inspected.inspection.pk]))
    inspector.click("open the report")
    inspector.click("Metropolitan Force on 2.1.1")
    inspector.check("Accepted", exact=True)
    inspector.fill("Why?", "The log was read.")
    inspector.press_button("Keep the answer")
    inspector.click("Change paragraph 2.1.1")
    inspector.fill("What does it say?", "Good. It was seen in May.")
    inspector.fill("Why? (once the bodies have the draft)", "The force showed it.")
    inspector.press_button("Change it")
    inspector.go(reverse("inspection_comparison", args=[inspected.inspection.pk]))
    assert "The force showed it." in inspector.text()
    sound(inspector)


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_an_inspection_and_of_good_practice_holds_wcag(
    world: World, inspected: Inspected, arrive: Arrive, width: int
) -> None:
    uptake = take_up(world)
    pk = inspected.inspection.pk
    pages = [
        reverse("inspections"),
        reverse("inspection_plan"),
        reverse("inspection", args=[pk]),
        reverse("inspection_moderation", args=[pk]),
        reverse("inspection_text", args=[pk]),
        reverse("inspection_comparison", args=[pk]),
        reverse("inspection_criterion", args=[pk, "criterion"]),
        reverse("inspection_grade", args=[pk, "criterion"]),
        *(reverse("inspection_change", args=[pk, name]) for name in ("appoint", "override", "send", "publish")),
        reverse("inspection_override", args=[inspected.override.pk]),
        reverse("inspection_paragraph", args=[inspected.paragraph.pk]),
        reverse("inspection_comment_answer", args=[inspected.comment.pk]),
        reverse("practice"),
        reverse("practice_one", args=[uptake.practice_id]),
        reverse("practice_result", args=[uptake.pk]),
        reverse("report_check", args=[world.report.slug]),
        reverse("extracted", args=[world.extracted.pk]),
        reverse("extracted_change", args=[world.extracted.pk, "split"]),
    ]
    page = arrive(world.inspector, at=pages[0], width=width)
    for path in pages:
        assert page.go(path) == 200, path
        assert page.faults(TAGS) == [], path
        assert page.evaluate(SIDEWAYS) <= 0, path


def test_what_was_read_is_split_beside_its_source(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager, at=reverse("report", args=[world.report.slug]))
    page.click("check what was read")
    page.press_button("Check the first")
    assert "Boards should meet monthly." in page.text()
    page.click("Split it into two")
    page.fill("What the first asks", "Boards should meet.")
    page.fill("What the second asks", "They should meet monthly.")
    page.press_button("Split a recommendation")
    assert "Nothing waits to be checked." in page.text()
    sound(page)
