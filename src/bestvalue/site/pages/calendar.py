"""What somebody owes, as a feed for their calendar program, which cannot sign in: a secret address opens it."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies.models import Membership
from bestvalue.record.delivery.changes import give_calendar_key
from bestvalue.record.delivery.models import Action, CalendarKey, UpdateRequest
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.calendar import Due, feed


@require_http_methods(["GET", "POST"])
def calendar_key(request: HttpRequest) -> HttpResponse:
    """Make the secret address of one's feed; it is shown once."""
    person, address = person_behind(request), ""
    if request.method == "POST":
        address = request.build_absolute_uri(reverse("calendar", args=[give_calendar_key(person, by=person)]))
        messages.success(request, "Your calendar has a new address; an address from before opens nothing now")
    has_one = CalendarKey.objects.filter(person=person, ended_at=None).exists()
    context = {"breadcrumbs": [("Your account", reverse("account"))], "address": address, "has_one": has_one}
    return render(request, "delivery/calendar.html", context)


@login_not_required
@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The feed: references and days, never the text of the record."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    found = CalendarKey.objects.filter(digest=digest, ended_at=None).select_related("person").first()
    if found is None or not Membership.objects.current().filter(person=found.person).exists():
        raise Http404("no such calendar")
    today = timezone.localdate()
    due = [
        Due(key=f"action-{action.pk}", on=action.agreed_then, words=f"{action.reference} is to be complete")
        for action in Action.objects.due_from(found.person, on=today)
    ]
    due += [
        Due(key=f"update-{owed.pk}", on=owed.due, words=f"{owed.reference}: an update is owed")
        for owed in UpdateRequest.objects.owed_by(found.person)
    ]
    text = feed(due, name="bestvalue: what you owe", made_at=timezone.now(), host=request.get_host().partition(":")[0])
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
