"""Control charts: the series, its middle, its limits, and the points that a rule flags."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from bestvalue.analysis.compare.printed import axis_format, printed
from bestvalue.analysis.compare.series import Series
from bestvalue.analysis.compare.values import Indicator, Panel
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLUE, GREY, ORANGE, WIDTH, inline, spec

MOST_CHARTS = 6


def control_charts(panel: Panel, own: Mapping[str, Series]) -> dict[str, Chart]:
    """A chart for each of the first series, those with most signals first."""

    def news(code: str) -> tuple[int, str]:
        change = own[code].change
        return -int(own[code].flagged.sum()) - 5 * (len(change.steps) if change else 0), code

    ranked = sorted(own, key=news)
    return {f"control_{code}": _chart(panel.indicators[code], own[code]) for code in ranked[:MOST_CHARTS]}


def _chart(indicator: Indicator, series: Series) -> Chart:
    times = 1.0 if indicator.sort == "proportion" else indicator.multiplier
    flagged = series.flagged
    table = pl.DataFrame(
        {
            "period": series.starts,
            "value": series.values * times,
            "centre": series.limits.centre * times,
            "low": series.limits.low * times,
            "high": series.limits.high * times,
            "point": ["signal" if flag else "ordinary" for flag in flagged],
        }
    )
    base = alt.Chart(inline(table)).encode(x=alt.X("period:T", title=None))
    unit = "share" if indicator.sort == "proportion" else f"{indicator.numerator} per {indicator.multiplier:,.0f}"
    axis = alt.Axis(format=axis_format(indicator), title=unit)
    step: dict[str, Any] = {"interpolate": "step-after", "strokeWidth": 1}
    drawn = alt.layer(
        base.mark_line(color=GREY, strokeDash=[4, 3], **step).encode(y=alt.Y("low:Q", axis=axis, scale=alt.Scale(zero=False))),
        base.mark_line(color=GREY, strokeDash=[4, 3], **step).encode(y="high:Q"),
        base.mark_line(color=GREY, **step).encode(y="centre:Q"),
        base.mark_line(color=BLUE).encode(y="value:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            y="value:Q",
            color=alt.Color(
                "point:N",
                scale=alt.Scale(domain=["ordinary", "signal"], range=[BLUE, ORANGE]),
                title=None,
                legend=alt.Legend(orient="top"),
            ),
        ),
    ).properties(width=WIDTH, height=220)
    count = int(flagged.sum())
    steps = len(series.change.steps) if series.change else 0
    news = f"{count} of {len(flagged)} points are signals" + (f", {steps} lasting step{'s' if steps > 1 else ''}" if steps else "")
    alt_text = (
        f"Control chart of {indicator.name}, {len(flagged)} periods from {printed(indicator, float(series.values[0]))} to "
        f"{printed(indicator, float(series.values[-1]))}{', season taken out' if series.seasonal else ''}. {news}."
    )
    return Chart(title=f"{indicator.name}: {news}", spec=spec(drawn), alt=alt_text, table="points")
