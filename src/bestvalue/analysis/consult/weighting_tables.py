"""Tables and the picture of weights: each step, each margin before and after, and the weights themselves."""

import altair as alt
import numpy as np
import polars as pl

from bestvalue.analysis.consult.weights import Weighted, effective_base
from bestvalue.analysis.contract import Chart, ResultTable
from bestvalue.analysis.drawing import BLUE, GREY, ORANGE, WIDTH, inline, spec

MOST_DRAWN = 14
"""Categories in the picture: the worst represented; a margin of 32 boroughs would hide them."""


def tables(made: Weighted) -> dict[str, ResultTable]:
    """Steps, margins, response classes, the model of answering, and one row a person with its weights."""
    found = {
        "steps": _steps(made),
        "margins": _margins(made),
        "weights": ResultTable(
            title="The weight of each person who answered",
            rows=made.people.select("respondent_id").with_columns(
                drawn=pl.Series(made.drawn), responding=pl.Series(made.responding), final=pl.Series(made.final)
            ),
            labels={"drawn": "one over the chance to be drawn", "responding": "after non-response", "final": "after raking"},
            units={"drawn": "people", "responding": "people", "final": "people"},
            note="How many people of the population each person who answered stands for.",
        ),
    }
    if made.propensity is not None:
        found["classes"] = ResultTable(
            title="Response by class of like chance to answer",
            rows=made.by_class,
            units={"invited": "people", "answered": "people", "response": "share"},
            note="Classes by the fitted chance to answer, least likely first; response weighted by the chance to be drawn.",
        )
        z = made.propensity.coefficients / made.propensity.errors
        found["answering"] = ResultTable(
            title="What decides who answers (logistic regression, everybody invited)",
            rows=pl.DataFrame(
                {
                    "what": made.propensity.names,
                    "coefficient": made.propensity.coefficients,
                    "error": made.propensity.errors,
                    "odds_times": np.exp(made.propensity.coefficients),
                    "z": z,
                }
            ),
            labels={"odds_times": "odds of answering, times", "error": "standard error"},
            note="Each category against the first of its variable; errors hold whatever the variance (sandwich).",
        )
    return found


def _steps(made: Weighted) -> ResultTable:
    rows = []
    for step, weights in (("drawn", made.drawn), ("non-response", made.responding), ("raked", made.final)):
        base = effective_base(weights)
        rows.append(
            {
                "step": step,
                "stands_for": float(weights.sum()),
                "lowest": float(weights.min()),
                "median": float(np.median(weights)),
                "highest": float(weights.max()),
                "answered": len(weights),
                "effective_base": base,
                "design_effect": len(weights) / base,
            }
        )
    return ResultTable(
        title="Weights step by step",
        rows=pl.DataFrame(rows),
        labels={"design_effect": "design effect of weighting"},
        units={"stands_for": "people", "effective_base": "people", "answered": "people"},
        note="Effective base: the simple random sample that would say as much (Kish).",
    )


def _margins(made: Weighted) -> ResultTable:
    areas = dict(made.people.select("area_id", "area").unique().iter_rows()) | dict(
        made.invited.select("area_id", "area").unique().iter_rows()
    )
    rows = []
    for margin in made.known.margins:
        for at, category in enumerate(margin.categories):
            inside = margin.codes == at
            rows.append(
                {
                    "margin": margin.name,
                    "category": areas.get(category, category) if margin.name == "area_id" else category,
                    "answered": int(inside.sum()),
                    "known": float(margin.targets[at] / margin.targets.sum()),
                    "as_answered": float(inside.mean()),
                    "after_drawing": float(made.drawn[inside].sum() / made.drawn.sum()),
                    "weighted": float(made.final[inside].sum() / made.final.sum()),
                }
            )
    return ResultTable(
        title="The margins before and after weighting",
        rows=pl.DataFrame(rows),
        labels={"known": "share of the population", "as_answered": "share of answers", "after_drawing": "by chance to be drawn"},
        units=dict.fromkeys(("known", "as_answered", "after_drawing", "weighted"), "share") | {"answered": "people"},
        note="Population: survey_margins.",
    )


def chart(margins: pl.DataFrame) -> Chart:
    """Shares of answers against shares of the population, the worst represented first."""
    worst = (
        margins.with_columns(ratio=pl.col("as_answered") / pl.col("known"))
        .with_columns(far=(pl.col("ratio").log()).abs())
        .sort("far", descending=True, nulls_last=True)
        .head(MOST_DRAWN)
    )
    long = pl.concat(
        [
            worst.select("category", share=pl.col(column), what=pl.lit(what))
            for column, what in (("as_answered", "of the answers"), ("known", "of the population"), ("weighted", "weighted"))
        ]
    )
    drawn = (
        alt.Chart(inline(long))
        .mark_point(filled=True, size=80, opacity=0.8)
        .encode(
            y=alt.Y("category:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)),
            x=alt.X("share:Q", title="share", axis=alt.Axis(format="%")),
            color=alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(domain=["of the answers", "of the population", "weighted"], range=[ORANGE, GREY, BLUE]),
                legend=alt.Legend(orient="top"),
            ),
            shape=alt.Shape("what:N", title=None, scale=alt.Scale(domain=["of the answers", "of the population", "weighted"])),
        )
        .properties(width=WIDTH, height=alt.Step(24))
    )
    top = worst.row(0, named=True)
    return Chart(
        title=f"{top['category']}: {top['known']:.1%} of the population, {top['as_answered']:.1%} of the answers",
        spec=spec(drawn),
        alt=f"For {worst.height} categories, their share of the answers, of the population and "
        "after weighting; the worst represented first.",
        table="margins",
    )
