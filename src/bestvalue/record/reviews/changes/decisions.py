"""Decisions about a review: put to the body that the life cycle names, then taken by it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.programme.models import Programme
from bestvalue.record.reviews.life_cycle import EDGES, Gate, Outcome, Stage
from bestvalue.record.reviews.models import Attendance, Decision, Review, ReviewStage, check_askable, over_the_limit
from bestvalue.record.reviews.numbering import locked


@transaction.atomic
def ask_for_decision(review: Review, *, gate: Gate, due: date, by: Person, on: date | None = None) -> Decision:
    """Put a question to the body that decides it, due by a day.

    Args:
        review: what it is about.
        gate: the question.
        due: the last day on which it is not late.
        by: the project or programme manager.
        on: the day on which it is put to the body; today when none is given.

    Raises:
        RuleError: `by` does not manage the review, or the question is not open; the message says why.
    """
    review = locked(review)
    review.check_run(by=by)
    asked_on = on or timezone.localdate()
    body = check_askable(review, gate=gate, due=due, asked_on=asked_on)
    decision = Decision.objects.create(review=review, body=body, gate=gate, asked_on=asked_on, asked_by=by, due=due)
    ledger.write("decision.asked", target=decision, by=by, payload={"review": review.pk, "body": body.pk, "gate": gate, "due": due})
    return decision


@transaction.atomic
def take_decision(
    decision: Decision,
    *,
    outcome: Outcome,
    taken_on: date,
    minute: str,
    attended: Collection[Person],
    by: Person,
    reason: str = "",
    interests: Mapping[Person, str] | None = None,
    deferred_to: date | None = None,
) -> Decision:
    """Record what a body decided, who was there and who declared an interest; the review goes where the life cycle says.

    Args:
        decision: what was asked.
        outcome: agreed, returned, refused or deferred.
        taken_on: the day of the meeting.
        minute: where the minute stands.
        attended: the members who were there.
        by: a board or authority member of the body.
        reason: why; needed unless it is agreed, and where the life cycle asks for it.
        interests: what members declared; whoever did, does not count as deciding.
        deferred_to: the day by which the body takes up again what it deferred; the question stays before it.

    Raises:
        RuleError: the message says who may decide, and everything that is missing.
    """
    review = locked(decision.review)
    decision = Decision.objects.select_related("body", "review").get(pk=decision.pk)
    interests = interests or {}
    decision.check_takable(
        outcome=outcome,
        taken_on=taken_on,
        today=timezone.localdate(),
        minute=minute,
        reason=reason,
        attended=attended,
        interests=interests,
        deferred_to=deferred_to,
        by=by,
    )
    decision.outcome, decision.taken_on, decision.minute, decision.reason, decision.recorded_by = (
        outcome,
        taken_on,
        minute.strip(),
        reason.strip(),
        by,
    )
    decision.save()
    for member in decision.members_on(taken_on):
        Attendance.objects.create(decision=decision, person=member, attended=member in attended, interest=interests.get(member, ""))
    moved_to = decision.edge.leads_to(outcome)
    if moved_to is not None:
        _move(review, to=moved_to, decision=decision, on=taken_on, by=by)
    if deferred_to is not None:
        Decision.objects.create(
            review=review, body=decision.body, gate=decision.gate, asked_on=taken_on, asked_by=decision.asked_by, due=deferred_to
        )
    ledger.write("decision.taken", target=decision, by=by, payload=_told(decision, moved_to=moved_to, attended=attended))
    return decision


def _move(review: Review, *, to: Stage, decision: Decision, on: date, by: Person) -> None:
    ReviewStage.objects.create(review=review, stage=to, on=on, note=decision.reason, by=by, decision=decision)
    for other in review.decisions.open():
        if to not in EDGES[Gate(other.gate)].starts:
            other.lapsed_on = on
            other.save()


def _told(decision: Decision, *, moved_to: Stage | None, attended: Collection[Person]) -> dict[str, Any]:
    told = {
        "review": decision.review_id,
        "gate": decision.gate,
        "outcome": decision.outcome,
        "on": decision.taken_on,
        "minute": decision.minute,
        "reason": decision.reason,
        "attended": sorted(person.pk for person in attended),
        "stage": moved_to,
    }
    if moved_to == Stage.SELECTED:
        programme = Programme.objects.get(pk=decision.review.programme_id)
        told["warning"] = over_the_limit(programme, selected=Review.objects.filter(programme=programme).selected().count())
    return told
