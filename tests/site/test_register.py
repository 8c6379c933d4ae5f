"""The register: what is listed, counted, taken home, and where each recommendation came from."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import DAY, World


def listed(browser: Client, **asked: str) -> list[str]:
    return [row.text for row in browser.get(reverse("register"), asked).context["rows"]]


def test_every_issuer_is_listed_together(manager: Client, world: World) -> None:
    assert listed(manager) == [world.theirs.text, world.ours.text]


@pytest.mark.parametrize(
    ("asked", "whose"),
    [
        ({"status": "made"}, "theirs"),
        ({"status": "draft"}, "ours"),
        ({"status": "open"}, "theirs"),  # a draft asks nothing of anybody yet
        ({"words": "NIGHTS"}, "ours"),
        ({"words": "costs"}, "theirs"),
    ],
)
def test_the_list_narrows_by_what_is_asked(manager: Client, world: World, asked: dict[str, str], whose: str) -> None:
    assert listed(manager, **asked) == [getattr(world, whose).text]


def test_the_list_narrows_by_who_made_it_and_whom_it_is_about(manager: Client, world: World) -> None:
    assert listed(manager, issuer=str(world.theirs.issuer_id)) == [world.theirs.text]
    assert listed(manager, body=str(world.review.authority_id)) == [world.ours.text]
    assert listed(manager, body=str(world.review.force_id)) == [world.theirs.text, world.ours.text]


@pytest.mark.parametrize("asked", [{"issuer": "999"}, {"status": "nonsense"}, {"sort": "'; DROP TABLE"}, {"page": "-3"}])
def test_a_filter_that_is_not_offered_breaks_nothing(manager: Client, asked: dict[str, str]) -> None:
    assert manager.get(reverse("register"), asked).status_code == 200


def test_every_count_opens_exactly_its_rows_and_the_parts_make_the_whole(manager: Client, world: World) -> None:
    whole, *parts = manager.get(reverse("register")).context["counts"]
    assert sum(count.rows for count in parts) == whole.rows == 2
    for count in (whole, *parts):
        assert manager.get(reverse("register") + count.address).context["page"].paginator.count == count.rows, count.words


def test_the_file_holds_the_rows_of_the_list_and_no_formula(manager: Client, world: World) -> None:
    world.theirs.text = '=HYPERLINK("http://example.org")'
    world.theirs.save()
    answer = manager.get(reverse("list_file", args=["recommendations", "csv"]), {"status": "made"})
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    filled = {heading: cell for heading, cell in zip(header, row, strict=True) if cell and heading not in ("Since", "Key")}
    assert filled == {
        "Marking": "OFFICIAL",
        "Made by": "Inspectorate of Constabulary",
        "Report or review": str(world.report),
        "Number": "1",
        "Paragraph": "3.1.1",
        "Recommendation": '\'=HYPERLINK("http://example.org")',
        "About": "Metropolitan Force",
        "Status": "Not answered yet",
        "Colour": "Not answered",
        "Register key": world.theirs.key,
        "Addressed to": "Metropolitan Force",
    }


def test_one_click_leads_from_a_recommendation_to_its_paragraph_word_for_word(manager: Client, world: World) -> None:
    page = manager.get(reverse("recommendation", args=[world.theirs.pk]))
    address, _, anchor = page.context["row"].paragraph_address.partition("#")
    report = manager.get(address).content.decode()
    assert f'id="{anchor}"' in report
    assert world.theirs.paragraph.text in report


def test_the_page_says_that_the_paragraph_asks_for_more_than_the_box(manager: Client, world: World) -> None:
    assert "The paragraph asks for more than the box" in manager.get(reverse("recommendation", args=[world.theirs.pk])).content.decode()


def answer(browser: Client, recommendation: Any, **more: str) -> Any:
    form = {"status": "accepted", "on_day": "6", "on_month": "1", "on_year": "2026", "note": "", **more}
    return browser.post(reverse("recommendation", args=[recommendation.pk]), form)


def test_an_answer_is_a_new_line_of_its_history(manager: Client, world: World) -> None:
    answer(manager, world.theirs)
    assert [status.status for status in world.theirs.statuses.all()] == ["made", "accepted"]


def test_not_accepting_needs_a_reason(manager: Client, world: World) -> None:
    assert "needs a reason" in answer(manager, world.theirs, status="not accepted").content.decode()
    answer(manager, world.theirs, status="not accepted", note="The costs are published already.")
    assert world.theirs.statuses.latest("id").status == "not accepted"


def test_whoever_may_not_answer_is_offered_no_form_and_changes_nothing(outsider: Client, world: World) -> None:
    assert outsider.get(reverse("recommendation", args=[world.theirs.pk])).context["form"] is None
    answer(outsider, world.theirs)
    assert world.theirs.statuses.count() == 1


def decide(browser: Client, world: World, decision: str, reason: str = "It matters.") -> Any:
    return browser.post(reverse("candidate_decide", args=[world.candidate.pk]), {"decision": decision, "reason": reason})


def test_a_finding_that_asks_for_something_is_taken_up_into_the_register(manager: Client, world: World) -> None:
    taken = decide(manager, world, "take up")
    assert "The finding is now a recommendation" in manager.get(taken.url).content.decode()
    assert world.candidate.text in listed(manager)
    assert "joins" not in manager.get(reverse("home")).content.decode()


def test_a_finding_set_aside_stays_to_be_seen_and_can_be_taken_up_later(manager: Client, world: World) -> None:
    decide(manager, world, "set aside", "Done already.")
    assert world.candidate.text not in listed(manager)
    report = manager.get(reverse("report", args=[world.report.slug])).content.decode()
    assert "Set aside" in report
    assert "Done already." in report
    decide(manager, world, "take up")
    assert world.candidate.text in listed(manager)
    again = decide(manager, world, "take up")
    assert "taken up as a recommendation already" in again.content.decode()


def test_a_decision_needs_a_reason_and_somebody_who_may_take_it(manager: Client, outsider: Client, world: World) -> None:
    assert "Enter why" in decide(manager, world, "take up", reason="").content.decode()
    assert "may not decide about findings" in decide(outsider, world, "take up").content.decode()
    assert world.candidate.decisions.count() == 0


def test_the_start_page_offers_decisions_to_whoever_may_take_them(manager: Client, outsider: Client, world: World) -> None:
    assert "1 recommendation is not answered yet" in manager.get(reverse("home")).content.decode()
    assert "not answered yet" not in outsider.get(reverse("home")).content.decode()


def test_the_start_page_lists_what_somebody_leads_with_its_day(manager: Client, world: World) -> None:
    from bestvalue.record.delivery.changes import add_action

    action = {"why": "Half the demand falls at night.", "how": "By new shifts.", "target": "Two units.", "by": world.manager}
    add_action(world.ours, what="Move two units", lead=world.manager, original_date=DAY, **action)
    add_action(world.ours, what="Tell the units", lead=world.board_member, original_date=DAY, **action)
    page = manager.get(reverse("home")).content.decode()
    assert "Move two units" in page
    assert "due 5 January 2026" in page
    assert "Overdue" in page
    assert "Tell the units" not in page


def test_what_moved_names_and_opens_only_what_the_reader_may_see(manager: Client, outsider: Client, world: World) -> None:
    for browser, sees in ((manager, True), (outsider, False)):
        page = browser.get(reverse("home")).content.decode()
        assert (reverse("finding", args=[world.finding.pk]) in page) is sees
        assert (world.secret.title in page) is sees
