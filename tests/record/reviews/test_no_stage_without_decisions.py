"""Whatever is tried, in whatever order, no review reaches a stage without the decisions before it."""

import contextlib
from collections.abc import Mapping
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.life_cycle import FIRST, Gate, Need, Outcome, Part, Stage, way_to
from bestvalue.record.reviews.models import Review
from bestvalue.record.reviews.readiness import MET

DAY = date(2026, 1, 5)
STEPS = st.one_of(
    # What leads on is tried more often than chance would, or few sequences would get far.
    st.tuples(st.just("go on"), st.sampled_from(list(Outcome)) | st.just(Outcome.AGREED), st.sampled_from(Gate)),
    st.tuples(st.just("ask"), st.just(Outcome.AGREED), st.sampled_from(Gate)),
    st.tuples(st.just("take"), st.sampled_from(list(Outcome)), st.sampled_from(Gate)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=8, max_size=25), lacking=st.sets(st.sampled_from(sorted(set(Need) - {Need.ENDORSED})), max_size=1))
def test_no_sequence_of_changes_reaches_a_stage_without_the_decisions_before_it(
    governed: Review,
    manager: Person,
    chairs: Mapping[Part, Person],
    monkeypatch: pytest.MonkeyPatch,
    steps: list[tuple[str, Outcome, Gate]],
    lacking: set[Need],
) -> None:
    with transaction.atomic(), monkeypatch.context() as patch:
        for need in set(Need) - {Need.ENDORSED}:
            patch.setitem(MET, need, lambda need=need: Value(need not in lacking))  # type: ignore[misc]  # a dict to this test
        for step, outcome, gate in steps:
            with contextlib.suppress(RuleError), transaction.atomic():
                _try(governed, step, outcome, gate, manager=manager, chairs=chairs)
        _check_history(governed, lacking=lacking)
        transaction.set_rollback(True)


def _try(review: Review, step: str, outcome: Outcome, gate: Gate, *, manager: Person, chairs: Mapping[Part, Person]) -> None:
    if step == "go on":
        # Towards closed: what the way there asks for at this stage, whatever gate was drawn.
        ahead = [next_gate for next_gate in way_to(Stage.CLOSED) if next_gate not in _agreed(review)]
        gate = ahead[0] if ahead else gate
    if step != "take" and not review.decisions.open().filter(gate=gate).exists():
        changes.ask_for_decision(review, gate=gate, due=DAY, on=DAY, by=manager)
    if step == "ask":
        return
    for decision in review.decisions.filter(gate=gate).order_by("-pk")[:1]:
        chair = chairs[decision.edge.decided_by]
        later = date(2026, 2, 2) if outcome is Outcome.DEFERRED else None
        changes.take_decision(
            decision, outcome=outcome, taken_on=DAY, minute="1", reason="So.", attended=[chair], by=chair, deferred_to=later
        )


def _agreed(review: Review) -> set[Gate]:
    return {Gate(decision.gate) for decision in review.decisions.filter(outcome=Outcome.AGREED)}


def _check_history(review: Review, *, lacking: set[Need]) -> None:
    first, *later = review.stages.order_by("pk").select_related("decision")
    assert (first.stage, first.decision) == (FIRST, None)
    at = Stage(first.stage)
    agreed: set[Gate] = set()
    for reached in later:
        decision = reached.decision
        assert decision is not None
        taken_before = review.decisions.filter(outcome=Outcome.AGREED, pk__lte=decision.pk)
        agreed |= {Gate(row.gate) for row in taken_before}
        assert at in decision.edge.starts
        assert decision.edge.leads_to(Outcome(decision.outcome)) == reached.stage
        if decision.outcome == Outcome.AGREED:
            assert not lacking & set(decision.edge.needs)
        assert set(way_to(Stage(reached.stage))) <= agreed | {Gate.WITHDRAW}
        assert decision.attendances.filter(attended=True).exists()
        at = Stage(reached.stage)
    assert at == review.stage
