"""Graded judgements: the question, the grade, the scale it stands on, and every paragraph that gives it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.documents.reading.language import overlap, sentences
from bestvalue.documents.reading.outline import Outline
from bestvalue.documents.reading.structure import Confidence, Judgement, Paragraph, Section

GRADES = (
    "outstanding", "excellent", "good", "fair", "adequate", "promising", "satisfactory", "uncertain", "requires improvement",
    "unsatisfactory", "inadequate", "poor", "weak",
)  # fmt: skip
SAME_QUESTION_LEAST_OVERLAP = 0.6

_GRADE = "|".join(grade.replace(" ", r"\s+") for grade in GRADES)
_JUDGED = re.compile(
    rf"\b(?:judge[sd]?|conclude[sd]?|grade[sd]?|assess(?:es|ed)?|rate[sd]?|consider(?:s|ed)|found)\b(?P<subject>[^.]{{0,160}}?)"
    rf"\b(?:is|as|are|was|to be|were|at)\s+[‘“'\"*_]{{0,3}}(?P<grade>{_GRADE})[’”'\"*_]{{0,3}}(?=\s*(?:[.,;)]|$|\s(?:at|in|and)\b))",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"^(?:[A-Z][\w’' &-]*\b(?:Police|Constabulary|Service|force|Force|Authority|Council)|The force|The constabulary|The service)\s+"
    rf"(?:is\s+|was\s+)?[*_]{{0,2}}(?P<grade>{_GRADE})[*_]{{0,2}}\s+(?:at|in)\s+(?P<subject>[^.]+)\.?$"
)
_SCALE = re.compile(
    rf"(?:either|following|of|as|:)\s*:?\s*(?P<grades>(?:(?:{_GRADE})\s*,\s*)+(?:{_GRADE})\s*,?\s*(?:or|and)\s+(?:{_GRADE}))", re.IGNORECASE
)
_JUDGEMENT_TITLE = re.compile(r"^judg(?:e)?ment\s*\w*\s*[:.–-]\s*(?P<question>.+)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class _Given:
    question: str
    titled: bool
    grade: str
    sentence: str
    paragraph: Paragraph


def find_judgements(outline: Outline) -> tuple[Judgement, ...]:
    """Every judgement once, with all the paragraphs that give it, in order of the report."""
    given = [each for paragraph in outline.paragraphs for each in _given(paragraph, outline.sections)]
    scales = _scales(outline.paragraphs)
    groups: list[list[_Given]] = []
    for each in given:
        group = next((found for found in groups if _same(found[0], each)), None)
        if group is None:
            groups.append([each])
        else:
            group.append(each)
    return tuple(_judgement(group, scales) for group in groups)


def _given(paragraph: Paragraph, sections: Sequence[Section]) -> list[_Given]:
    found = []
    for line in paragraph.text.split("\n"):
        for sentence in sentences(line):
            match = _JUDGED.search(sentence) or _PLAIN.match(sentence)
            if match is None or re.search(r"\b(?:if|whether|would|could|might|may|good practice)\b", sentence):
                continue
            question, titled = _question(paragraph.section, sections, match["subject"])
            grade = " ".join(match["grade"].split())
            found.append(_Given(question=question, titled=titled, grade=grade, sentence=sentence, paragraph=paragraph))
    return found


def _question(section: Section | None, sections: Sequence[Section], subject: str) -> tuple[str, bool]:
    """The question that a grade answers: a heading "Judgement 1: ..." at or above it, else what the sentence is about."""
    if section is not None:
        above: list[Section] = []
        for each in reversed(sections[: section.order]):
            if not above or each.level < above[-1].level:
                above.append(each)
        for each in above:
            if (match := _JUDGEMENT_TITLE.match(each.title)) is not None:
                return match["question"].strip(), True
    words = re.sub(r"^\W*(?:that|the force|how)?\s*", "", subject).strip(" ,:*_")
    return (words[:1].upper() + words[1:]) or (section.title if section is not None else "Overall judgement"), False


def _same(first: _Given, second: _Given) -> bool:
    if first.titled and second.titled:
        return first.question.casefold() == second.question.casefold()
    alike = (
        overlap(first.question, second.question) >= SAME_QUESTION_LEAST_OVERLAP or first.question.casefold() == second.question.casefold()
    )
    return alike and first.grade.casefold() == second.grade.casefold()


def _scales(paragraphs: Sequence[Paragraph]) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for paragraph in paragraphs:
        for match in _SCALE.finditer(paragraph.text):
            grades = re.split(r"\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+", match["grades"].casefold())
            found.append((_chapter(paragraph), tuple(" ".join(grade.split()) for grade in grades if grade)))
    return found


def _judgement(group: Sequence[_Given], scales: Sequence[tuple[str, tuple[str, ...]]]) -> Judgement:
    first = group[0]
    grade = first.grade
    scale = _scale_of(grade, [each.paragraph for each in group], scales)
    agreed = len({each.grade.casefold() for each in group}) == 1
    reasons = [f"{len(group)} paragraph{'s' if len(group) > 1 else ''} give{'' if len(group) > 1 else 's'} it"]
    if first.titled:
        reasons.append("a heading asks the question")
    if not agreed:
        reasons.append("its paragraphs give different grades")
    share = 0.75 + 0.1 * first.titled + 0.1 * (len(group) > 1) if agreed else 0.4
    return Judgement(
        question=first.question,
        grade=grade,
        scale=scale,
        paragraphs=tuple(dict.fromkeys(each.paragraph.number for each in group)),
        text=first.sentence,
        span=first.paragraph.span,
        confidence=Confidence(share=share, reasons=tuple(reasons)),
    )


def _scale_of(grade: str, paragraphs: Sequence[Paragraph], scales: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The scale that the judgement's own chapter gives, else one of the report's that has the grade."""
    chapters = {_chapter(paragraph) for paragraph in paragraphs}
    fitting = [(chapter, scale) for chapter, scale in scales if grade.casefold() in scale]
    near = [scale for chapter, scale in fitting if chapter in chapters]
    return next(iter([*near, *(scale for _, scale in fitting)]), ())


def _chapter(paragraph: Paragraph) -> str:
    return paragraph.number.split(".")[0] if paragraph.numbered else ""
