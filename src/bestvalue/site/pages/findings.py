"""Findings: one of them, and drawing a new one from evidence."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import person_of
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, Review, highest
from bestvalue.record.scrutiny.models import Challenge, bodies_to_challenge_for
from bestvalue.site.forms.reviews import FindingForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.scrutiny import STANDING
from bestvalue.site.presenters.tags import TONE


@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: the sentence, the evidence it rests on, who challenged it, and what was recommended because of it."""
    person = person_of(request.user)
    found = get_object_or_404(
        Finding.objects.visible_to(request.user).select_related("review", "strand", "added_by", "withdrawn_by"), pk=pk
    )
    if found.is_sensitive:
        changes.note_read(found, by=person_behind(request))
    evidence = list(Evidence.objects.visible_to(request.user).filter(findings=found))
    recommendations = list(Recommendation.objects.visible_to(request.user).filter(findings=found))
    versions = dict(found.citations.values_list("evidence", "file__number"))
    challenges = Challenge.objects.visible_to(request.user).filter(finding=found).prefetch_related("steps")
    return render(
        request,
        "reviews/finding.html",
        {
            "breadcrumbs": _crumbs(found.review),
            "marking": highest([found, *evidence, *recommendations, *challenges]),
            "finding": found,
            "tag": TONE[found.tone],
            "evidence": [(item, versions[item.pk]) for item in evidence],
            "recommendations": recommendations,
            "challenges": [(STANDING[challenge.standing], challenge) for challenge in challenges],
            "may_edit": not found.is_withdrawn and found.review.is_editable_by(person),
            "may_challenge": person is not None and not found.is_withdrawn and bodies_to_challenge_for(found.review, person).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
def finding_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a finding; it must cite evidence."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    evidence = Evidence.objects.visible_to(request.user).standing().filter(review=review)
    first = {"evidence": request.GET.getlist("evidence")}
    form = FindingForm(request.POST or None, strands=review.strands.standing(), evidence=evidence, initial=first)
    if form.is_valid():
        try:
            added = changes.add_finding(review, by=person, **form.cleaned_data)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, f"Finding {added.reference} is recorded")
            return redirect("finding", pk=added.pk)
    context = {"breadcrumbs": _crumbs(review), "marking": review.marking_for(request.user), "review": review, "form": form}
    return render(request, "reviews/finding_add.html", context)


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
