"""What the clock brings: updates are asked for, missed ones climb, people are told. Run twice on a day, nothing happens twice."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import MissedUpdate, Notice, UpdateRequest
from bestvalue.record.delivery.owed import climbed, notices_due, requests_due
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger


@transaction.atomic
def ask_for_updates(*, on: date, by: Person | None) -> list[UpdateRequest]:
    """Ask each lead for the updates that are due; what is asked for already is not asked for again."""
    asked = UpdateRequest.objects.bulk_create(requests_due(on=on))
    if asked:
        ledger.write("updates.asked", target=asked[0], by=by, payload={"rows": [str(request) for request in asked]})
    return asked


@transaction.atomic
def record_missed(*, on: date, by: Person | None) -> list[MissedUpdate]:
    """Record each update that was missed, and the level that it has climbed to."""
    missed = MissedUpdate.objects.bulk_create(climbed(on=on))
    if missed:
        keep_standing(*(event.request.recommendation for event in missed))
        ledger.write("updates.missed", target=missed[0], by=by, payload={"rows": [str(event) for event in missed]})
    return missed


@transaction.atomic
def raise_notices(*, on: date, by: Person | None) -> list[Notice]:
    """Write down whom to tell what. What somebody has been told has its key, and is not told again."""
    wanted = {notice.key: notice for notice in notices_due(on=on)}
    there = set(Notice.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()
    raised = Notice.objects.bulk_create(notice for key, notice in wanted.items() if key not in there)
    if raised:
        ledger.write("notices.raised", target=raised[0], by=by, payload={"keys": [notice.key for notice in raised]})
    return raised


@transaction.atomic
def mark_sent(person: Person, *, notices: Collection[Notice], at: datetime, by: Person | None) -> Person:
    """Record that one mail carried these notices to a person."""
    for notice in notices:
        notice.sent_at = at
        notice.save(update_fields=["sent_at"])
    ledger.write("notices.sent", target=person, by=by, payload={"keys": [notice.key for notice in notices]})
    return person
