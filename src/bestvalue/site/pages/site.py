"""Pages about the site itself: accessibility, the account, and whether the site is alive."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bestvalue import __version__
from bestvalue.record.bodies.models import Membership, person_of


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that public bodies must publish."""
    return render(request, "site/accessibility.html")


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django calls it with the request
    """Whether the site answers and reaches its database; for whoever watches over the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "version": __version__})


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who is signed in, which places they hold, and what they can change about their sign-in."""
    person = person_of(request.user)
    places = Membership.objects.current().filter(person=person).select_related("body") if person else []
    return render(request, "site/account.html", {"person": person, "places": places})
