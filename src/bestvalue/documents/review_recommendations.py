"""What does the review ask for, on what does it rest, and what does it cost and bring?"""

from collections.abc import Iterator

from bestvalue.documents.model import Block, Box, Column, Paragraph, Ref, Section, Table, Text
from bestvalue.documents.plain_text import listed, paragraphs
from bestvalue.documents.review_content import ReviewContent
from bestvalue.documents.review_findings import finding_id, recommendation_box

NOT_COSTED = "not given yet"


def recommendations_section(content: ReviewContent) -> Section:
    """All recommendations in one table, with the paragraphs they rest on; those that rest on no finding stand here in full."""
    return Section(heading="Recommendations", id="recommendations", blocks=tuple(_recommendations(content)))


def _recommendations(content: ReviewContent) -> Iterator[Block]:
    if not content.recommendations:
        yield Paragraph(text="The review makes no recommendations.")
        return
    yield Paragraph(text="Each recommendation stands beside the finding that it rests on. Here they are together.")
    yield Table(
        caption="Recommendations and the paragraphs they rest on",
        columns=(
            Column(heading="Number"),
            Column(heading="Recommendation"),
            Column(heading="Paragraphs"),
            Column(heading="For"),
            Column(heading="Status"),
        ),
        rows=tuple(
            (
                (Ref(target=f"recommendation-{asked.number}", words=asked.number),),
                asked.text,
                listed(tuple(Ref(target=finding_id(reference)) for reference in asked.findings), last=", ") or "none",
                asked.addressed_to or "nobody named",
                asked.status or "not given",
            )
            for asked in content.recommendations
        ),
    )
    yield from (recommendation_box(asked) for asked in content.recommendations if not asked.findings)


def costs_and_benefits(content: ReviewContent) -> Section:
    """What each recommendation costs and brings; what is not known is said to be so."""
    return Section(heading="Costs and benefits", id="costs-and-benefits", blocks=tuple(_costs(content)))


def _costs(content: ReviewContent) -> Iterator[Block]:
    if not content.recommendations:
        yield Paragraph(text="Without recommendations there is nothing to cost.")
        return
    open_ones = tuple(
        Ref(target=f"recommendation-{asked.number}", words=asked.number)
        for asked in content.recommendations
        if not (asked.cost and asked.benefit)
    )
    if open_ones:
        yield Paragraph(text=("Cost or benefit is not given yet for recommendation ", *listed(open_ones), "."))
    else:
        yield Paragraph(text="Every recommendation has its cost and its benefit.")
    words_only = tuple(
        Ref(target=f"recommendation-{asked.number}", words=asked.number)
        for asked in content.recommendations
        if asked.cost and not asked.cost_in_figures
    )
    if words_only:
        yield Paragraph(text=("The cost is given in words only, without a figure, for recommendation ", *listed(words_only), "."))
    if content.costs_together:
        yield Paragraph(text=content.costs_together)
    yield Table(
        caption="Costs and benefits of the recommendations, and by what their success is seen",
        columns=tuple(Column(heading=heading) for heading in ("Recommendation", "Cost", "Benefit", "Measure of success")),
        rows=tuple(
            (
                (Ref(target=f"recommendation-{asked.number}"),),
                asked.cost or NOT_COSTED,
                asked.benefit or NOT_COSTED,
                asked.measure or NOT_COSTED,
            )
            for asked in content.recommendations
        ),
    )


def good_practice(content: ReviewContent) -> Section:
    """What others should copy."""
    blocks: tuple[Block, ...] = tuple(
        Box(
            kind="good practice",
            title=f"Good practice {place}",
            paragraphs=tuple(paragraph.text for paragraph in paragraphs(seen.text)),
            facts=_seen_at(seen.source),
        )
        for place, seen in enumerate(content.good_practice, start=1)
    )
    none = Paragraph(text="The review names no good practice for others to copy.")
    return Section(heading="Good practice", id="good-practice", blocks=blocks or (none,))


def _seen_at(source: str) -> tuple[tuple[str, Text], ...]:
    return (("Seen at", source),) if source else ()
