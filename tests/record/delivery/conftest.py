"""A report as it stands in the record, made without importing one."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body
    from bestvalue.record.inspections.models import Candidate, PublishedReport


@pytest.fixture
def report(body: "Callable[..., Body]") -> "PublishedReport":
    from django.utils import timezone

    from bestvalue.record.inspections.models import Paragraph, PublishedReport

    made = PublishedReport.objects.create(
        slug="support-2004",
        title="Operational support",
        issuer=body("Inspectorate", "inspectorate"),
        published=date(2004, 12, 1),
        published_precision="month",
        source_name="report.txt",
        source_sha256="a" * 64,
        text_length=10,
        imported_at=timezone.now(),
    )
    Paragraph.objects.create(report=made, number="3.2.11", text="Units live on overtime.", order=1, first_line=5, last_line=6)
    return made


@pytest.fixture
def candidate(report: "PublishedReport") -> "Candidate":
    from bestvalue.record.inspections.models import Candidate

    return Candidate.objects.create(
        report=report, order=1, paragraph=report.paragraphs.get(), text="Budgets should be reviewed.", phrase="should be", confidence_share=0.9, confidence="high"
    )
