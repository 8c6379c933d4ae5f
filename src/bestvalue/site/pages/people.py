"""Giving somebody a sign-in, ending their sessions and taking the sign-in away.

The keeper hands on a link that is shown once; the person sets the password, and nobody else knows it.
"""

import secrets

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bestvalue.errors import RuleError
from bestvalue.record.bodies import changes
from bestvalue.record.bodies.models import Person, User, check_keeps_people
from bestvalue.site.confirming import check_confirmed
from bestvalue.site.pages.access import person_behind


@require_http_methods(["GET", "POST"])
def person_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A keeper of people lets somebody in: they see the link once, and pass it on by hand or in a sealed message."""
    keeper = person_behind(request)
    check_keeps_people(keeper)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    context = {
        "breadcrumbs": [("Who is who", reverse("bodies"))],
        "person": person,
        "places": person.memberships.select_related("body").order_by("starts", "pk"),
    }
    if request.method == "POST":
        check_confirmed(request)
        try:
            # Nobody learns this password: it only stands there until the person sets their own.
            user = changes.give_sign_in(person, password=secrets.token_urlsafe(32), by=keeper)
        except RuleError as broken:
            return render(request, "bodies/sign_in.html", {**context, "broken": broken}, status=409)
        return render(request, "bodies/sign_in.html", {**context, "link": request.build_absolute_uri(_link(user))})
    return render(request, "bodies/sign_in.html", context)


@require_http_methods(["GET", "POST"])
def person_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """A keeper of people sees where somebody is signed in, ends all of that, or lets them in no more: a laptop was lost, a person left."""
    keeper = person_behind(request)
    check_keeps_people(keeper)
    person = get_object_or_404(Person.objects.visible_to(request.user).select_related("user"), pk=pk)
    told: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        check_confirmed(request)
        try:
            told["done"] = _change_sign_in(person, keeper, what=request.POST.get("do", ""))
        except RuleError as broken:
            told["broken"], status = broken, 409
        person.refresh_from_db()
    running = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    context = {
        "breadcrumbs": [("Who is who", reverse("bodies")), (person.name, reverse("person_sign_in", args=[person.pk]))],
        "person": person,
        "sessions": UserSession.objects.filter(user=person.user_id, session_key__in=running).order_by("-last_seen_at"),
        "is_own": person == keeper,
        **told,
    }
    return render(request, "bodies/sessions.html", context, status=status)


def _change_sign_in(person: Person, keeper: Person, *, what: str) -> str:
    if what == "disable":
        ended = changes.disable_sign_in(person, by=keeper)
        return f"The sign-in is disabled, and {ended} session{'' if ended == 1 else 's'} ended"
    if what == "enable":
        changes.enable_sign_in(person, by=keeper)
        return "The sign-in works again"
    if what == "end":
        ended = changes.end_sessions(person, by=keeper)
        return f"{ended} session{'' if ended == 1 else 's'} ended"
    raise RuleError("Nothing was chosen", where="do", next_step="Use one of the buttons.")


def _link(user: User) -> str:
    """Where the person sets a password: good for some days, and until it is used."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
