"""What the front page of a review says in a word or a number is what the record says, and nothing hidden is in it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from bestvalue.record.bodies.models import Body, Membership, Person, User
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.front_page import FrontPage, for_front_page, front_page_of
from bestvalue.record.reviews.life_cycle import Need
from bestvalue.record.reviews.models import Marking, NeedToKnowGroup, Part, PublishedVersion, Review
from bestvalue.record.reviews.readiness import met_of

Reads = Callable[[Person], FrontPage]


@pytest.fixture
def read(review: Review) -> Reads:
    """The front page as a person reads it; they get a sign-in, and their places are read anew."""

    def open_it(person: Person) -> FrontPage:
        if person.user is None:
            person.user = User.objects.create_user(f"{person.pk}@example.org")
            person.save()
        user = User.objects.get(pk=person.user.pk)
        return front_page_of(for_front_page(Review.objects.visible_to(user), user=user).get(pk=review.pk))

    return open_it


@pytest.mark.parametrize(
    ("part", "role", "lacks"),
    [
        (Part.PROJECT_BOARD, "financial adviser", False),
        (Part.TEAM, "financial adviser", True),
        (Part.PANEL, "financial adviser", True),
        (Part.PROJECT_BOARD, "board member", True),
    ],
)
def test_a_review_lacks_a_financial_adviser_until_one_sits_on_its_board(
    review: Review,
    manager: Person,
    person: Callable[..., Person],
    body: Callable[..., Body],
    part: Part,
    role: str,
    lacks: bool,
    read: Reads,
) -> None:
    place = body("Board", "board")
    changes.add_part(review, part=part, body=place, by=manager)
    assert read(manager).lacks_adviser
    person("Adviser", role=role, body=place)
    assert read(manager).lacks_adviser is lacks


def test_an_adviser_whose_term_is_over_advises_nobody(
    review: Review, manager: Person, person: Callable[..., Person], body: Callable[..., Body], read: Reads
) -> None:
    board = body("Board", "board")
    changes.add_part(review, part=Part.PROJECT_BOARD, body=board, by=manager)
    person("Adviser", role="financial adviser", body=board)
    assert not read(manager).lacks_adviser
    Membership.objects.filter(role="financial adviser").update(ends="2026-01-06")
    assert read(manager).lacks_adviser


def test_what_gates_need_is_read_as_it_is_asked_for_one_review(review: Review, manager: Person, read: Reads) -> None:
    assert read(manager).met == met_of(review, set(Need))
    changes.add_strand(review, name="Demand", question="?", by=manager)
    changes.add_aim(review, text="Better.", by=manager)
    assert {Need.STRANDS, Need.AIMS} <= read(manager).met == met_of(review, set(Need))


def test_versions_that_quote_what_the_reader_may_not_read_are_not_counted(
    review: Review, manager: Person, person: Callable[..., Person], team: Body, read: Reads
) -> None:
    common = {"review": review, "at": timezone.now(), "by": manager, "checkpoint_seq": 1, "checkpoint_hash": "a"}
    first = PublishedVersion.objects.create(number=1, marking=Marking.OFFICIAL, **common)
    second = PublishedVersion.objects.create(number=2, marking=Marking.SENSITIVE, **common)
    group = changes.make_group(review, name="Live operations", need="They are under way.", people=[manager], by=manager)
    second.groups.add(group)
    assert NeedToKnowGroup.objects.get().holds(manager)
    whole, part = read(manager), read(person("Analyst", role="analyst", body=team))
    assert (whole.versions, whole.newest.key if whole.newest else None) == (2, second.pk)
    assert (part.versions, part.newest.key if part.newest else None) == (1, first.pk)
