"""Things I must do: everything that somebody owes over all reviews, each once, with its day and why it is theirs."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Person
from bestvalue.record.bodies.places import whose
from bestvalue.record.duties import duties_of
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.pages.things import address_of_duty
from bestvalue.site.presenters.duties import KINDS, DutyLine, duty_line, shown_by
from bestvalue.site.presenters.spreadsheet import as_csv

HEADER = ("What", "About", "Why it is yours", "Due", "State")


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Everybody asks "what do I owe, and what first?", and opens the first; ?kind and ?late narrow, ?form=csv takes the list along."""
    person = person_behind(request)
    lines = duty_lines(person, on=timezone.localdate())
    kind, late = request.GET.get("kind", ""), request.GET.get("late", "") == "1"
    shown = shown_by(lines, kind=kind, late=late)
    if request.GET.get("form") == "csv":
        rows = [(line.what, line.about, line.why, line.due.isoformat() if line.due else "", line.tag.words) for line in shown]
        return text_download(as_csv(HEADER, rows), name="things-i-must-do-OFFICIAL.csv")
    held = {line.kind for line in lines}
    context = {
        "lines": shown,
        "owed": len(lines),
        "overdue": sum(line.is_late for line in lines),
        "kinds": [(word, label) for word, label in KINDS.items() if word in held],
        "kind": kind,
        "late": late,
    }
    return render(request, "duties/duties.html", context)


def duty_lines(person: Person, *, on: date) -> list[DutyLine]:
    """What a person owes, as lines, the soonest first."""
    return [duty_line(duty, address=address_of_duty(duty), on=on) for duty in duties_of(whose(person), on=on)]
