"""Who was asked and did not answer, how representative are those who did, and what could that do to the headline?"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.consult import who_was_not_heard_statements as say
from bestvalue.analysis.consult.answers import read_answers
from bestvalue.analysis.consult.estimation import Errors, Estimate, estimate_mean
from bestvalue.analysis.consult.intervals_chart import bars_with_intervals
from bestvalue.analysis.consult.linearised import Design
from bestvalue.analysis.consult.propensity import Propensity, fit_propensity
from bestvalue.analysis.consult.representativeness import Headline, Representativeness, headline_bounds, representativeness
from bestvalue.analysis.consult.weights import GROUPS, Weighted, WeightingSpec, weigh
from bestvalue.analysis.contract import Analysis, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.drawing import spec as drawn
from bestvalue.analysis.rates import wilson_interval
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

KNOWN_OF_EVERYBODY = tuple(column for column in GROUPS if column != "mode")


class Spec(WeightingSpec):
    """Whom to compare, and which question is the headline."""

    by: tuple[str, ...] = parameter(
        ("area_group", "area_id", "age_band", "sex"),
        title="Groups",
        help="Columns known of everybody who was invited: area_id, area_group, age_band, sex.",
    )
    headline: str = parameter(
        "", title="Headline question", help="Code of the question whose percentage is reported; the first when left empty."
    )


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Everything found.

    Args:
        made: weights and sample.
        model: the chance to answer, unweighted.
        found: representativeness by that model.
        groups: by column and group: invited, answered, response with interval.
        question: the headline's code and words; `seen` its weighted share who agree, `unweighted` the plain one; None without answers.
        bounds: what those not heard could do.
    """

    made: Weighted
    model: Propensity | None
    found: Representativeness | None
    groups: pl.DataFrame
    question: tuple[str, str] | None
    seen: Estimate | None
    unweighted: float
    bounds: Headline | None


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Compare those heard with those asked.

    Raises:
        SpecError: no such column or question, or the weights cannot be made.
    """
    progress(0.1, "Comparing those heard with those asked")
    heard = listen(dataset, spec)
    tables = {
        "groups": ResultTable(
            title="Response by group",
            rows=heard.groups,
            units={"invited": "people", "answered": "people", "response": "share", "low": "share", "high": "share"},
            note=f"Everybody invited; {spec.confidence:.0%} intervals (Wilson).",
        )
    }
    return Answer(
        statements=(
            *say.least_heard(heard, spec),
            *say.representative(heard, spec),
            *say.headline(heard, spec),
            *say.limits(heard),
        ),
        tables=tables,
        charts={"groups": _chart(heard)},
        caveats=say.CAVEATS,
    )


def listen(dataset: Dataset, spec: Spec) -> Heard:
    """All that `answer` tells."""
    unknown = [column for column in spec.by if column not in KNOWN_OF_EVERYBODY]
    if unknown:
        raise SpecError(
            f"{unknown[0]!r} is not known of everybody who was invited",
            where="by",
            next_step=f"Choose from {', '.join(KNOWN_OF_EVERYBODY)}.",
        )
    made = weigh(dataset, spec)
    answered = made.invited["responded"].to_numpy()
    model = None if answered.all() else fit_propensity(made.invited, by=spec.response_by)
    found = (
        None if model is None else representativeness(model, answered, chance=np.random.default_rng(spec.seed), confidence=spec.confidence)
    )
    question, seen, unweighted = _headline(dataset, made, spec)
    response = float(made.drawn.sum() / (1 / made.invited["selection_probability"].to_numpy()).sum())
    return Heard(
        made=made,
        model=model,
        found=found,
        groups=pl.concat([_group(made, column, spec) for column in spec.by]) if spec.by else pl.DataFrame(schema=GROUP_ROWS),
        question=question,
        seen=seen,
        unweighted=unweighted,
        bounds=headline_bounds(seen.value, response=response) if seen else None,
    )


GROUP_ROWS = {
    "by": pl.String,
    "group": pl.String,
    "invited": pl.Int64,
    "answered": pl.Int64,
    "response": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def _group(made: Weighted, column: str, spec: Spec) -> pl.DataFrame:
    label = "area" if column == "area_id" else column
    rows = made.invited.group_by(pl.col(label).cast(pl.String).fill_null("not said").alias("group")).agg(
        pl.len().cast(pl.Int64).alias("invited"), pl.col("responded").sum().cast(pl.Int64).alias("answered")
    )
    rows = rows.sort("group")
    ends = wilson_interval(
        rows["answered"].to_numpy().astype(float), whole=rows["invited"].to_numpy().astype(float), confidence=spec.confidence
    )
    return rows.select(
        pl.lit(column).alias("by"),
        "group",
        "invited",
        "answered",
        (pl.col("answered") / pl.col("invited")).alias("response"),
        pl.Series("low", ends.low),
        pl.Series("high", ends.high),
    )


def _headline(dataset: Dataset, made: Weighted, spec: Spec) -> tuple[tuple[str, str] | None, Estimate | None, float]:
    if "survey_answers" not in dataset.tables or "survey_items" not in dataset.tables:
        return None, None, float("nan")
    answers = read_answers(dataset)
    code = spec.headline or answers.ids[0]
    if code not in answers.ids:
        raise SpecError(f"There is no question {code!r}", where="headline", next_step=f"Questions: {', '.join(answers.ids[:10])} ...")
    item = answers.items[answers.ids.index(code)]
    score = dict(zip(answers.people.tolist(), answers.scores[:, answers.ids.index(code)], strict=True))
    raw = np.array([score.get(person, np.nan) for person in made.people["respondent_id"]])
    said = item.lowest + item.highest - raw if item.reversed else raw
    agrees = np.where(np.isnan(said), np.nan, said >= item.highest - 1)
    design = Design(
        weights=made.final,
        strata=made.strata,
        clusters=made.clusters,
        margins=made.known.margins if made.raked.met else (),
        before=made.responding,
    )
    seen = estimate_mean(agrees, Errors(design=design, confidence=spec.confidence), share=True)
    return (code, item.wording), seen, float(np.nanmean(agrees))


def _chart(heard: Heard) -> Chart:
    rows = heard.groups.unique("group", keep="first", maintain_order=True).sort("response", "group")
    shown = rows.head(12) if rows.height > 24 else rows
    least = rows.row(0, named=True)
    return Chart(
        title=f"{least['group']} answered least, {least['response']:.0%}",
        spec=drawn(bars_with_intervals(shown.rename({"response": "value"}), name="group", title="share who answered", percent=True)),
        alt=f"Share who answered in the {shown.height} groups that answered least, with intervals.",
        table="groups",
    )


ANALYSIS = Analysis(
    name="consult.who_was_not_heard",
    title="Who was not heard",
    question="Who was asked and did not answer, how representative are those who did, and what could that do to the headline?",
    needs=("survey_sample", "survey_margins"),
    uses=("survey_items", "survey_answers", "areas"),
    Spec=Spec,
    answer=answer,
)
