"""Pages as several people see them, on a desk and on a phone: what a machine can check of WCAG 2.2 AA, and no sideways scroll."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from tests.browser.chromium import Page
from tests.browser.conftest import Arrive
from tests.what_if_result import what_if_result
from tests.world import World

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PHONE = 320


def pages_of(world: World, name: str) -> list[str]:
    """Where this person can go."""
    job = _job(world)
    played = settings.WORKSPACE.store.put(what_if_result()).digest
    everyone = [
        reverse("home"),
        reverse("reviews"),
        reverse("programme", args=[world.review.programme_id]),
        reverse("programme_service", args=[world.service.pk]),
        reverse("bodies"),
        reverse("body", args=[world.question.body_id]),
        reverse("register"),
        reverse("register") + "?status=open&sort=newest",
        reverse("recommendation", args=[world.theirs.pk]),
        reverse("library"),
        reverse("report_import"),
        reverse("report", args=[world.report.slug]),
        reverse("candidate_decide", args=[world.candidate.pk]),
        reverse("data"),
        reverse("data_upload"),
        reverse("analyses"),
        reverse("analysis_run", args=["challenge.demand"]),
        reverse("job", args=[job]),
        reverse("result", args=[world.digest]),
        reverse("what_if", args=[played]) + "?local=0.5&support=2",
        reverse("what_if", args=[played]) + "?local=2&support=0.5",
        reverse("ledger"),
        reverse("ledger") + "?verify=1",
        reverse("accessibility"),
        reverse("account"),
        reverse("account_change_password"),
        reverse("mfa_index"),
        reverse("usersessions_list"),
        "/nowhere/",
    ]
    of_the_review = [
        reverse("review", args=[world.review.pk]),
        *(reverse(name, args=[world.review.pk]) for name in ("review_evidence", "review_findings", "review_versions")),
        reverse("evidence", args=[world.note.pk]),
        reverse("evidence", args=[world.answer.pk]),
        reverse("finding", args=[world.finding.pk]),
        reverse("recommendation", args=[world.ours.pk]),
        reverse("review_decisions", args=[world.review.pk]),
        reverse("review_decision", args=[world.question.pk]),
        reverse("review_challenges", args=[world.review.pk]),
        reverse("challenge", args=[world.challenge.pk]),
        reverse("review_options", args=[world.review.pk]),
    ]
    of_the_review += _pages_of_meetings(world)
    of_the_review += [_proposed(world)]
    to_write = [reverse(page, args=[world.review.pk]) for page in ("finding_add", "evidence_add", "document_add", "publish")]
    to_write += [reverse("recommendation_add", args=[world.review.pk]), reverse("edit", args=["recommendation", world.ours.pk])]
    to_write += [reverse(page, args=[world.review.pk]) for page in ("review_decision_ask", "review_part_add")]
    to_write += [reverse(page, args=[world.review.pk]) for page in ("review_aim_add", "review_strand_add")]
    to_write += [reverse("person_sign_in", args=[world.observer.pk])]
    to_write += [reverse("body_add"), reverse("body_member_add", args=[world.question.body_id])]
    to_write += [reverse("body_member_end", args=[world.board_member.memberships.get().pk])]
    to_write += [reverse("programme_propose", args=[world.service.pk])]
    to_write += [reverse("scope_question_add", args=[world.review.pk]), reverse("option_add", args=[world.option.question_id])]
    to_write += [reverse("challenge_step", args=[world.challenge.pk, "answer"]), reverse("option_decide", args=[world.option.pk])]
    to_decide = [reverse("review_decision", args=[world.question.pk]) + "?record=1"]
    to_decide += [reverse("meeting_call", args=[world.question.body_id])]
    to_decide += [reverse("challenge_add", args=[world.review.pk]), reverse("challenge_step", args=[world.challenge.pk, "escalate"])]
    return {"manager": everyone + of_the_review + to_write, "board_member": of_the_review + to_decide, "inspector": everyone[:8]}[name]


def _pages_of_meetings(world: World) -> list[str]:
    """A meeting that was held, with an action arising, comments, tags and histories; it is there from the first call on."""
    from django.utils import timezone

    from bestvalue.record.discussion.changes import comment, set_tag
    from bestvalue.record.discussion.models import Comment
    from bestvalue.record.meetings import changes
    from bestvalue.record.meetings.models import ActionArising, Meeting

    today, member = timezone.localdate(), world.board_member
    if not Meeting.objects.exists():
        meeting = changes.call_meeting(world.question.body, on=today, by=member)
        item = changes.add_item(meeting, text="The review", about=world.review, by=member)
        changes.record_attendance(meeting, present=[member], interests={member: "Leads a unit"}, by=member)
        changes.minute_item(item, text="Noted.", by=member)
        changes.add_action_arising(meeting, what="Ask the union", who=world.manager, due=today, item=item, by=member)
        comment(world.finding, text="Which nights?", by=member)
        set_tag(world.finding, word="nights", by=world.manager)
    meeting, action, said = Meeting.objects.get(), ActionArising.objects.get(), Comment.objects.get()
    discussion = reverse("discussion", args=["finding", world.finding.pk])
    return [
        reverse("duties"),
        reverse("tags"),
        reverse("tag", args=["nights"]),
        discussion,
        f"{discussion}?reply_to={said.pk}",
        reverse("tag_set", args=["finding", world.finding.pk]),
        reverse("history", args=["finding", world.finding.pk]),
        reverse("history", args=["challenge", world.challenge.pk]) + "?as_at=2026-01-06",
        reverse("review_aims", args=[world.review.pk]),
        reverse("body_meetings", args=[meeting.body_id]),
        reverse("meeting", args=[meeting.pk]),
        reverse("arising", args=[action.pk]),
        reverse("arising_report", args=[action.pk]),
    ]


def _job(world: World) -> int:
    from bestvalue.record.jobs.changes import ask

    return ask(analysis="challenge.demand", settings={}, by=world.manager).pk


@pytest.mark.parametrize("name", ["manager", "board_member", "inspector"])
def test_no_page_breaks_a_rule_of_accessibility(world: World, workspace: Any, arrive: Arrive, name: str) -> None:
    (workspace.data_folder / "areas.csv").write_text("area_id,area_name\nA,Ash\nA,Ash again\n")
    page = arrive(getattr(world, name))
    found = {}
    for path in filter(_is_no_address_of_ours_alone, pages_of(world, name)):
        page.go(path)
        if faults := page.faults(TAGS):
            found[path] = faults
    _forget_missing_pages(page)
    assert found == {}


def _is_no_address_of_ours_alone(path: str) -> bool:
    """With a question, of the library that signs in, of a file with faults, or of nothing; each of the others has a test by itself."""
    return "?" in path or path.startswith("/account/") or path in (reverse("data"), "/nowhere/")


@pytest.mark.parametrize("path", ["/account/login/", "/accessibility/", "/account/signup/", "/account/password/reset/"])
def test_no_page_at_the_door_breaks_a_rule(world: World, arrive: Arrive, path: str) -> None:
    page = arrive(at=path)
    assert page.faults(TAGS) == []


def _proposed(world: World) -> str:
    """A report that waits for a second person, who is in the group of what is sensitive."""
    from bestvalue.record.reviews.changes import add_to_group
    from bestvalue.record.reviews.report import propose

    if not world.secret.group.holds(world.board_member):
        add_to_group(world.secret.group, person=world.board_member, reason="To confirm the report.", by=world.manager)
    waiting = world.review.proposals.waiting().first() or propose(world.review, by=world.manager, formats=("html",))
    return reverse("proposed", args=[waiting.pk])


def test_no_page_that_shows_errors_breaks_a_rule(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager)
    found = {}
    for name, button in (
        ("finding_add", "Save the finding"),
        ("recommendation_add", "Save the recommendation"),
        ("evidence_add", "Add the evidence"),
        ("document_add", "Add the evidence"),
        ("publish", "Propose to publish"),
        ("review_decision_ask", "Put the question"),
        ("review_part_add", "Add the body"),
    ):
        page.go(reverse(name, args=[world.review.pk]))
        page.press_button(button)
        assert page.title.startswith("Error: "), name
        assert "govuk-error-summary" in page.focus()["class"], name
        for link in page.evaluate("[...document.querySelectorAll('.govuk-error-summary a')].map(a => a.getAttribute('href'))"):
            assert page.evaluate(f"document.querySelector('{link}') !== null"), (name, link)
        if faults := page.faults(TAGS):
            found[name] = faults
    assert found == {}


def test_on_a_phone_no_page_scrolls_sideways_or_breaks_a_rule(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager, width=PHONE)
    wide, found = {}, {}
    for path in pages_of(world, "manager"):
        page.go(path)
        if beyond := page.evaluate(SIDEWAYS):
            wide[path] = beyond
        if faults := page.faults(("wcag22aa",)):
            found[path] = faults
    _forget_missing_pages(page)
    assert wide == {}
    assert found == {}


def test_without_script_every_page_has_its_heading_and_its_menu(world: World, arrive: Arrive) -> None:
    page = arrive(world.manager, script=False)
    for path in pages_of(world, "manager"):
        page.go(path)
        assert page.heading, path
        assert page.offers("Recommendations"), path
    _forget_missing_pages(page)


def _forget_missing_pages(page: Page) -> None:
    """The walk opens a page that is not there on purpose; the browser complains of that answer and of nothing else."""
    complaints = page.complaints()
    assert all("404 (Not Found)" in complaint for complaint in complaints), complaints
    page.forget_complaints()
