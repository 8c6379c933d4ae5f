import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bestvalue.documents.reading import PublishedReport as ReadReport
from bestvalue.errors import ReportError, RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.report_import import import_report
from bestvalue.record.inspections.models import Candidate, Paragraph, PublishedReport
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.workspace import Workspace

Read = Callable[..., ReadReport]


def test_a_report_stands_in_the_record_as_it_was_read(db: None, read_by_hand: Read, source: Path) -> None:
    kept = import_report(read_by_hand(), source=source, by=None)
    assert (kept.issuer.name, kept.issuer.kind, kept.published, kept.published_words) == (
        "Inspectorate of Constabulary",
        "inspectorate",
        date(2004, 12, 1),
        "December 2004",
    )
    assert kept.about is not None
    assert (kept.about.name, kept.about.short_name, kept.about.kind) == ("Northern Police Service", "NPS", "force")
    assert [(one.number, one.text, one.section.number, one.first_line) for one in kept.paragraphs.all()] == [
        ("3.2.6", "The Board should be engaged at once.", "3.2", 1),
        ("3.2.11", "Units live on overtime.", "3.2", 2),
    ]
    judgement = kept.judgements.get()
    assert (judgement.grade, [one.number for one in judgement.paragraphs.all()]) == ("Good", ["3.2.6", "3.2.11"])


def test_a_recommendation_is_linked_to_its_paragraph_and_keeps_what_each_place_says(db: None, read_by_hand: Read, source: Path) -> None:
    made = import_report(read_by_hand(), source=source, by=None).recommendations.get()
    assert (made.key, made.paragraph.number) == ("IOC / support-2004 / 1", "3.2.6")
    assert (made.text, made.body_text, made.list_text) == (
        "Engage the Board.",
        "The Board should be engaged at once.",
        "Engage the Board, please.",
    )
    assert made.differences[0]["stronger"] == "body"
    assert made.details == [{"name": "By when", "text": "April 2005"}]
    assert (made.status, made.statuses.get().on) == ("made", date(2004, 12, 1))


def test_what_asks_without_a_recommendation_is_offered_and_nothing_is_dropped(db: None, read_by_hand: Read, source: Path) -> None:
    kept = import_report(read_by_hand(), source=source, by=None)
    assert [(one.status, one.paragraph.number, one.confidence) for one in kept.candidates.all()] == [("offered", "3.2.11", "high")]
    assert [kept.points.count(), kept.good_practice.count(), kept.other_series.count(), kept.contents_differences.count()] == [1, 1, 1, 1]


def test_an_import_is_one_entry_of_the_ledger_that_lists_what_came_in(db: None, read_by_hand: Read, source: Path) -> None:
    import_report(read_by_hand(), source=source, by=None)
    event = AuditEvent.objects.get()
    assert event.action == "report.imported"
    assert event.payload is not None
    assert (event.payload["paragraphs"], event.payload["candidates"]) == (2, 1)
    assert event.payload["recommendations"] == ["Inspectorate of Constabulary / support-2004 / 1"]


def test_a_body_that_is_there_is_found_by_its_name_or_short_name(db: None, read_by_hand: Read, source: Path) -> None:
    there = Body.objects.create(name="NORTHERN POLICE SERVICE", kind="force")
    inspectors = Body.objects.create(
        name="Inspectorate of Constabulary and Fire Services", short_name="Inspectorate of Constabulary", kind="inspectorate"
    )
    kept = import_report(read_by_hand(), source=source, by=None)
    assert (kept.about, kept.issuer) == (there, inspectors)


def test_the_same_file_twice_is_refused_and_says_where_it_is(db: None, read_by_hand: Read, source: Path) -> None:
    import_report(read_by_hand(), source=source, by=None)
    with pytest.raises(RuleError, match=r"support-2004: This file is in the record already, imported on .* from support\.txt"):
        import_report(read_by_hand(), source=source, by=None)


def test_another_edition_under_the_same_name_is_refused(db: None, read_by_hand: Read, source: Path) -> None:
    import_report(read_by_hand(), source=source, by=None)
    source.write_text("Second edition")
    with pytest.raises(RuleError, match="Another edition of this report"):
        import_report(read_by_hand(), source=source, by=None)


def test_a_report_without_an_issuer_is_refused(db: None, read_by_hand: Read, source: Path) -> None:
    with pytest.raises(ReportError, match="does not say who issued it"):
        import_report(read_by_hand(issuer=""), source=source, by=None)


def test_a_file_that_changed_after_it_was_read_is_refused(db: None, read_by_hand: Read, source: Path) -> None:
    read = read_by_hand()
    source.write_text("Something else")
    with pytest.raises(ReportError, match="changed after it was read"):
        import_report(read, source=source, by=None)


def test_an_observer_may_not_import(read_by_hand: Read, source: Path, person: Callable[..., Person], manager: Person) -> None:
    observer = person("Observer", role="observer", body=manager.memberships.get().body)
    with pytest.raises(RuleError, match="may not import reports"):
        import_report(read_by_hand(), source=source, by=observer)


def test_an_import_that_fails_in_the_middle_leaves_nothing(db: None, read_by_hand: Read, source: Path) -> None:
    good = read_by_hand().candidates[0]
    lost = type(good)(paragraph="9.9.9", text=good.text, phrase=good.phrase, span=good.span, confidence=good.confidence)
    with pytest.raises(ReportError, match=r"paragraph .9\.9\.9."):
        import_report(read_by_hand(candidates=(lost,)), source=source, by=None)
    kinds = (PublishedReport, Paragraph, Body, Recommendation, Candidate, AuditEvent)
    assert [kind.objects.count() for kind in kinds] == [0] * len(kinds)


IMPORT = """
import os, pickle, signal, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from bestvalue.record.bodies.models import Body
from bestvalue.record.delivery import report_import
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.inspections.models import Paragraph, PublishedReport
from bestvalue.record.ledger.verify import verify

what, read, source = sys.argv[1], pickle.loads(Path(sys.argv[2]).read_bytes()), Path(sys.argv[3])
if what == "killed":
    call_command("migrate", verbosity=0)
    Body.objects.create(name="There before", kind="force")
    def die(*parts, **options):
        assert Paragraph.objects.count() == 2, "not in the middle"
        os.kill(os.getpid(), signal.SIGKILL)
    report_import._enter_noticed = die
    report_import.import_report(read, source=source, by=None)
print([kind.objects.count() for kind in (PublishedReport, Paragraph, Recommendation, Body)], verify().entries)
report_import.import_report(read, source=source, by=None)
print([kind.objects.count() for kind in (PublishedReport, Paragraph, Recommendation, Body)], verify().entries)
"""


@pytest.fixture
def own_database() -> Iterator[str]:
    """Address of a database of this test's own, on the server that the tests run on; empty for SQLite in the workspace."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield ""
        return
    name = f"killed_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.database
def test_a_process_killed_in_the_middle_of_an_import_leaves_the_record_as_it_was(
    read_by_hand: Read, source: Path, tmp_path: Path, own_database: str
) -> None:
    workspace = Workspace.create(tmp_path / "workspace", name="Killed")
    pickled = tmp_path / "report.pickle"
    pickled.write_bytes(pickle.dumps(read_by_hand()))
    surroundings = {**os.environ, "BESTVALUE_WORKSPACE": str(workspace.root), "DJANGO_SETTINGS_MODULE": "bestvalue.site.settings"}
    surroundings["DATABASE_URL"] = own_database

    def run(what: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", IMPORT, what, str(pickled), str(source)]
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter and script

    assert run("killed").returncode == -9
    after = run("after")
    assert after.stdout.splitlines() == ["[0, 0, 0, 1] 0", "[1, 2, 1, 3] 1"], after.stderr
