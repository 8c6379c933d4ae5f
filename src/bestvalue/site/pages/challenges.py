"""The challenge log of a review: what was challenged, what was answered, and what it changed."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.changes import note_read
from bestvalue.record.reviews.models import Finding, Review, highest
from bestvalue.record.scrutiny import changes
from bestvalue.record.scrutiny.challenge_steps import STEPS
from bestvalue.record.scrutiny.models import (
    Challenge,
    Effect,
    Step,
    boards_of,
    bodies_to_challenge_for,
    check_may_challenge,
)
from bestvalue.site.forms.scrutiny import ChallengeForm, StepForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.scrutiny import STANDING, ChallengeLine, challenge_line, challenge_log, waiting_words

ADDRESSES = {"answer": Step.ANSWERED, "accept": Step.ACCEPTED, "reopen": Step.REOPENED, "escalate": Step.ESCALATED}
"""What a step is called in the address of its form."""
WARNING = "What you say stays in the log, and cannot be changed afterwards."


@require_safe
def review_challenges(request: HttpRequest, pk: int) -> HttpResponse:
    """The log: the reader's own challenges first, then those that wait for an answer, then the answered ones."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    found = Challenge.objects.visible_to(request.user).filter(review=review)
    rows = list(found.select_related("strand", "finding__strand").prefetch_related("steps"))
    log = challenge_log(_line(row, person) for row in rows)
    return render(
        request,
        "scrutiny/challenges.html",
        {
            "breadcrumbs": _crumbs(review),
            "marking": review.marking_for(request.user),
            "review": review,
            "log": log,
            "waiting": waiting_words(sum(not row.is_answered for row in rows)),
            "may_challenge": bodies_to_challenge_for(review, person).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
def challenge_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a challenge on record."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    check_may_challenge(review, by=person)
    page = FormPage(
        heading="Challenge the review",
        button="Put the challenge on record",
        caption=review.title,
        breadcrumbs=[*_crumbs(review), ("Challenges", reverse("review_challenges", args=[review.pk]))],
        marking=review.marking_for(request.user),
        lead=("The review's team has to answer it, and to say what it changed. Until then it shows on the review's front page.",),
        warning=WARNING,
    )

    def save(**said: Any) -> tuple[str, str]:
        raised = changes.raise_challenge(review, by=person, **said)
        return f"Challenge {raised.reference} is on record", reverse("challenge", args=[raised.pk])

    first = {"raised_on": timezone.localdate(), "challenger": person.name, "finding": request.GET.get("finding")}
    findings = Finding.objects.visible_to(request.user).standing().filter(review=review)
    form = ChallengeForm(request.POST or None, review=review, findings=findings, initial=first)
    return answer_form(request, form, page=page, save=save)


@require_safe
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """One challenge: what was said, everything that followed, and what the reader may do now."""
    person = person_behind(request)
    found = _seen(request, pk)
    if found.is_sensitive:
        note_read(found, by=person)
    names = {step: name for name, step in ADDRESSES.items()}
    offered = [
        (STEPS[step].order.capitalize(), reverse("challenge_step", args=[found.pk, names[step]])) for step in found.steps_open_to(person)
    ]
    return render(
        request,
        "scrutiny/challenge.html",
        {
            "breadcrumbs": [*_crumbs(found.review), ("Challenges", reverse("review_challenges", args=[found.review_id]))],
            "marking": highest([found]),
            "challenge": found,
            "finding": _finding_of(request, found),
            "tag": STANDING[found.standing],
            "steps": found.steps.all(),
            "offered": offered,
            "may_mark": found.review.is_editable_by(person),
        },
    )


@require_http_methods(["GET", "POST"])
def challenge_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Answer a challenge, accept the answer, reopen or escalate it."""
    person = person_behind(request)
    found = _seen(request, pk)
    if name not in ADDRESSES:
        raise Http404(name)
    step = ADDRESSES[name]
    found.check_open_to(person, step=step)
    order = STEPS[step].order.capitalize()
    page = FormPage(
        heading=order,
        button=order,
        caption=str(found),
        breadcrumbs=[*_crumbs(found.review), (f"Challenge {found.reference}", reverse("challenge", args=[found.pk]))],
        marking=highest([found]),
        warning=WARNING,
    )

    def save(*, text: str, on: date, **rest: Any) -> tuple[str, str]:
        changes.take_step(found, step=step, text=text, on=on, by=person, **rest)
        return f"Challenge {found.reference}: {step.label.lower()}", reverse("challenge", args=[found.pk])

    form = StepForm(request.POST or None, step=step, boards=boards_of(found.review), initial={"on": timezone.localdate()})
    return answer_form(request, form, page=page, save=save)


def _seen(request: HttpRequest, pk: int) -> Challenge:
    seen = Challenge.objects.visible_to(request.user).select_related("review", "body", "strand", "finding__strand", "raised_by")
    return get_object_or_404(seen.prefetch_related("steps__by", "steps__escalated_to", "review__stages"), pk=pk)


def _finding_of(request: HttpRequest, found: Challenge) -> Finding | None:
    """The finding that is challenged; None where there is none, or its marking keeps it from whoever asks."""
    return Finding.objects.visible_to(request.user).filter(challenges=found).select_related("strand").first()


def _line(row: Challenge, person: Person) -> ChallengeLine:
    answers = [step.effect for step in row.steps.all() if step.effect]
    about = f"finding {row.finding.reference}" if row.finding else (f"the strand “{row.strand}”" if row.strand else "")
    return challenge_line(
        reference=row.reference,
        text=row.text,
        challenger=row.challenger,
        raised_on=row.raised_on,
        about=about,
        standing=row.standing,
        waiting_since=row.waiting_since,
        effect=Effect(answers[-1]) if answers else None,
        is_mine=row.raised_by_id == person.pk,
        today=timezone.localdate(),
        address=reverse("challenge", args=[row.pk]),
    )


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
