"""Reviews: which there are, where each is, what it still needs, and what can be decided about it."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.documents.review_balance import Found, balance_words
from bestvalue.record.bodies.models import Body, Person, Role, person_of
from bestvalue.record.practice.likeness import like_practice
from bestvalue.record.practice.models import Practice
from bestvalue.record.programme.models import Programme
from bestvalue.record.reviews.front_page import for_front_page, front_page_of
from bestvalue.record.reviews.life_cycle import Stage
from bestvalue.record.reviews.models import Review, ReviewBody, ReviewStage
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.forms.review_lists import ReviewFilter
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.gates import gate_tasks, overdue_lines
from bestvalue.site.pages.review_counts import counts_of
from bestvalue.site.pages.review_life import life_of
from bestvalue.site.presenters.register import Count
from bestvalue.site.presenters.register import counts as status_counts
from bestvalue.site.presenters.reviews import FOUR_CS, StrandOf, balance, coverage
from bestvalue.site.presenters.tags import STAGE

SCOPING = (Stage.PROPOSED, Stage.SELECTED, Stage.SANCTIONED)
"""While what a review looks at is not settled."""


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that somebody sees, by programme, narrowed to a programme, a stage or a body."""
    seen = Review.objects.visible_to(request.user).select_related("programme", "force", "authority")
    every = list(seen.prefetch_related("stages", "parts__body").order_by("-programme__year", "title"))
    person = person_of(request.user)
    bodies = {body.pk: body.name for review in every for body in _bodies_of(review)}
    form = ReviewFilter(
        request.GET or None,
        programmes=dict.fromkeys((review.programme_id, review.programme.title) for review in every),
        bodies=sorted(bodies.items(), key=lambda body: body[1]),
    )
    asked = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "any": bool(every),
        "narrowed": any(asked.values()),
        "lines": [(STAGE[review.stage], review) for review in every if _is_asked_for(review, asked)],
        "others": Programme.objects.visible_to(request.user).exclude(pk__in={review.programme_id for review in every}),
        "may_start": person is not None and person.holds(Role.PROGRAMME_MANAGER),
    }
    return render(request, "reviews/reviews.html", context)


def _bodies_of(review: Review) -> list[Body]:
    return [review.force, review.authority, *(part.body for part in review.parts.all())]


def _is_asked_for(review: Review, asked: Mapping[str, str]) -> bool:
    of = {
        "programme": {str(review.programme_id)},
        "stage": {review.stage.value},
        "body": {str(body.pk) for body in _bodies_of(review)},
    }
    return all(not wanted or wanted in of[name] for name, wanted in asked.items())


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead and the boards ask "what is done, what cannot start yet and why, who is not engaged?"; they go on to the missing thing."""
    person, on = person_behind(request), timezone.localdate()
    seen = for_front_page(Review.objects.visible_to(request.user), user=request.user).select_related("programme", "force", "authority")
    people = Prefetch("stages", ReviewStage.objects.select_related("by", "decision__body"))
    found = get_object_or_404(seen.prefetch_related(people, Prefetch("parts", ReviewBody.objects.select_related("body"))), pk=pk)
    facts, counts = front_page_of(found), counts_of(found, request.user)
    strands = [StrandOf(**row) for row in found.strands.standing().values("number", "name", "question", key=F("pk"))]
    rows, balanced = coverage(strands, counts.gathered), balance(strands, counts.findings)
    of_strands = [row for row in balanced if row.strand is not None]
    stages = sorted(found.stages.all(), key=lambda stage: (stage.on, stage.pk), reverse=True)
    decisions = list(found.decisions.select_related("body", "review"))
    links = _links(found, person)
    return render(
        request,
        "reviews/review.html",
        {
            "breadcrumbs": [("Reviews", reverse("reviews"))],
            "marking": facts.marking,
            "review": found,
            "stage": STAGE[stages[0].stage],
            "stages": stages,
            "parts": found.parts.all(),
            "four_cs": [label for _, label in FOUR_CS],
            "rows": rows,
            "balance": balanced,
            "balance_words": balance_words({row.name: Found(strengths=row.positive, areas=row.negative) for row in of_strands}),
            "phases": life_of(found, person=person, decisions=decisions, facts=facts, counts=counts, rows=rows, balanced=of_strands, on=on),
            "gates": gate_tasks(found, decisions, on=on, met=facts.met),
            "overdue": overdue_lines([found], decisions, user=request.user, on=on),
            "lacks_financial_adviser": facts.lacks_adviser,
            "unanswered": Challenge.objects.visible_to(request.user).filter(review=found).unanswered(),
            "evidence_count": counts.evidence,
            "findings_count": sum(row.count for row in of_strands),
            "recommendations": _recommendations(found, counts.recommendations),
            "versions": facts.versions,
            "newest": facts.newest,
            "links": links,
            "like_practice": _like_practice(request, found),
        },
    )


def _recommendations(review: Review, by_status: Mapping[str, int]) -> tuple[Count, ...]:
    """How the recommendations stand; each number opens exactly its rows in the register."""
    page = reverse("register")
    counted = status_counts(by_status, asked={"review": str(review.pk)}) if by_status else ()
    return tuple(replace(count, address=f"{page}{count.address}", current=False) for count in counted)


def _like_practice(request: HttpRequest, review: Review) -> list[Practice]:
    """Good practice of like services, while it can still change what the review looks at."""
    if review.stage not in SCOPING:
        return []
    seen = Practice.objects.visible_to(request.user).select_related("good_practice", "finding")
    return like_practice(f"{review.service} {review.title}", list(seen))


def _links(review: Review, person: Person) -> dict[str, str]:
    """Where whoever asks may add or publish; nothing for those who only read."""
    if not review.is_editable_by(person):
        return {}
    return {
        name: reverse(page, args=[review.pk])
        for name, page in (
            ("evidence", "evidence_add"),
            ("finding", "finding_add"),
            ("recommendation", "recommendation_add"),
            ("publish", "publish"),
        )
    }
