"""Answers while they are given: started, kept page by page, found again, and forgotten when nobody comes back.

Drafts are no part of the record: nothing here is written to the ledger.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.consultation.models import Access, Draft, Invitation, Response, Survey
from bestvalue.record.consultation.secrets_of_links import digest_of_key, key_of_draft, new_key

KEPT_DAYS = 30
"""A draft that nobody has touched for so long is deleted."""

LONGEST_SECONDS = 600
"""More time on one page is a pause, and counts as so much."""


def start_draft(survey: Survey, *, language: str, token: str = "") -> str:
    """Begin to answer; returns the secret address, which is kept nowhere.

    Args:
        survey: what is answered.
        language: of the form.
        token: from the link of an invitation; empty for a survey that anybody answers.

    Raises:
        RuleError: the survey is not open, the link is not good, or the person has answered already.
    """
    today = timezone.localdate()
    forget_stale_drafts(on=today)
    if not survey.is_asked(on=today):
        raise RuleError("The survey is not open", where=survey.title, next_step=f"Ask {survey.contact}.")
    invitation = invitation_behind(survey, token) if survey.access == Access.INVITED else None
    key = key_of_draft(token, asking=survey.asking) if invitation is not None else new_key()
    try:
        with transaction.atomic():
            Draft.objects.create(
                survey=survey,
                form=survey.form,
                digest=digest_of_key(key),
                invitation=invitation,
                is_pilot=survey.is_pilot,
                language=language,
                started_at=timezone.now(),
                seen_on=today,
            )
    except IntegrityError:
        if invitation is None:
            raise
        # The link was opened before: it leads back to what was answered then.
    return key


def invitation_behind(survey: Survey, token: str) -> Invitation:
    """The invitation that a link belongs to.

    Raises:
        RuleError: there is none of this survey, or it was answered.
    """
    found = Invitation.objects.filter(survey=survey, digest=digest_of_key(token)).first() if token else None
    if found is None:
        raise RuleError("This link opens no survey", where="the address", next_step=f"Check the whole address, or ask {survey.contact}.")
    if Response.objects.filter(invitation=found).exists():
        raise RuleError("This link was used already: your answers have arrived", where="the address", next_step="You need do nothing more.")
    return found


def draft_behind(key: str) -> Draft | None:
    """The draft of a secret address."""
    found = Draft.objects.select_related("survey__review", "form").prefetch_related("survey__events")
    return found.filter(digest=digest_of_key(key)).first()


@transaction.atomic
def keep_answer(draft: Draft, *, place: str, value: str, language: str, seconds: float) -> Draft:
    """Keep the answer of one page, and how long it took.

    The draft is held meanwhile: two pages sent at once do not lose each other's answer.
    """
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    held.answers = held.answers | {place: value}
    held.seconds = held.seconds | {place: round(min(held.seconds.get(place, 0.0) + max(seconds, 0.0), LONGEST_SECONDS), 1)}
    held.language, held.seen_on = language, timezone.localdate()
    held.save(update_fields=["answers", "seconds", "language", "seen_on"])
    return held


def forget_stale_drafts(*, on: date) -> int:
    """Delete the drafts that nobody has touched for a month; returns how many."""
    deleted, _ = Draft.objects.filter(seen_on__lt=on - timedelta(days=KEPT_DAYS)).delete()
    return deleted
