"""From a question of the review to its published report."""

import pytest
from django.urls import reverse
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.world import PASSWORD, World

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LEARNT = "Half of the demand falls before one in the morning."


def test_from_a_number_of_a_review_one_click_leads_to_the_evidence_and_a_second_to_its_data(world: World, arrive: Arrive) -> None:
    # given a member of the project board on the page of the review
    page = arrive(world.board_member, at=reverse("reviews"))
    page.click(world.review.title)
    # when they open what a number of the table of coverage counts, and of that the evidence that an analysis gave
    page.click("1 of challenge in Demand")
    assert page.texts("table th a") == ["E3 When demand falls"]
    page.click("When demand falls")
    # then the sentence, its chart with a description, the table and how we know it are there
    text = page.text()
    assert "Half the demand falls before one." in text
    assert page.attribute("figure img", "alt") == "Bars that fall from three to one"
    assert page.evaluate("document.querySelector('figure img').naturalWidth") > 100
    assert page.texts("table td")[:2] == ["0", "3"]
    assert "6 rows from incidents.csv" in text
    assert world.digest in text
    # and the data behind the chart are one click away, as a file
    name, content = page.download("Download all rows")
    assert name == f"by_hour-{world.digest[:8]}-OFFICIAL.csv"
    assert content.decode("utf-8-sig").splitlines() == ["hour,incidents", "0,3", "1,2", "2,1"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_finding_that_cites_evidence_is_added(world: World, arrive: Arrive, script: bool) -> None:
    # given the project manager, who reads an answer
    page = arrive(world.manager, at=reverse("evidence", args=[world.answer.pk]), script=script)
    # when they draw a finding from it
    page.press_button("Draw a finding from it")
    page.choose("Which strand does it answer?", "Demand")
    page.fill("What did we learn?", LEARNT)
    page.check("Something to improve")
    page.press_button("Save the finding")
    # then it is recorded, cites the evidence that it was drawn from, and needs a recommendation
    assert "Finding 1.2 is recorded" in page.text()
    assert page.offers("E3 When demand falls")
    page.go(reverse("review", args=[world.review.pk]))
    assert "None yet for 1 finding: Demand 1" in page.text()
    # and one click leads to exactly that finding
    page.click("A recommendation for every finding to improve")
    assert LEARNT in page.text()
    assert world.finding.text not in page.text()


def test_a_finding_without_evidence_is_refused_and_what_was_typed_is_kept(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager, at=reverse("finding_add", args=[world.review.pk]))
    page.choose("Which strand does it answer?", "Demand")
    page.fill("What did we learn?", LEARNT)
    page.check("A strength")
    page.press_button("Save the finding")
    assert page.title.startswith("Error: ")
    assert "govuk-error-summary" in page.focus()["class"]
    assert page.evaluate("document.querySelector('#id_text').value") == LEARNT
    # the summary leads to the field
    page.click("Select at least one piece of evidence", role="link")
    assert page.focus()["tag"] == "input"
    assert world.review.findings.count() == 1


def test_a_finding_is_added_with_the_keyboard_alone(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager, at=reverse("review", args=[world.review.pk]))
    page.press("Tab")
    assert page.focus()["name"] == "Skip to main content"
    page.press("Enter")
    page.tab_to("Add a finding")
    assert _focus_is_seen(page)
    page.press("Enter")
    page.wait_for("What did we learn?")
    page.tab_to("Which strand does it answer?", tag="select")
    page.press("ArrowDown")
    page.tab_to("What did we learn?", tag="textarea")
    page.type(LEARNT)
    page.tab_to("A strength", tag="input")
    page.press("Space")
    page.tab_to("E1", tag="input")
    assert _focus_is_seen(page)
    page.press("Space")
    page.tab_to("Save the finding", tag="button")
    page.press("Enter")
    page.wait_for("Finding 1.2 is recorded")
    assert page.heading == "Finding 1.2"


def _focus_is_seen(page: Page) -> bool:
    """Whether what has the focus is in view and nothing lies over it (2.4.11)."""
    return bool(
        page.evaluate("""(() => {
            const box = document.activeElement.getBoundingClientRect();
            const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return over !== null && (document.activeElement.contains(over) || document.activeElement.labels?.[0]?.contains(over)
                || over.contains(document.activeElement));
        })()""")
    )


def test_the_report_is_proposed_by_one_confirmed_by_another_and_taken_home_in_every_format(world: World, arrive: Arrive) -> None:
    from bestvalue.record.reviews.changes import add_to_group

    add_to_group(world.secret.group, person=world.board_member, reason="To confirm the report.", by=world.manager)
    # given the project manager, who checks what would be published: sensitive evidence is in it, so the report will be marked so
    page = arrive(world.manager, at=reverse("publish", args=[world.review.pk]), confirmed=False)
    assert world.finding.text in page.text()
    assert world.ours.text in page.text()
    # when they say that they have read it, and confirm that it is still they
    page.check("I have read the findings and recommendations above")
    page.press_button("Propose to publish")
    assert page.heading == "Confirm it is you"
    assert page.faults(TAGS) == []
    page.fill("Password", PASSWORD)
    page.press_button("Confirm")
    # then it is proposed, and they cannot confirm it themselves
    assert page.heading == "Version 1 of the report, proposed"
    assert "Another person must read these files" in page.text()
    assert page.faults(TAGS) == []
    # and a member of the board finds it among the things to do, reads the file, and confirms
    second = arrive(world.board_member, at=reverse("duties"))
    second.click("Confirm or refuse version 1 of the report")
    saved_as, _ = second.download("HTML")
    assert saved_as == "proposed-operational-support-version-1-OFFICIAL-SENSITIVE.html"
    second.check("Yes: I have read the files")
    second.press_button("Answer the proposal")
    # then it is published, with proof of when, and each file opens as what it says
    assert second.heading == "Report published"
    begins = {"HTML": b"<!DOCTYPE html>", "PDF": b"%PDF-", "DOCX": b"PK\x03\x04"}
    for name, first in begins.items():
        saved_as, content = second.download(name)
        assert content[: len(first)].upper() == first.upper(), name
        assert saved_as == f"operational-support-version-1-OFFICIAL-SENSITIVE.{name.lower()}"
    assert "The ledger's newest entry then was" in second.text()


def test_from_a_recommendation_of_an_imported_report_one_click_leads_to_its_paragraph(world: World, arrive: Arrive) -> None:
    page = arrive(world.inspector, at=reverse("register"))
    page.click("Recommendation 1 of Inspection of support services")
    assert "All units must publish their costs." in page.text()
    page.click("Read paragraph 3.1.1 in the report")
    assert page.path.startswith(reverse("report", args=[world.report.slug]) + "#")
    assert page.evaluate("document.querySelector(':target').innerText").startswith("3.1.1")
    assert page.evaluate("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < window.innerHeight")
