from collections.abc import Callable
from datetime import date

import pytest

from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.inspections.models import Candidate, PublishedReport
from bestvalue.record.reviews.models import Finding, Review

DAY = date(2026, 1, 5)


@pytest.fixture
def ours(review: Review, finding: Finding, manager: Person) -> Recommendation:
    return changes.draft_recommendation(review, text="Share the units.", findings=[finding], on=DAY, by=manager)


@pytest.fixture
def theirs(candidate: Candidate, manager: Person) -> Recommendation:
    return changes.take_up(candidate, reason="Asked for", on=DAY, by=manager)


def test_open_is_what_somebody_still_has_to_act_on(ours: Recommendation, theirs: Recommendation) -> None:
    assert list(Recommendation.objects.open()) == [theirs]


def test_open_follows_the_newest_status(ours: Recommendation, manager: Person) -> None:
    changes.set_status(ours, status=Status.MADE, on=DAY, by=manager)
    assert ours in Recommendation.objects.open()
    changes.set_status(ours, status=Status.NOT_ACCEPTED, on=DAY, by=manager, note="Too dear")
    assert ours not in Recommendation.objects.open()


def test_the_register_can_be_narrowed_to_an_issuer_and_to_whom_it_concerns(
    ours: Recommendation, theirs: Recommendation, report: PublishedReport, review: Review
) -> None:
    assert list(Recommendation.objects.issued_by(report.issuer)) == [theirs]
    assert list(Recommendation.objects.concerning(review.force)) == [ours]


def test_the_counts_of_its_parts_are_the_count_of_the_register(ours: Recommendation, theirs: Recommendation) -> None:
    by_issuer = [Recommendation.objects.issued_by(issuer).count() for issuer in Body.objects.all()]
    assert sum(by_issuer) == Recommendation.objects.in_register_order().count() == 2


def test_whoever_does_not_see_the_review_sees_only_what_is_published(
    ours: Recommendation,
    theirs: Recommendation,
    person: Callable[..., Person],
    body: Callable[..., Body],
    sign_in: Callable[[Person], User],
) -> None:
    stranger = sign_in(person("Stranger", role="inspector", body=body("Other inspectorate", "inspectorate")))
    assert list(Recommendation.objects.visible_to(stranger)) == [theirs]
