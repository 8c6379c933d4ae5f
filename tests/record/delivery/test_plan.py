"""Actions, what they wait for, and their three dates."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.record.delivery.conftest import APPROVED, Delivering

from bestvalue.errors import RuleError
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.life_cycle import Cause, State
from bestvalue.record.delivery.models import Action, Basis, MoneyKind, circle_through
from bestvalue.record.delivery.slippage import Moved, days_slipped, slippage
from bestvalue.record.ledger.models import AuditEvent

JUNE, AUGUST = date(2026, 6, 30), date(2026, 8, 31)


def moved(delivering: Delivering, action: Action, **rest: object) -> None:
    least = {"to": AUGUST, "decided_on": date(2026, 3, 1), "minute": "Minute 12", "cause": Cause.PEOPLE, "reason": "Two posts are empty."}
    changes.move_agreed_date(action, **{**least, "by": delivering.member, **rest})  # type: ignore[arg-type] - the test says which


def test_a_baseline_is_the_value_of_a_measure(delivering: Delivering) -> None:
    with pytest.raises(RuleError, match="value of a measure"):
        delivering.action(baseline=Decimal(4))
    action = delivering.action(measure="Days to answer", measure_unit="days", baseline=Decimal(9), target_value=Decimal(7))
    assert (action.baseline, action.target_value) == (9, 7)


def test_an_action_ends_after_it_starts(delivering: Delivering) -> None:
    with pytest.raises(RuleError, match="ends before it starts"):
        delivering.action(original_date=APPROVED)


def test_a_circle_is_refused_by_its_name(delivering: Delivering) -> None:
    one, two, three = (delivering.action() for _ in range(3))
    changes.add_dependency(two, needs=one, by=delivering.manager)
    changes.add_dependency(three, needs=two, by=delivering.manager)
    with pytest.raises(RuleError, match=r"in a circle: 1\.1 → 1\.3 → 1\.2 → 1\.1"):
        changes.add_dependency(one, needs=three, by=delivering.manager)
    with pytest.raises(RuleError, match=r"in a circle: 1\.1 → 1\.1"):
        changes.add_dependency(one, needs=one, by=delivering.manager)


@given(pairs=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=25))
def test_what_is_let_in_one_by_one_never_holds_a_circle(pairs: list[tuple[int, int]]) -> None:
    needs: dict[int, frozenset[int]] = {}
    for action, added in pairs:
        if not circle_through(needs, action=action, added=added):
            needs[action] = needs.get(action, frozenset()) | {added}

    def below(action: int) -> set[int]:  # slow plain twin: everything an action waits for, however far
        found: set[int] = set()
        ahead = set(needs.get(action, frozenset()))
        while ahead:
            found |= ahead
            ahead = {further for one in ahead for further in needs.get(one, frozenset())} - found
        return found

    assert all(action not in below(action) for action in needs)


def test_the_original_date_stays_while_the_agreed_one_moves_by_decision(delivering: Delivering) -> None:
    action = delivering.action()
    moved(delivering, action)
    action.refresh_from_db()
    assert (action.original_date, action.agreed_date) == (JUNE, AUGUST)
    entry = AuditEvent.objects.about(action).last()
    assert entry is not None
    assert entry.payload is not None
    assert (entry.action, entry.payload["from"], entry.payload["cause"]) == ("action.agreed_date_moved", "2026-06-30", "people")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"minute": " "}, "is minuted"),
        ({"reason": ""}, "moves with a reason"),
        ({"to": JUNE}, "already"),
        ({"to": date(2026, 5, 1)}, "moves earlier"),
        ({"cause": Cause.EARLIER}, "moves later"),
        ({"to": APPROVED, "cause": Cause.EARLIER}, "starts on"),
    ],
)
def test_an_agreed_date_moves_only_with_minute_reason_and_fitting_cause(
    delivering: Delivering, broken: dict[str, object], says: str
) -> None:
    with pytest.raises(RuleError, match=says):
        moved(delivering, delivering.action(), **broken)


def test_only_the_owning_body_moves_an_agreed_date_and_never_the_lead(delivering: Delivering) -> None:
    from bestvalue.record.bodies.models import Membership

    action = delivering.action()
    for outsider in (delivering.manager, delivering.other_member):
        with pytest.raises(RuleError, match="holds no place in Committee"):
            moved(delivering, action, by=outsider)
    Membership.objects.create(person=delivering.lead, body=delivering.committee, role="board member", starts=APPROVED)
    with pytest.raises(RuleError, match="cannot decide about their own work"):
        moved(delivering, action, by=delivering.lead)


def test_the_forecast_is_the_leads_alone(delivering: Delivering) -> None:
    action = delivering.action()
    with pytest.raises(RuleError, match="does not lead this action"):
        changes.forecast(action, to=AUGUST, on=APPROVED, by=delivering.manager)
    changes.forecast(action, to=AUGUST, on=APPROVED, by=delivering.lead)
    with pytest.raises(RuleError, match="looks ahead"):
        changes.forecast(action, to=JUNE, on=AUGUST, by=delivering.lead)
    assert action.agreed_date == JUNE


def test_dates_and_states_are_told_as_they_stood_on_a_day(delivering: Delivering) -> None:
    action = delivering.action()
    changes.set_state(action, state=State.IN_PROGRESS, on=date(2026, 2, 10), by=delivering.lead)
    moved(delivering, action, decided_on=date(2026, 3, 1))
    moved(delivering, action, to=date(2026, 9, 30), decided_on=date(2026, 5, 1))
    changes.forecast(action, to=date(2026, 10, 31), on=date(2026, 5, 2), by=delivering.lead)

    def then(day: str) -> tuple[object, ...]:
        found = Action.objects.standing(on=date.fromisoformat(day)).get()
        return found.state_then, found.agreed_then, found.forecast_then

    assert then("2026-02-09") == ("not started", JUNE, None)
    assert then("2026-03-01") == ("in progress", AUGUST, None)
    assert then("2026-05-02") == ("in progress", date(2026, 9, 30), date(2026, 10, 31))


def test_the_newest_of_several_agreed_dates_counts_even_if_it_is_sooner(delivering: Delivering) -> None:
    action = delivering.action()
    moved(delivering, action, to=date(2026, 12, 31), decided_on=date(2026, 3, 1))
    moved(delivering, action, to=AUGUST, decided_on=date(2026, 4, 1), cause=Cause.EARLIER)
    assert Action.objects.standing(on=date(2026, 5, 1)).get().agreed_then == action.agreed_date == AUGUST


def test_states_follow_one_another_and_ends_are_decided(delivering: Delivering) -> None:
    action = delivering.action()
    for state in (State.EMBEDDING, State.COMPLETE, State.REQUESTED, State.CLOSED):
        with pytest.raises(RuleError, match="does not follow"):
            changes.set_state(action, state=state, on=APPROVED, by=delivering.lead)
    changes.set_state(action, state=State.IN_PROGRESS, on=APPROVED, by=delivering.lead)
    changes.set_state(action, state=State.EMBEDDING, on=AUGUST, by=delivering.lead)
    with pytest.raises(RuleError, match="present state dates from 31 August 2026"):
        changes.set_state(action, state=State.IN_PROGRESS, on=JUNE, by=delivering.lead)


def test_money_comes_true_only_in_years_that_have_begun(delivering: Delivering) -> None:
    action, money = delivering.action(), {"kind": MoneyKind.CASHABLE, "pence": 100_00, "on": date(2026, 3, 31), "by": delivering.manager}
    with pytest.raises(RuleError, match="has not begun"):
        changes.record_money(action, year=2026, basis=Basis.REALISED, **money)  # type: ignore[arg-type] - as above
    assert changes.record_money(action, year=2026, basis=Basis.PLANNED, **money).year_words == "2026/27"  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.booleans()), max_size=20
    )
)
def test_slippage_ends_at_the_newest_agreed_date_less_the_original(listed: list[tuple[date, date, bool]]) -> None:
    moves = [Moved(on=on, to=to, why="", agreed=agreed) for on, to, agreed in listed]
    series = slippage(original=JUNE, moves=moves, cycle_days=91)
    agreed = [move for move in sorted(moves, key=lambda move: move.on) if move.agreed]
    assert days_slipped(series) == ((agreed[-1].to - JUNE).days if agreed else 0)
    assert [slip.on for slip in series] == sorted(move.on for move in moves)
