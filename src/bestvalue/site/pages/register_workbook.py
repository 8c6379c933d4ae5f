"""The register as a workbook: taking it out, bringing it back, looking through what would change."""

from pathlib import Path
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import BestValueError, TableFaults
from bestvalue.record.bodies.models import User
from bestvalue.record.confined import confined
from bestvalue.record.delivery.models import FileKind, ImportedFile, Recommendation, RecommendationQuerySet, WaitingFile
from bestvalue.record.delivery.workbook.rows import book_of
from bestvalue.record.delivery.workbook.waiting import look_at, take_in
from bestvalue.record.delivery.workbook.walking import walk
from bestvalue.record.delivery.workbook.write import write_book
from bestvalue.record.reading_bounds import document_bounds
from bestvalue.record.reviews.changes import note_exported
from bestvalue.record.reviews.models import Marking
from bestvalue.site.confirming import check_may_take
from bestvalue.site.forms.brought_in import BringBackForm, ConflictsForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download
from bestvalue.site.presenters.brought_in import shown

CRUMBS = [("Recommendations", "register")]
NEWEST = 10


@require_http_methods(["GET", "POST"])
def workbook(request: HttpRequest) -> HttpResponse:
    """Somebody who works offline asks: how do I take the plan with me, and bring it back? They download, or upload."""
    person = person_behind(request)
    form = BringBackForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            content = file.read()
            confined(walk, document_bounds(), content)
            look_at(content, name=Path(file.name or "").name, listed=_seen(request), on=timezone.localdate(), by=person)
        except BestValueError as broken:
            form.add_error("file", f"{broken.what}. {broken.next_step}")
        else:
            return redirect("workbook_check")
    plans = _seen(request).order_by("issuer__name", "report_slug").values_list("issuer", "issuer__name", "report_slug").distinct()
    context = {
        "breadcrumbs": [(words, reverse(name)) for words, name in CRUMBS],
        "form": form,
        "plans": [(f"{issuer}:{slug}", f"{name}, {slug}") for issuer, name, slug in plans],
        "waiting": WaitingFile.objects.filter(person=person, kind=FileKind.WORKBOOK).only("name", "at").first(),
        "taken": ImportedFile.objects.filter(kind=FileKind.WORKBOOK).select_related("by")[:NEWEST],
    }
    return render(request, "delivery/workbook.html", context)


@require_safe
def workbook_file(request: HttpRequest) -> HttpResponse:
    """The workbook of one plan, or of everything that somebody sees."""
    person = person_behind(request)
    listed, title, name = _seen(request), "Every recommendation that you see", "register"
    issuer, _, slug = request.GET.get("plan", "").partition(":")
    if issuer.isdecimal() and slug:
        listed, title, name = listed.filter(issuer=int(issuer), report_slug=slug), f"Plan for {slug}", slug
    today = timezone.localdate()
    book = book_of(listed, on=today)
    check_may_take(request, book.marking)
    if book.marking == Marking.SENSITIVE:
        note_exported(listed.filter(marking=Marking.SENSITIVE), by=person, what=title)
    content = write_book(book, title=f"{title}, taken out on {today.day} {today:%B %Y}")
    return bytes_download(content, name=f"{name}-{today:%Y-%m-%d}-{book.marking}.xlsx")


@require_http_methods(["GET", "POST"])
def workbook_check(request: HttpRequest) -> HttpResponse:
    """Whoever brought a workbook back asks: what would it change, and what did others change? They choose and confirm, or forget it."""
    person = person_behind(request)
    waiting = WaitingFile.objects.filter(person=person, kind=FileKind.WORKBOOK).first()
    if waiting is None:
        return redirect("workbook")
    if "forget" in request.POST:
        waiting.delete()
        messages.success(request, "The workbook is forgotten; nothing was written")
        return redirect("workbook")
    conflicts = [one for one in waiting.answers["changes"] if one["is_conflict"]]
    form = ConflictsForm(request.POST if request.method == "POST" else None, conflicts=conflicts)
    if request.method == "POST" and form.is_valid():
        try:
            taken = take_in(waiting, choices=form.chosen, listed=_seen(request), on=timezone.localdate(), by=person)
        except TableFaults:
            messages.error(request, "Nothing was written: the rows below break a rule")
            return redirect("workbook_check")
        except BestValueError as broken:
            messages.error(request, f"Nothing was written: {broken.what}. {broken.next_step}")
            return redirect("workbook_check")
        else:
            messages.success(request, f"{taken.changes} change{'' if taken.changes == 1 else 's'} written from {taken.name}")
            return redirect("workbook")
    changes = shown(waiting.answers["changes"])
    context = {
        "breadcrumbs": [*[(words, reverse(name)) for words, name in CRUMBS], ("Workbook", reverse("workbook"))],
        "waiting": waiting,
        "said": waiting.answers,
        "changes": changes,
        "all": len(waiting.answers["changes"]) - len(conflicts),
        "conflicts": len(conflicts),
        "form": form,
    }
    return render(request, "delivery/workbook_check.html", context)


def _seen(request: HttpRequest) -> RecommendationQuerySet:
    return Recommendation.objects.visible_to(cast(User, request.user))
