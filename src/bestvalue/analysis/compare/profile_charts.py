"""Small pictures of a profile: one line a force and one for its group, indicator by indicator, a chart a theme."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from bestvalue.analysis.compare.printed import printed, value_of
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLUE, ORANGE, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.compare.profile import Line

COLUMNS = 3
MOST = 24
"""More small pictures than this in one chart cannot be read; the table holds them all."""


def sparklines(panel: Panel, lines: "Sequence[Line]") -> dict[str, Chart]:
    """A chart for each theme that has an indicator with three periods or more."""
    charts = {}
    for theme in dict.fromkeys(line.one.indicator.theme for line in lines):
        of_theme = [line for line in lines if line.one.indicator.theme == theme and line.history.height >= 3][:MOST]
        if of_theme:
            charts[f"sparklines_{theme or 'other'}"] = _chart(panel, theme or "other indicators", of_theme)
    return charts


def _chart(panel: Panel, theme: str, lines: "Sequence[Line]") -> Chart:
    own = panel.name(panel.own or "")
    table = pl.concat(
        line.history.unpivot(on=["own", "group"], index="period_starts", variable_name="whose", value_name="value")
        .with_columns(
            pl.lit(line.one.indicator.name).alias("indicator"),
            pl.col("value") * value_of(line.one.indicator, 1.0),
            pl.col("whose").replace({"own": "own force"}),
        )
        .drop_nulls()
        for line in lines
    )
    drawn = (
        alt.Chart(inline(table), width=170, height=70)
        .mark_line()
        .encode(
            x=alt.X("period_starts:T", title=None, axis=alt.Axis(grid=False, tickCount=3, format="%Y")),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(grid=False, tickCount=2)),
            color=alt.Color(
                "whose:N", scale=alt.Scale(domain=["own force", "group"], range=[ORANGE, BLUE]), title=None, legend=alt.Legend(orient="top")
            ),
        )
        .facet(
            facet=alt.Facet("indicator:N", title=None, sort=[line.one.indicator.name for line in lines], header=alt.Header(labelLimit=190)),
            columns=COLUMNS,
        )
        .resolve_scale(y="independent")
    )
    listed = "; ".join(
        f"{one.name} {printed(one, line.gap.quotient)} (group {printed(one, line.gap.without_own)})"
        for line in lines[:6]
        for one in (line.one.indicator,)
    )
    return Chart(
        title=f"{theme.capitalize()}: {own} and its group over the years",
        spec=spec(drawn),
        alt=f"{len(lines)} small line charts of {own} and its group. Last values: {listed}.",
        table="history",
    )
