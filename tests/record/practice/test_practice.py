from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.practice.changes import describe_practice, record_result, take_up_practice
from bestvalue.record.practice.likeness import like_practice
from bestvalue.record.practice.models import Practice, Worked
from bestvalue.record.reviews.models import Finding

DAY = date(2026, 1, 5)
SAID = {
    "service": "Operational support",
    "where_seen": "Northern Force",
    "conditions": "Members with time.",
    "evidence": "The report says so.",
}


@pytest.fixture
def panel(manager: Person) -> Practice:
    return describe_practice("A panel of critical friends", **SAID, by=manager)


@pytest.mark.parametrize("field", ["service", "where_seen", "conditions", "evidence"])
def test_a_description_has_no_gap(manager: Person, field: str) -> None:
    with pytest.raises(RuleError, match="has no gap") as refused:
        describe_practice("A panel", **{**SAID, field: " "}, by=manager)
    assert refused.value.where == field


def test_only_a_strength_is_held_up(finding: Finding, manager: Person) -> None:
    with pytest.raises(RuleError, match="no strength"):
        describe_practice("A panel", **SAID, finding=finding, by=manager)


def test_what_a_finding_holds_up_is_seen_by_those_who_see_the_finding(
    review: Any,
    strand: Any,
    manager: Person,
    add_evidence: Callable[..., Any],
    sign_in: Callable[[Person], User],
    person: Callable[..., Person],
    body: Any,
) -> None:
    from bestvalue.record.reviews.changes import add_finding
    from bestvalue.record.reviews.models import Tone

    strength = add_finding(review, strand=strand, text="The panel works.", tone=Tone.POSITIVE, evidence=[add_evidence(review)], by=manager)
    describe_practice("A panel", **SAID, finding=strength, by=manager)
    stranger = person("Stranger", role="analyst", body=body("Elsewhere", "force"))
    assert Practice.objects.visible_to(sign_in(manager)).count() == 1
    assert Practice.objects.visible_to(sign_in(stranger)).count() == 0


def test_an_origin_is_described_once(review: Any, strand: Any, manager: Person, add_evidence: Callable[..., Any]) -> None:
    from bestvalue.record.reviews.changes import add_finding
    from bestvalue.record.reviews.models import Tone

    strength = add_finding(review, strand=strand, text="The panel works.", tone=Tone.POSITIVE, evidence=[add_evidence(review)], by=manager)
    describe_practice("A panel", **SAID, finding=strength, by=manager)
    with pytest.raises(RuleError, match="in the register already"):
        describe_practice("Again", **SAID, finding=Finding.objects.get(pk=strength.pk), by=manager)


def test_what_came_of_it_is_added_and_the_first_result_stays(panel: Practice, manager: Person, authority: Any) -> None:
    uptake = take_up_practice(panel, body=authority, on=DAY, how="A panel of three.", by=manager)
    record_result(uptake, worked=Worked.WORKED, text="All challenges answered.", on=DAY, by=manager)
    record_result(uptake, worked=Worked.NOT, text="The members left.", on=date(2026, 6, 1), by=manager)
    assert [one.worked for one in uptake.results.all()] == ["worked", "not"]


def test_an_observer_describes_nothing(person: Callable[..., Person], authority: Any) -> None:
    with pytest.raises(RuleError, match="may not describe"):
        describe_practice("A panel", **SAID, by=person("Observer", role="observer", body=authority))


def test_practice_is_found_by_every_word_that_is_asked(panel: Practice, manager: Person) -> None:
    assert list(Practice.objects.all().saying("panel NORTHERN")) == [panel]
    assert list(Practice.objects.all().saying("panel custody")) == []


def test_practice_of_like_services_is_offered_the_most_like_first(panel: Practice, manager: Person) -> None:
    other = describe_practice("Support from the air", **{**SAID, "service": "Air operations"}, by=manager)
    describe_practice("Better cells", **{**SAID, "service": "Custody"}, by=manager)
    assert like_practice("Operational support policing", list(Practice.objects.all())) == [panel, other]
    assert like_practice("Dogs", list(Practice.objects.all())) == []
