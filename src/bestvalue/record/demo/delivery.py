"""What is delivered of an inspection before the demo's review: a plan in the middle of its life.

The inspection, its recommendations and everything that is done about them are invented, and say so. Days count from the day on which
the demo is made, so that it always has something late, something due and something done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from bestvalue.record.delivery import changes
from bestvalue.record.delivery.changes import Entered
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Cause, State, Status
from bestvalue.record.delivery.models import Action, Basis, MoneyKind, Outcome, Recommendation, Seen
from bestvalue.record.demo.people import Cast
from bestvalue.record.reviews.models import Part

TITLE = "Synthetic inspection of support to boroughs"
REPORTED, ANSWERED = -400, -370
"""Days from the day of the demo."""
ASKED: Sequence[tuple[Kind, str]] = (
    (Kind.CAUSE_OF_CONCERN, "Boroughs do not know which support units are in their area. The force should tell them every night."),
    (Kind.RECOMMENDATION, "Within a year the force should know what each deployment of its support units costs."),
    (Kind.RECOMMENDATION, "The force should train supervisors of support units in recording why a request was refused."),
    (Kind.RECOMMENDATION, "The force should answer every request for support within the hour, with its reason."),
    (Kind.AREA_FOR_IMPROVEMENT, "The authority could see more of what support units do at first hand."),
    (Kind.AREA_FOR_IMPROVEMENT, "The force could lend its support units to its neighbours more often."),
)
PARTLY, REFUSED, HANDED_OVER, OFFERED = 5, 6, 5, 3
"""Numbers of the recommendations that are accepted in part, not accepted, taken over by the committee, and offered to the project board."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One action of the story; days count from the day of the demo.

    Args:
        of: number of its recommendation.
        starts, original: days of its start, and of the date set at approval.
        moved: decisions that moved the agreed date: the day, the new date, the cause, the reason.
        forecasts: what the lead expected: the day, the date, why.
        state: how it stands.
        updates: what the lead said, and on which day.
        seen: the visit that saw it done: the day, by whom, where, with whom, what was seen.
        needs: place of the action that it waits for.
        money: financial year before (-1), of (0) or after (1) today's; kind, basis, pounds.
    """

    of: int
    what: str
    target: str
    starts: int
    original: int
    state: State
    moved: Sequence[tuple[int, int, Cause, str]] = ()
    forecasts: Sequence[tuple[int, int, str]] = ()
    updates: Sequence[tuple[int, str]] = ()
    seen: tuple[int, str, str, str, str] | None = None
    needs: int | None = None
    money: Sequence[tuple[int, MoneyKind, Basis, int]] = ()


STORY: Sequence[Told] = (
    Told(
        of=1,
        what="Send every borough the night's list of support units in its area",
        target="Every borough has the list by 18:00 on 28 nights of 28.",
        starts=-360,
        original=-200,
        state=State.COMPLETE,
        moved=((-215, -150, Cause.TECHNOLOGY, "The list could not be sent to every operations room."),),
        updates=((-290, "The list is drafted by hand for four boroughs."), (-160, "All boroughs have had the list for a month.")),
        seen=(
            -152,
            "Critical friend",
            "A borough's operations room",
            "Its duty inspector",
            "The night's list on the wall, in use.",
        ),
        money=((-1, MoneyKind.COST, Basis.PLANNED, 40_000), (-1, MoneyKind.COST, Basis.REALISED, 46_500)),
    ),
    Told(
        of=1,
        what="Answer every request of a borough from one desk",
        target="One number, answered in a minute in nine calls of ten.",
        starts=-150,
        original=-40,
        state=State.IN_PROGRESS,
        moved=((-60, 40, Cause.WAITS_FOR_ACTION, "The desk needs the list, which came later."),),
        forecasts=((-100, -30, ""), (-20, 60, "Two of five posts are filled.")),
        updates=((-90, "The room is ready."), (-20, "Two of five people are in post.")),
        needs=0,
        money=(
            (0, MoneyKind.COST, Basis.PLANNED, 120_000),
            (0, MoneyKind.COST, Basis.REALISED, 71_000),
            (1, MoneyKind.NON_CASHABLE, Basis.PLANNED, 90_000),
        ),
    ),
    Told(
        of=2,
        what="Cost each deployment by unit, hours and vehicles",
        target="The cost of nine deployments of ten is known within a week.",
        starts=-350,
        original=-190,
        state=State.COMPLETE,
        moved=((-205, -120, Cause.PEOPLE, "The accountant's post was empty for a quarter."),),
        updates=((-250, "The method is agreed with the financial adviser."), (-125, "Last quarter's deployments are costed.")),
        seen=(
            -118,
            "Chair of the committee",
            "The finance office",
            "The accountant of the command",
            "Three deployments costed, from log to ledger.",
        ),
        money=((-1, MoneyKind.COST, Basis.PLANNED, 30_000), (-1, MoneyKind.COST, Basis.REALISED, 29_200)),
    ),
    Told(
        of=2,
        what="Report the cost of support to each borough every quarter",
        target="Each borough has its costs within a month of the quarter's end.",
        starts=-115,
        original=75,
        state=State.IN_PROGRESS,
        forecasts=((-30, 75, ""),),
        updates=((-30, "The first report is with the boroughs for comment."),),
        needs=2,
        money=(
            (0, MoneyKind.CASHABLE, Basis.PLANNED, 60_000),
            (0, MoneyKind.CASHABLE, Basis.REALISED, 22_000),
            (1, MoneyKind.CASHABLE, Basis.PLANNED, 110_000),
        ),
    ),
    Told(
        of=3,
        what="Train every supervisor of a support unit",
        target="All supervisors are trained, and half of the refusals of a month carry their reason.",
        starts=-300,
        original=-100,
        state=State.IN_PROGRESS,
        moved=((-110, -15, Cause.UNDERESTIMATED, "There are twice as many supervisors as were counted."),),
        forecasts=((-40, 30, "A third of the supervisors still has to be trained."),),
        updates=((-120, "A quarter of the supervisors is trained."), (-40, "Two thirds are trained.")),
    ),
    Told(
        of=4,
        what="Answer each request within the hour, with its reason",
        target="Nine requests of ten are answered within the hour.",
        starts=-340,
        original=-30,
        state=State.EMBEDDING,
        forecasts=((-45, 20, "Three good months are to be shown before it is called done."),),
        updates=((-45, "Eight of ten were answered within the hour last month."),),
        needs=4,
    ),
)
WAYS: Mapping[State, Sequence[State]] = {
    State.IN_PROGRESS: (State.IN_PROGRESS,),
    State.EMBEDDING: (State.IN_PROGRESS, State.EMBEDDING),
    State.COMPLETE: (State.IN_PROGRESS, State.EMBEDDING),
}


@transaction.atomic
def tell_delivery(cast: Cast, *, on: date) -> list[Recommendation]:
    """Enter the inspection and what became of it, as the people of the demo would have.

    Args:
        cast: the bodies and people.
        on: the day of the demo.
    """
    manager, lead, chair = (cast.people[name] for name in ("Project manager", "Lead for resources", "Chair of the management board"))
    board = cast.parts[Part.MANAGEMENT_BOARD]
    rows = [Entered(number=str(number), kind=kind, text=text, asked_of=cast.force) for number, (kind, text) in enumerate(ASKED, start=1)]
    made = changes.enter_recommendations(
        cast.inspectorate, report_title=f"{TITLE}, {(on + _days(REPORTED)).year}", made_on=on + _days(REPORTED), rows=rows, by=manager
    )
    for number, one in enumerate(made, start=1):
        _answer(one, number, cast, on=on)
    for one in made[: REFUSED - 1]:
        changes.own(one, body=board, lead=lead, sponsor=chair, on=on + _days(ANSWERED), by=manager)
    actions: list[Action] = []
    for told in STORY:
        needs = actions[told.needs] if told.needs is not None else None
        actions.append(_tell(told, made[told.of - 1], needs, cast, on=on))
    _hand_over(made[HANDED_OVER - 1], cast, on=on)
    reason = "The project board trains the supervisors of this review already."
    changes.offer_transfer(made[OFFERED - 1], to_body=cast.parts[Part.PROJECT_BOARD], reason=reason, on=on + _days(-10), by=chair)
    return made


def _answer(one: Recommendation, number: int, cast: Cast, *, on: date) -> None:
    manager, day = cast.people["Project manager"], on + _days(ANSWERED)
    if number == REFUSED:
        note = "The units are fully used in the force's own area; lending more of them would lengthen waits there."
        changes.set_status(one, status=Status.NOT_ACCEPTED, on=day, note=note, by=manager)
        return
    status = Status.PARTLY_ACCEPTED if number == PARTLY else Status.ACCEPTED
    note = "Visits are a matter of the authority's committee, which is asked to take it." if number == PARTLY else "The force agrees."
    changes.set_status(one, status=status, on=day, note=note, by=manager)
    changes.set_status(one, status=Status.IN_PROGRESS, on=day, by=manager)


def _tell(told: Told, above: Recommendation, needs: Action | None, cast: Cast, *, on: date) -> Action:
    manager, lead, chair = (cast.people[name] for name in ("Project manager", "Lead for resources", "Chair of the management board"))
    action = changes.add_action(
        above,
        what=told.what,
        why="The inspection asks for it.",
        how="The lead works with the boroughs, and reports to each management board.",
        target=told.target,
        lead=lead,
        starts=on + _days(told.starts),
        original_date=on + _days(told.original),
        by=manager,
    )
    if needs is not None:
        changes.add_dependency(action, needs=needs, by=manager)
    for place, state in enumerate(WAYS[told.state]):
        last = told.updates[-1][0] if told.updates else told.starts
        changes.set_state(action, state=state, on=on + _days(told.starts if not place else last), by=lead)
    for day, text in told.updates:
        changes.give_update(action, text=text, on=on + _days(day), by=lead)
    for day, to, note in told.forecasts:
        changes.forecast(action, to=on + _days(to), on=on + _days(day), note=note, by=lead)
    for day, to, cause, reason in told.moved:
        minute = f"item 4 of {(on + _days(day)).day} {on + _days(day):%B %Y}"
        changes.move_agreed_date(action, to=on + _days(to), decided_on=on + _days(day), minute=minute, cause=cause, reason=reason, by=chair)
    for offset, kind, basis, pounds in told.money:
        year = (on.year if on.month >= 4 else on.year - 1) + offset
        changes.record_money(action, year=year, kind=kind, basis=basis, pence=pounds * 100, on=on, by=manager)
    if told.seen is not None:
        _complete(action, told.seen, cast, on=on)
    return action


def _complete(action: Action, seen: tuple[int, str, str, str, str], cast: Cast, *, on: date) -> None:
    """The lead brings evidence and asks; somebody else goes to see it; the board decides."""
    day, who, where, met, what = seen
    lead, chair = cast.people["Lead for resources"], cast.people["Chair of the management board"]
    changes.add_delivery_evidence(
        action, title="Report of the lead", kind=Seen.DOCUMENT, tells_of=on + _days(day - 5), text="It runs as the plan says.", by=lead
    )
    changes.verify_delivery(action, kind=Seen.VISIT, on=on + _days(day), seen=what, holds=True, where=where, met=met, by=cast.people[who])
    request = changes.request_completion(action, text="It is done, and was seen to be done.", on=on + _days(day + 1), by=lead)
    minute = f"item 2 of {(on + _days(day + 10)).day} {on + _days(day + 10):%B %Y}"
    changes.decide_completion(request, outcome=Outcome.ACCEPTED, decided_on=on + _days(day + 10), minute=minute, by=chair)


def _hand_over(one: Recommendation, cast: Cast, *, on: date) -> None:
    """Offered by the board, accepted by the committee: the board keeps it on its watch list."""
    chair, member = cast.people["Chair of the management board"], cast.people["Chair of the committee"]
    committee = cast.parts[Part.COMMITTEE]
    offered = changes.offer_transfer(one, to_body=committee, reason="Visits are the committee's own.", on=on + _days(-100), by=chair)
    minute = f"item 7 of {(on + _days(-80)).day} {on + _days(-80):%B %Y}"
    changes.answer_transfer(offered, accepted=True, on=on + _days(-80), minute=minute, lead=cast.people["Financial adviser"], by=member)


def _days(count: int) -> timedelta:
    return timedelta(days=count)
