"""Changes that tell what somebody else's tracker says: how a recommendation stood when it came here, and what was noted about it there."""

from datetime import date

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation, RecommendationStatus, Update, check_answers
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger


@transaction.atomic
def begin_at(recommendation: Recommendation, *, status: Status, source: str, on: date, by: Person) -> RecommendationStatus:
    """Record how a recommendation stood where it was tracked before it came here: what led there was decided elsewhere.

    Raises:
        RuleError: `by` may not, or it has a history here already, which a tracker does not go past.
    """
    check_answers(recommendation, by=by)
    if recommendation.statuses.count() != 1:
        raise RuleError("It has a history here already", where=recommendation.key, next_step="Say here how it stands.")
    first = recommendation.statuses.get()
    note = f"According to {source}, from which it was taken over."
    stood = RecommendationStatus.objects.create(recommendation=recommendation, status=status, on=max(on, first.on), note=note, by=by)
    keep_standing(recommendation)
    ledger.write("recommendation.taken_over", target=recommendation, by=by, payload={"status": status, "on": stood.on, "source": source})
    return stood


@transaction.atomic
def pass_on_comment(recommendation: Recommendation, *, text: str, source: str, on: date, by: Person) -> Update:
    """Pass on what a tracker notes about a recommendation. It says where it comes from, and answers no request: only the lead does that.

    Raises:
        RuleError: `by` may not, or nothing is noted.
    """
    check_answers(recommendation, by=by)
    if not text.strip():
        raise RuleError("Nothing is noted", where="text", next_step="Leave it out.")
    passed_on = Update.objects.create(recommendation=recommendation, on=on, text=f"According to {source}: {text.strip()}", by=by)
    ledger.write("update.passed_on", target=recommendation, by=by, payload={"on": on, "text": passed_on.text})
    return passed_on
