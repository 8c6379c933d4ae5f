"""From an action to its verified completion, as the lead, the board member and an authority's member see it."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.world import DAY, World

if TYPE_CHECKING:
    from bestvalue.record.delivery.models import Action

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def action(world: World) -> "Action":
    """An action of the inspectorate's recommendation: the manager leads it, the project board owns it, and its date has moved once."""
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Cause, Status
    from bestvalue.record.delivery.models import Basis, MoneyKind

    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(world.theirs, status=status, on=DAY, note="It will be done.", by=world.manager)
    board = world.board_member.memberships.get().body
    changes.own(world.theirs, body=board, lead=world.manager, on=DAY, by=world.manager)
    said = {"why": "Nobody knows them.", "how": "Each quarter.", "target": "All units.", "lead": world.manager, "starts": DAY}
    made, before = (
        changes.add_action(world.theirs, what=what, original_date=date(2026, 6, 30), by=world.manager, **said)  # type: ignore[arg-type] - least
        for what in ("Publish the costs", "Count the hours")
    )
    changes.add_dependency(made, needs=before, by=world.manager)
    changes.record_money(made, year=2026, kind=MoneyKind.COST, basis=Basis.PLANNED, pence=1_000_00, on=DAY, by=world.manager)
    moved = {"decided_on": date(2026, 3, 2), "minute": "Minute 3", "cause": Cause.PEOPLE, "reason": "Two posts are empty."}
    changes.move_agreed_date(made, to=date(2027, 3, 31), by=world.board_member, **moved)  # type: ignore[arg-type] - as above
    changes.forecast(made, to=date(2027, 4, 30), on=date(2026, 3, 9), by=world.manager)
    return made


def test_the_lead_reports_and_requests_and_the_board_member_verifies_and_decides(world: World, arrive: Arrive, action: "Action") -> None:
    # given the lead on the page of the action
    lead = arrive(world.manager, at=reverse("action", args=[action.pk]))
    # when they say that it is under way, bring evidence and request completion
    lead.click("Say how it stands")
    lead.check("In progress", exact=True)
    lead.press_button("Record how it stands")
    lead.click("Add evidence of delivery")
    lead.check("A document")
    lead.fill("Title", "The costs of the year")
    lead.fill("What does it show?", "All units publish them.")
    lead.press_button("Add the evidence")
    lead.click("Request completion")
    lead.fill("What was done?", "All units publish their costs.")
    lead.press_button("Request completion")
    # then the page says so, and does not let them decide
    assert "Completion is requested; the owning body decides" in lead.text()
    assert not lead.offers("Decide about completion")
    # and the member of the owning body, who went to see it, decides
    board = arrive(world.board_member, at=reverse("register") + "?watch=ours")
    board.click("Recommendation 1", exact=False)
    board.click("1.1 Publish the costs")
    board.click("Verify that it is done")
    board.check("A visit: seen at first hand")
    board.fill("Where? (for a visit)", "Dog unit")
    board.fill("Whom did you meet? (for a visit)", "Its inspector")
    board.fill("What did you see?", "The page with the costs.")
    board.check("Yes, I have seen it done")
    board.press_button("Record what I saw")
    board.click("Decide about completion")
    board.check("Accepted as complete")
    board.fill("Where is it minuted?", "Minute 7")
    board.press_button("Record the decision")
    assert "Accepted as complete by Project board" in board.text()
    assert action.state == "complete"


def test_an_authoritys_member_asks_how_it_stood_who_moved_the_date_and_sees_it_at_first_hand(
    world: World, arrive: Arrive, action: "Action"
) -> None:
    # given a member of the authority at the register
    from bestvalue.record.bodies.models import Membership, Person, User

    member = Person.objects.create(name="Member of the authority", user=User.objects.create_user("member@example.org", "x" * 20))
    Membership.objects.create(person=member, body=world.review.authority, role="authority member", starts=DAY)
    page = arrive(member, at=reverse("register"))
    # when they ask how the recommendation stood before its date moved
    page.go(reverse("action", args=[action.pk]) + "?as_at=2026-02-01")
    assert "274 days" not in page.text()
    # and how it stands now: who moved the date, and why
    page.go(reverse("action", args=[action.pk]))
    assert "agreed 274 days later" in page.text()
    assert "Two posts are empty." in page.text()
    # then they go and see for themselves, and what they saw is on record, without their deciding for the owning body
    page.click("Verify that it is done")
    page.check("A visit: seen at first hand")
    page.fill("Where? (for a visit)", "Dog unit")
    page.fill("Whom did you meet? (for a visit)", "Its sergeant")
    page.fill("What did you see?", "No costs on the wall yet.")
    page.check("No, or not wholly")
    page.press_button("Record what I saw")
    assert "No costs on the wall yet." in page.text()
    assert not page.offers("Decide about completion")
    assert page.faults(TAGS) == []


def test_an_observer_of_the_force_reads_and_is_offered_only_to_verify(world: World, arrive: Arrive, action: "Action") -> None:
    page = arrive(world.observer, at=reverse("action", args=[action.pk]))
    assert page.texts(".bv-panel a") == ["Verify that it is done"]
    assert "agreed 274 days later" in page.text()


def pages_of(world: World, action: "Action") -> list[str]:
    """Every page of delivery, with every form of it."""
    from bestvalue.site.pages.delivery_changes import OF_ACTIONS, OF_RECOMMENDATIONS

    plan = [world.theirs.issuer_id, world.theirs.report_slug]
    return [
        reverse("register"),
        reverse("register") + "?as_at=2026-04-01&rating=amber",
        reverse("register_colours"),
        reverse("recommendation", args=[world.theirs.pk]),
        reverse("action", args=[action.pk]),
        reverse("plan", args=plan),
        reverse("plan_response", args=plan),
        reverse("calendar_key"),
        *(reverse("recommendation_change", args=[world.theirs.pk, name]) for name in OF_RECOMMENDATIONS),
        *(reverse("action_change", args=[action.pk, name]) for name in OF_ACTIONS),
    ]


def test_no_page_of_delivery_breaks_a_rule_of_accessibility_on_a_desk_or_a_phone(world: World, arrive: Arrive, action: "Action") -> None:
    desk, phone = arrive(world.manager), arrive(world.manager, width=320)
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}
    for path in pages_of(world, action):
        desk.go(path)
        if faults := desk.faults(TAGS):
            found[path] = faults
        phone.go(path)
        if beyond := phone.evaluate(SIDEWAYS):
            wide[path] = beyond
    assert found == {}
    assert wide == {}


def test_a_form_that_is_sent_empty_leads_to_its_fields(world: World, arrive: Arrive, action: "Action") -> None:
    page: Page = arrive(world.board_member, at=reverse("action_change", args=[action.pk, "agreed-date"]))
    page.press_button("Record the decision")
    assert page.title.startswith("Error: ")
    assert "govuk-error-summary" in page.focus()["class"]
    for link in page.evaluate("[...document.querySelectorAll('.govuk-error-summary a')].map(a => a.getAttribute('href'))"):
        assert page.evaluate(f"document.querySelector('{link}') !== null"), link
    assert page.faults(TAGS) == []
