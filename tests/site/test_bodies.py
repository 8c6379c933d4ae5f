"""Who is who, on its pages: adding people, terms of office, and that a change of role takes effect at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.world import World

TODAY = timezone.localdate()
STARTS = {"starts_day": TODAY.day, "starts_month": TODAY.month, "starts_year": TODAY.year}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_body_shows_who_holds_a_place_since_when_and_until_when(world: World, outsider: Client) -> None:
    place = world.board_member.memberships.get()
    place.ends = TODAY
    place.save()
    shown = text(outsider.get(reverse("body", args=[world.question.body_id])))
    assert "Member of the project board" in shown
    assert "5 Jan 2026" in shown
    assert f"{TODAY.day} {TODAY:%b %Y}" in shown
    assert "Add a member" not in shown
    assert "@example.org" not in shown


def test_a_new_person_gets_a_place_with_a_term_of_office(world: World, manager: Client) -> None:
    from bestvalue.record.bodies.models import Membership

    form = {**STARTS, "name": "Financial adviser", "role": "financial adviser", "ends_day": 1, "ends_month": 1, "ends_year": TODAY.year + 2}
    answer = manager.post(reverse("body_member_add", args=[world.question.body_id]), form)
    assert answer.url == reverse("body", args=[world.question.body_id])
    place = Membership.objects.get(person__name="Financial adviser")
    assert (place.starts, place.ends.year if place.ends else None) == (TODAY, TODAY.year + 2)


@pytest.mark.parametrize("both", [True, False])
def test_a_member_is_a_known_person_or_a_new_one_not_both_and_not_neither(world: World, manager: Client, both: bool) -> None:
    who = {"name": "New", "person": world.observer.pk} if both else {}
    answer = manager.post(reverse("body_member_add", args=[world.question.body_id]), {**STARTS, "role": "observer", **who})
    assert answer.context["form"].errors["name"] == ["Select a person, or enter the name of somebody new"]


def test_a_refused_place_leaves_no_new_person_behind(world: World, manager: Client) -> None:
    from bestvalue.record.bodies.models import Person

    form = {**STARTS, "name": "Late", "role": "observer", "ends_day": 1, "ends_month": 1, "ends_year": 2020}
    answer = manager.post(reverse("body_member_add", args=[world.question.body_id]), form)
    assert "cannot end before it starts" in text(answer)
    assert not Person.objects.filter(name="Late").exists()


def test_a_role_takes_effect_at_the_next_request_and_so_does_its_end(world: World, manager: Client, outsider: Client) -> None:
    from bestvalue.record.bodies.models import Membership

    review = reverse("review", args=[world.review.pk])
    assert outsider.get(review).status_code == 404
    manager.post(reverse("body_member_add", args=[world.question.body_id]), {**STARTS, "person": world.outsider.pk, "role": "board member"})
    assert outsider.get(review).status_code == 200
    question = reverse("review_decision", args=[world.question.pk])
    assert "Record the decision" in text(outsider.get(question))
    place = Membership.objects.get(person=world.outsider, body=world.question.body)
    place.starts = "2026-01-05"
    place.save()
    manager.post(reverse("body_member_end", args=[place.pk]), {"on_day": 6, "on_month": 1, "on_year": 2026})
    assert outsider.get(review).status_code == 404


def test_a_body_is_added_and_a_second_of_its_name_refused(world: World, manager: Client) -> None:
    form = {"name": "Audit Panel", "kind": "panel"}
    assert manager.post(reverse("body_add"), form).status_code == 302
    assert "Audit Panel" in text(manager.get(reverse("bodies")))
    assert "There is a body called &#x27;Audit Panel&#x27; already" in text(manager.post(reverse("body_add"), form))
