"""Changes to questions of scope and problems: their options, and what became of each."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Review, Strand
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.scrutiny.models import (
    Option,
    OptionDecision,
    QuestionKind,
    ScopeQuestion,
    Verdict,
    check_option,
    check_question,
)


@transaction.atomic
def add_scope_question(review: Review, *, kind: QuestionKind, text: str, by: Person, strand: Strand | None = None) -> ScopeQuestion:
    """Record a question of scope, or a problem, that has options; it gets the next number.

    Raises:
        RuleError: `by` may not write in the review, it says nothing, or the strand is another review's.
    """
    review = locked(review)
    check_question(review, text=text, strand=strand, by=by)
    question = ScopeQuestion.objects.create(
        review=review,
        number=review.scope_questions.count() + 1,
        kind=kind,
        text=text.strip(),
        strand=strand,
        added_on=timezone.localdate(),
        added_by=by,
    )
    ledger.write("scope_question.added", target=question, by=by, payload={"review": review.pk, "kind": kind, "text": question.text})
    return question


@transaction.atomic
def add_option(question: ScopeQuestion, *, text: str, cost: str, effect: str, by: Person, is_blue_sky: bool = False) -> Option:
    """Record one way to settle a question; it gets the next number, and stays whatever becomes of it.

    Args:
        question: what it would settle.
        text: what would be done.
        cost: what it would cost, in words.
        effect: what it would change, in words.
        by: somebody of the review's team.
        is_blue_sky: thought beyond today's means; kept for a day when they are others.

    Raises:
        RuleError: `by` may not write in the review, or the words, the cost or the effect are missing.
    """
    locked(question.review)
    check_option(question, said=(("text", text), ("cost", cost), ("effect", effect)), by=by)
    option = Option.objects.create(
        question=question,
        number=question.options.count() + 1,
        text=text.strip(),
        cost=cost.strip(),
        effect=effect.strip(),
        is_blue_sky=is_blue_sky,
        added_on=timezone.localdate(),
        added_by=by,
    )
    ledger.write(
        "option.added",
        target=option,
        by=by,
        payload={"question": question.pk, "text": option.text, "cost": option.cost, "effect": option.effect, "blue_sky": is_blue_sky},
    )
    return option


@transaction.atomic
def decide_option(option: Option, *, verdict: Verdict, body: Body, on: date, reason: str, by: Person) -> OptionDecision:
    """Record that a body chose an option or wrote it off, and why. What was decided before stays; the newest counts.

    Args:
        option: what it is about.
        verdict: chosen or written off.
        body: which body decided.
        on: the day on which it decided.
        reason: why; the options that were written off need theirs as much as the one that was chosen.
        by: somebody of the review's team, or who decides in the body.

    Raises:
        RuleError: `by` may not, another option is chosen, or something is missing or does not fit; the message says what.
    """
    locked(option.question.review)
    option = Option.objects.select_related("question__review").get(pk=option.pk)
    option.check_decidable(verdict=verdict, body=body, on=on, today=timezone.localdate(), reason=reason, by=by)
    decision = OptionDecision.objects.create(option=option, verdict=verdict, body=body, on=on, reason=reason.strip(), by=by)
    ledger.write("option.decided", target=option, by=by, payload={"verdict": verdict, "body": body.pk, "on": on, "reason": decision.reason})
    return decision
