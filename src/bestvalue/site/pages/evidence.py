"""Evidence: one piece of it with all that is known of it, and adding more."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.dataset.last_day import last_day_of_data
from bestvalue.documents.without_metadata import without_metadata
from bestvalue.errors import BestValueError
from bestvalue.record.bodies.models import Person
from bestvalue.record.confined import confined
from bestvalue.record.reading_bounds import document_bounds
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.changes.copies import note_copy
from bestvalue.record.reviews.models import Evidence, EvidenceFile, EvidenceGrade, EvidenceKind, Finding, FourC, Review
from bestvalue.record.reviews.models.file_scan import check_open
from bestvalue.site.forms.evidence import FileVersionForm, GradeForm
from bestvalue.site.forms.reviews import DocumentEvidenceForm, ResultEvidenceForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import file_download
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.markings import own_groups
from bestvalue.site.presenters.results import result_page
from bestvalue.site.presenters.tags import SCAN, STRENGTH, TONE


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of evidence: what it says, how we know, and which findings rely on it."""
    seen = Evidence.objects.visible_to(request.user).select_related("review", "added_by", "group", "withdrawn_by")
    graded = Prefetch("grades", EvidenceGrade.objects.select_related("by"))
    files = Prefetch("files", EvidenceFile.objects.select_related("added_by").prefetch_related("scans"))
    found = get_object_or_404(seen.prefetch_related(graded, files), pk=pk)
    by_strand = found.citations.filter(finding__in=Finding.objects.visible_to(request.user).order_by()).order_by(
        "finding__strand__number", "finding__number"
    )
    cited = by_strand.select_related("finding__strand", "file")
    person = person_behind(request)
    if found.is_sensitive:
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
            "findings": [(TONE[one.finding.tone], one.finding, one.file.number if one.file else None) for one in cited],
            "files": [(SCAN[file.scan_state], file) for file in found.files.all()],
            "newest": next(iter(found.files.all()), None),
            "scanner": settings.WORKSPACE.settings.scanner,
            "grades": found.grades.all(),
            "strength": STRENGTH[found.strength.value],
            "may_add": not found.is_withdrawn and found.review.is_editable_by(person),
            "result": result_page(kept) if kept else None,
        },
    )


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a piece of evidence, as it came in."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    newest = found.files.prefetch_related("scans").first()
    if newest is None:
        raise Http404("no file")
    check_open(newest)
    changes.note_read(found, by=person_behind(request))
    return file_download(settings.WORKSPACE.files_folder / newest.sha256, name=marked_name(found, newest.name))


@require_safe
def evidence_version(request: HttpRequest, pk: int) -> FileResponse:
    """One version of a file, as it came in: what a finding cites stays readable when a newer version is there."""
    seen = Evidence.objects.visible_to(request.user)
    found = get_object_or_404(EvidenceFile.objects.filter(evidence__in=seen).select_related("evidence").prefetch_related("scans"), pk=pk)
    check_open(found)
    changes.note_read(found.evidence, by=person_behind(request))
    return file_download(settings.WORKSPACE.files_folder / found.sha256, name=marked_name(found.evidence, found.name))


@require_safe
def evidence_copy(request: HttpRequest, pk: int) -> FileResponse:
    """Whoever publishes a file or hands it out asks: what does it say of its makers? They take a copy that says nothing of them."""
    seen = Evidence.objects.visible_to(request.user)
    found = get_object_or_404(EvidenceFile.objects.filter(evidence__in=seen).select_related("evidence").prefetch_related("scans"), pk=pk)
    person = person_behind(request)
    check_open(found)
    copy = confined(without_metadata, document_bounds(), settings.WORKSPACE.files_folder / found.sha256, name=found.name)
    changes.note_read(found.evidence, by=person)
    note_copy(found, sha256=hashlib.sha256(copy).hexdigest(), size=len(copy), by=person)
    path = Path(marked_name(found.evidence, found.name))
    return file_download(io.BytesIO(copy), name=f"{path.stem}-without-metadata{path.suffix}")


@require_http_methods(["GET", "POST"])
def evidence_file_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a new version of the file; the older ones stay."""
    person, found = person_behind(request), get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    found.review.check_editable(by=person)
    found.check_standing()
    page = FormPage(
        heading="Add a new version of the file",
        button="Add the version",
        caption=str(found),
        breadcrumbs=_crumbs_below(found),
        marking=found.marking,
        lead=("The versions before it stay, and findings go on citing the one that they rest on.",),
        takes_files=True,
    )

    def save(*, file: "UploadedFile[Any]", note: str) -> tuple[str, str]:
        with _set_aside(file) as path:
            added = changes.add_file_version(found, file=path, file_name=file.name or "upload", note=note, by=person)
        return f"Version {added.number} is kept", reverse("evidence", args=[found.pk])

    return answer_form(request, FileVersionForm(request.POST or None, request.FILES or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def evidence_grade(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever judges evidence says how good it is, on the house scale, and why."""
    person, found = person_behind(request), get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    found.review.check_editable(by=person)
    found.check_standing()
    page = FormPage(
        heading="Grade the evidence",
        button="Grade it",
        caption=str(found),
        breadcrumbs=_crumbs_below(found),
        marking=found.marking,
        lead=(
            "This is the house's own scale, not an intelligence grade: how reliable the source is, and how credible what it says.",
            "An earlier grade stays in view beside this one.",
        ),
    )

    def save(**said: Any) -> tuple[str, str]:
        grade = changes.grade_evidence(found, by=person, **said)
        return f"The evidence is graded {grade}: {grade.strength.label}", reverse("evidence", args=[found.pk])

    return answer_form(request, GradeForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the answer of an analysis as evidence."""
    person, review = _for_writing(request, pk)
    results = [
        (kept.digest, f"{kept.result.title} ({kept.result.provenance.started_at:%d %b %Y}, {kept.digest[:8]})")
        for kept in map(settings.WORKSPACE.store.get, settings.WORKSPACE.store.digests())
    ]
    initial = {"result_digest": request.GET.get("result", ""), "title": request.GET.get("title", "")}
    form = ResultEvidenceForm(
        request.POST or None,
        review=review,
        groups=own_groups(review, person),
        results=results,
        initial={**initial, "effective_date": _tells_of(initial["result_digest"], among=results)},
    )
    if form.is_valid() and (added := _add(form, review, by=person, kind=EvidenceKind.RESULT)):
        messages.success(request, f"The result is evidence {added.reference}")
        return redirect("evidence", pk=added.pk)
    context = {
        "breadcrumbs": _crumbs(review),
        "marking": review.marking_for(request.user),
        "review": review,
        "form": form,
        "results": results,
    }
    return render(request, "reviews/evidence_add.html", context)


@require_http_methods(["GET", "POST"])
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a document, or the note of an interview or visit, as evidence."""
    person, review = _for_writing(request, pk)
    form = DocumentEvidenceForm(request.POST or None, request.FILES or None, review=review, groups=own_groups(review, person))
    if form.is_valid() and (added := _add_document(form, review, by=person)):
        messages.success(request, f"Evidence {added.reference} is recorded")
        return redirect("evidence", pk=added.pk)
    context = {"breadcrumbs": _crumbs(review), "marking": review.marking_for(request.user), "review": review, "form": form}
    return render(request, "reviews/document_add.html", context)


def _tells_of(digest: str, *, among: Sequence[tuple[str, str]]) -> date | None:
    """The last day of the data that a result was read from, to be offered; None where they have none or are others by now."""
    if digest not in {kept for kept, _ in among}:
        return None
    return last_day_of_data(settings.WORKSPACE.check(), settings.WORKSPACE.store.get(digest).result.provenance.tables)


def _for_writing(request: HttpRequest, pk: int) -> tuple[Person, Review]:
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    return person, review


def _add_document(form: DocumentEvidenceForm, review: Review, *, by: Person) -> Evidence | None:
    upload: UploadedFile[Any] | None = form.cleaned_data.pop("file")
    if upload is None:
        return _add(form, review, by=by)
    with _set_aside(upload) as path:
        return _add(form, review, by=by, file=path, file_name=upload.name or "upload")


@contextmanager
def _set_aside(upload: "UploadedFile[Any]") -> Iterator[Path]:
    """The uploaded file under a name of ours, until it is kept or refused."""
    with TemporaryDirectory(prefix="bestvalue-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield path


def _add(form: ResultEvidenceForm | DocumentEvidenceForm, review: Review, *, by: Person, **more: Any) -> Evidence | None:
    """The evidence added; None when a rule forbids it, and then the form says which."""
    try:
        return changes.add_evidence(review, by=by, **form.cleaned_data, **more)
    except BestValueError as broken:
        add_broken(form, broken)
        return None


def marked_name(found: Evidence, name: str) -> str:
    """The name of a file that leaves the site, with its marking where that is sensitive: it goes on without its page."""
    path = Path(name)
    return f"{path.stem}-{found.marking}{path.suffix}" if found.is_sensitive else name


def _crumbs_below(found: Evidence) -> list[tuple[str, str]]:
    return [*_crumbs(found.review), (f"Evidence {found.reference}", reverse("evidence", args=[found.pk]))]


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
