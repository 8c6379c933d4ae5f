"""The programme of a year: what is reviewed, why these services, and which bodies have not engaged."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies.models import Body, BodyKind
from bestvalue.record.programme import changes
from bestvalue.record.programme.models import CandidateService, Programme, check_scores
from bestvalue.record.programme.scoring import Criterion, rank
from bestvalue.record.reviews.changes import start_review
from bestvalue.record.reviews.life_cycle import NOT_SELECTED, Part
from bestvalue.record.reviews.models import PUBLISHERS, Decision, Review, check_proposes, over_the_limit
from bestvalue.site.forms.programme import ProposeForm, ScoreForm, ServiceForm, WeightsForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.gates import overdue_lines
from bestvalue.site.presenters.ranking import sort_heads, sorted_rows
from bestvalue.site.presenters.tags import STAGE


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's reviews on their gates, bodies with decisions overdue, and the candidates in their ranking."""
    found = get_object_or_404(Programme.objects.visible_to(request.user).select_related("authority"), pk=pk)
    person = person_behind(request)
    reviews = list(Review.objects.visible_to(request.user).filter(programme=found).select_related("force").prefetch_related("stages"))
    decisions = Decision.objects.visible_to(request.user).filter(review__programme=found)
    asked = list(decisions.select_related("body", "review"))
    newest = found.weightings.select_related("by").first()
    weights = found.weights_of(newest)
    candidates = {row.pk: row for row in _candidates(found)}
    ranked = rank([row.scored() for row in candidates.values()], weights=weights)
    seen = {review.candidate_id: review for review in reviews if review.candidate_id}
    sort = request.GET.get("sort", "")
    return render(
        request,
        "programme/programme.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews"))],
            "programme": found,
            "lines": [(STAGE[review.stage], review) for review in reviews],
            "warning": over_the_limit(found, selected=sum(review.stage not in NOT_SELECTED for review in reviews)),
            "overdue": overdue_lines(reviews, asked, user=request.user, on=timezone.localdate()),
            "heads": sort_heads(sort, weights=weights),
            "ranked": [
                (row, candidates[row.pk], [row.scores.get(criterion, "none") for criterion in Criterion], seen.get(row.pk))
                for row in sorted_rows(ranked, sort)
            ],
            "weighting": newest,
            "may_score": found.is_kept_by(person),
        },
    )


@require_safe
def programme_service(request: HttpRequest, pk: int) -> HttpResponse:
    """One candidate service: the case for it, its scores with their reasons, the earlier ones too."""
    person = person_behind(request)
    seen = CandidateService.objects.visible_to(request.user).select_related("programme__authority", "force", "added_by")
    found = get_object_or_404(seen.prefetch_related("scores__by"), pk=pk)
    (row,) = rank([found.scored()], weights=found.programme.weights)
    newest: dict[str, int] = {}
    for score in found.scores.all():
        newest.setdefault(score.criterion, score.pk)
    context = {
        "breadcrumbs": _crumbs(found.programme),
        "service": found,
        "row": row,
        "missing": [criterion.label for criterion in row.missing],
        "scores": [(score, score.pk == newest[score.criterion]) for score in found.scores.all()],
        "review": Review.objects.visible_to(request.user).filter(candidate=found).first(),
        "may_score": found.programme.is_kept_by(person),
        "may_propose": person.holds(*PUBLISHERS),
    }
    return render(request, "programme/service.html", context)


@require_http_methods(["GET", "POST"])
def programme_service_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a candidate service."""
    person = person_behind(request)
    found = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    check_scores(found, by=person)
    page = FormPage(heading="Add a service that may be reviewed", button="Add the service", caption=found.title, breadcrumbs=_crumbs(found))

    def save(*, service: str, force: Body, case: str) -> tuple[str, str]:
        added = changes.add_candidate(found, service=service, force=force, case=case, by=person)
        return f"{added.service} is a candidate", reverse("programme_service", args=[added.pk])

    forces = Body.objects.filter(kind__in=(BodyKind.FORCE, BodyKind.COMMAND))
    return answer_form(request, ServiceForm(request.POST or None, forces=forces), page=page, save=save)


@require_http_methods(["GET", "POST"])
def programme_service_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score a candidate service on a criterion."""
    person = person_behind(request)
    found = get_object_or_404(CandidateService.objects.visible_to(request.user).select_related("programme"), pk=pk)
    check_scores(found.programme, by=person)
    address = reverse("programme_service", args=[found.pk])
    page = FormPage(
        heading="Score the service",
        button="Record the score",
        caption=found.service,
        breadcrumbs=[*_crumbs(found.programme), (found.service, address)],
        lead=("A new score takes the place of the earlier one in the ranking; both stay with their reasons.",),
    )

    def save(*, criterion: Criterion, score: int, reason: str) -> tuple[str, str]:
        changes.score_candidate(found, criterion=criterion, score=score, reason=reason, by=person)
        return f"{found.service} scores {score} on {criterion.value}", address

    return answer_form(request, ScoreForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def programme_weights(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how much each criterion counts."""
    person = person_behind(request)
    found = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    check_scores(found, by=person)
    page = FormPage(
        heading="How much does each criterion count?", button="Set the weights", caption=found.title, breadcrumbs=_crumbs(found)
    )

    def save(**said: Any) -> tuple[str, str]:
        changes.set_weights(found, by=person, **said)
        return "The weights are set", reverse("programme", args=[found.pk])

    return answer_form(request, WeightsForm(request.POST or None, weights=found.weights), page=page, save=save)


@require_http_methods(["GET", "POST"])
def programme_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a review of a candidate service; the committee then decides whether to select it."""
    person = person_behind(request)
    found = get_object_or_404(CandidateService.objects.visible_to(request.user).select_related("programme", "force"), pk=pk)
    check_proposes(found.programme, by=person)
    page = FormPage(
        heading="Propose a review of it",
        button="Propose the review",
        caption=found.service,
        breadcrumbs=[*_crumbs(found.programme), (found.service, reverse("programme_service", args=[found.pk]))],
        lead=("The committee of the authority decides whether to select it for the programme.",),
    )

    def save(*, title: str, aims: list[str], bodies: dict[Part, Body]) -> tuple[str, str]:
        review = start_review(
            programme=found.programme,
            title=title,
            service=found.service,
            force=found.force,
            bodies=bodies,
            on=timezone.localdate(),
            candidate=found,
            aims=aims,
            by=person,
        )
        seen = Review.objects.visible_to(request.user).filter(pk=review.pk).exists()
        return f"“{title}” is proposed", reverse("review", args=[review.pk]) if seen else reverse("programme", args=[found.programme_id])

    return answer_form(request, ProposeForm(request.POST or None, bodies=Body.objects.all()), page=page, save=save)


def _candidates(found: Programme) -> QuerySet[Any]:
    return found.candidates.select_related("force").prefetch_related("scores")


def _crumbs(found: Programme) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (found.title, reverse("programme", args=[found.pk]))]
