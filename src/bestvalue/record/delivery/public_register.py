"""The public register, gathered from the record. Its one question reads what is OFFICIAL and was made public, and can read nothing else."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings

from bestvalue.documents import public_register as content
from bestvalue.documents.writing import write_report
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation, RecommendationStatus, Standing
from bestvalue.record.ledger import ledger

PLAIN: Mapping[Status, str] = {
    Status.MADE: "It was asked; nobody has answered yet.",
    Status.ACCEPTED: "The answer was yes: it will be done.",
    Status.PARTLY_ACCEPTED: "The answer was yes to a part of it.",
    Status.NOT_ACCEPTED: "The answer was no.",
    Status.IN_PROGRESS: "It is being worked on.",
    Status.EMBEDDING: "It was done, and is watched to see that it lasts.",
    Status.REQUESTED: "Those who lead it say that it is done; others have still to see and decide.",
    Status.COMPLETE: "It is done: somebody who does not lead it has seen so, and the body that owns it has decided so.",
    Status.CLOSED: "It was closed without being done.",
    Status.WITHDRAWN: "It was withdrawn.",
}
"""What each status means to somebody who does not know the register. A draft is not public, and has no words."""
GIVES_REASON = (Status.PARTLY_ACCEPTED, Status.NOT_ACCEPTED, Status.CLOSED)
"""What is not done is told with its reason; other notes are working notes."""


def register_content(*, on: date) -> content.PublicRegister:
    """What the public register says on a day.

    Args:
        on: the day; nothing later is told.
    """
    public = Recommendation.objects.public(on=on)
    listed = public.in_register_order(on=on)
    kept = {row.recommendation_id: row for row in Standing.objects.of_day(on).filter(recommendation__in=public).select_related("owner")}
    series: dict[int, list[content.PublicStatus]] = {}
    told = RecommendationStatus.objects.filter(recommendation__in=public, on__lte=on, status__in=PLAIN).order_by("on", "pk")
    for row in told:
        status = Status(row.status)
        series.setdefault(row.recommendation_id, []).append(
            content.PublicStatus(on=row.on, status=status.value, words=PLAIN[status], reason=row.note if status in GIVES_REASON else "")
        )
    rows = [(one.issuer.name, _title(one), _told(one, kept.get(one.pk), series[one.pk])) for one in listed if one.pk in series]
    workspace = settings.WORKSPACE.settings
    return content.PublicRegister(
        publisher=workspace.name,
        on=on,
        checkpoint=str(ledger.head()),
        synthetic=workspace.synthetic,
        reports=content.in_order(rows),
    )


def publish_register(folder: Path, *, on: date) -> tuple[Path, Path]:
    """Write the public register into a folder: a page to put on any web server, and the same as data.

    Returns:
        The page, and the data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    register = register_content(on=on)
    page = write_report(content.public_page(register), folder / "public-register-OFFICIAL.html")
    data = folder / "public-register-OFFICIAL.json"
    data.write_text(json.dumps(content.public_data(register), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return page, data


def _told(one: Recommendation, standing: Standing | None, series: list[content.PublicStatus]) -> content.PublicRecommendation:
    return content.PublicRecommendation(
        number=one.number,
        kind=one.get_kind_display(),
        text=one.text,
        owner=standing.owner.name if standing and standing.owner else "",
        due=standing.due if standing else None,
        days_later=standing.slipped_days if standing else 0,
        series=tuple(series),
        cost=one.cost_words,
        benefit=one.benefit_words,
        measure=one.measure_words,
    )


def _title(one: Recommendation) -> str:
    if one.published_report is not None:
        return one.published_report.title
    return one.review.title if one.review is not None else one.report_title
