"""What did the review do to challenge, compare, consult and compete? Each of the 4Cs with its evidence, in numbered paragraphs.

Every piece of evidence is told once, under the first of the 4Cs that it serves; under the others it is pointed to.
"""

from collections.abc import Iterator

from bestvalue.documents.model import Block, Bullets, Inline, Paragraph, Ref, Section, Strong
from bestvalue.documents.plain_text import paragraphs
from bestvalue.documents.review_content import EvidenceItem, FourC, ReviewContent

ASKED = {
    FourC.CHALLENGE: "Why, how and by whom is the service provided, and does it have to be?",
    FourC.COMPARE: "How does it stand against others, and against its own past?",
    FourC.CONSULT: "What do those say who use it, pay for it and work in it?",
    FourC.COMPETE: "Who could provide it better or at less cost?",
}
"""The question of each C, as the Best Value regime puts it (Local Government Act 1999; DETR Circular 10/99)."""

SENTENCES = 4
"""Of a result, told here: an analysis puts first what matters most, and the annex has the rest."""


def four_cs_section(content: ReviewContent) -> Section:
    """The evidence under each of the 4Cs, and what serves none of them."""
    sections = [_four_c(four_c, content.evidence) for four_c in FourC]
    others = [item for item in content.evidence if not item.four_cs]
    if others:
        blocks = tuple(block for item in others for block in _evidence(item))
        sections.append(Section(heading="Other evidence", blocks=blocks))
    return Section(heading="The 4Cs: what the evidence says", id="four-cs", sections=tuple(sections))


def result_id(item: EvidenceItem) -> str:
    """By which references reach the annex section of the result that is this evidence."""
    return f"result-{item.result.digest[:12]}" if item.result else ""


def _four_c(four_c: FourC, evidence: tuple[EvidenceItem, ...]) -> Section:
    blocks = [block for item in evidence if four_c in item.four_cs for block in _told_or_pointed_to(item, four_c)]
    none = Paragraph(text=f"The review holds no evidence under {four_c} yet.")
    return Section(
        heading=four_c.capitalize(), blocks=(Paragraph(text=ASKED[four_c], numbered=False), *(blocks or [none])), id=f"four-cs-{four_c}"
    )


def _told_or_pointed_to(item: EvidenceItem, four_c: FourC) -> Iterator[Block]:
    first = next(each for each in FourC if each in item.four_cs)
    if four_c == first:
        yield from _evidence(item)
    else:
        yield Paragraph(text=(*_named(item), " serves this question too: see ", Ref(target=f"evidence-{item.reference}"), "."))


def _evidence(item: EvidenceItem) -> Iterator[Block]:
    head: tuple[Inline, ...] = (*_named(item), f" ({item.kind}).")
    yield Paragraph(text=(*head, *_introduced(item)), id=f"evidence-{item.reference}")
    if item.result:
        yield Bullets(items=tuple(statement.text for statement in item.result.result.statements[:SENTENCES]))
    yield from paragraphs(item.notes)


def _introduced(item: EvidenceItem) -> tuple[Inline, ...]:
    if item.result is None:
        return ()
    answer, place = item.result.result, Ref(target=result_id(item))
    if len(answer.statements) > SENTENCES:
        return (f" {answer.question} The answer begins as follows; all of its {len(answer.statements)} sentences are in ", place, ":")
    return (f" {answer.question} This is the answer, whose figures and limits are in ", place, ":")


def _named(item: EvidenceItem) -> tuple[Inline, ...]:
    return (Strong(words=f"{item.reference}: {item.title}"),)
