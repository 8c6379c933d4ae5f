from collections.abc import Callable
from datetime import date

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.bodies import changes
from bestvalue.record.bodies.models import Body, BodyKind, Person, Role

DAY = date(2026, 1, 5)


def test_the_operator_may_record_the_first_body_and_person(db: None) -> None:
    board = changes.add_body(name="Board", kind=BodyKind.BOARD, by=None)
    person = changes.add_person(name="Chair", by=None)
    assert changes.add_membership(person=person, body=board, role=Role.BOARD_MEMBER, starts=DAY, by=None).body == board


def test_a_panel_member_may_not_record_people(person: Callable[..., Person], body: Callable[..., Body]) -> None:
    member = person(role="panel member", body=body("Panel", "panel"))
    with pytest.raises(RuleError, match="may not record bodies and people"):
        changes.add_person(name="Friend", by=member)


def test_a_second_body_of_a_name_in_one_place_is_refused(body: Callable[..., Body]) -> None:
    body("Board", "board")
    with pytest.raises(RuleError, match="'board' already"):
        changes.add_body(name="board", kind=BodyKind.BOARD, by=None)


def test_a_weak_password_is_refused_with_the_reason(db: None) -> None:
    someone = changes.add_person(name="Chair", email="chair@example.org", by=None)
    with pytest.raises(RuleError, match="at least 15 characters"):
        changes.give_sign_in(someone, password="short", by=None)


def test_a_sign_in_needs_an_address(person: Callable[..., Person]) -> None:
    with pytest.raises(RuleError, match="needs an e-mail address"):
        changes.give_sign_in(person(), password="correct horse battery staple", by=None)


def test_the_same_place_twice_at_a_time_is_refused(person: Callable[..., Person], body: Callable[..., Body]) -> None:
    board = body("Board", "board")
    member = person(role="board member", body=board)
    with pytest.raises(RuleError, match="is board member there already"):
        changes.add_membership(person=member, body=board, role=Role.BOARD_MEMBER, starts=DAY, by=None)


def test_an_end_before_the_start_is_refused(manager: Person) -> None:
    with pytest.raises(RuleError, match="cannot end before it starts, on 05 January 2026"):
        changes.end_membership(manager.memberships.get(), on=date(2026, 1, 4), by=None)


def test_what_a_membership_was_is_kept(manager: Person) -> None:
    place = changes.end_membership(manager.memberships.get(), on=date(2026, 2, 1), by=None)
    assert [past.ends for past in place.history.order_by("history_id")] == [None, date(2026, 2, 1)]


def test_a_term_of_office_may_end_early_but_not_later_and_not_twice(manager: Person) -> None:
    place = manager.memberships.get()
    place.ends = date(2199, 1, 1)
    place.save()
    with pytest.raises(RuleError, match="The term ends on 01 January 2199 already"):
        changes.end_membership(place, on=date(2199, 2, 1), by=None)
    ended = changes.end_membership(place, on=date(2026, 2, 1), by=None)
    with pytest.raises(RuleError, match="The membership ended on 01 February 2026"):
        changes.end_membership(ended, on=date(2026, 1, 20), by=None)
