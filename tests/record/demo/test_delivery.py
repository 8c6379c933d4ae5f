"""The demo's plan has something done, something late, something handed over, and a story that keeps the rules."""

import pytest
from django.utils import timezone

from bestvalue.record.delivery.close_out import close_out_of
from bestvalue.record.delivery.life_cycle import State, Status
from bestvalue.record.delivery.models import Action, Recommendation, Seen, Transfer, Verification
from bestvalue.record.demo import build_worked_review
from bestvalue.record.demo.delivery import TITLE
from bestvalue.record.demo.story import TITLE as REVIEW
from bestvalue.record.reviews.life_cycle import Stage
from bestvalue.record.reviews.models import Review
from bestvalue.workspace import Workspace


@pytest.fixture
def plan(db: None, demo: Workspace) -> list[Recommendation]:
    build_worked_review(demo)
    return list(Recommendation.objects.filter(report_title__startswith=TITLE).in_register_order())


def test_the_plan_shows_what_a_plan_in_the_middle_of_its_life_shows(plan: list[Recommendation]) -> None:
    today = timezone.localdate()
    assert all(one.report_title.startswith("Synthetic") for one in plan)
    statuses = {one.status for one in plan}
    assert statuses == {Status.IN_PROGRESS, Status.NOT_ACCEPTED}
    actions = Action.objects.filter(recommendation__in=plan).in_plan_order(on=today)
    assert {action.state_then for action in actions} == {State.COMPLETE, State.IN_PROGRESS, State.EMBEDDING}
    assert Action.objects.late(on=today).filter(recommendation__in=plan).exists()
    visits = Verification.objects.filter(action__in=actions, kind=Seen.VISIT)
    assert {visit.by.name for visit in visits} == {"Critical friend", "Chair of the committee"}
    assert [transfer.waits(on=today) for transfer in Transfer.objects.filter(recommendation__in=plan)] == [False, True]
    read = list(Recommendation.objects.filter(pk__in=[one.pk for one in plan]).in_register_order(on=today))
    content = close_out_of(read, title=TITLE, on=today)
    assert {one.moves for one in content.causes} == {1}
    assert any(line.planned is not None and line.realised is not None for line in content.money)


def test_what_the_review_recommends_is_a_draft_while_its_report_is_not_approved(plan: list[Recommendation]) -> None:
    review = Review.objects.get(title=REVIEW)
    assert Stage.APPROVED not in {stage.stage for stage in review.stages.all()}
    recommended = review.recommendations.all()
    assert {one.status for one in recommended} == {Status.DRAFT}
    assert all(one.actions.exists() for one in recommended)
