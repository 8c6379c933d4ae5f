"""What a finding cites, which strands evidence bears on, what a recommendation rests on: changed later, by two people at once too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.site.test_edits import colleague as colleague
from tests.world import World


def citations(world: World) -> str:
    return reverse("edit", args=["citations", world.finding.pk])


def cited(world: World) -> list[str]:
    return [item.reference for item in world.finding.evidence.all()]


def send(browser: Client, world: World, *evidence: Any, version: int = 1, **more: str) -> Any:
    return browser.post(citations(world), {"evidence": [item.pk for item in evidence], "version": version, **more})


def test_evidence_is_added_and_taken_away_and_the_ledger_tells_it(manager: Client, world: World) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    assert send(manager, world, world.answer).status_code == 302
    assert cited(world) == ["E3"]
    entry = AuditEvent.objects.newest_first().get(action="finding.citations_changed")
    assert entry.payload is not None
    assert entry.payload["changed"]["evidence"] == {"added": [world.answer.pk], "dropped": [world.note.pk], "version": 2}


def test_a_finding_never_ends_without_evidence(manager: Client, world: World) -> None:
    page = send(manager, world).content.decode()
    assert "Select at least one piece of evidence" in page
    assert cited(world) == ["E1"]


def test_what_it_went_on_citing_keeps_the_version_of_its_file(manager: Client, world: World) -> None:
    citation = world.finding.citations.get()
    send(manager, world, world.note, world.answer)
    assert world.finding.citations.get(evidence=world.note).pk == citation.pk


def test_the_second_sees_what_the_first_cited_and_chooses(manager: Client, colleague: Client, world: World) -> None:
    send(manager, world, world.note, world.answer)
    met = colleague.post(citations(world), {"evidence": [world.answer.pk], "version": 1})
    assert met.status_code == 409
    row = met.context["differences"][0]
    assert (row.before, row.mine) == (str(world.note), str(world.answer))
    assert row.theirs == f"{world.note}, {world.answer}"
    assert cited(world) == ["E1", "E3"]
    chosen = {"evidence": [world.answer.pk], "version": 2, "keep_evidence": "mine"}
    assert colleague.post(citations(world), chosen).status_code == 302
    assert cited(world) == ["E3"]


def test_who_wrote_other_words_meanwhile_does_not_stop_a_change_of_citations(manager: Client, colleague: Client, world: World) -> None:
    manager.post(reverse("edit", args=["finding", world.finding.pk]), {"text": "Anew.", "tone": "negative", "version": 1})
    assert send(colleague, world, world.answer).status_code == 302
    assert cited(world) == ["E3"]


def test_what_somebody_may_not_see_stays_cited_and_is_not_shown_to_them(manager: Client, colleague: Client, world: World) -> None:
    send(manager, world, world.note, world.secret)
    page = colleague.get(citations(world)).content.decode()
    assert world.secret.title not in page
    assert send(colleague, world, world.answer, version=2).status_code == 302
    assert cited(world) == ["E2", "E3"]
    told = colleague.get(reverse("history", args=["finding", world.finding.pk])).content.decode()
    assert world.secret.title not in told
    assert "Finding citations changed" in told
    assert str(world.answer) in told
    assert world.secret.title in manager.get(reverse("history", args=["finding", world.finding.pk])).content.decode()


def test_who_sees_none_of_what_is_cited_cannot_empty_it(manager: Client, colleague: Client, world: World) -> None:
    send(manager, world, world.secret)
    assert send(colleague, world, version=2).status_code == 200
    assert cited(world) == ["E2"]


def test_evidence_that_one_may_not_see_cannot_be_cited_by_its_key(colleague: Client, world: World) -> None:
    assert send(colleague, world, world.secret).status_code == 200
    assert cited(world) == ["E1"]


def test_evidence_comes_to_bear_on_other_strands(manager: Client, world: World) -> None:
    first, second = world.review.strands.all()
    address = reverse("edit", args=["evidence", world.note.pk])
    said = {"title": world.note.title, "notes": "Nights.", "four_cs": ["consult", "compare"], "strands": [second.pk], "version": 1}
    said |= {"effective_date_day": 5, "effective_date_month": 1, "effective_date_year": 2026}
    assert manager.post(address, said).status_code == 302
    assert list(world.note.strands.all()) == [second]
    met = manager.post(address, {**said, "strands": [first.pk, second.pk]})
    assert met.status_code == 409
    assert [row.before for row in met.context["differences"]] == [str(first)]


def test_a_recommendation_rests_on_other_findings_until_it_is_answered(manager: Client, world: World) -> None:
    from bestvalue.record.delivery.changes import set_status
    from bestvalue.record.delivery.life_cycle import Status
    from bestvalue.record.reviews.changes import add_finding
    from bestvalue.record.reviews.models import Tone

    other = add_finding(
        world.review, strand=world.finding.strand, text="Days are full.", tone=Tone.POSITIVE, evidence=[world.note], by=world.manager
    )
    address = reverse("edit", args=["grounds", world.ours.pk])
    assert manager.post(address, {"findings": [], "version": 1}).status_code == 200
    assert manager.post(address, {"findings": [other.pk], "version": 1}).status_code == 302
    assert list(world.ours.findings.all()) == [other]
    day = world.ours.statuses.get().on
    set_status(world.ours, status=Status.MADE, on=day, by=world.manager)
    set_status(world.ours, status=Status.ACCEPTED, on=day, by=world.manager)
    page = manager.post(address, {"findings": [world.finding.pk], "version": 2})
    assert page.status_code == 200
    assert "worded anew" in page.content.decode()
    assert list(world.ours.findings.all()) == [other]


def test_a_recommendation_of_a_report_rests_on_no_findings_of_ours(manager: Client, world: World) -> None:
    assert manager.get(reverse("edit", args=["grounds", world.theirs.pk])).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("board_member", 409), ("observer", 409), ("outsider", 404)])
def test_whoever_does_not_write_in_the_review_changes_no_citations(
    world: World, browser_of: Callable[[Any], Client], role: str, status: int
) -> None:
    browser = browser_of(getattr(world, role))
    assert browser.get(citations(world)).status_code == status
    assert cited(world) == ["E1"]


def test_an_erased_entry_makes_the_second_compare_instead_of_guessing(manager: Client, colleague: Client, world: World) -> None:
    from bestvalue.record.ledger.ledger import erase_payload
    from bestvalue.record.ledger.models import AuditEvent

    send(manager, world, world.note, world.answer)
    erase_payload(AuditEvent.objects.get(action="finding.citations_changed"), by=world.manager, reason="By law")
    met = colleague.post(citations(world), {"evidence": [world.note.pk], "version": 1})
    assert met.status_code == 409
    assert cited(world) == ["E1", "E3"]
