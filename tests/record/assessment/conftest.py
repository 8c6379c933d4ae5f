"""An inspection of a force with a lead and a second inspector. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from bestvalue.record.assessment.framework import Framework
from bestvalue.workspace import Workspace

if TYPE_CHECKING:
    from bestvalue.record.assessment.models import Draft, Inspection
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.reviews.models import Review

DAY = date(2026, 1, 5)
FRAME = Framework.model_validate(
    {
        "key": "small",
        "title": "Small",
        "edition": "1",
        "source": "A test",
        "notice": "A house matrix.",
        "judgements": [
            {
                "key": "good",
                "text": "How good?",
                "scale": [{"name": "good"}, {"name": "fair"}, {"name": "poor"}],
                "questions": [
                    {
                        "key": "aims",
                        "text": "Clear aims?",
                        "criteria": [{"key": "a1", "text": "Agreed."}, {"key": "a2", "text": "Measured."}],
                    },
                    {"key": "meets", "text": "Meets them?", "criteria": [{"key": "m1", "text": "Reached."}]},
                ],
            }
        ],
    }
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


@pytest.fixture
def inspectorate(body: "Callable[..., Body]") -> "Body":
    return body("Inspectorate", "inspectorate")


@pytest.fixture
def lead(person: "Callable[..., Person]", inspectorate: "Body") -> "Person":
    return person("Lead inspector", role="inspector", body=inspectorate)


@pytest.fixture
def second(person: "Callable[..., Person]", inspectorate: "Body") -> "Person":
    return person("Second inspector", role="inspector", body=inspectorate)


@pytest.fixture
def officer(person: "Callable[..., Person]", review: "Review") -> "Person":
    """Speaks for the force."""
    return person("Officer", role="lead", body=review.force)


@pytest.fixture
def member(person: "Callable[..., Person]", authority: "Body") -> "Person":
    """Speaks for the authority."""
    return person("Member", role="authority member", body=authority)


@pytest.fixture
def inspection(review: "Review", inspectorate: "Body", lead: "Person", second: "Person") -> "Inspection":
    """In fieldwork, with two inspectors."""
    from bestvalue.record.assessment import changes
    from bestvalue.record.assessment.models import Inspection, Place

    planned = changes.plan_inspection(
        FRAME,
        title="Inspection of support",
        service="support",
        issuer=inspectorate,
        force=review.force,
        authority=review.authority,
        fieldwork_starts=DAY,
        fieldwork_ends=DAY,
        by=lead,
        review=review,
    )
    changes.appoint(planned, person=second, place=Place.SECOND, by=lead)
    changes.start_fieldwork(planned, by=lead)
    return Inspection.objects.get(pk=planned.pk)


@pytest.fixture
def grade_all() -> "Callable[..., None]":
    """Gives every criterion a grade of somebody's side."""
    from bestvalue.record.assessment import changes
    from bestvalue.record.assessment.models import Inspection

    def give(inspection: "Inspection", by: "Person", *grades: str) -> None:
        keys = [criterion.key for _, _, criterion in FRAME.criteria()]
        for key, grade in zip(keys, grades, strict=True):
            changes.grade(Inspection.objects.get(pk=inspection.pk), criterion=key, grade=grade, reason=f"Seen at {key}.", by=by)

    return give


@pytest.fixture
def shared_grades(inspection: "Inspection", lead: "Person", second: "Person", grade_all: "Callable[..., None]") -> "Inspection":
    """With grades shared and the report laid out."""
    from bestvalue.record.assessment import changes
    from bestvalue.record.assessment.models import Inspection

    grade_all(inspection, lead, "good", "fair", "good")
    grade_all(inspection, second, "good", "good", "fair")
    changes.share_grades(inspection, by=lead)
    changes.start_report(Inspection.objects.get(pk=inspection.pk), by=lead)
    return Inspection.objects.get(pk=inspection.pk)


@pytest.fixture
def draft(shared_grades: "Inspection", lead: "Person") -> "Draft":
    """Sent to both bodies, with a recommendation in it."""
    from django.utils import timezone

    from bestvalue.record.assessment import changes
    from bestvalue.record.assessment.models import Inspection, ParagraphKind

    section = shared_grades.sections.get(number="2.1")
    changes.add_paragraph(section, kind=ParagraphKind.RECOMMENDATION, text="Measure the aims.", addressed_to=shared_grades.force, by=lead)
    return changes.send_draft(Inspection.objects.get(pk=shared_grades.pk), deadline=timezone.localdate(), by=lead)
