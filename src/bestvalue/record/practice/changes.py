"""Changes to the register of good practice."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.inspections.models import GoodPractice
from bestvalue.record.ledger import ledger
from bestvalue.record.practice.models import Practice, Uptake, UptakeResult, Worked, check_describes, check_takes_up
from bestvalue.record.reviews.models import Finding


@transaction.atomic
def describe_practice(
    title: str,
    *,
    service: str,
    where_seen: str,
    conditions: str,
    evidence: str,
    by: Person,
    good_practice: GoodPractice | None = None,
    finding: Finding | None = None,
) -> Practice:
    """Describe a practice, so that somebody elsewhere can tell whether it would work there.

    Args:
        title: what is done, in a few words.
        service: of which it is.
        where_seen: the body or place where it works.
        conditions: what it needs to work.
        evidence: what shows that it works.
        by: who describes it.
        good_practice: of a published report, where it comes from one.
        finding: of ours, where it comes from one.

    Raises:
        RuleError: `by` may not, something is left out, or its origin is described already.
    """
    said = {"title": title, "service": service, "where_seen": where_seen, "conditions": conditions, "evidence": evidence}
    check_describes(by=by, finding=finding, good_practice=good_practice, said=said)
    made = Practice.objects.create(
        **{field: value.strip() for field, value in said.items()},
        good_practice=good_practice,
        finding=finding,
        added_on=timezone.localdate(),
        added_by=by,
    )
    ledger.write("practice.described", target=made, by=by, payload=said)
    return made


@transaction.atomic
def take_up_practice(practice: Practice, *, body: Body, on: date, how: str, by: Person) -> Uptake:
    """Record that a body took a practice up.

    Raises:
        RuleError: `by` may not, it does not say how, or the day is still to come.
    """
    check_takes_up(by=by, on=on, today=timezone.localdate(), text=how, where="how")
    made = Uptake.objects.create(practice=practice, body=body, on=on, how=how.strip(), by=by)
    ledger.write("practice.taken_up", target=made, by=by, payload={"practice": practice.pk, "body": body.pk, "how": made.how, "on": on})
    return made


@transaction.atomic
def record_result(uptake: Uptake, *, worked: Worked, text: str, on: date, by: Person) -> UptakeResult:
    """Record what came of it.

    Raises:
        RuleError: `by` may not, it says nothing, or the day is still to come.
    """
    check_takes_up(by=by, on=on, today=timezone.localdate(), text=text, where="text")
    made = UptakeResult.objects.create(uptake=uptake, worked=worked, text=text.strip(), on=on, by=by)
    ledger.write("practice.result", target=made, by=by, payload={"uptake": uptake.pk, "worked": worked, "text": made.text, "on": on})
    return made
