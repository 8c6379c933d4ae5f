"""What an inspection publishes: judgements, text under its own numbers, how grades were made, what bodies said of the facts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bestvalue.documents.model import Block, Box, Column, Paragraph, Report, Section, Strong, Table, Text

WORDS_BEFORE = {"strength": "Strength: ", "area for development": "Area for development: "}
"""What stands before a point, so that it is known for one where it is quoted."""


@dataclass(frozen=True, kw_only=True)
class ParagraphItem:
    """A paragraph of the inspection's own text, under the number that it was given while it was drafted.

    Args:
        number: "3.2.6".
        kind: "text", "judgement", "strength", "area for development", "recommendation" or "good practice".
        text: what it says.
        title: of a recommendation: "Recommendation 1".
        addressed_to: of a recommendation: who is to act.
    """

    number: str
    kind: str
    text: str
    title: str = ""
    addressed_to: str = ""


@dataclass(frozen=True, kw_only=True)
class SectionItem:
    """A section with its paragraphs; its number has one part for a chapter, two for a section in it."""

    number: str
    title: str
    paragraphs: tuple[ParagraphItem, ...]


@dataclass(frozen=True, kw_only=True)
class JudgementItem:
    """A judgement with its grade and scale, best first."""

    question: str
    grade: str
    scale: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GradeItem:
    """One line of how the grades came about: a criterion, a question or a judgement, its grade, and why."""

    level: Literal["criterion", "question", "judgement"]
    about: str
    grade: str
    why: str
    own: str


@dataclass(frozen=True, kw_only=True)
class CommentItem:
    """What a body said of a paragraph's facts, and what became of it."""

    number: str
    body: str
    text: str
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class InspectionContent:
    """All that the report says.

    Args:
        title: of the report.
        issuer: who inspects.
        on: the day of its publication.
        inspected: the force and the authority.
        fieldwork: first and last day, in words.
        framework: its title and edition.
        notice: what a reader must know of the framework; stands on the face of every judgement.
        rule: how grades make grades, in words.
        checkpoint: the ledger's newest entry.
        synthetic: the record is invented.
        judgements: with their grades.
        sections: in the order of reading.
        grades: how the grades came about.
        comments: on the facts of the draft.
    """

    title: str
    issuer: str
    on: date
    inspected: tuple[str, ...]
    fieldwork: str
    framework: str
    notice: str
    rule: str
    checkpoint: str
    synthetic: bool
    judgements: tuple[JudgementItem, ...]
    sections: tuple[SectionItem, ...]
    grades: tuple[GradeItem, ...]
    comments: tuple[CommentItem, ...]


def inspection_report(content: InspectionContent) -> Report:
    """The inspection's report.

    Raises:
        ReportError: a paragraph stands in a section that does not bear its number.
    """
    return Report(
        title=content.title,
        issuer=content.issuer,
        on=content.on,
        synthetic=content.synthetic,
        checkpoint=content.checkpoint,
        facts=(
            *((each.question, f"{each.grade} (of {', '.join(each.scale)})") for each in content.judgements),
            ("Inspected", ", ".join(content.inspected)),
            ("Fieldwork", content.fieldwork),
            ("Framework", content.framework),
            *((("About the framework", content.notice),) if content.notice else ()),
        ),
        sections=tuple(_chapters(content)),
        annexes=(_how_graded(content), _comments(content)),
    )


def _chapters(content: InspectionContent) -> Iterator[Section]:
    for chapter in (section for section in content.sections if "." not in section.number):
        inner = [section for section in content.sections if section.number.startswith(f"{chapter.number}.")]
        yield Section(
            heading=chapter.title,
            blocks=tuple(_blocks(chapter.paragraphs)),
            sections=tuple(Section(heading=each.title, blocks=tuple(_blocks(each.paragraphs))) for each in inner),
        )


def _blocks(paragraphs: Sequence[ParagraphItem]) -> Iterator[Block]:
    for each in paragraphs:
        before = WORDS_BEFORE.get(each.kind, "")
        text: Text = (Strong(words=before), each.text) if before else each.text
        if each.kind == "recommendation":
            yield Paragraph(text=f"{each.title} is addressed to {each.addressed_to}.", number=each.number)
            yield Box(kind="recommendation", title=each.title, paragraphs=(each.text,), facts=(("For", each.addressed_to),))
        else:
            yield Paragraph(text=text, number=each.number)


def _how_graded(content: InspectionContent) -> Section:
    own = any(row.own for row in content.grades)
    headings = ["What is graded", "Grade", "Why", *(["The body's own grade"] if own else [])]
    rows = tuple((_about(row), row.grade, row.why, *([row.own or "none"] if own else [])) for row in content.grades)
    return Section(
        heading="How the grades were made",
        blocks=(
            Paragraph(text=f"{content.framework}. {content.notice}".strip()),
            Paragraph(text=content.rule),
            Table(caption="Every grade and its reason", columns=tuple(Column(heading=each) for each in headings), rows=rows),
        ),
    )


def _about(row: GradeItem) -> Text:
    return row.about if row.level == "criterion" else (Strong(words=row.about),)


def _comments(content: InspectionContent) -> Section:
    if not content.comments:
        return Section(heading="Comments on the facts", blocks=(Paragraph(text="Neither body said that a fact of the draft was wrong."),))
    table = Table(
        caption="What the inspected bodies said of the draft's facts, and what became of it",
        columns=tuple(Column(heading=each) for each in ("Paragraph", "Body", "Comment", "Outcome", "Reason")),
        rows=tuple((each.number, each.body, each.text, each.outcome, each.reason) for each in content.comments),
    )
    return Section(heading="Comments on the facts", blocks=(Paragraph(text="Both bodies had the draft before it was published."), table))
