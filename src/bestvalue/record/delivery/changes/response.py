"""Issuing a response to a report, and keeping a forecast of a plan."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import PlanForecast, Recommendation, Response, ResponseFile, check_issuable
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.ledger import Checkpoint


@transaction.atomic
def issue_response(
    issuer: Body, *, report_slug: str, number: int, files: Mapping[str, Path], checkpoint: Checkpoint, on: date, by: Person
) -> Response:
    """Record an issued response to a report, and put its files in their place.

    Args:
        issuer: of the report.
        report_slug: of the report.
        number: the version that the files say they are.
        files: the written file of each format, outside its final place; its name is kept.
        checkpoint: the ledger's newest entry, as the files print it.
        on: day of issue.
        by: who issues it.

    Raises:
        RuleError: a recommendation of the report is unanswered, `by` may not, or somebody issued this number meanwhile.
    """
    plan = Recommendation.objects.of_plan(issuer=issuer, report_slug=report_slug)
    list(plan.select_for_update().values_list("pk"))
    check_issuable(plan, by=by)
    if Response.objects.filter(issuer=issuer, report_slug=report_slug).count() + 1 != number:
        raise RuleError(f"Version {number} was issued by somebody else meanwhile", where=report_slug, next_step="Issue it again.")
    response = Response.objects.create(
        issuer=issuer, report_slug=report_slug, number=number, issued_on=on, checkpoint=str(checkpoint), by=by
    )
    for format_name, path in files.items():
        placed = path.replace(settings.WORKSPACE.reports_folder / path.name)
        with placed.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        ResponseFile.objects.create(response=response, format=format_name, name=placed.name, sha256=sha256, size=placed.stat().st_size)
    listed = {file.name: file.sha256 for file in response.files.all()}
    ledger.write("response.issued", target=response, by=by, payload={"report": report_slug, "number": number, "files": listed})
    return response


@transaction.atomic
def keep_forecast(issuer: Body, *, report_slug: str, on: date, result_digest: str, left_out: int, by: Person | None) -> PlanForecast:
    """Record that a plan was forecast: the result in the store, and how many actions could not be part of it."""
    kept = PlanForecast.objects.create(issuer=issuer, report_slug=report_slug, on=on, result_digest=result_digest, left_out=left_out, by=by)
    ledger.write("plan.forecast", target=kept, by=by, payload={"report": report_slug, "on": on, "result": result_digest})
    return kept
