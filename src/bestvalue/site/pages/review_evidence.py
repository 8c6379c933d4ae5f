"""The evidence register of a review: every piece that somebody sees, narrowed to what a number of the front page counted."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import Evidence, EvidenceKind, EvidenceQuerySet, FourC, Review, highest
from bestvalue.site.forms.review_lists import WITHDRAWN, EvidenceFilter
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.list_reading import key_asked

ITEMS_A_PAGE = 50


@require_safe
def review_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever doubts a number asks "what does that rest on?"; they open the piece, and the team adds what is missing."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user).prefetch_related("stages", "parts", "strands"), pk=pk)
    strands = [(strand.pk, f"{strand.number}. {strand.name}") for strand in review.strands.all()]
    seen = Evidence.objects.visible_to(request.user).filter(review=review)
    found = narrowed(seen, request.GET)
    if (strand := key_asked(request, "strand")) is not None:
        found = found.filter(strands=strand)
    page = Paginator(found.prefetch_related("strands", "grades").order_by("number"), ITEMS_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "reviews/evidence_register.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
            "marking": highest(rows),
            "review": review,
            "form": EvidenceFilter(request.GET, strands=strands),
            "page": page,
            "withdrawn": 0 if request.GET.get("withdrawn") else seen.exclude(withdrawn_on=None).count(),
            "rows": [(item, sorted(strand.number for strand in item.strands.all())) for item in rows],
            "query": f"{query.urlencode()}&" if query else "",
            "file_query": f"review={review.pk}&{query.urlencode()}",
            "may_add": review.stage not in ENDED and review.is_editable_by(person),
        },
    )


def narrowed(evidence: EvidenceQuerySet, asked: Mapping[str, str]) -> EvidenceQuerySet:
    """The evidence that the filter of the register asks for; what it does not offer finds nothing.

    Args:
        evidence: what the reader sees.
        asked: `withdrawn` (without it only what stands is found), kind, `four_c` and words; the strand and the review are keys, which every
            list takes.
    """
    withdrawn = asked.get("withdrawn")
    kind, four_c, words = asked.get("kind"), asked.get("four_c"), asked.get("words", "").replace("\0", "")
    if (kind and kind not in EvidenceKind.values) or (four_c and four_c not in FourC.values) or (withdrawn and withdrawn not in WITHDRAWN):
        return evidence.none()
    if withdrawn != "all":
        evidence = evidence.exclude(withdrawn_on=None) if withdrawn else evidence.standing()
    if kind:
        evidence = evidence.filter(kind=kind)
    if four_c:
        # As text: SQLite has no question about what a list in JSON contains.
        evidence = evidence.alias(four_cs_text=Cast("four_cs", TextField())).filter(four_cs_text__contains=f'"{four_c}"')
    if words:
        evidence = evidence.filter(Q(title__icontains=words) | Q(notes__icontains=words))
    return evidence
