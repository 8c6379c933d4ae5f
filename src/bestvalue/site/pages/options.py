"""Questions of scope and problems of a review, with every option: the chosen one, and those that were written off with their reason."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import Review
from bestvalue.record.scrutiny import changes
from bestvalue.record.scrutiny.models import Option, OptionDecision, ScopeQuestion, bodies_to_record_for
from bestvalue.site.forms.scrutiny import OptionDecisionForm, OptionForm, QuestionForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.scrutiny import VERDICT


@require_safe
def review_options(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question with all its options, the rejected ones in view."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user).prefetch_related("stages"), pk=pk)
    seen = ScopeQuestion.objects.visible_to(request.user).filter(review=review).select_related("strand")
    questions = seen.prefetch_related(
        Prefetch("options", Option.objects.visible_to(request.user).select_related("group")),
        Prefetch("options__decisions", OptionDecision.objects.select_related("body", "by")),
        "options__question",
    )
    runs = review.stage not in ENDED
    return render(
        request,
        "scrutiny/options.html",
        {
            "breadcrumbs": _crumbs(review),
            "marking": review.marking_for(request.user),
            "review": review,
            "questions": [
                (question, [(VERDICT[option.verdict or ""], option, option.decisions.all()) for option in question.options.all()])
                for question in questions
            ],
            "may_add": runs and review.is_editable_by(person),
            "may_decide": runs and bodies_to_record_for(review, person).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
def scope_question_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a question that has options."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    page = FormPage(
        heading="Add a question with options",
        button="Add the question",
        caption=review.title,
        breadcrumbs=_crumbs_below(review),
        marking=review.marking_for(request.user),
        lead=("Then add each way to settle it, also those that nobody will choose: a reader later asks whether they were thought of.",),
    )

    def save(**said: Any) -> tuple[str, str]:
        added = changes.add_scope_question(review, by=person, **said)
        return f"Question {added.number} is recorded", reverse("option_add", args=[added.pk])

    return answer_form(request, QuestionForm(request.POST or None, review=review), page=page, save=save)


@require_http_methods(["GET", "POST"])
def option_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record one way to settle a question."""
    person = person_behind(request)
    question = get_object_or_404(ScopeQuestion.objects.visible_to(request.user).select_related("review"), pk=pk)
    question.review.check_editable(by=person)
    page = FormPage(
        heading="Add an option",
        button="Add the option",
        caption=str(question),
        breadcrumbs=_crumbs_below(question.review),
        marking=question.review.marking_for(request.user),
    )

    def save(**said: Any) -> tuple[str, str]:
        added = changes.add_option(question, by=person, **said)
        return f"Option {added.reference} is recorded", reverse("review_options", args=[question.review_id])

    # The page of a result fills the form with what it found, and somebody reads it before it is saved.
    begun = {name: request.GET[name] for name in OptionForm.base_fields if name in request.GET}
    return answer_form(request, OptionForm(request.POST or None, initial=begun), page=page, save=save)


@require_http_methods(["GET", "POST"])
def option_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a body chose an option or wrote it off."""
    person = person_behind(request)
    option = get_object_or_404(Option.objects.visible_to(request.user).select_related("question__review"), pk=pk)
    option.check_open_to(person)
    review = option.question.review
    page = FormPage(
        heading="Record what became of an option",
        button="Record it",
        caption=str(option),
        breadcrumbs=_crumbs_below(review),
        marking=review.marking_for(request.user),
        warning="It stays in the record with its reason. A later decision is added beside it.",
    )

    def save(**said: Any) -> tuple[str, str]:
        decision = changes.decide_option(option, by=person, **said)
        return f"Option {option.reference} is {decision.get_verdict_display().lower()}", reverse("review_options", args=[review.pk])

    form = OptionDecisionForm(request.POST or None, bodies=bodies_to_record_for(review, person), initial={"on": timezone.localdate()})
    return answer_form(request, form, page=page, save=save)


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]


def _crumbs_below(review: Review) -> list[tuple[str, str]]:
    return [*_crumbs(review), ("Options", reverse("review_options", args=[review.pk]))]
