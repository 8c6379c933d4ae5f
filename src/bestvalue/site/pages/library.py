"""Reports that others published: the library of them, one of them, importing one, deciding about what it asks for."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.documents.reading import check_importable, read_report
from bestvalue.errors import BestValueError, RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.confined import confined
from bestvalue.record.delivery.changes import take_up
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.report_import import import_report
from bestvalue.record.inspections.changes import dismiss
from bestvalue.record.inspections.models import Candidate, Extracted, GoodPractice, PointKind, PublishedReport
from bestvalue.record.reading_bounds import document_bounds
from bestvalue.site.forms.inspections import CandidateForm, ReportImportForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.report_notes import noted_in
from bestvalue.site.presenters.reports import CandidateView, JudgementView, sections_with_paragraphs
from bestvalue.site.presenters.tags import CANDIDATE


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Imported reports, and the good practice in them."""
    reports = PublishedReport.objects.visible_to(request.user).select_related("issuer", "about")
    practice = GoodPractice.objects.filter(report__in=reports).select_related("report", "paragraph")
    return render(request, "library/library.html", {"reports": reports, "practice": practice})


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report: judgements, what it recommends, what it asks for without recommending it, and its text."""
    counted = {"waiting": Count("extracted", filter=Q(extracted__check_made=None))}
    seen = PublishedReport.objects.visible_to(request.user).select_related("issuer", "about").annotate(**counted)
    found = get_object_or_404(seen, slug=slug)
    noted = noted_in(found)
    return render(
        request,
        "library/report.html",
        {
            "breadcrumbs": [("Library", reverse("library"))],
            "report": found,
            "to_check": found.waiting,
            "judgements": [
                JudgementView(
                    question=judgement.question,
                    grade=judgement.grade,
                    scale=tuple(judgement.scale),
                    paragraphs=tuple(paragraph.number for paragraph in judgement.paragraphs.all()),
                )
                for judgement in found.judgements.prefetch_related("paragraphs")
            ],
            "recommendations": Recommendation.objects.visible_to(request.user).filter(published_report=found).in_register_order(),
            "strengths": noted[PointKind.STRENGTH],
            "areas": noted[PointKind.DEVELOPMENT],
            "concerns": noted[PointKind.CONCERN],
            "conclusions": noted["conclusion"],
            "practice": noted["practice"],
            "candidates": [
                _candidate_view(candidate) for candidate in found.candidates.select_related("paragraph").prefetch_related("decisions")
            ],
            "differences": noted["difference"],
            "other_series": noted["series"],
            "sections": sections_with_paragraphs(
                list(found.sections.values_list("pk", "number", "title", "level")),
                found.paragraphs.values_list("section_id", "number", "numbered", "text"),
            ),
        },
    )


@require_http_methods(["GET", "POST"])
def report_import(request: HttpRequest) -> HttpResponse:
    """Import a report: all of it or nothing. Its recommendations wait for another person, who lets them into the register."""
    person = person_behind(request)
    form = ReportImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            imported = _import(
                form.cleaned_data["file"],
                issuer=form.cleaned_data["issuer"],
                allow_none=form.cleaned_data["allow_none"],
                by=person,
            )
        except BestValueError as fault:
            add_broken(form, fault, at=None if isinstance(fault, RuleError) else "file")
        else:
            messages.success(request, f"The report is in the record, with {imported.paragraphs.count()} numbered paragraphs")
            waits = Extracted.objects.filter(report=imported).to_check().exists()
            return redirect("report_check" if waits else "report", slug=imported.slug)
    return render(request, "library/import.html", {"form": form, "breadcrumbs": [("Library", reverse("library"))]})


@require_http_methods(["GET", "POST"])
def candidate_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a finding up as a recommendation, or set it aside; both with a reason."""
    person = person_behind(request)
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("report", "paragraph"), pk=pk)
    form = CandidateForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if form.cleaned_data["decision"] == CandidateForm.TAKE_UP:
                taken = take_up(candidate, reason=reason, on=timezone.localdate(), by=person)
                messages.success(request, "The finding is now a recommendation in the register")
                return redirect("recommendation", pk=taken.pk)
            dismiss(candidate, reason=reason, by=person)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, "The finding is set aside")
            return redirect(f"{reverse('report', args=[candidate.report.slug])}#candidates")
    crumbs = [("Library", reverse("library")), (candidate.report.title, reverse("report", args=[candidate.report.slug]))]
    return render(request, "library/candidate.html", {"form": form, "candidate": candidate, "breadcrumbs": crumbs})


def _candidate_view(candidate: Candidate) -> CandidateView:
    decisions = list(candidate.decisions.all())
    return CandidateView(
        paragraph=candidate.paragraph.number,
        text=candidate.text,
        phrase=candidate.phrase,
        confidence=candidate.confidence,
        tag=CANDIDATE[candidate.status],
        address=reverse("candidate_decide", args=[candidate.pk]),
        decided=decisions[-1].reason if decisions else "",
    )


def _import(upload: "UploadedFile[Any]", *, issuer: str, allow_none: bool, by: Person) -> PublishedReport:
    with TemporaryDirectory(prefix="bestvalue-") as folder:
        # Only the last part of the name, and that only for its ending and for the record: nothing is opened by it later.
        source = Path(folder) / Path(upload.name or "report").name
        with source.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        read = confined(read_report, document_bounds(), source, issuer=issuer or None)
        if not allow_none:
            check_importable(read)
        return import_report(read, source=source, by=by)
