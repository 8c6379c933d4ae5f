"""The table itself, without a database."""

import pytest

from bestvalue.record.reviews.life_cycle import EDGES, ENDED, FIRST, TABLE, Gate, Need, Outcome, Part, Stage, edges_from, way_to, why_not


def test_every_gate_has_one_row() -> None:
    assert [edge.gate for edge in TABLE] == list(dict.fromkeys(edge.gate for edge in TABLE))
    assert set(EDGES) == set(Gate)


def test_every_stage_but_the_first_can_be_reached_and_every_stage_but_an_end_can_be_left() -> None:
    assert {edge.to for edge in TABLE if edge.to} | {FIRST} == set(Stage)
    assert {start for edge in TABLE for start in edge.starts} == set(Stage) - set(ENDED)


def test_every_stage_before_the_end_leads_to_closed() -> None:
    leads = {stage: {edge.to for edge in edges_from(stage) if edge.to} for stage in Stage}
    for stage in set(Stage) - set(ENDED):
        seen, front = {stage}, {stage}
        while front:
            front = {to for at in front for to in leads[at]} - seen
            seen |= front
        assert Stage.CLOSED in seen, stage


def test_the_way_is_the_one_that_the_authority_asks_for() -> None:
    """Proposed, selected, sanctioned, scoped, in review, reported, approved, in delivery, closed: the issue's own order."""
    gates = [gate.value for gate in way_to(Stage.CLOSED)]
    assert gates == ["select", "sanction", "scope", "begin", "report", "endorse", "approve", "deliver", "close"]
    assert way_to(Stage.WITHDRAWN) == (Gate.WITHDRAW,)
    assert way_to(FIRST) == ()


@pytest.mark.parametrize(
    ("gate", "part"),
    [
        (Gate.SELECT, Part.COMMITTEE),
        (Gate.SANCTION, Part.MANAGEMENT_BOARD),
        (Gate.SCOPE, Part.PROJECT_BOARD),
        (Gate.ENDORSE, Part.MANAGEMENT_BOARD),
        (Gate.APPROVE, Part.COMMITTEE),
        (Gate.CLOSE, Part.COMMITTEE),
    ],
)
def test_the_body_that_decides_is_the_one_of_the_approval_chain(gate: Gate, part: Part) -> None:
    assert EDGES[gate].decided_by == part


def test_the_team_and_the_panel_decide_nothing() -> None:
    assert not {Part.TEAM, Part.PANEL} & {edge.decided_by for edge in TABLE}


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.DEFERRED])
def test_a_refusal_or_a_deferral_leaves_the_review_where_it_is(outcome: Outcome) -> None:
    assert {edge.leads_to(outcome) for edge in TABLE} == {None}


def test_what_is_returned_goes_back_and_never_on() -> None:
    order = list(Stage)
    for edge in TABLE:
        if edge.returns_to:
            assert all(order.index(edge.returns_to) < order.index(start) for start in edge.starts), edge.gate


@pytest.mark.parametrize("edge", TABLE, ids=lambda edge: edge.gate)
def test_a_gate_is_open_exactly_when_stage_body_and_needs_are_there(edge: object) -> None:
    from bestvalue.record.reviews.life_cycle import Edge

    assert isinstance(edge, Edge)
    for stage in Stage:
        reasons = why_not(edge, stage=stage, met=set(edge.needs), takes_part=True)
        assert (reasons == ()) is (stage in edge.starts)
    assert why_not(edge, stage=edge.starts[0], met=set(edge.needs), takes_part=False)
    for need in edge.needs:
        assert why_not(edge, stage=edge.starts[0], met=set(edge.needs) - {need}, takes_part=True) == (need.label,)


def test_every_need_is_asked_for_somewhere() -> None:
    assert {need for edge in TABLE for need in edge.needs} == set(Need)
