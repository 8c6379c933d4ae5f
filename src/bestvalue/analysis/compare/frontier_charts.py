"""Pictures of the frontier: scores with their intervals, and the two methods against each other."""

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import polars as pl

from bestvalue.analysis.compare.parts import OWN_OR_OTHER
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, GREY, WIDTH, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.compare.frontier import Frontier


def charts_of(panel: Panel, found: "Frontier", own: int | None) -> dict[str, Chart]:
    """Scores, and the comparison of methods where there are two."""
    charts = {"scores": _scores(panel, found, own)}
    if found.noisy is not None:
        charts["methods"] = _methods(panel, found, own)
    return charts


def _scores(panel: Panel, found: "Frontier", own: int | None) -> Chart:
    sampled = found.sampled
    rows = pl.DataFrame(
        {
            "force": [panel.name(code) for code in found.units.ids],
            "score": found.efficiency,
            "corrected": sampled.corrected if sampled else found.efficiency,
            "low": sampled.low if sampled else found.efficiency,
            "high": sampled.high if sampled else found.efficiency,
            "part": ["own force" if i == own else "group" for i in range(len(found.units.ids))],
        }
    )
    rows = rows.filter(pl.col("score").is_not_nan()).sort("corrected", "force", descending=[True, False])
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("force:N", sort=rows["force"].to_list(), title=None, axis=alt.Axis(labelLimit=220)),
        color=alt.Color("part:N", scale=OWN_OR_OTHER, title=None, legend=None),
    )
    x = alt.X("low:Q", title="efficiency (1 is on the frontier)", scale=alt.Scale(zero=False))
    drawn = alt.layer(
        base.mark_rule(strokeWidth=3).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=45, opacity=1).encode(x="corrected:Q"),
        base.mark_point(shape="stroke", size=60, color=BLACK).encode(x="score:Q", color=alt.value(BLACK)),
    ).properties(width=WIDTH - 220, height=14 * rows.height)
    on = int((rows["score"] > 1 - 1e-6).sum())
    return Chart(
        title=f"{on} of {rows.height} forces are on the frontier; the intervals say how sure that is",
        spec=spec(drawn),
        alt=f"Points for {rows.height} forces: bias-corrected efficiency with its interval, and a mark at the score itself. {on} are at 1.",
        table="scores",
    )


def _methods(panel: Panel, found: "Frontier", own: int | None) -> Chart:
    noisy = found.noisy.efficiency if found.noisy else found.efficiency
    rows = pl.DataFrame(
        {
            "force": [panel.name(code) for code in found.units.ids],
            "envelopment": found.sampled.corrected if found.sampled else found.efficiency,
            "stochastic": noisy,
            "part": ["own force" if i == own else "group" for i in range(len(found.units.ids))],
        }
    ).filter(pl.col("envelopment").is_not_nan())
    low = float(min(rows["envelopment"].min(), rows["stochastic"].min()))  # type: ignore[arg-type, type-var]
    line = pl.DataFrame({"envelopment": [low, 1.0], "stochastic": [low, 1.0]})
    scale = alt.Scale(domain=[low, 1.0], zero=False)
    drawn = alt.layer(
        alt.Chart(inline(line)).mark_line(color=GREY, strokeDash=[4, 3]).encode(x="envelopment:Q", y="stochastic:Q"),
        alt.Chart(inline(rows))
        .mark_point(filled=True, size=60)
        .encode(
            x=alt.X("envelopment:Q", title="efficiency by envelopment", scale=scale),
            y=alt.Y("stochastic:Q", title="efficiency by stochastic frontier", scale=scale),
            color=alt.Color("part:N", scale=OWN_OR_OTHER, title=None, legend=alt.Legend(orient="top")),
        ),
    ).properties(width=380, height=380)
    order = np.corrcoef(rows["envelopment"].rank(), rows["stochastic"].rank())[0, 1]
    return Chart(
        title=f"Two methods, one question: the order of forces agrees with {order:.2f} of 1",
        spec=spec(drawn),
        alt=f"Efficiency of {rows.height} forces by two methods; on the dashed line they agree. Rank correlation {order:.2f}.",
        table="scores",
    )
