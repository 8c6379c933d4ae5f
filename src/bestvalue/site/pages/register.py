"""The register of recommendations, whoever made them, and the page of one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, BodyKind, Membership, Person
from bestvalue.record.delivery.changes import set_status
from bestvalue.record.delivery.life_cycle import ENDED, Status, settable_after
from bestvalue.record.delivery.life_cycle import OPEN as OPEN_ONES
from bestvalue.record.delivery.models import (
    Action,
    CompletionRequest,
    Ownership,
    Recommendation,
    RecommendationQuerySet,
    RecommendationStatus,
    Source,
    Transfer,
    check_answers,
)
from bestvalue.record.delivery.rating import Colour, Rating, Standing, rating_of, standings
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
    standing = standings(_listed(request, form, on), on=on)
    watched = _watched(standing, person_behind(request), on)
    page = Paginator(_chosen(standing, watched, form), ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    asked = f"{query.urlencode()}&" if query else ""
    context = {"form": form, "page": page, "rows": _rows_of(list(page), standing, on), "query": asked}
    counted = _counts(standing, watched, asked=request.GET.dict())
    context["packs"] = [
        (row.body.name, reverse("board_pack", args=[row.body_id]))
        for row in Membership.objects.current().filter(person=person_behind(request)).select_related("body")
        if row.body.kind in (BodyKind.BOARD, BodyKind.COMMITTEE)
    ]
    return render(request, "register/register.html", {**context, **counted, "on": on, "is_today": on == timezone.localdate()})


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file: every page of it."""
    on, form = day_asked(request), _filter_form(request)
    standing = standings(_listed(request, form, on), on=on)
    watched = _watched(standing, person_behind(request), on)
    rows = _rows_of(_chosen(standing, watched, form), standing, on)
    return text_download(as_csv(COLUMNS, [row.cells for row in rows]), name="recommendations-OFFICIAL.csv")


def _rows_of(keys: Sequence[int], standing: Mapping[int, Standing], on: date) -> list[RegisterRow]:
    listed = Recommendation.objects.filter(pk__in=keys).in_register_order(on=on)
    by_key = {item.pk: item for item in listed.select_related("published_report__about", "review__force").prefetch_related("statuses")}
    rated = {key: standing[key].rating(on=on) for key in keys}
    return register_rows([by_key[key] for key in keys], on=on, rated=rated)


def _counts(standing: Mapping[int, Standing], watched: Mapping[str, frozenset[int]], *, asked: Mapping[str, str]) -> dict[str, object]:
    """How many there are of each status, of each colour, and that wait for something; each with the address of its rows."""
    statuses = Counter(one.status.value for one in standing.values())
    colours = Counter(one.colour.value for one in standing.values())
    return {
        "counts": counts(statuses, asked=asked),
        "rated": part_counts(colours, tags={colour.value: RATING[colour].words for colour in Colour}, name="rating", asked=asked),
        "watched": part_counts({name: len(keys) for name, keys in watched.items()}, tags=WATCHED, name="watch", asked=asked),
    }


def _watched(standing: Mapping[int, Standing], person: Person, on: date) -> Mapping[str, frozenset[int]]:
    """What waits for something, by what it waits for, among the recommendations of a list."""
    bodies = set(Membership.objects.current().filter(person=person).values_list("body", flat=True))
    requested = CompletionRequest.objects.filter(on__lte=on).exclude(decision__decided_on__lte=on)
    owners = dict(requested.owners(on=on))
    sent = list(Transfer.objects.sent(on=on))
    ours = {key for key, owner in owners.items() if owner in bodies} | {
        one.recommendation for one in sent if one.waits and one.to_body in bodies
    }
    found = {
        "ours": ours,
        "requested": set(owners),
        "late": {key for key, one in standing.items() if one.is_late},
        "missed": {key for key, one in standing.items() if one.missed},
        "transferred": {
            one.recommendation for one in sent if one.recommendation in standing and standing[one.recommendation].status in OPEN_ONES
        },
    }
    return {name: frozenset(keys & standing.keys()) for name, keys in found.items()}


def _chosen(standing: Mapping[int, Standing], watched: Mapping[str, frozenset[int]], form: RegisterFilter) -> list[int]:
    asked = form.cleaned_data
    status, colour, watch = asked.get("status"), asked.get("rating"), asked.get("watch")
    wanted = OPEN_ONES if status == OPEN else (status,)
    return [
        key
        for key, one in standing.items()
        if (not status or one.status in wanted) and (not colour or one.colour == colour) and (not watch or key in watched[watch])
    ]


@require_http_methods(["GET", "POST"])
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, where it came from, what happened and how it stands; and a form to record how it stands now."""
    person, on = person_behind(request), day_asked(request)
    is_today = on == timezone.localdate()
    transfers = Transfer.objects.select_related("from_body", "to_body", "by", "answer__by")
    visible = (
        Recommendation.objects.visible_to(request.user)
        .in_register_order(on=on)
        .select_related("published_report__about", "review__force")
        .prefetch_related(
            Prefetch("statuses", RecommendationStatus.objects.select_related("by")),
            Prefetch("ownerships", Ownership.objects.newest_first()),
            Prefetch("transfers", transfers),
        )
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
    waiting = next((one for one in found.transfers.all() if one.waits(on=on)), None)
    place = place_of(person, found, may_plan=plans)
    actions = list(found.actions.in_plan_order(on=on))
    rating = rating_of(found, status=status, actions=actions, on=on)
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
            "actions": action_rows(actions, on=on),
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
    about = Q(reports_about__in=reports) | Q(reviews_of_force__in=reviews) | Q(reviews_for_authority__in=reviews)
    asked_of = Body.objects.filter(recommendations_received__source=Source.ENTERED, recommendations_received__in=seen)
    bodies = Body.objects.annotate(
        makes=Exists(seen.filter(issuer=OuterRef("pk"))),
        is_about=Q(pk__in=Body.objects.filter(about).values("pk")) | Q(pk__in=asked_of.values("pk")),
        owns=Exists(Ownership.objects.filter(body=OuterRef("pk"), recommendation__in=seen)),
    )
    columns = ("pk", "name", "makes", "is_about", "owns")
    listed: list[tuple[int, str, bool, bool, bool]] = list(bodies.values_list(*columns))
    leads = Person.objects.filter(pk__in=Ownership.objects.filter(recommendation__in=seen).values("lead"))
    form = RegisterFilter(
        request.GET,
        issuers=[(pk, name) for pk, name, makes, _, _ in listed if makes],
        bodies=[(pk, name) for pk, name, _, is_about, _ in listed if is_about],
        owners=[(pk, name) for pk, name, _, _, owns in listed if owns],
        leads=list(leads.values_list("pk", "name")),
    )
    form.full_clean()
    return form


def _listed(request: HttpRequest, form: RegisterFilter, on: date) -> RecommendationQuerySet:
    """Those that pass every filter but those of status, colour and waiting, which are counted."""
    chosen = Recommendation.objects.visible_to(request.user).in_register_order(on=on)
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
