"""The start page: what needs a decision, what is running, what moved."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import person_of
from bestvalue.record.bodies.places import whose
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.duties import duties_of
from bestvalue.record.inspections.models import DECIDERS, Candidate
from bestvalue.record.jobs.models import ENDED, Job
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Review
from bestvalue.site.pages.changes import lines_seen_by
from bestvalue.site.pages.things import address_of_duty
from bestvalue.site.presenters.duties import duty_line
from bestvalue.site.presenters.home import JobLine, ReviewLine, Waiting
from bestvalue.site.presenters.tags import JOB, STAGE

DUTIES_SHOWN = 8
"""The soonest; the rest stand on a page of their own."""
CHANGES_SHOWN = 8
CHANGES_READ = 60
"""Entries that are read to find those: most are about what the reader sees, some about places and people, which have no page."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everybody asks "what do I owe, and what moved?", and opens the first thing that is due."""
    person = person_of(request.user)
    if person is None:
        return render(request, "home/no_place.html")
    reviews = Review.objects.visible_to(request.user).select_related("force").with_stage()
    today, mine = timezone.localdate(), whose(person)
    duties = [duty_line(duty, address=address_of_duty(duty), on=today) for duty in duties_of(mine, on=today)]
    jobs = Job.objects.visible_to(request.user).exclude(state__in=ENDED).newest_first()
    return render(
        request,
        "home/home.html",
        {
            "person": person,
            "duties": duties[:DUTIES_SHOWN],
            "owed": len(duties),
            "overdue": sum(duty.is_late for duty in duties),
            "waiting": _waiting(request) if mine.holds(*DECIDERS) else [],
            "jobs": [JobLine(words=job.analysis, address=reverse("job", args=[job.pk]), tag=JOB[job.state]) for job in jobs],
            "reviews": [
                ReviewLine(
                    title=review.title, force=review.force.name, address=reverse("review", args=[review.pk]), tag=STAGE[review.newest_stage]
                )
                for review in reviews
            ],
            "changes": lines_seen_by(request.user, AuditEvent.objects.newest_first()[:CHANGES_READ], at_most=CHANGES_SHOWN),
        },
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
