"""Handing answers in: once, whatever the network does, and without a trace of who they come from."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bestvalue.dataset.questionnaires.filling import Filling
from bestvalue.errors import RuleError
from bestvalue.record.consultation.models import Draft, Response
from bestvalue.record.consultation.models.survey import Survey
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.chain import canonical_json

FASTEST_SECONDS = 0.5
"""A page: nobody reads and answers faster, and programs that fill in forms do."""


@dataclass(frozen=True, kw_only=True)
class Respondent:
    """Whoever answers, as the ledger names them: no person of the record."""

    pk: str = "who answers a survey"
    name: str = "somebody who answers a survey"


RESPONDENT = Respondent()


@transaction.atomic
def hand_in(draft: Draft, *, by: Respondent = RESPONDENT) -> Response:
    """Store what was answered, and delete the draft. Asked twice, the second time finds what the first stored.

    What was asked no more, and what was left out, is not stored as an answer. The ledger gets the digest of the answers, so that
    it shows whether they were changed afterwards, and says nothing of them.

    Raises:
        RuleError: the survey is closed, a page is not answered, or the answers came faster than anybody reads.
    """
    # Whoever hands in holds the survey: numbers of respondents are given once.
    survey = Survey.objects.select_for_update().get(pk=draft.survey_id)
    stored = Response.objects.filter(digest=draft.digest).first()
    if stored is not None:
        return stored
    draft = Draft.objects.select_for_update(of=("self",)).select_related("form", "invitation").get(pk=draft.pk)
    filling = Filling(draft.form.asked, draft.answers, today=timezone.localdate())
    seconds = (timezone.now() - draft.started_at).total_seconds()
    _check_hand_in(survey, filling, seconds=seconds)
    answers = filling.final()
    asked = [stop.place for stop in filling.stops() if stop.entry is not None and stop.entry.is_answered]
    response = Response.objects.create(
        survey=survey,
        form=draft.form,
        respondent=_number(survey, draft),
        invitation=draft.invitation if not draft.is_pilot else None,
        digest=draft.digest,
        is_pilot=draft.is_pilot,
        language=draft.language,
        answers=answers,
        left_out=[place for place in asked if place not in answers],
        seconds={place: draft.seconds[place] for place in asked if place in draft.seconds} if draft.is_pilot else {},
        minutes=round(sum(draft.seconds.values()) / 60, 2),
        handed_in_on=timezone.localdate(),
    )
    draft.delete()
    digest = hashlib.sha256(canonical_json(answers).encode()).hexdigest()
    ledger.write("survey.answered", target=survey, by=by, payload={"respondent": response.respondent, "answers_sha256": digest})
    return response


def _check_hand_in(survey: Survey, filling: Filling, *, seconds: float) -> None:
    if not survey.is_asked(on=timezone.localdate()):
        raise RuleError("The survey has closed", where=survey.title, next_step=f"Ask {survey.contact}.")
    open_stop = filling.first_open()
    if open_stop is not None:
        raise RuleError("A question is not answered yet", where=open_stop.place, next_step="Go back to it.")
    if seconds < FASTEST_SECONDS * len(filling.stops()):
        raise RuleError(
            "These answers came faster than anybody can read the questions", where=survey.title, next_step="Wait a little and press again."
        )


def _number(survey: Survey, draft: Draft) -> str:
    """The number of the invitation; else one in order of arrival, which no other survey gives."""
    if draft.invitation is not None and not draft.is_pilot:
        return draft.invitation.respondent
    kind = "P" if draft.is_pilot else "R"
    count = survey.responses.filter(is_pilot=draft.is_pilot).count() + 1
    return f"S{survey.pk}-{kind}{count:05d}"
