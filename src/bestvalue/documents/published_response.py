"""The published response to a report: to each of its recommendations what has been or will be done, or why nothing will."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bestvalue.documents.model import Block, Box, Bullets, Column, Paragraph, Report, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.plain_text import counted


@dataclass(frozen=True, kw_only=True)
class PlannedItem:
    """One action about a recommendation: what, who leads it, by when, how it stands."""

    name: str
    what: str
    lead: str
    agreed: date
    state: str


@dataclass(frozen=True, kw_only=True)
class AnswerItem:
    """One recommendation with its answer.

    Args:
        kind: "Recommendation", "Cause of concern", "Area for improvement".
        number: in the report.
        text: what is asked.
        answer: "Accepted", "Accepted in part", "Not accepted".
        reason: what was said with the answer; for one that is not accepted, why nothing will be done.
        actions: what is done.
    """

    kind: str
    number: str
    text: str
    answer: str
    reason: str
    actions: tuple[PlannedItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResponseContent:
    """All that a response says.

    Args:
        report: title of the report.
        issuer: who made it.
        respondent: whose response it is.
        on: day of issue.
        version: number of the response.
        published: when the report was published, in words; empty where it is not known.
        last_day: the last day of the 56 days of section 55; None where there is no such period.
        checkpoint: the ledger's newest entry.
        synthetic: the data are invented.
        answers: in the order of the report.
    """

    report: str
    issuer: str
    respondent: str
    on: date
    version: int
    published: str
    last_day: date | None
    checkpoint: str
    synthetic: bool
    answers: tuple[AnswerItem, ...]


def published_response(content: ResponseContent) -> Report:
    """The response as a report, ready to be written."""
    return Report(
        title=f"Response to {content.report}",
        subtitle=f"A report of {content.issuer}",
        issuer=content.respondent,
        on=content.on,
        synthetic=content.synthetic,
        checkpoint=content.checkpoint,
        facts=tuple(_facts(content)),
        sections=(
            Section(heading="In short", blocks=tuple(_in_short(content))),
            Section(heading="The answers", blocks=(), sections=tuple(map(_answer, content.answers))),
        ),
    )


def _facts(content: ResponseContent) -> Iterator[tuple[str, str]]:
    yield "Version", str(content.version)
    if content.published:
        yield "Report published", content.published
    if content.last_day is not None:
        (last,) = column_words([content.last_day])
        yield "Last day to comment", f"{last} (Police Act 1996, section 55: 56 days that begin with the day of publication)"


def _in_short(content: ResponseContent) -> Iterator[Block]:
    answers = [item.answer for item in content.answers]
    yield Paragraph(
        text=f"The report makes {counted(len(answers), 'recommendation')}. "
        + "; ".join(f"{answer}: {answers.count(answer)}" for answer in dict.fromkeys(answers))
        + "."
    )
    planned = [(item, action) for item in content.answers for action in item.actions]
    if planned:
        dates = column_words([action.agreed for _, action in planned])
        yield Table(
            caption="What is done, and by when",
            columns=(
                Column(heading="Action"),
                Column(heading="What"),
                Column(heading="Led by"),
                Column(heading="By"),
                Column(heading="Stands"),
            ),
            rows=tuple((action.name, action.what, action.lead, day, action.state) for (_, action), day in zip(planned, dates, strict=True)),
        )


def _answer(item: AnswerItem) -> Section:
    name = f"{item.kind} {item.number}"
    blocks: list[Block] = [Box(kind="recommendation", title=name, paragraphs=(item.text,), facts=(("Answer", item.answer),))]
    if item.reason:
        blocks.append(Paragraph(text=item.reason))
    if item.actions:
        blocks.append(Paragraph(text="What has been or will be done:", numbered=False))
        blocks.append(Bullets(items=tuple(f"{action.what} ({action.name}, led by {action.lead})" for action in item.actions)))
    return Section(heading=name, blocks=tuple(blocks))
