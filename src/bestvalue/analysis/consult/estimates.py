"""What do people think, in the whole area and in each group, how sure is that, and which groups differ?"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from bestvalue.analysis.consult import estimates_statements as say
from bestvalue.analysis.consult.answers import Answers, Floats, read_answers
from bestvalue.analysis.consult.estimates_tables import charts, tables
from bestvalue.analysis.consult.estimation import (
    Difference,
    Errors,
    Estimate,
    compare_means,
    estimate_mean,
    estimate_quantile,
    estimate_total,
)
from bestvalue.analysis.consult.linearised import Design, variance_of
from bestvalue.analysis.consult.replicates import make_replicates
from bestvalue.analysis.consult.weights import GROUPS, Weighted, WeightingSpec, weigh
from bestvalue.analysis.contract import Analysis, Answer, Progress, parameter
from bestvalue.analysis.multiple_tests import holm
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

FEWEST_IN_GROUP = 10
"""Smaller groups are left out: their interval says nothing, and their members could be known."""


class Spec(WeightingSpec):
    """What to estimate, by which groups, with which errors."""

    questions: tuple[str, ...] = parameter(
        (), title="Questions", help="Codes of the questions to estimate; every question when left empty."
    )
    by: tuple[str, ...] = parameter(
        ("area_group", "age_band", "sex"), title="Groups", help="Columns to group people by: area_id, area_group, age_band, sex, mode."
    )
    missing_codes: tuple[int, ...] = parameter(
        (-9, -8, -1, 8, 9, 88, 97, 98, 99, 999),
        title="Codes for no answer",
        help="Answers that stand for don't know, refused or not asked. Inside a question's own range such a number is an answer.",
    )
    errors: Literal["linearised", "jackknife", "half samples", "bootstrap"] = parameter(
        "linearised",
        title="Errors",
        help="How uncertainty is worked out: by formula, or by weighting again without some of the people.",
        advanced=True,
    )
    replicates: int = parameter(
        200, title="Replicates", help="How many sets of weights the bootstrap makes.", unit="replicates", advanced=True, ge=20, le=2_000
    )


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One thing that is estimated: a question or the mean of a scale, in everybody and in each group.

    Args:
        name: code of the question, or name of the scale.
        wording: words of the question, or what the score is.
        highest: top of its range.
        mean: in everybody, points.
        agree: of a question, the share of people and the number of people who agree (the two highest answers); None for a scale.
        median: of a scale; None for a question.
        groups: (column, group, mean or share) by group.
        gaps: (column, group, difference from everybody else, p after Holm).
    """

    name: str
    wording: str
    highest: int
    mean: Estimate
    agree: tuple[Estimate, Estimate] | None
    median: Estimate | None
    groups: tuple[tuple[str, str, Estimate], ...]
    gaps: tuple[tuple[str, str, Difference, float], ...]

    @property
    def agreed(self) -> tuple[Estimate, Estimate]:
        """Share and number of people who agree, of a question."""
        if self.agree is None:
            raise TypeError(f"{self.name} is a scale: nobody agrees with it")
        return self.agree


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """Everything estimated, with the weights it rests on, small groups left out, and strata of one cluster."""

    made: Weighted
    questions: tuple[Measure, ...]
    scales: tuple[Measure, ...]
    small: tuple[tuple[str, str, int], ...]
    lonely: int
    answers: Answers


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Estimate every question and scale.

    Raises:
        SpecError: no such question or group, or the weights or replicates cannot be made.
    """
    progress(0.05, "Weighting the people who answered")
    found = estimate(dataset, spec, progress)
    return Answer(
        statements=(
            *say.scales(found, spec),
            *say.questions(found, spec),
            *say.groups(found, spec),
            *say.precision(found),
            *say.limits(found),
        ),
        tables=tables(found, spec),
        charts=charts(found, spec),
        caveats=say.CAVEATS,
    )


def estimate(dataset: Dataset, spec: Spec, progress: Progress) -> Estimated:
    """All estimates; see `answer`."""
    unknown = [column for column in spec.by if column not in GROUPS]
    if unknown:
        raise SpecError(f"People cannot be grouped by {unknown[0]!r}", where="by", next_step=f"Choose from {', '.join(GROUPS)}.")
    made = weigh(dataset, spec)
    answers = read_answers(dataset, missing_codes=spec.missing_codes)
    missing = [code for code in spec.questions if code not in answers.ids]
    if missing:
        raise SpecError(
            f"There is no question {missing[0]!r}", where="questions", next_step=f"Questions: {', '.join(answers.ids[:10])} ..."
        )
    scores = _aligned(answers, made)
    errors = make_errors(made, spec)
    groups, small = _groups(made, spec)
    progress(0.2, "Estimating questions")
    wanted = [at for at, code in enumerate(answers.ids) if not spec.questions or code in spec.questions]
    questions = [_question(answers, at, scores[:, at], errors, groups) for at in wanted]
    progress(0.6, "Estimating scales")
    names = [] if spec.questions else list(dict.fromkeys(item.scale for item in answers.items if item.scale))
    measures = [_scale(answers, name, scores, errors, groups) for name in names]
    return Estimated(
        made=made,
        questions=tuple(questions),
        scales=_corrected(measures),
        small=small,
        lonely=variance_of(np.ones((len(made.final), 1)), errors.design).lonely,
        answers=answers,
    )


def make_errors(made: Weighted, spec: Spec) -> Errors:
    """Errors of the kind that the spec asks for."""
    design = Design(
        weights=made.final,
        strata=made.strata,
        clusters=made.clusters,
        margins=made.known.margins if made.raked.met else (),
        before=made.responding,
    )
    if spec.errors == "linearised":
        return Errors(design=design, confidence=spec.confidence)
    method: Literal["JKn", "BRR", "bootstrap"] = {"jackknife": "JKn", "half samples": "BRR", "bootstrap": "bootstrap"}[spec.errors]  # type: ignore[assignment]
    drawn = make_replicates(
        method,
        weights=made.responding,
        strata=made.strata,
        clusters=made.clusters,
        replicates=spec.replicates,
        chance=np.random.default_rng(spec.seed),
    )
    return Errors(design=design, replicates=drawn.raked(made.known.margins), confidence=spec.confidence)


Groups = list[tuple[str, str, np.ndarray]]


def _aligned(answers: Answers, made: Weighted) -> Floats:
    """Scores in the order of the people who are weighted; NaN for somebody without a row of answers."""
    place = {person: at for at, person in enumerate(answers.people)}
    rows = np.array([place.get(person, -1) for person in made.people["respondent_id"]])
    aligned: Floats = np.where(rows[:, None] >= 0, answers.scores[rows], np.nan)
    return aligned


def _groups(made: Weighted, spec: Spec) -> tuple[Groups, tuple[tuple[str, str, int], ...]]:
    found: Groups = []
    small = []
    for column in spec.by:
        values = made.people["area" if column == "area_id" else column].cast(pl.String).fill_null("not said")
        for name in values.unique().sort():
            inside = (values == name).to_numpy()
            if inside.sum() < FEWEST_IN_GROUP:
                small.append((column, name, int(inside.sum())))
            elif not inside.all():
                found.append((column, name, inside))
    return found, tuple(small)


def _question(answers: Answers, at: int, scores: Floats, errors: Errors, groups: Groups) -> Measure:
    item = answers.items[at]
    said = item.lowest + item.highest - scores if item.reversed else scores
    agrees = np.where(np.isnan(said), np.nan, said >= item.highest - 1 if item.highest - item.lowest > 1 else said == item.highest)
    return Measure(
        name=item.item_id,
        wording=item.wording,
        highest=item.highest,
        mean=estimate_mean(said, errors),
        agree=(estimate_mean(agrees, errors, share=True), estimate_total(agrees, errors)),
        median=None,
        groups=tuple((column, name, estimate_mean(agrees, errors, inside=inside, share=True)) for column, name, inside in groups),
        gaps=(),
    )


def _scale(answers: Answers, name: str, scores: Floats, errors: Errors, groups: Groups) -> Measure:
    """Mean of the questions of a scale, for people who answered half of them or more."""
    columns = [at for at, item in enumerate(answers.items) if item.scale == name]
    part = scores[:, columns]
    known = ~np.isnan(part)
    enough = known.sum(axis=1) * 2 >= len(columns)
    score = np.where(enough, np.where(known, part, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1), np.nan)
    gaps = []
    for column, group, inside in groups:
        gaps.append((column, group, compare_means(score, errors, first=inside, second=~inside), float("nan")))
    items = [answers.items[at] for at in columns]
    low, high = min(item.lowest for item in items), max(item.highest for item in items)
    return Measure(
        name=name,
        wording=f"mean of {len(columns)} questions, {low} to {high}, high is much {name}",
        highest=high,
        mean=estimate_mean(score, errors),
        agree=None,
        median=estimate_quantile(score, 0.5, errors),
        groups=tuple((column, group, estimate_mean(score, errors, inside=inside)) for column, group, inside in groups),
        gaps=tuple(gaps),
    )


def _corrected(measures: list[Measure]) -> tuple[Measure, ...]:
    """The p-values of all comparisons of the answer, corrected together by Holm."""
    plain = np.array([gap.p for measure in measures for _, _, gap, _ in measure.gaps])
    corrected = iter(holm(plain))
    return tuple(
        replace(measure, gaps=tuple((column, group, gap, float(next(corrected))) for column, group, gap, _ in measure.gaps))
        for measure in measures
    )


ANALYSIS = Analysis(
    name="consult.estimates",
    title="What people think",
    question="What do people think, in the whole area and in each group, how sure is that, and which groups differ?",
    needs=("survey_sample", "survey_margins", "survey_items", "survey_answers"),
    uses=("areas",),
    Spec=Spec,
    answer=answer,
)
