"""Reviews: which there are, where each is, what it still needs, and what can be decided about it."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Person, Role, person_of
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.practice.likeness import like_practice
from bestvalue.record.practice.models import Practice
from bestvalue.record.programme.models import Programme
from bestvalue.record.reviews.life_cycle import Stage
from bestvalue.record.reviews.models import Evidence, Finding, PublishedVersion, Review, ReviewBody, ReviewStage, Tone
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.gates import gate_tasks, overdue_lines
from bestvalue.site.pages.register import register_rows
from bestvalue.site.pages.review_evidence import evidence_of
from bestvalue.site.presenters.reviews import FOUR_CS, coverage, tasks
from bestvalue.site.presenters.tags import STAGE, TONE

SCOPING = (Stage.PROPOSED, Stage.SELECTED, Stage.SANCTIONED)
"""While what a review looks at is not settled."""


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that somebody sees, by programme."""
    seen = Review.objects.visible_to(request.user).select_related("programme", "force", "authority").prefetch_related("stages")
    seen = seen.order_by("-programme__year", "title")
    person = person_of(request.user)
    lines = [(STAGE[review.stage], review) for review in seen]
    listed = {review.programme_id for _, review in lines}
    context = {
        "lines": lines,
        "others": Programme.objects.visible_to(request.user).exclude(pk__in=listed),
        "may_start": person is not None and person.holds(Role.PROGRAMME_MANAGER),
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: what is missing, its coverage, evidence, findings, recommendations and published versions."""
    person = person_behind(request)
    seen = Review.objects.visible_to(request.user).select_related("programme", "force", "authority")
    people = Prefetch("stages", ReviewStage.objects.select_related("by", "decision__body"))
    found = get_object_or_404(seen.prefetch_related(people, Prefetch("parts", ReviewBody.objects.select_related("body"))), pk=pk)
    evidence = evidence_of(request, Evidence.objects.visible_to(request.user).filter(review=found))
    findings = (
        Finding.objects.visible_to(request.user)
        .filter(review=found)
        .select_related("strand")
        .prefetch_related("evidence", Prefetch("recommendations", Recommendation.objects.visible_to(request.user)))
    )
    rows = coverage(list(found.strands.values_list("number", "name", "question")), list(evidence.gathered.values()))
    recommendations = (
        Recommendation.objects.visible_to(request.user).filter(review=found).in_register_order().select_related("review__force")
    )
    stages = sorted(found.stages.all(), key=lambda stage: (stage.on, stage.pk), reverse=True)
    versions = list(PublishedVersion.objects.visible_to(request.user).filter(review=found).select_related("by"))
    decisions = list(found.decisions.select_related("body", "review"))
    links = _links(found, person)
    return render(
        request,
        "reviews/review.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews"))],
            "marking": found.marking_for(request.user),
            "review": found,
            "stage": STAGE[stages[0].stage],
            "stages": stages,
            "parts": found.parts.all(),
            "four_cs": [label for _, label in FOUR_CS],
            "rows": rows,
            "tasks": tasks(
                rows,
                strands_with_findings={finding.strand.number for finding in findings},
                unanswered=[item.reference for item in findings if item.tone == Tone.NEGATIVE and not item.recommendations.all()],
                versions=len(versions),
                links=links,
            ),
            "gates": gate_tasks(found, decisions, on=timezone.localdate()),
            "overdue": overdue_lines(decisions, on=timezone.localdate()),
            "lacks_financial_adviser": found.lacks_financial_adviser(),
            "unanswered": Challenge.objects.visible_to(request.user).filter(review=found).unanswered(),
            "evidence": evidence.shown,
            "page": evidence.page,
            "query": "",
            "seen": set(evidence.gathered),
            "findings": [(TONE[finding.tone], finding) for finding in findings],
            "recommendations": register_rows(recommendations),
            "versions": versions,
            "links": links,
            "like_practice": _like_practice(request, found),
        },
    )


def _like_practice(request: HttpRequest, review: Review) -> list[Practice]:
    """Good practice of like services, while it can still change what the review looks at."""
    if review.stage not in SCOPING:
        return []
    seen = Practice.objects.visible_to(request.user).select_related("good_practice", "finding")
    return like_practice(f"{review.service} {review.title}", list(seen))


def _links(review: Review, person: Person) -> dict[str, str]:
    """Where whoever asks may add or publish; nothing for those who only read."""
    if not review.is_editable_by(person):
        return {}
    return {
        name: reverse(page, args=[review.pk])
        for name, page in (("evidence", "evidence_add"), ("finding", "finding_add"), ("publish", "publish"))
    }
