"""Publishing the report of a review by two people: one checks and proposes, another reads and confirms or refuses; then take the files."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.documents.review_balance import Found, balance_words
from bestvalue.errors import BestValueError, RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, ProposedVersion, PublishedFile, PublishedVersion, Review
from bestvalue.record.reviews.report import confirm, digest_now, propose
from bestvalue.site.confirming import check_confirmed, check_may_take
from bestvalue.site.forms.reviews import AnswerProposalForm, ProposeForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import file_download
from bestvalue.site.pages.register import register_rows
from bestvalue.site.presenters.tags import TONE


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A manager asks "is it ready to go out?", checks what the report says, and proposes it to a second person."""
    person = person_behind(request)
    seen = Review.objects.visible_to(request.user).with_marking(request.user)
    review = get_object_or_404(seen.select_related("force", "authority"), pk=pk)
    review.check_publishable(by=person)
    form = ProposeForm(request.POST or None)
    if form.is_valid():
        check_confirmed(request)
        try:
            proposal = propose(review, by=person, formats=tuple(form.cleaned_data["formats"]))
        except BestValueError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, f"Version {proposal.number} is proposed. Another person confirms or refuses it")
            return redirect("proposed", pk=proposal.pk)
    recommendations = (
        Recommendation.objects.visible_to(request.user).filter(review=review).in_register_order().select_related("review__force")
    )
    findings = list(Finding.objects.visible_to(request.user).standing().filter(review=review).select_related("strand"))
    tones: dict[str, Counter[bool]] = {}
    for finding in findings:
        tones.setdefault(finding.strand.name, Counter())[finding.is_positive] += 1
    return render(
        request,
        "reviews/publish.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
            "marking": review.seen_marking,
            "review": review,
            "findings": [(TONE[finding.tone], finding) for finding in findings],
            "balance_words": balance_words({name: Found(strengths=said[True], areas=said[False]) for name, said in tones.items()}),
            "recommendations": register_rows(recommendations),
            "not_costed": [recommendation for recommendation in recommendations if not recommendation.is_costed],
            "evidence_count": Evidence.objects.visible_to(request.user).standing().filter(review=review).count(),
            "waiting": review.proposals.waiting().select_related("by").first(),
            "form": form,
            "person": person,
        },
    )


@require_http_methods(["GET", "POST"])
def proposed(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person asks "may this go out as it is?", reads the files, and confirms or refuses; the first can withdraw it."""
    person = person_behind(request)
    proposal = _proposal(request, pk)
    form = _answer_form(request, proposal, person)
    if form is not None and form.is_valid():
        check_confirmed(request)
        try:
            return _answered(request, proposal, person, **form.cleaned_data)
        except RuleError as broken:
            add_broken(form, broken)
    review = proposal.review
    # Gathers the whole review, so only on demand; whoever confirms has it compared in any case.
    compared = proposal.is_waiting and request.GET.get("compare") == "1"
    context = {
        "breadcrumbs": [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))],
        "marking": proposal.marking,
        "proposal": proposal,
        "groups": list(proposal.groups.all()),
        "compared": compared,
        "changed": compared and digest_now(proposal) != proposal.content_sha256,
        "is_own": person.pk == proposal.by_id,
        "form": form,
    }
    return render(request, "reviews/proposed.html", context)


@require_safe
def proposed_file(request: HttpRequest, pk: int, ending: str) -> FileResponse:
    """A file exactly as it would be published, to read before answering."""
    proposal = _proposal(request, pk)
    file = next((each for each in proposal.files if each["format"] == ending), None)
    if file is None or not (proposal.folder / file["name"]).is_file():
        raise Http404("no such file waits")
    check_may_take(request, proposal.marking)
    changes.note_read(proposal, by=person_behind(request))
    return file_download(proposal.folder / file["name"], name=f"proposed-{file['name']}")


@require_safe
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """A published version: its files, and the checkpoint of the ledger that proves when."""
    related = ("review", "by", "proposal__by")
    version = get_object_or_404(PublishedVersion.objects.visible_to(request.user).select_related(*related), pk=pk)
    crumbs = [("Reviews", reverse("reviews")), (version.review.title, reverse("review", args=[version.review.pk]))]
    context = {"breadcrumbs": crumbs, "marking": version.marking, "version": version, "files": version.files.all()}
    return render(request, "reviews/published.html", context)


@require_safe
def published_file(request: HttpRequest, pk: int) -> FileResponse:
    """One file of a published version, to keep."""
    versions = PublishedVersion.objects.visible_to(request.user)
    file = get_object_or_404(PublishedFile.objects.filter(version__in=versions).select_related("version"), pk=pk)
    check_may_take(request, file.version.marking)
    changes.note_read(file.version, by=person_behind(request))
    path = settings.WORKSPACE.reports_folder / file.name
    return file_download(path, name=path.name)


def _proposal(request: HttpRequest, pk: int) -> ProposedVersion:
    related = ("review__programme", "review__force", "review__authority", "by", "answered_by", "version")
    return get_object_or_404(ProposedVersion.objects.visible_to(request.user).select_related(*related), pk=pk)


def _answer_form(request: HttpRequest, proposal: ProposedVersion, person: Person) -> AnswerProposalForm | None:
    """The form for whoever may answer; none once it is answered, and none for whoever only reads."""
    is_own, may_confirm = person.pk == proposal.by_id, proposal.may_be_confirmed_by(person)
    if not proposal.is_waiting or not (is_own or may_confirm):
        return None
    return AnswerProposalForm(request.POST or None, may_confirm=may_confirm)


def _answered(request: HttpRequest, proposal: ProposedVersion, person: Person, *, answer: str, reason: str, **_said: Any) -> HttpResponse:
    if answer == AnswerProposalForm.CONFIRM:
        version = confirm(proposal, by=person)
        messages.success(request, f"Version {version.number} of the report is published")
        return redirect("published", pk=version.pk)
    refused = changes.refuse_version(proposal, reason=reason, by=person)
    messages.success(request, f"Version {refused.number} is not published: {refused.get_answer_display().lower()}")
    return redirect("proposed", pk=refused.pk)
