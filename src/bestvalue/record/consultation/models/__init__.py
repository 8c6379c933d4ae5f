"""Consultation: surveys with their forms, invitations and answers, and the log of who was heard."""

from bestvalue.record.consultation.models.answers import Draft, Invitation, Response, ResponseQuerySet
from bestvalue.record.consultation.models.log import (
    Changed,
    Consultation,
    ConsultationOutcome,
    ConsultationQuerySet,
    How,
    check_consultation,
)
from bestvalue.record.consultation.models.survey import Survey, SurveyEvent, SurveyForm, SurveyQuerySet
from bestvalue.record.consultation.survey_steps import Access, SurveyStep

__all__ = [
    "Access",
    "Changed",
    "Consultation",
    "ConsultationOutcome",
    "ConsultationQuerySet",
    "Draft",
    "How",
    "Invitation",
    "Response",
    "ResponseQuerySet",
    "Survey",
    "SurveyEvent",
    "SurveyForm",
    "SurveyQuerySet",
    "SurveyStep",
    "check_consultation",
]
