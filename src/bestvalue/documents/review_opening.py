"""What does a reader of a review's report need first? The summary, the context, and how the review was done."""

from collections import Counter
from collections.abc import Iterator

from bestvalue.documents.model import Block, Bullets, Column, Paragraph, Ref, Section, Table
from bestvalue.documents.plain_text import counted, listed, paragraphs
from bestvalue.documents.review_balance import Found, balance_words
from bestvalue.documents.review_content import ReviewContent
from bestvalue.documents.review_findings import strand_id


def executive_summary(content: ReviewContent) -> Section:
    """What the review says of itself, what it found and what it asks for, each with the way to the place where it stands."""
    return Section(heading="Executive summary", id="summary", blocks=(*paragraphs(content.summary), *_in_short(content)))


def _in_short(content: ReviewContent) -> Iterator[Block]:
    drawn = {strand.name: Counter(finding.positive for finding in strand.findings) for strand in content.strands}
    said = balance_words({name: Found(strengths=tones[True], areas=tones[False]) for name, tones in drawn.items()})
    yield Paragraph(
        text=f"The review looked along {counted(len(content.strands), 'line of inquiry', 'lines of inquiry')}, called strands. "
        f"It drew {said or 'no findings.'}"
    )
    if not content.recommendations:
        yield Paragraph(text="It makes no recommendations.")
        return
    many = len(content.recommendations) > 1
    yield Paragraph(text=f"It makes {counted(len(content.recommendations), 'recommendation')}{', in short:' if many else ':'}")
    yield Bullets(
        items=tuple((Ref(target=f"recommendation-{asked.number}"), ": ", " ".join(asked.text.split())) for asked in content.recommendations)
    )


def context(content: ReviewContent) -> Section:
    """Why the service is reviewed."""
    written = tuple(paragraphs(content.context))
    return Section(heading="Context", id="context", blocks=written or (Paragraph(text="The review has not recorded its context."),))


def method(content: ReviewContent) -> Section:
    """How the review was done: its aims, the bodies that took part, the strands."""
    written = tuple(paragraphs(content.method))
    return Section(
        heading="Method",
        id="method",
        blocks=written or (Paragraph(text="The review has not recorded its method."),),
        sections=(_aims(content), _bodies(content), _strands(content)),
    )


def _aims(content: ReviewContent) -> Section:
    if not content.aims:
        return Section(heading="Aims", blocks=(Paragraph(text="The review has set itself no aims."),))
    lead = Paragraph(text=f"The review has {counted(len(content.aims), 'aim')}.")
    return Section(heading="Aims", blocks=(lead, Bullets(items=content.aims, ordered=True)))


def _bodies(content: ReviewContent) -> Section:
    if not content.bodies:
        return Section(heading="Bodies", blocks=(Paragraph(text="The review has recorded no bodies that take part in it."),))
    return Section(
        heading="Bodies",
        blocks=(
            Paragraph(text=f"{content.authority} commissioned the review. {content.force} provides the service."),
            Table(
                caption="The bodies that take part in the review",
                columns=(Column(heading="Body"), Column(heading="Part in the review")),
                rows=tuple((body.name, body.part) for body in content.bodies),
            ),
        ),
    )


def _strands(content: ReviewContent) -> Section:
    if not content.strands:
        return Section(heading="Strands", blocks=(Paragraph(text="The review is not parted into strands."),))
    asked = {strand.number: _asked_in(content, strand.number) for strand in content.strands}
    return Section(
        heading="Strands",
        blocks=(
            Paragraph(text="Each strand asks one question. Its findings have a chapter of their own."),
            Table(
                caption="The strands of the review and what was found along each",
                columns=(
                    Column(heading="Strand"),
                    Column(heading="Question"),
                    Column(heading="Strengths", numeric=True),
                    Column(heading="Areas for improvement", numeric=True),
                    Column(heading="Recommendations"),
                ),
                rows=tuple(
                    (
                        (Ref(target=strand_id(strand), words=strand.name),) if strand.findings else strand.name,
                        strand.question,
                        str(sum(finding.positive for finding in strand.findings)),
                        str(sum(not finding.positive for finding in strand.findings)),
                        listed(asked[strand.number], last=", ") or "none",
                    )
                    for strand in content.strands
                ),
            ),
        ),
    )


def _asked_in(content: ReviewContent, number: int) -> tuple[Ref, ...]:
    """The recommendations that rest on a finding of the strand."""
    drawn = {finding.reference for strand in content.strands if strand.number == number for finding in strand.findings}
    return tuple(
        Ref(target=f"recommendation-{asked.number}", words=asked.number)
        for asked in content.recommendations
        if drawn.intersection(asked.findings)
    )
