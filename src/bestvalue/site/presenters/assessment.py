"""Inspections in words: how far, which grade, whose, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bestvalue.record.assessment.judging import Judged, JudgedQuestion
from bestvalue.record.assessment.moderation import Moderated
from bestvalue.record.assessment.steps import Step
from bestvalue.site.presenters.tags import Tag

STEP: Mapping[str, Tag] = {
    Step.PLANNED: Tag(words="Planned", colour="grey"),
    Step.FIELDWORK: Tag(words="Fieldwork", colour="blue"),
    Step.SHARED: Tag(words="Grades shared", colour="teal"),
    Step.ACCURACY: Tag(words="Factual accuracy", colour="purple"),
    Step.PUBLISHED: Tag(words="Published", colour="green"),
    Step.WITHDRAWN: Tag(words="Withdrawn", colour="red"),
}
NO_GRADE = Tag(words="No grade yet", colour="grey")
NO_DATA = Tag(words="No data", colour="grey")
COLOURS = ("green", "teal", "yellow", "orange", "red")
"""From the best grade to the worst, spread over the scale; the word says which grade it is."""
OUTCOME: Mapping[str, Tag] = {
    "": Tag(words="To answer", colour="yellow"),
    "accepted": Tag(words="Accepted", colour="green"),
    "partly accepted": Tag(words="Accepted in part", colour="teal"),
    "not accepted": Tag(words="Not accepted", colour="red"),
}


def grade_tag(grade: str | None, *, scale: Sequence[str]) -> Tag:
    """A grade as a tag: None where nobody graded, "" for no data.

    Example:
        >>> grade_tag("fair", scale=["good", "fair", "poor"])
        Tag(words='Fair', colour='yellow')
    """
    if grade is None:
        return NO_GRADE
    if not grade:
        return NO_DATA
    place = scale.index(grade) / (len(scale) - 1)
    return Tag(words=grade[:1].upper() + grade[1:], colour=COLOURS[round(place * (len(COLOURS) - 1))])


@dataclass(frozen=True, kw_only=True)
class GradeLine:
    """A question or a judgement, with the grade of the inspectors, why, and the body's own beside it."""

    key: str
    text: str
    tag: Tag | None
    why: str
    own: Tag
    criteria: tuple["CriterionLine", ...] = ()


@dataclass(frozen=True, kw_only=True)
class CriterionLine:
    """A criterion: who has graded it, as far as the reader may see."""

    key: str
    text: str
    tags: tuple[tuple[str, Tag], ...]


def grade_lines(
    found: Iterable[Judged], own: Iterable[Judged], *, shows: bool, sides: Mapping[str, Mapping[str, str]]
) -> list[tuple[GradeLine, list[GradeLine]]]:
    """Every judgement with its questions.

    Args:
        found: what the inspectors' grades come to.
        own: what the body's own come to.
        shows: whether the reader may see the inspectors' grades.
        sides: the newest grade of each criterion by its key, by side in words, as far as the reader may see.
    """
    return [
        (
            _line(judgement.judgement.key, judgement.judgement.text, judgement, mine, shows=shows, scale=judgement.judgement.grades),
            [
                _line(
                    question.question.key,
                    question.question.text,
                    question,
                    own_question,
                    shows=shows,
                    scale=judgement.judgement.grades,
                    criteria=tuple(
                        _criterion(criterion.key, criterion.text, sides, judgement.judgement.grades) for criterion, _ in question.graded
                    ),
                )
                for question, own_question in zip(judgement.questions, mine.questions, strict=True)
            ],
        )
        for judgement, mine in zip(found, own, strict=True)
    ]


def _line(
    key: str,
    text: str,
    graded: Judged | JudgedQuestion,
    own: Judged | JudgedQuestion,
    *,
    shows: bool,
    scale: Sequence[str],
    criteria: tuple[CriterionLine, ...] = (),
) -> GradeLine:
    why = graded.override.reason + " Two inspectors decided otherwise than the rule." if graded.override else graded.proposed.why
    return GradeLine(
        key=key,
        text=text,
        tag=grade_tag(graded.grade or None, scale=scale) if shows else None,
        why=why if shows else "The grade shows once the draft is sent.",
        own=grade_tag(own.grade or None, scale=scale),
        criteria=criteria,
    )


def _criterion(key: str, text: str, sides: Mapping[str, Mapping[str, str]], scale: Sequence[str]) -> CriterionLine:
    tags = tuple((side, grade_tag(grades[key], scale=scale)) for side, grades in sides.items() if key in grades)
    return CriterionLine(key=key, text=text, tags=tags)


def agreement_words(found: Moderated) -> str:
    """How far two inspectors agree, in a sentence with its base and its interval."""
    if found.agreement is None:
        return f"{found.both} of {found.criteria} criteria were graded by both. {found.why_none}".strip()
    value = found.agreement
    return (
        f"Weighted kappa is {value.value:.2f} (95% interval {value.low:.2f} to {value.high:.2f}) over {found.both} of {found.criteria} "
        f"criteria that both graded; {value.observed:.0%} of those grades are the same. 1 is full agreement, 0 what chance would give."
    )
