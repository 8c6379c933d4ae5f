"""A review's pack for its inspectors: in one click, in the format that is asked for."""

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from bestvalue.documents.inspection_pack import inspection_pack as pack_of
from bestvalue.documents.writing import write_report
from bestvalue.record.assessment.review_pack import pack_content
from bestvalue.record.bodies.models import User
from bestvalue.record.reviews.changes import note_exported
from bestvalue.record.reviews.marked_content import sensitive_in
from bestvalue.record.reviews.models import Review
from bestvalue.site.confirming import check_may_take
from bestvalue.site.forms.assessment import PackForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download


@require_http_methods(["GET", "POST"])
def inspection_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The team hands it over, an inspector takes it: each gets what they may see of the review, in one document."""
    person = person_behind(request)
    seen = Review.objects.visible_to(request.user).select_related("force", "authority", "programme")
    review = get_object_or_404(seen.prefetch_related("aims", "strands", "stages"), pk=pk)
    form = PackForm(request.POST or None)
    if form.is_valid() and isinstance(request.user, User):
        content = pack_content(review, user=request.user, on=timezone.localdate())
        check_may_take(request, content.marking)
        note_exported(sensitive_in(review, user=request.user), by=person, what=f"Inspection pack of {review}")
        name = f"inspection-pack-{slugify(review.title)}-{content.on:%Y-%m-%d}-{content.marking}.{form.cleaned_data['format']}"
        with tempfile.TemporaryDirectory() as folder:
            written = write_report(pack_of(content), Path(folder) / name).read_bytes()
        return bytes_download(written, name=name)
    context = {
        "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
        "review": review,
        "marking": review.marking_for(request.user),
        "form": form,
    }
    return render(request, "inspections/pack.html", context)
