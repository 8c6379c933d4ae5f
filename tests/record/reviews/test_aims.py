"""Aims: measured, checked, changed, withdrawn."""

from datetime import date
from decimal import Decimal

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.changes import add_aim, edit_aim, withdraw_aim
from bestvalue.record.reviews.life_cycle import Need
from bestvalue.record.reviews.models import Aim, Review, weaknesses
from bestvalue.record.reviews.readiness import met_of
from bestvalue.record.row_versions import EditedMeanwhileError

CLEAR = {
    "measure": "calls answered in time",
    "unit": "%",
    "baseline": Decimal(71),
    "target": Decimal(85),
    "direction": "up",
    "due": date(2027, 3, 31),
}


def test_an_aim_with_measure_baseline_target_direction_and_date_is_clear_and_challenging() -> None:
    assert weaknesses(**CLEAR) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measure": ""}, "It has no measure, so nobody can see whether it is reached."),
        ({"unit": ""}, "Its measure has no unit."),
        ({"baseline": None}, "It has no baseline, so nobody knows where it starts."),
        ({"target": None}, "It has no target."),
        ({"target": Decimal("71.0")}, "Its target is its baseline, so it asks for no change."),
        ({"target": Decimal(60)}, "Its target is worse than its baseline."),
        ({"direction": "down"}, "Its target is worse than its baseline."),
        ({"direction": ""}, "It does not say whether higher or lower is better."),
        ({"due": None}, "It has no date."),
    ],
)
def test_what_is_missing_or_asks_for_nothing_is_said_in_a_sentence(change: dict[str, object], words: str) -> None:
    assert words in weaknesses(**{**CLEAR, **change})  # type: ignore[arg-type]  # one of the fields, of its own type


def test_aims_are_numbered_on_and_told_as_they_are_measured(review: Review, manager: Person) -> None:
    first, second = (add_aim(review, text=text, by=manager, **CLEAR) for text in ("Answer in time.", "Answer better."))
    assert (first.number, second.number) == (1, 2)
    assert first.as_measured == "calls answered in time: from 71 to 85 %, by 31 March 2027"
    assert first.change_share == pytest.approx(Decimal(14) / Decimal(71))


def test_a_target_of_no_measure_and_an_aim_without_words_are_refused(review: Review, manager: Person) -> None:
    with pytest.raises(RuleError, match="values of a measure"):
        add_aim(review, text="Answer in time.", target=Decimal(5), by=manager)
    with pytest.raises(RuleError, match="says what is to be achieved"):
        add_aim(review, text=" ", by=manager)


def test_only_the_team_writes_aims(review: Review, body: "Body", person: object, authority: Body) -> None:
    from bestvalue.record.bodies.models import Membership

    member = Person.objects.create(name="Member")
    Membership.objects.create(person=member, body=authority, role="authority member", starts=date(2026, 1, 5))
    with pytest.raises(RuleError, match="Member may not add to this review"):
        add_aim(review, text="Answer in time.", by=member)


def test_a_changed_aim_keeps_what_it_said_and_tells_the_ledger_both(review: Review, manager: Person) -> None:
    aim = add_aim(review, text="Answer in time.", by=manager, **CLEAR)
    edited = edit_aim(aim, version=aim.row_version, mine={"target": Decimal(90)}, by=manager)
    assert (edited.target, edited.history.count()) == (Decimal(90), 2)
    payload = AuditEvent.objects.about(aim).latest("seq").payload
    assert payload is not None
    assert {side: Decimal(value) for side, value in payload["changed"]["target"].items()} == {"from": 85, "to": 90}


def test_of_two_who_change_the_same_field_the_second_is_told(review: Review, manager: Person) -> None:
    aim = add_aim(review, text="Answer in time.", by=manager)
    edit_aim(aim, version=1, mine={"text": "Answer at once."}, by=manager)
    with pytest.raises(EditedMeanwhileError, match="Somebody else changed this meanwhile"):
        edit_aim(aim, version=1, mine={"text": "Answer soon."}, by=manager)


def test_a_withdrawn_aim_stays_with_its_reason_and_does_not_count_for_the_scope(review: Review, manager: Person) -> None:
    aim = add_aim(review, text="Answer in time.", by=manager)
    assert met_of(review, [Need.AIMS]) == {Need.AIMS}
    with pytest.raises(RuleError, match="has a reason"):
        withdraw_aim(aim, reason="", by=manager)
    withdraw_aim(aim, reason="Another force answers these calls now.", by=manager)
    assert met_of(review, [Need.AIMS]) == frozenset()
    assert (review.aims.count(), Aim.objects.standing().count()) == (1, 0)
    with pytest.raises(RuleError, match="The aim was withdrawn on"):
        edit_aim(aim, version=2, mine={"text": "?"}, by=manager)
    assert add_aim(review, text="Another.", by=manager).number == 2
