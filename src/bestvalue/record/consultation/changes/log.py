"""Changes to the consultation log: who was heard, and what came of it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.consultation.models import (
    Changed,
    Consultation,
    ConsultationOutcome,
    How,
    Survey,
    check_consultation,
)
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Finding, Review, Strand
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.scrutiny.models import Challenge


@transaction.atomic
def record_consultation(
    review: Review,
    *,
    who: str,
    on: date,
    how: How,
    said: str,
    by: Person,
    people: int | None = None,
    strand: Strand | None = None,
    survey: Survey | None = None,
    challenge: Challenge | None = None,
    finding: Finding | None = None,
    recommendation: Recommendation | None = None,
) -> Consultation:
    """Put on record who was heard and what they said; it gets the next number, and waits for what was done about it.

    Args:
        review: what they were heard for.
        who: a group or body, not a name that would say who a member of the public is.
        on: the day.
        how: the way.
        said: what they said, in the words of the log.
        by: somebody of the review's team.
        people: how many were heard, where that is known.
        strand: the line of inquiry that it is about.
        survey: in which they were heard.
        challenge: that they raised or speak to.
        finding: that it is about.
        recommendation: that it is about.

    Raises:
        RuleError: `by` may not write in the review, or something is missing or does not fit; the message says what.
    """
    review = locked(review)
    linked = {"strand": strand, "survey": survey, "challenge": challenge, "finding": finding, "recommendation": recommendation}
    check_consultation(review, who=who, said=said, on=on, today=timezone.localdate(), by=by, **linked)  # type: ignore[arg-type]  # each is of its own kind, which a dict cannot say
    heard = Consultation.objects.create(
        review=review,
        number=review.consultations.count() + 1,
        who=who.strip(),
        people=people,
        on=on,
        how=how,
        said=said.strip(),
        recorded_on=timezone.localdate(),
        recorded_by=by,
        **linked,
    )
    payload = {"review": review.pk, "who": heard.who, "how": how, "said": heard.said, "on": on}
    ledger.write("consultation.recorded", target=heard, by=by, payload=payload)
    return heard


@transaction.atomic
def record_outcome(
    heard: Consultation,
    *,
    changed: Changed,
    text: str,
    on: date,
    by: Person,
    finding: Finding | None = None,
    recommendation: Recommendation | None = None,
) -> ConsultationOutcome:
    """Put on record what changed because somebody was heard, or why nothing did. What was said before stays; the newest counts.

    Raises:
        RuleError: `by` may not write in the review, or something is missing or does not fit; the message says what.
    """
    locked(heard.review)
    heard.review.check_editable(by=by)
    if not text.strip():
        raise RuleError("Whatever came of it, the log says it", where="text", next_step="Enter it in a sentence or two.")
    if not heard.on <= on <= timezone.localdate():
        raise RuleError(f"They were heard on {heard.on:%d %B %Y}", where="on", next_step="Enter a day from then to today.")
    for name, thing in (("finding", finding), ("recommendation", recommendation)):
        if thing is not None and thing.review_id != heard.review_id:
            raise RuleError(f"The {name} belongs to another review", where=name, next_step=f"Select a {name} of this review.")
    outcome = ConsultationOutcome.objects.create(
        consultation=heard, changed=changed, text=text.strip(), finding=finding, recommendation=recommendation, on=on, by=by
    )
    ledger.write("consultation.answered", target=heard, by=by, payload={"changed": changed, "text": outcome.text, "on": on})
    return outcome
