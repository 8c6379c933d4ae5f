"""Two pictures of a scenario beside today: what share is reached, and which areas gain and lose."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from bestvalue.analysis.contract import Chart, ResultTable
from bestvalue.analysis.drawing import BLACK, BLUE, GREY, ORANGE, WIDTH, inline, spec
from bestvalue.site.presenters.what_if_answer import EVERY, GAINS, LOSES, NO_CHANGE, WhatIf

AREA_STEP, GRADE_STEP = 19, 26
"""Height of a line, in pixels."""


def what_if_charts(answer: WhatIf, *, is_today: bool) -> Mapping[str, Chart]:
    """The charts of an answer by name, each a picture of its table of that name; none of areas where nothing is known by area."""
    found = {"response": _response(answer.tables["response"], answer.scenario, is_today=is_today)}
    if "areas" in answer.tables:
        found["areas"] = _areas(answer.tables["areas"].rows, answer)
    return found


def _response(table: ResultTable, scenario: str, *, is_today: bool) -> Chart:
    rows = table.rows.filter(pl.col("grade") != EVERY) if table.rows.height > 1 else table.rows
    order = ["today"] if is_today else ["today", "then"]
    points = pl.concat(
        [
            rows.select("grade", when=pl.lit(when), share=pl.col(when), low=pl.col(f"{when}_low"), high=pl.col(f"{when}_high"))
            for when in order
        ]
    )
    shapes = alt.Scale(domain=order, range=["circle", "square"][: len(order)])
    colour = alt.Color("when:N", title=None, sort=order, scale=alt.Scale(domain=order, range=[GREY, BLUE][: len(order)]))
    base = alt.Chart(inline(points)).encode(
        y=alt.Y("grade:N", title=None, sort=rows["grade"].to_list()), yOffset=alt.YOffset("when:N", sort=order), color=colour
    )
    axis = alt.X("share:Q", title="reached within target", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    drawn = alt.layer(
        base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title="reached within target"), x2="high:Q"),
        base.mark_point(filled=True, size=90, opacity=1).encode(x=axis, shape=alt.Shape("when:N", title=None, sort=order, scale=shapes)),
    ).properties(width=WIDTH - 120, height=alt.Step(GRADE_STEP))
    said = "; ".join(
        f"{row['grade']} {row['today']:.1%} today" + ("" if is_today else f" and {row['then']:.1%} then")
        for row in rows.iter_rows(named=True)
    )
    title = "Reached within target today" if is_today else f"Reached within target, today and with: {scenario}"
    return Chart(title=title, spec=spec(drawn), alt=f"Dots with intervals, by grade. {said}.", table="response")


def _areas(rows: pl.DataFrame, answer: WhatIf) -> Chart:
    verdicts = [LOSES, NO_CHANGE, GAINS]
    colour = alt.Color("verdict:N", title=None, sort=verdicts, scale=alt.Scale(domain=verdicts, range=[ORANGE, GREY, BLUE]))
    shapes = alt.Scale(domain=verdicts, range=["triangle-left", "circle", "triangle-right"])
    points = rows.select("area", "change", "low", "high", "verdict")
    base = alt.Chart(inline(points)).encode(y=alt.Y("area:N", title=None, sort=rows["area"].to_list()), color=colour)
    axis = alt.X("change:Q", title="change of the share reached within target", axis=alt.Axis(format="+.0%"))
    drawn = alt.layer(
        alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=BLACK).encode(x=alt.X("zero:Q", title="")),
        base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", title=""), x2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=axis, shape=alt.Shape("verdict:N", title=None, sort=verdicts, scale=shapes)
        ),
    ).properties(width=WIDTH - 160, height=alt.Step(AREA_STEP))
    return Chart(
        title=f"Who gains and who loses with: {answer.scenario}",
        spec=spec(drawn),
        alt=f"A dot with its interval for each area, the largest loss on top. {answer.fairness}",
        table="areas",
    )
