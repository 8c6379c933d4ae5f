"""Pictures of funnels: the size of the force across, its rate up, with the limits of chance and those with overdispersion."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import polars as pl

from bestvalue.analysis.compare.asked import Group
from bestvalue.analysis.compare.funnel_limits import limits
from bestvalue.analysis.compare.parts import OWN_OR_OTHER, part_of
from bestvalue.analysis.compare.printed import axis_format, printed
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, GREY, PALE, WIDTH, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.compare.funnel import Funnel, Model

MOST_FUNNELS = 6
POINTS = 80
"""Sizes at which limits are drawn: the eye sees no step between them."""


def funnels(panel: Panel, group: Group, drawn: "Mapping[str, Funnel]", *, inner: float, outer: float, model: "Model") -> dict[str, Chart]:
    """A funnel for each of the first indicators, those first on which the own force is farthest out."""

    def own_z(code: str) -> float:
        own = drawn[code].rows.filter(pl.col("force_id") == (panel.own or ""))
        return -abs(float(own["z"][0])) if own.height else 0.0

    return {
        f"funnel_{code}": _funnel(panel, group, drawn[code], inner=inner, outer=outer, model=model)
        for code in sorted(drawn, key=lambda code: (own_z(code), code))[:MOST_FUNNELS]
    }


def _funnel(panel: Panel, group: Group, funnel: "Funnel", *, inner: float, outer: float, model: "Model") -> Chart:
    indicator = funnel.one.indicator
    times = 1.0 if indicator.sort == "proportion" else indicator.multiplier
    curves = _curves(funnel, times, inner=inner, outer=outer, model=model)
    name = pl.col("force_id").replace(dict(panel.forces)) if panel.forces else pl.col("force_id")
    points = funnel.rows.select(
        name.alias("force"),
        "denominator",
        (pl.col("quotient") * times).alias("printed"),
        part_of(pl.col("force_id"), own=panel.own, group=group.members).alias("part"),
    )
    unit = "share" if indicator.sort == "proportion" else f"{indicator.numerator} per {indicator.multiplier:,.0f}"
    x = alt.X("denominator:Q", title=indicator.denominator, axis=alt.Axis(format="~s"))
    y = alt.Y("printed:Q", title=unit, scale=alt.Scale(zero=False), axis=alt.Axis(format=axis_format(indicator)))
    lines = alt.Chart(inline(curves)).encode(x=x)
    drawn = alt.layer(
        lines.mark_area(color=PALE, opacity=0.35).encode(y=alt.Y("outer_low:Q", title=unit), y2="outer_high:Q"),
        lines.mark_area(color=PALE, opacity=0.5).encode(y="inner_low:Q", y2="inner_high:Q"),
        lines.mark_line(color=GREY, strokeDash=[3, 3], strokeWidth=1).encode(y="chance_low:Q"),
        lines.mark_line(color=GREY, strokeDash=[3, 3], strokeWidth=1).encode(y="chance_high:Q"),
        alt.Chart(inline(pl.DataFrame({"target": [funnel.target * times]}))).mark_rule(color=BLACK).encode(y="target:Q"),
        alt.Chart(inline(points))
        .mark_point(filled=True, size=55, opacity=0.9)
        .encode(x=x, y=y, color=alt.Color("part:N", scale=OWN_OR_OTHER, title=None, legend=alt.Legend(orient="top"))),
    ).properties(width=WIDTH, height=320)
    out = funnel.rows.filter(pl.col("by_allowed").str.contains("outer")).height
    title = f"{indicator.name}: {out} of {points.height} forces lie outside the outer limits"
    alt_text = (
        f"Funnel plot of {points.height} forces: {indicator.name} by {indicator.denominator}. Target {printed(indicator, funnel.target)}. "
        f"{out} forces are outside the outer limits. Shaded: limits with overdispersion ({model}); dashed: outer limits of chance alone."
    )
    return Chart(title=title, spec=spec(drawn), alt=alt_text, table="funnel")


def _curves(funnel: "Funnel", times: float, *, inner: float, outer: float, model: "Model") -> pl.DataFrame:
    low, high = float(funnel.rows["denominator"].min() or 1.0), float(funnel.rows["denominator"].max() or 1.0)  # type: ignore[arg-type]
    sizes = np.geomspace(low * 0.9, high * 1.05, POINTS)
    sort = funnel.one.indicator.sort

    def at(probability: float, which: "Model") -> np.ndarray:
        return times * limits(sizes, target=funnel.target, sort=sort, probability=probability, spread=funnel.spread, model=which)

    return pl.DataFrame(
        {
            "denominator": sizes,
            "outer_low": at((1 - outer) / 2, model),
            "inner_low": at((1 - inner) / 2, model),
            "inner_high": at((1 + inner) / 2, model),
            "outer_high": at((1 + outer) / 2, model),
            "chance_low": at((1 - outer) / 2, "none"),
            "chance_high": at((1 + outer) / 2, "none"),
        }
    )
