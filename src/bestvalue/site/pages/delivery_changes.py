"""Saying something about a recommendation or an action: one page for each thing that can be said, all built alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.models import Action, Delivered, Recommendation
from bestvalue.site.forms import delivery as forms
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind

Change = Callable[[Any, Mapping[str, Any], Person], object]


@dataclass(frozen=True, kw_only=True)
class ChangePage:
    """One thing that can be said.

    Args:
        title: heading of the page and words of the link to it.
        button: words on its button.
        form: its questions.
        change: what makes it so in the record.
        done: what the page says when it is done.
        warning: what cannot be undone.
    """

    title: str
    button: str
    form: type[forms.ChangeForm]
    change: Change
    done: str
    warning: str = ""


def _decide(about: Delivered, said: Mapping[str, Any], by: Person) -> object:
    asked = about.completion_requests.filter(decision=None)
    request = (asked if isinstance(about, Action) else asked.filter(action=None)).first()
    if request is None:
        raise RuleError("No request waits for a decision", next_step="The lead requests completion first.")
    return changes.decide_completion(request, by=by, **said)


def _answer(about: Recommendation, said: Mapping[str, Any], by: Person) -> object:
    transfer = about.transfers.waiting().first()
    if transfer is None:
        raise RuleError("No offer waits for an answer", next_step="Nothing is left to do.")
    return changes.answer_transfer(transfer, by=by, **said)


def _money(about: Action, said: Mapping[str, Any], by: Person) -> object:
    pounds = said["pounds"]
    rest = {name: value for name, value in said.items() if name != "pounds"}
    return changes.record_money(about, pence=int(pounds * 100), by=by, **rest)


BOTH: Mapping[str, ChangePage] = {
    "update": ChangePage(
        title="Give an update",
        button="Give the update",
        form=forms.UpdateForm,
        change=lambda about, said, by: changes.give_update(about, by=by, **said),
        done="The update is kept",
    ),
    "evidence": ChangePage(
        title="Add evidence of delivery",
        button="Add the evidence",
        form=forms.EvidenceOfDeliveryForm,
        change=lambda about, said, by: changes.add_delivery_evidence(about, by=by, **said),
        done="The evidence is added",
    ),
    "verify": ChangePage(
        title="Verify that it is done",
        button="Record what I saw",
        form=forms.VerifyForm,
        change=lambda about, said, by: changes.verify_delivery(about, by=by, **said),
        done="What you saw is recorded",
    ),
    "request": ChangePage(
        title="Request completion",
        button="Request completion",
        form=forms.RequestForm,
        change=lambda about, said, by: changes.request_completion(about, by=by, **said),
        done="Completion is requested; the owning body decides",
    ),
    "decide": ChangePage(
        title="Decide about completion",
        button="Record the decision",
        form=forms.DecideForm,
        change=_decide,
        done="The decision is recorded",
        warning="A decision to accept it as complete cannot be taken back here.",
    ),
    "close": ChangePage(
        title="Close it without implementing it",
        button="Record that it is closed",
        form=forms.CloseForm,
        change=lambda about, said, by: changes.close_not_implemented(about, by=by, **said),
        done="It is closed",
        warning="What is closed stays closed.",
    ),
}
OF_RECOMMENDATIONS: Mapping[str, ChangePage] = {
    "own": ChangePage(
        title="Say who owns and leads it",
        button="Record who owns and leads it",
        form=forms.OwnForm,
        change=lambda about, said, by: changes.own(about, by=by, **said),
        done="Who owns and leads it is recorded",
    ),
    "action": ChangePage(
        title="Add an action",
        button="Add the action",
        form=forms.ActionForm,
        change=lambda about, said, by: changes.add_action(about, by=by, **said),
        done="The action is part of the plan",
    ),
    "transfer": ChangePage(
        title="Offer it to another body",
        button="Offer it",
        form=forms.OfferForm,
        change=lambda about, said, by: changes.offer_transfer(about, by=by, **said),
        done="It is offered; it stays with you until the other body accepts",
    ),
    "transfer-answer": ChangePage(
        title="Answer the offer",
        button="Record the answer",
        form=forms.AnswerOfferForm,
        change=_answer,
        done="The answer is recorded",
    ),
    **BOTH,
}
OF_ACTIONS: Mapping[str, ChangePage] = {
    "state": ChangePage(
        title="Say how it stands",
        button="Record how it stands",
        form=forms.StateForm,
        change=lambda about, said, by: changes.set_state(about, by=by, **said),
        done="How it stands is recorded",
    ),
    "forecast": ChangePage(
        title="Forecast its completion",
        button="Record the forecast",
        form=forms.ForecastForm,
        change=lambda about, said, by: changes.forecast(about, by=by, **said),
        done="The forecast is recorded",
    ),
    "agreed-date": ChangePage(
        title="Move its agreed date",
        button="Record the decision",
        form=forms.AgreedDateForm,
        change=lambda about, said, by: changes.move_agreed_date(about, by=by, **said),
        done="The agreed date has moved; the original date stays",
    ),
    "waits-for": ChangePage(
        title="Say what it waits for",
        button="Record what it waits for",
        form=forms.DependencyForm,
        change=lambda about, said, by: changes.add_dependency(about, by=by, **said),
        done="What it waits for is recorded",
    ),
    "money": ChangePage(
        title="Record a cost or saving",
        button="Record it",
        form=forms.MoneyForm,
        change=_money,
        done="It is recorded",
    ),
    **BOTH,
}


@require_http_methods(["GET", "POST"])
def recommendation_change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say something about a recommendation."""
    found = get_object_or_404(Recommendation.objects.visible_to(request.user), pk=pk)
    crumbs = [("Recommendations", reverse("register")), (found.reference, reverse("recommendation", args=[found.pk]))]
    return _change(request, found, OF_RECOMMENDATIONS.get(name), crumbs=crumbs, back=reverse("recommendation", args=[found.pk]))


@require_http_methods(["GET", "POST"])
def action_change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say something about an action."""
    found = get_object_or_404(Action.objects.visible_to(request.user).select_related("recommendation", "lead"), pk=pk)
    above = found.recommendation
    crumbs = [
        ("Recommendations", reverse("register")),
        (above.reference, reverse("recommendation", args=[above.pk])),
        (f"Action {found.name}", reverse("action", args=[found.pk])),
    ]
    return _change(request, found, OF_ACTIONS.get(name), crumbs=crumbs, back=reverse("action", args=[found.pk]))


def _change(request: HttpRequest, about: Delivered, page: ChangePage | None, *, crumbs: list[tuple[str, str]], back: str) -> HttpResponse:
    if page is None:
        raise Http404("nothing of that name can be said")
    person = person_behind(request)
    form = page.form(request.POST if request.method == "POST" else None, about=about, today=timezone.localdate())
    if form.is_valid():
        try:
            page.change(about, form.cleaned_data, person)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, page.done)
            return redirect(back)
    words = about.what if isinstance(about, Action) else about.text
    context = {"breadcrumbs": crumbs, "change": page, "form": form, "reference": about.reference, "words": words, "back": back}
    return render(request, "delivery/change.html", {**context, "person": person})
