"""What did the review learn along each strand? Numbered paragraphs, each with its evidence, and the recommendations beside them."""

from collections.abc import Iterator, Mapping, Sequence

from bestvalue.documents.model import Block, Box, Inline, Paragraph, Ref, Section, Text
from bestvalue.documents.plain_text import listed, paragraphs
from bestvalue.documents.review_content import FindingItem, RecommendationItem, ReviewContent, StrandItem


def findings_sections(content: ReviewContent) -> tuple[Section, ...]:
    """One chapter for each strand with findings; the strands without are in the method's table, which counts none for them."""
    asked = _by_first_finding(content.recommendations)
    return tuple(_strand(strand, asked) for strand in content.strands if strand.findings)


def strand_id(strand: StrandItem) -> str:
    """By which references reach the chapter of a strand."""
    return f"strand-{strand.number}"


def finding_id(reference: str) -> str:
    """By which references reach the paragraph of a finding."""
    return f"finding-{reference}"


def recommendation_box(asked: RecommendationItem) -> Box:
    """A recommendation as it stands beside what it rests on."""
    rests = tuple(Ref(target=finding_id(reference)) for reference in asked.findings)
    facts: list[tuple[str, Text]] = [("Rests on", listed(rests))] if rests else []
    worth = (("Cost", asked.cost), ("Benefit", asked.benefit), ("Measure of success", asked.measure))
    named = (("For", asked.addressed_to), *worth, ("Status", asked.status))
    facts += [(name, value) for name, value in named if value]
    return Box(
        kind="recommendation",
        title=f"Recommendation {asked.number}",
        paragraphs=tuple(paragraph.text for paragraph in paragraphs(asked.text)),
        facts=tuple(facts),
        id=f"recommendation-{asked.number}",
    )


def _by_first_finding(recommendations: Sequence[RecommendationItem]) -> Mapping[str, list[RecommendationItem]]:
    beside: dict[str, list[RecommendationItem]] = {}
    for asked in recommendations:
        for reference in asked.findings[:1]:
            beside.setdefault(reference, []).append(asked)
    return beside


def _strand(strand: StrandItem, asked: Mapping[str, list[RecommendationItem]]) -> Section:
    strengths = [finding for finding in strand.findings if finding.positive]
    areas = [finding for finding in strand.findings if not finding.positive]
    return Section(
        heading=f"Findings: {strand.name}",
        id=strand_id(strand),
        blocks=(Paragraph(text=strand.question, numbered=False),) if strand.question else (),
        sections=(
            Section(
                heading="Strengths", blocks=tuple(_findings(strengths, asked, none="The review found no strengths along this strand."))
            ),
            Section(
                heading="Areas for improvement",
                blocks=tuple(_findings(areas, asked, none="The review found no areas for improvement along this strand.")),
            ),
        ),
    )


def _findings(findings: Sequence[FindingItem], asked: Mapping[str, list[RecommendationItem]], *, none: str) -> Iterator[Block]:
    if not findings:
        yield Paragraph(text=none, numbered=False)
    for finding in findings:
        yield from paragraphs(finding.text, id=finding_id(finding.reference), ending=_evidence(finding))
        for recommendation in asked.get(finding.reference, ()):
            yield recommendation_box(recommendation)


def _evidence(finding: FindingItem) -> tuple[Inline, ...]:
    cited = tuple(Ref(target=f"evidence-{reference}", words=reference) for reference in finding.evidence)
    return (" (Finding ", finding.reference, ", evidence ", *listed(cited), ".)") if cited else ()
