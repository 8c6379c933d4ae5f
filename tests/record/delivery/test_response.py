"""A response to a report is issued when every recommendation has its answer."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from tests.record.delivery.conftest import Delivering

from bestvalue.errors import RuleError
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.changes import Entered
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation, unanswered_of
from bestvalue.record.delivery.response_document import respond
from bestvalue.workspace import Workspace

DAY = date(2026, 2, 3)


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


def enter(delivering: Delivering, number: str, kind: Kind = Kind.RECOMMENDATION) -> Recommendation:
    rows = [Entered(number=number, text="Count the hours.", kind=kind)]
    first = delivering.recommendation
    (made,) = changes.enter_recommendations(first.issuer, report_title=first.report_title, made_on=DAY, rows=rows, by=delivering.manager)
    return made


def test_it_cannot_be_issued_while_a_recommendation_is_unanswered(delivering: Delivering, workspace: Workspace) -> None:
    second, first = enter(delivering, "2"), delivering.recommendation
    with pytest.raises(RuleError, match="while 1 of its recommendations are unanswered: 2"):
        respond(first.issuer, report_slug=first.report_slug, by=delivering.manager)
    assert not list(workspace.reports_folder.iterdir())
    changes.set_status(second, status=Status.NOT_ACCEPTED, on=DAY, note="It costs more than it saves.", by=delivering.manager)
    response = respond(first.issuer, report_slug=first.report_slug, by=delivering.manager)
    assert sorted(file.format for file in response.files.all()) == ["docx", "html", "pdf"]
    html = next(file.path for file in response.files.all() if file.format == "html").read_text()
    assert "It costs more than it saves." in html
    assert "Not accepted" in html


def test_accepting_without_saying_what_is_done_is_no_answer(delivering: Delivering) -> None:
    second = enter(delivering, "2")
    changes.set_status(second, status=Status.ACCEPTED, on=DAY, by=delivering.manager)
    plan = Recommendation.objects.of_plan(issuer=second.issuer, report_slug=second.report_slug)
    assert unanswered_of(plan) == [second]
    action = {"what": "Count", "why": "Unknown", "how": "By form", "target": "All", "lead": delivering.lead, "original_date": DAY}
    changes.add_action(second, **action, by=delivering.manager)  # type: ignore[arg-type] - the least of an action
    assert unanswered_of(plan) == []


def test_an_area_for_improvement_owes_no_answer(delivering: Delivering) -> None:
    area = enter(delivering, "AFI 1", Kind.AREA_FOR_IMPROVEMENT)
    assert unanswered_of(Recommendation.objects.of_plan(issuer=area.issuer, report_slug=area.report_slug)) == []


def test_a_key_is_entered_once_and_a_bulk_is_one_entry_of_the_ledger(delivering: Delivering) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    with pytest.raises(RuleError, match="Number 1 of this report is in the register already"):
        enter(delivering, "1")
    rows = [Entered(number=str(number), text=f"Do {number}.") for number in range(2, 6)]
    first, before = delivering.recommendation, AuditEvent.objects.count()
    changes.enter_recommendations(first.issuer, report_title=first.report_title, made_on=DAY, rows=rows, by=delivering.manager)
    entry = AuditEvent.objects.latest("seq")
    assert AuditEvent.objects.count() == before + 1
    assert entry.payload is not None
    assert [row["text"] for row in entry.payload["rows"]] == ["Do 2.", "Do 3.", "Do 4.", "Do 5."]
