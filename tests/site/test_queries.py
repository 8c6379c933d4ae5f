"""How much a page asks of the database: little, and no more when there is more to show."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.world import DAY, World

AT_MOST = 20
"""Four say who asks; the page of a review, the fullest, has a dozen lists."""

PAGES = ("home", "reviews", "programme", "review", "evidence", "finding", "finding_add", "publish", "register", "recommendation")
PAGES += ("library", "report", "data", "analyses", "ledger", "account")


def queries(browser: Client, world: World) -> dict[str, int]:
    things: dict[str, Any] = {
        "programme": world.review.programme_id,
        "evidence": world.answer.pk,
        "finding": world.finding.pk,
        "recommendation": world.theirs.pk,
        "report": world.report.slug,
    }
    things |= dict.fromkeys(("review", "finding_add", "publish"), world.review.pk)
    counted = {}
    for name in PAGES:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse(name, args=[things[name]] if name in things else [])).status_code == 200
        counted[name] = len(asked)
    return counted


def test_no_page_asks_much_and_none_asks_more_when_there_is_more_to_show(manager: Client, world: World) -> None:
    manager.get(reverse("home"))  # the first page of a session notes when it began
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


@pytest.mark.django_db
def test_a_page_for_nobody_asks_nothing_of_the_record(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("accessibility"))
    assert [query["sql"] for query in asked if "reviews_" in query["sql"] or "bodies_" in query["sql"]] == []
