"""Changes to surveys, what is handed in, and the consultation log. One function a change, one entry of the ledger each."""

from bestvalue.record.consultation.changes.answers import RESPONDENT, hand_in
from bestvalue.record.consultation.changes.log import record_consultation, record_outcome
from bestvalue.record.consultation.changes.surveys import invite, note_reading, prepare_survey, replace_form, take_survey_step, use_answers

__all__ = [
    "RESPONDENT",
    "hand_in",
    "invite",
    "note_reading",
    "prepare_survey",
    "record_consultation",
    "record_outcome",
    "replace_form",
    "take_survey_step",
    "use_answers",
]
