"""The register of recommendations, whoever made them, and the page of one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person
from bestvalue.record.delivery.changes import set_status
from bestvalue.record.delivery.life_cycle import ENDED, UNDER_WAY, Status, settable_after
from bestvalue.record.delivery.models import (
    Action,
    CompletionRequest,
    MissedUpdate,
    Recommendation,
    RecommendationQuerySet,
    Transfer,
    check_answers,
)
from bestvalue.record.delivery.rating import Colour, Rating, ratings
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.reviews.models import Review
from bestvalue.site.forms.register import AGES, OPEN, WATCHED, RegisterFilter, StatusForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.delivery_history import history_of_recommendation
from bestvalue.site.pages.delivery_offers import of_recommendation, place_of
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.presenters.delivery import ActionRow
from bestvalue.site.presenters.register import COLUMNS, RegisterRow, Wordings, counts, part_counts, stronger_places
from bestvalue.site.presenters.reports import anchor_of
from bestvalue.site.presenters.spreadsheet import as_csv
from bestvalue.site.presenters.tags import ACTION, RATING, RECOMMENDATION

ROWS_A_PAGE = 25
ORDERS = {"newest": ("-published_report__published", "-pk"), "status": ("newest_status", "issuer__name", "report_slug", "order")}


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every recommendation that somebody sees, counted, filtered, sorted, a page at a time, as it stands or stood."""
    on, form = day_asked(request), _filter_form(request)
    listed = _listed(request, form, on)
    rated = ratings(listed, on=on)
    chosen = _chosen(listed, form, rated, on)
    page = Paginator(chosen, ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    asked = f"{query.urlencode()}&" if query else ""
    rows = register_rows(page, on=on, rated=rated)
    context = {"form": form, "page": page, "rows": rows, "query": asked, "on": on, "is_today": on == timezone.localdate()}
    return render(request, "register/register.html", {**context, **_counts(request, listed, rated, on)})


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file: every page of it."""
    on, form = day_asked(request), _filter_form(request)
    listed = _listed(request, form, on)
    rated = ratings(listed, on=on)
    rows = register_rows(_chosen(listed, form, rated, on), on=on, rated=rated)
    return text_download(as_csv(COLUMNS, [row.cells for row in rows]), name="recommendations-OFFICIAL.csv")


def _counts(request: HttpRequest, listed: RecommendationQuerySet, rated: Mapping[int, Rating], on: date) -> dict[str, object]:
    """How many there are of each status, of each colour, and that wait for something; each with the address of its rows."""
    asked = request.GET.dict()
    by_colour = Counter(rating.colour.value for rating in rated.values())
    watched = {name: found.count() for name, found in _watched(listed, request, on).items()}
    return {
        "counts": counts(listed.by_status(on=on), asked=asked),
        "rated": part_counts(by_colour, tags={colour.value: RATING[colour].words for colour in Colour}, name="rating", asked=asked),
        "watched": part_counts(watched, tags=WATCHED, name="watch", asked=asked),
    }


def _watched(listed: RecommendationQuerySet, request: HttpRequest, on: date) -> dict[str, RecommendationQuerySet]:
    """What waits for something, by what it waits for."""
    bodies = Membership.objects.current().filter(person=person_behind(request)).values("body")
    requested = CompletionRequest.objects.filter(on__lte=on).exclude(decision__decided_on__lte=on)
    offered = Transfer.objects.waiting(on=on)
    ours = Recommendation.objects.filter(pk__in=requested.values("recommendation"), ownerships__body__in=bodies)
    to_us = offered.filter(to_body__in=bodies)
    missed = MissedUpdate.objects.filter(on__lte=on).exclude(request__update__on__lte=on)
    handed = Transfer.objects.filter(offered_on__lte=on).exclude(answer__accepted=False, answer__on__lte=on)
    return {
        "ours": listed.filter(Q(pk__in=ours.values("pk")) | Q(pk__in=to_us.values("recommendation"))),
        "requested": listed.filter(pk__in=requested.values("recommendation")),
        "late": listed.filter(pk__in=Action.objects.late(on=on).values("recommendation")).standing_at(*UNDER_WAY, on=on),
        "missed": listed.filter(pk__in=missed.values("request__recommendation")),
        "transferred": listed.filter(pk__in=handed.values("recommendation")).not_ended(on=on),
    }


@require_http_methods(["GET", "POST"])
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, where it came from, what happened and how it stands; and a form to record how it stands now."""
    person, on = person_behind(request), day_asked(request)
    is_today = on == timezone.localdate()
    visible = (
        Recommendation.objects.visible_to(request.user)
        .in_register_order(on=on)
        .prefetch_related("ownerships__body", "ownerships__lead", "ownerships__sponsor")
    )
    found = get_object_or_404(visible, pk=pk)
    status, plans = Status(found.newest_status), may_answer(found, person)
    follow = settable_after(status) if plans and is_today else ()
    form = StatusForm(request.POST or None, statuses=follow) if follow else None
    if form is not None and form.is_valid():
        try:
            set_status(found, by=person, **form.cleaned_data)
            return redirect("recommendation", pk=found.pk)
        except RuleError as broken:
            add_broken(form, broken)
    waiting = found.transfers.waiting(on=on).select_related("to_body", "from_body").first()
    place = place_of(person, found, may_plan=plans)
    rating = ratings(Recommendation.objects.filter(pk=found.pk), on=on)[found.pk]
    return render(
        request,
        "register/recommendation.html",
        {
            "breadcrumbs": [("Recommendations", reverse("register"))],
            "on": on,
            "is_today": is_today,
            "recommendation": found,
            "row": register_rows([found], on=on)[0],
            "rating": rating,
            "rating_tag": RATING[rating.colour],
            "ownership": found.ownership,
            "waiting": waiting,
            "wordings": Wordings(box=found.text, body=found.body_text, listed=found.list_text, stronger=stronger_places(found.differences)),
            "findings": found.findings.select_related("strand") if found.review_id else (),
            "happened": history_of_recommendation(found, on=on),
            "actions": action_rows(found.actions.in_plan_order(on=on).filter(recommendation=found), on=on),
            "offers": of_recommendation(found, status=status, place=place, waiting=waiting) if is_today else [],
            "plan": reverse("plan", args=[found.issuer_id, found.report_slug]),
            "form": form,
        },
    )


def may_answer(found: Recommendation, person: Person) -> bool:
    """Whether somebody may answer a recommendation and plan what is done about it."""
    try:
        check_answers(found, by=person)
    except RuleError:
        return False
    return True


def action_rows(actions: Iterable[Action], *, on: date, waits_for: Mapping[int, Sequence[str]] | None = None) -> list[ActionRow]:
    """Rows of a plan from actions that `standing` has read."""
    return [
        ActionRow(
            name=action.name,
            what=action.what,
            lead=action.lead.name,
            starts=action.starts,
            original=action.original_date,
            agreed=action.agreed_then,
            forecast=action.forecast_then,
            tag=ACTION[action.state_then],
            is_late=action.agreed_then < on and action.state_then not in ENDED,
            waits_for=tuple((waits_for or {}).get(action.pk, ())),
            address=reverse("action", args=[action.pk]),
        )
        for action in actions
    ]


def register_rows(
    recommendations: Iterable[Recommendation], *, on: date | None = None, rated: Mapping[int, Rating] | None = None
) -> list[RegisterRow]:
    """Rows of the register from rows of the record, which `in_register_order` has read."""
    day = on or timezone.localdate()
    return [_row(item, day, (rated or {}).get(item.pk)) for item in recommendations]


def _row(item: Recommendation, on: date, rating: Rating | None) -> RegisterRow:
    report, review = item.published_report, item.review
    if report is not None:
        source, source_address = str(report), reverse("report", args=[report.slug])
        about = report.about.name if report.about else ""
    elif review is not None:
        source, source_address, about = review.title, reverse("review", args=[review.pk]), review.force.name
    else:
        source, source_address = item.report_title, ""
        about = item.addressed_body.name if item.addressed_body else ""
    newest = max((status for status in item.statuses.all() if status.on <= on), key=lambda status: (status.on, status.pk))
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
        rating=RATING[rating.colour] if rating else None,
        reasons=rating.reasons if rating else (),
    )


def _filter_form(request: HttpRequest) -> RegisterFilter:
    seen = Recommendation.objects.visible_to(request.user)
    reports, reviews = PublishedReport.objects.visible_to(request.user), Review.objects.visible_to(request.user)
    form = RegisterFilter(
        request.GET,
        request=request,
        owners=Body.objects.filter(owned__recommendation__in=seen).distinct(),
        leads=Person.objects.filter(recommendations_led__recommendation__in=seen).distinct(),
        issuers=Body.objects.filter(pk__in=seen.values("issuer")),
        bodies=Body.objects.filter(
            Q(reports_about__in=reports) | Q(reviews_of_force__in=reviews) | Q(reviews_for_authority__in=reviews)
        ).distinct(),
    )
    form.full_clean()
    return form


def _listed(request: HttpRequest, form: RegisterFilter, on: date) -> RecommendationQuerySet:
    """Those that pass every filter but those of status, colour and waiting, which are counted."""
    chosen = Recommendation.objects.visible_to(request.user).in_register_order(on=on)
    chosen = chosen.select_related("published_report__about", "review__force").prefetch_related("statuses")
    asked = form.cleaned_data
    if asked.get("issuer"):
        chosen = chosen.filter(issuer=asked["issuer"])
    if asked.get("body"):
        chosen = chosen.concerning(Body(pk=int(asked["body"])))
    if asked.get("owner"):
        chosen = chosen.owned_by(Body(pk=int(asked["owner"])), on=on)
    if asked.get("lead"):
        chosen = chosen.led_by(Person(pk=int(asked["lead"])), on=on)
    if asked.get("kind"):
        chosen = chosen.filter(kind=asked["kind"])
    if age := asked.get("age"):
        _, youngest, oldest = AGES[age]
        first = None if oldest is None else on - timedelta(days=oldest)
        chosen = chosen.made_between(first=first, last=on - timedelta(days=youngest))
    if words := asked.get("words"):
        chosen = chosen.filter(text__icontains=words)
    if order := ORDERS.get(asked.get("sort", "")):
        chosen = chosen.order_by(*order)
    return chosen


def _chosen(listed: RecommendationQuerySet, form: RegisterFilter, rated: Mapping[int, Rating], on: date) -> RecommendationQuerySet:
    asked = form.cleaned_data
    if status := asked.get("status"):
        listed = listed.open(on=on) if status == OPEN else listed.standing_at(Status(status), on=on)
    if colour := asked.get("rating"):
        listed = listed.filter(pk__in=[pk for pk, rating in rated.items() if rating.colour == colour])
    if watch := asked.get("watch"):
        listed = _watched(listed, form.request, on)[watch]
    return listed
