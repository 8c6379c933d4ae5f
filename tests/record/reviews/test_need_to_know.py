"""Who may read what is OFFICIAL-SENSITIVE: the named people of its group, and nobody else, whatever their role."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from bestvalue.errors import RuleError

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person, User
    from bestvalue.record.reviews.models import Evidence, Finding, NeedToKnowGroup, Review


@pytest.fixture
def colleague(person: "Callable[..., Person]", team: "Body", sign_in: "Callable[[Person], User]") -> "Person":
    """An analyst of the same team, with a sign-in."""
    made = person("Analyst", role="analyst", body=team)
    sign_in(made)
    return made


@pytest.fixture
def group(review: "Review", manager: "Person", sign_in: "Callable[[Person], User]") -> "NeedToKnowGroup":
    from bestvalue.record.reviews.changes import make_group

    sign_in(manager)
    return make_group(review, name="Covert work", need="To cost the units that work covertly.", people=(), by=manager)


@pytest.fixture
def secret(review: "Review", group: "NeedToKnowGroup", add_evidence: "Callable[..., Evidence]") -> "Evidence":
    from bestvalue.record.reviews.models import Marking

    return add_evidence(review, marking=Marking.SENSITIVE, group=group)


def sees(person: "Person", row: Any) -> bool:
    from bestvalue.record.bodies.models import User

    return bool(type(row).objects.visible_to(User.objects.get(pk=person.user_id)).filter(pk=row.pk).exists())


def test_what_is_sensitive_is_read_by_those_in_its_group_alone(secret: "Evidence", manager: "Person", colleague: "Person") -> None:
    assert sees(manager, secret)
    assert not sees(colleague, secret)


def test_who_joins_the_group_reads_it_and_who_leaves_it_no_longer_does(
    secret: "Evidence", group: "NeedToKnowGroup", manager: "Person", colleague: "Person"
) -> None:
    from bestvalue.record.reviews.changes import add_to_group, take_out_of_group

    place = add_to_group(group, person=colleague, reason="Costs them.", by=manager)
    assert sees(colleague, secret)
    take_out_of_group(place, reason="Done.", by=manager)
    assert not sees(colleague, secret)


def test_only_those_in_a_group_decide_who_else_needs_to_know(group: "NeedToKnowGroup", colleague: "Person") -> None:
    from bestvalue.record.reviews.changes import add_to_group

    with pytest.raises(RuleError, match="is not in the group"):
        add_to_group(group, person=colleague, reason="I want to.", by=colleague)


def test_a_group_is_never_left_without_anybody_who_may_read(group: "NeedToKnowGroup", manager: "Person") -> None:
    from bestvalue.record.reviews.changes import take_out_of_group

    with pytest.raises(RuleError, match="Somebody must be left"):
        take_out_of_group(group.places.get(), reason="Done.", by=manager)


def test_a_marking_is_lowered_with_a_reason_and_by_somebody_of_the_group(
    secret: "Evidence", review: "Review", manager: "Person", colleague: "Person"
) -> None:
    from bestvalue.record.reviews.changes import mark
    from bestvalue.record.reviews.models import Marking

    with pytest.raises(RuleError, match="lowered with a reason"):
        mark(secret, review=review, marking=Marking.OFFICIAL, by=manager)
    with pytest.raises(RuleError, match="is not in the group"):
        mark(secret, review=review, marking=Marking.OFFICIAL, reason="Curious.", by=colleague)
    mark(secret, review=review, marking=Marking.OFFICIAL, reason="The operation is over.", by=manager)
    assert sees(colleague, secret)


def test_whoever_marks_without_naming_a_group_reads_it_alone(
    review: "Review", manager: "Person", colleague: "Person", add_evidence: "Callable[..., Evidence]", group: "NeedToKnowGroup"
) -> None:
    from bestvalue.record.reviews.models import Marking

    alone = add_evidence(review, marking=Marking.SENSITIVE)
    assert (sees(manager, alone), sees(colleague, alone)) == (True, False)
    assert alone.group is not None
    assert alone.group != group


def test_the_database_itself_refuses_what_is_sensitive_without_a_group(secret: "Evidence", finding: "Finding") -> None:
    secret.group = None
    with pytest.raises(IntegrityError), transaction.atomic():
        secret.save()
    finding.marking = "OFFICIAL-SENSITIVE"
    with pytest.raises(IntegrityError), transaction.atomic():
        finding.save()


def test_an_assignee_sees_what_is_assigned_to_them_whatever_its_marking(
    review: "Review", finding: "Finding", group: "NeedToKnowGroup", manager: "Person", colleague: "Person"
) -> None:
    from datetime import date

    from bestvalue.record.delivery.changes import draft_recommendation, own
    from bestvalue.record.reviews.changes import mark
    from bestvalue.record.reviews.models import Marking

    day = date(2026, 2, 1)
    ours = draft_recommendation(review, text="Do it.", findings=[finding], on=day, by=manager)
    mark(ours, review=review, marking=Marking.SENSITIVE, group=group, by=manager)
    assert not sees(colleague, ours)
    own(ours, body=review.authority, lead=colleague, on=day, by=manager)
    assert sees(colleague, ours)


def test_a_page_does_not_show_a_marking_of_what_its_reader_does_not_see(
    secret: "Evidence", review: "Review", manager: "Person", colleague: "Person"
) -> None:
    from bestvalue.record.bodies.models import User
    from bestvalue.record.reviews.models import Marking

    users = [User.objects.get(pk=person.user_id) for person in (manager, colleague)]
    assert [review.marking_for(user) for user in users] == [Marking.SENSITIVE, Marking.OFFICIAL]
    assert review.marking == Marking.SENSITIVE


def test_a_report_is_published_by_somebody_who_may_read_all_of_it_and_read_by_those_alone(
    secret: "Evidence",
    finding: "Finding",
    review: "Review",
    manager: "Person",
    second: "Person",
    group: "NeedToKnowGroup",
    colleague: "Person",
) -> None:
    from bestvalue.record.reviews.changes import add_to_group
    from bestvalue.record.reviews.report import propose, publish

    with pytest.raises(RuleError, match="may not read everything"):
        propose(review, by=second, formats=("html",))
    with pytest.raises(RuleError, match="may not read everything"):
        publish(review, by=manager, confirmed_by=second, formats=("html",))
    add_to_group(group, person=second, reason="To confirm the report.", by=manager)
    version = publish(review, by=manager, confirmed_by=second, formats=("html",))
    assert (sees(manager, version), sees(colleague, version)) == (True, False)


def test_each_reading_of_what_is_sensitive_is_in_the_ledger_and_of_the_rest_none(
    secret: "Evidence", finding: "Finding", manager: "Person"
) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.changes import note_read

    for row in (secret, finding):
        note_read(row, by=manager)
    assert list(AuditEvent.objects.filter(action__endswith=".read").values_list("action", "object_id")) == [
        ("evidence.read", str(secret.pk))
    ]
