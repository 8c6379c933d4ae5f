"""A survey of a review, whose form is written by the test. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.dataset.questionnaires.forms import write_form

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person
    from bestvalue.record.consultation.models import Draft, Survey
    from bestvalue.record.reviews.models import Review

ROWS = (
    ("select_one agree", "safe", "Do you feel safe?", "Diogel?", None, None, None, "yes"),
    ("text", "why", "Why?", "Pam?", "${safe} = 2"),
)
DONE = {"safe": "2", "why": "It is dark."}


@pytest.fixture
def form_file(tmp_path: Path) -> Path:
    return write_form(tmp_path / "form.xlsx", ROWS)


@pytest.fixture
def prepare(review: "Review", manager: "Person", form_file: Path) -> "Callable[..., Survey]":
    """Prepares a survey."""
    from bestvalue.record.consultation import changes
    from bestvalue.record.consultation.models import Access

    def put(**rest: Any) -> "Survey":
        least = {"title": "Safety", "purpose": "To hear you.", "contact": "the office", "access": Access.ANONYMOUS, "by": manager}
        return changes.prepare_survey(review, **{**least, "file": form_file, "file_name": "form.xlsx", **rest})

    return put


@pytest.fixture
def open_survey(prepare: "Callable[..., Survey]", manager: "Person") -> "Callable[..., Survey]":
    """A survey that can be answered today."""
    from django.utils import timezone

    from bestvalue.record.consultation import changes
    from bestvalue.record.consultation.models import Survey, SurveyStep

    def put(*, step: "SurveyStep" = SurveyStep.OPENED, **rest: Any) -> "Survey":
        survey = prepare(**rest)
        today = timezone.localdate()
        changes.take_survey_step(survey, step=step, opens=today, closes=today + timedelta(days=7), by=manager)
        return Survey.objects.get(pk=survey.pk)

    return put


@pytest.fixture
def fill() -> "Callable[..., Draft]":
    """Answers a survey up to handing in, as slowly as people do."""
    from django.utils import timezone

    from bestvalue.record.consultation import drafts

    def put(survey: "Survey", *, token: str = "", answers: dict[str, str] | None = None) -> "Draft":
        key = drafts.start_draft(survey, language="English (en)", token=token)
        draft = drafts.draft_behind(key)
        assert draft is not None
        for place, value in (DONE if answers is None else answers).items():
            drafts.keep_answer(draft, place=place, value=value, language="English (en)", seconds=4.0)
        draft.refresh_from_db()
        draft.started_at = timezone.now() - timedelta(minutes=1)
        draft.save()
        return draft

    return put


DAY = date(2026, 1, 5)
