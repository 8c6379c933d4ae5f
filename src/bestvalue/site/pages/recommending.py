"""Recommending something because of findings: the step from what a review learnt to what somebody is asked to do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bestvalue.errors import RuleError
from bestvalue.record.delivery.changes import draft_recommendation
from bestvalue.record.reviews.models import Finding, Review, highest
from bestvalue.site.forms.recommendations import RecommendationForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind


@require_http_methods(["GET", "POST"])
def recommendation_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The team asks "what should be done about these findings, and what does it cost?", and drafts it; next, they plan or publish it."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("force", "authority"), pk=pk)
    review.check_editable(by=person)
    findings = (
        Finding.objects.visible_to(request.user)
        .standing()
        .filter(review=review)
        .select_related("strand")
        .order_by("strand__number", "number")
    )
    chosen = {key for key in request.GET.getlist("finding") if key.isascii() and key.isdigit()}
    form = RecommendationForm(request.POST or None, findings=findings, initial={"findings": sorted(chosen)})
    if form.is_valid():
        said = form.cleaned_data
        try:
            drafted = draft_recommendation(
                review,
                text=said["text"],
                findings=list(said["findings"]),
                addressed_body=said["addressed_body"],
                costing=form.costing(),
                on=timezone.localdate(),
                by=person,
            )
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, f"Recommendation {drafted.number} is drafted")
            return redirect("recommendation", pk=drafted.pk)
    context = {
        "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
        "marking": highest(findings),
        "review": review,
        "form": form,
        "has_findings": bool(findings),
    }
    return render(request, "reviews/recommendation_add.html", context)
