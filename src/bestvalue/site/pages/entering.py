"""Entering a recommendation by hand, whoever made it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bestvalue.record.bodies.changes import add_body
from bestvalue.record.bodies.models import BodyKind, Person
from bestvalue.record.delivery.changes import Entered, enter_recommendations
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.tracker.taking_in import check_may_take
from bestvalue.site.forms.entering import EnterForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form

PAGE = FormPage(
    heading="Enter a recommendation",
    button="Enter the recommendation",
    breadcrumbs=[],
    lead=(
        "For a report that is not in the library: of an inspectorate, internal audit, the IOPC, a coroner, or anybody else.",
        "The next form keeps the body and the report, so that the rest of a report is quickly entered.",
    ),
)


@require_http_methods(["GET", "POST"])
def recommendation_enter(request: HttpRequest) -> HttpResponse:
    """A liaison officer with a letter of recommendations asks: where do I put them? They enter one, then the next of the report."""
    person = person_behind(request)
    check_may_take(person)
    kept = {name: request.GET[name] for name in ("issuer", "report_title", "made_on") if name in request.GET}
    form = EnterForm(request.POST if request.method == "POST" else None, initial={**kept, **_day(kept)})

    def save(**said: Any) -> tuple[str, str]:
        made = _enter(said, by=person)
        messages.success(request, f"{made.reference} is in the register")
        again = {"issuer": made.issuer_id, "report_title": made.report_title, "made_on": made.made_on or ""}
        return "You can enter the next one of the same report here", f"{reverse('recommendation_enter')}?{urlencode(again)}"

    page = FormPage(**{**PAGE.__dict__, "breadcrumbs": [("Recommendations", reverse("register"))]})
    return answer_form(request, form, page=page, save=save)


@transaction.atomic
def _enter(said: dict[str, Any], *, by: Person) -> Recommendation:
    issuer = said["issuer"] or add_body(name=said["new_issuer"].strip(), kind=BodyKind(said["new_issuer_kind"]), by=by)
    row = Entered(number=said["number"], text=said["text"], kind=Kind(said["kind"]), asked_of=said["asked_of"])
    (made,) = enter_recommendations(issuer, report_title=said["report_title"], made_on=said["made_on"], rows=[row], by=by)
    return made


def _day(kept: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The day of the report in the three boxes of the form."""
    year, _, rest = kept.get("made_on", "").partition("-")
    month, _, day = rest.partition("-")
    return {"made_on": (day, month, year)} if year and day.isdecimal() else {}
