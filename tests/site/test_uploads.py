"""What may come in, and where it goes."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.world import World

from bestvalue.workspace import Workspace

AREAS = b"area_id,area_name,resident_population\nA,Ash,900\nB,Birch,1100\n"


def upload(browser: Client, *files: SimpleUploadedFile, table: str = "areas") -> Any:
    return browser.post(reverse("data_upload"), {"table": table, "upload": list(files)})


def tables(workspace: Workspace) -> list[str]:
    return sorted(str(path.relative_to(workspace.data_folder)) for path in workspace.data_folder.rglob("*") if path.is_file())


def test_a_sound_table_is_taken_in_and_its_arrival_is_in_the_ledger(manager: Client, workspace: Workspace) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    answer = upload(manager, SimpleUploadedFile("areas.csv", AREAS))
    assert answer.url == reverse("data_table", args=["areas"])
    assert tables(workspace) == ["areas/areas.csv"]
    assert list(AuditEvent.objects.latest("seq").payload["files"]) == ["areas.csv"]


def test_what_a_sound_table_replaces_is_kept(manager: Client, workspace: Workspace) -> None:
    upload(manager, SimpleUploadedFile("first.csv", AREAS))
    upload(manager, SimpleUploadedFile("second.csv", AREAS))
    now, kept = tables(workspace)[-1], tables(workspace)[0]
    assert now == "areas/second.csv"
    assert kept.startswith("_replaced/")
    assert kept.endswith("first.csv")


def test_a_table_with_faults_replaces_nothing_and_each_fault_says_where_and_what_to_do(manager: Client, workspace: Workspace) -> None:
    upload(manager, SimpleUploadedFile("areas.csv", AREAS))
    answer = upload(manager, SimpleUploadedFile("twice.csv", AREAS + b"A,Ash again,5\n"))
    assert answer.status_code == 200
    (fault,) = answer.context["table"].faults[:1]
    assert (fault.file, fault.column) == ("twice.csv", "area_id")
    assert fault.next_step
    assert "nothing was changed" in answer.content.decode()
    assert tables(workspace) == ["areas/areas.csv"]


@pytest.mark.parametrize("name", ["areas.exe", "areas.xlsm", "areas.svg", "areas", "areas.csv.html"])
def test_other_kinds_of_file_do_not_come_in(manager: Client, workspace: Workspace, name: str) -> None:
    answer = upload(manager, SimpleUploadedFile(name, AREAS))
    assert f"{name} must be a CSV, Parquet or Excel file" in answer.content.decode()
    assert tables(workspace) == []


@pytest.mark.parametrize("name", ["areas.xlsx", "areas.parquet", "areas.csv.gz", "areas.geojson"])
def test_a_file_that_is_not_what_its_name_says_is_refused_and_named(manager: Client, workspace: Workspace, name: str) -> None:
    answer = upload(manager, SimpleUploadedFile(name, b"MZ\x90\x00 this is a program"))
    assert answer.status_code == 200
    assert name in answer.content.decode()
    assert tables(workspace) == []


def test_files_that_are_too_large_together_are_refused(manager: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from bestvalue.site.forms import data

    monkeypatch.setattr(data, "LARGEST_MB", 0)
    answer = upload(manager, SimpleUploadedFile("areas.csv", AREAS))
    assert "must be smaller than 0 MB together" in answer.content.decode()
    assert tables(workspace) == []


@pytest.mark.parametrize("name", ["../../settings.csv", "..\\..\\settings.csv", "/etc/settings.csv", "_hidden.csv", ".csv"])
def test_no_name_leads_out_of_the_data_folder_or_hides_in_it(manager: Client, workspace: Workspace, name: str) -> None:
    before = {path for path in workspace.root.rglob("*") if path.is_file()}
    upload(manager, SimpleUploadedFile(name, AREAS))
    added = {path for path in workspace.root.rglob("*") if path.is_file()} - before
    read = [path for path in added if workspace.data_folder / "areas" in path.parents]
    assert len(read) == 1
    assert not read[0].name.startswith((".", "_"))
    kept_by_the_reader = workspace.cache_folder
    assert all({workspace.data_folder, kept_by_the_reader} & set(path.parents) for path in added), added


def test_a_table_whose_files_the_settings_name_is_not_replaced_behind_their_back(
    manager: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = workspace.root / "elsewhere.csv"
    elsewhere.write_bytes(AREAS)
    settings = workspace.root / "bestvalue.toml"
    settings.write_text(settings.read_text() + '\n[tables.areas]\nfiles = ["elsewhere.csv"]\n')
    monkeypatch.setattr("django.conf.settings.WORKSPACE", Workspace.open(workspace.root))
    assert "are named in bestvalue.toml" in upload(manager, SimpleUploadedFile("areas.csv", AREAS)).content.decode()


PDF = b"%PDF-1.7 a report"
EVIDENCE = {"kind": "document", "title": "Minutes", "four_cs": ["consult"], "marking": "OFFICIAL", "notes": ""}
DAY = {"effective_date_day": "5", "effective_date_month": "1", "effective_date_year": "2026"}


def bring(browser: Client, world: World, file: SimpleUploadedFile) -> Any:
    form = {**EVIDENCE, **DAY, "strands": [world.finding.strand_id], "file": file}
    return browser.post(reverse("document_add", args=[world.review.pk]), form)


def test_a_document_is_kept_under_its_digest_and_comes_back_as_it_was(manager: Client, world: World, workspace: Workspace) -> None:
    answer = bring(manager, world, SimpleUploadedFile("../../minutes of 5 January.pdf", PDF))
    evidence = world.review.evidence.latest("number")
    assert answer.url == reverse("evidence", args=[evidence.pk])
    assert [path.name for path in workspace.files_folder.iterdir()] == [evidence.file_sha256]
    back = manager.get(reverse("evidence_file", args=[evidence.pk]))
    assert b"".join(back.streaming_content) == PDF
    assert back.headers["Content-Disposition"] == 'attachment; filename="minutes of 5 January.pdf"'
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.html", b"<script>", "must be one of"),
        ("drawing.svg", b"<svg/>", "must be one of"),
        ("macros.docm", b"PK\x03\x04", "must be one of"),
        ("report.pdf", b"MZ a program", "is not what its ending .pdf says"),
        ("photo.png", b"GIF89a", "is not what its ending .png says"),
        ("notes.txt", b"a\x00b", "is not text"),
        ("empty.pdf", b"", "The selected file is empty"),
    ],
)
def test_a_document_that_is_not_what_may_come_in_is_refused(
    manager: Client, world: World, workspace: Workspace, name: str, content: bytes, says: str
) -> None:
    before = world.review.evidence.count()
    answer = bring(manager, world, SimpleUploadedFile(name, content))
    assert says in answer.content.decode()
    assert world.review.evidence.count() == before
    assert list(Path(workspace.files_folder).iterdir()) == []


def test_a_report_that_cannot_be_read_leaves_the_record_as_it_was(manager: Client, world: World) -> None:
    from bestvalue.record.inspections.models import PublishedReport

    for file in (SimpleUploadedFile("report.pdf", b"MZ no report"), SimpleUploadedFile("report.exe", b"MZ")):
        answer = manager.post(reverse("report_import"), {"file": file})
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
    assert PublishedReport.objects.count() == 1
