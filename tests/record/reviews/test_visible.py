from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.reviews.models import Evidence, Finding, Marking, Review

MakePerson = Callable[..., Person]
SignIn = Callable[[Person], User]


@pytest.mark.parametrize("where", ["team", "authority", "force"])
def test_those_whose_body_takes_part_commissions_or_is_reviewed_see_the_review(
    review: Review, team: Body, person: MakePerson, sign_in: SignIn, where: str
) -> None:
    body = {"team": team, "authority": review.authority, "force": review.force}[where]
    user = sign_in(person("Somebody", role="observer", body=body))
    assert list(Review.objects.visible_to(user)) == [review]


def test_a_member_of_another_body_sees_neither_review_nor_evidence_nor_findings(
    review: Review, finding: Finding, person: MakePerson, sign_in: SignIn, body: Callable[..., Body]
) -> None:
    user = sign_in(person("Stranger", role="project manager", body=body("Elsewhere", "force")))
    assert not Review.objects.visible_to(user).exists()
    assert not Evidence.objects.visible_to(user).exists()
    assert not Finding.objects.visible_to(user).exists()


def test_nobody_signed_in_sees_nothing(review: Review, finding: Finding) -> None:
    assert not Review.objects.visible_to(AnonymousUser()).exists()
    assert not Evidence.objects.visible_to(AnonymousUser()).exists()


def test_sensitive_evidence_is_seen_only_by_members_of_bodies_that_take_part(
    review: Review, manager: Person, add_evidence: Callable[..., Evidence], person: MakePerson, sign_in: SignIn
) -> None:
    sensitive = add_evidence(review, marking=Marking.SENSITIVE)
    outside = sign_in(person("Officer of the force", role="observer", body=review.force))
    assert sensitive not in Evidence.objects.visible_to(outside)
    assert sensitive in Evidence.objects.visible_to(sign_in(manager))


def test_a_review_carries_the_highest_marking_in_it(review: Review, add_evidence: Callable[..., Evidence]) -> None:
    add_evidence(review)
    assert review.marking == Marking.OFFICIAL
    add_evidence(review, marking=Marking.SENSITIVE)
    assert review.marking == Marking.SENSITIVE


def test_a_sensitive_report_is_seen_by_whom_its_sensitive_evidence_is_seen(
    review: Review,
    finding: Finding,
    manager: Person,
    second: Person,
    add_evidence: Callable[..., Evidence],
    person: MakePerson,
    sign_in: SignIn,
) -> None:
    from bestvalue.record.reviews.changes import add_to_group
    from bestvalue.record.reviews.models import PublishedVersion
    from bestvalue.record.reviews.report import publish

    outside, inside = sign_in(person("Officer of the force", role="observer", body=review.force)), sign_in(manager)
    first = publish(review, by=manager, confirmed_by=second, formats=("html",))
    secret = add_evidence(review, marking=Marking.SENSITIVE)
    add_to_group(secret.group, person=second, reason="To confirm.", by=manager)
    later = publish(review, by=manager, confirmed_by=second, formats=("html",))
    assert [version.marking for version in (first, later)] == [Marking.OFFICIAL, Marking.SENSITIVE]
    assert list(PublishedVersion.objects.visible_to(outside)) == [first]
    assert list(PublishedVersion.objects.visible_to(inside)) == [later, first]
