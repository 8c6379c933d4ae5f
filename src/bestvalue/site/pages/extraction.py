"""Did it read the report right? What was read beside the source, for a person to accept, correct, split, merge or dismiss."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bestvalue.record.delivery.changes.extraction import (
    accept_all_extracted,
    accept_extracted,
    dismiss_extracted,
    merge_extracted,
    split_extracted,
)
from bestvalue.record.inspections.models import CHECKERS, Checked, Extracted, Paragraph, PublishedReport
from bestvalue.site.forms.extraction import AcceptForm, DismissForm, MergeForm, SplitForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.tags import Tag

CONFIDENCE = {
    "high": Tag(words="High confidence", colour="green"),
    "medium": Tag(words="Medium confidence", colour="yellow"),
    "low": Tag(words="Low confidence", colour="orange"),
}
OUTCOME = {
    Checked.ACCEPTED: Tag(words="In the register", colour="green"),
    Checked.SPLIT: Tag(words="Split", colour="teal"),
    Checked.MERGED: Tag(words="Merged", colour="teal"),
    Checked.DISMISSED: Tag(words="Dismissed", colour="grey"),
}
AROUND = 2
"""Paragraphs of the source that show before and after the one that was read."""


@require_http_methods(["GET", "POST"])
def report_check(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits to be checked, the least sure first, each beside the paragraph that it was read from; or accept all of it as read."""
    person = person_behind(request)
    report = get_object_or_404(PublishedReport.objects.visible_to(request.user).select_related("issuer"), slug=slug)
    if request.method == "POST":
        made = accept_all_extracted(report, by=person)
        messages.success(request, f"{len(made)} recommendation{'' if len(made) == 1 else 's'} of the report entered the register")
        return redirect("report", slug=report.slug)
    rows = list(
        Extracted.objects.visible_to(request.user)
        .filter(report=report)
        .select_related("paragraph", "check_made__into", "check_made__by")
        .prefetch_related("taken_as__recommendation")
    )
    waiting = sorted((row for row in rows if not row.is_checked), key=lambda row: (row.confidence_share, row.order))
    return render(
        request,
        "library/check.html",
        {
            "breadcrumbs": _crumbs(report),
            "report": report,
            "waiting": [(CONFIDENCE[row.confidence], row) for row in waiting],
            "checked": [(OUTCOME[Checked(row.check_made.outcome)], row) for row in rows if row.is_checked],
            "is_own": report.imported_by_id == person.pk,
            "may_check": person.holds(*CHECKERS) and report.imported_by_id != person.pk,
        },
    )


@require_http_methods(["GET", "POST"])
def extracted(request: HttpRequest, pk: int) -> HttpResponse:
    """One recommendation as it was read: the source on the left, what enters the register on the right."""
    person = person_behind(request)
    found = _seen(request, pk)
    found.check_open_to(person)

    def save(**said: Any) -> tuple[str, str]:
        made = accept_extracted(found, by=person, **said)
        return f"Recommendation {made.number} is in the register", _onward(found)

    return answer_form(
        request,
        AcceptForm(request.POST or None, extracted=found),
        page=_page(found, heading="Check a recommendation", button="Accept it into the register"),
        save=save,
        template="library/extracted.html",
        beside={
            "extracted": found,
            "source": _source(found),
            "tag": CONFIDENCE[found.confidence],
            "others": found.report.extracted.count() > 1,
        },
    )


@require_http_methods(["GET", "POST"])
def extracted_change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Split it, merge it into another, or say that it is none."""
    person = person_behind(request)
    found = _seen(request, pk)
    found.check_open_to(person)
    form: django_forms.Form
    data = request.POST or None
    if name == "split":
        form, heading = SplitForm(data, extracted=found), "Split a recommendation"
    elif name == "merge":
        form, heading = MergeForm(data, extracted=found), "Merge a recommendation into another"
    elif name == "dismiss":
        form, heading = DismissForm(data), "Say that it is no recommendation"
    else:
        raise Http404(name)

    def save(**said: Any) -> tuple[str, str]:
        if isinstance(form, SplitForm):
            split_extracted(found, parts=form.parts(), by=person)
            return "Both recommendations are in the register", _onward(found)
        if isinstance(form, MergeForm):
            merge_extracted(found, by=person, **said)
            return "It is merged", _onward(found)
        dismiss_extracted(found, by=person, **said)
        return "It is dismissed; what it says stays in the library", _onward(found)

    return answer_form(request, form, page=_page(found, heading=heading, button=heading), save=save)


def _seen(request: HttpRequest, pk: int) -> Extracted:
    rows = Extracted.objects.visible_to(request.user).select_related("report__issuer", "report__about", "paragraph", "check_made")
    return get_object_or_404(rows, pk=pk)


def _onward(found: Extracted) -> str:
    """The next to check, or the list once all are."""
    following = Extracted.objects.filter(report=found.report_id).to_check().first()
    return reverse("extracted", args=[following.pk]) if following else reverse("report_check", args=[found.report.slug])


def _source(found: Extracted) -> Sequence[tuple[bool, Paragraph]]:
    """The paragraphs around what was read, each with whether it is the one."""
    here = found.paragraph or found.report.paragraphs.filter(first_line__lte=found.first_line).order_by("-first_line").first()
    if here is None:
        return ()
    rows = found.report.paragraphs.filter(order__range=(here.order - AROUND, here.order + AROUND))
    return [(row.pk == here.pk, row) for row in rows]


def _page(found: Extracted, *, heading: str, button: str) -> FormPage:
    report = found.report
    above = [*_crumbs(report), ("Check what was read", reverse("report_check", args=[report.slug]))]
    return FormPage(heading=heading, button=button, breadcrumbs=above, caption=f"{report.title}, {found.where}", lead=(found.text,))


def _crumbs(report: PublishedReport) -> list[tuple[str, str]]:
    return [("Library", reverse("library")), (report.title, reverse("report", args=[report.slug]))]
