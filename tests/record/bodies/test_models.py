from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bestvalue.record.bodies.models import Body, Membership, Person, User, person_of

Make = Callable[..., Body]


def test_an_address_is_one_user_in_whatever_case_it_is_typed(db: None) -> None:
    user = User.objects.create_user(" Lead@Example.ORG ", "correct horse battery staple")
    assert User.objects.get_by_natural_key("LEAD@example.org") == user


def test_two_forces_may_each_have_a_management_board_and_one_force_only_one(body: Make) -> None:
    first, second = body("First Force", "force"), body("Second Force", "force")
    body("Management Board", "board", parent=first)
    body("Management Board", "board", parent=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        body("management board", "board", parent=first)


def test_a_body_at_the_top_is_there_once(body: Make) -> None:
    body("First Force", "force")
    with pytest.raises(IntegrityError), transaction.atomic():
        body("FIRST FORCE", "force")


def test_the_database_refuses_a_membership_that_ends_before_it_starts(body: Make, person: Callable[..., Person]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person=person(), body=body("Panel", "panel"), role="panel member", starts=date(2026, 2, 2), ends=date(2026, 2, 1)
        )


@pytest.mark.parametrize(
    ("on", "runs"), [(date(2026, 1, 31), False), (date(2026, 2, 1), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False)]
)
def test_a_membership_runs_from_its_first_to_its_last_day(body: Make, person: Callable[..., Person], on: date, runs: bool) -> None:
    Membership.objects.create(person=person(), body=body("Panel", "panel"), role="lead", starts=date(2026, 2, 1), ends=date(2026, 2, 28))
    assert Membership.objects.current(on=on).exists() is runs


def test_a_body_with_members_cannot_be_deleted(body: Make, person: Callable[..., Person]) -> None:
    panel = body("Panel", "panel")
    person(role="panel member", body=panel)
    with pytest.raises(ProtectedError):
        panel.delete()


class TestPersonOf:
    """Who counts as somebody: the test of access that every list begins with."""

    def test_a_user_with_a_place_today_is_their_person(
        self, body: Make, person: Callable[..., Person], sign_in: Callable[[Person], User]
    ) -> None:
        someone = person(role="observer", body=body("Panel", "panel"))
        assert person_of(sign_in(someone)) == someone

    def test_nobody_signed_in_is_nobody(self) -> None:
        assert person_of(AnonymousUser()) is None

    @pytest.mark.django_db
    def test_a_user_without_a_person_is_nobody(self) -> None:
        assert person_of(User.objects.create_user("x@example.org", "correct horse battery staple")) is None

    def test_a_person_without_a_place_is_nobody(self, person: Callable[..., Person], sign_in: Callable[[Person], User]) -> None:
        assert person_of(sign_in(person())) is None

    def test_a_disabled_user_is_nobody(self, body: Make, person: Callable[..., Person], sign_in: Callable[[Person], User]) -> None:
        user = sign_in(person(role="observer", body=body("Panel", "panel")))
        user.is_active = False
        assert person_of(user) is None

    def test_access_ends_with_the_last_place(self, body: Make, person: Callable[..., Person], sign_in: Callable[[Person], User]) -> None:
        someone = person(role="observer", body=body("Panel", "panel"))
        user = sign_in(someone)
        place = someone.memberships.get()
        place.ends = place.starts
        place.save()
        assert person_of(user) is None
