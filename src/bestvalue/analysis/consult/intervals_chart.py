"""The picture of estimates that most answers of a survey need: a point with its interval, one row a name."""

from typing import Any

import altair as alt
import polars as pl

from bestvalue.analysis.drawing import BLUE, WIDTH, inline


def bars_with_intervals(
    table: pl.DataFrame, *, name: str, title: str, percent: bool = False, domain: tuple[float, float] | None = None
) -> Any:
    """Points with their intervals, one row a name, in the table's order; columns `name`, value, low, high."""
    axis = alt.Axis(format="%") if percent else alt.Axis()
    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=False)
    y = alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=320))
    base = alt.Chart(inline(table)).encode(y=y)
    x = alt.X("value:Q", title=title, axis=axis, scale=scale)
    return alt.layer(
        base.mark_rule(color=BLUE, strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q", title=title, axis=axis, scale=scale), x2="high:Q"),
        base.mark_point(filled=True, size=70, color=BLUE).encode(x=x),
    ).properties(width=WIDTH, height=alt.Step(26))
