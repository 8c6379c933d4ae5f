"""Pictures of reliability: each scale's omega and alpha with intervals, and how each question goes with the rest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from bestvalue.analysis.consult.intervals_chart import bars_with_intervals
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLUE, GREY, ORANGE, WIDTH, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.consult.reliability import Scale, Spec

WEAK_REST = 0.3
"""Questions that go with the rest less than this are usually rewritten or dropped (Nunnally and Bernstein 1994)."""


def charts(found: "Sequence[Scale]", settings: "Spec") -> dict[str, Chart]:
    """Both pictures."""
    return {"scales": _scales(found, settings), "items": _items(found)}


def _scales(found: "Sequence[Scale]", settings: "Spec") -> Chart:
    rows = pl.DataFrame(
        [
            {
                "scale": scale.name,
                "value": scale.omega.omega if scale.omega else scale.alpha.alpha,
                "low": scale.omega.low if scale.omega else scale.alpha.low,
                "high": scale.omega.high if scale.omega else scale.alpha.high,
            }
            for scale in found
        ]
    )
    lines = (
        alt.Chart(inline(pl.DataFrame({"at": [settings.enough, settings.good]}))).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="at:Q")
    )
    drawn = alt.layer(bars_with_intervals(rows, name="scale", title="reliability (omega)"), lines)
    least = rows.sort("value").row(0, named=True)
    return Chart(
        title=f"The least reliable scale is {least['scale']}, {least['value']:.2f}",
        spec=spec(drawn),
        alt=f"Reliability of {rows.height} scales with {settings.confidence:.0%} intervals; dashed lines at {settings.enough:g} (enough) "
        f"and {settings.good:g} (good).",
        table="scales",
    )


def _items(found: "Sequence[Scale]") -> Chart:
    rows = pl.DataFrame(
        [
            {"question": item, "rest": float(rest), "weak": bool(rest < WEAK_REST)}
            for scale in found
            for item, rest in zip(scale.answers.ids, scale.fit.rest, strict=True)
        ]
    )
    weak = rows.filter("weak").height
    drawn = (
        alt.Chart(inline(rows))
        .mark_bar()
        .encode(
            y=alt.Y("question:N", sort=None, title=None),
            x=alt.X("rest:Q", title="correlation with the rest of the scale"),
            color=alt.condition("datum.weak", alt.value(ORANGE), alt.value(BLUE)),
        )
        .properties(width=WIDTH, height=alt.Step(16))
    )
    return Chart(
        title=f"{weak} of {rows.height} questions go weakly with the rest of their scale",
        spec=spec(drawn),
        alt=f"Bar for each of {rows.height} questions: its correlation with the sum of the other questions of its scale; {weak} are below "
        f"{WEAK_REST:g}.",
        table="items",
    )
