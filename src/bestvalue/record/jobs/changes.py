"""Changes that people make to jobs: ask for one, cancel one. What a worker writes is in `progress.py`."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from bestvalue.analysis.registry import find_analysis
from bestvalue.analysis.settings import parse_settings
from bestvalue.record.bodies.models import Person
from bestvalue.record.jobs.models import Job, State
from bestvalue.record.jobs.tasks import run_analysis
from bestvalue.record.ledger import ledger


@transaction.atomic
def ask(*, analysis: str, settings: Mapping[str, Any], by: Person) -> Job:
    """Ask for an analysis to be run behind the site. The job and its place in the queue are saved together, or neither is.

    Args:
        analysis: name of the analysis, "challenge.demand".
        settings: its parameters, those that differ from the defaults.
        by: who asks.

    Raises:
        SpecError: a parameter is unknown or out of its bounds.
    """
    spec = parse_settings(find_analysis(analysis).Spec, dict(settings))
    job = Job.objects.create(analysis=analysis, spec=spec.model_dump(mode="json"), asked_by=by, asked_at=timezone.now())
    run_analysis.enqueue(job.pk)
    ledger.write("job.asked", target=job, by=by, payload={"analysis": analysis, "spec": job.spec})
    return job


@transaction.atomic
def cancel(job: Job, *, by: Person) -> Job:
    """Ask a job to stop. One that waits ends at once; a running one stops at its next report of progress.

    Raises:
        RuleError: it has ended, or is being cancelled already.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    job.check_cancellable()
    job.cancel_asked = True
    if job.state == State.QUEUED:
        job.state, job.ended_at = State.CANCELLED, timezone.now()
    job.save()
    ledger.write("job.cancel_asked", target=job, by=by)
    return job
