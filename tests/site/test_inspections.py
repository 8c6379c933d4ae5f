"""Inspections on the site: each side sees what it may at each step, and does its part."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.inspected import Inspected, inspect
from tests.world import World


@pytest.fixture
def inspected(world: World) -> Inspected:
    return inspect(world)


@pytest.fixture
def inspector(world: World, browser_of: Callable[[Any], Client]) -> Client:
    return browser_of(world.inspector)


def text_of(client: Client, name: str, *arguments: Any) -> str:
    return " ".join(client.get(reverse(name, args=arguments)).content.decode().split())


def test_the_page_says_on_its_face_that_the_framework_is_not_the_inspectorates(inspector: Client, world: World) -> None:
    from tests.inspected import NOWHERE

    from bestvalue.record.assessment import changes
    from bestvalue.record.assessment.framework import frameworks

    planned = changes.plan_inspection(
        frameworks(NOWHERE)["best-value"],
        title="Inspection of 2026",
        service="Support",
        issuer=world.inspector.memberships.get().body,
        force=world.review.force,
        authority=world.review.authority,
        fieldwork_starts=world.note.effective_date,
        fieldwork_ends=world.note.effective_date,
        by=world.inspector,
    )
    assert "house matrix" in text_of(inspector, "inspection", planned.pk)


def test_an_inspector_plans_an_inspection_and_leads_it(inspector: Client, world: World) -> None:
    form = {
        "title": "Inspection of custody",
        "service": "Custody",
        "framework": "peel",
        "issuer": world.inspector.memberships.get().body_id,
        "force": world.review.force_id,
        "authority": world.review.authority_id,
        **{f"fieldwork_{end}_{part}": value for end in ("starts", "ends") for part, value in (("day", 1), ("month", 12), ("year", 2026))},
    }
    answer = inspector.post(reverse("inspection_plan"), form, follow=True)
    assert "The inspection is planned" in answer.content.decode()
    assert "Start the fieldwork" in answer.content.decode()


def test_the_inspected_see_grades_only_with_the_draft(world: World, manager: Client) -> None:
    from bestvalue.record.assessment.models import InspectionStep

    made = inspect(world)
    assert "Half of it was seen." in text_of(manager, "inspection_criterion", made.inspection.pk, "criterion")
    InspectionStep.objects.filter(inspection=made.inspection, step="accuracy").delete()
    page = text_of(manager, "inspection_criterion", made.inspection.pk, "criterion")
    assert "Half of it was seen." not in page
    assert "It was seen." in page
    assert manager.get(reverse("inspection_text", args=[made.inspection.pk])).status_code == 404


def test_the_inspected_never_see_whom_inspectors_talked_to(inspected: Inspected, manager: Client, inspector: Client) -> None:
    assert "a sergeant" in text_of(inspector, "inspection", inspected.inspection.pk)
    assert "a sergeant" not in text_of(manager, "inspection", inspected.inspection.pk)


def test_a_comment_is_made_beside_its_paragraph_and_answered_there(inspected: Inspected, manager: Client, inspector: Client) -> None:
    comment = {"text": "The baseline is of 2024.", "wording": ""}
    said = manager.post(reverse("inspection_comment", args=[inspected.paragraph.pk]), comment, follow=True).content.decode()
    assert "The baseline is of 2024." in said
    answer = {"outcome": "accepted", "reason": "It was checked."}
    done = inspector.post(reverse("inspection_comment_answer", args=[inspected.comment.pk]), answer, follow=True).content.decode()
    assert "It was checked." in done


def test_who_may_not_is_told_on_the_form_and_nothing_changes(inspected: Inspected, manager: Client) -> None:
    form = {"text": "Secret plans", "asked_of": inspected.inspection.force_id, "due_day": "1", "due_month": "12", "due_year": "2026"}
    answer = manager.post(reverse("inspection_change", args=[inspected.inspection.pk, "request"]), form)
    assert "may not ask for documents" in answer.content.decode()
    assert inspected.inspection.requests.count() == 1


def test_a_changed_paragraph_is_compared_with_the_draft(inspected: Inspected, inspector: Client) -> None:
    form = {"text": "Show it to users.", "reason": "The force asked which."}
    inspector.post(reverse("inspection_paragraph", args=[inspected.paragraph.pk]), form)
    page = text_of(inspector, "inspection_comparison", inspected.inspection.pk)
    assert "<ins" in page
    assert "The force asked which." in page


def test_one_inspector_does_not_publish_alone(inspected: Inspected, inspector: Client) -> None:
    answer = inspector.post(reverse("inspection_change", args=[inspected.inspection.pk, "publish"]), {})
    assert "is not answered" in answer.content.decode() or "Both bodies have until" in answer.content.decode()
    assert inspected.inspection.published_id is None


def test_agreement_shows_before_the_grades_that_differ(inspected: Inspected, inspector: Client) -> None:
    assert "0 of 1 criteria were graded by both" in text_of(inspector, "inspection_moderation", inspected.inspection.pk)


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_the_pack_of_a_review_holds_what_its_taker_may_see(world: World, manager: Client, kind: str) -> None:
    answer = manager.post(reverse("inspection_pack", args=[world.review.pk]), {"format": kind})
    assert answer["Content-Disposition"].startswith("attachment")
    assert f".{kind}" in answer["Content-Disposition"]
    if kind == "html":
        page = answer.content.decode()
        for heading in ("Terms of reference", "Evidence matrix", "Challenge log", "Engagement of the bodies", "Slippage"):
            assert heading in page
        assert "Who asked staff?" in page


def test_the_pack_of_somebody_without_need_to_know_leaves_the_sensitive_out(world: World, browser_of: Callable[[Any], Client]) -> None:
    answer = browser_of(world.observer).post(reverse("inspection_pack", args=[world.review.pk]), {"format": "html"})
    assert "Live operations" not in answer.content.decode()
    assert "SENSITIVE" not in answer["Content-Disposition"]
