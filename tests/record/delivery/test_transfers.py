"""A transfer has two sides: the sender owns it until the other accepts, and watches it until it ends."""

from datetime import date
from typing import Any

import pytest
from tests.record.delivery.conftest import Delivering

from bestvalue.errors import RuleError
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.models import Recommendation, Transfer, watched_by

OFFERED, ANSWERED = date(2026, 3, 1), date(2026, 4, 1)


def offered(delivering: Delivering, **rest: Any) -> Transfer:
    least = {"to_body": delivering.other_committee, "reason": "It is about people.", "on": OFFERED, "by": delivering.member}
    return changes.offer_transfer(delivering.recommendation, **{**least, **rest})


def answered(delivering: Delivering, transfer: Transfer, **rest: Any) -> None:
    least = {"accepted": True, "on": ANSWERED, "minute": "Minute 9", "by": delivering.other_member, "lead": delivering.visitor}
    changes.answer_transfer(transfer, **{**least, **rest})


def owner(delivering: Delivering) -> str:
    ownership = Recommendation.objects.get(pk=delivering.recommendation.pk).ownership
    assert ownership is not None
    return ownership.body.name


def test_the_sender_owns_it_until_the_other_accepts(delivering: Delivering) -> None:
    transfer = offered(delivering)
    assert owner(delivering) == "Committee"
    answered(delivering, transfer)
    assert owner(delivering) == "Other committee"
    assert Recommendation.objects.get().lead == delivering.visitor


def test_declined_with_a_reason_it_stays(delivering: Delivering) -> None:
    transfer = offered(delivering)
    with pytest.raises(RuleError, match="decline has a reason"):
        answered(delivering, transfer, accepted=False)
    answered(delivering, transfer, accepted=False, reason="It is about money.")
    assert owner(delivering) == "Committee"
    assert not watched_by(delivering.committee).exists()
    offered(delivering)


@pytest.mark.parametrize("by", ["member", "manager", "lead"])
def test_only_the_receiving_body_answers(delivering: Delivering, by: str) -> None:
    transfer = offered(delivering)
    with pytest.raises(RuleError, match="holds no place in Other committee"):
        answered(delivering, transfer, by=getattr(delivering, by))


def test_whoever_takes_it_names_its_lead(delivering: Delivering) -> None:
    with pytest.raises(RuleError, match="names who leads it"):
        answered(delivering, offered(delivering), lead=None)


@pytest.mark.parametrize(
    ("broken", "says"),
    [({"reason": " "}, "has a reason"), ({"by": "other_member"}, "no place in Committee"), ({"to_body": "committee"}, "owns it already")],
)
def test_an_offer_has_its_owner_its_reason_and_another_body(delivering: Delivering, broken: dict[str, str], says: str) -> None:
    given = {name: getattr(delivering, value, value) for name, value in broken.items()}
    with pytest.raises(RuleError, match=says):
        offered(delivering, **given)


def test_it_is_offered_to_one_body_at_a_time(delivering: Delivering) -> None:
    offered(delivering)
    with pytest.raises(RuleError, match="offered to Other committee already"):
        offered(delivering)


def test_the_sender_watches_what_it_handed_over_until_it_ends(delivering: Delivering) -> None:
    answered(delivering, offered(delivering))
    assert list(watched_by(delivering.committee)) == [delivering.recommendation]
    assert not watched_by(delivering.committee, on=date(2026, 2, 28)).exists()
    changes.close_not_implemented(delivering.recommendation, on=ANSWERED, minute="9", reason="Overtaken.", by=delivering.other_member)
    assert not watched_by(delivering.committee).exists()


def test_by_a_day_an_offer_waits_or_is_answered(delivering: Delivering) -> None:
    transfer = offered(delivering)
    answered(delivering, transfer)
    waiting = [
        Transfer.objects.waiting(on=date.fromisoformat(day)).count() for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    ]
    assert waiting == [0, 1, 1, 0]


def test_another_body_takes_it_over_only_by_a_transfer(delivering: Delivering) -> None:
    with pytest.raises(RuleError, match="Committee owns it"):
        changes.own(delivering.recommendation, body=delivering.other_committee, lead=delivering.lead, on=OFFERED, by=delivering.manager)
    with pytest.raises(RuleError, match="change of the lead has a reason"):
        changes.own(delivering.recommendation, body=delivering.committee, lead=delivering.visitor, on=OFFERED, by=delivering.manager)
