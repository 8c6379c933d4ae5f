"""What the grades of one side come to: of every criterion, question and judgement, by the framework's rule and its overrides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bestvalue.record.assessment.aggregation import Proposed, propose
from bestvalue.record.assessment.framework import Criterion, Framework, JudgementFrame, Question
from bestvalue.record.assessment.models import Assessment, Override


@dataclass(frozen=True, kw_only=True)
class JudgedQuestion:
    """A question with its grade: what the rule proposes, and the override that stands in its place."""

    question: Question
    graded: tuple[tuple[Criterion, Assessment | None], ...]
    proposed: Proposed
    override: Override | None

    @property
    def grade(self) -> str:
        """The grade that stands; "" where there is none."""
        return self.override.grade if self.override else self.proposed.grade


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A judgement with its grade, and its questions with theirs."""

    judgement: JudgementFrame
    questions: tuple[JudgedQuestion, ...]
    proposed: Proposed
    override: Override | None

    @property
    def grade(self) -> str:
        """The grade that stands; "" where there is none."""
        return self.override.grade if self.override else self.proposed.grade


def judged(framework: Framework, *, assessments: Iterable[Assessment], overrides: Iterable[Override]) -> tuple[Judged, ...]:
    """Every judgement of a framework, from one side's grades.

    Args:
        framework: of the inspection.
        assessments: of one side; of each criterion the newest counts.
        overrides: those that a second person confirmed count; the others wait.
    """
    newest = {each.criterion: each for each in sorted(assessments, key=lambda each: each.pk)}
    standing = {each.key: each for each in overrides if each.confirmed_by_id is not None}
    return tuple(_judged(framework, judgement, newest, standing) for judgement in framework.judgements)


def _judged(framework: Framework, judgement: JudgementFrame, newest: Mapping[str, Assessment], standing: Mapping[str, Override]) -> Judged:
    questions = tuple(_question(framework, judgement, question, newest, standing) for question in judgement.questions)
    # A question without a grade has either criteria that wait, which the judgement waits for too, or too few data.
    below = [_below(each) for each in questions]
    return Judged(
        judgement=judgement,
        questions=questions,
        proposed=propose(below, scale=judgement.grades, rule=framework.rule),
        override=standing.get(judgement.key),
    )


def _question(
    framework: Framework, judgement: JudgementFrame, question: Question, newest: Mapping[str, Assessment], standing: Mapping[str, Override]
) -> JudgedQuestion:
    graded = tuple((criterion, newest.get(criterion.key)) for criterion in question.criteria)
    grades = [found.grade if found else None for _, found in graded]
    return JudgedQuestion(
        question=question,
        graded=graded,
        proposed=propose(grades, scale=judgement.grades, rule=framework.rule),
        override=standing.get(question.key),
    )


def _below(question: JudgedQuestion) -> str | None:
    waits = question.override is None and any(found is None for _, found in question.graded)
    return None if waits else question.grade
