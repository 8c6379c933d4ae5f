"""Do the questions of each scale measure one thing, and would the same people answer the same again?"""

from dataclasses import dataclass

import numpy as np

from bestvalue.analysis.consult import reliability_charts as charts
from bestvalue.analysis.consult import reliability_statements as say
from bestvalue.analysis.consult import reliability_tables as tables
from bestvalue.analysis.consult.answers import Answers, Floats, read_answers, scales_of
from bestvalue.analysis.consult.one_factor import fit_one_factor
from bestvalue.analysis.consult.polychoric import Polychoric, polychoric
from bestvalue.analysis.consult.reliability_retest import Retest, retest
from bestvalue.analysis.consult.reliability_scale import (
    ItemFit,
    Omega,
    Reliability,
    alphas,
    check_positive_definite,
    check_scores,
    cronbach_alpha,
    item_fit,
    mcdonald_omega,
    split_half,
    turned_wrongly,
)
from bestvalue.analysis.consult.traffic_light import Light, light
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset

FEWEST_FOR_OMEGA = 3
"""Two questions cannot tell a common factor from their own variances."""

FEWEST_PEOPLE = 100
"""Fewer give an interval so wide that a colour would be luck."""


class Spec(AnalysisSpec):
    """Which scales, and how reliable is reliable enough."""

    scales: tuple[str, ...] = parameter((), title="Scales", help="Names of the scales to look at; every scale when left empty.")
    missing_codes: tuple[int, ...] = parameter(
        (-9, -8, -1, 8, 9, 88, 97, 98, 99, 999),
        title="Codes for no answer",
        help="Answers that stand for don't know, refused or not asked. Inside a question's own range such a number is an answer.",
    )
    good: float = parameter(0.8, title="Good reliability", help="At this or above a scale is green.", ge=0.5, le=0.99)
    enough: float = parameter(
        0.7, title="Enough reliability", help="Below this a scale is red: too noisy to compare groups by.", ge=0.3, le=0.95
    )
    bootstraps: int = parameter(
        1000,
        title="Resamples",
        help="How many resamples of people the intervals of omega come from.",
        unit="resamples",
        advanced=True,
        ge=0,
        le=20_000,
    )
    ordinal: bool = parameter(default=True, title="Ordinal versions", help="Also treat answers as steps of a hidden feeling (polychoric).")
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class Ordinal:
    """Alpha and omega of the feelings behind the answers, from polychoric correlations."""

    alpha: float
    omega: float
    hidden: Polychoric


@dataclass(frozen=True, kw_only=True)
class Scale:
    """All that is known of one scale.

    Args:
        name: of the scale.
        answers: every person, the questions that were used.
        complete: array (n, k) of those who answered all of them.
        constant: questions to which everybody gave one answer: left out.
        turned: questions found to be keyed the other way round though not declared: shown, not turned.
        alpha, omega, ordinal, fit, halves, again: the findings; `omega` and `ordinal` None where three questions or more are needed.
    """

    name: str
    answers: Answers
    complete: Floats
    constant: tuple[str, ...]
    turned: tuple[str, ...]
    alpha: Reliability
    omega: Omega | None
    ordinal: Ordinal | None
    fit: ItemFit
    halves: Floats
    again: Retest | None

    @property
    def heywood(self) -> tuple[str, ...]:
        """Questions whose own variance the model puts at nothing."""
        if self.omega is None:
            return ()
        return tuple(item for item, bound in zip(self.answers.ids, self.omega.fit.heywood[0], strict=True) if bound)


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Judge every scale.

    Raises:
        SpecError: no such scale, or a scale with fewer than two usable questions or people.
    """
    progress(0.02, "Reading answers")
    first = read_answers(dataset, missing_codes=spec.missing_codes)
    rounds = dataset.query("SELECT COUNT(*) AS again FROM survey_answers WHERE round = 2 AND answer IS NOT NULL")["again"][0]
    second = read_answers(dataset, answer_round=2, missing_codes=spec.missing_codes) if rounds else None
    names = scales_of(first, spec.scales)
    found = []
    for number, name in enumerate(names):
        progress(0.1 + 0.85 * number / len(names), f"Reliability of {name}")
        found.append(judge_scale(name, first.of_scale(name), second.of_scale(name) if second else None, spec=spec))
    lights = {scale.name: colour(scale, spec) for scale in found}
    return Answer(
        statements=(
            say.overview(found, lights),
            *(statement for scale in found for statement in say.scale(scale, lights[scale.name], spec)),
            *say.left_out(first),
        ),
        tables=tables.tables(found, lights, spec),
        charts=charts.charts(found, spec),
        caveats=say.CAVEATS,
    )


def judge_scale(name: str, answers: Answers, again: Answers | None, *, spec: Spec) -> Scale:
    """Everything about one scale; constant questions are taken out first."""
    spread = np.nanmax(np.where(np.isnan(answers.scores), -np.inf, answers.scores), axis=0) > np.nanmin(
        np.where(np.isnan(answers.scores), np.inf, answers.scores), axis=0
    )
    constant = tuple(item for item, varies in zip(answers.ids, spread, strict=True) if not varies)
    used = answers.of_items([item for item in answers.ids if item not in constant])
    complete = used.scores[used.complete]
    check_scores(complete)
    chance = np.random.default_rng([spec.seed, *name.encode()])
    many = complete.shape[1] >= FEWEST_FOR_OMEGA
    if many:
        check_positive_definite(np.cov(complete.T, ddof=1))
    return Scale(
        name=name,
        answers=used,
        complete=complete,
        constant=constant,
        turned=tuple(used.ids[at] for at in turned_wrongly(complete)) if many else (),
        alpha=cronbach_alpha(complete, confidence=spec.confidence),
        omega=mcdonald_omega(complete, chance=chance, bootstraps=spec.bootstraps, confidence=spec.confidence) if many else None,
        ordinal=_ordinal(complete) if many and spec.ordinal else None,
        fit=item_fit(complete),
        halves=split_half(complete, chance=chance),
        again=retest(used, again.of_items(used.ids), confidence=spec.confidence) if again else None,
    )


def colour(scale: Scale, spec: Spec) -> Light:
    """The traffic light of a scale."""
    value, low = (scale.omega.omega, scale.omega.low) if scale.omega else (scale.alpha.alpha, scale.alpha.low)
    red, amber = [], []
    if scale.turned:
        red.append(f"{', '.join(scale.turned)} {'go' if len(scale.turned) > 1 else 'goes'} against the others: keyed the wrong way round?")
    if value < spec.enough:
        red.append(f"reliability is below {spec.enough:g}")
    elif value < spec.good:
        amber.append(f"reliability is below {spec.good:g}: fit to compare groups, not to judge a person")
    elif low < spec.enough:
        amber.append(f"its interval reaches below {spec.enough:g}")
    if len(scale.complete) < FEWEST_PEOPLE:
        amber.append(f"only {len(scale.complete)} people answered every question")
    if scale.constant:
        amber.append(f"everybody gave the same answer to {', '.join(scale.constant)}")
    if scale.heywood:
        amber.append(f"the model explains {', '.join(scale.heywood)} in full (a Heywood case), which real answers do not do")
    return light(red=tuple(red), amber=tuple(amber), green=f"reliability is {spec.good:g} or more and every question goes with the others")


def _ordinal(complete: Floats) -> Ordinal:
    hidden = polychoric(complete)
    matrix = hidden.correlation[None]
    return Ordinal(alpha=float(alphas(matrix)[0]), omega=float(fit_one_factor(matrix).omega[0]), hidden=hidden)


ANALYSIS = Analysis(
    name="consult.reliability",
    title="Reliability of the questionnaire",
    question="Do the questions of each scale measure one thing, and would the same people answer the same again?",
    needs=("survey_items", "survey_answers"),
    Spec=Spec,
    answer=answer,
)
