"""The evidence of a review as its page needs it: of all of it what it covers, and a page of it to read."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from bestvalue.record.reviews.models import Credibility, Evidence, EvidenceGrade, EvidenceQuerySet, EvidenceStrand, Reliability, Strength
from bestvalue.record.reviews.models.evidence_quality import strength_of
from bestvalue.site.presenters.reviews import Gathered

ITEMS_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class EvidenceOfReview:
    """What somebody sees of a review's evidence.

    Args:
        gathered: what each piece covers, by its key.
        page: which keys are shown.
        shown: these pieces, each with the numbers of its strands.
    """

    gathered: Mapping[int, Gathered]
    page: Page[int]
    shown: tuple[tuple[Evidence, tuple[int, ...]], ...]


def evidence_of(request: HttpRequest, seen: EvidenceQuerySet) -> EvidenceOfReview:
    """Three questions, however much there is: a review of years gathers thousands of pieces, and a page shows fifty.

    Args:
        request: names the page.
        seen: the evidence of the review that its reader sees.
    """
    newest = EvidenceGrade.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
    graded = seen.annotate(newest_of=Subquery(newest.values("reliability")[:1]), newest_in=Subquery(newest.values("credibility")[:1]))
    columns = ("pk", "four_cs", "newest_of", "newest_in")
    strands: dict[int, list[int]] = defaultdict(list)
    pairs = EvidenceStrand.objects.filter(evidence__in=seen.order_by().values("pk")).order_by("strand__number")
    for key, number in pairs.values_list("evidence", "strand__number"):
        strands[key].append(number)
    gathered = {
        key: Gathered(strands=frozenset(strands.get(key, ())), four_cs=frozenset(four_cs), strength=_strength(source, content).value)
        for key, four_cs, source, content in graded.order_by("number").values_list(*columns)
    }
    page: Page[int] = Paginator(list(gathered), ITEMS_A_PAGE).get_page(request.GET.get("page"))
    found = seen.filter(pk__in=list(page)).order_by("number")
    shown = tuple((item, tuple(strands.get(item.pk, ()))) for item in found)
    return EvidenceOfReview(gathered=gathered, page=page, shown=shown)


def _strength(reliability: str | None, credibility: str | None) -> Strength:
    if reliability is None or credibility is None:
        return Strength.UNGRADED
    return strength_of(Reliability(reliability), Credibility(credibility))
