"""How fast do the pages of a large record answer? Goal: at both sizes no page needs more than 12 queries, or 150 ms of the server.

Two records, each written straight to the database of a workspace in a temporary folder:

- reviews: 1,000 recommendations of 20 reviews with 20,000 graded pieces of evidence, findings, challenges, options, decisions and
  published versions;
- register: 10,000 recommendations of 100 reports with 20,000 actions and 200,000 updates.

Each page is asked for as a manager who signed in sees it, once to warm up and then several times. The time of the processor is
printed beside that of the clock: on a busy machine it is the one that tells. A line that misses the goal ends with “over”.

Usage: python benchmarks/record_pages.py [reviews | register] [recommendations of the register]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

WHICH = sys.argv[1:2] or ["reviews", "register"]
RECOMMENDATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
ACTIONS_EACH, UPDATES_EACH, REPORTS, REPEATS = 2, 20, 100, 5
REVIEWS, EVIDENCE_EACH, FINDINGS_EACH, RECOMMENDATIONS_EACH, CHALLENGES_EACH = 20, 1_000, 100, 50, 20
MOST_QUERIES, MOST_MS = 12, 150
FIRST = date(2024, 1, 1)
OK = 200


# Models can be imported only after the record is open, so what uses them imports inside.
# ruff: noqa: PLC0415


def main() -> None:
    """Fill each record in a process of its own, because Django is set up once; then print for each page its time and its queries."""
    if len(WHICH) > 1:
        for which in WHICH:
            subprocess.run([sys.executable, __file__, which], check=True)
        return
    from bestvalue.cli.record import open_record
    from bestvalue.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "workspace", name="Register", synthetic=True)
        os.environ.pop("DATABASE_URL", None)
        open_record(workspace)
        measure(fill_reviews() if WHICH == ["reviews"] else fill_register())


def fill_register() -> dict[str, str]:
    """Write the rows of the register; return the pages to ask for."""
    from django.urls import reverse

    from bestvalue.record.bodies.models import Body, Membership, Person, Role, User
    from bestvalue.record.delivery.models import Action, ActionState, AgreedDate, Ownership, Recommendation, RecommendationStatus, Update

    authority = Body.objects.create(name="Authority", kind="authority")
    committees = [Body.objects.create(name=f"Committee {number}", kind="committee", parent=authority) for number in range(10)]
    user = User.objects.create_user("manager@example.org", "correct horse battery staple")
    manager = Person.objects.create(name="Manager", user=user)
    Membership.objects.create(person=manager, body=committees[0], role=Role.PROJECT_MANAGER, starts=FIRST)
    leads = [Person.objects.create(name=f"Lead {number}") for number in range(200)]
    rows = Recommendation.objects.bulk_create(
        Recommendation(
            issuer=authority,
            report_slug=f"report-{number % REPORTS}",
            report_title=f"Report {number % REPORTS}",
            number=str(number // REPORTS + 1),
            order=number // REPORTS + 1,
            source="entered",
            text=f"Do thing {number} and show that it was done.",
        )
        for number in range(RECOMMENDATIONS)
    )

    def day(number: int) -> date:
        return FIRST + timedelta(days=number % 600)

    statuses = ("made", "accepted", "in progress")
    RecommendationStatus.objects.bulk_create(
        RecommendationStatus(recommendation=row, status=status, on=day(number) + timedelta(days=step))
        for number, row in enumerate(rows)
        for step, status in enumerate(statuses)
    )
    Ownership.objects.bulk_create(
        Ownership(recommendation=row, body=committees[number % 10], lead=leads[number % 200], on=day(number))
        for number, row in enumerate(rows)
    )
    actions = Action.objects.bulk_create(
        Action(
            recommendation=row,
            number=place + 1,
            what=f"Action {place + 1} about {number}",
            why="Because.",
            how="So.",
            target="Seen.",
            lead=leads[number % 200],
            starts=day(number),
            original_date=day(number) + timedelta(days=300 + 97 * place),
        )
        for number, row in enumerate(rows)
        for place in range(ACTIONS_EACH)
    )
    ActionState.objects.bulk_create(
        ActionState(action=action, state="in progress" if place % 3 else "complete", on=action.starts)
        for place, action in enumerate(actions)
    )
    AgreedDate.objects.bulk_create(
        AgreedDate(
            action=action,
            date=action.original_date + timedelta(days=90),
            decided_on=action.original_date,
            body=committees[0],
            minute="1",
            cause="people",
            reason="So.",
            by=manager,
        )
        for action in actions[::4]
    )
    from bestvalue.record.delivery.standing import write_standings

    write_standings([row.pk for row in rows])
    Update.objects.bulk_create(
        (
            Update(recommendation=row, on=day(number) + timedelta(days=30 * step), text="It goes on.", by=leads[number % 200])
            for number, row in enumerate(rows)
            for step in range(UPDATES_EACH)
        ),
        batch_size=5_000,
    )
    print(f"register: {RECOMMENDATIONS:,} recommendations, {len(actions):,} actions, {RECOMMENDATIONS * UPDATES_EACH:,} updates")
    return {
        "home": reverse("home"),
        "register": reverse("register"),
        "register, red": reverse("register") + "?rating=red",
        "register, page 200": reverse("register") + "?page=200",
        "register, of a lead": reverse("register") + f"?lead={leads[0].pk}",
        "register, words": reverse("register") + "?words=thing+77",
        "register, as at": reverse("register") + "?as_at=2024-09-01",
        "register, most slipped": reverse("register") + "?sort=slipped",
        "colours": reverse("register_colours"),
        "recommendation": reverse("recommendation", args=[rows[0].pk]),
        "action": reverse("action", args=[actions[0].pk]),
        "plan": reverse("plan", args=[authority.pk, "report-0"]),
        "response": reverse("plan_response", args=[authority.pk, "report-0"]),
        "board pack": reverse("board_pack", args=[committees[0].pk]),
        "body": reverse("body", args=[committees[0].pk]),
        "library": reverse("library"),
        "ledger": reverse("ledger"),
    }


def fill_reviews() -> dict[str, str]:
    """Write the rows of twenty reviews; return the pages to ask for."""
    from django.urls import reverse

    from bestvalue.record.bodies.models import Body, Membership, Person, Role, User
    from bestvalue.record.delivery.models import Recommendation, RecommendationFinding, RecommendationStatus
    from bestvalue.record.delivery.standing import write_standings
    from bestvalue.record.programme.models import Programme
    from bestvalue.record.reviews.models import (
        Decision,
        Evidence,
        EvidenceGrade,
        EvidenceStrand,
        Finding,
        FindingEvidence,
        Part,
        PublishedVersion,
        Review,
        ReviewBody,
        ReviewStage,
        Strand,
    )
    from bestvalue.record.scrutiny.models import Challenge, Option, ScopeQuestion

    authority = Body.objects.create(name="Authority", kind="authority")
    force = Body.objects.create(name="Force", kind="force")
    team = Body.objects.create(name="Team", kind="unit", parent=force)
    board = Body.objects.create(name="Board", kind="board", parent=force)
    user = User.objects.create_user("manager@example.org", "correct horse battery staple")
    manager = Person.objects.create(name="Manager", user=user)
    Membership.objects.create(person=manager, body=team, role=Role.PROJECT_MANAGER, starts=FIRST)
    programme = Programme.objects.create(title="Programme", year=2026, authority=authority)
    now = datetime(2026, 1, 5, tzinfo=UTC)
    reviews: list[Any] = []
    for number in range(REVIEWS):
        review = Review.objects.create(programme=programme, title=f"Review {number}", service="Units", force=force, authority=authority)
        ReviewBody.objects.create(review=review, body=team, part=Part.TEAM)
        ReviewBody.objects.create(review=review, body=board, part=Part.PROJECT_BOARD)
        ReviewStage.objects.create(review=review, stage="in review", on=FIRST, by=manager, before_decisions=True)
        strands = Strand.objects.bulk_create(
            Strand(review=review, number=place, name=f"Strand {place}", question="How good?") for place in range(1, 5)
        )
        evidence = Evidence.objects.bulk_create(
            Evidence(
                review=review,
                number=place,
                title=f"Interview {place}",
                kind="interview",
                four_cs=["consult"],
                effective_date=FIRST,
                added_at=now,
                added_by=manager,
                notes="What was said, in a few lines.",
            )
            for place in range(1, EVIDENCE_EACH + 1)
        )
        EvidenceStrand.objects.bulk_create(
            EvidenceStrand(evidence=row, strand=strands[place % len(strands)]) for place, row in enumerate(evidence)
        )
        EvidenceGrade.objects.bulk_create(
            EvidenceGrade(
                evidence=row, reliability="AB"[place % 2], credibility="123"[place % 3], reason="As its source is.", at=now, by=manager
            )
            for place, row in enumerate(evidence)
            if place % 4
        )
        Decision.objects.bulk_create(
            Decision(review=review, body=board, gate=gate, asked_on=FIRST, asked_by=manager, due=FIRST) for gate in ("report", "rescope")
        )
        PublishedVersion.objects.bulk_create(
            PublishedVersion(
                review=review, number=place, at=now, by=manager, checkpoint_seq=1, checkpoint_hash="0" * 64, marking="OFFICIAL"
            )
            for place in range(1, 4)
        )
        findings = Finding.objects.bulk_create(
            Finding(
                review=review,
                strand=strands[place % len(strands)],
                number=place // len(strands) + 1,
                text=f"Finding {place}.",
                tone="positive" if place % 3 == 0 else "negative",
                added_at=now,
                added_by=manager,
            )
            for place in range(FINDINGS_EACH)
        )
        FindingEvidence.objects.bulk_create(
            FindingEvidence(finding=row, evidence=evidence[(place * 7 + step) % EVIDENCE_EACH])
            for place, row in enumerate(findings)
            for step in range(3)
        )
        made = Recommendation.objects.bulk_create(
            Recommendation(
                issuer=authority,
                report_slug=f"review-{number}",
                number=str(place + 1),
                order=place + 1,
                source="review",
                text=f"Do thing {place}.",
                review=review,
            )
            for place in range(RECOMMENDATIONS_EACH)
        )
        RecommendationFinding.objects.bulk_create(
            RecommendationFinding(recommendation=row, finding=findings[place]) for place, row in enumerate(made)
        )
        RecommendationStatus.objects.bulk_create(RecommendationStatus(recommendation=row, status="made", on=FIRST) for row in made)
        write_standings([row.pk for row in made])
        challenges = Challenge.objects.bulk_create(
            Challenge(
                review=review,
                number=place + 1,
                kind="board",
                challenger="The board",
                text=f"Why {place}?",
                raised_on=FIRST,
                raised_by=manager,
                body=board,
            )
            for place in range(CHALLENGES_EACH)
        )
        question = ScopeQuestion.objects.create(review=review, number=1, kind="scope", text="What?", added_on=FIRST, added_by=manager)
        Option.objects.bulk_create(
            Option(question=question, number=place + 1, text=f"Way {place}", cost="None.", effect="Some.", added_on=FIRST, added_by=manager)
            for place in range(10)
        )
        reviews.append((review, evidence[0], findings[0], made[0], challenges[0]))
    print(f"reviews: {REVIEWS * RECOMMENDATIONS_EACH:,} recommendations, {REVIEWS * EVIDENCE_EACH:,} pieces of evidence, {REVIEWS} reviews")
    review, evidence_row, finding, recommendation, challenge = reviews[0]
    of_review = {
        name.replace("_", " "): reverse(name, args=[review.pk])
        for name in (
            *("review", "review_evidence", "review_findings", "review_versions", "review_aims", "review_decisions", "review_challenges"),
            *("review_options", "review_consultation", "review_groups", "inspection_pack", "publish"),
            *("finding_add", "evidence_add", "document_add", "review_decision_ask", "scope_question_add", "review_part_add"),
        )
    }
    of_review |= {
        "review evidence, 20th page": of_review["review evidence"] + "?page=20",
        "review evidence, of a cell": of_review["review evidence"] + f"?strand={evidence_row.strands.get().pk}&four_c=consult",
        "review findings, open": of_review["review findings"] + "?tone=negative&answered=no",
        "register, of the review": reverse("register") + f"?review={review.pk}",
    }
    return {
        "home": reverse("home"),
        "duties": reverse("duties"),
        "search": reverse("search") + "?q=interview",
        "reviews": reverse("reviews"),
        "programme": reverse("programme", args=[programme.pk]),
        **of_review,
        "evidence": reverse("evidence", args=[evidence_row.pk]),
        "finding": reverse("finding", args=[finding.pk]),
        "challenge": reverse("challenge", args=[challenge.pk]),
        "register": reverse("register"),
        "colours": reverse("register_colours"),
        "recommendation": reverse("recommendation", args=[recommendation.pk]),
        "plan": reverse("plan", args=[authority.pk, "review-0"]),
        "bodies": reverse("bodies"),
        "body": reverse("body", args=[board.pk]),
        "analyses": reverse("analyses"),
        "ledger": reverse("ledger"),
        "account": reverse("account"),
    }


def measure(pages: dict[str, str]) -> None:
    """Ask for each page as the manager."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bestvalue.record.bodies.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(User.objects.get())
    missed = []
    for name, address in pages.items():
        browser.get(address)
        times, busy = [], []
        for _ in range(REPEATS):
            began, began_busy = time.perf_counter(), time.process_time()
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(address)
            times.append(time.perf_counter() - began)
            busy.append(time.process_time() - began_busy)
        if answer.status_code != OK:
            sys.exit(f"{name} answered {answer.status_code}")
        wall, own = (statistics.median(each) * 1000 for each in (times, busy))
        over = "  over" if len(asked) > MOST_QUERIES or own > MOST_MS else ""
        missed += [name] if over else []
        print(f"  {name:26} {wall:7.0f} ms, {own:5.0f} ms of the processor, {len(asked):3} queries{over}", flush=True)
    print(f"  {len(pages)} pages, of which {len(missed)} miss the goal" + (f": {', '.join(missed)}" if missed else ""))


if __name__ == "__main__":
    main()
