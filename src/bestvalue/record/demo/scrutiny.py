"""What the demo's review was asked, and which options it kept: short, and plainly invented."""

from datetime import date, timedelta

from bestvalue.record.demo.people import Cast
from bestvalue.record.reviews.models import Part, Review
from bestvalue.record.scrutiny.changes import add_option, add_scope_question, decide_option, raise_challenge, take_step
from bestvalue.record.scrutiny.models import ChallengerKind, Effect, QuestionKind, Step, Verdict

QUESTION = "Is the air support of the invented force within the scope of this review?"
BLUE_SKY = "Share one air service with the neighbouring forces."
RAISED, ANSWERED, DECIDED, WAITS_SINCE = -126, -112, -104, -30
"""Days from the day of the demo: of the challenge that is answered, of its answer, of the options, and of the one that waits."""
OPTIONS = (
    (
        "Count its flights as demand, and leave its costs to a review of their own.",
        "No added cost.",
        "Boroughs see what they asked for; what a flight costs stays open.",
        Verdict.CHOSEN,
        "The demand is in the data already, and the contract cannot be changed this year.",
    ),
    (
        "Review it in full, with its contract.",
        "One more analyst for a quarter.",
        "Its cost for each flight is known; the report comes a quarter later.",
        Verdict.WRITTEN_OFF,
        "The committee wants the report within the year.",
    ),
    (
        BLUE_SKY,
        "Not known.",
        "Fewer aircraft, and longer waits where they are far away.",
        Verdict.WRITTEN_OFF,
        "No neighbour is ready to talk yet; kept for the day when one is.",
    ),
)
"""What would be done, its cost, its effect, what became of it and why."""


def record_scrutiny(review: Review, cast: Cast, *, on: date) -> None:
    """Record a challenge that was answered, one that waits, and a question of scope with its three options."""
    manager, friend = cast.people["Project manager"], cast.people["Critical friend"]
    answered = raise_challenge(
        review,
        kind=ChallengerKind.PANEL,
        challenger="Independent Challenge Panel",
        text="Why are there four strands, and none on what the public notices?",
        raised_on=on + timedelta(days=RAISED),
        strand=review.strands.get(name="Accountability"),
        by=friend,
    )
    take_step(
        answered,
        step=Step.ANSWERED,
        text="The strand on accountability asks it: how the units answer to the communities in which they work. Nothing was changed.",
        effect=Effect.NONE,
        on=on + timedelta(days=ANSWERED),
        by=manager,
    )
    raise_challenge(
        review,
        kind=ChallengerKind.UNION,
        challenger="Staff association of the invented force",
        text="Who asked the officers of the support units before the rosters were tested?",
        raised_on=on + timedelta(days=WAITS_SINCE),
        strand=review.strands.get(name="Resources"),
        by=friend,
    )
    question = add_scope_question(review, kind=QuestionKind.SCOPE, text=QUESTION, by=manager)
    for text, cost, effect, verdict, reason in OPTIONS:
        option = add_option(question, text=text, cost=cost, effect=effect, is_blue_sky=text == BLUE_SKY, by=manager)
        decide_option(
            option, verdict=verdict, body=cast.parts[Part.PROJECT_BOARD], on=on + timedelta(days=DECIDED), reason=reason, by=manager
        )
