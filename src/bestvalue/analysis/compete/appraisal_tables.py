"""The tables of an appraisal, a row an option (or a part of one) and the service in the first column."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from bestvalue.analysis.compete.appraisal_case import Case
from bestvalue.analysis.compete.appraisal_flows import CATEGORIES
from bestvalue.analysis.compete.appraisal_value import Value
from bestvalue.analysis.compete.rates.discounting import discount_factors
from bestvalue.analysis.contract import ResultTable
from bestvalue.analysis.pence import PENCE_A_POUND

LABELS = {
    "net_cost_pounds": "net present cost",
    "npsv_pounds": "value against the baseline",
    "low_pounds": "from",
    "high_pounds": "to",
    "swing_pounds": "swing",
    "benefit_cost_ratio": "benefit-cost ratio",
    "payback_years": "payback",
    "discounted_payback_years": "payback, discounted",
    "equivalent_annual_pounds": "equivalent annual cost",
    "rate_of_return": "rate of return",
    "better_share": "better than the baseline",
    "best_share": "best of all",
    "present_pounds": "present value",
    "change_pounds": "against the baseline",
}


def tables(cases: Sequence[Case]) -> dict[str, ResultTable]:
    """Every table of the answer."""
    first = cases[0].settings
    said = f"{first.edition.name}: {first.edition.source}. {first.schedule.means}."
    found = {
        "options": _table("Options", cases, _options, f"{said} Intervals at {first.confidence:.0%} from {first.draws:,} draws."),
        "categories": _table("Present value by sort of money", cases, _categories, "Costs above 0, gains below."),
        "years": _table("Money by year, real, not discounted", cases, _years, "Optimism bias included; the factor discounts it."),
        "switching": _table("Switching values", cases, lambda case: case.switching, "By how much one sort of money must change."),
        "tornado": _table("One estimate at a time", cases, lambda case: case.tornado, "Value against the baseline at either end."),
        "distribution": _table("Who bears it", cases, lambda case: case.distribution, "Net present cost; no area: the whole force."),
        "effects": _table("Effects without a price", cases, lambda case: case.effects, "Listed, and in none of the sums."),
        "flows": _table("Flows as appraised", cases, _flows, "With optimism bias and in one year's prices."),
    }
    if any(case.scores is not None for case in cases):
        found["criteria"] = _table("Scores on the criteria", cases, _criteria, "Beside money, never instead of it.")
        found["weights"] = _table("How steady the leader is", cases, _weights, "The other weights keep their proportions.")
    if any(case.sensitivity is not None for case in cases):
        found["sensitivity"] = _table(
            "Values by the sensitivity schedule", cases, _sensitivity, "Required beside the standard rates for long horizons."
        )
    return found


def _table(title: str, cases: Sequence[Case], of: Callable[[Case], pl.DataFrame], note: str) -> ResultTable:
    parts = [of(case).insert_column(0, pl.Series("service", [case.flows.service] * of(case).height, dtype=pl.String)) for case in cases]
    rows = pl.concat([_in_pounds(part) for part in parts])
    units = {name: "pounds" for name in rows.columns if name.endswith("_pounds")}
    shares = ("better_share", "best_share", "change", "uplift", "rate_of_return", "weight", "from_weight", "to_weight", "first_share")
    units |= {name: "share" for name in rows.columns if name in shares}
    units |= {name: "years" for name in rows.columns if name.endswith("payback_years")}
    labels = {name: LABELS.get(name, name.removesuffix("_pounds").replace("_", " ")) for name in rows.columns}
    return ResultTable(title=title, rows=rows, labels=labels, units=units, note=note)


def _in_pounds(table: pl.DataFrame) -> pl.DataFrame:
    pence = [name for name in table.columns if name.endswith("_pence")]
    return table.with_columns(pl.col(name) / PENCE_A_POUND for name in pence).rename(
        {name: f"{name.removesuffix('pence')}pounds" for name in pence}
    )


def _options(case: Case) -> pl.DataFrame:
    found, seen, names = case.value, case.outcome, case.flows.names
    return pl.DataFrame(
        {
            "option": names,
            "kind": case.flows.options["kind"],
            "net_cost_pence": found.net_cost,
            "npsv_pence": found.npsv,
            "low_pence": seen.low,
            "high_pence": seen.high,
            "better_share": seen.better_share,
            "best_share": seen.best_share,
            "benefit_cost_ratio": pl.Series([found.ratio(place) for place in range(len(names))], dtype=pl.Float64),
            "payback_years": pl.Series(found.payback_years, dtype=pl.Int64),
            "discounted_payback_years": pl.Series(found.discounted_payback_years, dtype=pl.Int64),
            "equivalent_annual_pence": found.equivalent_annual_cost,
            "rate_of_return": pl.Series(found.rate_of_return, dtype=pl.Float64),
        }
    )


def _categories(case: Case) -> pl.DataFrame:
    names = case.flows.names
    return pl.DataFrame(
        {
            "option": np.repeat(names, len(CATEGORIES)),
            "category": list(CATEGORIES) * len(names),
            "present_pence": case.value.present.ravel(),
            "change_pence": (case.value.present - case.value.present[:1]).ravel(),
        }
    ).filter((pl.col("present_pence") != 0) | (pl.col("change_pence") != 0))


def _years(case: Case) -> pl.DataFrame:
    money = case.flows.money().sum(axis=1)
    years = money.shape[1]
    factors = discount_factors(case.settings.schedule, years=years - 1)
    return pl.DataFrame(
        {
            "option": np.repeat(case.flows.names, years),
            "year": np.tile(np.arange(years), len(money)),
            "net_cost_pence": money.ravel(),
            "factor": np.tile(factors, len(money)),
            "present_pence": (money * factors).ravel(),
            "ahead_pence": np.cumsum((money[:1] - money) * factors, axis=1).ravel(),
        }
    )


def _flows(case: Case) -> pl.DataFrame:
    words = case.flows.options.select("option_id", option="option_name")
    named = case.flows.rows.join(words, on="option_id", maintain_order="left")
    return named.select(
        "option",
        "year_number",
        "category",
        "project_type",
        "borne_by",
        "area_id",
        "uplift",
        estimate_pence="estimate",
        amount_pence="amount",
        low_pence="low",
        high_pence="high",
    )


def _criteria(case: Case) -> pl.DataFrame:
    scores = case.scores
    schema = {"option": pl.String, "criterion": pl.String, "weight": pl.Float64, "score": pl.Float64}
    if scores is None:
        return pl.DataFrame(schema=schema)
    rows = [
        (name, criterion, float(scores.weight[place]), float(scores.score[option, place]))
        for option, name in enumerate(case.flows.names)
        for place, criterion in enumerate(scores.criteria)
    ]
    rows += [(name, "all, weighted", 1.0, float(scores.total[option])) for option, name in enumerate(case.flows.names)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _weights(case: Case) -> pl.DataFrame:
    schema = {"criterion": pl.String, "weight": pl.Float64, "leader": pl.String, "from_weight": pl.Float64, "to_weight": pl.Float64}
    scores = case.scores
    if scores is None:
        return pl.DataFrame(schema=schema)
    leader = case.flows.names[int(scores.total.argmax())]
    rows = [
        (criterion, float(weight), leader, low, high)
        for criterion, weight, (low, high) in zip(scores.criteria, scores.weight, case.steady, strict=True)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _sensitivity(case: Case) -> pl.DataFrame:
    other: Value | None = case.sensitivity
    if other is None:
        return pl.DataFrame(schema={"option": pl.String, "net_cost_pence": pl.Float64, "npsv_pence": pl.Float64})
    return pl.DataFrame({"option": case.flows.names, "net_cost_pence": other.net_cost, "npsv_pence": other.npsv})
