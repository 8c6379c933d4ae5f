"""Delivery on the site: what is offered to whom, said on forms, counted, told as at a day, forecast, and fed to calendars."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import DAY, World

from bestvalue.record.delivery.models import Action, Recommendation


@pytest.fixture
def theirs(world: World) -> Recommendation:
    """The inspectorate's recommendation, accepted, owned by the project board, led by the manager, with an action due in June."""
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(world.theirs, status=status, on=DAY, note="It will be done.", by=world.manager)
    board = world.board_member.memberships.get().body
    changes.own(world.theirs, body=board, lead=world.manager, on=DAY, by=world.manager)
    changes.add_action(
        world.theirs,
        what="Publish the costs",
        why="Nobody knows them.",
        how="Each quarter.",
        target="All units.",
        lead=world.manager,
        starts=DAY,
        original_date=date(2026, 6, 30),
        by=world.manager,
    )
    return world.theirs


@pytest.fixture
def as_person(client: Client) -> Callable[[Any], Client]:
    def sign_in(person: Any) -> Client:
        client.force_login(person.user)
        return client

    return sign_in


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def say(browser: Client, about: Recommendation | Action, name: str, **said: str) -> Any:
    kind = "action" if isinstance(about, Action) else "recommendation"
    return browser.post(reverse(f"{kind}_change", args=[about.pk, name]), said)


def offered(browser: Client, address: str) -> set[str]:
    return {offer.words for offer in browser.get(address).context["offers"]}


def test_a_lead_and_a_board_member_are_offered_what_is_theirs_to_say(
    as_person: Callable[[Any], Client], world: World, theirs: Recommendation
) -> None:
    page = reverse("action", args=[theirs.actions.get().pk])
    lead = offered(as_person(world.manager), page)
    assert {"Give an update", "Forecast its completion"} <= lead
    assert not {"Move its agreed date", "Verify that it is done"} & lead
    board = offered(as_person(world.board_member), page)
    assert {"Move its agreed date", "Verify that it is done"} <= board
    assert not {"Give an update", "Forecast its completion"} & board


def test_from_update_to_complete_two_people_say_what_is_theirs(
    as_person: Callable[[Any], Client], world: World, theirs: Recommendation
) -> None:
    action, today = theirs.actions.get(), date(2026, 3, 2)
    lead = as_person(world.manager)
    assert say(lead, action, "state", state="in progress", **day("on", today)).status_code == 302
    say(lead, action, "update", text="Two units publish.", **day("on", today))
    say(lead, action, "evidence", kind="document", title="Costs", text="All publish.", **day("tells_of", today))
    say(lead, action, "request", text="All units publish.", **day("on", today))
    assert action.state == "requested complete"
    refused = say(lead, action, "decide", outcome="accepted", minute="3", **day("decided_on", today))
    assert "cannot decide it" in refused.content.decode()
    board = as_person(world.board_member)
    unseen = say(board, action, "decide", outcome="accepted", minute="3", **day("decided_on", today))
    assert "Nobody but the lead has seen it done" in unseen.content.decode()
    say(board, action, "verify", kind="visit", where="Dog unit", met="Its inspector", seen="The page.", holds="yes", **day("on", today))
    say(board, action, "decide", outcome="accepted", minute="Minute 3", **day("decided_on", today))
    assert action.state == "complete"
    story = board.get(reverse("action", args=[action.pk])).content.decode()
    assert "Verified by a visit at Dog unit, with Its inspector: seen to be done" in story


def test_an_agreed_date_that_moves_shows_its_slippage_in_days_cycles_and_words(
    as_person: Callable[[Any], Client], world: World, theirs: Recommendation
) -> None:
    action, board = theirs.actions.get(), as_person(world.board_member)
    moved = {"cause": "people", "reason": "Two posts are empty.", "minute": "Minute 4", **day("decided_on", date(2026, 3, 2))}
    assert say(board, action, "agreed-date", **moved, **day("to", date(2026, 9, 29))).status_code == 302
    page = board.get(reverse("action", args=[action.pk]))
    (slip,) = page.context["slips"]
    assert (slip.words, slip.cycles) == ("agreed 91 days later", "1.0")
    assert "People were not there to do it: Two posts are empty." in page.content.decode()


def test_what_is_left_empty_is_asked_for_in_the_words_of_its_field(
    as_person: Callable[[Any], Client], world: World, theirs: Recommendation
) -> None:
    page = say(as_person(world.board_member), theirs.actions.get(), "agreed-date").content.decode()
    for words in ("Enter the new date", "Select the cause", "Enter why the date moves", "Enter where the minute stands"):
        assert words in page
    assert "<title>Error: " in page


def test_a_transfer_is_offered_and_answered_and_the_page_says_who_owns_it_meanwhile(
    as_person: Callable[[Any], Client], world: World, theirs: Recommendation
) -> None:
    panel = world.outsider.memberships.get().body
    board = as_person(world.board_member)
    say(board, theirs, "transfer", to_body=str(panel.pk), reason="It is theirs.", **day("on", date(2026, 3, 2)))
    page = board.get(reverse("recommendation", args=[theirs.pk])).content.decode()
    assert "Until Another panel accepts, Project board owns it." in page
    panelist = as_person(world.outsider)
    assert panelist.get(reverse("register"), {"watch": "ours"}).context["page"].paginator.count == 1
    answer = {"accepted": "yes", "lead": str(world.outsider.pk), "minute": "5", **day("on", date(2026, 3, 9))}
    assert say(panelist, theirs, "transfer-answer", **answer).status_code == 302
    owner = Recommendation.objects.get(pk=theirs.pk).ownership
    assert owner is not None
    assert owner.body == panel
    assert panelist.get(reverse("register"), {"watch": "transferred"}).context["page"].paginator.count == 1


@pytest.mark.parametrize("as_at", ["", "2026-01-05", "2026-05-01", "2026-07-01", "2030-01-01"])
def test_every_count_opens_exactly_its_rows_on_every_day(manager: Client, theirs: Recommendation, as_at: str) -> None:
    asked = {"as_at": as_at} if as_at else {}
    page = manager.get(reverse("register"), asked).context
    for count in (*page["counts"], *page["rated"], *page["watched"]):
        assert manager.get(reverse("register") + count.address).context["page"].paginator.count == count.rows, count
    assert sum(count.rows for count in page["rated"]) == page["counts"][0].rows
    tables = manager.get(reverse("register_colours"), asked).context["tables"]
    assert [sum(row.whole.rows for row in table.rows) for table in tables] == [page["counts"][0].rows] * 4
    for cell in (cell for table in tables for row in table.rows for cell in (*row.cells, row.whole) if cell.rows):
        assert manager.get(cell.address).context["page"].paginator.count == cell.rows, cell


def test_as_at_a_day_the_register_gives_the_then_state(manager: Client, theirs: Recommendation) -> None:
    then = manager.get(reverse("recommendation", args=[theirs.pk]), {"as_at": "2005-03-01"})
    assert then.context["row"].tag.words == "Not answered yet"
    assert "This is how it stood on" in then.content.decode()
    assert then.context["form"] is None
    assert not then.context["offers"]
    assert manager.get(reverse("register"), {"as_at": "2003-01-01"}).context["page"].paginator.count == 0
    assert manager.get(reverse("register"), {"as_at": "yesterday"}).status_code == 404


def test_the_colour_follows_the_day(manager: Client, theirs: Recommendation) -> None:
    def colour(on: str) -> str:
        return str(manager.get(reverse("recommendation", args=[theirs.pk]), {"as_at": on}).context["rating_tag"].words)

    assert [colour(on) for on in ("2026-01-04", "2026-06-30", "2026-07-01")] == ["Not answered", "Green", "Red"]


def test_the_plan_draws_its_actions_and_says_the_same_as_a_table(manager: Client, theirs: Recommendation) -> None:
    page = manager.get(reverse("plan", args=[theirs.issuer_id, theirs.report_slug]), {"as_at": "2026-07-02"})
    assert page.context["critical"] == ["1.1"]
    assert page.context["gantt"].bars[0].kind == "late"
    text = page.content.decode()
    assert 'aria-hidden="true"' in text
    assert "The same as a table" in text
    assert "1 action, the last to be complete by 30 June 2026; 1 past the agreed date" in text


def test_a_plan_with_too_little_history_says_so_when_it_is_forecast(manager: Client, theirs: Recommendation) -> None:
    address = reverse("plan", args=[theirs.issuer_id, theirs.report_slug])
    assert manager.post(address, {"forecast": "1"}).status_code == 302
    forecast = manager.get(address).context["forecast"]
    assert any("0 actions have been completed, and it takes 10" in words for words in forecast["statements"]), forecast["statements"]
    assert manager.get(forecast["address"]).status_code == 200


def test_the_response_is_issued_once_all_is_answered(manager: Client, world: World) -> None:
    address = reverse("plan_response", args=[world.theirs.issuer_id, world.theirs.report_slug])
    assert "cannot be issued while these are unanswered" in manager.get(address).content.decode()
    assert "are unanswered" in manager.post(address, {"formats": ["html"]}).content.decode()
    manager.post(
        reverse("recommendation", args=[world.theirs.pk]),
        {"status": "not accepted", "note": "It is done already.", **day("on", DAY)},
    )
    assert manager.post(address, {"formats": ["html"]}).status_code == 302
    (issued,) = manager.get(address).context["issued"]
    file = manager.get(reverse("response_file", args=[issued.files.get().pk]))
    assert "It is done already." in b"".join(file.streaming_content).decode()


def test_a_calendar_opens_by_its_secret_alone_and_holds_no_text_of_the_record(
    client: Client, manager: Client, theirs: Recommendation
) -> None:
    address = manager.post(reverse("calendar_key")).context["address"]
    assert address not in manager.get(reverse("calendar_key")).content.decode()
    client.logout()
    feed = client.get(address).content.decode()
    assert "DTSTART;VALUE=DATE:20260630" in feed
    assert "Publish the costs" not in feed
    assert client.get(reverse("calendar", args=["guess"])).status_code == 404


def test_whoever_may_not_see_a_review_says_nothing_about_its_recommendations(outsider: Client, world: World) -> None:
    assert outsider.get(reverse("recommendation_change", args=[world.ours.pk, "own"])).status_code == 404
    assert outsider.get(reverse("plan", args=[world.ours.issuer_id, world.ours.report_slug])).status_code == 404
    assert outsider.get(reverse("recommendation_change", args=[world.theirs.pk, "nonsense"])).status_code == 404


def test_the_boards_pack_puts_decisions_first_and_prints_the_head_of_the_ledger(
    as_person: Callable[[Any], Client], world: World, theirs: Recommendation
) -> None:
    from bestvalue.record.delivery.changes import move_agreed_date
    from bestvalue.record.delivery.life_cycle import Cause
    from bestvalue.record.ledger import ledger

    moved = {"minute": "Minute 1", "cause": Cause.EARLIER, "reason": "It is needed at once.", "by": world.board_member}
    move_agreed_date(theirs.actions.get(), to=date(2026, 1, 6), decided_on=DAY, **moved)  # type: ignore[arg-type] - the least of a move
    board, address = as_person(world.board_member), reverse("board_pack", args=[world.board_member.memberships.get().body_id])
    assert address in board.get(reverse("register")).content.decode()
    packs = {kind: board.post(address, {"format": kind, **day("since", DAY)}) for kind in ("html", "pdf", "docx")}
    assert [pack.content[:2] for pack in packs.values()] == [b"<!", b"%P", b"PK"]
    text = packs["html"].content.decode()
    assert str(ledger.head()) in text
    assert text.index("Decisions needed") < text.index("What moved") < text.index("Every open recommendation")
    assert "Action 1.1 of inspection-2004" in text
    assert "past its agreed date" in text


def test_a_pack_is_for_members_of_its_board_alone(manager: Client, world: World) -> None:
    assert manager.get(reverse("board_pack", args=[world.board_member.memberships.get().body_id])).status_code == 404
