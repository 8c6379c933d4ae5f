"""The register knows how the real review of 2003 stood on any day since, and invents none of its words."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Recommendation, RecommendationQuerySet, Transfer, watched_by
from bestvalue.record.demo.after_life import load_after_life


@pytest.fixture
def after_life(manager: Person) -> RecommendationQuerySet:
    load_after_life(by=manager)
    return Recommendation.objects.all()


def standing(after_life: RecommendationQuerySet, on: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in after_life.with_status(on=date.fromisoformat(on)):
        found.setdefault(one.newest_status, set()).add(int(one.number))
    return found


def test_as_at_1_march_2005_the_register_gives_the_then_state(after_life: RecommendationQuerySet) -> None:
    # From the authority's papers: the second update, of 19 January 2005, asks that 1, 5, 8 and 10 be approved as complete.
    requested = {1, 5, 8, 10}
    assert standing(after_life, "2005-03-01") == {
        "requested complete": requested,
        "in progress": set(range(1, 14)) - requested,
    }
    (transfer,) = Transfer.objects.waiting(on=date(2005, 3, 1))
    assert transfer.recommendation.number == "9"


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        ("2003-11-29", {}),
        ("2003-12-10", {"made": 13}),
        ("2003-12-11", {"in progress": 13}),
        ("2005-01-18", {"in progress": 13}),
        ("2006-02-12", {"in progress": 9, "requested complete": 4}),
        ("2006-02-13", {"in progress": 4, "requested complete": 9}),
    ],
)
def test_on_each_day_it_stands_as_the_papers_say(after_life: RecommendationQuerySet, on: str, counted: dict[str, int]) -> None:
    assert Counter({status: len(numbers) for status, numbers in standing(after_life, on).items()}) == counted


def test_left_open_are_3_9_11_and_12(after_life: RecommendationQuerySet) -> None:
    assert standing(after_life, "2026-01-01")["in progress"] == {3, 9, 11, 12}


def test_number_9_stays_on_the_senders_list_because_nobody_is_seen_to_accept_it(after_life: RecommendationQuerySet) -> None:
    committee = Body.objects.get(name="Planning, Performance and Review Committee")
    assert [one.number for one in watched_by(committee)] == ["9"]
    moved = after_life.get(number="9")
    assert moved.ownership is not None
    assert moved.ownership.body == committee


def test_no_wording_no_action_and_no_date_is_invented(after_life: RecommendationQuerySet) -> None:
    assert all("is not known" in one.text for one in after_life)
    assert not any(one.actions.exists() for one in after_life)


def test_loaded_twice_it_is_there_once(after_life: RecommendationQuerySet, manager: Person, person: Callable[..., Person]) -> None:
    assert len(load_after_life(by=manager)) == after_life.count() == 13
