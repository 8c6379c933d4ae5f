"""The list of tasks of a review, for its front page: the gates by the life cycle's table, and where each task is done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.urls import reverse

from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.front_page import FrontPage
from bestvalue.record.reviews.life_cycle import EDGES, Gate, Need, Outcome, Part, Stage, edges_from, way_to, why_not
from bestvalue.record.reviews.models import Decision, Review
from bestvalue.site.pages.gates import gate_tasks
from bestvalue.site.pages.review_counts import ReviewCounts
from bestvalue.site.presenters.review_life import Phase, Standing, later_gate, passed_gate, phases
from bestvalue.site.presenters.reviews import CANNOT_START, BalanceRow, CoverageRow, Task


def life_of(
    review: Review,
    *,
    person: Person,
    decisions: Sequence[Decision],
    facts: FrontPage,
    counts: ReviewCounts,
    rows: Sequence[CoverageRow],
    balanced: Sequence[BalanceRow],
    on: date,
) -> tuple[Phase, ...]:
    """The whole life of a review, as a reader sees it; it asks nothing more of the database.

    Args:
        review: with its stages and parts.
        person: who reads.
        decisions: all of it, with their bodies.
        facts: what its front page has read.
        counts: what it has counted.
        rows: its strands with their evidence.
        balanced: the findings of each of these strands, in their order.
        on: today.
    """
    standing = Standing(
        met=facts.met,
        has_adviser=not facts.lacks_adviser,
        rows=rows,
        findings={row.number: found.count for row, found in zip(rows, balanced, strict=True)},
        unanswered={row.name: found.unanswered for row, found in zip(rows, balanced, strict=True) if found.unanswered},
        questions=counts.questions,
        open_questions=counts.open_questions,
        heard=counts.heard,
        challenges=counts.challenges,
        waiting=counts.waiting,
        recommendations=sum(counts.recommendations.values()),
        not_costed=counts.not_costed,
        versions=facts.versions,
    )
    return phases(standing, gates=_gates(review, decisions, on=on, met=facts.met), links=_places(review, person))


def _gates(review: Review, decisions: Sequence[Decision], *, on: date, met: Collection[Need]) -> Mapping[Gate, Task]:
    """Each gate on the straight way from proposed to closed: passed, open now, or not yet and why."""
    stage = review.stage
    agreed = {Gate(one.gate): one for one in sorted(decisions, key=lambda one: one.pk) if one.outcome == Outcome.AGREED}
    passed = set(agreed) if stage is Stage.WITHDRAWN else set(way_to(stage))
    if stage is Stage.REPORTED and Need.ENDORSED in met:
        passed.add(Gate.ENDORSE)
    now = {edge.gate: task for edge, task in zip(edges_from(stage), gate_tasks(review, decisions, on=on, met=met), strict=True)}
    taking_part = {part.part for part in review.parts.all()}
    gates = {}
    for gate in way_to(Stage.CLOSED):
        edge = EDGES[gate]
        if gate in passed:
            gates[gate] = _passed(gate, agreed.get(gate))
        elif gate in now:
            decided_at = now[gate].address or reverse("review_decisions", args=[review.pk])
            gates[gate] = replace(now[gate], address="" if now[gate].tag == CANNOT_START else decided_at)
        else:
            reasons = why_not(edge, stage=stage, met=met, takes_part=edge.decided_by in taking_part)
            gates[gate] = later_gate(what=gate.label, reasons=reasons[:1])
    return gates


def _passed(gate: Gate, decision: Decision | None) -> Task:
    if decision is None or decision.taken_on is None:
        return passed_gate(what=gate.label, words="", address="")
    words = f"{decision.body.name} agreed on {decision.taken_on.day} {decision.taken_on:%B %Y}"
    return passed_gate(what=gate.label, words=words, address=reverse("review_decision", args=[decision.pk]))


def _places(review: Review, person: Person) -> Mapping[str, str]:
    """Where each task is done, for whoever may do it, and where it is read, for everyone."""
    of_review = {
        "aims": "review_aims",
        "strands": "review_aims",
        "evidence": "review_evidence",
        "consultation": "review_consultation",
        "challenges": "review_challenges",
        "findings": "review_findings",
        "options": "review_options",
        "versions": "review_versions",
    }
    places = {name: reverse(page, args=[review.pk]) for name, page in of_review.items()}
    places |= {
        "terms": f"{places['evidence']}?kind=terms+of+reference",
        "unanswered": f"{places['findings']}?tone=negative&answered=no",
        "register": f"{reverse('register')}?review={review.pk}",
        "not_costed": f"{reverse('register')}?review={review.pk}&watch=uncosted",
    }
    board = next((part.body_id for part in review.parts.all() if part.part == Part.PROJECT_BOARD), None)
    if board is not None:
        places["board"] = reverse("body", args=[board])
    if review.is_editable_by(person):
        places |= {"parts": reverse("review_part_add", args=[review.pk]), "publish": reverse("publish", args=[review.pk])}
    return places
