"""The findings of a review by strand: each with what it rests on and what answers it."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, Exists, OuterRef, Prefetch, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.delivery.models import Recommendation, RecommendationQuerySet
from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import Evidence, Finding, FindingQuerySet, Review, Tone, highest
from bestvalue.site.forms.review_lists import ANSWERED, WITHDRAWN, FindingFilter
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.list_reading import key_asked
from bestvalue.site.presenters.tags import TONE

ITEMS_A_PAGE = 50


@require_safe
def review_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """A board asks "what did the review learn, and what still needs an answer?"; the team opens a finding and recommends."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user).prefetch_related("stages", "parts", "strands"), pk=pk)
    strands = [(strand.pk, f"{strand.number}. {strand.name}") for strand in review.strands.all()]
    recommendations = Recommendation.objects.visible_to(request.user).filter(review=review)
    seen = Evidence.objects.visible_to(request.user).filter(review=review).values("pk")
    cited = Evidence.objects.annotate(
        is_seen=Case(When(pk__in=seen, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    )
    drawn = Finding.objects.visible_to(request.user).filter(review=review)
    found = narrowed(drawn, request.GET, answered_by=recommendations)
    if (strand := key_asked(request, "strand")) is not None:
        found = found.filter(strand=strand)
    found = found.select_related("strand").prefetch_related(
        Prefetch("evidence", cited.order_by("number")), Prefetch("recommendations", recommendations.order_by("order", "pk"))
    )
    page = Paginator(found.order_by("strand__number", "number"), ITEMS_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "reviews/findings.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
            "marking": highest(rows),
            "review": review,
            "form": FindingFilter(request.GET, strands=strands),
            "page": page,
            "withdrawn": 0 if request.GET.get("withdrawn") else drawn.exclude(withdrawn_on=None).count(),
            "rows": [(TONE[finding.tone], finding) for finding in rows],
            "query": f"{query.urlencode()}&" if query else "",
            "file_query": f"review={review.pk}&{query.urlencode()}",
            "may_add": review.stage not in ENDED and review.is_editable_by(person),
        },
    )


def narrowed(findings: FindingQuerySet, asked: Mapping[str, str], *, answered_by: RecommendationQuerySet) -> FindingQuerySet:
    """The findings that the filter asks for; what it does not offer finds nothing.

    Args:
        findings: what the reader sees.
        asked: `withdrawn` (without it only what stands is found), tone, whether answered, and words; the strand and the review are keys,
            which every list takes.
        answered_by: the recommendations that the reader sees.
    """
    withdrawn = asked.get("withdrawn")
    tone, answered, words = asked.get("tone"), asked.get("answered"), asked.get("words", "").replace("\0", "")
    if (tone and tone not in Tone.values) or (answered and answered not in ANSWERED) or (withdrawn and withdrawn not in WITHDRAWN):
        return findings.none()
    if withdrawn != "all":
        findings = findings.exclude(withdrawn_on=None) if withdrawn else findings.standing()
    if tone:
        findings = findings.filter(tone=tone)
    if answered:
        is_answered = Exists(answered_by.filter(findings=OuterRef("pk")))
        findings = findings.filter(is_answered if answered == "yes" else ~is_answered)
    if words:
        findings = findings.filter(text__icontains=words)
    return findings
