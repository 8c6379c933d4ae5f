"""Changes to the challenge log: raising a challenge, and everything that follows one."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Finding, Review, Strand
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.scrutiny.models import (
    Challenge,
    ChallengerKind,
    ChallengeStep,
    Effect,
    Step,
    check_challenge,
    check_may_challenge,
)


@transaction.atomic
def raise_challenge(
    review: Review,
    *,
    kind: ChallengerKind,
    challenger: str,
    text: str,
    raised_on: date,
    by: Person,
    strand: Strand | None = None,
    finding: Finding | None = None,
) -> Challenge:
    """Put a challenge on record; it gets the next number and waits for the team's answer.

    Args:
        review: what is challenged.
        kind: whose challenge it is.
        challenger: the person or body that said it, as they are called.
        text: what they said.
        raised_on: the day on which they said it.
        by: a panel, board or authority member, or an inspector, of a body that takes part.
        strand: the line of inquiry that it is about; that of the finding when a finding is named.
        finding: the finding that it is about.

    Raises:
        RuleError: `by` may not challenge, or something is missing or does not fit; the message says what.
    """
    review = locked(review)
    body = check_may_challenge(review, by=by)
    today = timezone.localdate()
    check_challenge(review, text=text, challenger=challenger, raised_on=raised_on, today=today, strand=strand, finding=finding)
    challenge = Challenge.objects.create(
        review=review,
        # Nothing is ever deleted, and whoever adds holds the review: the count is the newest number.
        number=review.challenges.count() + 1,
        kind=kind,
        challenger=challenger.strip(),
        text=text.strip(),
        raised_on=raised_on,
        strand=finding.strand if finding else strand,
        finding=finding,
        raised_by=by,
        body=body,
    )
    ledger.write(
        "challenge.raised",
        target=challenge,
        by=by,
        payload={"review": review.pk, "kind": kind, "challenger": challenge.challenger, "text": challenge.text, "on": raised_on},
    )
    return challenge


@transaction.atomic
def take_step(
    challenge: Challenge, *, step: Step, text: str, on: date, by: Person, effect: Effect | None = None, escalated_to: Body | None = None
) -> ChallengeStep:
    """Answer a challenge, accept the answer, reopen or escalate it. Everything that was said before stays.

    Args:
        challenge: what it is about.
        step: what is done.
        text: the answer, or the reason; may be empty when an answer is accepted.
        on: the day on which it was said.
        by: of the review's team for an answer; otherwise who raised it, or a member of the same body.
        effect: what an answer changed in the review; "none" is an effect, and the answer says why.
        escalated_to: the board that is to see it.

    Raises:
        RuleError: `by` may not, it does not follow what was said before, or something is missing; the message says what.
    """
    locked(challenge.review)
    challenge = Challenge.objects.select_related("review", "body", "raised_by").get(pk=challenge.pk)
    challenge.check_step(step=step, text=text, on=on, today=timezone.localdate(), effect=effect, escalated_to=escalated_to, by=by)
    taken = ChallengeStep.objects.create(
        challenge=challenge, step=step, text=text.strip(), effect=effect or "", escalated_to=escalated_to, on=on, by=by
    )
    ledger.write(
        f"challenge.{step.value}",
        target=challenge,
        by=by,
        payload={"text": taken.text, "effect": taken.effect, "escalated_to": escalated_to and escalated_to.pk, "on": on},
    )
    return taken
