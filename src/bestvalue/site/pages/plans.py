"""The plan that answers one report: its actions over time, what decides its end, what it costs, its forecast, and the response."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import BestValueError, WorkspaceError
from bestvalue.record.bodies.models import Body
from bestvalue.record.delivery.critical_path import critical_path
from bestvalue.record.delivery.life_cycle import ENDED, Status
from bestvalue.record.delivery.models import (
    Action,
    ActionDependency,
    Money,
    PlanForecast,
    Recommendation,
    RecommendationQuerySet,
    Response,
    ResponseFile,
    unanswered_of,
)
from bestvalue.record.delivery.plan_forecast import forecast_plan
from bestvalue.record.delivery.rating import ratings
from bestvalue.record.delivery.response_document import respond
from bestvalue.record.delivery.statutory_clock import clock
from bestvalue.site.forms.register import ForecastPlanForm, RespondForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.downloads import file_download
from bestvalue.site.pages.register import action_rows, may_answer, register_rows
from bestvalue.site.presenters.delivery import MONEY_COLUMNS, money_rows
from bestvalue.site.presenters.gantt import gantt


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One plan; asked to, it forecasts it."""
    on, person = day_asked(request), person_behind(request)
    listed, issuer = _plan_of(request, pk, slug, on)
    form = ForecastPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            forecast_plan(issuer, report_slug=slug, on=timezone.localdate(), by=person)
        except BestValueError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, "The plan is forecast")
            return redirect("plan", pk=pk, slug=slug)
    actions = list(Action.objects.filter(recommendation__in=listed).in_plan_order(on=on))
    needs = _needs(actions)
    names = {action.pk: action.name for action in actions}
    waits = {key: sorted(names[one] for one in value if one in names) for key, value in needs.items()}
    ends = {action.pk: action.agreed_then for action in actions if action.state_then not in ENDED}
    critical = [names[one] for one in critical_path(ends=ends, needs=needs)]
    rows = action_rows(actions, on=on, waits_for=waits)
    money = Money.objects.filter(action__in=actions, on__lte=on).order_by("id").values_list("action", "year", "kind", "basis", "pence")
    first = listed[0]
    rated = ratings({one.pk: Status(one.newest_status) for one in listed}, on=on)
    return render(
        request,
        "delivery/plan.html",
        {
            "breadcrumbs": [("Recommendations", reverse("register"))],
            "title": _title(first),
            "issuer": issuer,
            "slug": slug,
            "on": on,
            "is_today": on == timezone.localdate(),
            "recommendations": register_rows(listed, rated=rated),
            "rows": rows,
            "gantt": gantt(rows, on=on, critical=frozenset(critical)),
            "critical": critical,
            "money": money_rows(money),
            "money_headings": [heading for _, _, heading in MONEY_COLUMNS],
            "forecast": _forecast(issuer, slug, on),
            "form": form,
        },
    )


@require_http_methods(["GET", "POST"])
def plan_response(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """What is answered, what is not, by when it must be, and the document once all is."""
    person, on = person_behind(request), timezone.localdate()
    listed, issuer = _plan_of(request, pk, slug, on)
    form = RespondForm(request.POST or None) if may_answer(listed[0], person) else None
    if form is not None and form.is_valid():
        try:
            response = respond(issuer, report_slug=slug, by=person, formats=tuple(form.cleaned_data["formats"]))
        except BestValueError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, f"Version {response.number} of the response is issued")
            return redirect("plan_response", pk=pk, slug=slug)
    report = listed[0].published_report
    missing = {one.pk for one in unanswered_of(Recommendation.objects.of_plan(issuer=issuer, report_slug=slug))}
    rows = register_rows(listed)
    return render(
        request,
        "delivery/response.html",
        {
            "breadcrumbs": [("Recommendations", reverse("register")), (_title(listed[0]), reverse("plan", args=[pk, slug]))],
            "title": _title(listed[0]),
            "clock": clock(published=report.published, exact=report.published_precision == "day", on=on) if report else None,
            "report": report,
            "missing": [row for one, row in zip(listed, rows, strict=True) if one.pk in missing],
            "answered": [row for one, row in zip(listed, rows, strict=True) if one.pk not in missing],
            "issued": Response.objects.filter(issuer=issuer, report_slug=slug).select_related("by").prefetch_related("files"),
            "form": form,
        },
    )


@require_safe
def response_file(request: HttpRequest, pk: int) -> FileResponse:
    """One file of an issued response, to keep."""
    person_behind(request)
    file = get_object_or_404(ResponseFile.objects.select_related("response"), pk=pk)
    seen = Recommendation.objects.visible_to(request.user).of_plan(issuer=file.response.issuer, report_slug=file.response.report_slug)
    if not seen.exists():
        raise Http404("no such file")
    return file_download(file.path, name=file.name)


def _plan_of(request: HttpRequest, pk: int, slug: str, on: date) -> tuple[Sequence[Recommendation], Body]:
    visible: RecommendationQuerySet = Recommendation.objects.visible_to(request.user).in_register_order(on=on)
    listed = visible.filter(issuer=pk, report_slug=slug).select_related("published_report__about", "review__force")
    found = list(listed)
    if not found:
        raise Http404("no such plan")
    return found, found[0].issuer


def _title(first: Recommendation) -> str:
    if first.published_report is not None:
        return first.published_report.title
    return first.review.title if first.review is not None else first.report_title


def _needs(actions: Sequence[Action]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for action, needed in ActionDependency.objects.filter(action__in=actions).values_list("action", "needs"):
        found[action].add(needed)
    return {action: frozenset(needed) for action, needed in found.items()}


def _forecast(issuer: Body, slug: str, on: date) -> dict[str, object] | None:
    newest = PlanForecast.objects.filter(issuer=issuer, report_slug=slug, on__lte=on).first()
    if newest is None:
        return None
    try:
        result = settings.WORKSPACE.store.get(newest.result_digest).result
    except WorkspaceError:
        return None  # the store was tidied; a new forecast can be made
    return {
        "on": newest.on,
        "left_out": newest.left_out,
        "statements": [statement.text for statement in result.statements],
        "address": reverse("result", args=[newest.result_digest]),
    }
