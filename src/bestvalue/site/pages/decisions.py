"""Decisions about a review: what is due and was decided, putting a question to a body, and recording what it decided."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.engagement import engagement
from bestvalue.record.reviews.life_cycle import Gate, Outcome, Part, edges_from
from bestvalue.record.reviews.models import Decision, Review
from bestvalue.site.confirming import check_confirmed
from bestvalue.site.forms.decisions import AskForm, PartForm, TakeForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.gates import bars_to_agreement, decision_line, gate_tasks
from bestvalue.site.presenters.decisions import Bar, engagement_words


@require_safe
def review_decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every decision about a review, how each body engages, and what may be decided now."""
    person = person_behind(request)
    seen = Review.objects.visible_to(request.user).prefetch_related("stages", "parts__body")
    review = get_object_or_404(seen, pk=pk)
    found = list(review.decisions.select_related("body", "review").prefetch_related("attendances"))
    today = timezone.localdate()
    return render(
        request,
        "reviews/decisions.html",
        {
            "breadcrumbs": _crumbs(review),
            "marking": review.marking_for(request.user),
            "review": review,
            "tasks": gate_tasks(review, found, on=today),
            "open": [decision_line(decision, on=today) for decision in found if not decision.is_taken and decision.lapsed_on is None],
            "past": [decision_line(decision, on=today) for decision in found if decision.is_taken or decision.lapsed_on],
            "engagement": [(line, *engagement_words(line)) for line in engagement([review], found, user=request.user, on=today)],
            "may_ask": review.is_run_by(person),
        },
    )


@require_http_methods(["GET", "POST"])
def review_decision_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a question to the body that decides it."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_run(by=person)
    page = FormPage(
        heading="Put a question to a body",
        button="Put the question",
        caption=review.title,
        breadcrumbs=_crumbs(review),
        marking=review.marking_for(request.user),
        lead=("The body can return, refuse or defer what is not ready; it can agree only when nothing is missing.",),
    )

    def save(*, gate: Gate, due: date) -> tuple[str, str]:
        asked = changes.ask_for_decision(review, gate=gate, due=due, by=person)
        return f"{asked.body} is asked by {due:%d %B %Y} whether to {gate.label}", reverse("review_decisions", args=[review.pk])

    return answer_form(request, AskForm(request.POST or None, edges=edges_from(review.stage)), page=page, save=save)


@require_http_methods(["GET", "POST"])
def review_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: what is asked, what was decided and by whom; for members of the body, recording it."""
    person = person_behind(request)
    seen = Decision.objects.visible_to(request.user).select_related("review", "body", "asked_by", "recorded_by")
    decision = get_object_or_404(seen, pk=pk)
    if request.method == "POST" or "record" in request.GET:
        return _take(request, decision, person)
    today = timezone.localdate()
    is_open = not decision.is_taken and decision.lapsed_on is None
    context = {
        "breadcrumbs": _crumbs(decision.review),
        "decision": decision,
        "bars": bars_to_agreement(decision) if is_open else (),
        "line": decision_line(decision, on=today),
        "attendances": decision.attendances.select_related("person"),
        "may_take": is_open and decision.may_be_recorded_by(person),
        "meeting": Meeting.objects.visible_to(request.user).filter(items__decision=decision).first(),
        "sees_review": Review.objects.visible_to(request.user).filter(pk=decision.review_id).exists(),
    }
    return render(request, "reviews/decision.html", context)


def _take(request: HttpRequest, decision: Decision, person: Person) -> HttpResponse:
    decision.check_open_to(person)
    review = decision.review
    members = decision.members_on(timezone.localdate())
    sees_review = Review.objects.visible_to(request.user).filter(pk=review.pk).exists()
    page = FormPage(
        heading=f"Record the decision of {decision.body.name}",
        button="Record the decision",
        caption=f"Whether to {decision.get_gate_display()}: {review.title}",
        breadcrumbs=[*_crumbs(review), (str(decision), reverse("review_decision", args=[decision.pk]))],
        lead=_cannot_agree(bars_to_agreement(decision), linked=sees_review),
        warning=f"{person.name} records this for {decision.body.name}. A decision cannot be changed afterwards.",
    )

    def save(
        *,
        outcome: Outcome,
        taken_on: date,
        minute: str,
        reason: str,
        attended: list[Person],
        deferred_to: date | None,
        interests: dict[Person, str],
    ) -> tuple[str, str]:
        changes.take_decision(
            decision,
            outcome=outcome,
            taken_on=taken_on,
            minute=minute,
            reason=reason,
            attended=list(attended),
            deferred_to=deferred_to,
            interests=interests,
            by=person,
        )
        return "The decision is recorded", reverse("review_decision", args=[decision.pk])

    return answer_form(request, TakeForm(request.POST or None, members=members), page=page, save=save)


def _cannot_agree(bars: Sequence[Bar], *, linked: bool) -> tuple[str, ...]:
    """What to know before the form is filled in: that the body cannot agree yet, and why."""
    if not bars:
        return ()
    plain, link = "{}", '<a class="govuk-link" href="{}">{}</a>'
    reasons = format_html_join(", and ", link if linked else plain, [(bar.address, bar.words) if linked else (bar.words,) for bar in bars])
    return (format_html("“Agreed” is not possible now, because {}. The body can return, refuse or defer it.", reasons),)


@require_http_methods(["GET", "POST"])
def review_part_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a body takes part in a review."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_run(by=person)
    page = FormPage(
        heading="Add a body that takes part",
        button="Add the body",
        caption=review.title,
        breadcrumbs=_crumbs(review),
        marking=review.marking_for(request.user),
        lead=("Its members see the review from now on.",),
    )

    def save(*, part: Part, body: Body) -> tuple[str, str]:
        check_confirmed(request)
        changes.add_part(review, part=part, body=body, by=person)
        return f"{body.name} takes part as {part.label.lower()}", reverse("review", args=[review.pk])

    return answer_form(request, PartForm(request.POST or None), page=page, save=save)


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
