"""Evidence: one piece of it with all that is known of it, and adding more."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import BestValueError
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, EvidenceKind, Finding, FourC, Review
from bestvalue.site.forms.reviews import DocumentEvidenceForm, ResultEvidenceForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import file_download
from bestvalue.site.presenters.results import result_page
from bestvalue.site.presenters.tags import TONE


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of evidence: what it says, how we know, and which findings rely on it."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("review", "added_by"), pk=pk)
    cited = Finding.objects.visible_to(request.user).filter(evidence=found).select_related("strand")
    person = person_behind(request)
    changes.note_read(found, by=person)
    kept = settings.WORKSPACE.store.get(found.result_digest) if found.result_digest else None
    return render(
        request,
        "reviews/evidence.html",
        {
            "breadcrumbs": _crumbs(found.review),
            "marking": found.marking,
            "evidence": found,
            "four_cs": [FourC(name).label for name in found.four_cs],
            "strands": found.strands.all(),
            "findings": [(TONE[finding.tone], finding) for finding in cited],
            "may_add": found.review.is_editable_by(person),
            "result": result_page(kept) if kept else None,
        },
    )


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a piece of evidence, as it came in."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    if not found.file_name:
        raise Http404("no file")
    changes.note_read(found, by=person_behind(request))
    return file_download(settings.WORKSPACE.files_folder / found.file_sha256, name=found.file_name)


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the answer of an analysis as evidence."""
    person, review = _for_writing(request, pk)
    results = [
        (kept.digest, f"{kept.result.title} ({kept.result.provenance.started_at:%d %b %Y}, {kept.digest[:8]})")
        for kept in map(settings.WORKSPACE.store.get, settings.WORKSPACE.store.digests())
    ]
    form = ResultEvidenceForm(
        request.POST or None,
        review=review,
        results=results,
        initial={"result_digest": request.GET.get("result", ""), "title": request.GET.get("title", "")},
    )
    if form.is_valid() and (added := _add(form, review, by=person, kind=EvidenceKind.RESULT)):
        messages.success(request, f"The result is evidence {added.reference}")
        return redirect("evidence", pk=added.pk)
    context = {"breadcrumbs": _crumbs(review), "marking": review.marking, "review": review, "form": form, "results": results}
    return render(request, "reviews/evidence_add.html", context)


@require_http_methods(["GET", "POST"])
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a document, or the note of an interview or visit, as evidence."""
    person, review = _for_writing(request, pk)
    form = DocumentEvidenceForm(request.POST or None, request.FILES or None, review=review)
    if form.is_valid() and (added := _add_document(form, review, by=person)):
        messages.success(request, f"Evidence {added.reference} is recorded")
        return redirect("evidence", pk=added.pk)
    context = {"breadcrumbs": _crumbs(review), "marking": review.marking, "review": review, "form": form}
    return render(request, "reviews/document_add.html", context)


def _for_writing(request: HttpRequest, pk: int) -> tuple[Person, Review]:
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    return person, review


def _add_document(form: DocumentEvidenceForm, review: Review, *, by: Person) -> Evidence | None:
    upload: UploadedFile[Any] | None = form.cleaned_data.pop("file")
    if upload is None:
        return _add(form, review, by=by)
    with TemporaryDirectory(prefix="bestvalue-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return _add(form, review, by=by, file=path, file_name=upload.name or "upload")


def _add(form: ResultEvidenceForm | DocumentEvidenceForm, review: Review, *, by: Person, **more: Any) -> Evidence | None:
    """The evidence added; None when a rule forbids it, and then the form says which."""
    try:
        return changes.add_evidence(review, by=by, **form.cleaned_data, **more)
    except BestValueError as broken:
        add_broken(form, broken)
        return None


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
