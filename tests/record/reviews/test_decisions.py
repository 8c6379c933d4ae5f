"""Decisions: who may ask, who may take them, what must exist, and where the review goes."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User
from bestvalue.record.delivery.changes import add_action, draft_recommendation
from bestvalue.record.delivery.models import Recommendation, RecommendationStatus
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.life_cycle import EDGES, TABLE, Edge, Gate, Need, Outcome, Part, Stage
from bestvalue.record.reviews.models import DECIDERS, Decision, EvidenceKind, FourC, Review, ReviewStage
from bestvalue.record.reviews.readiness import MET, met_of

DAY = date(2026, 1, 5)
Ask, Take = Callable[..., Decision], Callable[..., Decision]


def stand(review: Review, stage: Stage) -> None:
    """Put a review at a stage, as the migration left reviews of earlier days."""
    ReviewStage.objects.create(review=review, stage=stage, on=DAY, by=review.stages.all()[0].by, before_decisions=True)


@pytest.fixture
def everything_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    for need in Need:
        monkeypatch.setitem(MET, need, lambda: Value(value=True))  # type: ignore[misc]  # a Mapping to its readers, a dict to this test


class TestWhoDecides:
    """The decision table of the life cycle: every gate against every role, in the deciding body and in another."""

    @pytest.mark.parametrize("edge", TABLE, ids=lambda edge: edge.gate)
    @pytest.mark.usefixtures("everything_exists")
    def test_every_gate_is_decided_by_board_and_authority_members_of_its_body_alone(
        self,
        governed: Review,
        boards: Mapping[Part, Body],
        person: Callable[..., Person],
        ask: Ask,
        edge: Edge,
    ) -> None:
        stand(governed, edge.starts[0])
        decision = ask(governed, edge.gate)
        own, other = boards[edge.decided_by], boards[Part.PANEL]
        allowed = {
            (role, "own" if body == own else "other"): decision.may_be_recorded_by(person(role=role, body=body))
            for role in Role
            for body in (own, other)
        }
        assert {who for who, may in allowed.items() if may} == {(role, "own") for role in DECIDERS}

    @pytest.mark.parametrize("edge", TABLE, ids=lambda edge: edge.gate)
    @pytest.mark.usefixtures("everything_exists")
    def test_whoever_may_not_is_told_which_body_decides_and_nothing_moves(
        self, governed: Review, manager: Person, ask: Ask, take: Take, edge: Edge
    ) -> None:
        stand(governed, edge.starts[0])
        decision = ask(governed, edge.gate)
        with pytest.raises(RuleError, match=f"Project manager may not record this: The {edge.decided_by.value} decides whether to") as told:
            take(decision, by=manager)
        assert told.value.next_step == f"Ask a board or authority member of The {edge.decided_by.value} who did not put the question."
        assert governed.stage == edge.starts[0]

    @pytest.mark.parametrize("edge", TABLE, ids=lambda edge: edge.gate)
    @pytest.mark.parametrize("outcome", list(Outcome))
    @pytest.mark.usefixtures("everything_exists")
    def test_the_review_goes_where_the_table_says(self, governed: Review, ask: Ask, take: Take, edge: Edge, outcome: Outcome) -> None:
        stand(governed, edge.starts[0])
        decision = take(ask(governed, edge.gate), outcome)
        assert governed.stage == (edge.leads_to(outcome) or edge.starts[0])
        assert decision.outcome == outcome
        assert governed.decisions.open().filter(gate=edge.gate).exists() is (outcome is Outcome.DEFERRED)

    def test_a_place_that_ended_decides_no_more(self, governed: Review, chairs: Mapping[Part, Person], ask: Ask, take: Take) -> None:
        decision = ask(governed, Gate.SELECT)
        Membership.objects.filter(person=chairs[Part.COMMITTEE]).update(ends=DAY)
        with pytest.raises(RuleError, match="may not record this"):
            take(decision)

    def test_whoever_put_the_question_does_not_answer_it_too(
        self, governed: Review, boards: Mapping[Part, Body], manager: Person, ask: Ask, take: Take
    ) -> None:
        Membership.objects.create(person=manager, body=boards[Part.COMMITTEE], role="authority member", starts=DAY)
        decision = ask(governed, Gate.SELECT)
        assert not Decision.objects.waiting_for(manager).exists()
        with pytest.raises(RuleError, match="may not record this"):
            take(decision, by=manager, attended=[manager])

    def test_only_who_manages_the_review_asks(self, governed: Review, person: Callable[..., Person], team: Body, ask: Ask) -> None:
        with pytest.raises(RuleError, match="does not manage this review"):
            ask(governed, Gate.SELECT, by=person(role="analyst", body=team))


class TestWhatMustExist:
    """What a body needs before it may agree."""

    def test_everything_that_is_missing_is_named_at_once(self, governed: Review, ask: Ask, take: Take) -> None:
        stand(governed, Stage.SANCTIONED)
        with pytest.raises(RuleError) as told:
            take(ask(governed, Gate.SCOPE))
        assert told.value.what == (
            "Cannot approve the terms of reference yet, because there is no evidence of the kind “Terms of reference”, "
            "and the review has no strands"
        )

    def test_the_terms_of_reference_and_strands_open_the_gate(
        self, governed: Review, manager: Person, ask: Ask, take: Take, add_evidence: Callable[..., object]
    ) -> None:
        stand(governed, Stage.SANCTIONED)
        strand = changes.add_strand(governed, name="Demand", question="?", by=manager)
        add_evidence(governed, kind=EvidenceKind.TERMS, four_cs=[FourC.CHALLENGE], strands=[strand])
        take(ask(governed, Gate.SCOPE))
        assert governed.stage == Stage.SCOPED

    def test_a_body_may_return_what_is_not_ready(self, governed: Review, ask: Ask, take: Take) -> None:
        stand(governed, Stage.REPORTED)
        take(ask(governed, Gate.APPROVE), Outcome.RETURNED)
        assert governed.stage == Stage.IN_REVIEW

    def test_the_committee_approves_what_the_management_board_endorsed_since_it_was_last_reported(
        self, governed: Review, ask: Ask, take: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for need in (Need.FINDINGS, Need.PUBLISHED):
            monkeypatch.setitem(MET, need, lambda: Value(value=True))  # type: ignore[misc]  # as above
        stand(governed, Stage.IN_REVIEW)
        take(ask(governed, Gate.REPORT))
        take(ask(governed, Gate.ENDORSE))
        take(ask(governed, Gate.APPROVE), Outcome.RETURNED)
        take(ask(governed, Gate.REPORT))
        with pytest.raises(RuleError, match="management board has not endorsed"):
            take(ask(governed, Gate.APPROVE))
        take(ask(governed, Gate.ENDORSE))
        take(governed.decisions.open().get(gate=Gate.APPROVE))
        assert governed.stage == Stage.APPROVED

    def test_findings_for_every_strand_and_a_report_since_the_review_began(
        self, governed: Review, finding_for: Callable[..., None]
    ) -> None:
        stand(governed, Stage.IN_REVIEW)
        assert not met_of(governed, [Need.FINDINGS])
        finding_for(governed, "Demand")
        assert met_of(governed, [Need.FINDINGS])
        assert not met_of(governed, [Need.PUBLISHED])

    def test_a_question_for_another_stage_is_refused_and_what_may_be_asked_is_said(self, governed: Review, ask: Ask) -> None:
        with pytest.raises(RuleError, match="stands at “Proposed”, and this is decided at “Reported, awaiting approval”") as told:
            ask(governed, Gate.APPROVE)
        assert told.value.next_step == (
            "At this stage the committee of the authority may select the review for the programme; "
            "the committee of the authority may withdraw the review."
        )

    def test_a_question_that_no_body_takes_part_to_decide_is_refused(self, review: Review, ask: Ask) -> None:
        with pytest.raises(RuleError, match="No committee of the authority takes part"):
            ask(review, Gate.SELECT)

    def test_a_question_is_asked_once_at_a_time(self, governed: Review, ask: Ask) -> None:
        ask(governed, Gate.SELECT)
        with pytest.raises(RuleError, match="is asked already"):
            ask(governed, Gate.SELECT)

    def test_what_the_review_left_behind_lapses_and_is_no_longer_due(self, governed: Review, ask: Ask, take: Take) -> None:
        left, kept = ask(governed, Gate.SELECT), ask(governed, Gate.WITHDRAW)
        take(kept)
        assert not governed.decisions.open().exists()
        left.refresh_from_db()
        assert left.lapsed_on == DAY
        with pytest.raises(RuleError, match="went another way"):
            take(left)


class TestItsRecord:
    """What is kept of a decision."""

    def test_who_was_there_and_who_was_not_and_what_they_declared(
        self,
        governed: Review,
        boards: Mapping[Part, Body],
        person: Callable[..., Person],
        ask: Ask,
        take: Take,
        chairs: Mapping[Part, Person],
    ) -> None:
        person("Absent", role="authority member", body=boards[Part.COMMITTEE])
        torn = person("Torn", role="authority member", body=boards[Part.COMMITTEE])
        person("Clerk", role="observer", body=boards[Part.COMMITTEE])
        decision = take(ask(governed, Gate.SELECT), attended=[chairs[Part.COMMITTEE], torn], interests={torn: "Owns the estate"})
        kept = {row.person.name: (row.attended, row.interest) for row in decision.attendances.all()}
        assert kept == {"Absent": (False, ""), "Chair of the committee": (True, ""), "Torn": (True, "Owns the estate")}

    def test_somebody_without_an_interest_must_be_there(
        self, governed: Review, ask: Ask, take: Take, chairs: Mapping[Part, Person]
    ) -> None:
        with pytest.raises(RuleError, match="Nobody attended who had no interest"):
            take(ask(governed, Gate.SELECT), interests={chairs[Part.COMMITTEE]: "Is married to the lead"})

    def test_somebody_who_was_no_member_that_day_did_not_attend(self, governed: Review, ask: Ask, take: Take, manager: Person) -> None:
        with pytest.raises(RuleError, match="Project manager did not decide in The committee on 05 January 2026"):
            take(ask(governed, Gate.SELECT), attended=[manager])

    @pytest.mark.parametrize(
        ("gate", "stage", "outcome", "needed"),
        [
            (Gate.SELECT, Stage.PROPOSED, Outcome.AGREED, False),
            (Gate.SELECT, Stage.PROPOSED, Outcome.REFUSED, True),
            (Gate.SELECT, Stage.PROPOSED, Outcome.RETURNED, True),
            (Gate.SELECT, Stage.PROPOSED, Outcome.DEFERRED, True),
            (Gate.WITHDRAW, Stage.PROPOSED, Outcome.AGREED, True),
            (Gate.RESCOPE, Stage.IN_REVIEW, Outcome.AGREED, True),
        ],
    )
    def test_what_needs_its_reason(
        self, governed: Review, ask: Ask, take: Take, gate: Gate, stage: Stage, outcome: Outcome, needed: bool
    ) -> None:
        stand(governed, stage)
        decision = ask(governed, gate)
        if needed:
            with pytest.raises(RuleError, match="needs its reason"):
                take(decision, outcome, reason=" ")
        else:
            assert take(decision, outcome, reason="").is_taken

    def test_a_decision_is_minuted(self, governed: Review, ask: Ask, take: Take) -> None:
        with pytest.raises(RuleError, match="is minuted"):
            take(ask(governed, Gate.SELECT), minute="")

    def test_it_is_taken_once(self, governed: Review, ask: Ask, take: Take) -> None:
        decision = take(ask(governed, Gate.SELECT))
        with pytest.raises(RuleError, match="The committee decided this on 05 January 2026"):
            take(decision)

    @pytest.mark.parametrize("day", [DAY - timedelta(days=1), timezone.localdate() + timedelta(days=400)])
    def test_it_is_taken_between_asking_and_today(self, governed: Review, ask: Ask, take: Take, day: date) -> None:
        with pytest.raises(RuleError, match="was put to the body on 05 January 2026"):
            take(ask(governed, Gate.SELECT), taken_on=day)

    def test_a_deferral_names_a_later_day_on_which_it_is_due_again(self, governed: Review, ask: Ask, take: Take) -> None:
        decision = ask(governed, Gate.SELECT)
        with pytest.raises(RuleError, match="has a later day"):
            take(decision, Outcome.DEFERRED, deferred_to=DAY)
        take(decision, Outcome.DEFERRED)
        assert [(again.due, again.asked_on) for again in governed.decisions.open()] == [(date(2026, 2, 2), DAY)]

    def test_the_database_refuses_a_decision_that_is_half_taken(self, governed: Review, ask: Ask) -> None:
        decision = ask(governed, Gate.SELECT)
        decision.outcome = "agreed"
        with pytest.raises(IntegrityError), transaction.atomic():
            decision.save()

    def test_the_ledger_tells_the_outcome_and_the_stage(self, governed: Review, ask: Ask, take: Take) -> None:
        take(ask(governed, Gate.SELECT))
        payload = AuditEvent.objects.get(action="decision.taken").payload
        assert payload is not None
        assert (payload["gate"], payload["outcome"], payload["stage"], payload["warning"]) == ("select", "agreed", "selected", "")


def test_more_reviews_than_the_authority_means_to_select_is_warned_in_the_ledger_and_not_barred(
    start_review: Callable[..., Review], team: Body, boards: Mapping[Part, Body], chairs: Mapping[Part, Person], ask: Ask, take: Take
) -> None:
    for title in ("First", "Second", "Third"):
        review = start_review(title, bodies={Part.TEAM: team, **boards})
        take(ask(review, Gate.SELECT))
        assert review.stage == Stage.SELECTED
    warnings = [event.payload["warning"] for event in AuditEvent.objects.filter(action="decision.taken") if event.payload]
    assert sorted(warnings) == ["", "", "3 reviews are selected, and the authority means to select 2 this year"]


class TestWhoSees:
    """Whose lists a decision stands in."""

    def test_it_waits_for_the_deciders_of_its_body(
        self, governed: Review, ask: Ask, chairs: Mapping[Part, Person], person: Callable[..., Person], boards: Mapping[Part, Body]
    ) -> None:
        decision = ask(governed, Gate.SELECT)
        clerk = person("Clerk", role="observer", body=boards[Part.COMMITTEE])
        assert list(Decision.objects.waiting_for(chairs[Part.COMMITTEE])) == [decision]
        assert not Decision.objects.waiting_for(chairs[Part.PROJECT_BOARD]).exists()
        assert not Decision.objects.waiting_for(clerk).exists()

    def test_somebody_elsewhere_does_not_see_it(
        self, governed: Review, ask: Ask, person: Callable[..., Person], body: Callable[..., Body], sign_in: Callable[[Person], User]
    ) -> None:
        ask(governed, Gate.SELECT)
        elsewhere = sign_in(person("Elsewhere", role="panel member", body=body("Another panel", "panel")))
        assert not Decision.objects.visible_to(elsewhere).exists()


class TestDeliveryNeeds:
    """What the plan and its delivery must show before a review is delivered and closed."""

    @pytest.fixture
    def recommendation(self, governed: Review, manager: Person, finding_for: Callable[..., None]) -> Recommendation:
        finding_for(governed, "Demand")
        return draft_recommendation(governed, text="Move.", findings=list(governed.findings.all()), on=DAY, by=manager)

    def test_every_recommendation_has_an_action(self, governed: Review, manager: Person, recommendation: Recommendation) -> None:
        assert not met_of(governed, [Need.PLAN])
        add_action(recommendation, what="Move", why="?", how="?", target="?", lead=manager, original_date=DAY, by=manager)
        assert met_of(governed, [Need.PLAN])

    def test_no_recommendation_is_open(self, governed: Review, manager: Person, recommendation: Recommendation) -> None:
        assert not met_of(governed, [Need.ENDED])
        RecommendationStatus.objects.create(recommendation=recommendation, status="withdrawn", on=DAY, note="So.", by=manager)
        assert met_of(governed, [Need.ENDED])


def test_every_gate_of_the_table_names_a_body_that_can_take_part() -> None:
    assert {EDGES[gate].decided_by for gate in Gate} <= set(Part)
