from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.assessment import changes
from bestvalue.record.assessment.models import (
    AccuracyComment,
    Draft,
    DraftParagraph,
    Inspection,
    Outcome,
    ParagraphKind,
)
from bestvalue.record.assessment.report import publish_report
from bestvalue.record.assessment.wording import changed_since, texts_now
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.statutory_clock import clock
from bestvalue.record.row_versions import EditedMeanwhileError
from bestvalue.workspace import Workspace


def now(inspection: Inspection) -> Inspection:
    return Inspection.objects.get(pk=inspection.pk)


@pytest.fixture
def heard(draft: Draft, officer: Person, member: Person) -> Inspection:
    """Both bodies have said that they have nothing further."""
    for body in (officer, member):
        changes.say_nothing_further(draft, by=body)
    return now(draft.inspection)


def test_the_report_begins_with_a_section_for_every_question_and_a_judgement(shared_grades: Inspection) -> None:
    assert [str(section) for section in shared_grades.sections.all()] == [
        "1 Introduction",
        "2 How good?",
        "2.1 Clear aims?",
        "2.2 Meets them?",
        "2.3 Judgement",
        "3 Good practice",
    ]
    judgement = DraftParagraph.objects.get(kind=ParagraphKind.JUDGEMENT, section__number="2.3")
    assert judgement.text == "How good? Good. 2 of 2 graded reach good."
    assert "A house matrix." in DraftParagraph.objects.get(section__number="1").text


def test_a_withdrawn_paragraph_keeps_its_number_from_being_given_again(shared_grades: Inspection, lead: Person) -> None:
    section = shared_grades.sections.get(number="2.1")
    second = changes.add_paragraph(section, kind=ParagraphKind.TEXT, text="More.", by=lead)
    changes.reword(second, text="", by=lead)
    third = changes.add_paragraph(section, kind=ParagraphKind.STRENGTH, text="Still more.", by=lead)
    assert (second.number, third.number) == ("2.1.2", "2.1.3")
    assert "2.1.2" not in texts_now(shared_grades)


def test_the_second_who_words_a_paragraph_anew_sees_what_the_first_wrote(shared_grades: Inspection, lead: Person) -> None:
    paragraph = DraftParagraph.objects.filter(section__inspection=shared_grades, section__number="2.3").latest("pk")
    read, before = paragraph.newest.pk, paragraph.text
    first = changes.reword(paragraph, text="It is fair.", read=read, by=lead)
    with pytest.raises(EditedMeanwhileError) as met:
        changes.reword(paragraph, text="It is good.", read=read, by=lead)
    (difference,) = met.value.differences
    assert (difference.before, difference.theirs, difference.mine) == (before, "It is fair.", "It is good.")
    assert met.value.version == first.pk
    assert changes.reword(paragraph, text="It is good.", read=first.pk, by=lead).text == "It is good."


def test_a_chapter_that_has_sections_takes_no_paragraph_of_its_own(shared_grades: Inspection, lead: Person) -> None:
    with pytest.raises(RuleError, match="written in its sections"):
        changes.add_paragraph(shared_grades.sections.get(number="2"), kind=ParagraphKind.TEXT, text="More.", by=lead)


def test_a_change_after_the_draft_has_its_reason(draft: Draft, lead: Person) -> None:
    paragraph = DraftParagraph.objects.get(section__number="2.3")
    with pytest.raises(RuleError, match="a change has its reason"):
        changes.reword(paragraph, text="Fair.", by=lead)


def test_the_final_wording_is_compared_with_the_draft(draft: Draft, lead: Person) -> None:
    paragraph = DraftParagraph.objects.get(section__number="2.3")
    before = paragraph.text
    changes.reword(paragraph, text="How good? Fair.", reason="The force showed the figures.", by=lead)
    assert [(each.number, each.before, each.after, each.reason) for each in changed_since(draft)] == [
        ("2.3.1", before, "How good? Fair.", "The force showed the figures.")
    ]


def test_both_bodies_have_until_the_last_day_or_until_they_have_nothing_further(
    draft: Draft, lead: Person, officer: Person, member: Person
) -> None:
    with pytest.raises(RuleError, match="Both bodies have until"):
        changes.propose_publication(now(draft.inspection), by=lead)
    changes.say_nothing_further(draft, by=officer)
    with pytest.raises(RuleError, match="has said that it has nothing further"):
        changes.comment(draft, paragraph=DraftParagraph.objects.first(), text="Wait.", by=officer)
    changes.say_nothing_further(draft, by=member)
    assert changes.propose_publication(now(draft.inspection), by=lead).by == lead


def test_a_comment_comes_from_a_body_and_is_answered_before_publication(
    draft: Draft, lead: Person, officer: Person, member: Person
) -> None:
    paragraph = DraftParagraph.objects.get(section__number="2.3")
    with pytest.raises(RuleError, match="may not comment on the draft"):
        changes.comment(draft, paragraph=paragraph, text="No.", by=lead)
    made = changes.comment(draft, paragraph=paragraph, text="It was reached in 2025.", wording="Good, since 2025.", by=officer)
    for body in (officer, member):
        changes.say_nothing_further(Draft.objects.get(pk=draft.pk), by=body)
    with pytest.raises(RuleError, match="1 comment is not answered"):
        changes.propose_publication(now(draft.inspection), by=lead)
    changes.dispose(made, outcome=Outcome.ACCEPTED, reason="The figures show it.", by=lead)
    assert not AccuracyComment.objects.undecided().exists()


def test_nobody_comments_after_the_last_day(draft: Draft, officer: Person) -> None:
    Draft.objects.filter(pk=draft.pk).update(
        sent_on=timezone.localdate() - timedelta(days=3), deadline=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(RuleError, match="last day for comments was"):
        changes.comment(Draft.objects.get(pk=draft.pk), paragraph=DraftParagraph.objects.first(), text="Wait.", by=officer)


def test_publication_needs_two_inspectors(heard: Inspection, lead: Person, workspace: Workspace) -> None:
    with pytest.raises(RuleError, match="needs two people"):
        publish_report(heard, by=lead, formats=["html"])
    changes.propose_publication(heard, by=lead)
    with pytest.raises(RuleError, match="needs two people"):
        publish_report(now(heard), by=lead, formats=["html"])
    assert list(workspace.reports_folder.glob("*.html")) == []


def test_what_was_reworded_after_it_was_proposed_is_proposed_anew(
    heard: Inspection, lead: Person, second: Person, workspace: Workspace
) -> None:
    changes.propose_publication(heard, by=lead)
    changes.reword(DraftParagraph.objects.get(section__number="2.3"), text="How good? Fair.", reason="The figures show it.", by=lead)
    with pytest.raises(RuleError, match="changed after this was proposed"):
        publish_report(now(heard), by=second, formats=["html"])
    changes.propose_publication(now(heard), by=lead)
    assert publish_report(now(heard), by=second, formats=["html"]).title == heard.title


def test_a_published_inspection_is_in_the_library_and_the_register_and_starts_the_clock(
    heard: Inspection, lead: Person, second: Person, workspace: Workspace
) -> None:
    changes.propose_publication(heard, by=lead)
    report = publish_report(now(heard), by=second, formats=["html"])
    assert [(each.question, each.grade, [p.number for p in each.paragraphs.all()]) for each in report.judgements.all()] == [
        ("How good?", "good", ["2.3.1"])
    ]
    recommendation = Recommendation.objects.get(published_report=report)
    assert (recommendation.number, recommendation.text, recommendation.paragraph.number) == ("1", "Measure the aims.", "2.1.2")
    assert recommendation.addressed_body == heard.force
    period = clock(published=report.published, exact=True, on=timezone.localdate())
    assert period is not None
    assert period.days_left == 56
    written = next(iter(workspace.reports_folder.glob("*.html"))).read_text(encoding="utf-8")
    assert "2.1.2" in written
    assert "A house matrix." in written


def test_published_text_is_locked(heard: Inspection, lead: Person, second: Person, workspace: Workspace) -> None:
    changes.propose_publication(heard, by=lead)
    publish_report(now(heard), by=second, formats=["html"])
    with pytest.raises(RuleError, match="The inspection is published"):
        changes.reword(DraftParagraph.objects.get(section__number="2.3"), text="Poor.", reason="After all.", by=lead)


def test_a_withdrawn_inspection_takes_nothing_more(inspection: Inspection, lead: Person, grade_all: Callable[..., None]) -> None:
    changes.withdraw(inspection, reason="The force merged.", by=lead)
    with pytest.raises(RuleError, match="The inspection is withdrawn"):
        changes.plan_interview(now(inspection), whom="a sergeant", planned_for=inspection.fieldwork_starts, by=lead)
