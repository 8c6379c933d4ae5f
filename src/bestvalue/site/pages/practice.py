"""The register of good practice: what works where, under which conditions, who took it up, and what came of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.inspections.models import GoodPractice, PublishedReport
from bestvalue.record.practice import changes
from bestvalue.record.practice.models import DESCRIBERS, Practice, Uptake, undescribed
from bestvalue.record.reviews.models import Finding, Review
from bestvalue.site.forms.practice import DescribeForm, ResultForm, TakeUpForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.tags import Tag

WORKED = {
    "": Tag(words="Not known yet", colour="grey"),
    "worked": Tag(words="It worked", colour="green"),
    "partly": Tag(words="It worked in part", colour="yellow"),
    "not": Tag(words="It did not work", colour="red"),
}
CRUMBS = (("Library", "library"), ("Good practice", "practice"))


@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """Whoever scopes or plans asks: has somebody solved this already, and would it work here?"""
    person = person_behind(request)
    asked = request.GET.get("words", "").strip()
    rows = Practice.objects.visible_to(request.user).saying(asked).select_related("good_practice__report", "finding__strand")
    untold = undescribed(request.user)
    for word in asked.split():
        untold = untold.filter(text__icontains=word)
    return render(
        request,
        "practice/practice.html",
        {
            "breadcrumbs": [(CRUMBS[0][0], reverse(CRUMBS[0][1]))],
            "asked": asked,
            "rows": [
                (row, [_tagged(uptake) for uptake in row.uptakes.all()])
                for row in rows.prefetch_related("uptakes__body", "uptakes__results")
            ],
            "untold": untold,
            "may_describe": person.holds(*DESCRIBERS),
        },
    )


@require_safe
def practice_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice: what it needs, what shows that it works, and what came of it where it was taken up."""
    person = person_behind(request)
    seen = Practice.objects.visible_to(request.user).select_related("good_practice__report", "good_practice__paragraph", "finding__strand")
    found = get_object_or_404(seen.prefetch_related("uptakes__body", "uptakes__by", "uptakes__results__by"), pk=pk)
    return render(
        request,
        "practice/one.html",
        {
            "breadcrumbs": _above(),
            "practice": found,
            "uptakes": [_tagged(uptake) for uptake in found.uptakes.all()],
            "may_describe": person.holds(*DESCRIBERS),
        },
    )


@require_http_methods(["GET", "POST"])
def practice_add(request: HttpRequest) -> HttpResponse:
    """Describe a practice: of a report, of a finding, or seen by oneself."""
    person = person_behind(request)
    origin = _origin(request)
    lead = (origin.text,) if origin is not None else ()
    page = FormPage(
        heading="Describe good practice",
        button="Add it to the register",
        breadcrumbs=_above(),
        lead=(*lead, "Somebody in another force decides by this whether to try it: say also what it needs to work."),
    )

    def save(**said: Any) -> tuple[str, str]:
        made = changes.describe_practice(
            said.pop("title"),
            by=person,
            good_practice=origin if isinstance(origin, GoodPractice) else None,
            finding=origin if isinstance(origin, Finding) else None,
            **said,
        )
        return "It is in the register of good practice", reverse("practice_one", args=[made.pk])

    first: dict[str, Any] = {}
    if isinstance(origin, GoodPractice):
        first = {"where_seen": str(origin.report.about or origin.report.issuer), "service": origin.report.title}
    elif isinstance(origin, Finding):
        first = {"where_seen": str(origin.review.force), "service": origin.review.service}
    return answer_form(request, DescribeForm(request.POST or None, initial=first), page=page, save=save)


@require_http_methods(["GET", "POST"])
def practice_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a body took it up."""
    person = person_behind(request)
    found = get_object_or_404(Practice.objects.visible_to(request.user), pk=pk)

    def save(**said: Any) -> tuple[str, str]:
        changes.take_up_practice(found, by=person, **said)
        return "Who took it up is on record", reverse("practice_one", args=[found.pk])

    page = FormPage(heading="Say who took it up", button="Put it on record", breadcrumbs=_above(), caption=found.title)
    return answer_form(request, TakeUpForm(request.POST or None, initial={"on": timezone.localdate()}), page=page, save=save)


@require_http_methods(["GET", "POST"])
def practice_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of it, also when it did not work: the next body wants to know."""
    person = person_behind(request)
    seen = Practice.objects.visible_to(request.user)
    uptake = get_object_or_404(Uptake.objects.filter(practice__in=seen).select_related("practice", "body"), pk=pk)

    def save(**said: Any) -> tuple[str, str]:
        changes.record_result(uptake, by=person, **said)
        return "What came of it is on record", reverse("practice_one", args=[uptake.practice_id])

    page = FormPage(
        heading="Say what came of it", button="Put it on record", breadcrumbs=_above(), caption=f"{uptake.practice.title}, {uptake.body}"
    )
    return answer_form(request, ResultForm(request.POST or None, initial={"on": timezone.localdate()}), page=page, save=save)


def _origin(request: HttpRequest) -> GoodPractice | Finding | None:
    """What the page was opened from: only something that the reader may see."""
    if request.GET.get("report", "").isdecimal():
        seen = GoodPractice.objects.filter(report__in=PublishedReport.objects.visible_to(request.user))
        return get_object_or_404(seen.select_related("report__about", "report__issuer"), pk=int(request.GET["report"]))
    if request.GET.get("finding", "").isdecimal():
        rows = Finding.objects.visible_to(request.user).filter(review__in=Review.objects.visible_to(request.user))
        return get_object_or_404(rows.select_related("review__force"), pk=int(request.GET["finding"]))
    return None


def _tagged(uptake: Uptake) -> tuple[Tag, Uptake]:
    results = list(uptake.results.all())
    return WORKED[results[-1].worked if results else ""], uptake


def _above() -> list[tuple[str, str]]:
    return [(words, reverse(name)) for words, name in CRUMBS]
