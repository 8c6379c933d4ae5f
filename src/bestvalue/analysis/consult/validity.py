"""Do the scales measure what they are meant to, each its own thing, and the same thing in every group?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from bestvalue.analysis.consult import validity_statements as say
from bestvalue.analysis.consult.answers import Answers, Floats, read_answers, scales_of
from bestvalue.analysis.consult.confirmatory import Fitted, Moments, fit, moments_of
from bestvalue.analysis.consult.confirmatory_model import make_model
from bestvalue.analysis.consult.convergence import Convergence, convergence
from bestvalue.analysis.consult.exploratory import Exploratory, explore
from bestvalue.analysis.consult.factorability import Parallel, Sphericity, parallel_analysis, sampling_adequacy, sphericity
from bestvalue.analysis.consult.fit_indices import FitIndices, fit_indices
from bestvalue.analysis.consult.graded_response import Graded, fit_graded
from bestvalue.analysis.consult.invariance import Invariance, measure_invariance
from bestvalue.analysis.consult.known_groups import KnownGroups, known_groups
from bestvalue.analysis.consult.traffic_light import Light, light
from bestvalue.analysis.consult.validity_tables import charts, tables
from bestvalue.analysis.consult.weights import GROUPS, read_sample
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

FEWEST_IN_GROUP = 100
"""Smaller groups cannot carry a model of their own."""

FEWEST_QUESTIONS = 3


class Spec(AnalysisSpec):
    """Which scales, how factors are looked for, and between which groups."""

    scales: tuple[str, ...] = parameter((), title="Scales", help="Names of the scales to look at; every scale when left empty.")
    between: tuple[str, ...] = parameter(
        ("area_group", "sex"),
        title="Between groups",
        help="Columns between whose groups scales are to be compared: area_group, area_id, age_band, sex, mode.",
    )
    known_groups: tuple[str, ...] = parameter(
        (),
        title="Known groups",
        help="What you expect before you look, each as scale: column: higher group > lower group, such as worry: sex: female > male.",
    )
    missing_codes: tuple[int, ...] = parameter(
        (-9, -8, -1, 8, 9, 88, 97, 98, 99, 999),
        title="Codes for no answer",
        help="Answers that stand for don't know, refused or not asked. Inside a question's own range such a number is an answer.",
    )
    extraction: Literal["ml", "minres"] = parameter(
        "ml", title="Extraction", help="How exploratory factors are found: maximum likelihood or least squares.", advanced=True
    )
    rotation: Literal["none", "varimax", "promax", "oblimin"] = parameter(
        "oblimin", title="Rotation", help="How exploratory factors are turned; oblimin and promax let them go together.", advanced=True
    )
    graded: bool = parameter(
        default=True,
        title="Item response",
        help="Also say for whom each scale measures well (graded response model); it takes some seconds.",
    )
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class Validated:
    """Everything found.

    Args:
        answers: of the questions used; `complete` of them, array (n, k), those who answered all.
        scales: names, in the order of `belongs`.
        belongs: scale of each question, from 0.
        constant: questions to which everybody gave one answer: left out.
        dropped: scales with fewer than three usable questions: left out.
        adequacy, each_adequacy, bartlett, parallel, explored: of the exploration; `strays` load most on another scale's factor.
        confirmed, indices, apart: of the model that was meant.
        between: by column, how far the questions mean the same; `too_small` names groups left out.
        known: groups that were expected to differ, and whether they do.
        graded: by scale, for whom it measures well.
    """

    answers: Answers
    complete: Floats
    scales: tuple[str, ...]
    belongs: tuple[int, ...]
    constant: tuple[str, ...]
    dropped: tuple[str, ...]
    adequacy: float
    each_adequacy: Floats
    bartlett: Sphericity
    parallel: Parallel
    explored: Exploratory
    strays: tuple[str, ...]
    confirmed: Fitted
    indices: FitIndices
    apart: Convergence
    between: dict[str, Invariance]
    graded: dict[str, Graded]
    too_small: tuple[str, ...]
    known: tuple[KnownGroups, ...]


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Explore, confirm, and compare groups.

    Raises:
        SpecError: no such scale or column, too few questions or people, or covariances that no model fits.
    """
    progress(0.05, "Reading answers")
    found = validate(dataset, spec, progress)
    lights = {"model": model_light(found)} | {name: scale_light(found, at) for at, name in enumerate(found.scales)}
    return Answer(
        statements=(
            say.overview(found, lights),
            *say.exploration(found),
            say.model(found, lights["model"]),
            *say.scales(found, lights, spec),
            *say.precise(found),
            *say.between(found),
            *say.known(found, spec),
            *say.limits(found),
        ),
        tables=tables(found, lights),
        charts=charts(found),
        caveats=say.CAVEATS,
    )


def validate(dataset: Dataset, spec: Spec, progress: Progress) -> Validated:
    """All that `answer` tells."""
    answers = read_answers(dataset, missing_codes=spec.missing_codes)
    used, constant, dropped = _usable(answers, scales_of(answers, spec.scales))
    names = tuple(dict.fromkeys(item.scale for item in used.items))
    belongs = tuple(names.index(item.scale) for item in used.items)
    complete = used.scores[used.complete]
    if len(complete) < max(FEWEST_IN_GROUP, len(belongs) * 5):
        raise SpecError(
            f"Only {len(complete):,} people answered all {len(belongs)} questions",
            where="survey_answers",
            next_step=f"Five people a question, and {FEWEST_IN_GROUP} at least, are needed; look at fewer scales at once.",
        )
    moments = moments_of(complete)
    progress(0.2, "Fitting the scales as they were meant")
    confirmed = fit(make_model(belongs), [moments])
    correlation: Floats = np.asarray(np.corrcoef(complete.T))
    progress(0.4, "Looking for factors")
    adequacy, each = sampling_adequacy(correlation)
    parallel = parallel_analysis(correlation, people=len(complete), chance=np.random.default_rng(spec.seed))
    most = max(1, min(len(names), _most_factors(len(belongs))))
    explored = explore(correlation, factors=most, people=len(complete), extraction=spec.extraction, rotation=spec.rotation)
    progress(0.6, "Comparing groups")
    between, small = _between(dataset, used, belongs, spec)
    return Validated(
        answers=used,
        complete=complete,
        scales=names,
        belongs=belongs,
        constant=constant,
        dropped=dropped,
        adequacy=adequacy,
        each_adequacy=each,
        bartlett=sphericity(correlation, people=len(complete)),
        parallel=parallel,
        explored=explored,
        strays=_strays(used, belongs, explored),
        confirmed=confirmed,
        indices=fit_indices(confirmed),
        apart=convergence(confirmed.standardised(), confirmed.factor_correlation(), correlation, belongs),
        between=between,
        graded=_graded(used, names, spec, progress),
        too_small=small,
        known=known_groups(dataset, used, spec.known_groups, confidence=spec.confidence),
    )


def model_light(found: Validated) -> Light:
    """The colour of the model as it was meant; cut-offs of Hu and Bentler (1999) for amber, the older ones for red."""
    fit_ = found.indices
    red, amber = [], []
    if not found.confirmed.converged:
        red.append("the fit did not settle")
    if found.confirmed.heywood:
        items = ", ".join(found.answers.ids[at] for _, at in found.confirmed.heywood)
        red.append(f"the own variance of {items} came out below zero (a Heywood case)")
    for name, value, poor, good in (
        ("CFI", fit_.cfi, 0.90, 0.95),
        ("RMSEA", -fit_.rmsea, -0.10, -0.06),
        ("SRMR", -fit_.srmr, -0.10, -0.08),
    ):
        if value < poor:
            red.append(f"{name} {abs(value):.3f} is beyond {abs(poor):g}")
        elif value < good:
            amber.append(f"{name} {abs(value):.3f} is short of {abs(good):g}")
    return light(
        red=tuple(red), amber=tuple(amber), green=f"CFI {fit_.cfi:.3f}, RMSEA {fit_.rmsea:.3f} and SRMR {fit_.srmr:.3f} are all good"
    )


def scale_light(found: Validated, at: int) -> Light:
    """The colour of one scale: do its questions converge, is it apart from the others?"""
    red, amber = [], []
    extracted, own = float(found.apart.variance_extracted[at]), [q for q, scale in enumerate(found.belongs) if scale == at]
    loading = found.confirmed.standardised()[own, at]
    against = [found.answers.ids[q] for q, value in zip(own, loading, strict=True) if value < 0]
    if against:
        red.append(f"{', '.join(against)} goes against the others: keyed the wrong way round?")
    # Below one half the scale still converges if it is reliable as a whole (Fornell and Larcker 1981, p. 46).
    if extracted < 0.5 and found.apart.composite[at] < 0.6:
        red.append(f"its questions share only {extracted:.0%} of their variance")
    elif extracted < 0.5 and found.apart.composite[at] < 0.7:
        amber.append(f"its questions share {extracted:.0%} of their variance, less than half")
    for other, name in enumerate(found.scales):
        if other != at and found.apart.ratios[at, other] >= 0.85:
            listed = red if found.apart.ratios[at, other] >= 0.9 else amber
            listed.append(f"it can hardly be told from {name} (HTMT {found.apart.ratios[at, other]:.2f})")
    weak = [found.answers.ids[q] for q, value in zip(own, loading, strict=True) if 0 <= value < 0.4]
    if weak:
        amber.append(f"{', '.join(weak)} hardly belong{'s' if len(weak) == 1 else ''} to it")
    return light(red=tuple(red), amber=tuple(amber), green="its questions go together and it is apart from the other scales")


def _usable(answers: Answers, names: list[str]) -> tuple[Answers, tuple[str, ...], tuple[str, ...]]:
    of_scales = answers.of_items([item.item_id for item in answers.items if item.scale in names])
    low, high = (
        edge(np.where(np.isnan(of_scales.scores), fill, of_scales.scores), axis=0) for edge, fill in ((np.min, np.inf), (np.max, -np.inf))
    )
    constant = tuple(item for item, varies in zip(of_scales.ids, high > low, strict=True) if not varies)
    varied = [item for item in of_scales.items if item.item_id not in constant]
    sizes = {name: sum(item.scale == name for item in varied) for name in names}
    dropped = tuple(name for name, size in sizes.items() if size < FEWEST_QUESTIONS)
    kept = [item.item_id for item in varied if item.scale not in dropped]
    if not kept:
        raise SpecError(
            "No scale has three usable questions",
            where="survey_items",
            next_step="A factor needs three questions that people answer differently.",
        )
    return of_scales.of_items(kept), constant, dropped


def _graded(used: Answers, names: tuple[str, ...], spec: Spec, progress: Progress) -> dict[str, Graded]:
    """The graded response model of each scale, on everybody who answered at least one of its questions."""
    if not spec.graded:
        return {}
    found = {}
    for number, name in enumerate(names):
        progress(0.7 + 0.25 * number / len(names), f"For whom {name} measures well")
        scores = used.of_scale(name).scores
        found[name] = fit_graded(scores[~np.isnan(scores).all(axis=1)])
    return found


def _most_factors(k: int) -> int:
    return max(m for m in range(1, k) if (k - m) ** 2 >= k + m) if k > 2 else 1


def _strays(answers: Answers, belongs: tuple[int, ...], explored: Exploratory) -> tuple[str, ...]:
    """Questions that load most on a factor to which most of another scale belongs."""
    top = np.abs(explored.loadings).argmax(axis=1)
    scale_of = np.asarray(belongs)
    home = {scale: int(np.bincount(top[scale_of == scale], minlength=explored.loadings.shape[1]).argmax()) for scale in set(belongs)}
    if len(set(home.values())) < len(home):
        return ()  # two scales have one factor: the number of factors tells that, and no question is astray
    return tuple(answers.ids[at] for at in range(len(belongs)) if top[at] != home[belongs[at]])


def _between(dataset: Dataset, used: Answers, belongs: tuple[int, ...], spec: Spec) -> tuple[dict[str, Invariance], tuple[str, ...]]:
    if not spec.between or "survey_sample" not in dataset.tables:
        return {}, ()
    unknown = [column for column in spec.between if column not in GROUPS]
    if unknown:
        raise SpecError(f"People cannot be grouped by {unknown[0]!r}", where="between", next_step=f"Choose from {', '.join(GROUPS)}.")
    sample = read_sample(dataset)
    found: dict[str, Invariance] = {}
    small = []
    for column in spec.between:
        group_of = dict(sample.select("respondent_id", pl.col(column).cast(pl.String).fill_null("not said")).iter_rows())
        group = np.array([group_of.get(str(person), "not said") for person in used.people])
        moments: dict[str, Moments] = {}
        for name in sorted(set(group.tolist())):
            here = used.scores[(group == name) & used.complete]
            if len(here) >= FEWEST_IN_GROUP and (np.ptp(here, axis=0) > 0).all():
                moments[name] = moments_of(here)
            else:
                small.append(f"{name} ({column.replace('_', ' ')}, {len(here)})")
        if len(moments) > 1:
            found[column] = measure_invariance(moments, belongs)
    return found, tuple(small)


ANALYSIS = Analysis(
    name="consult.validity",
    title="Validity of the questionnaire",
    question="Do the scales measure what they are meant to, each its own thing, and the same thing in every group?",
    needs=("survey_items", "survey_answers"),
    uses=("survey_sample", "areas"),
    Spec=Spec,
    answer=answer,
)
