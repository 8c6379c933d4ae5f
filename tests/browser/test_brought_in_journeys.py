"""A lead works on the plan in Excel, a board member looks at what it came to, an authority's member brings in a tracker and is stopped."""

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.browser.test_delivery_journeys import SIDEWAYS, TAGS
from tests.world import DAY, World

if TYPE_CHECKING:
    from bestvalue.record.delivery.models import Action


@pytest.fixture
def action(world: World) -> "Action":
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(world.theirs, status=status, on=DAY, note="It will be done.", by=world.manager)
    board = world.board_member.memberships.get().body
    changes.own(world.theirs, body=board, lead=world.manager, on=DAY, by=world.manager)
    said = {"what": "Publish the costs", "why": "Nobody knows them.", "how": "Each quarter.", "target": "All units.", "lead": world.manager}
    return changes.add_action(world.theirs, original_date=date(2027, 3, 31), starts=DAY, by=world.manager, **said)  # type: ignore[arg-type]  # least


def written_by_hand(content: bytes, path: Path, *, how: str) -> Path:
    book = load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in book["Actions"][1]]
    book["Actions"].cell(row=2, column=headings.index("How") + 1).value = how  # type: ignore[assignment]  # a cell that can be changed
    book.save(path)
    return path


def is_accessible(page: Page) -> None:
    assert page.faults(TAGS) == []
    assert page.evaluate(SIDEWAYS) == 0


def test_the_lead_works_in_excel_and_chooses_where_the_board_wrote_too(
    world: World, arrive: Arrive, action: "Action", tmp_path: Path
) -> None:
    from bestvalue.record.delivery.changes import edit_action

    # given a lead who took the workbook out, while the board member worded the same row anew
    lead = arrive(world.manager, at=reverse("register"))
    lead.click("Take the register out as a workbook")
    is_accessible(lead)
    name, content = lead.download("Take the workbook out", role="button")
    assert name.endswith("-OFFICIAL.xlsx")
    edit_action(action, version=action.row_version, mine={"how": "Each month."}, by=world.manager)
    # when they bring it back
    lead.attach("The workbook", written_by_hand(content, tmp_path / "plan.xlsx", how="Each week."))
    lead.press_button("Look at its changes")
    # then both are shown, nothing is written, and what they choose is
    assert lead.heading == "What the workbook would change"
    assert "Keep what somebody else wrote: Each month." in lead.text()
    is_accessible(lead)
    lead.check("Take what the workbook says: Each week.")
    lead.press_button("Write the changes")
    assert "1 change written from plan.xlsx" in lead.text()
    action.refresh_from_db()
    assert action.how == "Each week."


def test_a_board_member_reads_how_far_the_plan_slipped_and_prints_it(world: World, arrive: Arrive, action: "Action") -> None:
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Cause

    said = {"decided_on": date(2026, 3, 2), "minute": "Minute 3", "cause": Cause.PEOPLE, "reason": "Two posts are empty."}
    changes.move_agreed_date(action, to=date(2027, 6, 30), by=world.board_member, **said)  # type: ignore[arg-type]  # as the minute has it
    board = arrive(world.board_member, at=reverse("plan", args=[world.theirs.issuer_id, world.theirs.report_slug]))
    board.click("Close-out")
    assert "People were not there to do it" in board.text()
    assert "+91" in board.text()
    is_accessible(board)
    phone = arrive(world.board_member, at=board.path, width=320)
    is_accessible(phone)


def test_a_manager_brings_a_tracker_in_and_somebody_elsewhere_is_told_why_not(world: World, arrive: Arrive, tmp_path: Path) -> None:
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Ref,Recommendation,Status,Lead\nA1,Publish costs.,Ongoing,Project manager\nA2,Count hours.,New,\n")
    page = arrive(world.manager, at=reverse("register"))
    page.click("Import a tracker")
    is_accessible(page)
    page.fill("Whose tracker is it?", "The portal")
    page.attach("The tracker", tracker)
    page.press_button("Look at its columns")
    is_accessible(page)
    page.choose("Who made all of them?", world.report.issuer.name)
    page.fill("Title of the report of all of them", "Letter of May")
    page.press_button("Continue")
    assert "Status: “Ongoing”" in page.text()
    is_accessible(page)
    page.press_button("Look at what it would change")
    assert page.text().count("new in the register") == 2
    is_accessible(page)
    page.press_button("Take the tracker in")
    assert "2 rows written from tracker.csv" in page.text()
    elsewhere = arrive(world.outsider, at=reverse("tracker"))
    assert "may not bring a tracker in" in elsewhere.text()
    elsewhere.forget_complaints()


def test_a_recommendation_of_anybody_is_entered_by_hand(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager, at=reverse("register"))
    page.click("Enter a recommendation")
    is_accessible(page)
    page.fill("Name of a body that is not listed", "Coroner")
    page.choose("What kind of body is it?", "Other body")
    page.fill("Title of the report", "Report of 2026")
    page.fill("Its number in the report", "1")
    page.check("Cause of concern: ")
    page.fill("What is asked?", "Look again.")
    page.press_button("Enter the recommendation")
    assert "Cause of concern 1 of report-of-2026 is in the register" in page.text()
