"""How was this survey made, and how far can it be trusted? The note that goes with it, written from the data."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.consult.answers import read_answers, scales_of
from bestvalue.analysis.consult.estimation import Errors, estimate_mean
from bestvalue.analysis.consult.linearised import Design
from bestvalue.analysis.consult.reliability import Spec as ReliabilitySpec
from bestvalue.analysis.consult.reliability import colour, judge_scale
from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.consult.validity import Spec as ValiditySpec
from bestvalue.analysis.consult.validity import model_light, validate
from bestvalue.analysis.consult.weights import Weighted, WeightingSpec, effective_base, weigh
from bestvalue.analysis.contract import Analysis, Answer, Figure, Progress, ResultTable, Statement, no_progress, parameter
from bestvalue.analysis.rounding import percent, plain
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

CAVEATS = ("Written from the data and the settings named in it; who commissioned the survey, and why, is for its authors to add.",)


class Spec(WeightingSpec):
    """What the data do not say."""

    title: str = parameter("Survey", title="Name of the survey", help="As it stands on its cover.", max_length=200)
    fieldwork_days: int = parameter(
        0,
        title="Days of fieldwork",
        help="How long answers were taken after the invitation; 0 where it is not known.",
        unit="days",
        ge=0,
        le=1000,
    )


@dataclass(frozen=True, kw_only=True)
class Section:
    """One heading of the note, its words, and the figures in them."""

    heading: str
    words: str
    figures: tuple[Figure, ...] = ()


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Write the note.

    Raises:
        SpecError: the weights cannot be made.
    """
    progress(0.1, "Weighting")
    made = weigh(dataset, spec)
    progress(0.3, "Reliability and validity")
    sections = [
        _population(made),
        _sample(made, spec),
        _dates(made, spec),
        _response(made),
        _weights(made, spec),
        *_quality(dataset, spec),
        _limits(made),
    ]
    rows = pl.DataFrame([(one.heading, one.words) for one in sections], schema={"heading": pl.String, "words": pl.String}, orient="row")
    return Answer(
        statements=tuple(
            Statement(text=f"{one.heading}: {one.words}", figures=one.figures, kind="finding" if one.figures else "limit")
            for one in sections
        ),
        tables={"note": ResultTable(title=f"Technical note: {spec.title}", rows=rows)},
        caveats=CAVEATS,
    )


def _figure(name: str, value: float, unit: str, made: Weighted) -> Figure:
    return Figure(name=name, value=value, unit=unit, base=f"{made.people.height:,} people who answered", base_count=made.people.height)


def _population(made: Weighted) -> Section:
    margins = ", ".join(margin.name.replace("_", " ") for margin in made.known.margins)
    words = f"{plain(made.known.population)} people, by the known margins {margins}."
    return Section(heading="Population", words=words, figures=(_figure("population", made.known.population, "people", made),))


def _sample(made: Weighted, spec: Spec) -> Section:
    invited = made.invited.height
    chance = made.invited["selection_probability"].to_numpy()
    together = int(made.invited["cluster"].n_unique() - (1 if made.invited["cluster"].null_count() else 0))
    strata = f"within {len(set(made.invited[spec.strata].to_list()))} strata ({spec.strata})" if spec.strata else "without strata"
    clusters = f", in {together:,} clusters" if together else ", one by one"
    chances = f"with chances from 1 in {1 / chance.max():,.0f} to 1 in {1 / chance.min():,.0f}"
    words = f"{invited:,} people drawn at random {strata}{clusters}, {chances}."
    return Section(heading="Sample", words=words, figures=(_figure("people drawn", invited, "people", made),))


def _dates(made: Weighted, spec: Spec) -> Section:
    modes = made.people["mode"].fill_null("not said").value_counts(sort=True)
    shares = ", ".join(f"{mode} {percent(count / made.people.height)}" for mode, count in modes.iter_rows())
    days = [str(day) for day in made.invited["invited_on"].drop_nulls().unique().sort()]
    sent = "on a day that is not known" if not days else f"on {days[0]}" if len(days) == 1 else f"from {days[0]} to {days[-1]}"
    open_for = f"; answers were taken for {spec.fieldwork_days} days" if spec.fieldwork_days else ""
    minutes = made.people["response_minutes"].drop_nulls()
    took = f" Half took {float(np.median(minutes.to_numpy())):.0f} minutes or less." if len(minutes) else ""
    top = modes.row(0)
    figure = _figure(f"share by {top[0]}", top[1] / made.people.height, "share", made)
    return Section(
        heading="Mode and dates", words=f"Invitations went out {sent}{open_for}. Answers came {shares}.{took}", figures=(figure,)
    )


def _response(made: Weighted) -> Section:
    answered, invited = made.people.height, made.invited.height
    words = f"{answered:,} of {invited:,} answered, {percent(answered / invited)}. consult.who_was_not_heard says who did not."
    return Section(heading="Response", words=words, figures=(_figure("response", answered / invited, "share", made),))


def _weights(made: Weighted, spec: Spec) -> Section:
    effective = effective_base(made.final)
    steps = "One over the chance to be drawn"
    if made.propensity is not None:
        steps += f", times one over response in {made.by_class.height} classes of like chance to answer (by {', '.join(spec.response_by)})"
    met = "all of which are met" if made.raked.met else "not all of which could be met"
    bounds = f"no weight was let fall below {spec.lowest:g} or rise above {spec.highest:g} times where it stood before raking"
    effect = f"design effect of weighting {made.people.height / effective:.2f}"
    words = (
        f"{steps}, raked to {len(made.known.margins)} margins, {met}; {bounds}. "
        f"Effective base {effective:,.0f} of {made.people.height:,} ({effect}). Errors are linearised and hold strata, clusters and raking."
    )
    return Section(heading="Weights", words=words, figures=(_figure("effective base", effective, "people", made),))


def _quality(dataset: Dataset, spec: Spec) -> list[Section]:
    """Reliability and validity, where there are scales; what kept them from being worked out otherwise."""
    if not {"survey_items", "survey_answers"} <= set(dataset.tables):
        return [Section(heading="Reliability and validity", words="Not worked out: the answers are not in the data.")]
    sections = []
    try:
        settings = ReliabilitySpec(seed=spec.seed, bootstraps=200, ordinal=False)
        answers = read_answers(dataset, missing_codes=settings.missing_codes)
        judged = [judge_scale(name, answers.of_scale(name), None, spec=settings) for name in scales_of(answers, ())]
        lights: list[tuple[str, Light]] = [(one.name, colour(one, settings)) for one in judged]
        figures = tuple(
            Figure(
                name=f"alpha of {one.name}",
                value=one.alpha.alpha,
                unit="none",
                base=f"{one.alpha.respondents:,} people",
                base_count=one.alpha.respondents,
            )
            for one in judged
        )
        words = "; ".join(f"{name} {light.colour} (alpha {one.alpha.alpha:.2f})" for (name, light), one in zip(lights, judged, strict=True))
        sections.append(Section(heading="Reliability", words=f"{words}.", figures=figures))
    except SpecError as cause:
        sections.append(Section(heading="Reliability", words=f"Not worked out: {cause.what}."))
    try:
        found = validate(dataset, ValiditySpec(seed=spec.seed, graded=False), no_progress)
        whole = model_light(found)
        compared = "; ".join(
            f"means by {column.replace('_', ' ')} {'may' if one.means_comparable else 'should not'} be compared"
            for column, one in found.between.items()
        )
        cfi = Figure(
            name="CFI", value=found.indices.cfi, unit="none", base=f"{len(found.complete):,} people", base_count=len(found.complete)
        )
        words = f"The scales as meant are {whole.colour}: {whole.said}{f'; {compared}' if compared else ''}."
        sections.append(Section(heading="Validity", words=words, figures=(cfi,)))
    except SpecError as cause:
        sections.append(Section(heading="Validity", words=f"Not worked out: {cause.what}."))
    return sections


def _limits(made: Weighted) -> Section:
    """The margin that a percentage of everybody has, and what the weights could not do."""
    halves = np.tile([0.0, 1.0], made.people.height)[: made.people.height]
    design = Design(weights=made.final, strata=made.strata, clusters=made.clusters)
    widest = estimate_mean(halves, Errors(design=design), share=True)
    margin = (widest.high - widest.low) / 2
    said = [f"A percentage near 50% of everybody is sure to about {100 * margin:.1f} points either way (95%), by chance alone"]
    said += [f"nobody of {margin_} = {category} answered" for margin_, category, _ in made.known.unmet]
    if made.silent:
        said.append(f"nobody answered in {len(made.silent)} strata")
    figure = _figure("margin of a percentage near a half", margin, "share", made)
    return Section(heading="Limits", words="; ".join(said) + ".", figures=(figure,))


ANALYSIS = Analysis(
    name="consult.technical_note",
    title="Technical note of the survey",
    question="How was this survey made, and how far can it be trusted?",
    needs=("survey_sample", "survey_margins"),
    uses=("survey_items", "survey_answers", "areas"),
    Spec=Spec,
    answer=answer,
)
