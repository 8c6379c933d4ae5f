"""Completion takes evidence, somebody who saw it, and two people."""

from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.record.delivery.conftest import Delivering

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.life_cycle import NEXT_STATE, State, Status
from bestvalue.record.delivery.models import Action, CompletionRequest, Delivered, Outcome, Seen

MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)


def shown(delivering: Delivering, delivered: Delivered) -> None:
    changes.add_delivery_evidence(
        delivered, title="Form in use", kind=Seen.DOCUMENT, tells_of=MAY, text="All boroughs use it.", by=delivering.lead
    )


def seen(delivering: Delivering, delivered: Delivered, **rest: Any) -> None:
    least = {"kind": Seen.DOCUMENT, "on": MAY, "seen": "I read the forms of a week.", "holds": True, "by": delivering.visitor}
    changes.verify_delivery(delivered, **{**least, **rest})


def requested(delivering: Delivering, delivered: Delivered) -> CompletionRequest:
    return changes.request_completion(delivered, text="All boroughs bid on one form.", on=MAY, by=delivering.lead)


def decided(request: CompletionRequest, by: Person, **rest: Any) -> None:
    changes.decide_completion(request, **{"outcome": Outcome.ACCEPTED, "decided_on": JUNE, "minute": "Minute 4", "by": by, **rest})


@pytest.fixture
def action(delivering: Delivering) -> Action:
    made = delivering.action()
    changes.set_state(made, state=State.IN_PROGRESS, on=date(2026, 2, 10), by=delivering.lead)
    return made


def test_nothing_is_requested_without_evidence_nor_by_anyone_but_the_lead(delivering: Delivering, action: Action) -> None:
    with pytest.raises(RuleError, match="No evidence shows"):
        requested(delivering, action)
    shown(delivering, action)
    with pytest.raises(RuleError, match="does not lead this"):
        changes.request_completion(action, text="Done.", on=MAY, by=delivering.manager)
    requested(delivering, action)
    assert action.state is State.REQUESTED


def test_the_owning_body_accepts_what_somebody_else_has_seen(delivering: Delivering, action: Action) -> None:
    shown(delivering, action)
    request = requested(delivering, action)
    with pytest.raises(RuleError, match="Nobody but the lead has seen it"):
        decided(request, delivering.member)
    seen(delivering, action, holds=False)
    with pytest.raises(RuleError, match="Nobody but the lead has seen it"):
        decided(request, delivering.member)
    seen(delivering, action)
    decided(request, delivering.member)
    assert action.state is State.COMPLETE
    with pytest.raises(RuleError, match="decided already"):
        decided(CompletionRequest.objects.get(), delivering.member)


@pytest.mark.parametrize(
    ("who", "says"), [("lead", "requested completion cannot decide"), ("manager", "no place"), ("other_member", "no place")]
)
def test_requester_and_outsiders_decide_nothing(delivering: Delivering, action: Action, who: str, says: str) -> None:
    shown(delivering, action)
    seen(delivering, action)
    with pytest.raises(RuleError, match=says):
        decided(requested(delivering, action), getattr(delivering, who))


def test_a_refusal_has_its_reason_and_the_action_goes_on(delivering: Delivering, action: Action) -> None:
    shown(delivering, action)
    request = requested(delivering, action)
    with pytest.raises(RuleError, match="refusal needs its reason"):
        decided(request, delivering.member, outcome=Outcome.REFUSED)
    decided(request, delivering.member, outcome=Outcome.REFUSED, reason="Two boroughs do not use it.")
    assert action.state is State.IN_PROGRESS


def test_the_lead_verifies_nothing_and_a_visit_says_where_and_whom(delivering: Delivering, action: Action) -> None:
    with pytest.raises(RuleError, match="cannot verify their own work"):
        seen(delivering, action, by=delivering.lead)
    with pytest.raises(RuleError, match="A visit says where it was"):
        seen(delivering, action, kind=Seen.VISIT)
    with pytest.raises(RuleError, match="A visit says whom you met"):
        seen(delivering, action, kind=Seen.VISIT, where="Tasking office")
    with pytest.raises(RuleError, match="result of an analysis"):
        seen(delivering, action, kind=Seen.DATA)
    seen(delivering, action, kind=Seen.VISIT, where="Tasking office", met="Two tasking officers")


def test_a_recommendation_is_requested_when_its_actions_have_ended(delivering: Delivering, action: Action) -> None:
    recommendation = delivering.recommendation
    shown(delivering, recommendation)
    with pytest.raises(RuleError, match=r"Actions are still open: 1\.1"):
        requested(delivering, recommendation)
    changes.close_not_implemented(action, on=MAY, minute="Minute 3", reason="Overtaken by a national form.", by=delivering.member)
    assert action.state is State.CLOSED
    seen(delivering, recommendation)
    decided(requested(delivering, recommendation), delivering.member)
    assert recommendation.status is Status.COMPLETE


def test_complete_is_never_just_entered(delivering: Delivering) -> None:
    for status in (Status.REQUESTED, Status.CLOSED):
        with pytest.raises(RuleError, match="is not just entered"):
            changes.set_status(delivering.recommendation, status=status, on=MAY, note="Done.", by=delivering.manager)


def test_closing_without_implementing_needs_the_owning_body_and_a_reason(delivering: Delivering) -> None:
    with pytest.raises(RuleError, match="has a reason"):
        changes.close_not_implemented(delivering.recommendation, on=MAY, minute="3", reason=" ", by=delivering.member)
    with pytest.raises(RuleError, match="holds no place"):
        changes.close_not_implemented(delivering.recommendation, on=MAY, minute="3", reason="Costs more.", by=delivering.manager)
    changes.close_not_implemented(delivering.recommendation, on=MAY, minute="3", reason="Costs more.", by=delivering.member)
    assert delivering.recommendation.status is Status.CLOSED


def test_however_it_is_tried_states_follow_the_table_and_no_lead_completes_alone(delivering: Delivering) -> None:
    class Trying(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.action = delivering.action()

        @rule(state=st.sampled_from(list(State)), by=st.sampled_from(["lead", "member", "manager"]))
        def set(self, state: State, by: str) -> None:
            self._try(lambda: changes.set_state(self.action, state=state, on=MAY, by=getattr(delivering, by)))

        @rule()
        def show(self) -> None:
            shown(delivering, self.action)

        @rule(by=st.sampled_from(["lead", "visitor"]))
        def verify(self, by: str) -> None:
            self._try(lambda: seen(delivering, self.action, by=getattr(delivering, by)))

        @rule(by=st.sampled_from(["lead", "member"]))
        def request(self, by: str) -> None:
            self._try(lambda: changes.request_completion(self.action, text="Done.", on=MAY, by=getattr(delivering, by)))

        @rule(by=st.sampled_from(["lead", "member", "other_member"]), outcome=st.sampled_from(list(Outcome)))
        def decide(self, by: str, outcome: Outcome) -> None:
            request = self.action.completion_requests.filter(decision=None).first()
            if request:
                self._try(lambda: decided(request, getattr(delivering, by), outcome=outcome, reason="So it is."))

        @invariant()
        def states_follow(self) -> None:
            states = [State.NOT_STARTED, *(State(row.state) for row in self.action.states.order_by("on", "id"))]
            assert all(after in NEXT_STATE[before] for before, after in pairwise(states))
            if states[-1] is State.COMPLETE:
                assert self.action.completion_requests.filter(decision__outcome="accepted", by=delivering.lead).exists()
                assert not self.action.completion_requests.filter(decision__by=delivering.lead).exists()
                assert self.action.verifications.filter(holds=True).exclude(by=delivering.lead).exists()

        @staticmethod
        def _try(change: Any) -> None:
            with suppress(RuleError):
                change()

    run_state_machine_as_test(Trying, settings=hypothesis_settings(max_examples=8, stateful_step_count=12, deadline=None))
