"""Where a report points: to its own paragraphs and recommendations, and to recommendations of another series with the same numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bestvalue.documents.reading.language import overlap, sentences
from bestvalue.documents.reading.outline import Outline
from bestvalue.documents.reading.statements import Stated
from bestvalue.documents.reading.structure import CrossReference, OtherSeries, Paragraph, Recommendation

SAME_SUBJECT_LEAST_OVERLAP = 0.15

_NUMBERS = r"(?P<numbers>\d{1,3}(?:\.\d{1,3})*(?:\s*(?:,|and|to|-|–|&|or)\s*\d{1,3}(?:\.\d{1,3})*)*)"
_PARAGRAPHS = re.compile(rf"\bpara(?:graph)?s?\.?\s+{_NUMBERS}", re.IGNORECASE)
_PARTS = re.compile(
    r"\b(?P<target>(?:Chapter|Appendix|Annexe?|Part)\s+(?:\d{1,2}|[A-Z])\b"
    r"|Sections?\s+\d{1,2}(?:\.\d{1,2})?(?:\s+and\s+\d{1,2})?(?=\s+(?:above|below|of this)\b))"
)
_RECOMMENDATIONS = re.compile(rf"\b(?P<own>see\s+|our\s+|my\s+)?[Rr]ecommendations?\s+(?:no\.?\s*)?{_NUMBERS}")
_NAMED_SERIES = re.compile(
    r"\b(?:the (?:\w+ ){0,2}?(?:review|SIR|inquiry|audit|panel|committee)|[A-Z]\w+(?:[’']s)? (?:Report|Review|Inquiry|report|review"
    r"|inquiry)|HMIC(?:FRS)?|HMICS|IPCC|IOPC|NAO)\b"
)


def find_cross_references(outline: Outline, recommendations: Sequence[Recommendation]) -> tuple[CrossReference, ...]:
    """Every place where a paragraph points to a paragraph, recommendation, chapter or appendix of the same report, in order."""
    order = {paragraph.number: paragraph.order for paragraph in outline.paragraphs}
    argued = {recommendation.number: order.get(recommendation.paragraph, 0) for recommendation in recommendations}
    titles = [section.title.casefold() for section in outline.sections]
    numbers = {section.number: section.order for section in outline.sections if section.number}
    found: list[CrossReference] = []
    for paragraph in outline.paragraphs:
        for text, target in _targets(paragraph):
            if target.startswith("Recommendation "):
                place = argued.get(target.removeprefix("Recommendation "))
                known, forward = place is not None, (place or 0) > paragraph.order
            elif target[0].isdigit():
                known, forward = target in order, order.get(target, 0) > paragraph.order
            else:
                known = any(title.startswith(target.casefold()) for title in titles) or target.split()[-1] in numbers
                forward = "below" in text
            found.append(
                CrossReference(paragraph=paragraph.number, text=text, target=target, forward=forward, found=known, span=paragraph.span)
            )
    return tuple(found)


def find_other_series(outline: Outline, recommendations: Sequence[Recommendation], foreign: Sequence[Stated]) -> tuple[OtherSeries, ...]:
    """Recommendations that the report mentions by number and that are not its own.

    A number that the report itself never gives is another series' for certain. One that it gives too is another series' where the words
    beside it are on another subject, and where its neighbours are. "See Recommendation 4" is the report's own.
    """
    own = {recommendation.number: recommendation for recommendation in recommendations if recommendation.numbered}
    mentions = [(paragraph, *mention) for paragraph in outline.paragraphs for mention in _mentions(paragraph)]
    strange = {paragraph.number for paragraph, number, _ in mentions if number not in own}
    others = [
        (paragraph, number, text)
        for paragraph, number, text in mentions
        if number not in own or (paragraph.number in strange and overlap(text, own[number].text) < SAME_SUBJECT_LEAST_OVERLAP)
    ]
    series = [_series_named(paragraph) for paragraph, _, _ in others]
    usual = next((name for name, _ in Counter(filter(None, series)).most_common(1)), "another series")
    found = [
        OtherSeries(number=number, series=name or usual, text=text, paragraph=paragraph.number, span=paragraph.span)
        for (paragraph, number, text), name in zip(others, series, strict=True)
    ]
    found += [
        OtherSeries(number=each.number, series="another series", text=each.text, paragraph=each.paragraph or each.points_to, span=each.span)
        for each in foreign
    ]
    return tuple(found)


def _targets(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for line in paragraph.text.split("\n"):
        for match in _PARAGRAPHS.finditer(line):
            for number in _each(match["numbers"]):
                yield _around(line, match), number
        for match in _PARTS.finditer(line):
            yield _around(line, match), " ".join(match["target"].split())
        for match in _RECOMMENDATIONS.finditer(line):
            if match["own"] or "paragraph" in line[match.end() : match.end() + 20]:
                for number in _each(match["numbers"]):
                    yield _around(line, match), f"Recommendation {number}"


def _mentions(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for line in paragraph.text.split("\n"):
        for sentence in sentences(line):
            for match in _RECOMMENDATIONS.finditer(sentence):
                if match["own"] or re.match(r"\s*(?:[-–(,]\s*)?(?:see\s+)?para", sentence[match.end() :]):
                    continue
                for number in _each(match["numbers"]):
                    yield number, sentence.strip("-•*– ")


def _series_named(paragraph: Paragraph) -> str:
    names = _NAMED_SERIES.findall(paragraph.text)
    return str(names[-1]) if names else ""


def _each(numbers: str) -> list[str]:
    return re.findall(r"\d{1,3}(?:\.\d{1,3})*", numbers)


def _around(line: str, match: re.Match[str]) -> str:
    """The bracket that the reference stands in, else a few words either side."""
    opening, closing = line.rfind("(", 0, match.start()), line.find(")", match.end())
    if opening >= 0 and closing >= 0 and ")" not in line[opening : match.start()] and closing - opening < 120:
        return line[opening : closing + 1]
    start, end = max(0, match.start() - 40), min(len(line), match.end() + 20)
    return line[line.rfind(" ", 0, start) + 1 if start else 0 : end].strip()
