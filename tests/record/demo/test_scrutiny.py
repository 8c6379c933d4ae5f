from bestvalue.record.demo import build_worked_review
from bestvalue.record.demo.story import TITLE
from bestvalue.record.reviews.models import Review
from bestvalue.record.scrutiny.models import Challenge, Option, Verdict
from bestvalue.workspace import Workspace


def test_the_demo_shows_an_answered_and_an_unanswered_challenge_and_keeps_the_options_that_were_written_off(
    db: None, demo: Workspace
) -> None:
    build_worked_review(demo)
    review = Review.objects.get(title=TITLE)
    assert review.challenges.count() == 2
    assert [challenge.reference for challenge in Challenge.objects.unanswered()] == ["C2"]
    verdicts = [(option.verdict, option.is_blue_sky) for option in Option.objects.all()]
    assert verdicts == [(Verdict.CHOSEN, False), (Verdict.WRITTEN_OFF, False), (Verdict.WRITTEN_OFF, True)]
