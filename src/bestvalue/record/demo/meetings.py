"""Meetings of the demo's project board, how its aims are measured, and what was said of a finding: short, and plainly invented."""

from datetime import date, timedelta
from decimal import Decimal

from bestvalue.record.demo.decisions import PLACE
from bestvalue.record.demo.people import Cast
from bestvalue.record.discussion.changes import comment, set_tag
from bestvalue.record.meetings.changes import add_action_arising, add_item, call_meeting, minute_item, record_attendance
from bestvalue.record.reviews.changes import edit_aim
from bestvalue.record.reviews.life_cycle import Gate
from bestvalue.record.reviews.models import Aim, Direction, Part, Review

FORTNIGHT, TWO_YEARS = timedelta(days=14), timedelta(days=730)
HELD = timedelta(days=-20)
"""When the board last met, counted from the day of the demo."""
MEASURES = {
    1: ("bids of boroughs for support that are answered within a week", "%", Decimal(62), Decimal(80)),
    2: ("communities that were told afterwards what a support unit did there", "%", Decimal(40), Decimal(40)),
}
"""Of some aims their measure with an invented baseline and target. The second asks for no change, and the third has none: pages say so."""


def measure_aims(review: Review, cast: Cast, *, on: date) -> None:
    """Measure the first two aims; the check of the others shows what is missing."""
    for aim in Aim.objects.filter(review=review, number__in=MEASURES):
        measure, unit, baseline, target = MEASURES[aim.number]
        said = {"measure": measure, "unit": unit, "baseline": baseline, "target": target}
        mine = {**said, "direction": Direction.UP.value, "due": on + TWO_YEARS}
        edit_aim(aim, version=aim.row_version, mine=mine, by=cast.people["Project manager"])


def record_meetings(review: Review, cast: Cast, *, on: date) -> None:
    """Record a meeting of the project board with an action for the manager, and the next one with the report on its agenda."""
    board, chair, manager = cast.parts[Part.PROJECT_BOARD], cast.people["Chair of the project board"], cast.people["Project manager"]
    held = call_meeting(board, on=on + HELD, place=PLACE, by=chair)
    progress = add_item(held, text="Where the review stands", about=review, by=chair)
    challenges = add_item(held, text="What the staff association asked", by=chair)
    record_attendance(
        held,
        present=[chair, cast.people["Project board member for boroughs"], cast.people["Financial adviser"]],
        apologies=[cast.people["Project board member for finance"]],
        others=["Secretary of the board"],
        by=chair,
    )
    minute_item(progress, text="The board noted the evidence of all four strands, and asked for the report at its next meeting.", by=chair)
    minute_item(
        challenges, text="The rosters were tested on data alone. The officers of the units are to be asked before the report.", by=chair
    )
    add_action_arising(
        held,
        item=challenges,
        what="Ask the officers of the support units about the rosters, and bring their answers to the next meeting.",
        who=manager,
        due=on + FORTNIGHT,
        by=chair,
    )
    following = call_meeting(board, on=on + FORTNIGHT, place=PLACE, by=chair)
    for decision in review.decisions.open().filter(gate=Gate.REPORT):
        add_item(following, text="Whether to put the report forward", about=decision, by=chair)


def discuss(review: Review, cast: Cast) -> None:
    """Let the panel ask about the first finding, the analyst answer, and both find it by a word later."""
    finding = review.findings.order_by("pk").first()
    if finding is None:
        return
    friend, analyst = cast.people["Critical friend"], cast.people["Analyst"]
    asked = comment(finding, text="Does this hold at weekends too?", by=friend)
    comment(finding, text="The data cover all days; the result behind the evidence shows each.", reply_to=asked, by=analyst)
    set_tag(finding, word="weekends", by=friend)
