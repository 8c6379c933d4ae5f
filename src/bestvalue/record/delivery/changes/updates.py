"""Updates by the lead, and the key that opens a person's calendar feed."""

import hashlib
import secrets
from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import Action, CalendarKey, Delivered, Update, check_update, recommendation_of
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger


@transaction.atomic
def give_update(delivered: Delivered, *, text: str, on: date, by: Person) -> Update:
    """Say how it stands. The update answers the oldest request for one; those before it stay as they were.

    Raises:
        RuleError: `by` does not lead it, it says nothing, or is dated before the newest.
    """
    recommendation_of(delivered).check_under_way()
    check_update(delivered, text=text, on=on, by=by)
    action = delivered if isinstance(delivered, Action) else None
    recommendation = recommendation_of(delivered)
    asked = recommendation.update_requests.select_for_update(of=("self",)).unanswered().filter(action=action, asked_on__lte=on)
    update = Update.objects.create(
        recommendation=recommendation, action=action, request=asked.order_by("due", "id").first(), on=on, text=text.strip(), by=by
    )
    keep_standing(recommendation)
    ledger.write("update.given", target=delivered, by=by, payload={"on": on, "text": update.text})
    return update


@transaction.atomic
def give_calendar_key(person: Person, *, by: Person) -> str:
    """Make the secret part of the address of a person's calendar feed; the one before it opens nothing from now on.

    Returns:
        The secret, which is shown once: the record keeps its digest alone.
    """
    now = timezone.now()
    for key in CalendarKey.objects.select_for_update().filter(person=person, ended_at=None):
        key.ended_at = now
        key.save(update_fields=["ended_at"])
    secret = secrets.token_urlsafe(32)
    made = CalendarKey.objects.create(person=person, digest=hashlib.sha256(secret.encode()).hexdigest(), made_at=now)
    ledger.write("calendar.key_given", target=made, by=by, payload={"person": person.pk})
    return secret
