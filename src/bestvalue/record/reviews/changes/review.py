"""Changes to a review itself: proposing it, who takes part, its strands."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.life_cycle import FIRST, Part
from bestvalue.record.reviews.models import (
    Aim,
    Review,
    ReviewBody,
    ReviewStage,
    Strand,
    check_part,
    check_starts_reviews,
)
from bestvalue.record.reviews.numbering import locked, next_number


@transaction.atomic
def start_review(
    *,
    programme: Programme,
    title: str,
    service: str,
    force: Body,
    bodies: Mapping[Part, Body],
    on: date,
    by: Person,
    candidate: CandidateService | None = None,
    aims: Sequence[str] = (),
    summary: str = "",
    context: str = "",
    method: str = "",
    synthetic: bool = False,
) -> Review:
    """Propose the review of a service. The programme's committee decides whether to select it.

    Args:
        programme: the programme it belongs to; the programme's authority commissions it.
        title: unique in the programme.
        service: what is reviewed.
        force: whose service it is.
        bodies: who takes part, and as what; sees the review from now on.
        on: the day of the first stage.
        by: a programme or project manager.
        candidate: the scored service that it reviews.
        aims: what it sets out to achieve, in order.
        summary: its executive summary.
        context: chapter of its report on the background.
        method: chapter of its report on how it was done.
        synthetic: the data are invented.

    Raises:
        RuleError: `by` may not, the programme has a review of this title, or the candidate belongs elsewhere.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    check_starts_reviews(programme, title=title, candidate=candidate, by=by)
    review = Review.objects.create(
        programme=programme,
        title=title,
        service=service,
        force=force,
        authority=programme.authority,
        summary=summary,
        context=context,
        method=method,
        synthetic=synthetic,
        candidate=candidate,
    )
    for part, body in bodies.items():
        ReviewBody.objects.create(review=review, body=body, part=part)
    for number, text in enumerate(aims, start=1):
        Aim.objects.create(review=review, number=number, text=text)
    ReviewStage.objects.create(review=review, stage=FIRST, on=on, by=by)
    ledger.write(
        "review.proposed",
        target=review,
        by=by,
        payload={"title": title, "candidate": candidate and candidate.pk, "bodies": {part: body.pk for part, body in bodies.items()}},
    )
    return review


@transaction.atomic
def add_part(review: Review, *, part: Part, body: Body, by: Person) -> ReviewBody:
    """Say that a body takes part in a review; it sees the review from now on.

    Raises:
        RuleError: `by` does not manage the review, or a body plays this part already.
    """
    review = locked(review)
    review.check_run(by=by)
    check_part(review, part=part, body=body)
    playing = ReviewBody.objects.create(review=review, part=part, body=body)
    ledger.write("review.part_added", target=review, by=by, payload={"part": part, "body": body.pk})
    return playing


@transaction.atomic
def add_strand(review: Review, *, name: str, question: str, by: Person) -> Strand:
    """Add a line of inquiry; it gets the next number.

    Raises:
        RuleError: `by` may not write in the review, or it has a strand of this name.
    """
    review = locked(review)
    review.check_editable(by=by)
    if review.strands.filter(name__iexact=name).exists():
        raise RuleError(f"The review has a strand called {name!r} already", where=review.title, next_step="Choose another name.")
    strand = Strand.objects.create(review=review, number=next_number(review.strands), name=name, question=question)
    ledger.write("strand.added", target=strand, by=by, payload={"review": review.pk, "name": name})
    return strand
