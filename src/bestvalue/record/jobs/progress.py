"""What a worker writes about a job: started, how far, how it ended. Written on behalf of whoever asked for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from bestvalue.errors import BestValueError, Cancelled, RuleError
from bestvalue.record.jobs.models import Job, State
from bestvalue.record.ledger import ledger

REPORT_SECONDS = 0.3
"""Progress is written at most this often: a bar that moves three times a second is smooth, and each write takes SQLite's one writer."""

HEARTBEAT_SECONDS = 10
"""A worker says this often that it is alive, well below `STALE_AFTER`, because an analysis may think long without a word."""


@transaction.atomic
def start(job: Job) -> Job:
    """Record that a worker has taken up a job.

    Raises:
        RuleError: it is not waiting: it was cancelled, or another worker has it.
    """
    job = _locked(job)
    if job.state != State.QUEUED:
        raise RuleError(f"The job is not waiting but {job.get_state_display().lower()}", where=str(job), next_step="Ask for a new one.")
    now = timezone.now()
    job.state, job.started_at, job.heard_at, job.doing = State.RUNNING, now, now, "Starting"
    job.save()
    ledger.write("job.started", target=job, by=job.asked_by)
    return job


@transaction.atomic
def finish(job: Job, *, result_digest: str) -> Job:
    """Record that a job has its result.

    Raises:
        RuleError: it is not running any more.
    """
    job = _running(job)
    job.result_digest, job.share, job.doing = result_digest, 1.0, ""
    _end(job, State.FINISHED)
    ledger.write("job.finished", target=job, by=job.asked_by, payload={"result": result_digest})
    return job


@transaction.atomic
def stop(job: Job) -> Job:
    """Record that a running job has stopped because somebody asked for it.

    Raises:
        RuleError: it is not running any more.
    """
    job = _running(job)
    _end(job, State.CANCELLED)
    ledger.write("job.cancelled", target=job, by=job.asked_by)
    return job


@transaction.atomic
def fail(job: Job, *, error: BestValueError) -> Job:
    """Record why a job failed: what, where, and what to do next.

    Raises:
        RuleError: it is not running any more.
    """
    job = _running(job)
    job.fault_what, job.fault_where, job.fault_next_step = error.what, error.where, error.next_step
    _end(job, State.FAILED)
    ledger.write("job.failed", target=job, by=job.asked_by, payload={"what": error.what, "where": error.where})
    return job


@transaction.atomic
def give_up(job: Job, *, at: datetime) -> Job:
    """Record that the worker of a running job has fallen silent, so nothing more will come of it.

    Raises:
        RuleError: the job is not running, or was heard of lately.
    """
    job = _running(job)
    if not job.is_stale(at=at):
        raise RuleError("The job was heard of lately", where=str(job), next_step="Wait for it.")
    job.fault_what = "The worker stopped in the middle of the job: it was ended, or the machine was"
    job.fault_where, job.fault_next_step = job.doing, "Ask for the analysis again; if it stops once more, give the machine more memory."
    _end(job, State.FAILED)
    ledger.write("job.given_up", target=job, by=job.asked_by)
    return job


class Reporter:
    """The progress function of one job: writes how far it is, and raises `Cancelled` when somebody has asked to stop."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._written_at = float("-inf")

    def __call__(self, share: float, doing: str) -> None:
        """Report that `share` (0 to 1) is done and `doing` is under way.

        Raises:
            Cancelled: somebody has asked to stop.
        """
        if time.monotonic() - self._written_at < REPORT_SECONDS:
            return
        running = Job.objects.filter(pk=self._job.pk, state=State.RUNNING)
        running.update(share=min(max(share, 0.0), 1.0), doing=doing[:200], heard_at=timezone.now())
        self._written_at = time.monotonic()
        # A job that was given up on meanwhile has no running row, and nobody waits for it any more.
        if not running.filter(cancel_asked=False).exists():
            raise Cancelled("The job was cancelled", where=str(self._job), next_step="Ask for it again.")


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Say every few seconds that the worker lives, from a thread of its own, while the block runs."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(HEARTBEAT_SECONDS):
                Job.objects.filter(pk=job.pk, state=State.RUNNING).update(heard_at=timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _locked(job: Job) -> Job:
    return Job.objects.select_for_update().get(pk=job.pk)


def _running(job: Job) -> Job:
    job = _locked(job)
    if job.state != State.RUNNING:
        raise RuleError(f"The job is not running but {job.get_state_display().lower()}", where=str(job), next_step="Ask for a new one.")
    return job


def _end(job: Job, state: State) -> None:
    job.state, job.ended_at = state, timezone.now()
    job.save()
