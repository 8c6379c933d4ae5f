"""What the challenge log says that somebody has to do: answer what waits for the team, and say whether an answer settles it."""

from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from bestvalue.record.duties import Duty, Row, Source, Whose, add_source, columns
from bestvalue.record.reviews.models import EDITORS, Marking, Review, groups_of
from bestvalue.record.scrutiny.challenge_steps import Step
from bestvalue.record.scrutiny.models import Challenge, ChallengeStep


def challenges(whose: Whose, on: date) -> QuerySet[Any, Any]:  # noqa: ARG001 - a challenge waits until somebody answers it
    """Challenges to a review that the person writes in, and answers to what they challenged themselves."""
    running = Review.objects.running().order_by()
    of_the_team = running.filter(parts__body__in=whose.bodies(*EDITORS))
    newest = ChallengeStep.objects.filter(challenge=OuterRef("pk")).order_by("-pk")
    found = Challenge.objects.annotate(newest_step=Coalesce(Subquery(newest.values("step")[:1]), Value("")))
    for_the_team = Q(newest_step__in=["", Step.REOPENED, Step.ESCALATED], review__in=of_the_team.values("pk"))
    for_the_challenger = Q(newest_step=Step.ANSWERED, raised_by=whose.person, review__in=running.values("pk"))
    # What is sensitive is owed by those who may read it alone, and its words stay out of the list.
    readable = Q(marking=Marking.OFFICIAL) | Q(group__in=groups_of(whose.person)) | Q(raised_by=whose.person)
    waiting = found.filter(for_the_team | for_the_challenger).filter(readable)
    words = Case(When(marking=Marking.OFFICIAL, then=F("text")), default=Value(""), output_field=TextField())
    return columns(waiting, "challenges", state="newest_step", number="number", name="review__title", text=words)


def _answer(row: Row) -> Duty:
    is_answered, reference = row.state == Step.ANSWERED, f"challenge C{row.number}"
    return Duty(
        kind="scrutiny.challenge",
        key=row.key,
        step="" if is_answered else "answer",
        what=f"Say whether the answer to {reference} settles it" if is_answered else f"Answer {reference}",
        about=f"{row.name}: {row.text}" if row.text else row.name,
        why="You raised it" if is_answered else "You write in the review",
        due=None,
    )


add_source("challenges", Source(asks=challenges, reads=_answer))
