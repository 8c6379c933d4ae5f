"""Aims and strands on the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import DAY, World

CLEAR = {"text": "Answer in time.", "measure": "calls in time", "unit": "%", "baseline": "71", "target": "85", "direction": "up"}
DUE = {"due_day": "31", "due_month": "3", "due_year": "2027"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def page(world: World) -> str:
    return reverse("review_aims", args=[world.review.pk])


def test_an_aim_says_whether_it_is_clear_and_challenging_and_why_not(world: World, manager: Client, page: str) -> None:
    add = reverse("review_aim_add", args=[world.review.pk])
    manager.post(add, {**CLEAR, **DUE})
    manager.post(add, {"text": "Be better."})
    shown = text(manager.get(page))
    assert [line.tag.words for line in manager.get(page).context["standing"]] == ["Clear", "Not clear yet"]
    assert "Measured by calls in time: from 71 to 85 %, by 31 March 2027." in shown
    assert "A change of +14 points." in shown
    manager.post(add, {**CLEAR, **DUE, "measure": "wait", "unit": "minutes", "baseline": "20", "target": "15", "direction": "down"})
    assert "A change of -25 % of its baseline." in text(manager.get(page))
    assert "It has no measure, so nobody can see whether it is reached." in shown


def test_an_aim_is_changed_and_withdrawn_and_stays_in_view(world: World, manager: Client, page: str) -> None:
    manager.post(reverse("review_aim_add", args=[world.review.pk]), {"text": "Be better."})
    aim = world.review.aims.get()
    manager.post(reverse("edit", args=["aim", aim.pk]), {**CLEAR, "version": aim.row_version})
    assert "Answer in time." in text(manager.get(page))
    without = manager.post(reverse("review_aim_withdraw", args=[aim.pk]), {"reason": ""})
    assert set(without.context["form"].errors) == {"reason"}
    manager.post(reverse("review_aim_withdraw", args=[aim.pk]), {"reason": "Another force answers now."})
    shown = text(manager.get(page))
    assert "Another force answers now." in shown
    assert reverse("history", args=["aim", aim.pk]) in shown


def test_a_value_without_a_measure_and_a_word_for_a_number_are_said_beside_the_field(world: World, manager: Client) -> None:
    add = reverse("review_aim_add", args=[world.review.pk])
    assert set(manager.post(add, {"text": "Be better.", "target": "5"}).context["form"].errors) == {"measure"}
    assert set(manager.post(add, {**CLEAR, "baseline": "many"}).context["form"].errors) == {"baseline"}


def test_a_strand_is_added_with_its_question(world: World, manager: Client, page: str) -> None:
    manager.post(reverse("review_strand_add", args=[world.review.pk]), {"name": "Costs", "question": "What does it cost?"})
    assert "What does it cost?" in text(manager.get(page))


def test_who_only_reads_is_offered_no_change(world: World, browser_of: Callable[[Any], Client], page: str) -> None:
    shown = text(browser_of(world.board_member).get(page))
    assert "Add an aim" not in shown
    assert reverse("history", args=["strand", world.finding.strand_id]) in shown


def test_the_aims_leave_as_a_file(world: World, manager: Client, page: str) -> None:
    manager.post(reverse("review_aim_add", args=[world.review.pk]), {"text": "=SUM(A1)"})
    assert "1,'=SUM(A1)," in text(manager.get(page, {"form": "csv"}))


def test_a_strand_that_the_review_drops_is_withdrawn_with_a_reason_and_bars_no_gate(manager: Client, world: World) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.life_cycle import Need
    from bestvalue.record.reviews.readiness import met_of

    supply = world.review.strands.get(name="Supply")
    address = reverse("review_strand_withdraw", args=[supply.pk])
    assert Need.FINDINGS not in met_of(world.review, {Need.FINDINGS})
    assert "Enter why the review drops it" in manager.post(address, {"reason": ""}).content.decode()
    manager.post(address, {"reason": "The board took it out of scope."})
    supply.refresh_from_db()
    assert (supply.withdrawn_because, supply.withdrawn_by, supply.row_version) == ("The board took it out of scope.", world.manager, 2)
    assert Need.FINDINGS in met_of(world.review, {Need.FINDINGS})
    assert AuditEvent.objects.about(supply).last().action == "strand.withdrawn"
    shown = manager.get(reverse("review_aims", args=[world.review.pk])).content.decode()
    assert "The board took it out of scope." in shown
    assert [row.name for row in manager.get(reverse("review", args=[world.review.pk])).context["rows"]] == ["Demand"]
    assert "out of scope" in manager.get(reverse("history", args=["strand", supply.pk])).content.decode()


def test_a_strand_with_findings_is_not_withdrawn_and_one_that_was_takes_neither_finding_nor_evidence(world: World) -> None:
    from bestvalue.errors import RuleError
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC, Tone

    with pytest.raises(RuleError, match="Findings were drawn along the strand “Demand”"):
        changes.withdraw_strand(world.finding.strand, reason="Too long.", by=world.manager)
    supply = world.review.strands.get(name="Supply")
    withdrawn = changes.withdraw_strand(supply, reason="Out of scope.", by=world.manager)
    with pytest.raises(RuleError, match="was withdrawn on"):
        changes.withdraw_strand(withdrawn, reason="Again.", by=world.manager)
    with pytest.raises(RuleError, match="was withdrawn on"):
        changes.edit_strand(withdrawn, version=withdrawn.row_version, mine={"name": "Demand by day"}, by=world.manager)
    said = {"text": "Nights are thin.", "tone": Tone.NEGATIVE, "evidence": [world.note], "by": world.manager}
    with pytest.raises(RuleError, match="was withdrawn on"):
        changes.add_finding(world.review, strand=supply, **said)  # read before it was withdrawn
    with pytest.raises(RuleError, match="was withdrawn on"):
        changes.add_evidence(
            world.review,
            title="Rota",
            kind=EvidenceKind.DOCUMENT,
            four_cs=[FourC.COMPARE],
            strands=[withdrawn],
            effective_date=DAY,
            notes="Seen.",
            by=world.manager,
        )
    with pytest.raises(RuleError, match="was withdrawn on"):
        changes.edit_evidence(world.note, version=world.note.row_version, mine={"strands": [withdrawn]}, by=world.manager)


def test_the_report_and_the_choices_of_forms_leave_a_withdrawn_strand_out(manager: Client, world: World) -> None:
    from bestvalue.record.ledger import ledger
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.report import review_content

    changes.withdraw_strand(world.review.strands.get(name="Supply"), reason="Out of scope.", by=world.manager)
    said = review_content(world.review, version=1, on=DAY, checkpoint=ledger.head())
    assert [strand.name for strand in said.strands] == ["Demand"]
    for page, field in (("finding_add", "strand"), ("evidence_add", "strands")):
        form = manager.get(reverse(page, args=[world.review.pk])).context["form"]
        assert [strand.name for strand in form.fields[field].queryset] == ["Demand"]
