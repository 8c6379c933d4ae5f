"""Publishing the report of a review: check what will be published, publish, take the files."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import BestValueError
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, PublishedFile, PublishedVersion, Review
from bestvalue.record.reviews.report import publish as publish_report
from bestvalue.site.forms.reviews import PublishForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import file_download
from bestvalue.site.pages.register import register_rows
from bestvalue.site.presenters.tags import TONE


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the answers, then publish: whoever publishes says that they have read them."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("force", "authority"), pk=pk)
    review.check_publishable(by=person)
    form = PublishForm(request.POST or None)
    if form.is_valid():
        try:
            version = publish_report(review, by=person, formats=tuple(form.cleaned_data["formats"]))
        except BestValueError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, f"Version {version.number} of the report is published")
            return redirect("published", pk=version.pk)
    recommendations = (
        Recommendation.objects.visible_to(request.user).filter(review=review).in_register_order().select_related("review__force")
    )
    return render(
        request,
        "reviews/publish.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
            "marking": review.marking_for(request.user),
            "review": review,
            "findings": [
                (TONE[finding.tone], finding)
                for finding in Finding.objects.visible_to(request.user).filter(review=review).select_related("strand")
            ],
            "recommendations": register_rows(recommendations),
            "evidence_count": Evidence.objects.visible_to(request.user).filter(review=review).count(),
            "form": form,
            "person": person,
        },
    )


@require_safe
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """A published version: its files, and the checkpoint of the ledger that proves when."""
    version = get_object_or_404(PublishedVersion.objects.visible_to(request.user).select_related("review", "by"), pk=pk)
    crumbs = [("Reviews", reverse("reviews")), (version.review.title, reverse("review", args=[version.review.pk]))]
    context = {"breadcrumbs": crumbs, "marking": version.marking, "version": version, "files": version.files.all()}
    return render(request, "reviews/published.html", context)


@require_safe
def published_file(request: HttpRequest, pk: int) -> FileResponse:
    """One file of a published version, to keep."""
    versions = PublishedVersion.objects.visible_to(request.user)
    file = get_object_or_404(PublishedFile.objects.filter(version__in=versions).select_related("version"), pk=pk)
    changes.note_read(file.version, by=person_behind(request))
    path = settings.WORKSPACE.reports_folder / file.name
    return file_download(path, name=path.name)
