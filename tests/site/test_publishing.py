"""Publishing a report, and taking its files."""

import hashlib
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World

from bestvalue.workspace import Workspace

FORMATS = ("html", "pdf", "docx")


def publish(browser: Client, world: World, *, formats: tuple[str, ...] = FORMATS, checked: bool = True) -> Any:
    form = {"formats": formats, **({"checked": "on"} if checked else {})}
    return browser.post(reverse("publish", args=[world.review.pk]), form)


def test_whoever_publishes_sees_first_what_will_be_published(manager: Client, world: World) -> None:
    page = manager.get(reverse("publish", args=[world.review.pk])).content.decode()
    assert world.finding.text in page
    assert world.ours.text in page
    assert "OFFICIAL-SENSITIVE" in page


def test_nothing_is_published_unread_or_in_no_format(manager: Client, world: World) -> None:
    assert "Confirm that you have read" in publish(manager, world, checked=False).content.decode()
    assert "Select at least one format" in publish(manager, world, formats=()).content.decode()
    assert not world.review.versions.exists()


def test_each_format_comes_back_as_its_digest_says_under_a_name_with_its_marking(manager: Client, world: World) -> None:
    page = manager.get(publish(manager, world).url)
    for file in page.context["files"]:
        answer = manager.get(reverse("published_file", args=[file.pk]))
        assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == file.sha256, file.format
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert f"version-1-OFFICIAL-SENSITIVE.{file.format}" in file.name
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert {file.format for file in page.context["files"]} == set(FORMATS)


def test_the_page_of_a_version_gives_the_proof_that_the_command_line_takes(manager: Client, world: World) -> None:
    from bestvalue.record.ledger.ledger import Checkpoint
    from bestvalue.record.ledger.verify import verify

    page = manager.get(publish(manager, world, formats=("html",)).url)
    checkpoint = page.context["version"].checkpoint
    assert checkpoint in page.content.decode()
    seq, _, head = checkpoint.partition(":")
    verify(checkpoint=Checkpoint(seq=int(seq), hash=head))


@pytest.mark.parametrize("role", ["observer", "outsider", "inspector"])
def test_a_sensitive_report_is_not_there_for_those_outside_the_review(manager: Client, world: World, role: str) -> None:
    publish(manager, world, formats=("html",))
    version = world.review.versions.get()
    browser = Client()
    browser.force_login(getattr(world, role).user)
    assert browser.get(reverse("published", args=[version.pk])).status_code == 404
    assert browser.get(reverse("published_file", args=[version.files.get().pk])).status_code == 404


def test_a_failed_publication_leaves_no_version(
    manager: Client, world: World, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bestvalue.errors import ReportError
    from bestvalue.record.reviews import report

    def refuse(*_: object, **_options: object) -> None:
        raise ReportError("A table is too wide", where="table 3", next_step="Leave a column out.")

    monkeypatch.setattr(report, "write_report", refuse)
    answer = publish(manager, world)
    assert "A table is too wide. Leave a column out." in answer.content.decode()
    assert not world.review.versions.exists()
    assert list(workspace.reports_folder.iterdir()) == []
