"""Published responses to a report, and forecasts of a plan: both kept by report."""

from pathlib import Path

from django.conf import settings
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import UNANSWERED, Status
from bestvalue.record.delivery.models.recommendation import Recommendation, RecommendationQuerySet, check_answers


class Response(models.Model):
    """The answers to every recommendation of one report, issued as a document."""

    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="responses_to")
    report_slug = models.SlugField(max_length=200)
    number = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    checkpoint = models.CharField(max_length=100)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["issuer", "report_slug", "number"], name="response_number_once")]

    def __str__(self) -> str:
        return f"Response to {self.report_slug}, version {self.number}"


class ResponseFile(models.Model):
    """One file of a response, below the workspace's folder of reports."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=10)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["format"]
        constraints = [models.UniqueConstraint(fields=["response", "format"], name="response_format_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where it is."""
        folder: Path = settings.WORKSPACE.reports_folder
        return folder / self.name


class PlanForecast(models.Model):
    """A forecast of one plan: the result in the workspace's store, and the day that it looks from."""

    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    report_slug = models.SlugField(max_length=200)
    on = models.DateField()
    result_digest = models.CharField(max_length=64)
    left_out = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"Forecast of {self.report_slug}, {self.on:%d %B %Y}"


def unanswered_of(plan: RecommendationQuerySet) -> list[Recommendation]:
    """What keeps a response from being issued: recommendations without an answer, or accepted without saying what is done.

    The law asks of each what has been or will be done, or why nothing will be: an action says it, or the note of the answer.
    """
    missing = []
    for one in plan.in_register_order().prefetch_related("actions", "statuses"):
        stands = Status(one.newest_status)
        if not one.wants_answer or stands is Status.WITHDRAWN:
            continue
        said = any(status.note for status in one.statuses.all() if status.status in (Status.ACCEPTED, Status.PARTLY_ACCEPTED))
        refused = stands is Status.NOT_ACCEPTED
        if stands in UNANSWERED or not (said or refused or one.actions.all()):
            missing.append(one)
    return missing


def check_issuable(plan: RecommendationQuerySet, *, by: Person) -> None:
    """Refuse to issue a response while a recommendation of the report is unanswered, or by somebody who may not answer them.

    Raises:
        RuleError: the message names what is unanswered.
    """
    first = plan.first()
    if first is None:
        raise RuleError("The report has no recommendations", where="report", next_step="There is nothing to respond to.")
    check_answers(first, by=by)
    missing = unanswered_of(plan)
    if missing:
        numbers = ", ".join(one.number for one in missing)
        raise RuleError(
            f"The response cannot be issued while {len(missing)} of its recommendations are unanswered: {numbers}",
            where=first.report_slug,
            next_step="Accept each and say what is done, or decline it and say why.",
        )
