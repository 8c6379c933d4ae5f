"""The row "Scanning" of the security baseline: a file stays closed until a scanner has called it clean, on every way out."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.clamd import EICAR, Server, clamd
from tests.queued import work_off
from tests.world import World

from bestvalue.errors import RuleError
from bestvalue.workspace import ScannerSetting, Workspace

QUARANTINE, INFECTED, CLEAN, UNSCANNED = "In quarantine", "Infected", "Scanned, clean", "Not scanned"


@pytest.fixture
def scanner(world: World, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A clamd that the workspace names."""
    (tmp_path / "run").mkdir()
    with clamd(tmp_path / "run") as (server, address):
        settings = workspace.root / "bestvalue.toml"
        settings.write_text(settings.read_text() + f'\n[scanner]\nclamd = "{address}"\ntimeout_seconds = 0.5\n')
        monkeypatch.setattr("django.conf.settings.WORKSPACE", Workspace.open(workspace.root))
        yield server


def bring(browser: Client, world: World, content: str) -> Any:
    """The evidence that a person brings a file for."""
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
        "file": SimpleUploadedFile("minutes.txt", content.encode()),
    }
    answer = browser.post(reverse("document_add", args=[world.review.pk]), form)
    assert answer.status_code == 302, answer.content.decode()
    return world.review.evidence.latest("number")


def ways_out(browser: Client, evidence: Any) -> list[int]:
    """What each address that hands the file out answers."""
    version = evidence.files.get()
    statuses = []
    of_version = [reverse(name, args=[version.pk]) for name in ("evidence_version", "evidence_copy")]
    for address in (reverse("evidence_file", args=[evidence.pk]), *of_version):
        answer = browser.get(address)
        statuses.append(answer.status_code)
        b"".join(answer.streaming_content if answer.streaming else ())  # read to its end, which closes the file
    return statuses


def page(browser: Client, evidence: Any) -> str:
    return browser.get(reverse("evidence", args=[evidence.pk])).content.decode()


def test_scanning_closes_a_file_until_it_is_called_clean(scanner: Server, manager: Client, world: World) -> None:
    evidence = bring(manager, world, "The board met.")
    assert ways_out(manager, evidence) == [409] * 3
    assert QUARANTINE in page(manager, evidence)
    assert f'href="{reverse("evidence_file", args=[evidence.pk])}"' not in page(manager, evidence)
    work_off()
    assert scanner.scanned == [b"The board met."]
    assert ways_out(manager, evidence) == [200] * 3
    assert CLEAN in page(manager, evidence)


def test_scanning_keeps_an_infected_file_closed_and_names_what_was_found(scanner: Server, manager: Client, world: World) -> None:
    evidence = bring(manager, world, f"Minutes {EICAR}")
    work_off()
    assert ways_out(manager, evidence) == [409] * 3
    assert "Win.Test.EICAR_HDB-1" in page(manager, evidence)
    assert INFECTED in page(manager, evidence)
    assert INFECTED in manager.get(reverse("list_file", args=["evidence", "csv"])).content.decode()


@pytest.mark.parametrize("how", ["silent", "gone"])
def test_scanning_that_fails_leaves_the_file_in_quarantine_and_says_why(
    scanner: Server, manager: Client, world: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    evidence = bring(manager, world, "The board met.")
    if how == "silent":
        scanner.silent.set()
    else:
        monkeypatch.setattr("bestvalue.record.reviews.virus_scanner.signatures", _gone)
    work_off()
    assert ways_out(manager, evidence) == [409] * 3
    assert QUARANTINE in page(manager, evidence)
    assert "The scanner did not answer clearly" in page(manager, evidence)


def _gone(scanner: ScannerSetting) -> str:
    from bestvalue.errors import WorkspaceError
    from bestvalue.record.reviews.virus_scanner import WHAT_TO_DO

    raise WorkspaceError("The scanner did not answer clearly: it is gone", where=scanner.clamd, next_step=WHAT_TO_DO)


def test_scanning_lets_nobody_cite_what_is_closed(scanner: Server, manager: Client, world: World) -> None:
    from bestvalue.record.reviews.changes import change_citations

    evidence = bring(manager, world, EICAR)
    form = {"strand": world.finding.strand_id, "text": "Boards meet.", "tone": "positive", "evidence": [evidence.pk]}
    both = [world.note, evidence]
    for words in ("in quarantine", "infected"):
        answer = manager.post(reverse("finding_add", args=[world.review.pk]), form)
        assert f"The file of {evidence.reference} is {words}" in answer.content.decode()
        with pytest.raises(RuleError, match=words):
            change_citations(world.finding, version=world.finding.row_version, mine={"evidence": both}, among=both, by=world.manager)
        work_off()
    assert not evidence.findings.exists()


def test_scanning_leaves_what_is_closed_out_of_a_bundle(scanner: Server, manager: Client, world: World, tmp_path: Path) -> None:
    from bestvalue.record.bundle.making import make_bundle

    closed, clean = bring(manager, world, EICAR), bring(manager, world, "The board met.")
    work_off()
    make_bundle(world.review, tmp_path / "review.zip")
    with zipfile.ZipFile(tmp_path / "review.zip") as archive:
        names = set(archive.namelist())
    assert f"files/{clean.file_sha256}" in names
    assert f"files/{closed.file_sha256}" not in names


def test_scanning_writes_each_result_into_the_ledger(scanner: Server, manager: Client, world: World) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    evidence = bring(manager, world, EICAR)
    work_off()
    said = AuditEvent.objects.filter(action="evidence.file_scanned", object_id=str(evidence.pk)).order_by("seq")
    assert [entry.payload["state"] for entry in said] == ["quarantined", "infected"]
    assert said.last().payload["scanner"] == Server.version


def test_scanning_is_said_not_to_be_done_where_no_scanner_is_set(manager: Client, world: World) -> None:
    evidence = bring(manager, world, "The board met.")
    work_off()
    assert UNSCANNED in page(manager, evidence)
    assert "Files are not scanned for viruses here" in page(manager, evidence)
    assert ways_out(manager, evidence) == [200] * 3


def test_scanning_again_takes_what_was_never_scanned_failed_or_has_old_signatures(scanner: Server, manager: Client, world: World) -> None:
    from django.conf import settings

    from bestvalue.record.reviews.models import EvidenceFile
    from bestvalue.record.reviews.scanning import scan_again, to_scan

    evidence = bring(manager, world, "The board met.")
    work_off()
    assert to_scan(Server.version) == []
    assert [file.pk for file in to_scan("ClamAV 1.4.2/27501")] == [evidence.files.get().pk]
    version = EvidenceFile.objects.get(evidence=evidence)
    version.scans.all().delete()  # as if it had come in before there was a scanner
    assert [file.scan_state for file in to_scan(Server.version)] == ["unscanned"]
    done = [noted.state for _, noted in scan_again(to_scan(Server.version), scanner=settings.WORKSPACE.settings.scanner)]
    assert done == ["clean"]


def test_scanning_costs_the_page_of_evidence_one_question(scanner: Server, manager: Client, world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    evidence = bring(manager, world, "The board met.")
    work_off()
    page(manager, evidence)
    with CaptureQueriesContext(connection) as asked:
        page(manager, evidence)
    assert sum("filescan" in one["sql"] for one in asked) == 1


def test_scanning_keeps_what_is_closed_out_of_the_search(scanner: Server, manager: Client, world: World) -> None:
    from bestvalue.record.reviews.file_scans import note_scan
    from bestvalue.record.reviews.models.file_scan import ScanState

    def counts() -> dict[str, int]:
        return dict(manager.get("/api/search", {"q": "zebras"}).json()["counts"])

    evidence = bring(manager, world, "Zebras cross.")
    assert counts() == {}
    work_off()
    assert counts() == {"evidence": 1}
    note_scan(evidence.files.get(), state=ScanState.INFECTED, says="Found by newer signatures", by=None)
    assert counts() == {}


def test_scanning_keeps_a_report_that_cites_what_is_closed_from_being_published(scanner: Server, manager: Client, world: World) -> None:
    from bestvalue.record.reviews.changes import change_citations
    from bestvalue.record.reviews.file_scans import note_scan
    from bestvalue.record.reviews.models.file_scan import ScanState
    from bestvalue.record.reviews.report import propose

    evidence = bring(manager, world, "The board met.")
    work_off()
    both = [world.note, evidence]
    change_citations(world.finding, version=world.finding.row_version, mine={"evidence": both}, among=both, by=world.manager)
    note_scan(evidence.files.get(), state=ScanState.INFECTED, says="Found by newer signatures", by=None)
    with pytest.raises(RuleError, match=r"Finding 1\.1 cites minutes\.txt of E4, which is infected"):
        propose(world.review, by=world.manager, formats=("html",))
