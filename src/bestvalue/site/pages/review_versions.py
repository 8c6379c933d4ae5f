"""The published versions of a review's report, the newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.reviews.models import Marking, PublishedVersion, Review
from bestvalue.site.pages.access import person_behind


@require_safe
def review_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever holds a printed report asks "is this the one that counts?"; they open the version and its proof."""
    person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    versions = list(PublishedVersion.objects.visible_to(request.user).filter(review=review).select_related("by"))
    context = {
        "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
        "marking": Marking.SENSITIVE if any(version.is_sensitive for version in versions) else Marking.OFFICIAL,
        "review": review,
        "versions": versions,
        "file_query": f"review={review.pk}",
    }
    return render(request, "reviews/versions.html", context)
