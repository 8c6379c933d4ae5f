"""The task that a worker runs: answer one question for the site, and say how it went."""

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from bestvalue.analysis.registry import find_analysis
from bestvalue.analysis.settings import parse_settings
from bestvalue.errors import BestValueError, Cancelled
from bestvalue.record.jobs import progress
from bestvalue.record.jobs.models import Job, State
from bestvalue.workspace import Workspace

CHECKING_SHARE = 0.2
"""How much of the bar the reading and checking of the tables takes; it is nothing when they are unchanged since the last run."""


@task()
def run_analysis(job_id: int) -> str:
    """Run one job to its end, whatever that is.

    Returns:
        The state that the job ended in.
    """
    for lost in Job.objects.stale(at=timezone.now()):
        progress.give_up(lost, at=timezone.now())
    job = Job.objects.get(pk=job_id)
    if job.state != State.QUEUED:
        return job.state
    job = progress.start(job)
    try:
        with progress.heartbeat(job):
            digest = _answer(job)
        return progress.finish(job, result_digest=digest).state
    except Cancelled:
        job.refresh_from_db()
        # It has ended already if it was given up on while it thought long, and is heard of only now.
        return progress.stop(job).state if job.state == State.RUNNING else job.state
    except BestValueError as error:
        return progress.fail(job, error=error).state
    except Exception as bug:
        progress.fail(job, error=_explain(bug))
        raise  # the queue keeps the traceback


def _answer(job: Job) -> str:
    # Opened anew, because the settings of the workspace may have changed since the worker started.
    workspace = Workspace.open(settings.WORKSPACE.root)
    analysis = find_analysis(job.analysis)
    spec = parse_settings(analysis.Spec, dict(job.spec))
    report = progress.Reporter(job)
    checked = workspace.check(progress=lambda share, doing: report(CHECKING_SHARE * share, doing))
    dataset = workspace.dataset(checked)
    try:
        stored = workspace.run(
            analysis, spec, dataset=dataset, progress=lambda share, doing: report(CHECKING_SHARE + (1 - CHECKING_SHARE) * share, doing)
        )
    finally:
        dataset.engine.close()
    return stored.digest


def _explain(bug: Exception) -> BestValueError:
    return BestValueError(
        f"The program itself has a fault: {type(bug).__name__}: {bug}",
        where="the worker's log has the whole account",
        next_step="Tell whoever runs this site; the data and the record are as they were.",
    )
