"""Aims and strands of a review: what it sets out to achieve, whether that is clear and challenging, and what it asks."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.reviews import changes
from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import Aim, Evidence, Review, Strand
from bestvalue.record.scrutiny.models import Challenge, ScopeQuestion
from bestvalue.site.forms.aims import AimForm, StrandForm, WithdrawAimForm, WithdrawStrandForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.aims import aim_line
from bestvalue.site.presenters.spreadsheet import as_csv

HEADER = ("Number", "Aim", "Measure", "Unit", "Baseline", "Target", "Direction", "By", "Not clear or challenging because", "Withdrawn")


@require_safe
def review_aims(request: HttpRequest, pk: int) -> HttpResponse:
    """A board asks "what is this review for, and will anyone see whether it worked?"; the team adds what is missing."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user).prefetch_related("stages"), pk=pk)
    aims = list(review.aims.select_related("withdrawn_by"))
    strands = list(review.strands.select_related("withdrawn_by"))
    if request.GET.get("form") == "csv":
        return text_download(as_csv(HEADER, [_row(aim) for aim in aims]), name=f"aims-{review.pk}-OFFICIAL.csv")
    context = {
        "breadcrumbs": _crumbs(review),
        "review": review,
        "standing": [aim_line(aim) for aim in aims if aim.withdrawn_on is None],
        "withdrawn": [aim for aim in aims if aim.withdrawn_on is not None],
        "strands": [strand for strand in strands if strand.withdrawn_on is None],
        "dropped": [strand for strand in strands if strand.withdrawn_on is not None],
        "may_write": review.stage not in ENDED and review.is_editable_by(person),
        "today": timezone.localdate(),
    }
    return render(request, "reviews/aims.html", context)


@require_http_methods(["GET", "POST"])
def aim_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The team says what is to be achieved, and by which measure anyone will see it."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    page = FormPage(
        heading="Add an aim",
        button="Add the aim",
        caption=review.title,
        breadcrumbs=_crumbs_below(review),
        lead=("An aim is clear and challenging when it has a measure, a baseline, a target that differs from it, and a date.",),
    )

    def save(**said: Any) -> tuple[str, str]:
        added = changes.add_aim(review, by=person, **said)
        return f"Aim {added.number} is recorded", reverse("review_aims", args=[review.pk])

    return answer_form(request, AimForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def aim_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The team withdraws an aim; it stays in view with its reason."""
    person = person_behind(request)
    aim = get_object_or_404(Aim.objects.visible_to(request.user).select_related("review"), pk=pk)
    aim.review.check_editable(by=person)
    page = FormPage(
        heading="Withdraw an aim",
        button="Withdraw the aim",
        caption=str(aim),
        breadcrumbs=_crumbs_below(aim.review),
        warning="It stays in the list with its reason, and cannot be taken up again; another aim can be added.",
    )

    def save(*, reason: str) -> tuple[str, str]:
        changes.withdraw_aim(aim, reason=reason, by=person)
        return f"Aim {aim.number} is withdrawn", reverse("review_aims", args=[aim.review_id])

    return answer_form(request, WithdrawAimForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def strand_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The team adds a line of inquiry with the question that it asks."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    page = FormPage(heading="Add a strand", button="Add the strand", caption=review.title, breadcrumbs=_crumbs_below(review))

    def save(*, name: str, question: str) -> tuple[str, str]:
        added = changes.add_strand(review, name=name, question=question, by=person)
        return f"Strand {added.number} is recorded", reverse("review_aims", args=[review.pk])

    return answer_form(request, StrandForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def strand_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The team asks "what hangs on a strand that we drop?", and withdraws it with the reason; it stays in view, and bars no gate."""
    person = person_behind(request)
    strand = get_object_or_404(Strand.objects.filter(review__in=Review.objects.visible_to(request.user)).select_related("review"), pk=pk)
    strand.review.check_editable(by=person)
    strand.check_withdrawable()
    page = FormPage(
        heading="Withdraw a strand",
        button="Withdraw the strand",
        caption=f"{strand.number}. {strand.name}",
        breadcrumbs=_crumbs_below(strand.review),
        lead=tuple(_what_bears_on(strand, request)),
        warning="It stays in the list with its reason, and cannot be taken up again; another strand can be added.",
    )

    def save(*, reason: str) -> tuple[str, str]:
        changes.withdraw_strand(strand, reason=reason, by=person)
        return f"Strand {strand.number} is withdrawn", reverse("review_aims", args=[strand.review_id])

    return answer_form(request, WithdrawStrandForm(request.POST or None), page=page, save=save)


def _what_bears_on(strand: Strand, request: HttpRequest) -> Iterator[str]:
    """What stays when a strand goes, as far as whoever withdraws it sees it."""
    evidence = Evidence.objects.visible_to(request.user).filter(strands=strand)
    if evidence:
        yield f"This evidence bears on it, and stays in the review: {', '.join(item.reference for item in evidence)}."
    challenges = Challenge.objects.visible_to(request.user).filter(strand=strand)
    questions = ScopeQuestion.objects.visible_to(request.user).filter(strand=strand)
    about = [*(f"challenge C{row.number}" for row in challenges), *(f"question {row.number}" for row in questions)]
    if about:
        yield f"These are about it, and stay in view: {', '.join(about)}."


def _row(aim: Aim) -> tuple[object, ...]:
    values = ["" if value is None else str(value) for value in (aim.baseline, aim.target)]
    because = " ".join(aim.weaknesses) if aim.withdrawn_on is None else ""
    due = aim.due.isoformat() if aim.due else ""
    return (aim.number, aim.text, aim.measure, aim.unit, *values, aim.get_direction_display(), due, because, aim.withdrawn_because)


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]


def _crumbs_below(review: Review) -> list[tuple[str, str]]:
    return [*_crumbs(review), ("Aims and strands", reverse("review_aims", args=[review.pk]))]
