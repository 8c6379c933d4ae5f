"""Changes to the register of recommendations."""

from collections.abc import Collection
from datetime import date

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Action, Recommendation, RecommendationStatus, Source, check_answers
from bestvalue.record.inspections.models import Candidate, CandidateDecision, Outcome
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Finding, Review


@transaction.atomic
def take_up(candidate: Candidate, *, reason: str, on: date, by: Person) -> Recommendation:
    """Take up a finding that asks for something although the report recommends nothing: it joins the register.

    Its number is that of its paragraph, "paragraph 3.2.11", so that it can never be taken for one of the report's own
    recommendations; the source says that it is a finding that a person took up, and the decision says who and why.

    Raises:
        RuleError: `by` may not decide, no reason is given, or it was taken up already.
    """
    candidate = Candidate.objects.select_for_update(of=("self",)).select_related("report", "paragraph").get(pk=candidate.pk)
    candidate.check_decidable(reason=reason, by=by)
    CandidateDecision.objects.create(candidate=candidate, outcome=Outcome.CONFIRMED, reason=reason.strip(), by=by, at=timezone.now())
    report = candidate.report
    recommendation = Recommendation.objects.create(
        issuer=report.issuer,
        report_slug=report.slug,
        number=_finding_number(candidate),
        order=_next(report.recommendations, "order"),
        source=Source.FINDING,
        text=candidate.text,
        body_text=candidate.paragraph.text,
        published_report=report,
        paragraph=candidate.paragraph,
        candidate=candidate,
        addressed_body=report.about,
    )
    RecommendationStatus.objects.create(recommendation=recommendation, status=Status.MADE, on=on, note=reason.strip(), by=by)
    ledger.write("candidate.taken_up", target=recommendation, by=by, payload={"candidate": candidate.pk, "reason": reason.strip()})
    return recommendation


@transaction.atomic
def draft_recommendation(
    review: Review,
    *,
    text: str,
    findings: Collection[Finding],
    on: date,
    by: Person,
    addressed_body: Body | None = None,
    cost_text: str = "",
    saving_text: str = "",
) -> Recommendation:
    """Draft a recommendation of our own review; it gets the next number.

    Args:
        review: the review that recommends.
        text: what is asked.
        findings: at least one finding of the review that it rests on.
        on: the day of its first status.
        by: somebody of the review's team.
        addressed_body: who is to act.
        cost_text: what it costs, in words with their figures.
        saving_text: what it saves, in words with their figures.

    Raises:
        RuleError: `by` may not write in the review, it says nothing, or rests on no finding of this review.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    review.check_editable(by=by)
    if not text.strip():
        raise RuleError("A recommendation asks for something", where="text", next_step="Enter the recommendation.")
    if not findings or any(finding.review_id != review.pk for finding in findings):
        raise RuleError(
            "A recommendation rests on findings of its review", where="findings", next_step="Select at least one finding of this review."
        )
    order = _next(review.recommendations, "order")
    recommendation = Recommendation.objects.create(
        issuer=review.authority,
        report_slug=slugify(f"{review.title} {review.programme.year}"),
        number=str(order),
        order=order,
        source=Source.REVIEW,
        text=text.strip(),
        review=review,
        addressed_body=addressed_body,
        cost_text=cost_text,
        saving_text=saving_text,
    )
    recommendation.findings.set(findings)
    RecommendationStatus.objects.create(recommendation=recommendation, status=Status.DRAFT, on=on, by=by)
    cited = sorted(finding.reference for finding in findings)
    ledger.write("recommendation.drafted", target=recommendation, by=by, payload={"text": recommendation.text, "findings": cited})
    return recommendation


@transaction.atomic
def set_status(recommendation: Recommendation, *, status: Status, on: date, by: Person, note: str = "") -> RecommendationStatus:
    """Record how a recommendation stands from a day on.

    Raises:
        RuleError: `by` may not, the status does not follow the present one, or lacks its reason.
    """
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    check_answers(recommendation, by=by)
    recommendation.check_status(to=status, on=on, note=note)
    reached = RecommendationStatus.objects.create(recommendation=recommendation, status=status, on=on, note=note.strip(), by=by)
    ledger.write("recommendation.status_set", target=recommendation, by=by, payload={"status": status, "on": on, "note": reached.note})
    return reached


@transaction.atomic
def add_action(
    recommendation: Recommendation, *, what: str, why: str, how: str, target: str, lead: Person, original_date: date, by: Person
) -> Action:
    """Add a row to the improvement plan: what is done, why, how, by whom, until when, and by what it will be seen to be done.

    Raises:
        RuleError: `by` may not, or a part of the row is empty: a plan says all of it.
    """
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    check_answers(recommendation, by=by)
    for part, text in {"what": what, "why": why, "how": how, "target": target}.items():
        if not text.strip():
            raise RuleError(
                f"The plan does not say {part}", where=part, next_step="Enter it: a plan says what, why, how, who, when and its target."
            )
    number = _next(recommendation.actions, "number")
    action = Action.objects.create(
        recommendation=recommendation, number=number, what=what, why=why, how=how, target=target, lead=lead, original_date=original_date
    )
    ledger.write("action.added", target=action, by=by, payload={"what": what, "lead": lead.pk, "original_date": original_date})
    return action


def _finding_number(candidate: Candidate) -> str:
    number = f"paragraph {candidate.paragraph.number}"
    taken = Recommendation.objects.filter(
        published_report=candidate.report, number__startswith=number, paragraph=candidate.paragraph
    ).count()
    return f"{number} ({taken + 1})" if taken else number


def _next(rows: "models.Manager[Recommendation] | models.Manager[Action]", field: str) -> int:
    newest: int | None = rows.aggregate(newest=models.Max(field))["newest"]
    return (newest or 0) + 1
