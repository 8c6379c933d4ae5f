"""The register of recommendations, whoever made them, and the page of one."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.changes import set_status
from bestvalue.record.delivery.life_cycle import Status, settable_after
from bestvalue.record.delivery.models import Recommendation, RecommendationQuerySet, check_answers
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.reviews.models import Review
from bestvalue.site.forms.register import OPEN, RegisterFilter, StatusForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.presenters.register import COLUMNS, RegisterRow, Wordings, counts, stronger_places
from bestvalue.site.presenters.reports import anchor_of
from bestvalue.site.presenters.spreadsheet import as_csv
from bestvalue.site.presenters.tags import RECOMMENDATION

ROWS_A_PAGE = 25
ORDERS = {"newest": ("-published_report__published", "-pk"), "status": ("newest_status", "issuer__name", "report_slug", "order")}


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every recommendation that somebody sees, filtered, sorted, a page at a time."""
    form = _filter_form(request)
    listed = _listed(request, form)
    chosen = _standing(listed, form)
    page = Paginator(chosen, ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    asked = f"{query.urlencode()}&" if query else ""
    context = {"form": form, "page": page, "rows": register_rows(page), "query": asked}
    return render(request, "register/register.html", {**context, "counts": counts(listed.by_status(), asked=request.GET.dict())})


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file: every page of it."""
    form = _filter_form(request)
    rows = register_rows(_standing(_listed(request, form), form))
    return text_download(as_csv(COLUMNS, [row.cells for row in rows]), name="recommendations-OFFICIAL.csv")


@require_http_methods(["GET", "POST"])
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, where it came from, how it stands; and a form to record how it stands now."""
    person = person_behind(request)
    found = get_object_or_404(Recommendation.objects.visible_to(request.user).in_register_order(), pk=pk)
    follow = settable_after(found.status) if _may_answer(found, person) else ()
    form = StatusForm(request.POST or None, statuses=follow) if follow else None
    if form is not None and form.is_valid():
        try:
            set_status(found, by=person, **form.cleaned_data)
            return redirect("recommendation", pk=found.pk)
        except RuleError as broken:
            add_broken(form, broken)
    return render(
        request,
        "register/recommendation.html",
        {
            "breadcrumbs": [("Recommendations", reverse("register"))],
            "recommendation": found,
            "row": register_rows([found])[0],
            "wordings": Wordings(box=found.text, body=found.body_text, listed=found.list_text, stronger=stronger_places(found.differences)),
            "findings": found.findings.select_related("strand"),
            "statuses": [(RECOMMENDATION[status.status], status) for status in found.statuses.select_related("by").order_by("-on", "-id")],
            "actions": found.actions.select_related("lead"),
            "form": form,
        },
    )


def _may_answer(found: Recommendation, person: Person) -> bool:
    try:
        check_answers(found, by=person)
    except RuleError:
        return False
    return True


def register_rows(recommendations: Iterable[Recommendation]) -> list[RegisterRow]:
    """Rows of the register from rows of the record, which `in_register_order` has read."""
    return [_row(item) for item in recommendations]


def _row(item: Recommendation) -> RegisterRow:
    report, review = item.published_report, item.review
    if report is not None:
        source, source_address = str(report), reverse("report", args=[report.slug])
        about = report.about.name if report.about else ""
    elif review is not None:
        source, source_address, about = review.title, reverse("review", args=[review.pk]), review.force.name
    else:
        source, source_address = item.report_title, ""
        about = item.addressed_body.name if item.addressed_body else ""
    newest = max(item.statuses.all(), key=lambda status: (status.on, status.pk))
    paragraph = item.paragraph.number if item.paragraph else ""
    return RegisterRow(
        address=reverse("recommendation", args=[item.pk]),
        number=item.number,
        text=item.text,
        issuer=item.issuer.name,
        source=source,
        source_address=source_address,
        paragraph=paragraph,
        paragraph_address=f"{source_address}#{anchor_of(paragraph)}" if paragraph else "",
        about=about,
        tag=RECOMMENDATION[newest.status],
        since=newest.on,
    )


def _filter_form(request: HttpRequest) -> RegisterFilter:
    seen = Recommendation.objects.visible_to(request.user)
    reports, reviews = PublishedReport.objects.visible_to(request.user), Review.objects.visible_to(request.user)
    form = RegisterFilter(
        request.GET,
        issuers=Body.objects.filter(pk__in=seen.values("issuer")),
        bodies=Body.objects.filter(
            Q(reports_about__in=reports) | Q(reviews_of_force__in=reviews) | Q(reviews_for_authority__in=reviews)
        ).distinct(),
    )
    form.full_clean()
    return form


def _listed(request: HttpRequest, form: RegisterFilter) -> RecommendationQuerySet:
    """Those that pass every filter but that of the status."""
    chosen = Recommendation.objects.visible_to(request.user).in_register_order()
    chosen = chosen.select_related("published_report__about", "review__force").prefetch_related("statuses")
    asked = form.cleaned_data
    if asked.get("issuer"):
        chosen = chosen.filter(issuer=asked["issuer"])
    if asked.get("body"):
        chosen = chosen.concerning(Body(pk=int(asked["body"])))
    if words := asked.get("words"):
        chosen = chosen.filter(text__icontains=words)
    if order := ORDERS.get(asked.get("sort", "")):
        chosen = chosen.order_by(*order)
    return chosen


def _standing(listed: RecommendationQuerySet, form: RegisterFilter) -> RecommendationQuerySet:
    status = form.cleaned_data.get("status")
    if not status:
        return listed
    return listed.open() if status == OPEN else listed.standing_at(Status(status))
