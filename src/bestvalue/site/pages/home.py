"""The start page: what needs a decision, what is running, what moved."""

from collections.abc import Iterable

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Person, person_of
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.record.inspections.models import DECIDERS, Candidate
from bestvalue.record.jobs.models import ENDED, Job
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Decision, Review
from bestvalue.site.pages.changes import lines_seen_by
from bestvalue.site.pages.gates import decision_line
from bestvalue.site.presenters.home import DueLine, JobLine, ReviewLine, Waiting
from bestvalue.site.presenters.tags import JOB, STAGE

CHANGES_SHOWN = 8
CHANGES_READ = 60
"""Entries that are read to find those: most are about what the reader sees, some about places and people, which have no page."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs whoever is signed in."""
    person = person_of(request.user)
    if person is None:
        return render(request, "home/no_place.html")
    reviews = Review.objects.visible_to(request.user).select_related("force").prefetch_related("stages")
    jobs = Job.objects.visible_to(request.user).exclude(state__in=ENDED).newest_first()
    return render(
        request,
        "home/home.html",
        {
            "person": person,
            "decisions": [decision_line(decision, on=timezone.localdate()) for decision in _decisions(person)],
            "waiting": _waiting(request) if person.holds(*DECIDERS) else [],
            "jobs": [JobLine(words=job.analysis, address=reverse("job", args=[job.pk]), tag=JOB[job.state]) for job in jobs],
            "reviews": [
                ReviewLine(
                    title=review.title, force=review.force.name, address=reverse("review", args=[review.pk]), tag=STAGE[review.stage]
                )
                for review in reviews
            ],
            "due": [_due(action) for action in Action.objects.due_from(person, on=timezone.localdate())],
            "changes": lines_seen_by(request.user, AuditEvent.objects.newest_first()[:CHANGES_READ], at_most=CHANGES_SHOWN),
        },
    )


def _decisions(person: Person) -> Iterable[Decision]:
    """Those that wait for a body which the reader decides in, the earliest due first."""
    return Decision.objects.waiting_for(person).select_related("body", "review")


def _due(action: Action) -> DueLine:
    return DueLine(
        what=action.what,
        number=action.recommendation.number,
        address=reverse("recommendation", args=[action.recommendation_id]),
        on=action.agreed_then,
        is_late=action.agreed_then < timezone.localdate(),
    )


def _waiting(request: HttpRequest) -> list[Waiting]:
    offered = Candidate.objects.visible_to(request.user).offered().order_by("report__title")
    counted = offered.values("report__slug", "report__title").annotate(count=Count("pk"))
    unanswered = Recommendation.objects.visible_to(request.user).standing_at(Status.MADE).count()
    answers = [Waiting.answers(count=unanswered, address=f"{reverse('register')}?status={Status.MADE}")] if unanswered else []
    return answers + [
        Waiting.candidates(
            count=row["count"], report=row["report__title"], address=f"{reverse('report', args=[row['report__slug']])}#candidates"
        )
        for row in counted
    ]
