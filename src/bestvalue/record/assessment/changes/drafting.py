"""Writing the report: started from the grades, paragraph by paragraph, each wording kept."""

from collections.abc import Iterator

from django.db import models, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.assessment.judging import Judged, JudgedQuestion, judged
from bestvalue.record.assessment.models import (
    DraftParagraph,
    DraftSection,
    Inspection,
    ParagraphKind,
    ParagraphText,
    Side,
    check_text,
    check_writes,
)
from bestvalue.record.assessment.queue import locked
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.row_versions import check_newest

JUDGEMENT_SECTION = "Judgement"
LAST_SECTION = "Good practice"


@transaction.atomic
def start_report(inspection: Inspection, *, by: Person) -> list[DraftSection]:
    """Lay out the report: an introduction, each judgement with its questions, and good practice.

    Each judgement and question begins with a paragraph that says its grade and the reasons of its criteria, to be written on.

    Raises:
        RuleError: `by` does not inspect, grades are not shared, or the report is laid out already.
    """
    inspection = locked(inspection)
    check_writes(inspection, by=by)
    if inspection.sections.exists():
        raise RuleError("The report is laid out already", where=inspection.title, next_step="Write on in it.")
    sections = [
        DraftSection.objects.create(inspection=inspection, number=number, title=title, key=key, order=order)
        for order, (number, title, key, _) in enumerate(_layout(inspection), start=1)
    ]
    for section, (_, _, key, text) in zip(sections, _layout(inspection), strict=True):
        if text:
            kind = ParagraphKind.JUDGEMENT if key else ParagraphKind.TEXT
            paragraph = DraftParagraph.objects.create(section=section, place=1, kind=kind)
            ParagraphText.objects.create(paragraph=paragraph, text=text, by=by, at=timezone.now())
    ledger.write("inspection.report_started", target=inspection, by=by, payload={"sections": [str(section) for section in sections]})
    return sections


@transaction.atomic
def add_paragraph(
    section: DraftSection, *, kind: ParagraphKind, text: str, by: Person, addressed_to: Body | None = None, reason: str = ""
) -> DraftParagraph:
    """Add a paragraph at the end of a section; it gets the next number there, and a recommendation its own beside it.

    Raises:
        RuleError: `by` may not write now, it says nothing, or a recommendation does not say who is to act.
    """
    inspection = locked(section.inspection)
    check_writes(inspection, by=by)
    check_text(text, reason=reason, inspection=inspection, is_new=True)
    if inspection.sections.filter(number__startswith=f"{section.number}.").exists():
        # Its paragraphs and its sections would share numbers.
        raise RuleError("This chapter is written in its sections", where=str(section), next_step="Add the paragraph to one of them.")
    is_recommendation = kind is ParagraphKind.RECOMMENDATION
    if is_recommendation != (addressed_to is not None):
        raise RuleError(
            "A recommendation, and nothing else, says who is to act", where="addressed_to", next_step="Select the body that is to act."
        )
    of_kind = DraftParagraph.objects.filter(section__inspection=inspection, kind=kind)
    paragraph = DraftParagraph.objects.create(
        section=section,
        place=_next(section),
        kind=kind,
        number_of_kind=of_kind.count() + 1 if is_recommendation else None,
        addressed_to=addressed_to,
    )
    ParagraphText.objects.create(paragraph=paragraph, text=text.strip(), reason=reason.strip(), by=by, at=timezone.now())
    ledger.write(
        "inspection.paragraph_added", target=paragraph, by=by, payload={"number": paragraph.number, "kind": kind, "text": text.strip()}
    )
    return paragraph


@transaction.atomic
def reword(paragraph: DraftParagraph, *, text: str, by: Person, reason: str = "", read: int | None = None) -> ParagraphText:
    """Give a paragraph another text; an empty one withdraws it. Its number stays with it.

    Args:
        paragraph: which.
        text: what it is to say.
        by: an inspector.
        reason: why; needed once the bodies have the draft.
        read: the key of the text that was read; None where nobody else can have written meanwhile.

    Raises:
        RuleError: `by` may not write now, the text is the same, or the bodies have the draft and no reason is given.
        EditedMeanwhileError: somebody gave it another text since.
    """
    inspection = locked(paragraph.section.inspection)
    check_writes(inspection, by=by)
    check_text(text, reason=reason, inspection=inspection, is_new=False)
    check_newest(paragraph, field="text", label="Text", texts=list(paragraph.texts.order_by("pk")), read=read, mine=text.strip())
    if text.strip() == paragraph.text:
        raise RuleError("The text is the same as before", where="text", next_step="Change it, or leave the page.")
    made = ParagraphText.objects.create(paragraph=paragraph, text=text.strip(), reason=reason.strip(), by=by, at=timezone.now())
    ledger.write(
        "inspection.paragraph_reworded",
        target=paragraph,
        by=by,
        payload={"number": paragraph.number, "text": made.text, "reason": made.reason},
    )
    return made


def _layout(inspection: Inspection) -> Iterator[tuple[str, str, str, str]]:
    """Number, title, key and first paragraph of every section."""
    grades = inspection.assessments.filter(side=Side.INSPECTORS)
    found = judged(inspection.frame, assessments=grades, overrides=inspection.overrides.all())
    yield "1", "Introduction", "", _introduction(inspection)
    for number, judgement in enumerate(found, start=2):
        yield str(number), judgement.judgement.text, "", ""
        for place, question in enumerate(judgement.questions, start=1):
            yield f"{number}.{place}", question.question.text, question.question.key, _says_of_question(question)
        yield f"{number}.{len(judgement.questions) + 1}", JUDGEMENT_SECTION, judgement.judgement.key, _says(judgement)
    yield str(len(found) + 2), LAST_SECTION, "", ""


def _introduction(inspection: Inspection) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in (inspection.fieldwork_starts, inspection.fieldwork_ends))
    frame = inspection.frame
    return (
        f"{inspection.issuer.name} inspected {inspection.service} of {inspection.force.name} from {first} to {last}, against "
        f"“{frame.title}” ({frame.edition}). {frame.notice}"
    ).strip()


def _says(judgement: Judged) -> str:
    why = judgement.override.reason if judgement.override else judgement.proposed.why
    return f"{judgement.judgement.text} {_grade_words(judgement)} {why}"


def _says_of_question(question: JudgedQuestion) -> str:
    reasons = " ".join(found.reason for _, found in question.graded if found)
    return f"{_grade_words(question)} {question.override.reason + ' ' if question.override else ''}{reasons}".strip()


def _grade_words(graded: Judged | JudgedQuestion) -> str:
    return f"{graded.grade[:1].upper()}{graded.grade[1:]}." if graded.grade else "No grade."


def _next(section: DraftSection) -> int:
    newest: int | None = section.paragraphs.aggregate(newest=models.Max("place"))["newest"]
    return (newest or 0) + 1
