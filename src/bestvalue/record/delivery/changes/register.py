"""Changes to the register: what was asked, how it was answered, who owns it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import UNKNOWN, Costing, Ownership, Recommendation, RecommendationStatus, Source, check_answers
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.inspections.models import DECIDERS, Candidate, CandidateDecision, Outcome
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Finding, Review


@dataclass(frozen=True, kw_only=True)
class Entered:
    """One recommendation as somebody enters it.

    Args:
        number: in its report.
        text: what is asked.
        kind: what kind of finding asks.
        asked_of: who is to act.
    """

    number: str
    text: str
    kind: Kind = Kind.RECOMMENDATION
    asked_of: Body | None = None


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
    keep_standing(recommendation)
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
    costing: Costing = UNKNOWN,
) -> Recommendation:
    """Draft a recommendation of our own review; it gets the next number.

    Args:
        review: the review that recommends.
        text: what is asked.
        findings: at least one finding of the review that it rests on.
        on: the day of its first status.
        by: somebody of the review's team.
        addressed_body: who is to act.
        costing: what it costs, what it brings, and by what anyone will see that it worked.

    Raises:
        RuleError: `by` may not write in the review, it says nothing, rests on no finding of this review or on one that was
            withdrawn, or its costing cannot be.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    review.check_editable(by=by)
    if not text.strip():
        raise RuleError("A recommendation asks for something", where="text", next_step="Enter the recommendation.")
    if not findings or any(finding.review_id != review.pk for finding in findings):
        raise RuleError(
            "A recommendation rests on findings of its review", where="findings", next_step="Select at least one finding of this review."
        )
    for finding in Finding.objects.filter(pk__in=[finding.pk for finding in findings]):
        finding.check_standing()  # as it is now that the review is held
    costing = costing.checked()
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
        **asdict(costing),
    )
    recommendation.findings.set(findings)
    RecommendationStatus.objects.create(recommendation=recommendation, status=Status.DRAFT, on=on, by=by)
    keep_standing(recommendation)
    cited = sorted(finding.reference for finding in findings)
    told = {"text": recommendation.text, "findings": cited, "costing": _said(costing)}
    ledger.write("recommendation.drafted", target=recommendation, by=by, payload=told)
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
    keep_standing(recommendation)
    ledger.write("recommendation.status_set", target=recommendation, by=by, payload={"status": status, "on": on, "note": reached.note})
    return reached


@transaction.atomic
def enter_recommendations(
    issuer: Body, *, report_title: str, made_on: date | None, rows: Sequence[Entered], by: Person
) -> list[Recommendation]:
    """Enter recommendations of a report that is not in the library: by hand, or from a tracker. One entry of the ledger lists every row.

    Args:
        issuer: who made them.
        report_title: of the report that they stand in; with the issuer and their numbers it is their key.
        made_on: the day of that report; today is its first status's day where it is not known.
        rows: what was asked.
        by: who enters them.

    Raises:
        RuleError: `by` may not, there is no row, a row says nothing, or its key is in the register already.
    """
    if not by.holds(*DECIDERS):
        raise RuleError(f"{by} may not enter recommendations", next_step="Ask a project or programme manager.")
    if not report_title.strip():
        raise RuleError("The report has no title", where="report_title", next_step="Enter the title of the report.")
    slug = slugify(report_title)
    _check_entered(rows, taken=set(Recommendation.objects.of_plan(issuer=issuer, report_slug=slug).values_list("number", flat=True)))
    made = []
    for order, row in enumerate(rows, start=_next_order(issuer, slug)):
        recommendation = Recommendation.objects.create(
            issuer=issuer,
            report_slug=slug,
            report_title=report_title.strip(),
            made_on=made_on,
            number=row.number.strip(),
            order=order,
            source=Source.ENTERED,
            kind=row.kind,
            text=row.text.strip(),
            addressed_body=row.asked_of,
        )
        on = made_on or timezone.localdate()
        RecommendationStatus.objects.create(recommendation=recommendation, status=Status.MADE, on=on, by=by)
        made.append(recommendation)
    keep_standing(*made)
    listed = [{"key": one.key, "kind": one.kind, "text": one.text} for one in made]
    ledger.write("recommendations.entered", target=made[0], by=by, payload={"rows": listed})
    return made


@transaction.atomic
def own(
    recommendation: Recommendation,
    *,
    body: Body,
    lead: Person,
    on: date,
    by: Person,
    sponsor: Person | None = None,
    cycle_days: int = 91,
    reason: str = "",
) -> Ownership:
    """Record which body owns a recommendation from a day on, who leads it, and who stands behind.

    Another body takes it over by a transfer, which it accepts; here an owner changes the lead, the sponsor or its rhythm.

    Raises:
        RuleError: `by` may not, another body owns it, the day lies before the present entry's, or a change has no reason.
    """
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    check_answers(recommendation, by=by)
    present = recommendation.ownership
    if present is not None:
        if present.body_id != body.pk:
            raise RuleError(f"{present.body} owns it", where="body", next_step=f"Offer it to {body}, which may accept it.")
        if on < present.on:
            raise RuleError(f"The present entry dates from {present.on:%d %B %Y}", where="on", next_step="Enter that day or a later one.")
        if not reason.strip():
            raise RuleError("A change of the lead has a reason", where="reason", next_step="Say why: it explains delays later.")
    owned = Ownership.objects.create(
        recommendation=recommendation, body=body, lead=lead, sponsor=sponsor, cycle_days=cycle_days, on=on, reason=reason.strip(), by=by
    )
    keep_standing(recommendation)
    ledger.write(
        "recommendation.owned",
        target=recommendation,
        by=by,
        payload={"body": body.pk, "lead": lead.pk, "sponsor": sponsor and sponsor.pk, "on": on, "reason": owned.reason},
    )
    return owned


def _said(costing: Costing) -> dict[str, Any]:
    """What was said of it; what nobody knows is left out."""
    return {name: value for name, value in asdict(costing).items() if value not in (None, "")}


def _finding_number(candidate: Candidate) -> str:
    number = f"paragraph {candidate.paragraph.number}"
    taken = Recommendation.objects.filter(
        published_report=candidate.report, number__startswith=number, paragraph=candidate.paragraph
    ).count()
    return f"{number} ({taken + 1})" if taken else number


def _next(rows: "models.Manager[Recommendation]", field: str) -> int:
    newest: int | None = rows.aggregate(newest=models.Max(field))["newest"]
    return (newest or 0) + 1


def _next_order(issuer: Body, slug: str) -> int:
    newest: int | None = Recommendation.objects.of_plan(issuer=issuer, report_slug=slug).aggregate(newest=models.Max("order"))["newest"]
    return (newest or 0) + 1


def _check_entered(rows: Sequence[Entered], *, taken: set[str]) -> None:
    if not rows:
        raise RuleError("There is nothing to enter", where="rows", next_step="Give at least one recommendation.")
    for place, row in enumerate(rows, start=1):
        if not row.number.strip() or not row.text.strip():
            raise RuleError(f"Row {place} has no number or no text", where=f"row {place}", next_step="Enter both.")
        if row.number.strip() in taken:
            raise RuleError(
                f"Number {row.number.strip()} of this report is in the register already", where=f"row {place}", next_step="Use that one."
            )
        taken.add(row.number.strip())
