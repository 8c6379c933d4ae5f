"""The register's question: which recommendations are asked for, how many there are of each part, which rows fit."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.http import HttpRequest

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import OPEN as OPEN_ONES
from bestvalue.record.delivery.life_cycle import UNANSWERED
from bestvalue.record.delivery.models import CompletionRequest, Ownership, Recommendation, Source, Standing, StandingQuerySet, Transfer
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.reviews.models import Review
from bestvalue.site.forms.register import AGES, NOBODY, OPEN, RegisterFilter
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked

PLACE = ("recommendation__issuer__name", "recommendation__report_slug", "recommendation__order", "recommendation")
ORDERS: Mapping[str, Sequence[str]] = {
    "newest": ("-recommendation__published_report__published", "-recommendation"),
    "status": ("status", *PLACE),
    "late": ("first_agreed", *PLACE),
    "slipped": ("-slipped_days", *PLACE),
}
SHOWN = (
    "recommendation__issuer",
    "recommendation__paragraph",
    "recommendation__published_report__about",
    "recommendation__review__force",
    "recommendation__addressed_body",
)
"""What a row of the register shows beside its own."""


class Part(NamedTuple):
    """What the counts of the register tell apart: status, colour, and each thing that a row may wait for."""

    status: str
    colour: str
    waits: frozenset[str]


class OwnBody(NamedTuple):
    """A body in which the reader holds a place today."""

    pk: int
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class RegisterQuestion:
    """What somebody asks of the register.

    Args:
        on: the day that it tells of.
        form: the filter, as it was filled in.
        listed: what passes every filter but those of status, colour and waiting, which are counted.
        waits: of each thing that a row may wait for, its condition.
        bodies: in which the reader holds a place today.
    """

    on: date
    form: RegisterFilter
    listed: StandingQuerySet
    waits: Mapping[str, Q]
    bodies: Sequence[OwnBody]

    def parts(self) -> Counter[Part]:
        """How many there are of each part: one question, from which every number of the page is a sum."""
        flags = {f"waits_{name}": _flag(condition) for name, condition in self.waits.items()}
        names = list(self.waits)
        columns = ("status", "colour", *flags)
        counted = self.listed.annotate(**flags).order_by().values_list(*columns).annotate(rows=Count("pk"))
        found: Counter[Part] = Counter()
        for status, colour, *rest in counted:
            *waits, rows = rest
            found[Part(status, colour, frozenset(name for name, does in zip(names, waits, strict=True) if does))] += rows
        return found

    def fits(self, part: Part) -> bool:
        """Whether the rows of a part are asked for."""
        asked = self.form.cleaned_data
        status, colour, watch = asked.get("status"), asked.get("rating"), asked.get("watch")
        wanted = OPEN_ONES if status == OPEN else (status,)
        return (not status or part.status in wanted) and (not colour or part.colour == colour) and (not watch or watch in part.waits)

    def chosen(self) -> StandingQuerySet:
        """The rows that are asked for, in the order that is asked for."""
        asked, found = self.form.cleaned_data, self.listed
        if status := asked.get("status"):
            found = found.filter(status__in=OPEN_ONES if status == OPEN else (status,))
        if colour := asked.get("rating"):
            found = found.filter(Q(colour=colour))
        if watch := asked.get("watch"):
            found = found.filter(self.waits[watch])
        return found.order_by(*ORDERS.get(asked.get("sort", ""), PLACE))


def register_question(request: HttpRequest) -> RegisterQuestion:
    """What a request asks of the register, of what its reader may see."""
    on, held = day_asked(request), person_behind(request).bodies_today()
    form, bodies = _filter_form(request, held)
    waits = waiting_conditions([body.pk for body in bodies], on=on)
    return RegisterQuestion(on=on, form=form, listed=_listed(request, form, on), waits=waits, bodies=bodies)


def waiting_conditions(bodies: Collection[int], *, on: date) -> Mapping[str, Q]:
    """What a recommendation can wait for on a day, as conditions of its standing.

    Args:
        bodies: the reader's: what waits for one of these waits for the reader.
        on: the day.
    """
    requests = CompletionRequest.objects.filter(on__lte=on).exclude(decision__decided_on__lte=on)
    requested = Q(recommendation__in=requests.values("recommendation"))
    offered = Transfer.objects.waiting(on=on).filter(to_body__in=bodies)
    return {
        "ours": (requested & Q(owner__in=bodies)) | Q(recommendation__in=offered.values("recommendation")),
        "requested": requested,
        "late": Q(is_late=True),
        "missed": ~Q(missed=""),
        "uncosted": Q(status__in=UNANSWERED, recommendation__in=Recommendation.objects.not_costed().values("pk")),
        "transferred": Q(status__in=OPEN_ONES, recommendation__in=Transfer.objects.sent_by(on).values("recommendation")),
    }


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())


def _filter_form(request: HttpRequest, held: Collection[int]) -> tuple[RegisterFilter, list[OwnBody]]:
    """The filter, with what it offers; and those of the bodies that it has read in which the reader holds a place."""
    seen = Recommendation.objects.visible_to(request.user)
    reports, reviews = PublishedReport.objects.visible_to(request.user), Review.objects.visible_to(request.user)
    about = Q(reports_about__in=reports) | Q(reviews_of_force__in=reviews) | Q(reviews_for_authority__in=reviews)
    asked_of = seen.filter(source=Source.ENTERED).exclude(addressed_body=None)
    kept = Ownership.objects.filter(recommendation__in=seen)
    bodies = Body.objects.annotate(
        makes=_flag(Q(pk__in=seen.values("issuer"))),
        is_about=_flag(Q(pk__in=Body.objects.filter(about).values("pk")) | Q(pk__in=asked_of.values("addressed_body"))),
        owns=_flag(Q(pk__in=kept.values("body"))),
    )
    columns = ("pk", "name", "kind", "makes", "is_about", "owns")
    listed: list[tuple[int, str, str, bool, bool, bool]] = list(bodies.values_list(*columns))
    leads = Person.objects.filter(pk__in=kept.values("lead"))
    form = RegisterFilter(
        request.GET,
        issuers=[(pk, name) for pk, name, _, makes, _, _ in listed if makes],
        bodies=[(pk, name) for pk, name, _, _, is_about, _ in listed if is_about],
        owners=[(pk, name) for pk, name, _, _, _, owns in listed if owns],
        leads=list(leads.values_list("pk", "name")),
        reviews=list(reviews.order_by("title", "pk").values_list("pk", "title")),
    )
    form.full_clean()
    return form, [OwnBody(pk, name, kind) for pk, name, kind, *_ in listed if pk in held]


def _listed(request: HttpRequest, form: RegisterFilter, on: date) -> StandingQuerySet:
    asked = form.cleaned_data
    seen = Recommendation.objects.visible_to(request.user)
    if asked.get("issuer"):
        seen = seen.filter(issuer=asked["issuer"])
    if asked.get("body"):
        seen = seen.concerning(Body(pk=int(asked["body"])))
    if asked.get("review"):
        seen = seen.filter(review=asked["review"])
    if asked.get("kind"):
        seen = seen.filter(kind=asked["kind"])
    if words := asked.get("words"):
        seen = seen.filter(text__icontains=words)
    found: StandingQuerySet = Standing.objects.of_day(on).filter(recommendation__in=seen)
    for name in ("owner", "lead"):
        if whose := asked.get(name):
            found = found.filter(**{name: None if whose == NOBODY else whose})
    if age := asked.get("age"):
        _, youngest, oldest = AGES[age]
        found = found.filter(made__lte=on - timedelta(days=youngest))
        if oldest is not None:
            found = found.filter(made__gte=on - timedelta(days=oldest))
    return found
