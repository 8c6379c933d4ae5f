"""Gates and decisions of a review as the lines that several pages show."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.urls import reverse

from bestvalue.record.reviews.life_cycle import Gate, Need, edges_from, why_not
from bestvalue.record.reviews.models import Decision, Review
from bestvalue.record.reviews.readiness import met_of
from bestvalue.site.presenters.decisions import DUE, LAPSED, OVERDUE, DecisionLine, OverdueLine, gate_task
from bestvalue.site.presenters.reviews import Task
from bestvalue.site.presenters.tags import OUTCOME


def gate_tasks(review: Review, decisions: Iterable[Decision], *, on: date, met: Collection[Need] | None = None) -> tuple[Task, ...]:
    """What may be decided at the present stage, and why it cannot be agreed yet, by the table of the life cycle.

    Args:
        review: with `stages` and `parts__body` prefetched, or this asks for them.
        decisions: all of its decisions.
        on: today.
        met: what of the things that gates need exists, where the page has read it; or this asks for it.
    """
    stage = review.stage
    edges = edges_from(stage)
    met = met_of(review, {need for edge in edges for need in edge.needs}) if met is None else met
    deciding = {part.part: part.body.name for part in review.parts.all()}
    asked = {Gate(decision.gate): decision for decision in decisions if not decision.is_taken and decision.lapsed_on is None}
    return tuple(
        gate_task(
            what=edge.gate.label,
            who=deciding.get(edge.decided_by, f"The {edge.decided_by.label.lower()}"),
            reasons=why_not(edge, stage=stage, met=met, takes_part=edge.decided_by in deciding),
            due=asked[edge.gate].due if edge.gate in asked else None,
            is_overdue=edge.gate in asked and asked[edge.gate].is_overdue(on=on),
            address=reverse("review_decision", args=[asked[edge.gate].pk]) if edge.gate in asked else "",
        )
        for edge in edges
    )


def decision_line(decision: Decision, *, on: date) -> DecisionLine:
    """A decision with its body and review selected; attendance where it was prefetched and taken."""
    tag = OUTCOME[decision.outcome] if decision.outcome else (OVERDUE if decision.is_overdue(on=on) else DUE)
    places = list(decision.attendances.all()) if decision.is_taken else []
    return DecisionLine(
        what=decision.get_gate_display(),
        body=decision.body.name,
        review=decision.review.title,
        due=decision.due,
        tag=LAPSED if decision.lapsed_on else tag,
        address=reverse("review_decision", args=[decision.pk]),
        taken_on=decision.taken_on,
        days=decision.days_taken,
        attended=f"{sum(place.attended for place in places)} of {len(places)}" if places else "",
    )


def overdue_lines(decisions: Sequence[Decision], *, on: date) -> list[OverdueLine]:
    """The bodies with decisions overdue, those first that took none yet.

    Args:
        decisions: all of one review or of several, with `body` and `review` selected.
        on: today.
    """
    late = [decision for decision in decisions if decision.is_overdue(on=on)]
    seen = {decision.body_id for decision in decisions if decision.is_taken}
    lines = [
        OverdueLine(
            body=body.name,
            decisions=tuple(decision_line(decision, on=on) for decision in late if decision.body_id == body.pk),
            is_silent=body.pk not in seen,
        )
        for body in {decision.body_id: decision.body for decision in late}.values()
    ]
    return sorted(lines, key=lambda line: (not line.is_silent, line.body))
