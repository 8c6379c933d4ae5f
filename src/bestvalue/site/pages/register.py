"""The register of recommendations, whoever made them, and the page of one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import cast

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import BodyKind, Person
from bestvalue.record.delivery.changes import set_status
from bestvalue.record.delivery.life_cycle import ENDED, UNANSWERED, Status, settable_after
from bestvalue.record.delivery.models import (
    Action,
    Colour,
    Ownership,
    Recommendation,
    RecommendationStatus,
    Source,
    Standing,
    StandingQuerySet,
    Transfer,
    check_answers,
)
from bestvalue.record.delivery.rating import Rating, rating_of, ratings
from bestvalue.record.reviews.changes import note_read
from bestvalue.record.reviews.models import Finding, highest
from bestvalue.site.forms.register import WATCHED, StatusForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.delivery_history import history_of_recommendation
from bestvalue.site.pages.delivery_offers import of_recommendation, place_of
from bestvalue.site.pages.register_question import SHOWN, Part, register_question
from bestvalue.site.presenters.costing import costing_of
from bestvalue.site.presenters.delivery import ActionRow
from bestvalue.site.presenters.register import RegisterRow, Wordings, counts, part_counts, stronger_places
from bestvalue.site.presenters.reports import anchor_of
from bestvalue.site.presenters.tags import ACTION, RATING, RECOMMENDATION

ROWS_A_PAGE = 25


class CountedPaginator(Paginator[Standing]):
    """Pages of a list whose length is known from its counts, so that it is not counted again."""

    def __init__(self, listed: StandingQuerySet, *, length: int) -> None:
        super().__init__(listed, ROWS_A_PAGE)
        self._length = length

    @cached_property
    def count(self) -> int:
        """How many rows the list has."""
        return self._length


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every recommendation that somebody sees, counted, filtered, sorted, a page at a time, as it stands or stood."""
    question = register_question(request)
    parts, on = question.parts(), question.on
    length = sum(rows for part, rows in parts.items() if question.fits(part))
    page = CountedPaginator(question.chosen(), length=length).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": question.form,
        "page": page,
        "rows": standing_rows(cast("StandingQuerySet", page.object_list), on=on),
        "query": f"{query.urlencode()}&" if query else "",
        "packs": [
            (body.name, reverse("board_pack", args=[body.pk]))
            for body in question.bodies
            if body.kind in (BodyKind.BOARD, BodyKind.COMMITTEE)
        ],
        "on": on,
        "is_today": on == timezone.localdate(),
    }
    return render(request, "register/register.html", {**context, **_counts(parts, asked=request.GET.dict())})


def standing_rows(listed: Sequence[Standing] | StandingQuerySet, *, on: date) -> list[RegisterRow]:
    """Rows of the register from standings of a day, with the reasons of their colours."""
    return [row for row, _ in rows_with_standings(listed, on=on)]


def rows_with_standings(
    listed: Sequence[Standing] | StandingQuerySet, *, on: date, also: Sequence[str] = ()
) -> list[tuple[RegisterRow, Standing]]:
    """The same, each with its standing, whose recommendation is there whole with what a row shows and `also` these relations."""
    keys = list(listed.values_list("pk", flat=True)) if isinstance(listed, StandingQuerySet) else [row.pk for row in listed]
    whole = Standing.objects.select_related(*SHOWN, *also).in_bulk(keys)
    rated = ratings({row.recommendation_id: Status(row.status) for row in whole.values()}, on=on)
    return [
        (_row(found.recommendation, status=found.status, since=found.status_since, rating=rated[found.recommendation_id]), found)
        for found in (whole[key] for key in keys)
    ]


def _counts(parts: Mapping[Part, int], *, asked: Mapping[str, str]) -> dict[str, object]:
    """How many there are of each status, of each colour, and that wait for something; each with the address of its rows."""
    statuses, colours, waits = Counter[str](), Counter[str](), Counter[str]()
    for part, rows in parts.items():
        statuses[part.status] += rows
        colours[part.colour] += rows
        for name in part.waits:
            waits[name] += rows
    return {
        "counts": counts(statuses, asked=asked),
        "rated": part_counts(colours, tags={colour.value: RATING[colour].words for colour in Colour}, name="rating", asked=asked),
        "watched": part_counts(waits, tags=WATCHED, name="watch", asked=asked),
    }


@require_http_methods(["GET", "POST"])
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, where it came from, what happened and how it stands; and a form to record how it stands now."""
    person, on = person_behind(request), day_asked(request)
    is_today = on == timezone.localdate()
    transfers = Transfer.objects.select_related("from_body", "to_body", "by", "answer__by")
    visible = (
        Recommendation.objects.visible_to(request.user)
        .in_register_order(on=on)
        .select_related("published_report__about", "review__force", "group")
        .prefetch_related(
            Prefetch("statuses", RecommendationStatus.objects.select_related("by")),
            Prefetch("ownerships", Ownership.objects.newest_first()),
            Prefetch("transfers", transfers),
        )
    )
    found = get_object_or_404(visible, pk=pk)
    if found.is_sensitive:
        note_read(found, by=person)
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
    findings = (
        list(Finding.objects.visible_to(request.user).filter(recommendations=found).select_related("strand")) if found.review_id else []
    )
    return render(
        request,
        "register/recommendation.html",
        {
            "breadcrumbs": [("Recommendations", reverse("register"))],
            "on": on,
            "is_today": is_today,
            "recommendation": found,
            "row": register_rows([found])[0],
            "rating": rating,
            "rating_tag": RATING[rating.colour],
            "ownership": found.ownership,
            "waiting": waiting,
            "wordings": Wordings(box=found.text, body=found.body_text, listed=found.list_text, stronger=stronger_places(found.differences)),
            "marking": highest([found, *findings]),
            "may_mark": plans and found.review_id is not None,
            "findings": findings,
            "happened": history_of_recommendation(found, on=on),
            "actions": action_rows(actions, on=on),
            "offers": of_recommendation(found, status=status, place=place, waiting=waiting) if is_today else [],
            "plan": reverse("plan", args=[found.issuer_id, found.report_slug]),
            "costing": costing_of(found),
            "is_answerable": status in UNANSWERED,
            "may_cost": plans and status in UNANSWERED and found.source in (Source.REVIEW, Source.ENTERED),
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


def register_rows(recommendations: Iterable[Recommendation], *, rated: Mapping[int, Rating] | None = None) -> list[RegisterRow]:
    """Rows of the register from rows of the record, which `in_register_order` has read as of a day."""
    return [_row(item, status=item.newest_status, since=item.newest_on, rating=(rated or {}).get(item.pk)) for item in recommendations]


def _row(item: Recommendation, *, status: str, since: date, rating: Rating | None) -> RegisterRow:
    report, review = item.published_report, item.review
    if report is not None:
        source, source_address = str(report), reverse("report", args=[report.slug])
        about = report.about.name if report.about else ""
    elif review is not None:
        source, source_address, about = review.title, reverse("review", args=[review.pk]), review.force.name
    else:
        source, source_address = item.report_title, ""
        about = item.addressed_body.name if item.addressed_body else ""
    paragraph = item.paragraph.number if item.paragraph else ""
    return RegisterRow(
        key=item.pk,
        marking=item.marking,
        address=reverse("recommendation", args=[item.pk]),
        number=item.number,
        text=item.text,
        issuer=item.issuer.name,
        source=source,
        source_address=source_address,
        paragraph=paragraph,
        paragraph_address=f"{source_address}#{anchor_of(paragraph)}" if paragraph else "",
        about=about,
        tag=RECOMMENDATION[status],
        since=since,
        rating=RATING[rating.colour] if rating else None,
        reasons=rating.reasons if rating else (),
    )
