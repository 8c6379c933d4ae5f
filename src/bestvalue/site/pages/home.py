"""The start page: what needs a decision, what is running, what moved."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import person_of
from bestvalue.record.inspections.models import Candidate
from bestvalue.record.jobs.models import ENDED, Job
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Review
from bestvalue.site.presenters.changes import change_line
from bestvalue.site.presenters.home import JobLine, ReviewLine, Waiting
from bestvalue.site.presenters.tags import JOB, STAGE

CHANGES_SHOWN = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs whoever is signed in."""
    person = person_of(request.user)
    if person is None:
        return render(request, "home/no_place.html")
    reviews = Review.objects.visible_to(request.user).select_related("force")
    jobs = Job.objects.visible_to(request.user).exclude(state__in=ENDED).newest_first()
    return render(
        request,
        "home/home.html",
        {
            "person": person,
            "waiting": _waiting(request),
            "jobs": [JobLine(words=job.analysis, address=reverse("job", args=[job.pk]), tag=JOB[job.state]) for job in jobs],
            "reviews": [
                ReviewLine(
                    title=review.title, force=review.force.name, address=reverse("review", args=[review.pk]), tag=STAGE[review.stage]
                )
                for review in reviews
            ],
            "changes": [change_line(event) for event in AuditEvent.objects.newest_first()[:CHANGES_SHOWN]],
        },
    )


def _waiting(request: HttpRequest) -> list[Waiting]:
    offered = Candidate.objects.visible_to(request.user).offered().order_by("report__title")
    counted = offered.values("report__slug", "report__title").annotate(count=Count("pk"))
    return [
        Waiting.candidates(
            count=row["count"], report=row["report__title"], address=f"{reverse('report', args=[row['report__slug']])}#candidates"
        )
        for row in counted
    ]
