"""The rows "Uploads" (quota) and "CSV/Excel/Word in" of the security baseline."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.queued import work_off
from tests.world import DAY, World

from bestvalue.errors import RuleError
from bestvalue.workspace import Workspace

PDF = b"%PDF-1.7 a report"


def allow(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, **said: float) -> None:
    """Write the bounds of uploads into the settings of the workspace."""
    settings = workspace.root / "bestvalue.toml"
    lines = "".join(f"{name} = {value}\n" for name, value in said.items())
    settings.write_text(f"{settings.read_text()}\n[uploads]\n{lines}")
    monkeypatch.setattr("django.conf.settings.WORKSPACE", Workspace.open(workspace.root))


def bring(browser: Client, world: World, *, size: int, name: str = "minutes.txt") -> Any:
    form = {
        "kind": "document",
        "title": "Minutes",
        "four_cs": ["consult"],
        "marking": "OFFICIAL",
        "notes": "",
        "effective_date_day": "5",
        "effective_date_month": "1",
        "effective_date_year": "2026",
        "strands": [world.finding.strand_id],
        "file": SimpleUploadedFile(name, b"a" * size),
    }
    return browser.post(reverse("document_add", args=[world.review.pk]), form)


def error_at(answer: Any, field: str) -> str:
    """What the page says at a field, and in its summary with a link to that field."""
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="#id_{field}"' in page
    return str(answer.context["form"].errors[field][0])


def test_uploads_of_one_person_have_a_quota_that_says_what_is_used_and_what_to_do(
    manager: Client, world: World, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(workspace, monkeypatch, megabytes_a_person=1)
    assert bring(manager, world, size=700_000).status_code == 302
    said = error_at(bring(manager, world, size=600_000), "file")
    assert said.startswith("You have brought 0.7 MB of the 1 MB that one person may bring, and this file has 0.6 MB.")
    assert "raise megabytes_a_person" in said
    assert bring(manager, world, size=300_000).status_code == 302


def test_uploads_to_one_review_have_a_quota_that_every_version_counts_to(
    manager: Client, world: World, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from bestvalue.record.reviews.changes import add_file_version

    allow(workspace, monkeypatch, megabytes_a_review=1)
    for place in range(2):
        (tmp_path / f"{place}.txt").write_bytes(b"%d" % place * 600_000)
    add_file_version(world.note, file=tmp_path / "0.txt", file_name="0.txt", note="The first", by=world.manager)
    with pytest.raises(RuleError, match=r"holds 0\.6 MB of the 1 MB of files that one review may hold"):
        add_file_version(world.note, file=tmp_path / "1.txt", file_name="1.txt", note="The second", by=world.manager)
    assert world.note.files.count() == 1
    kept = [path for path in workspace.files_folder.iterdir() if path.stat().st_size == 600_000]
    assert len(kept) == 1  # what is refused leaves nothing


def xlsx(*sheets: tuple[str, list[list[str]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("page", "field", "form"),
    [
        ("report_import", "file", {"file": ("report.pdf", PDF)}),
        ("tracker", "file", {"source": "Inspectorate", "file": ("tracker.csv", b"Reference,Status\n1,Open\n")}),
        ("workbook", "file", {"file": ("register.xlsx", xlsx(("Plan", [["a"]])))}),
        ("review_survey_add", "upload", {"title": "Staff", "upload": ("form.xlsx", xlsx(("survey", [["type", "name"], ["text", "a"]])))}),
        ("data_upload", "upload", {"table": "areas", "upload": ("areas.csv", b"area_id,area_name,resident_population\nA,Ash,900\n")}),
    ],
)
def test_files_in_that_take_too_long_to_read_are_refused_at_their_field(
    manager: Client, world: World, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, page: str, field: str, form: dict[str, Any]
) -> None:
    allow(workspace, monkeypatch, reading_seconds=0.01, table_seconds=0.01)
    said = {name: SimpleUploadedFile(*value) if isinstance(value, tuple) else value for name, value in form.items()}
    more = {"review_survey_add": {"purpose": "Why", "contact": "Us", "access": "invited"}}.get(page, {})
    address = reverse(page, args=[world.review.pk] if page == "review_survey_add" else [])
    answer = manager.post(address, {**said, **more})
    assert "takes longer than 0.01 seconds to read" in error_at(answer, field)
    assert list(workspace.data_folder.rglob("*.csv")) == []


def office(part: str, content: bytes, *, times: int = 1) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(part, "w") as file:
        for _ in range(times):
            file.write(content)
    return held.getvalue()


@pytest.mark.parametrize("how", ["long", "64 bits"])
def test_files_in_are_not_opened_where_their_list_of_parts_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    from bestvalue.record.reviews import file_contents

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for place in range(200 if how == "long" else 1):
            archive.writestr(f"word/{place}.xml", b"")
    content = held.getvalue()
    if how == "64 bits":
        at = content.rindex(b"PK\5\6")
        content = content[:at] + b"PK\6\7" + b"\0" * 16 + content[at:]
    (tmp_path / "upload").write_bytes(content)
    monkeypatch.setattr(file_contents, "MOST_LISTED_BYTES", 5_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # it is refused before anything opens it
    with pytest.raises(RuleError, match="list of its parts is longer than may come in"):
        file_contents.check_contents(tmp_path / "upload", name="minutes.docx")


DEEP = b"<a>" * 2_000_000
CIRCLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 3 0 R>>endobj\n4 0 obj 4 0 R endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.docx", office("word/document.xml", DEEP)),
        ("bomb.docx", office("word/document.xml", b"<t>aaaaaaaaaaaaaaaaaaaa</t>" * 10_000, times=70)),
        ("circle.pdf", CIRCLE),
    ],
    ids=["deep XML", "unpacks to much", "a PDF that leads round in a circle"],
)
def test_files_in_that_are_made_to_harm_are_kept_and_never_hold_the_site(
    manager: Client, world: World, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: bytes
) -> None:
    from bestvalue.record.reviews.changes import add_evidence
    from bestvalue.record.reviews.models import EvidenceKind, FourC

    allow(workspace, monkeypatch, reading_seconds=15, reading_memory_mb=512)
    path = tmp_path / name
    path.write_bytes(content)
    add_evidence(
        world.review,
        title="Zebras",
        kind=EvidenceKind.DOCUMENT,
        four_cs=[FourC.CONSULT],
        strands=[world.finding.strand],
        effective_date=DAY,
        by=world.manager,
        file=path,
        file_name=name,
    )
    assert work_off() == ["read_file"]
    assert manager.get("/api/search", {"q": "zebras"}).json()["counts"] == {"evidence": 1}


def test_office_metadata_is_gone_from_a_copy_to_publish_and_the_ledger_ties_it_to_the_original(
    manager: Client, world: World, workspace: Workspace, tmp_path: Path
) -> None:
    import docx

    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.changes import add_file_version

    document = docx.Document()
    document.add_paragraph("The board met.")
    document.core_properties.author = "Sergeant Zebra"
    document.save(str(tmp_path / "minutes.docx"))
    version = add_file_version(world.note, file=tmp_path / "minutes.docx", file_name="minutes.docx", note="The first", by=world.manager)
    answer = manager.get(reverse("evidence_copy", args=[version.pk]))
    copy = b"".join(answer.streaming_content)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="minutes-without-metadata.docx"'
    assert docx.Document(io.BytesIO(copy)).core_properties.author == ""
    assert docx.Document(io.BytesIO(copy)).paragraphs[0].text == "The board met."
    assert (workspace.files_folder / version.sha256).read_bytes() == (tmp_path / "minutes.docx").read_bytes()
    said = AuditEvent.objects.get(action="evidence.copied_without_metadata").payload
    assert (said["original"], said["copy"]) == (version.sha256, hashlib.sha256(copy).hexdigest())
