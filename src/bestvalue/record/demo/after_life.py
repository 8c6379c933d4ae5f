"""What became of the real review of 2003, as far as the authority's papers can be read. The wording of its recommendations is not known.

Source: papers of the Metropolitan Police Authority's Planning, Performance and Review Committee, December 2003 to February 2006,
and HMIC's inspection of December 2004, paragraph 4.3.6. People are named by role. Where a paper gives a month alone, its last
day stands here, and the text says so; nothing else is filled in.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from bestvalue.record.bodies import changes as bodies
from bestvalue.record.bodies.models import Body, BodyKind, Person, Role
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.changes import Entered
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation, Seen

TITLE = "Best value review of operational support policing, November 2003"
NUMBERS = tuple(range(1, 14))
REPORTED = date(2003, 11, 30)
APPROVED = date(2003, 12, 11)
FIRST_UPDATE, SECOND_UPDATE, THIRD_UPDATE, FOURTH_UPDATE = date(2004, 7, 31), date(2005, 1, 19), date(2005, 7, 14), date(2006, 2, 13)
REQUESTED: Mapping[date, Sequence[int]] = {SECOND_UPDATE: (1, 5, 8, 10), FOURTH_UPDATE: (2, 4, 6, 7, 13)}
"""Which recommendations the update of a day asked to be approved as complete. What the committee decided is not known."""
TRANSFERRED = 9
"""Moved to the Human Resources Directorate through the authority's own committee; an acceptance is not among the papers."""
UPDATES: Mapping[date, str] = {
    FIRST_UPDATE: "First update to the committee. The paper dates from July 2004; the day is not known here, and this is the month's last.",
    SECOND_UPDATE: "Second update to the committee.",
    THIRD_UPDATE: "Third update to the committee, with the responses to the recommendations of Her Majesty's Inspectorate.",
    FOURTH_UPDATE: "Fourth update to the committee.",
}


@transaction.atomic
def load_after_life(*, by: Person) -> list[Recommendation]:
    """Enter the thirteen recommendations and what is known of them, once.

    Args:
        by: the demo's project manager, who enters them.
    """
    there = list(Recommendation.objects.filter(report_title=TITLE).order_by("order"))
    if there:
        return there
    authority = bodies.add_body(name="Metropolitan Police Authority", short_name="MPA", kind=BodyKind.AUTHORITY, by=by)
    committee = bodies.add_body(name="Planning, Performance and Review Committee", kind=BodyKind.COMMITTEE, parent=authority, by=by)
    other = bodies.add_body(name="Human Resources Committee", kind=BodyKind.COMMITTEE, parent=authority, by=by)
    lead, member = _people(authority, committee, by=by)
    made = changes.enter_recommendations(
        authority,
        report_title=TITLE,
        made_on=REPORTED,
        rows=[Entered(number=str(number), text=_not_known(number)) for number in NUMBERS],
        by=by,
    )
    for one in made:
        note = "The committee approved the thirteen recommendations and the improvement plan."
        changes.set_status(one, status=Status.ACCEPTED, on=APPROVED, note=note, by=by)
        changes.set_status(one, status=Status.IN_PROGRESS, on=APPROVED, by=by)
        changes.own(one, body=committee, lead=lead, on=APPROVED, by=by)
    for day, words in UPDATES.items():
        for one in made:
            if one.status is Status.IN_PROGRESS:
                changes.give_update(one, text=words, on=day, by=lead)
        for number in REQUESTED.get(day, ()):
            _request(made[number - 1], on=day, words=words, lead=lead)
        if day == SECOND_UPDATE:
            _offer(made[TRANSFERRED - 1], to=other, by=member)
    return made


def _not_known(number: int) -> str:
    return f"The wording of recommendation {number} is not known: the papers that can be read give its number alone."


def _people(authority: Body, committee: Body, *, by: Person) -> tuple[Person, Person]:
    lead = bodies.add_person(name="Implementation manager of the 2003 review", by=by)
    board = bodies.add_body(name="Implementation Board of the 2003 review", kind=BodyKind.BOARD, parent=authority, by=by)
    bodies.add_membership(person=lead, body=board, role=Role.LEAD, starts=APPROVED, by=by)
    member = bodies.add_person(name="Member of the committee of 2003", by=by)
    bodies.add_membership(person=member, body=committee, role=Role.AUTHORITY_MEMBER, starts=APPROVED, by=by)
    return lead, member


def _request(one: Recommendation, *, on: date, words: str, lead: Person) -> None:
    changes.add_delivery_evidence(
        one,
        title=f"Paper to the committee of {on.day} {on:%B %Y}",
        kind=Seen.DOCUMENT,
        tells_of=on,
        text="The paper asks that the recommendation be approved as complete. What it rests on is not known here.",
        by=lead,
    )
    changes.request_completion(one, text=f"{words} It asks that this be approved as complete.", on=on, by=lead)


def _offer(one: Recommendation, *, to: Body, by: Person) -> None:
    reason = (
        "The second update says that it moved to the Human Resources Directorate through this committee. "
        "No paper that can be read shows that the committee accepted it."
    )
    changes.offer_transfer(one, to_body=to, reason=reason, on=SECOND_UPDATE, by=by)
