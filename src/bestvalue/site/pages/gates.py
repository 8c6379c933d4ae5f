"""Gates and decisions of a review as the lines that several pages show."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from bestvalue.record.bodies.models import User
from bestvalue.record.reviews.engagement import engagement
from bestvalue.record.reviews.life_cycle import Gate, Need, edges_from, why_not
from bestvalue.record.reviews.models import Decision, Review
from bestvalue.record.reviews.readiness import met_of
from bestvalue.site.presenters.decisions import DUE, LAPSED, OVERDUE, Bar, DecisionLine, OverdueLine, gate_task
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


PLACE_OF: Mapping[Need, str] = {
    **dict.fromkeys((Need.TEAM, Need.PROJECT_BOARD, Need.PANEL), "review"),
    **dict.fromkeys((Need.AIMS, Need.STRANDS), "review_aims"),
    Need.TERMS: "review_evidence",
    Need.FINDINGS: "review_findings",
    Need.PUBLISHED: "review_versions",
    Need.ENDORSED: "review_decisions",
}
"""The page of a review on which what a gate needs is found; recommendations and their plan stand in the register."""


def bars_to_agreement(decision: Decision) -> tuple[Bar, ...]:
    """Why a body cannot agree now, each with the page where it is mended; empty where it can.

    Args:
        decision: one that is open, with its review.
    """
    edge, review = decision.edge, decision.review
    stage, met = review.stage, met_of(review, edge.needs)
    needs = [need for need in edge.needs if need not in met]
    wrong_stage = why_not(edge, stage=stage, met=edge.needs, takes_part=True)
    return (
        *(Bar(words=words, address=reverse("review_decisions", args=[review.pk])) for words in wrong_stage),
        *(Bar(words=need.label, address=_place_of(need, review)) for need in needs),
    )


def _place_of(need: Need, review: Review) -> str:
    page = PLACE_OF.get(need)
    return reverse(page, args=[review.pk]) if page else f"{reverse('register')}?review={review.pk}"


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


def overdue_lines(reviews: Iterable[Review], decisions: Sequence[Decision], *, user: User | AnonymousUser, on: date) -> list[OverdueLine]:
    """The bodies with decisions overdue, the silent ones first.

    Args:
        reviews: one or several.
        decisions: all of these, with `body` and `review` selected.
        user: who reads.
        on: today.
    """
    late = [decision for decision in decisions if decision.is_overdue(on=on)]
    if not late:
        return []
    return [
        OverdueLine(
            body=line.body,
            decisions=tuple(decision_line(decision, on=on) for decision in late if decision.body_id == line.key),
            is_silent=line.is_silent,
        )
        for line in engagement(reviews, decisions, user=user, on=on)
        if line.overdue
    ]
