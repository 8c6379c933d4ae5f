"""Search: words lead to the rows that hold them, for those who may see these rows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.queued import work_off
from tests.world import DAY, World


def found(browser: Client, words: str, **more: Any) -> dict[str, Any]:
    answer = browser.get("/api/search", {"q": words, **more})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def kinds(browser: Client, words: str) -> set[str]:
    return {item["kind"] for item in found(browser, words)["items"]}


def test_words_are_found_in_every_kind_of_row(manager: Client, world: World) -> None:
    words = {
        "operational support": "review",
        "half demand night": "finding",
        "move two units": "recommendation",
        "borough commanders": "evidence",
        "asked staff": "challenge",
        "air support scope": "option",
    }
    assert {asked for asked, kind in words.items() if kind not in kinds(manager, asked)} == set()


def test_a_word_is_found_by_its_stem_its_beginning_and_in_any_case(manager: Client, world: World) -> None:
    for asked in ("commander", "COMMANDERS", "comm"):
        assert "evidence" in kinds(manager, f"borough {asked}"), asked


def test_a_change_is_found_at_once_and_the_words_before_it_no_more(manager: Client, world: World) -> None:
    from bestvalue.record.reviews.changes import edit_finding

    edit_finding(world.finding, version=1, mine={"text": "Zebras cross."}, by=world.manager)
    assert found(manager, "zebras")["counts"] == {"finding": 1}
    assert "finding" not in kinds(manager, "half demand")


def test_what_an_answer_says_leads_to_its_challenge(manager: Client, world: World) -> None:
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import Effect, Step

    changes.take_step(
        world.challenge,
        step=Step.ANSWERED,
        text="Questionnaires went out.",
        on=world.challenge.raised_on,
        effect=Effect.NONE,
        by=world.manager,
    )
    assert kinds(manager, "questionnaires") == {"challenge"}


@pytest.mark.parametrize("asked", ['"', "* OR", "NEAR(a b)", "a & | !", "' ; DROP TABLE", "%", "é", "…"])
def test_nothing_that_is_typed_is_an_error(manager: Client, world: World, asked: str) -> None:
    assert manager.get(reverse("search"), {"q": asked}).status_code == 200
    assert manager.get("/api/search", {"q": asked}).status_code == 200


def test_the_text_of_a_document_is_found(manager: Client, world: World, tmp_path: Path) -> None:
    import docx

    from bestvalue.record.reviews.changes import add_file_version

    document = docx.Document()
    document.add_paragraph("The helicopter was grounded for weeks.")
    document.save(str(tmp_path / "minutes.docx"))
    add_file_version(world.note, file=tmp_path / "minutes.docx", file_name="minutes.docx", note="The first", by=world.manager)
    assert found(manager, "helicopter grounded")["items"] == []
    assert work_off() == ["read_file"]
    assert found(manager, "helicopter grounded")["items"][0]["id"] == world.note.pk


def pdf_of(path: Path, *pages: str) -> Path:
    """A PDF with a page for each text, written by the hand of the format: PDF 1.7, ISO 32000-1, 7.5 and 9.4."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(width=595, height=842)
        font = DictionaryObject({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in FONT.items()})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
    writer.write(path)
    return path


FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}


def test_the_text_of_a_pdf_is_found_with_its_page(manager: Client, world: World, tmp_path: Path) -> None:
    from bestvalue.record.reviews.changes import add_file_version

    path = pdf_of(tmp_path / "minutes.pdf", "The board met.", "The helicopter was grounded.")
    add_file_version(world.note, file=path, file_name="minutes.pdf", note="The first", by=world.manager)
    work_off()
    (item,) = found(manager, "helicopter grounded")["items"]
    assert (item["id"], item["page"]) == (world.note.pk, 2)
    assert "page 2 of its file" in manager.get(reverse("search"), {"q": "helicopters"}).content.decode()
    assert found(manager, "borough commanders")["items"][0]["page"] is None


def test_the_text_of_a_file_is_found_by_whoever_reads_its_evidence_and_nobody_else(
    manager: Client, world: World, tmp_path: Path, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.reviews.changes import add_file_version

    path = pdf_of(tmp_path / "raid.pdf", "The helicopter is at the quay.")
    add_file_version(world.secret, file=path, file_name="raid.pdf", note="The first", by=world.manager)
    work_off()
    assert found(manager, "helicopter quay")["counts"] == {"evidence": 1}
    assert found(browser_of(world.board_member), "helicopter quay") == {"counts": {}, "items": []}


def test_the_words_of_a_file_come_back_when_every_entry_is_made_anew(manager: Client, world: World, tmp_path: Path) -> None:
    from bestvalue.record.reviews.changes import add_file_version
    from bestvalue.record.search.keeping import rebuild
    from bestvalue.record.search.models import FileText
    from bestvalue.record.search.reading import read_unread

    path = pdf_of(tmp_path / "minutes.pdf", "The helicopter was grounded.")
    add_file_version(world.note, file=path, file_name="minutes.pdf", note="The first", by=world.manager)
    work_off()
    rebuild()
    assert found(manager, "helicopter grounded")["counts"] == {"evidence": 1}
    FileText.objects.all().delete()  # as in a record from before files were read so
    rebuild()
    assert found(manager, "helicopter grounded")["counts"] == {}
    assert read_unread.call() == 1
    work_off()
    assert found(manager, "helicopter grounded")["counts"] == {"evidence": 1}


def test_a_snippet_marks_the_words_and_escapes_the_text(manager: Client, world: World) -> None:
    from bestvalue.record.reviews.changes import edit_finding

    edit_finding(world.finding, version=1, mine={"text": "<script>alert(1)</script> lanterns burn."}, by=world.manager)
    page = manager.get(reverse("search"), {"q": "lanterns"}).content.decode()
    assert "<mark>lanterns</mark>" in page
    assert "<script>alert" not in page


def test_what_somebody_may_not_see_is_neither_found_nor_counted(
    manager: Client, outsider: Client, world: World, browser_of: Callable[[Any], Client]
) -> None:
    for asked in ("operational support", "half demand", "move two units", "borough commanders", "asked staff", "air support"):
        assert found(outsider, asked) == {"counts": {}, "items": []}, asked
    board = browser_of(world.board_member)
    assert found(manager, "live operations")["counts"] == {"evidence": 1}
    assert found(board, "live operations") == {"counts": {}, "items": []}
    assert "Live operations" not in board.get(reverse("search"), {"q": "live operations"}).content.decode().replace('value="live', "")


def test_published_reports_are_found_by_whoever_holds_a_place(outsider: Client, world: World) -> None:
    from bestvalue.record.search.keeping import rebuild

    rebuild()
    assert "paragraph" in kinds(outsider, "boards meet monthly")
    page = outsider.get(reverse("search"), {"q": "boards meet monthly"}).content.decode()
    assert f"{reverse('report', args=[world.report.slug])}#paragraph-3-1-2" in page


def test_results_are_narrowed_to_a_kind_and_the_counts_stay(manager: Client, world: World) -> None:
    everything = found(manager, "support")
    assert sum(everything["counts"].values()) == len(everything["items"])
    narrowed = found(manager, "support", kind="review")
    assert narrowed["counts"] == everything["counts"]
    assert {item["kind"] for item in narrowed["items"]} == {"review"}


def test_a_workspace_from_before_there_was_a_search_is_read_at_its_first_search(manager: Client, world: World) -> None:
    from bestvalue.record.search.models import Entry

    Entry.objects.all().delete()
    assert "evidence" in kinds(manager, "borough commanders")


def test_a_search_asks_few_questions_of_the_database(manager: Client, world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    manager.get(reverse("search"), {"q": "support"})
    with CaptureQueriesContext(connection) as asked:
        manager.get(reverse("search"), {"q": "support"})
    assert len(asked) <= 12


def say_more(world: World) -> None:
    """A row of every kind that says something of a review beside its findings: aim, minute, action, update, comment, decision."""
    from bestvalue.record.bodies.models import Membership
    from bestvalue.record.delivery.changes import add_action
    from bestvalue.record.delivery.models import Update
    from bestvalue.record.discussion.changes import comment
    from bestvalue.record.meetings import changes as meetings
    from bestvalue.record.meetings.models import Became
    from bestvalue.record.reviews.changes import add_aim
    from bestvalue.record.reviews.models import Decision

    by, body = world.manager, world.question.body
    add_aim(world.review, text="Ptarmigans fly.", by=by)
    Membership.objects.create(person=by, body=body, role="board member", starts=DAY)
    meeting = meetings.call_meeting(body, on=DAY, by=by)
    item = meetings.add_item(meeting, text="Walrus.", about=world.review, by=by)
    meetings.record_attendance(meeting, present=[by], by=by)
    meetings.minute_item(item, text="Narwhals were seen.", by=by)
    arising = meetings.add_action_arising(meeting, what="Count ocelots.", who=by, due=DAY, item=item, by=by)
    meetings.report_on_action(arising, step=Became.DONE, on=DAY, note="Nine lynxes.", by=by)
    action = add_action(world.ours, what="Feed okapis.", why="So", how="By", target="Done", lead=by, original_date=date(2027, 3, 31), by=by)
    Update.objects.create(recommendation=world.ours, action=action, on=DAY, text="Quolls moved.", by=by)
    comment(world.finding, text="Wombats disagree.", by=by)
    decided = Decision.objects.get(pk=world.question.pk)
    decided.minute, decided.outcome, decided.reason = "Minute 7", "refused", "Dugongs come first."
    decided.taken_on, decided.recorded_by = DAY, world.board_member
    decided.save()


SAID_MORE = {
    "ptarmigans": "aim",
    "walrus": "minute",
    "narwhals": "minute",
    "ocelots": "arising",
    "lynxes": "arising",
    "okapis": "action",
    "quolls": "update",
    "wombats": "comment",
    "dugongs refused": "decision",
    "demand falls before one": "evidence",
}


def test_aims_minutes_decisions_actions_updates_comments_and_statements_are_found_and_lead_to_their_page(
    manager: Client, world: World
) -> None:
    say_more(world)
    for asked, kind in SAID_MORE.items():
        (item,) = found(manager, asked)["items"]
        assert item["kind"] == kind, asked
        page = manager.get(reverse("search"), {"q": asked})
        (row,) = page.context["rows"]
        assert manager.get(row["address"]).status_code == 200, row["address"]


def test_they_are_found_again_when_every_entry_is_made_anew_or_the_first_is_made_after_an_upgrade(manager: Client, world: World) -> None:
    from bestvalue.record.search.keeping import rebuild
    from bestvalue.record.search.models import Entry

    say_more(world)
    rebuild()
    assert {asked: kinds(manager, asked) for asked in SAID_MORE} == {asked: {kind} for asked, kind in SAID_MORE.items()}
    Entry.objects.all().delete()
    world.finding.save()
    assert {asked: kinds(manager, asked) for asked in SAID_MORE} == {asked: {kind} for asked, kind in SAID_MORE.items()}


def test_a_minute_that_was_corrected_is_found_by_its_newest_words_alone(manager: Client, world: World) -> None:
    from bestvalue.record.meetings.changes import minute_item
    from bestvalue.record.meetings.models import AgendaItem

    say_more(world)
    minute_item(AgendaItem.objects.get(text="Walrus."), text="Belugas were seen.", by=world.manager)
    assert kinds(manager, "belugas") == {"minute"}
    assert kinds(manager, "narwhals") == set()


def test_what_was_said_of_what_somebody_may_not_see_is_neither_found_nor_counted(
    manager: Client, outsider: Client, world: World, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.meetings.models import Meeting
    from bestvalue.record.reviews.models import Marking

    say_more(world)
    for asked in SAID_MORE:
        assert found(outsider, asked) == {"counts": {}, "items": []}, asked
    board = browser_of(world.board_member)
    assert {asked for asked, kind in SAID_MORE.items() if kinds(board, asked) != {kind}} == set()
    for row in (world.finding, world.ours, world.answer, Meeting.objects.get()):
        row.refresh_from_db()
        row.marking, row.group = Marking.SENSITIVE, world.secret.group
        row.save()
    hidden = {asked for asked in SAID_MORE if found(board, asked) == {"counts": {}, "items": []}}
    assert hidden == set(SAID_MORE) - {"ptarmigans", "dugongs refused"}
    assert {asked for asked in SAID_MORE if not found(manager, asked)["items"]} == set()


def test_a_search_that_finds_something_of_every_kind_asks_few_questions(manager: Client, world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bestvalue.record.search.models import Entry

    say_more(world)
    for entry in Entry.objects.all():
        entry.words += " capybara"
        entry.save()
    manager.get(reverse("search"), {"q": "capybara"})
    with CaptureQueriesContext(connection) as asked:
        page = manager.get(reverse("search"), {"q": "capybara"})
    assert len(asked) <= 12
    assert len(page.context["kinds"]) >= 12
