"""Publishing a report by two people, and taking its files."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World

from bestvalue.workspace import Workspace

FORMATS = ("html", "pdf", "docx")
CONFIRM = {"answer": "confirm"}


@pytest.fixture
def second(world: World, browser_of: Callable[[Any], Client]) -> Client:
    """The browser of a member of the project board, who may read all that the report quotes."""
    from bestvalue.record.reviews.changes import add_to_group

    add_to_group(world.secret.group, person=world.board_member, reason="To confirm the report.", by=world.manager)
    return browser_of(world.board_member)


def propose(browser: Client, world: World, *, formats: tuple[str, ...] = FORMATS, checked: bool = True) -> Any:
    form = {"formats": formats, **({"checked": "on"} if checked else {})}
    return browser.post(reverse("publish", args=[world.review.pk]), form)


def publish(manager: Client, second: Client, world: World, *, formats: tuple[str, ...] = FORMATS) -> Any:
    return second.post(propose(manager, world, formats=formats).url, CONFIRM)


def test_whoever_proposes_sees_first_what_will_be_published(manager: Client, world: World) -> None:
    page = manager.get(reverse("publish", args=[world.review.pk])).content.decode()
    assert world.finding.text in page
    assert world.ours.text in page
    assert "OFFICIAL-SENSITIVE" in page


def test_nothing_is_proposed_unread_or_in_no_format(manager: Client, world: World) -> None:
    assert "Confirm that you have read" in propose(manager, world, checked=False).content.decode()
    assert "Select at least one format" in propose(manager, world, formats=()).content.decode()
    assert not world.review.proposals.exists()


def test_what_is_proposed_is_not_published_and_stands_in_the_list_of_the_second_person(
    manager: Client, second: Client, world: World
) -> None:
    address = propose(manager, world, formats=("html",)).url
    assert not world.review.versions.exists()
    assert f'href="{address}"' in second.get(reverse("duties")).content.decode()
    assert f'href="{address}"' not in manager.get(reverse("duties")).content.decode()


def test_the_second_person_reads_the_very_files_that_are_published(manager: Client, second: Client, world: World) -> None:
    address = propose(manager, world, formats=("html",)).url
    read = b"".join(second.get(f"{address}html/").streaming_content)
    page = second.get(second.post(address, CONFIRM).url)
    (file,) = page.context["files"]
    assert hashlib.sha256(read).hexdigest() == file.sha256


def test_nobody_confirms_their_own_proposal(manager: Client, world: World) -> None:
    address = propose(manager, world, formats=("html",)).url
    assert "Another person must read these files" in manager.get(address).content.decode()
    manager.post(address, CONFIRM)
    assert not world.review.versions.exists()


def test_what_changed_after_it_was_proposed_is_proposed_anew(manager: Client, second: Client, world: World) -> None:
    address = propose(manager, world, formats=("html",)).url
    assert "The record says what these files say" in second.get(address, {"compare": "1"}).content.decode()
    manager.post(reverse("finding_add", args=[world.review.pk]), finding_of(world))
    assert "Compare these files with the record" in second.get(address).content.decode()
    assert "The record changed after this was proposed" in second.get(address, {"compare": "1"}).content.decode()
    assert "The record changed after this was proposed" in second.post(address, CONFIRM).content.decode()
    assert not world.review.versions.exists()
    anew = propose(manager, world, formats=("html",)).url
    assert "Replaced by a newer proposal" in second.get(address).content.decode()
    assert second.post(anew, CONFIRM).url == reverse("published", args=[world.review.versions.get().pk])


def finding_of(world: World) -> dict[str, Any]:
    return {"strand": world.finding.strand_id, "text": "More.", "tone": "positive", "evidence": [world.note.pk]}


def test_a_refusal_has_its_reason_and_the_files_are_no_longer_there(
    manager: Client, second: Client, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    address = propose(manager, world, formats=("html",)).url
    assert "Say why it is not published" in second.post(address, {"answer": "refuse"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        second.post(address, {"answer": "refuse", "reason": "Finding 1.1 has no base."})
    page = manager.get(address).content.decode()
    assert "Refused, Member of the project board" in page
    assert "Finding 1.1 has no base." in page
    assert second.get(f"{address}html/").status_code == 404
    assert not world.review.versions.exists()


def test_whoever_proposed_withdraws_it_and_the_same_report_is_not_proposed_twice(manager: Client, world: World) -> None:
    address = propose(manager, world, formats=("html",)).url
    assert "proposed already, by Project manager" in propose(manager, world, formats=("html",)).content.decode()
    manager.post(address, {"answer": "refuse", "reason": "Too early."})
    assert "Withdrawn by whoever proposed it" in manager.get(address).content.decode()
    assert propose(manager, world, formats=("html",)).status_code == 302


def test_each_format_comes_back_as_its_digest_says_under_a_name_with_its_marking(manager: Client, second: Client, world: World) -> None:
    page = manager.get(publish(manager, second, world).url)
    for file in page.context["files"]:
        answer = manager.get(reverse("published_file", args=[file.pk]))
        assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == file.sha256, file.format
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert f"version-1-OFFICIAL-SENSITIVE.{file.format}" in file.name
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert {file.format for file in page.context["files"]} == set(FORMATS)


def test_the_page_of_a_version_gives_the_proof_that_the_command_line_takes(manager: Client, second: Client, world: World) -> None:
    from bestvalue.record.ledger.ledger import Checkpoint
    from bestvalue.record.ledger.verify import verify

    page = manager.get(publish(manager, second, world, formats=("html",)).url)
    checkpoint = page.context["version"].checkpoint
    assert checkpoint in page.content.decode()
    seq, _, head = checkpoint.partition(":")
    verify(checkpoint=Checkpoint(seq=int(seq), hash=head))


@pytest.mark.parametrize("role", ["observer", "outsider", "inspector"])
def test_a_sensitive_report_is_not_there_for_those_outside_the_review(
    manager: Client, second: Client, world: World, browser_of: Callable[[Any], Client], role: str
) -> None:
    address = propose(manager, world, formats=("html",)).url
    browser = browser_of(getattr(world, role))
    assert [browser.get(each).status_code for each in (address, f"{address}html/")] == [404, 404]
    second.post(address, CONFIRM)
    version = world.review.versions.get()
    assert browser.get(reverse("published", args=[version.pk])).status_code == 404
    assert browser.get(reverse("published_file", args=[version.files.get().pk])).status_code == 404


def test_a_failed_proposal_leaves_nothing(manager: Client, world: World, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from bestvalue.errors import ReportError
    from bestvalue.record.reviews import report

    def refuse(*_: object, **_options: object) -> None:
        raise ReportError("A table is too wide", where="table 3", next_step="Leave a column out.")

    monkeypatch.setattr(report, "write_report", refuse)
    answer = propose(manager, world)
    assert "A table is too wide. Leave a column out." in answer.content.decode()
    assert not world.review.proposals.exists()
    assert list(workspace.reports_folder.iterdir()) == []
