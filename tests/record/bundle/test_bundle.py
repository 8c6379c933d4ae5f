"""A review goes out of one record and into another, and nothing is lost on the way."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from tests.world import World, make_world, publish_by_two

from bestvalue.errors import RuleError, WorkspaceError
from bestvalue.record.bundle.belonging import APPS, WORKED_OUT, owned_models, rows_of
from bestvalue.record.bundle.changes import take_in
from bestvalue.record.bundle.crate import METADATA
from bestvalue.record.bundle.making import make_bundle
from bestvalue.record.bundle.opening import open_bundle
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Review
from bestvalue.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


@pytest.fixture
def world(db: None, workspace: Workspace) -> World:
    """The small world, with a file, a published report, a comment, a tag and an action beside the rest."""
    from bestvalue.record.delivery.changes import add_action
    from bestvalue.record.discussion.changes import comment, set_tag
    from bestvalue.record.reviews.changes import add_evidence
    from bestvalue.record.reviews.models import EvidenceKind, FourC

    made = make_world()
    path = workspace.root / "minutes.txt"
    path.write_text("The board met.")
    add_evidence(
        made.review,
        title="Minutes",
        kind=EvidenceKind.DOCUMENT,
        four_cs=[FourC.CONSULT],
        strands=[made.finding.strand],
        effective_date=made.note.effective_date,
        by=made.manager,
        file=path,
        file_name="minutes.txt",
    )
    said = comment(made.finding, text="Is that so?", by=made.manager)
    comment(made.finding, text="It is.", by=made.manager, reply_to=said)
    set_tag(made.finding, word="nights", by=made.manager)
    add_action(
        made.ours,
        what="Move two units",
        why="Nights are thin",
        how="By roster",
        target="Half the wait",
        lead=made.manager,
        original_date=date(2027, 3, 31),
        by=made.manager,
    )
    publish_by_two(made)
    return made


@pytest.fixture
def bundle(world: World, tmp_path: Path) -> Path:
    target = tmp_path / "review.zip"
    make_bundle(world.review, target)
    return target


def take(bundle: Path, folder: Path) -> Review:
    folder.mkdir()
    with open_bundle(bundle, folder=folder) as opened:
        return take_in(opened, by=None)


def said_of(review: Review) -> dict[str, list[str]]:
    """Everything that is said of a review, without the keys that its rows have in this record."""
    told: dict[str, list[str]] = {}
    for model, keys in rows_of(review).items():
        lines = []
        for row in json.loads(serializers.serialize("json", model._base_manager.filter(pk__in=keys))):
            pointing = {key.name for key in model._meta.get_fields() if getattr(key, "remote_field", None) is not None}
            fields = {name: value for name, value in row["fields"].items() if name not in pointing | {"thing", "id", "user"}}
            lines.append(json.dumps(fields, sort_keys=True))
        told[model._meta.label] = sorted(lines)
    return told


def forget_everything() -> None:
    """Empty the record, as if the bundle came to another copy. The ledger stays: it is the other copy's own."""
    from django.db import connection

    with connection.constraint_checks_disabled():
        for model in apps.get_models(include_auto_created=True):
            if model.__module__.startswith("bestvalue.record") and model._meta.app_label != "ledger":
                with connection.cursor() as cursor:
                    cursor.execute(f'DELETE FROM "{model._meta.db_table}"')


def test_a_review_comes_back_with_nothing_lost(world: World, bundle: Path, workspace: Workspace, tmp_path: Path) -> None:
    before = said_of(world.review)
    evidence = [path.read_bytes() for path in sorted(workspace.files_folder.iterdir())]
    forget_everything()
    for folder in (workspace.files_folder, workspace.reports_folder):
        for path in folder.iterdir():
            path.unlink() if path.is_file() else shutil.rmtree(path)
    review = take(bundle, tmp_path / "unpacked")
    assert said_of(review) == before
    assert [path.read_bytes() for path in sorted(workspace.files_folder.iterdir())] == evidence
    assert len(list(workspace.reports_folder.iterdir())) == 1


def test_what_points_to_what_is_kept(world: World, bundle: Path, tmp_path: Path) -> None:
    finding, text = world.finding.reference, world.finding.text
    forget_everything()
    review = take(bundle, tmp_path / "unpacked")
    found = review.findings.get()
    assert (found.reference, found.text) == (finding, text)
    assert [item.title for item in found.evidence.all()] == ["Interview with borough commanders"]
    assert [each.text for each in review.recommendations.get().findings.all()] == [text]
    from bestvalue.record.discussion.models import Comment

    first, second = Comment.objects.on(found)
    assert (second.reply_to, first.text) == (first, "Is that so?")


def test_nobody_who_is_here_gets_a_place_or_a_right_from_a_bundle(world: World, bundle: Path, tmp_path: Path) -> None:
    from bestvalue.record.bodies.models import Membership, Person
    from bestvalue.record.reviews.models import Review as Reviews

    email = world.manager.email
    forget_everything()
    manager = Person.objects.create(name="Project manager", email=email)
    take(bundle, tmp_path / "unpacked")
    assert Reviews.objects.count() == 1
    assert Person.objects.filter(email=email).get() == manager
    assert not Membership.objects.filter(person=manager).exists()


def test_no_sign_in_is_in_a_bundle(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        text = archive.read("rows.jsonl").decode()
    assert "password" not in text
    assert all(json.loads(line)["model"] != "bodies.user" for line in text.splitlines())


def test_a_review_is_taken_in_once(world: World, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="in the record already"):
        take(bundle, tmp_path / "unpacked")


def test_the_manifest_names_every_file_with_its_digest(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        graph = {entity["@id"]: entity for entity in json.loads(archive.read(METADATA))["@graph"]}
        names = set(archive.namelist()) - {METADATA}
    assert graph[METADATA]["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/1.")
    assert {part["@id"] for part in graph["./"]["hasPart"]} == names
    assert all(len(graph[name]["sha256"]) == 64 for name in names)
    assert graph["./"]["conditionsOfAccess"] == "OFFICIAL-SENSITIVE"


def rewritten(bundle: Path, target: Path, change: Any) -> Path:
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            for changed, content in change(name, old.read(name)):
                new.writestr(changed, content)
    return target


def test_a_file_that_was_changed_afterwards_is_found_and_nothing_is_taken_in(bundle: Path, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, content.replace(b"Half the demand", b"Most the demand") if name == "rows.jsonl" else content

    forged = rewritten(bundle, tmp_path / "forged.zip", change)
    forget_everything()
    with pytest.raises(WorkspaceError, match=r"rows\.jsonl was changed after the bundle was made"):
        take(forged, tmp_path / "unpacked")
    assert not Review.objects.exists()


def test_a_name_that_leads_out_of_the_folder_is_refused(bundle: Path, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, content.replace(b'"ledger.jsonl"', b'"../ledger.jsonl"') if name == METADATA else content

    with pytest.raises(WorkspaceError, match="that no bundle has"):
        take(rewritten(bundle, tmp_path / "forged.zip", change), tmp_path / "unpacked")


@pytest.mark.parametrize("content", [b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_bundle_says_so(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="no bundle of a review"):
        take(path, tmp_path / "unpacked")


def test_taking_in_is_one_entry_of_the_ledger_that_cites_the_checkpoint_of_the_other(world: World, bundle: Path, tmp_path: Path) -> None:
    forget_everything()
    take(bundle, tmp_path / "unpacked")
    assert AuditEvent.objects.latest("seq").action == "review.taken_in"


def test_every_kind_of_row_that_belongs_to_a_review_is_owned_or_left_out_on_purpose() -> None:
    owned = owned_models()
    for label in ("reviews", "scrutiny"):
        for model in apps.get_app_config(label).get_models():
            history = any(field.name == "history_id" for field in model._meta.get_fields())
            assert model in owned or model in WORKED_OUT or history, model
    assert set(APPS) > {"reviews", "scrutiny", "delivery"}


def test_a_meeting_about_two_reviews_takes_the_other_review_into_no_bundle(world: World) -> None:
    from bestvalue.record.meetings.changes import add_item, call_meeting
    from bestvalue.record.meetings.models import AgendaItem, Meeting
    from bestvalue.record.reviews.models import ReviewBody

    board, member = world.question.body, world.board_member
    other = Review.objects.create(
        programme=world.review.programme, title="Custody", service="Cells", force=world.review.force, authority=world.review.authority
    )
    ReviewBody.objects.create(review=other, body=board, part="project board")
    meeting = call_meeting(board, on=date(2026, 3, 2), by=member)
    ours = add_item(meeting, text="Nights", about=world.review, by=member)
    add_item(meeting, text="Cells", about=other, by=member)
    found = rows_of(world.review)
    assert found[Meeting] == {meeting.pk}
    assert found[AgendaItem] == {ours.pk}
    assert found[Review] == {world.review.pk}
