from collections.abc import Callable
from datetime import date

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.assessment import changes
from bestvalue.record.assessment.models import DocumentRequest, Inspection, Interview
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.ledger.models import Payload

DAY = date(2026, 1, 5)


@pytest.fixture
def interview(inspection: Inspection, lead: Person) -> Interview:
    return changes.plan_interview(inspection, whom="a sergeant of a support unit", planned_for=DAY, by=lead)


def test_whom_inspectors_talked_to_stays_among_them(
    interview: Interview, lead: Person, officer: Person, sign_in: Callable[[Person], User]
) -> None:
    changes.record_interview(interview, notes="Nobody asked us.", held_on=DAY, by=lead)
    assert Interview.objects.visible_to(sign_in(lead)).exists()
    assert not Interview.objects.visible_to(sign_in(officer)).exists()


def test_who_is_protected_is_no_word_of_the_ledger(interview: Interview) -> None:
    newest = Payload.objects.latest("pk")
    assert "sergeant" not in newest.content
    assert "someone who was interviewed" in newest.content


def test_notes_are_recorded_once(interview: Interview, lead: Person) -> None:
    changes.record_interview(interview, notes="Nobody asked us.", held_on=DAY, by=lead)
    with pytest.raises(RuleError, match="recorded already"):
        changes.record_interview(interview, notes="Somebody did.", held_on=DAY, by=lead)


def test_a_document_is_asked_of_an_inspected_body_and_answered_by_it(inspection: Inspection, lead: Person, officer: Person) -> None:
    with pytest.raises(RuleError, match="is not inspected"):
        changes.ask_for_document(inspection, text="The plan", asked_of=inspection.issuer, due=DAY, by=lead)
    asked = changes.ask_for_document(inspection, text="The plan", asked_of=inspection.force, due=DAY, by=lead)
    with pytest.raises(RuleError, match="may not answer requests"):
        changes.answer_request(asked, answer="Here.", by=lead)
    changes.answer_request(asked, answer="On the shared drive.", by=officer)
    assert DocumentRequest.objects.get().answer == "On the shared drive."


def test_a_source_of_another_inspection_is_refused(inspection: Inspection, lead: Person, interview: Interview) -> None:
    from tests.record.assessment.conftest import FRAME

    other = changes.plan_inspection(
        FRAME,
        title="Another",
        service="support",
        issuer=inspection.issuer,
        force=inspection.force,
        authority=inspection.authority,
        fieldwork_starts=DAY,
        fieldwork_ends=DAY,
        by=lead,
    )
    changes.start_fieldwork(other, by=lead)
    with pytest.raises(RuleError, match="not of this inspection"):
        changes.grade(Inspection.objects.get(pk=other.pk), criterion="a1", grade="good", reason="So.", by=lead, sources=[interview])
