"""A small world to open pages in. Models are imported inside: this file is read before Django is set up."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from bestvalue.analysis.contract import Chart, Figure, Provenance, Result, ResultTable, Statement

if TYPE_CHECKING:
    from django.test import Client

    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.inspections.models import Candidate, Extracted, PublishedReport
    from bestvalue.record.programme.models import CandidateService
    from bestvalue.record.reviews.models import Decision, Evidence, Finding, PublishedVersion, Review
    from bestvalue.record.scrutiny.models import Challenge, Option

DAY = date(2026, 1, 5)
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, kw_only=True)
class World:
    """One review with evidence, a finding and a recommendation, and one imported report that asks for more than it recommends."""

    manager: "Person"
    board_member: "Person"
    observer: "Person"
    outsider: "Person"
    inspector: "Person"
    review: "Review"
    question: "Decision"
    service: "CandidateService"
    note: "Evidence"
    secret: "Evidence"
    answer: "Evidence"
    finding: "Finding"
    ours: "Recommendation"
    report: "PublishedReport"
    theirs: "Recommendation"
    candidate: "Candidate"
    extracted: "Extracted"
    digest: str
    challenge: "Challenge"
    option: "Option"


def make_world() -> World:
    from bestvalue.record.bodies.models import Body, Role
    from bestvalue.record.programme.models import CandidateScore, CandidateService, Programme
    from bestvalue.record.reviews.models import Decision, Part, Review, ReviewBody, ReviewStage

    authority = Body.objects.create(name="Police Authority", kind="authority")
    force = Body.objects.create(name="Metropolitan Force", kind="force")
    team = Body.objects.create(name="Review team", kind="unit", parent=force)
    board = Body.objects.create(name="Project board", kind="board", parent=force)
    elsewhere = Body.objects.create(name="Another panel", kind="panel")
    manager = _person("Project manager", body=team, role=Role.PROJECT_MANAGER)
    programme = Programme.objects.create(title="Programme 2026", year=2026, authority=authority)
    review = Review.objects.create(
        programme=programme, title="Operational support", service="Support units", force=force, authority=authority
    )
    ReviewBody.objects.create(review=review, body=team, part=Part.TEAM)
    ReviewBody.objects.create(review=review, body=board, part=Part.PROJECT_BOARD)
    ReviewStage.objects.create(review=review, stage="in review", on=DAY, by=manager, before_decisions=True)
    question = Decision.objects.create(review=review, body=board, gate="report", asked_on=DAY, asked_by=manager, due=DAY)
    now = datetime(2026, 1, 5, tzinfo=UTC)
    service = CandidateService.objects.create(
        programme=programme, service="Custody", force=force, case="Deaths in cells rose.", added_at=now, added_by=manager
    )
    CandidateScore.objects.create(candidate=service, criterion="risk", score=5, reason="Five near misses.", at=now, by=manager)
    board_member = _person("Member of the project board", body=board, role=Role.BOARD_MEMBER)
    return World(
        manager=manager,
        board_member=board_member,
        observer=_person("Observer of the force", body=force, role=Role.OBSERVER),
        outsider=_person("Panel member elsewhere", body=elsewhere, role=Role.PANEL_MEMBER),
        review=review,
        question=question,
        service=service,
        **_evidence_and_finding(review, manager),
        **_report(force),
        **_scrutiny(review, manager, board_member),
    )


def _person(name: str, *, body: "Body", role: str) -> "Person":
    from bestvalue.record.bodies.models import Membership, Person, User

    email = f"{name.lower().replace(' ', '.')}@example.org"
    person = Person.objects.create(name=name, email=email, user=User.objects.create_user(email, PASSWORD))
    Membership.objects.create(person=person, body=body, role=role, starts=DAY)
    return person


def _evidence_and_finding(review: "Review", manager: "Person") -> dict[str, Any]:
    from django.conf import settings

    from bestvalue.record.delivery.changes import draft_recommendation
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC, Marking, Tone

    strand = changes.add_strand(review, name="Demand", question="When does demand fall?", by=manager)
    changes.add_strand(review, name="Supply", question="Who is on duty then?", by=manager)
    common: dict[str, Any] = {"strands": [strand], "effective_date": DAY, "by": manager}
    note = changes.add_evidence(
        review,
        title="Interview with borough commanders",
        kind=EvidenceKind.INTERVIEW,
        four_cs=[FourC.CONSULT],
        notes="Nights are thin.",
        **common,
    )
    secret = changes.add_evidence(
        review,
        title="Live operations",
        kind=EvidenceKind.DOCUMENT,
        four_cs=[FourC.CHALLENGE],
        notes="Do not show.",
        marking=Marking.SENSITIVE,
        **common,
    )
    digest = settings.WORKSPACE.store.put(small_result()).digest
    answer = changes.add_evidence(
        review, title="When demand falls", kind=EvidenceKind.RESULT, four_cs=[FourC.CHALLENGE], result_digest=digest, **common
    )
    finding = changes.add_finding(
        review, strand=strand, text="Half the demand falls at night.", tone=Tone.NEGATIVE, evidence=[note], by=manager
    )
    ours = draft_recommendation(review, text="Move two units to nights.", findings=[finding], on=DAY, by=manager)
    return {"note": note, "secret": secret, "answer": answer, "finding": finding, "ours": ours, "digest": digest}


def _scrutiny(review: "Review", manager: "Person", board_member: "Person") -> dict[str, Any]:
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import ChallengerKind, QuestionKind

    challenge = changes.raise_challenge(
        review, kind=ChallengerKind.UNION, challenger="The union", text="Who asked staff?", raised_on=DAY, by=board_member
    )
    question = changes.add_scope_question(review, kind=QuestionKind.SCOPE, text="Is the air support in scope?", by=manager)
    option = changes.add_option(question, text="Leave it out.", cost="None.", effect="A review of its own later.", by=manager)
    return {"challenge": challenge, "option": option}


def _report(force: "Body") -> dict[str, Any]:
    from django.db import transaction

    from bestvalue.record.bodies.models import Body, Role
    from bestvalue.record.delivery.models import Recommendation, RecommendationStatus, Source
    from bestvalue.record.delivery.standing import keep_standing
    from bestvalue.record.inspections.models import (
        Candidate,
        Extracted,
        GoodPractice,
        Judgement,
        Paragraph,
        Point,
        PublishedReport,
        ReportSection,
    )

    inspectorate = Body.objects.create(name="Inspectorate of Constabulary", kind="inspectorate")
    report = PublishedReport.objects.create(
        slug="inspection-2004",
        title="Inspection of support services",
        issuer=inspectorate,
        about=force,
        published=date(2004, 12, 1),
        published_precision="month",
        source_name="inspection.txt",
        source_sha256="ab" * 32,
        text_length=100,
        imported_at=datetime(2026, 1, 5, tzinfo=UTC),
    )
    section = ReportSection.objects.create(report=report, number="3", title="How good is the service?", level=1, order=1)
    asked = "All units must publish their costs. The force recommends nothing else."
    first = Paragraph.objects.create(
        report=report, section=section, number="3.1.1", text=asked, order=1, page=4, first_line=10, last_line=12
    )
    second = Paragraph.objects.create(
        report=report, section=section, number="3.1.2", text="Boards should meet monthly.", order=2, page=4, first_line=14, last_line=14
    )
    Judgement.objects.create(
        report=report, order=1, question="How good is the service?", grade="good", scale=["excellent", "good"]
    ).paragraphs.set([first])
    Point.objects.create(report=report, order=1, kind="strength", text="A strong team", paragraph=first)
    GoodPractice.objects.create(report=report, number="6.1", text="The panel worked well.", paragraph=second)
    theirs = Recommendation.objects.create(
        issuer=inspectorate,
        report_slug=report.slug,
        number="1",
        order=1,
        source=Source.REPORT,
        text="Units should publish their costs.",
        body_text="All units must publish their costs.",
        differences=[{"first": "box", "second": "body", "changes": [], "stronger": "body", "reasons": ["all"]}],
        published_report=report,
        paragraph=first,
        addressed_body=force,
    )
    RecommendationStatus.objects.create(recommendation=theirs, status="made", on=date(2004, 12, 1))
    with transaction.atomic():
        keep_standing(theirs)
    candidate = Candidate.objects.create(
        report=report,
        order=1,
        paragraph=second,
        text="Boards should meet monthly.",
        phrase="should",
        confidence="medium",
        confidence_share=0.7,
    )
    extracted = Extracted.objects.create(
        report=report,
        order=1,
        number="2",
        text="Boards should meet monthly.",
        paragraph=second,
        page=4,
        first_line=14,
        last_line=14,
        confidence="low",
        confidence_share=0.4,
        reasons=["it only says should"],
    )
    inspector = _person("Inspector", body=inspectorate, role=Role.INSPECTOR)
    return {"report": report, "theirs": theirs, "candidate": candidate, "extracted": extracted, "inspector": inspector}


def publish_by_two(world: World, *, formats: tuple[str, ...] = ("html",)) -> "PublishedVersion":
    """The manager proposes the report, and a member of the project board, who then is in the group of what is sensitive, confirms it."""
    from bestvalue.record.reviews.changes import add_to_group
    from bestvalue.record.reviews.marked_content import groups_quoted
    from bestvalue.record.reviews.report import publish

    for group in world.review.groups.filter(pk__in=groups_quoted(world.review)):
        if not group.holds(world.board_member):
            add_to_group(group, person=world.board_member, reason="To confirm the report.", by=world.manager)
    return publish(world.review, by=world.manager, confirmed_by=world.board_member, formats=formats)


def confirm_who(browser: "Client") -> None:
    """As if whoever uses this browser had just confirmed, with their password, that it is they."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def small_result() -> Result:
    """An answer with one of everything; three hours of a day, six incidents."""
    rows = pl.DataFrame({"hour": [0, 1, 2], "incidents": [3, 2, 1]})
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows.to_dicts()},
        "mark": "bar",
        "encoding": {"x": {"field": "hour", "type": "ordinal"}, "y": {"field": "incidents", "type": "quantitative"}},
    }
    share = Figure(name="share before one", value=0.5, unit="share", base="6 incidents", base_count=6, low=0.1, high=0.9, confidence=0.95)
    return Result(
        question="When does demand fall?",
        title="Demand",
        statements=(
            Statement(text="Half the demand falls before one.", figures=(share,)),
            Statement(text="The data cannot tell why.", kind="limit"),
        ),
        tables={"by_hour": ResultTable(title="Incidents by hour", rows=rows, units={"incidents": "incidents"}, note="All incidents.")},
        charts={"by_hour": Chart(title="Demand falls early", spec=spec, alt="Bars that fall from three to one", table="by_hour")},
        caveats=("Three hours only.",),
        provenance=Provenance(
            analysis="challenge.demand",
            analysis_version=1,
            dataset="cd" * 32,
            tables={"incidents": "ef" * 32},
            rows={"incidents": 6},
            sources={"incidents": "incidents.csv"},
            spec={"seed": 1},
            synthetic=True,
            engine="local",
            versions={"python": "3.11"},
            started_at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
            duration_seconds=0.5,
        ),
    )
