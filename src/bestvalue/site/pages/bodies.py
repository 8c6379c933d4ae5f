"""Who is who: bodies, the people in them, since when and until when; and for those who keep them, adding and ending."""

from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies import changes
from bestvalue.record.bodies.models import Body, BodyKind, Membership, Person, Role, check_keeps_people, keeps_people
from bestvalue.record.reviews.models import Review
from bestvalue.site.confirming import check_confirmed
from bestvalue.site.forms.bodies import BodyForm, EndForm, MemberForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.bodies import BodyLine, PlaceLine


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Every body with how many places are filled today."""
    person = person_behind(request)
    filled = Membership.objects.current().count_by_body()
    lines = [
        BodyLine(
            name=body.name,
            kind=body.get_kind_display(),
            parent=body.parent.name if body.parent else "",
            pk=body.pk,
            places=filled.get(body.pk, 0),
        )
        for body in Body.objects.select_related("parent").order_by("kind", "name")
    ]
    return render(request, "bodies/bodies.html", {"lines": lines, "may_change": keeps_people(person)})


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: who holds a place in it, who did, and the reviews it takes part in that the reader sees."""
    person = person_behind(request)
    found = get_object_or_404(Body.objects.select_related("parent"), pk=pk)
    today = timezone.localdate()
    places = [
        PlaceLine(
            pk=place.pk,
            person=place.person_id,
            name=place.person.name,
            role=place.get_role_display(),
            starts=place.starts,
            ends=place.ends,
            has_sign_in=place.person.user_id is not None,
            today=today,
        )
        for place in found.memberships.select_related("person").order_by("role", "person__name", "starts")
    ]
    context = {
        "breadcrumbs": [("Who is who", reverse("bodies"))],
        "body": found,
        "now": [place for place in places if place.is_current],
        "others": [place for place in places if not place.is_current],
        "parts": found.parts.order_by("name"),
        "reviews": Review.objects.visible_to(request.user).filter(parts__body=found).distinct(),
        "may_change": keeps_people(person),
    }
    return render(request, "bodies/body.html", context)


@require_http_methods(["GET", "POST"])
def body_add(request: HttpRequest) -> HttpResponse:
    """Record a body."""
    person = person_behind(request)
    check_keeps_people(person)
    page = FormPage(heading="Add a body", button="Add the body", breadcrumbs=[("Who is who", reverse("bodies"))])

    def save(*, name: str, short_name: str, kind: BodyKind, parent: Body | None) -> tuple[str, str]:
        added = changes.add_body(name=name, short_name=short_name, kind=kind, parent=parent, by=person)
        return f"{added.name} is recorded", reverse("body", args=[added.pk])

    return answer_form(request, BodyForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def body_member_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a place in a body."""
    keeper = person_behind(request)
    found = get_object_or_404(Body, pk=pk)
    check_keeps_people(keeper)
    page = FormPage(
        heading="Add a member",
        button="Add the member",
        caption=found.name,
        breadcrumbs=_crumbs(found),
        lead=("A place takes effect on its first day, at the next page that the person opens.",),
    )

    @transaction.atomic
    def save(*, person: Person | None, name: str, email: str, role: Role, starts: date, ends: date | None) -> tuple[str, str]:
        check_confirmed(request)
        known = person or changes.add_person(name=name.strip(), email=email, by=keeper)
        place = changes.add_membership(person=known, body=found, role=role, starts=starts, ends=ends, by=keeper)
        return f"{place} is recorded", reverse("body", args=[found.pk])

    return answer_form(request, MemberForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def body_member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's place in a body."""
    keeper = person_behind(request)
    place = get_object_or_404(Membership.objects.select_related("person", "body"), pk=pk)
    check_keeps_people(keeper)
    page = FormPage(
        heading=f"End the place of {place.person.name}",
        button="End the place",
        caption=f"{place.get_role_display()}, {place.body.name}",
        breadcrumbs=_crumbs(place.body),
        warning="A place that has ended cannot be opened again; a new one can be added.",
    )

    def save(*, on: date) -> tuple[str, str]:
        changes.end_membership(place, on=on, by=keeper)
        return f"The place of {place.person.name} ends on {on:%d %B %Y}", reverse("body", args=[place.body_id])

    return answer_form(request, EndForm(request.POST or None), page=page, save=save)


def _crumbs(found: Body) -> list[tuple[str, str]]:
    return [("Who is who", reverse("bodies")), (found.name, reverse("body", args=[found.pk]))]
