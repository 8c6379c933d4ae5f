"""Markings and need to know: marking something anew, and who is in which group."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, person_of
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, GroupPlace, NeedToKnowGroup, Review, groups_of
from bestvalue.record.scrutiny.models import Challenge, Option
from bestvalue.site.confirming import check_confirmed
from bestvalue.site.forms.markings import GroupForm, JoinForm, LeaveForm, MarkForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form

MARKABLE: Mapping[str, tuple[Any, Callable[[Any], Review | None], Callable[[Any], str]]] = {
    "evidence": (Evidence, lambda row: row.review, lambda row: reverse("evidence", args=[row.pk])),
    "finding": (Finding, lambda row: row.review, lambda row: reverse("finding", args=[row.pk])),
    "recommendation": (Recommendation, lambda row: row.review, lambda row: reverse("recommendation", args=[row.pk])),
    "challenge": (Challenge, lambda row: row.review, lambda row: reverse("challenge", args=[row.pk])),
    "option": (Option, lambda row: row.question.review, lambda row: reverse("review_options", args=[row.question.review_id])),
}
"""What can be marked: its model, how its review is reached, and the address of its page."""


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Somebody of the team asks "who may read this?", and says so; to lower a marking takes a reason."""
    if name not in MARKABLE:
        raise Http404("nothing of that kind is marked")
    model, review_of, address_of = MARKABLE[name]
    person = person_behind(request)
    row = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    review = review_of(row)
    if review is None:
        raise RuleError("What was published is OFFICIAL", where=str(row), next_step="Only what belongs to a review is marked.")
    review.check_editable(by=person)
    page = FormPage(
        heading="Mark it",
        button="Mark it",
        caption=str(row)[:200],
        breadcrumbs=[("Back", address_of(row))],
        marking=row.marking,
        lead=("What is OFFICIAL-SENSITIVE is read by the people of its group alone; every reading is recorded.",),
    )

    def save(**said: Any) -> tuple[str, str]:
        marked = changes.mark(row, review=review, by=person, **said)
        return f"It is marked {marked.full_marking}", address_of(row)

    return answer_form(request, MarkForm(request.POST or None, row=row, groups=own_groups(review, person)), page=page, save=save)


@require_safe
def review_groups(request: HttpRequest, pk: int) -> HttpResponse:
    """Who needs to know what, and why? Somebody sees the groups that they are in; of the others, not even that they are there."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    places = Prefetch("places", GroupPlace.objects.current().select_related("person", "by"))
    groups = own_groups(review, person).prefetch_related(places)
    context = {"breadcrumbs": _crumbs(review), "review": review, "groups": groups, "may_add": review.is_editable_by(person)}
    return render(request, "reviews/groups.html", context)


@require_http_methods(["GET", "POST"])
def group_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a group of named people."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    address = reverse("review_groups", args=[review.pk])
    page = FormPage(
        heading="Make a group",
        button="Make the group",
        caption=review.title,
        breadcrumbs=[*_crumbs(review), ("Need to know", address)],
        lead=("Name only people who cannot do their part without knowing.",),
    )

    def save(**said: Any) -> tuple[str, str]:
        check_confirmed(request)
        made = changes.make_group(review, by=person, **said)
        return f"The group “{made}” is there", address

    return answer_form(request, GroupForm(request.POST or None, people=_people().exclude(pk=person.pk)), page=page, save=save)


@require_http_methods(["GET", "POST"])
def group_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody in a group lets another person read what it may read."""
    person = person_behind(request)
    group = get_object_or_404(_own(request), pk=pk)
    address = reverse("review_groups", args=[group.review_id])
    page = FormPage(heading="Add a person", button="Add them", caption=str(group), breadcrumbs=[("Need to know", address)])

    def save(**said: Any) -> tuple[str, str]:
        check_confirmed(request)
        place = changes.add_to_group(group, by=person, **said)
        return f"{place.person} is in the group", address

    there = GroupPlace.objects.current().filter(group=group).values("person")
    return answer_form(request, JoinForm(request.POST or None, people=_people().exclude(pk__in=there)), page=page, save=save)


@require_http_methods(["GET", "POST"])
def group_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody in a group says that a person no longer needs to know."""
    person = person_behind(request)
    place = get_object_or_404(GroupPlace.objects.current().filter(group__in=_own(request)).select_related("group", "person"), pk=pk)
    address = reverse("review_groups", args=[place.group.review_id])
    page = FormPage(
        heading=f"Take {place.person} out of the group",
        button="Take them out",
        caption=str(place.group),
        breadcrumbs=[("Need to know", address)],
        warning="From their next page on they read nothing of it.",
    )

    def save(*, reason: str) -> tuple[str, str]:
        changes.take_out_of_group(place, reason=reason, by=person)
        return f"{place.person} is no longer in the group", address

    return answer_form(request, LeaveForm(request.POST or None), page=page, save=save)


def own_groups(review: Review, person: Person) -> QuerySet[NeedToKnowGroup]:
    """The groups of a review that a person is in: the only ones that they may mark something for."""
    return review.groups.filter(pk__in=groups_of(person))


def _own(request: HttpRequest) -> QuerySet[NeedToKnowGroup]:
    seen = Review.objects.visible_to(request.user)
    return NeedToKnowGroup.objects.filter(review__in=seen, pk__in=groups_of(person_of(request.user)))


def _people() -> QuerySet[Person]:
    return Person.objects.order_by("name")


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
