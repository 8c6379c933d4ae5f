"""Does a force lie outside what chance allows for its size, and outside what forces differ by anyway?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from bestvalue.analysis.compare import funnel_statements as say
from bestvalue.analysis.compare.asked import CompareSpec, Group, Slice, period_parameter, read_group, slices
from bestvalue.analysis.compare.funnel_charts import funnels
from bestvalue.analysis.compare.funnel_limits import Overdispersion, limits, overdispersion, z_scores
from bestvalue.analysis.compare.values import Panel, read_panel
from bestvalue.analysis.contract import Analysis, Answer, Progress, ResultTable, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

Model = Literal["none", "multiplicative", "additive"]
FEWEST_FORCES = 5
"""Fewer cannot tell how forces differ from how chance makes them differ."""


class Spec(CompareSpec):
    """Which indicators, and which limits."""

    period: date | None = period_parameter()
    overdispersion: Model = parameter(
        "additive",
        title="Overdispersion",
        help="How to allow for differences between forces beyond chance: additive, multiplicative, or none for limits of chance alone.",
    )
    winsorised_share: float = parameter(
        0.1,
        title="Winsorised share",
        help="Share of forces at each end whose scores are pulled in before overdispersion is estimated.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0,
        lt=0.5,
    )
    inner: float = parameter(
        0.95, title="Inner limits", help="Level of the inner limits.", unit="share (0 to 1)", advanced=True, ge=0.5, lt=1
    )
    outer: float = parameter(
        0.998, title="Outer limits", help="Level of the outer limits.", unit="share (0 to 1)", advanced=True, ge=0.5, lt=1
    )


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """One indicator's funnel.

    Args:
        one: the indicator and period.
        target: the weighted average of the forces, unmultiplied.
        spread: overdispersion.
        rows: force_id, numerator, denominator, quotient, z, and for each of "chance" and "allowed" the limits outer_low, inner_low,
            inner_high, outer_high, and where the force lies: "within", "above inner", "below outer", ...
    """

    one: Slice
    target: float
    spread: Overdispersion
    rows: pl.DataFrame


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Draw the funnel of every count and share.

    Raises:
        SpecError: the outer limits are not outside the inner ones, or no indicator has a distribution of chance.
    """
    if spec.outer <= spec.inner:
        raise SpecError(
            f"The outer limits, {spec.outer}, are not outside the inner ones, {spec.inner}", where="outer", next_step="Give a higher level."
        )
    progress(0.05, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force, wanted=spec.indicators)
    group = read_group(dataset, panel, spec.group)
    found = slices(panel, period=spec.period)
    drawn: dict[str, Funnel] = {}
    for number, (code, one) in enumerate(found.items()):
        progress(0.1 + 0.8 * number / len(found), f"Limits of {one.indicator.name}")
        if (funnel := funnel_of(one, panel, group, spec)) is not None:
            drawn[code] = funnel
    if not drawn:
        raise SpecError(
            f"No indicator is a count or a share with {FEWEST_FORCES} forces or more",
            where="indicators",
            next_step="Choose an indicator of sort rate or proportion, or a wider group.",
        )
    return Answer(
        statements=(
            *say.overview(drawn, spec),
            *say.own(panel, drawn, spec),
            *say.others(panel, drawn),
            *say.left_out(found, drawn),
        ),
        tables={"funnel": _table(panel, drawn, spec), "overdispersion": _spreads(drawn)},
        charts=funnels(panel, group, drawn, inner=spec.inner, outer=spec.outer, model=spec.overdispersion),
        caveats=say.CAVEATS,
    )


def funnel_of(one: Slice, panel: Panel, group: Group, settings: Spec) -> Funnel | None:
    """The funnel of one indicator; None for an amount, too few forces, or a target at which nothing varies."""
    rows = one.rows.filter(pl.col("force_id").is_in([*group.members, panel.own or ""])).sort("denominator", "force_id")
    target = float(rows["numerator"].sum()) / float(rows["denominator"].sum()) if rows.height else 0.0
    usable = rows.height >= FEWEST_FORCES and one.indicator.sort != "ratio" and target > 0
    if not usable or (one.indicator.sort == "proportion" and target >= 1):
        return None
    quotient, denominator = rows["quotient"].to_numpy(), rows["denominator"].to_numpy()
    spread = overdispersion(quotient, denominator, target=target, sort=one.indicator.sort, share=settings.winsorised_share)
    columns = {"z": z_scores(quotient, denominator, target=target, sort=one.indicator.sort)}
    for kind, model in (("chance", "none"), ("allowed", settings.overdispersion)):
        columns |= limit_columns(denominator, target, one.indicator.sort, spread, model, kind, inner=settings.inner, outer=settings.outer)  # type: ignore[arg-type]
    with_limits = rows.select("force_id", "numerator", "denominator", "quotient").with_columns(
        pl.Series(name, values) for name, values in columns.items()
    )
    return Funnel(one=one, target=target, spread=spread, rows=with_limits.with_columns(_where("chance"), _where("allowed")))


def limit_columns(
    denominator: np.ndarray, target: float, sort: str, spread: Overdispersion, model: Model, kind: str, *, inner: float, outer: float
) -> dict[str, np.ndarray]:
    """The four limits of one kind for forces of these sizes, by column name."""
    tails = {"outer_low": (1 - outer) / 2, "inner_low": (1 - inner) / 2, "inner_high": (1 + inner) / 2, "outer_high": (1 + outer) / 2}
    return {
        f"{kind}_{name}": limits(denominator, target=target, sort=sort, probability=tail, spread=spread, model=model)
        for name, tail in tails.items()
    }


def _where(kind: str) -> pl.Expr:
    q = pl.col("quotient")
    return (
        pl.when(q > pl.col(f"{kind}_outer_high"))
        .then(pl.lit("above outer"))
        .when(q < pl.col(f"{kind}_outer_low"))
        .then(pl.lit("below outer"))
        .when(q > pl.col(f"{kind}_inner_high"))
        .then(pl.lit("above inner"))
        .when(q < pl.col(f"{kind}_inner_low"))
        .then(pl.lit("below inner"))
        .otherwise(pl.lit("within"))
        .alias(f"by_{kind}")
    )


def _table(panel: Panel, drawn: Mapping[str, Funnel], settings: Spec) -> ResultTable:
    parts = []
    for funnel in drawn.values():
        times = 1.0 if funnel.one.indicator.sort == "proportion" else funnel.one.indicator.multiplier
        scaled = [name for name in funnel.rows.columns if name.endswith(("_low", "_high"))]
        parts.append(
            funnel.rows.select(
                pl.lit(funnel.one.indicator.name).alias("indicator"),
                (pl.col("force_id").replace(dict(panel.forces)) if panel.forces else pl.col("force_id")).alias("force"),
                "numerator",
                "denominator",
                (pl.col("quotient") * times).alias("printed"),
                pl.lit(funnel.target * times).alias("target"),
                "z",
                *((pl.col(name) * times).alias(name) for name in scaled),
                "by_chance",
                "by_allowed",
            )
        )
    words = {"low": "lower", "high": "upper"}
    labels = {
        f"{kind}_{ring}_{end}": f"{ring} {words[end]} limit, {said}"
        for kind, said in (("chance", "chance alone"), ("allowed", settings.overdispersion))
        for ring in ("inner", "outer")
        for end in ("low", "high")
    }
    return ResultTable(
        title="Every force against its limits",
        rows=pl.concat(parts),
        labels={**labels, "by_chance": "by chance alone", "by_allowed": f"with overdispersion ({settings.overdispersion})"},
        note=f"Target: weighted average. Inner limits {settings.inner:.1%}, outer {settings.outer:.1%}. Limits of chance alone are exact.",
    )


def _spreads(drawn: Mapping[str, Funnel]) -> ResultTable:
    rows = [
        {
            "indicator": funnel.one.indicator.name,
            "forces": funnel.spread.forces,
            "phi": funnel.spread.phi,
            "tau": funnel.spread.tau * (1.0 if funnel.one.indicator.sort == "proportion" else funnel.one.indicator.multiplier),
            "tau_share": funnel.spread.tau / funnel.target,
            "winsorised": funnel.spread.winsorised,
            "p": funnel.spread.p_value,
        }
        for funnel in drawn.values()
    ]
    return ResultTable(
        title="How much more forces differ than chance makes them",
        rows=pl.DataFrame(rows),
        labels={
            "tau": "standard deviation between forces",
            "tau_share": "the same, as a share of the target",
            "winsorised": "pulled in at each end",
        },
        units={"tau_share": "share"},
        note="phi: mean squared winsorised z-score, 1 where chance explains everything. p: chance alone making as much spread.",
    )


ANALYSIS = Analysis(
    name="compare.funnel",
    title="Outside what chance allows",
    question="Does a force lie outside what chance allows for its size, and outside what forces differ by anyway?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics", "peer_lists"),
    Spec=Spec,
    answer=answer,
)
