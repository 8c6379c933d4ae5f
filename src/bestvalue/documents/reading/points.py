"""Strengths, areas for development, causes of concern and good practice, as the report lists them."""

import re
from collections.abc import Iterator

from bestvalue.documents.reading.language import sentences
from bestvalue.documents.reading.outline import Box, Outline
from bestvalue.documents.reading.structure import Confidence, GoodPractice, Paragraph, Point, PointKind

_STRENGTHS = re.compile(
    r"(?i)\b(?:strengths?|positive (?:aspects|findings|features)|what (?:works|is working) well|areas? of good performance)\b"
)
_DEVELOPMENT = re.compile(
    r"(?i)\b(?:areas? (?:for|of) (?:development|improvement|concern)|weakness(?:es)?|requir(?:e|es|ed|ing) (?:further |some "
    r"|more )?(?:attention|improvement|work)"
    r"|needs? (?:further |some |more )?(?:attention|improvement|development|to improve)|development areas?|challenges include)\b"
)
_CONCERN = re.compile(r"(?i)\b(?:causes? of|matters? (?:of|giving rise to)) concern\b")
_PRACTICE_TITLE = re.compile(r"(?i)\b(?:good|notable|innovative|promising|effective|best|positive) practices?\b")


def find_points(outline: Outline) -> tuple[Point, ...]:
    """Points of all three kinds, in order of the report: sub-items under a lead-in, text under a heading, and labelled boxes."""
    found = [point for paragraph in outline.paragraphs for point in _points(paragraph)]
    found += [_boxed(box, box.kind) for box in outline.boxes if box.kind in {"area for development", "cause of concern"}]
    return tuple(sorted(found, key=lambda point: point.span.first_line))


def find_good_practice(outline: Outline) -> tuple[GoodPractice, ...]:
    """What stands under a heading "good practice", and in boxes with that label."""
    found = [
        _practice(paragraph.number, paragraph, "it stands under the heading of good practice")
        for paragraph in outline.paragraphs
        if paragraph.section is not None and _PRACTICE_TITLE.search(paragraph.section.title)
    ]
    for count, box in enumerate((box for box in outline.boxes if box.kind == "good practice"), start=1):
        found.append(
            GoodPractice(
                number=box.number or f"{box.after or 'box'}-{count}",
                text=box.text,
                paragraph=box.after,
                span=box.span,
                confidence=Confidence(share=0.9, reasons=("it is labelled as good practice",)),
            )
        )
    return tuple(found)


def _points(paragraph: Paragraph) -> Iterator[Point]:
    lead = sentences(paragraph.text.split("\n")[0])
    title = paragraph.section.title if paragraph.section is not None else ""
    kind = _kind(lead[-1]) if lead and lead[-1].endswith(":") and paragraph.sub_items else None
    if kind is not None:
        reason = f"it is listed after “{lead[-1][-70:]}”"
        for item in paragraph.sub_items:
            yield Point(
                kind=kind,
                text=item.text,
                paragraph=paragraph.number,
                span=item.span,
                confidence=Confidence(share=0.95 if item.depth == 1 else 0.6, reasons=(reason,)),
            )
    elif (headed := _headed(title)) is not None:
        items = paragraph.sub_items if paragraph.sub_items and paragraph.text.split("\n")[0].endswith(":") else ()
        reasons = (f"it stands under the heading “{title}”",)
        for text, span in [(item.text, item.span) for item in items] or [(re.sub(r"^[-•*–]\s+", "", paragraph.text), paragraph.span)]:
            yield Point(kind=headed, text=text, paragraph=paragraph.number, span=span, confidence=Confidence(share=0.85, reasons=reasons))


def _kind(lead: str) -> PointKind | None:
    if _CONCERN.search(lead):
        return "cause of concern"
    if _DEVELOPMENT.search(lead):
        return "area for development"
    return "strength" if _STRENGTHS.search(lead) else None


def _headed(title: str) -> PointKind | None:
    # A heading of both ("Strengths and weaknesses of the evidence") lists neither.
    if len(title.split()) > 6 or (_STRENGTHS.search(title) and _DEVELOPMENT.search(title)):
        return None
    whole = re.compile(
        r"(?i)^(?:key |main |overall )?(?:strengths?|areas? (?:for|of) (?:development|improvement)|weakness(?:es)?|causes? of concern)$"
    )
    return _kind(title) if whole.match(title.strip()) else None


def _boxed(box: Box, kind: str) -> Point:
    return Point(
        kind="cause of concern" if kind == "cause of concern" else "area for development",
        text=box.text,
        paragraph=box.after,
        span=box.span,
        confidence=Confidence(share=0.95, reasons=("it is labelled so",)),
    )


def _practice(number: str, paragraph: Paragraph, reason: str) -> GoodPractice:
    defines = bool(re.match(r"(?i)(?:good|notable) practice (?:includes|is defined|means)", paragraph.text))
    share, reasons = (0.6, (reason, "it reads as a definition rather than a practice")) if defines else (0.95, (reason,))
    return GoodPractice(
        number=number,
        text=paragraph.text,
        paragraph=paragraph.number,
        span=paragraph.span,
        confidence=Confidence(share=share, reasons=reasons),
    )
