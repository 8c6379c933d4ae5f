"""How much a page asks of the database: little, and no more when there is more to show."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.world import DAY, World

AT_MOST = 12
"""Three say who asks."""

PAGES = ("home", "reviews", "programme", "review", "evidence", "finding", "finding_add", "publish", "register", "recommendation")
PAGES += ("review_evidence", "review_findings", "review_versions", "recommendation_add")
PAGES += ("review_decisions", "review_decision", "programme_service", "bodies", "body", "body_member_add", "programme_propose")
PAGES += ("review_challenges", "challenge", "review_options", "option_decide", "action", "plan", "plan_response", "register_colours")
PAGES += ("library", "report", "data", "analyses", "ledger", "account")


def queries(browser: Client, world: World) -> dict[str, int]:
    things: dict[str, Any] = {
        "programme": world.review.programme_id,
        "evidence": world.answer.pk,
        "finding": world.finding.pk,
        "recommendation": world.theirs.pk,
        "report": world.report.slug,
    }
    things |= dict.fromkeys(("review", "finding_add", "recommendation_add", "publish", "review_decisions"), world.review.pk)
    things |= dict.fromkeys(("review_evidence", "review_findings", "review_versions"), world.review.pk)
    things |= dict.fromkeys(("programme_service", "programme_propose"), world.service.pk)
    things |= dict.fromkeys(("body", "body_member_add"), world.question.body_id) | {"review_decision": world.question.pk}
    things |= dict.fromkeys(("review_challenges", "review_options"), world.review.pk)
    things |= {"challenge": world.challenge.pk, "option_decide": world.option.pk, "action": world.theirs.actions.earliest("pk").pk}
    arguments = {name: [thing] for name, thing in things.items()}
    arguments |= {key: [world.theirs.issuer_id, world.theirs.report_slug] for key in ("plan", "plan_response")}
    counted = {}
    for name in PAGES:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse(name, args=arguments.get(name, []))).status_code == 200
        counted[name] = len(asked)
    return counted


def test_no_page_asks_much_and_none_asks_more_when_there_is_more_to_show(manager: Client, world: World) -> None:
    manager.get(reverse("home"))  # the first page of a session notes when it began
    _add_more_scrutiny(world)  # what was said about it is fetched in one go, but only where something was said
    _deliver(world)
    _add_more_delivery(world)  # as above
    before = queries(manager, world)
    assert {name: count for name, count in before.items() if count > AT_MOST} == {}
    _add_more(world)
    assert queries(manager, world) == before


def _add_more(world: World) -> None:
    from bestvalue.record.delivery.changes import draft_recommendation
    from bestvalue.record.inspections.models import Candidate
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC, Part, Review, ReviewBody, ReviewStage, Tone

    another = Review.objects.create(
        programme=world.review.programme, title="Custody", service="Cells", force=world.review.force, authority=world.review.authority
    )
    ReviewBody.objects.create(review=another, body=world.manager.memberships.get().body, part=Part.TEAM)
    ReviewStage.objects.create(review=another, stage="proposed", on=DAY, by=world.manager)
    _add_more_governance(world)
    _add_more_scrutiny(world)
    _add_more_delivery(world)
    strand = world.finding.strand
    for number in range(2, 6):
        evidence = changes.add_evidence(
            world.review,
            title=f"Visit {number}",
            kind=EvidenceKind.VISIT,
            four_cs=[FourC.CONSULT],
            strands=[strand],
            effective_date=DAY,
            notes="Seen.",
            by=world.manager,
        )
        cited = [evidence, world.answer]
        finding = changes.add_finding(
            world.review, strand=strand, text=f"Finding {number}", tone=Tone.NEGATIVE, evidence=cited, by=world.manager
        )
        draft_recommendation(world.review, text=f"Do {number}.", findings=[finding, world.finding], on=DAY, by=world.manager)
        Candidate.objects.create(
            report=world.report,
            order=number,
            paragraph=world.candidate.paragraph,
            text=f"Asks {number}",
            phrase="should",
            confidence="low",
            confidence_share=0.3,
        )


def _deliver(world: World) -> None:
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(world.theirs, status=status, on=DAY, note="It will be done.", by=world.manager)
    changes.own(world.theirs, body=world.question.body, lead=world.manager, on=DAY, by=world.manager)


def _add_more_delivery(world: World) -> None:
    from datetime import date, timedelta

    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Cause
    from bestvalue.record.delivery.models import Basis, MoneyKind, Seen

    first = world.theirs.actions.order_by("pk").first()
    for _ in range(2):
        action = changes.add_action(
            world.theirs,
            what="Publish",
            why="So.",
            how="So.",
            target="All.",
            lead=world.manager,
            original_date=date(2026, 6, 30),
            by=world.manager,
        )
        for about in (first or action, action):
            to = about.agreed_date + timedelta(days=1)
            on = (about.agreed_dates.count() + 1) * timedelta(days=1) + DAY
            changes.forecast(about, to=to, on=DAY, by=world.manager)
            changes.give_update(about, text="It goes on.", on=DAY, by=world.manager)
            changes.move_agreed_date(about, to=to, decided_on=on, minute="1", cause=Cause.PEOPLE, reason="So.", by=world.board_member)
        changes.record_money(action, year=2025, kind=MoneyKind.COST, basis=Basis.PLANNED, pence=100, on=DAY, by=world.manager)
        changes.verify_delivery(action, kind=Seen.DOCUMENT, on=DAY, seen="It.", holds=True, by=world.board_member)
        changes.add_delivery_evidence(action, title="It", kind=Seen.DOCUMENT, tells_of=DAY, text="It.", by=world.manager)
        if first is not None:
            changes.add_dependency(action, needs=first, by=world.manager)


def _add_more_governance(world: World) -> None:
    from datetime import UTC, datetime

    from bestvalue.record.bodies.models import Body, Membership, Person
    from bestvalue.record.programme.models import CandidateScore, CandidateService
    from bestvalue.record.reviews.models import Attendance, Decision

    now = datetime(2026, 1, 6, tzinfo=UTC)
    for number in range(3):
        body = Body.objects.create(name=f"Board {number}", kind="board", parent=world.question.body)
        member = Person.objects.create(name=f"Member {number}")
        Membership.objects.create(person=member, body=world.question.body, role="board member", starts=DAY)
        service = CandidateService.objects.create(
            programme=world.review.programme, service=f"Service {number}", force=world.review.force, case="?", added_at=now, added_by=member
        )
        for candidate in (service, world.service):
            CandidateScore.objects.create(candidate=candidate, criterion="cost", score=3, reason="So.", at=now, by=member)
        asked = {"review": world.review, "body": body, "asked_on": DAY, "asked_by": world.manager, "due": DAY}
        Decision.objects.create(gate=("endorse", "approve", "close")[number], **asked)
        taken = Decision.objects.create(
            gate="rescope", outcome="refused", reason="No.", minute="1", taken_on=DAY, recorded_by=member, **asked
        )
        Attendance.objects.create(decision=taken, person=member, attended=True)


def _add_more_scrutiny(world: World) -> None:
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import ChallengerKind, Effect, QuestionKind, Step, Verdict

    body = world.question.body
    question = changes.add_scope_question(world.review, kind=QuestionKind.PROBLEM, text="How?", by=world.manager)
    for number in range(2, 5):
        raised = changes.raise_challenge(
            world.review,
            kind=ChallengerKind.BOARD,
            challenger=f"Board {number}",
            text="Why?",
            raised_on=DAY,
            finding=world.finding,
            by=world.board_member,
        )
        for challenge in (raised, world.challenge):
            changes.take_step(challenge, step=Step.ANSWERED, text="So.", on=DAY, effect=Effect.NONE, by=world.manager)
            changes.take_step(challenge, step=Step.REOPENED, text="No.", on=DAY, by=world.board_member)
        option = changes.add_option(question, text=f"Way {number}", cost="None.", effect="Little.", by=world.manager)
        changes.decide_option(option, verdict=Verdict.WRITTEN_OFF, body=body, on=DAY, reason="No.", by=world.manager)


@pytest.mark.django_db
def test_a_page_for_nobody_asks_nothing_of_the_record(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("accessibility"))
    assert [query["sql"] for query in asked if "reviews_" in query["sql"] or "bodies_" in query["sql"]] == []
