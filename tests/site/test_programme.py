"""The programme on its pages: candidates, scores with reasons, weights, the ranking, the limit of the year."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import DAY, World


@pytest.fixture
def keeper(world: World, browser_of: Callable[[Any], Client]) -> Client:
    """The browser of a member of the authority."""
    from bestvalue.record.bodies.models import Membership, Person, User

    user = User.objects.create_user("authority.member@example.org", "correct horse battery staple")
    member = Person.objects.create(name="Authority member", user=user)
    Membership.objects.create(person=member, body=world.review.authority, role="authority member", starts=DAY)
    return browser_of(member)


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("name", ["programme_service_add", "programme_service_score", "programme_weights"])
def test_a_member_of_the_authority_may_add_score_and_weigh(world: World, keeper: Client, name: str) -> None:
    pk = world.service.pk if name == "programme_service_score" else world.review.programme_id
    assert keeper.get(reverse(name, args=[pk])).status_code == 200


def test_a_service_is_added_scored_and_ranked_with_the_arithmetic_shown(world: World, keeper: Client) -> None:
    programme = reverse("programme", args=[world.review.programme_id])
    added = keeper.post(
        reverse("programme_service_add", args=[world.review.programme_id]),
        {"service": "Traffic", "force": world.review.force_id, "case": "Costly."},
    )
    assert "needs every score that counts" in text(keeper.get(programme))
    for criterion, score in {"risk": 2, "cost": 5, "public concern": 3, "performance": 4}.items():
        keeper.post(f"{added.url}score/", {"criterion": criterion, "score": score, "reason": "As the accounts show."})
    assert "(1 × 2 + 1 × 5 + 1 × 3 + 1 × 4) ÷ 4 = 3.50" in text(keeper.get(programme))
    weights = {"risk": 0, "cost": 3, "concern": 1, "performance": 0, "reason": "Money is short."}
    keeper.post(reverse("programme_weights", args=[world.review.programme_id]), weights)
    shown = text(keeper.get(programme))
    assert "(3 × 5 + 1 × 3) ÷ 4 = 4.50" in shown
    assert "Money is short." in shown


def test_weights_that_cannot_be_are_refused_beside_their_field(world: World, keeper: Client) -> None:
    address = reverse("programme_weights", args=[world.review.programme_id])
    answer = keeper.post(address, {"risk": 101, "cost": 1, "concern": 1, "performance": "x", "reason": "So."})
    assert "performance" in answer.context["form"].errors
    answer = keeper.post(address, {"risk": 101, "cost": 1, "concern": 1, "performance": 1, "reason": "So."})
    assert "risk" in answer.context["form"].errors
    assert world.review.programme.weightings.count() == 0


def test_a_review_of_a_candidate_is_proposed_with_its_bodies_and_aims(world: World, manager: Client) -> None:
    from bestvalue.record.reviews.models import Review

    team = world.manager.memberships.get().body_id
    form = {"title": "Custody review", "aims": "Fewer deaths\n\nLower cost", "team": team, "committee": world.review.authority_id}
    answer = manager.post(reverse("programme_propose", args=[world.service.pk]), form)
    review = Review.objects.get(title="Custody review")
    assert answer.url == reverse("review", args=[review.pk])
    assert (review.stage, review.candidate, [aim.text for aim in review.aims.all()]) == (
        "proposed",
        world.service,
        ["Fewer deaths", "Lower cost"],
    )
    assert reverse("review", args=[review.pk]) in text(manager.get(reverse("programme_service", args=[world.service.pk])))


def test_more_reviews_than_the_authority_means_to_select_are_warned_of(world: World, manager: Client) -> None:
    from bestvalue.record.reviews.models import Part, Review, ReviewBody, ReviewStage

    programme = reverse("programme", args=[world.review.programme_id])
    for number in range(2):
        assert "reviews are selected, and the authority means" not in text(manager.get(programme))
        review = Review.objects.create(
            programme=world.review.programme,
            title=f"Review {number}",
            service="Cells",
            force=world.review.force,
            authority=world.review.authority,
        )
        ReviewBody.objects.create(review=review, body=world.manager.memberships.get().body, part=Part.TEAM)
        ReviewStage.objects.create(review=review, stage="selected", on=DAY, by=world.manager, before_decisions=True)
    assert "3 reviews are selected, and the authority means to select 2 this year" in text(manager.get(programme))


def test_reviews_that_somebody_does_not_see_are_neither_named_nor_counted(world: World, outsider: Client) -> None:
    shown = text(outsider.get(reverse("programme", args=[world.review.programme_id])))
    assert world.review.title not in shown
    assert "Project board has" not in shown


def test_for_each_part_of_a_proposed_review_the_bodies_of_a_fitting_kind_are_offered_first(world: World, manager: Client) -> None:
    from bestvalue.record.bodies.models import Body

    form = manager.get(reverse("programme_propose", args=[world.service.pk])).context["form"]
    _, *offered = form.fields["panel"].choices
    panels = list(Body.objects.filter(kind="panel").values_list("name", flat=True))
    assert [name for _, name in offered[:-1]] == panels
    heading, others = offered[-1]
    assert heading == "Other bodies"
    assert {name for _, name in others} == set(Body.objects.exclude(kind="panel").values_list("name", flat=True))


def test_the_candidates_are_sorted_by_a_column_either_way_and_the_head_says_so(world: World, manager: Client) -> None:
    from bestvalue.record.programme.models import CandidateScore, CandidateService

    programme = world.review.programme
    for name, risk in (("Aviation", 2), ("Zoology", 5)):
        added = CandidateService.objects.create(
            programme=programme, service=name, force=world.review.force, case="Why", added_at=world.note.added_at, added_by=world.manager
        )
        CandidateScore.objects.create(candidate=added, criterion="risk", score=risk, reason="So.", at=world.note.added_at, by=world.manager)
    page = reverse("programme", args=[programme.pk])

    def order(sort: str) -> list[str]:
        return [row.name for row, *_ in manager.get(page, {"sort": sort}).context["ranked"] if row.name in ("Aviation", "Zoology")]

    assert (order("service"), order("-service")) == (["Aviation", "Zoology"], ["Zoology", "Aviation"])
    assert (order("risk"), order("-risk")) == (["Zoology", "Aviation"], ["Aviation", "Zoology"])
    assert order("nonsense") == order("")
    heads = {head.words: head for head in manager.get(page, {"sort": "risk"}).context["heads"]}
    risk = heads["Risk to the public if the service fails"]
    assert (risk.sorted, risk.address, heads["Rank"].sorted) == ("descending", "?sort=-risk#candidates", "none")


def test_the_reviews_are_narrowed_to_a_programme_a_stage_and_a_body(world: World, manager: Client) -> None:
    page = reverse("reviews")

    def shown(**asked: Any) -> list[str]:
        return [review.title for _, review in manager.get(page, asked).context["lines"]]

    review = world.review
    assert shown() == [review.title]
    assert shown(programme=review.programme_id, stage="in review", body=world.question.body_id) == [review.title]
    assert shown(stage="closed") == []
    assert "No review is of that programme, stage and body" in text(manager.get(page, {"stage": "closed"}))
    offered = {name for _, name in manager.get(page).context["form"].fields["body"].choices}
    assert "Project board" in offered
    assert "Another panel" not in offered
