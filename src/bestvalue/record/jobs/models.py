"""A job: long work asked for on the site and done by a worker behind it."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User, person_of

STALE_AFTER = timedelta(minutes=2)
"""A running job that has not been heard of for this long has lost its worker. A worker writes every few seconds, even
while the analysis itself says nothing; two minutes outlast a machine that swaps or a database that is backed up."""


class State(models.TextChoices):
    """Where a job is."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ENDED = (State.FINISHED, State.FAILED, State.CANCELLED)


class JobQuerySet(models.QuerySet["Job"]):
    """Questions about jobs."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every job, for a user who holds a place today: jobs answer questions from the workspace's own data. Nothing for others."""
        return self if person_of(user) is not None else self.none()

    def newest_first(self) -> Self:
        """The job asked for last comes first."""
        return self.order_by("-asked_at", "-id")

    def stale(self, *, at: datetime) -> Self:
        """Running jobs whose worker has fallen silent."""
        return self.filter(state=State.RUNNING, heard_at__lt=at - STALE_AFTER)


class Job(models.Model):
    """One run of one analysis."""

    analysis = models.CharField(max_length=100)
    spec = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    share = models.FloatField(default=0.0)
    doing = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="jobs")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    result_digest = models.CharField(max_length=64, blank=True)
    fault_what = models.TextField(blank=True)
    fault_where = models.TextField(blank=True)
    fault_next_step = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="job_state_known"),
            models.CheckConstraint(condition=models.Q(share__range=(0.0, 1.0)), name="job_share_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(state=State.FINISHED) & ~models.Q(result_digest="")
                | ~models.Q(state=State.FINISHED) & models.Q(result_digest=""),
                name="job_finished_has_result",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, ended_at__isnull=False) | ~models.Q(state__in=ENDED) & models.Q(ended_at=None),
                name="job_ended_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"Job {self.pk}: {self.analysis}"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED

    def is_stale(self, *, at: datetime) -> bool:
        """Whether it runs and its worker has fallen silent."""
        return self.state == State.RUNNING and self.heard_at is not None and self.heard_at < at - STALE_AFTER

    def check_cancellable(self) -> None:
        """Refuse to cancel what has ended or is being cancelled.

        Raises:
            RuleError: the message says how it stands.
        """
        if self.has_ended:
            raise RuleError(
                f"The job has ended already: {self.get_state_display().lower()}", where=str(self), next_step="Nothing is left to cancel."
            )
        if self.cancel_asked:
            raise RuleError("The job is being cancelled already", where=str(self), next_step="Wait until it stops.")
