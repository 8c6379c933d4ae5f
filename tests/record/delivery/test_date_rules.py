"""However dates are tried to be moved, the three of them keep their rules: original once, agreed by decision, forecast by the lead."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.record.delivery.conftest import APPROVED, Delivering

from bestvalue.errors import RuleError
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.life_cycle import NEXT, Cause, Status
from bestvalue.record.delivery.models import AgreedDate
from bestvalue.record.delivery.slip_series import slips_of

ORIGINAL, CYCLE = date(2026, 6, 30), 91
DAYS = st.integers(-10, 200).map(lambda days: APPROVED + timedelta(days=days))
PEOPLE = st.sampled_from(["lead", "member", "other_member", "manager", "visitor"])


def test_however_dates_are_moved_a_slow_plain_twin_says_which_moves_hold(delivering: Delivering) -> None:
    class Moving(RuleBasedStateMachine):
        """Beside the record it keeps what the rules say should be there: the twin knows the rules from the issue, not from the code."""

        def __init__(self) -> None:
            super().__init__()
            self.action = delivering.action()
            self.agreed: list[tuple[date, date]] = []
            self.expected: list[tuple[date, date]] = []
            self.is_open = True

        @rule(to=DAYS, on=DAYS, by=PEOPLE, cause=st.sampled_from([Cause.PEOPLE, Cause.EARLIER]), minute=st.sampled_from(["3", " "]))
        def move(self, to: date, on: date, by: str, cause: Cause, minute: str) -> None:
            now = self.agreed[-1][1] if self.agreed else ORIGINAL
            holds = (
                self.is_open
                and by == "member"
                and minute == "3"
                and to != now
                and to > APPROVED
                and (cause is Cause.EARLIER) == (to < now)
                and (not self.agreed or on > self.agreed[-1][0])
            )
            said = {"to": to, "decided_on": on, "minute": minute, "cause": cause, "reason": "So.", "by": getattr(delivering, by)}
            assert self._made(lambda: changes.move_agreed_date(self.action, **said)) is holds  # type: ignore[arg-type]  # as drawn
            if holds:
                self.agreed.append((on, to))

        @rule(to=DAYS, on=DAYS, by=PEOPLE)
        def forecast(self, to: date, on: date, by: str) -> None:
            holds = self.is_open and by == "lead" and to >= on and (not self.expected or on >= self.expected[-1][0])
            assert self._made(lambda: changes.forecast(self.action, to=to, on=on, by=getattr(delivering, by))) is holds
            if holds:
                self.expected.append((on, to))

        @rule(by=PEOPLE, sure=st.integers(0, 3))
        def close(self, by: str, sure: int) -> None:
            if sure:  # seldom: an action that has ended only refuses
                return
            holds = self.is_open and by == "member"
            closing = {"on": date(2026, 8, 1), "minute": "9", "reason": "Overtaken.", "by": getattr(delivering, by)}
            assert self._made(lambda: changes.close_not_implemented(self.action, **closing)) is holds  # type: ignore[arg-type]  # as above
            self.is_open = self.is_open and not holds

        @invariant()
        def the_record_says_what_the_twin_says(self) -> None:
            self.action.refresh_from_db()
            assert self.action.original_date == ORIGINAL
            kept = list(self.action.agreed_dates.order_by("pk").values_list("decided_on", "date"))
            assert kept == self.agreed
            assert all(first[0] < second[0] for first, second in pairwise(kept))
            assert self.action.agreed_date == (self.agreed[-1][1] if self.agreed else ORIGINAL)
            assert not AgreedDate.objects.filter(action=self.action, by=delivering.lead).exists()

        @invariant()
        def slippage_adds_up(self) -> None:
            series = slips_of(self.action, on=date(2027, 12, 31), cycle_days=CYCLE)
            assert len(series) == len(self.agreed) + len(self.expected)
            if self.agreed:
                granted = [slip.agreed_days for slip in series if slip.by_decision]
                steps = [(second - first).days for first, second in pairwise([ORIGINAL, *(to for _, to in self.agreed)])]
                assert granted[-1] == sum(steps)
                assert series[-1].agreed_cycles * CYCLE == pytest.approx(granted[-1])

        @staticmethod
        def _made(change: Callable[[], object]) -> bool:
            try:
                change()
            except RuleError:
                return False
            return True

    quick = hypothesis_settings(max_examples=10, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(Moving, settings=quick)


def test_however_a_recommendation_is_answered_its_statuses_follow_the_table(delivering: Delivering) -> None:
    recommendation = delivering.recommendation

    class Answering(RuleBasedStateMachine):
        @rule(status=st.sampled_from(list(Status)), on=DAYS, note=st.sampled_from(["Because.", ""]))
        def answer(self, status: Status, on: date, note: str) -> None:
            try:
                changes.set_status(recommendation, status=status, on=on, note=note, by=delivering.manager)
            except RuleError:
                return

        @invariant()
        def statuses_follow_and_days_never_go_back(self) -> None:
            rows = list(recommendation.statuses.order_by("pk"))
            assert all(Status(after.status) in NEXT[Status(before.status)] for before, after in pairwise(rows))
            assert all(before.on <= after.on for before, after in pairwise(rows))
            assert not {row.status for row in rows} & {Status.REQUESTED, Status.COMPLETE, Status.CLOSED}

    run_state_machine_as_test(Answering, settings=hypothesis_settings(max_examples=6, stateful_step_count=12, deadline=None))
