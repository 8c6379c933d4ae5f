"""What may follow what in the life of a survey, as one table: the rules of the record and the pages read it and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Access(TextChoices):
    """Who answers. Chosen once: whoever answered was promised it."""

    ANONYMOUS = "anonymous", "Anybody with the address, without saying who they are"
    INVITED = "invited", "Only people who are invited, each once, by a link of their own"


class SurveyStep(TextChoices):
    """What happened to a survey after it was prepared."""

    PILOT_STARTED = "pilot started", "Pilot started"
    PILOT_ENDED = "pilot ended", "Pilot ended"
    OPENED = "opened", "Opened"
    EXTENDED = "extended", "Extended"
    CLOSED = "closed", "Closed"


@dataclass(frozen=True, kw_only=True)
class StepRule:
    """One row of the table.

    Args:
        follows: the newest step that it may follow; None stands for a survey that was only prepared.
        order: what somebody does who takes it, for buttons and errors: "open the survey".
        answers: whether people can answer after it.
        has_dates: it says from when until when people can answer.
    """

    follows: tuple[SurveyStep | None, ...]
    order: str
    answers: bool = False
    has_dates: bool = False


STEPS: Mapping[SurveyStep, StepRule] = {
    SurveyStep.PILOT_STARTED: StepRule(follows=(None, SurveyStep.PILOT_ENDED), order="start a pilot", answers=True, has_dates=True),
    SurveyStep.PILOT_ENDED: StepRule(follows=(SurveyStep.PILOT_STARTED,), order="end the pilot"),
    SurveyStep.OPENED: StepRule(follows=(None, SurveyStep.PILOT_ENDED), order="open the survey", answers=True, has_dates=True),
    SurveyStep.EXTENDED: StepRule(
        follows=(SurveyStep.OPENED, SurveyStep.EXTENDED), order="move the last day", answers=True, has_dates=True
    ),
    SurveyStep.CLOSED: StepRule(follows=(SurveyStep.OPENED, SurveyStep.EXTENDED), order="close the survey"),
}

FORM_CAN_CHANGE: tuple[SurveyStep | None, ...] = (None, SurveyStep.PILOT_ENDED)
"""Once people answer, everybody is asked the same: the form can be replaced before, and between pilots."""
